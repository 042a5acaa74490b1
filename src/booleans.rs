//! Texts that mean true or false: what is true to one reader is an error to another.

/// What Go's `strconv.ParseBool` makes of a text: six spellings of each, and an error for everything else, blanks included.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Whether a text is `true` in any casing and with any white space around it: Go's `EqualFold` of `TrimSpace`, by which the
/// Azure cloud provider reads the annotations of a Private Link Service.
pub fn is_true_trimmed(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("true")
}

/// Whether the text is true to `ParseBool`, or to a reader that ignores casing: for what must not be true whoever reads it.
pub fn may_be_true(text: &str) -> bool {
    parse_bool(text) == Some(true) || text.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_knows_six_spellings_of_each() {
        for text in ["1", "t", "T", "true", "TRUE", "True"] {
            assert_eq!(parse_bool(text), Some(true), "{text}");
        }
        for text in ["0", "f", "F", "false", "FALSE", "False"] {
            assert_eq!(parse_bool(text), Some(false), "{text}");
        }
        for text in ["", "tRUE", " true", "true\n", "yes", "on", "01", "tr\u{fc}e"] {
            assert_eq!(parse_bool(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_provider_ignores_casing_and_white_space() {
        for text in ["true", "tRUe", " true", "true\n\n", "\u{b}\u{85}\u{a0}\u{3000}TRUE\t"] {
            assert!(is_true_trimmed(text), "{text:?}");
        }
        for text in ["", "1", "yes", "t rue", "\u{200b}true", "\u{feff}true", "true\0"] {
            assert!(!is_true_trimmed(text), "{text:?}");
        }
    }

    #[test]
    fn what_either_takes_for_true_may_be_true() {
        assert!(may_be_true("1") && may_be_true("T") && may_be_true("tRUE"));
        assert!(!may_be_true("false") && !may_be_true("0") && !may_be_true(" true"));
    }
}
