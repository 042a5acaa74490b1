//! Texts that mean true or false, against what Go's own functions answered (`tests/go/texts.go`).
#![allow(clippy::unwrap_used)] // a test may

use isolation::booleans::{is_true_trimmed, may_be_true, parse_bool};

/// A line: the text, whether `strconv.ParseBool` reads it, as what, and whether it and its trimmed form fold to `true`.
type Line = (String, bool, bool, bool, bool);

#[test]
fn booleans_are_what_go_reads() {
    let mut lines = 0;
    for line in include_str!("go/texts.jsonl").lines() {
        let (text, read, value, folds, folds_trimmed): Line = serde_json::from_str(line).unwrap();
        assert_eq!(parse_bool(&text), read.then_some(value), "ParseBool({text:?})");
        assert_eq!(is_true_trimmed(&text), folds_trimmed, "EqualFold(TrimSpace({text:?}), \"true\")");
        assert_eq!(may_be_true(&text), (read && value) || folds, "ParseBool or EqualFold({text:?}, \"true\")");
        lines += 1;
    }
    assert!(lines > 300, "{lines} texts");
}
