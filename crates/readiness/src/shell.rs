//! Words in commands that people copy into a shell.

/// A word as a POSIX shell takes it for itself, whatever stands in it. Names come from objects that anybody may have written.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    // A newline inside quotes would still end the line that a reader sees.
    let shown: String = text.chars().map(|c| if isolation_report::is_harmful(c) { '\u{fffd}' } else { c }).collect();
    format!("'{}'", shown.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn nothing_in_a_name_is_run() {
        assert_eq!(word("docker.io/library/nginx:1.27@sha256:ab"), "docker.io/library/nginx:1.27@sha256:ab");
        assert_eq!(word("$(reboot)"), "'$(reboot)'");
        assert_eq!(word("a'; reboot; '"), r"'a'\''; reboot; '\'''");
        assert_eq!(word("a\nreboot"), "'a\u{fffd}reboot'");
        assert_eq!(word(""), "''");
        assert_eq!(word("~root"), "'~root'");
    }
}
