//! The rules of the linked policies.

use std::sync::OnceLock;

use isolation_all_policies::pages;
use isolation_report::{RuleInfo, Rules};

/// Every rule of the linked policies, with its page.
pub fn rules() -> Rules {
    Rules::new(pages().map(|(entry, page)| RuleInfo {
        id: page.rule.id.to_owned(),
        name: page.rule.name.to_owned(),
        policy: entry.map_or("", |entry| entry.name).to_owned(),
        summary: page.summary(),
        page: page.text(),
    }))
}

/// The same, read once: the page judges with every key that is pressed.
pub(crate) fn linked_rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(rules)
}
