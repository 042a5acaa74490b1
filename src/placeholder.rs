//! Placeholders: what templates and documentation write where a value belongs.

/// What is wrong with one.
pub const PLACEHOLDER: &str = "a placeholder that was not replaced";

/// Whether this is a placeholder: `<account>`, `{account-name}`, `${ACCOUNT}`, `{{ .Values.account }}`, `%ACCOUNT%`,
/// `EXISTING_STORAGE_ACCOUNT_NAME`, `FILLED BY THE OPERATOR`. Only for texts that cannot hold such letters when they are right.
pub fn is_placeholder(text: &str) -> bool {
    let shouts = |text: &str| {
        let mut has_gap = false;
        text.trim_ascii().bytes().all(|b| {
            has_gap |= matches!(b, b'_' | b' ');
            matches!(b, b'A'..=b'Z' | b'_' | b' ')
        }) && has_gap
    };
    text.contains(['{', '<', '$', '%']) || text.split('.').any(shouts)
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn placeholders_are_told_from_names() {
        for placeholder in [
            "<account>",
            "{account-name}",
            "${ACCOUNT}",
            "$(ACCOUNT)",
            "%A%",
            "EXISTING_NAME",
            "THE NAME",
            "MY_ACCOUNT.file.net",
        ] {
            assert!(is_placeholder(placeholder), "{placeholder}");
        }
        for name in ["contoso", "Contoso_1", "NODE", " NODE", "contoso.file.core.windows.net", "1.34", ""] {
            assert!(!is_placeholder(name), "{name}");
        }
    }
}
