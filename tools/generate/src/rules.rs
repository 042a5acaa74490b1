//! The rules' pages and the table of all of them, for people.

use anyhow::{Context, Result};
use isolation::Rule;
use isolation::rule::Page;
use isolation_all_policies::{Entry, pages};

/// Where the page of a rule is.
pub fn path(rule: &Rule) -> String {
    format!("docs/rules/{}.md", rule.id)
}

/// The page of a rule: what `isolation explain` prints, with a way to its policy and back, and its examples.
///
/// # Errors
///
/// A page without the heading that the examples go before.
pub fn page(entry: Option<&Entry>, page: &Page, examples: &str) -> Result<String> {
    let Rule { id, name, since } = page.rule;
    let of = match entry {
        Some(entry) => format!("Rule of [{0}](../../policies/{0}/README.md)", entry.name),
        None => "Rule of every policy".to_owned(),
    };
    let text = page.text();
    let (before, after) = text.split_at(text.find(NEXT).with_context(|| format!("{id} has no {NEXT:?}"))?);
    Ok(format!("# {id} {name}\n\n{of}, since {since} · [all rules](../rules.md)\n\n{before}{examples}{after}"))
}

/// What stands behind the examples: who has read what to write instead wants to see it.
const NEXT: &str = "## Settings";

/// The table of all rules, in the order of their ids.
pub fn table() -> String {
    let mut rows: Vec<_> = pages().collect();
    rows.sort_by_key(|(_, page)| page.rule.id);
    let mut out = String::from(HEAD);
    for (entry, page) in rows {
        let (id, name) = (page.rule.id, page.rule.name);
        let policy =
            entry.map_or("every policy".into(), |entry| format!("[{0}](../policies/{0}/README.md)", entry.name));
        let summary = page.summary().replace('|', "\\|");
        out += &format!("| [{id}](rules/{id}.md) | `{name}` | {policy} | {summary} |\n");
    }
    out
}

/// What stands above the table.
const HEAD: &str = "# Rules

Every message ends with the id of the rule that it comes from. `isolation explain NI101` prints a rule's page, and
`isolation rules` lists them.

| id | rule | policy | what it does |
| --- | --- | --- | --- |
";
