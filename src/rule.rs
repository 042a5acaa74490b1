//! The identity and the page of a rule.

/// The identity of a rule.
///
/// The id stands in every message and never changes its meaning; the name says the pattern that is refused, not the cure,
/// so that "allow NAME" reads well.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `NI` and three digits; the first says the policy.
    pub id: &'static str,
    /// The pattern in two to four words: `public-registry`. The rule's file has the same name.
    pub name: &'static str,
    /// The version in which the rule appeared.
    pub since: &'static str,
}

/// A rule and its page: what `isolation explain` prints.
#[derive(Debug)]
pub struct Page {
    /// The rule.
    pub rule: &'static Rule,
    /// The text of the rule's file, whose leading doc comment is the page.
    pub source: &'static str,
}

/// The headings that a rule's page has, in this order, each with text under it.
pub const HEADINGS: &[&str] =
    &["Why it matters", "What it does", "Fields", "Instead", "Settings", "Not covered", "References"];

impl Page {
    /// The page in Markdown: the leading `//!` lines of the rule's file.
    pub fn text(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        let mut text = String::new();
        for line in lines {
            text.push_str(line.strip_prefix(' ').unwrap_or(line));
            text.push('\n');
        }
        text
    }

    /// The first line of the page, which says the rule in one sentence.
    pub fn summary(&self) -> String {
        let text = self.text();
        text.split("\n\n").next().unwrap_or_default().replace('\n', " ").trim().to_owned()
    }
}

/// Lists the rules of a policy, one module a rule: `RULES`, and natively `PAGES`. The modules are declared beside it, where
/// tools that do not expand macros find their files. A rule that is declared and not listed fails the test of its policy.
///
/// ```ignore
/// mod public_registry;
/// mod unreadable_reference;
///
/// isolation::rules![public_registry, unreadable_reference];
/// ```
#[macro_export]
macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        /// Every rule of this policy, in the order of their ids.
        pub const RULES: &[&$crate::Rule] = &[$(&$module::RULE),+];

        /// Every rule of this policy with its page.
        #[cfg(not(target_os = "wasi"))]
        pub const PAGES: &[$crate::rule::Page] = &[
            $($crate::rule::Page {
                rule: &$module::RULE,
                source: include_str!(concat!(stringify!($module), ".rs")),
            }),+
        ];
    };
}
