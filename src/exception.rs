//! A violation that the operator has allowed in the object at hand, and the patterns by which fields and values are named.

use std::str::Chars;

use crate::rule::Rule;

/// A violation that is allowed in the object at hand.
#[derive(Clone, Debug)]
pub struct Exception {
    pub(crate) rule: &'static str,
    pub(crate) path: Option<String>,
    pub(crate) value: Option<String>,
}

impl Exception {
    /// Whether a violation of this rule is allowed, at a path that is asked for only if it matters.
    pub fn allows(&self, rule: &Rule, path: &mut dyn FnMut() -> String, value: &str) -> bool {
        self.rule == rule.id
            && self.value.as_deref().is_none_or(|pattern| matches(pattern, value))
            && self.path.as_deref().is_none_or(|pattern| matches(pattern, &path()))
    }
}

/// Whether a text is as the pattern says: `*` is any text, `?` any character, everything else itself.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Behind the last `*`, and the text that is left if it takes nothing more.
    let mut retry: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        let left = text.clone();
        match (pattern.next(), text.next()) {
            (Some('*'), _) => {
                retry = Some((pattern.clone(), left.clone()));
                text = left;
            }
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {}
            _ => {
                let Some((after, mut rest)) = retry else { return false };
                if rest.next().is_none() {
                    return false;
                }
                (pattern, text) = (after.clone(), rest.clone());
                retry = Some((after, rest));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;
    use wildmatch::WildMatch;

    /// The command line matches with this library, so what is deployed must let through the same.
    #[test]
    fn patterns_are_those_of_the_command_line() {
        let patterns = [
            "",
            "*",
            "**",
            "?",
            "a",
            "a*",
            "*a",
            "*a*",
            "a?c",
            "a*c",
            "*.image",
            "quay.io/vendor/*",
            "spec.containers[*].image",
            "*b*a",
            "?*",
            "*?",
            "??",
            "é?",
            "[a]",
            "\\*",
            "a*b*c*d",
            "*aab",
        ];
        let texts = [
            "",
            "a",
            "b",
            "ab",
            "abc",
            "aab",
            "aaab",
            "aaaaab",
            "ac",
            "a.image",
            "quay.io/vendor/app:1",
            "quay.io/vendor",
            "é",
            "éx",
            "spec.containers[0].image",
            "spec.containers[0].x[1].image",
            "abcd",
            "axbxcxd",
            "axbxc",
            "*",
            "\\x",
            "[a]",
            "?",
        ];
        for pattern in patterns {
            for text in texts {
                assert_eq!(matches(pattern, text), WildMatch::new(pattern).matches(text), "{pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn many_stars_end_in_time() {
        let text = "a".repeat(1 << 20);
        assert!(!matches("*a*a*a*a*a*b", &text));
        assert!(matches("*a*a*a*a*a*", &text));
    }
}
