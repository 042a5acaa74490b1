//! The rules' pages and the table of all of them, for people.

use isolation::Rule;
use isolation::rule::Page;
use isolation_catalog::{Entry, POLICIES};

/// Where the page of a rule is.
pub fn path(rule: &Rule) -> String {
    format!("docs/rules/{}.md", rule.id)
}

/// The page of a rule: what `isolation explain` prints, with a way to its policy and back.
pub fn page(entry: &Entry, page: &Page) -> String {
    let rule = page.rule;
    format!(
        "# {id} {name}\n\nRule of [{policy}](../../policies/{policy}/README.md), since {since} · [all rules](../rules.md)\n\n{text}",
        id = rule.id,
        name = rule.name,
        policy = entry.name,
        since = rule.since,
        text = page.text(),
    )
}

/// The table of all rules, in the order of their ids.
pub fn table() -> String {
    let mut rows: Vec<_> =
        POLICIES.iter().flat_map(|entry| entry.pages.iter().map(move |page| (entry, page))).collect();
    rows.sort_by_key(|(_, page)| page.rule.id);
    let mut out = String::from(HEAD);
    for (entry, page) in rows {
        let (id, name, policy) = (page.rule.id, page.rule.name, entry.name);
        let summary = page.summary().replace('|', "\\|");
        out +=
            &format!("| [{id}](rules/{id}.md) | `{name}` | [{policy}](../policies/{policy}/README.md) | {summary} |\n");
    }
    out
}

/// What stands above the table. The core's own rules have no file: they are about what no policy could read.
const HEAD: &str = "# Rules

Every message ends with the id of the rule that it comes from. `isolation explain NI101` prints a rule's page, and
`isolation rules` this table.

Three ids belong to all policies:

- **NI001 unreadable-field**: a field has another type than the API defines. Nothing is accepted because it could not be read.
- **NI002**: the request itself cannot be read.
- **NI003**: the policy's settings are not valid. Kubewarden checks them when a policy is loaded, so that no request meets them.

| id | rule | policy | what it does |
| --- | --- | --- | --- |
";
