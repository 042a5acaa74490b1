//! Words in commands that people copy into a shell.

/// A word as a POSIX shell reads it back: in quotes unless it has only letters, digits and separators of names, and without characters
/// that hide what it does. Names come from objects that anybody may have written.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    // A newline inside quotes would still end the line that a reader sees.
    let shown: String = text.chars().map(|c| if isolation_report::is_harmful(c) { '\u{fffd}' } else { c }).collect();
    format!("'{}'", shown.replace('\'', r"'\''"))
}

/// A text as a comment of one line.
#[must_use]
pub fn comment(text: &str) -> String {
    format!("# {}", isolation_report::printable(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_leaves_its_place() {
        assert_eq!(word("docker.io/library/nginx:1.27@sha256:aa"), "docker.io/library/nginx:1.27@sha256:aa");
        assert_eq!(word("docker.io/library/*"), "'docker.io/library/*'");
        assert_eq!(word("a'; rm -rf $HOME #"), r"'a'\''; rm -rf $HOME #'");
        assert_eq!(word("$(reboot)"), "'$(reboot)'");
        assert_eq!(word("a\nreboot"), "'a\u{fffd}reboot'");
        assert_eq!(word("a\u{202e}toober"), "'a\u{fffd}toober'");
        assert_eq!(word(""), "''");
        assert_eq!(word("~root"), "'~root'");
        assert_eq!(comment("a\nrm -rf ~"), "# a\\nrm -rf ~");
    }
}
