//! What has to be known of a run before an exception is called useless.

use std::collections::BTreeSet;

use isolation_all_policies::pages;
use isolation_report::{Circumstances, NaiveDate};

/// What there is to know of a run on this day in which these modules were asked, and those of `idle` had nothing to judge.
pub fn circumstances(
    namespace: &str,
    partial: bool,
    judged: &BTreeSet<&str>,
    idle: &BTreeSet<&str>,
    today: NaiveDate,
) -> Circumstances {
    let rules = |is_of: &dyn Fn(&str) -> bool| {
        let pages = pages().filter(|(entry, _)| is_of(entry.map_or("", |entry| entry.name)));
        pages.map(|(_, page)| page.rule.id.to_owned()).collect()
    };
    Circumstances {
        today,
        namespace: namespace.to_owned(),
        partial,
        deployed: false,
        judged: rules(&|policy| policy.is_empty() || judged.contains(policy)),
        idle: rules(&|policy| idle.contains(policy)),
    }
}
