//! Words of a POSIX shell.

/// A word as a shell reads it back: in quotes unless it has only letters, digits and separators of names.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:@=,+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text as a comment of one line.
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
        assert_eq!(comment("a\nrm -rf ~"), "# a\\nrm -rf ~");
    }
}
