//! What a policy's README says is what the code says.
//!
//! The README is written by hand, but for its tables and messages. Such a section stands between `<!-- NAME -->` and
//! `<!-- /NAME -->` and is written by `BLESS=1`, as the answers of cases are.

use anyhow::{Context, Result, bail};
use isolation::Policy;
use isolation::rule::Page;
use isolation::settings::{Setting, Shape};

use crate::case::cases_of;
use crate::reach::folder;

/// Holds sections of a policy's README against what they must say; with the environment variable `BLESS` set, writes them.
///
/// # Errors
///
/// A section that is not there or says something else.
pub fn check_readme(policy: &str, sections: &[(&str, String)]) -> Result<()> {
    let path = folder(policy).join("README.md");
    let before = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut text = before.clone();
    for (name, wanted) in sections {
        let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let found = text.split_once(&open).and_then(|(head, rest)| Some((head, rest.split_once(&close)?.1)));
        let (head, tail) = found.with_context(|| format!("{policy}/README.md has no section {name:?}"))?;
        text = format!("{head}{open}\n{}\n\n{close}{tail}", wanted.trim_end());
    }
    if text == before {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_none() {
        bail!("{policy}/README.md does not say what the code says; `make bless` writes it");
    }
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Asks the policy whether the settings are valid in the examples of its README that are to be copied, which are the YAML
/// blocks that name its module.
///
/// # Errors
///
/// An example that is not YAML or whose settings are refused, and a README without an example.
pub fn check_examples<P: Policy>() -> Result<()> {
    let path = folder(P::NAME).join("README.md");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut examples = 0;
    for block in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        for document in block.split("\n---\n").filter(|document| document.contains("  module: ")) {
            let example: serde_json::Value =
                yaml_serde::from_str(document).with_context(|| format!("not YAML:\n{document}"))?;
            let spec = &example["spec"];
            if !spec["module"].as_str().unwrap_or_default().contains(P::NAME) {
                bail!("{}/README.md has an example of another module: {}", P::NAME, spec["module"]);
            }
            let answer = isolation::policy::validate_settings::<P>(spec["settings"].to_string().as_bytes());
            if let Err(problems) = answer {
                bail!("{}/README.md has an example that is refused: {problems}", P::NAME);
            }
            examples += 1;
        }
    }
    if examples == 0 { bail!("{}/README.md has no example", P::NAME) } else { Ok(()) }
}

/// A table in Markdown.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut out = line(&head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
    out.push_str(&line(&vec!["---".to_owned(); head.len()]));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        out.push_str(&line(&cells));
    }
    out
}

/// The table of a policy's settings, members of objects included.
pub fn settings_table(tables: &[&[Setting]]) -> String {
    settings_rows(tables.iter().copied().flatten())
}

/// The same of these settings.
pub fn settings_rows<'s>(settings: impl IntoIterator<Item = &'s Setting>) -> String {
    let mut rows = Vec::new();
    for setting in settings {
        setting_rows(setting, "", &mut rows);
    }
    table(&["setting", "value", "default", "meaning"], rows)
}

fn setting_rows(setting: &Setting, holder: &str, rows: &mut Vec<Vec<String>>) {
    let key = format!("{holder}{}", setting.key);
    let (value, members): (String, &[Setting]) = match &setting.shape {
        Shape::Enum(words) => (words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "), &[]),
        Shape::Bool => ("`true` or `false`".into(), &[]),
        Shape::Text => ("string".into(), &[]),
        Shape::Texts => ("list of strings".into(), &[]),
        Shape::Objects(members) => ("list of objects".into(), members),
        Shape::Object(members) => ("object".into(), members),
    };
    let default = match (setting.required, setting.default) {
        (true, _) => "required".to_owned(),
        (false, "") => "none".to_owned(),
        (false, default) => format!("`{}`", default.trim_matches('"')),
    };
    rows.push(vec![format!("`{key}`"), value, default, setting.doc.to_owned()]);
    let holder = if matches!(setting.shape, Shape::Objects(_)) { format!("{key}[].") } else { format!("{key}.") };
    for member in members {
        setting_rows(member, &holder, rows);
    }
}

/// The table of a policy's rules, each in one sentence.
pub fn rules_table(pages: &[Page]) -> String {
    let row = |page: &Page| vec![page.rule.id.to_owned(), format!("`{}`", page.rule.name), page.summary()];
    table(&["id", "rule", "what it does"], pages.iter().map(row))
}

/// The message of a case, or its warnings as `kubectl` prints them, as a block of text in Markdown.
///
/// # Errors
///
/// A case that is not there or has neither.
pub fn message_of(policy: &str, case: &str) -> Result<String> {
    let cases = cases_of(policy)?;
    let name = format!("{policy}/{case}");
    let case = cases.iter().find(|case| case.name() == name).with_context(|| format!("there is no case {name}"))?;
    let rejected = case.expected.contains("\n  message: |-\n");
    if let (false, Some((_, warnings))) = (rejected, case.expected.split_once("\n  warnings:\n")) {
        let lines = warnings.lines().map_while(|line| line.strip_prefix("    - "));
        let lines = lines.map(|line| Ok(format!("Warning: {}\n", serde_json::from_str::<String>(line)?)));
        return Ok(format!("```text\n{}```", lines.collect::<Result<String>>()?));
    }
    let (_, message) =
        case.expected.split_once("\n  message: |-\n").with_context(|| format!("{name} has no message"))?;
    let lines: Vec<&str> = message.lines().map_while(|line| line.strip_prefix("    ")).collect();
    Ok(format!("```text\n{}\n```", lines.join("\n")))
}
