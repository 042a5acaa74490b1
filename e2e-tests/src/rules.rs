//! Every rule has a page, a name of the right form, a case that fails and a case that passes.

use anyhow::{Result, bail};
use isolation::rule::{HEADINGS, Page};

use crate::case::cases_of;

/// Words that name a cure and not a pattern: "allow NAME" would not read well.
const CURES: &[&str] =
    &["allow", "ban", "check", "deny", "disallow", "do", "enforce", "forbid", "no", "require", "use"];

/// Rules that always speak beside another: NI624 says what becomes of a cluster that an update opens, which NI601 or NI604
/// refuses.
const COMPANIONS: &[&str] = &["NI624"];

/// Checks the rules of a policy: their pages, their names, and that cases know them.
///
/// # Errors
///
/// Everything that a rule lacks.
pub fn check_rules(policy: &str, pages: &[Page]) -> Result<()> {
    // The answers are being written, perhaps this moment: what they lack shows in the next run.
    if std::env::var_os("BLESS").is_some() {
        return Ok(());
    }
    let cases = cases_of(policy)?;
    let mut problems = Vec::new();
    let mut last = "";
    for page in pages {
        let (id, name) = (page.rule.id, page.rule.name);
        let mut problem = |text: String| problems.push(format!("{id} {name}: {text}"));
        if id <= last {
            problem(format!("stands behind {last}, but the list is in the order of ids"));
        }
        last = id;
        let digits = id.strip_prefix("NI").unwrap_or_default();
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            problem("an id is NI and three digits".into());
        }
        if CURES.contains(&name.split('-').next().unwrap_or_default()) {
            problem("a name says the pattern that is refused, not the cure".into());
        }
        if !page.summary().ends_with('.') {
            problem("the page's first paragraph is one sentence".into());
        }
        for lack in lacking_headings(&page.text()) {
            problem(lack);
        }
        let finding = format!("    - {id} ");
        let fails = cases.iter().any(|case| case.expected.contains(&finding));
        if !fails {
            problem("no case in which it finds something".into());
        } else if !COMPANIONS.contains(&id) && !cases.iter().any(|case| depends_on(&case.expected, id)) {
            problem("no case whose verdict is another one without it".into());
        }
        let mut passes = false;
        for case in cases.iter().filter(|case| case.input.passes.iter().any(|passed| passed == id)) {
            passes = true;
            if case.expected.contains(&finding) {
                problem(format!("case {} says that it passes, but expects a finding", case.name()));
            }
        }
        if !passes {
            problem("no case that lists it under `passes`".into());
        }
    }
    for case in &cases {
        for id in case.input.passes.iter().filter(|id| pages.iter().all(|page| page.rule.id != **id)) {
            problems.push(format!("case {}: unknown rule {id}", case.name()));
        }
    }
    if problems.is_empty() { Ok(()) } else { bail!("{}", problems.join("\n")) }
}

/// Whether the verdict of an expected answer is another one with this rule switched off: it alone rejects, or it is the only
/// one that says something.
fn depends_on(expected: &str, id: &str) -> bool {
    let findings = || {
        let lines = expected.lines().filter_map(|line| line.strip_prefix("    - ")?.split_once(' '));
        lines.filter(|(rule, _)| rule.starts_with("NI"))
    };
    let of = |severity: &'static str| {
        let ids = move || findings().filter(move |(_, rest)| rest.starts_with(severity)).map(|(rule, _)| rule);
        ids().next().is_some() && ids().all(|rule| rule == id)
    };
    of("deny ") || of("")
}

/// What a page lacks of the headings, each of which has text under it and comes in its order.
fn lacking_headings(text: &str) -> Vec<String> {
    let sections: Vec<&str> = text.split("\n## ").skip(1).collect();
    let found: Vec<&str> = sections.iter().map(|section| section.lines().next().unwrap_or_default()).collect();
    let mut problems = Vec::new();
    if found != HEADINGS {
        problems.push(format!("its page has the headings {found:?}, expected {HEADINGS:?}"));
    }
    for section in sections.iter().filter(|section| section.lines().skip(1).all(|line| line.trim().is_empty())) {
        problems.push(format!("nothing stands under {:?}", section.trim()));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_text_or_headings_is_noticed() {
        assert!(lacking_headings("Rejects.\n").iter().any(|problem| problem.contains("headings")));
        let empty: String = HEADINGS.iter().map(|heading| format!("\n## {heading}\n")).collect();
        assert_eq!(lacking_headings(&empty).len(), HEADINGS.len());
        let full: String = HEADINGS.iter().map(|heading| format!("\n## {heading}\n\ntext\n")).collect();
        assert!(lacking_headings(&full).is_empty());
    }
}
