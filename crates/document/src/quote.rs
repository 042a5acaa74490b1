//! A text in quotes.

/// `text` as a JSON string, with its quotes.
pub fn quoted(text: &str) -> String {
    // A text is always JSON.
    serde_json::to_string(text).unwrap_or_default()
}
