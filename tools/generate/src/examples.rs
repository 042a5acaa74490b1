//! What a rule refuses and what it accepts, from the cases that name the rule in `shows`: for its page, and for the gallery of
//! the page in the browser. A case is run by every engine, so that no example is wrong.

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use isolation_all_policies::{POLICIES, pages};
use isolation_cases::{Case, cases_of};
use serde::{Deserialize, Serialize};
use yaml_serde::{Mapping, Value};

/// Rules that no manifest breaks: it is the request itself, or the settings, that they refuse.
const WITHOUT: &[&str] = &["NI002", "NI003"];

/// The two examples of a rule.
#[derive(Debug)]
pub struct Examples {
    /// The rule's id.
    pub rule: &'static str,
    bad: Example,
    good: Example,
}

/// A case, as a page shows it.
#[derive(Clone, Debug)]
struct Example {
    policy: &'static str,
    /// Why it exists: the comment at its beginning.
    why: String,
    settings: Option<Value>,
    object: Option<Value>,
    old_object: Option<Value>,
    cluster: Vec<Value>,
    /// What the policy says of the rule.
    said: Vec<String>,
    /// The ids of the rules that found something.
    rules: Vec<String>,
}

/// The answer that a case expects, as far as it is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Expected {
    findings: Vec<String>,
    message: String,
    warnings: Vec<String>,
}

/// The examples of every rule that a manifest can break, in the order of the rules.
///
/// # Errors
///
/// A case that cannot be read, and a rule that has not exactly one case of each kind.
pub fn examples() -> Result<Vec<Examples>> {
    let mut all: Vec<(Vec<String>, Example)> = Vec::new();
    for entry in POLICIES {
        for case in cases_of(entry.name)?.iter().filter(|case| !case.input.shows.is_empty()) {
            let example = Example::of(entry.name, case).with_context(|| format!("case {}", case.name()))?;
            all.push((case.input.shows.clone(), example));
        }
    }
    let mut ids: Vec<&'static str> = pages().map(|(_, page)| page.rule.id).filter(|id| !WITHOUT.contains(id)).collect();
    ids.sort_unstable();
    let of = |rule: &'static str| {
        let one = |breaks: bool| {
            let mut found = (all.iter())
                .filter(|(shows, example)| shows.iter().any(|id| id == rule) && example.breaks(rule) == breaks);
            let kind = if breaks { "breaks" } else { "keeps" };
            let (_, example) = found.next().with_context(|| {
                format!("no case that {kind} {rule} is shown on its page: write `shows: [{rule}]` into one")
            })?;
            ensure!(found.next().is_none(), "two cases that {kind} {rule} say that its page shows them");
            ensure!(breaks || example.rules.is_empty(), "{rule}: the good example breaks {:?}", example.rules);
            Ok(example.clone())
        };
        Ok(Examples { rule, bad: one(true)?, good: one(false)? })
    };
    ids.into_iter().map(of).collect()
}

impl Example {
    fn of(policy: &'static str, case: &Case) -> Result<Self> {
        let mut head: Mapping = yaml_serde::from_str(&case.head)?;
        let expected: Mapping = yaml_serde::from_str(&case.expected)?;
        let expected: Expected = match expected.get("expect") {
            Some(expected) => yaml_serde::from_value(expected.clone())?,
            None => Expected::default(),
        };
        let comment = case.head.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
        let mut take = |key: &str| head.remove(key).filter(|value| !value.is_null());
        let cluster = match take("cluster") {
            Some(Value::Sequence(objects)) => objects,
            _ => Vec::new(),
        };
        let lines = expected.message.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned);
        Ok(Example {
            policy,
            why: comment.collect::<Vec<_>>().join(" "),
            settings: take("settings"),
            object: take("object"),
            old_object: take("oldObject"),
            cluster,
            said: lines.chain(expected.warnings).collect(),
            rules: expected.findings.iter().filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect(),
        })
    }

    fn breaks(&self, rule: &str) -> bool {
        self.rules.iter().any(|id| id == rule)
    }

    /// The objects of the request and of the cluster, as a file would hold them.
    fn manifests(&self) -> Result<String> {
        let mut documents = Vec::new();
        match (&self.object, &self.old_object) {
            (Some(object), None) => documents.push(yaml_serde::to_string(object)?),
            (Some(object), Some(old)) => {
                documents.push(format!("# As it is\n{}", yaml_serde::to_string(old)?));
                documents.push(format!("# As it is to be\n{}", yaml_serde::to_string(object)?));
            }
            (None, Some(old)) => documents.push(format!("# To be deleted\n{}", yaml_serde::to_string(old)?)),
            (None, None) => {}
        }
        for object in &self.cluster {
            documents.push(format!("# In the cluster\n{}", yaml_serde::to_string(object)?));
        }
        Ok(documents.join("---\n"))
    }

    /// The settings, as `isolation.yaml` has them.
    fn configuration(&self) -> Result<String> {
        match &self.settings {
            Some(settings) => Ok(yaml_serde::to_string(&Mapping::from_iter([(self.policy.into(), settings.clone())]))?),
            None => Ok(String::new()),
        }
    }

    fn section(&self, heading: &str, rule: &str, in_gallery: bool) -> Result<String> {
        let mut out = format!("## {heading}\n\n{}\n\n```yaml\n{}```\n", self.why, self.manifests()?);
        let configuration = self.configuration()?;
        if !configuration.is_empty() {
            write!(out, "\nWith this in `isolation.yaml`:\n\n```yaml\n{configuration}```\n")?;
        }
        let mark = format!("[{rule}]");
        let said: Vec<&str> = self.said.iter().filter(|line| line.ends_with(&mark)).map(String::as_str).collect();
        if !said.is_empty() {
            write!(out, "\n```text\n{}\n```\n", said.join("\n"))?;
        }
        if in_gallery {
            // The book and the page make a link of this. On GitHub, where nothing could open it, nobody sees it.
            write!(out, "\n<!-- example={rule}.{} -->\n", heading.to_lowercase())?;
        }
        Ok(out)
    }
}

/// The sections of a rule's page.
///
/// # Errors
///
/// A value that YAML cannot hold.
pub fn sections(examples: &Examples) -> Result<String> {
    let in_gallery = examples.in_gallery();
    let section = |example: &Example, heading| example.section(heading, examples.rule, in_gallery);
    Ok(format!("{}\n{}\n", section(&examples.bad, "Bad")?, section(&examples.good, "Good")?))
}

/// A sample in the gallery.
#[derive(Serialize)]
struct Sample {
    manifests: String,
    settings: String,
}

/// An entry of the gallery.
#[derive(Serialize)]
struct GalleryEntry<'a> {
    id: &'a str,
    name: &'a str,
    policy: &'a str,
    summary: String,
    bad: Sample,
    good: Sample,
}

impl Examples {
    /// Whether the page can show them: it sees objects, not what they were before a change or a deletion.
    fn in_gallery(&self) -> bool {
        self.bad.old_object.is_none()
    }
}

/// The gallery of the page.
///
/// # Errors
///
/// A value that YAML cannot hold.
pub fn gallery(all: &[Examples]) -> Result<String> {
    let mut entries = Vec::new();
    for Examples { rule, bad, good } in all.iter().filter(|examples| examples.in_gallery()) {
        let Some((_, page)) = isolation_all_policies::page(rule) else { continue };
        entries.push(GalleryEntry {
            id: rule,
            name: page.rule.name,
            policy: bad.policy,
            summary: page.summary(),
            bad: sample(bad)?,
            good: sample(good)?,
        });
    }
    crate::json(&entries)
}

fn sample(example: &Example) -> Result<Sample> {
    let mut settings = example.configuration()?;
    if example.policy != "private-images" {
        settings += "# This example is about another policy.\nprivate-images: false\n";
    }
    Ok(Sample { manifests: format!("# {}\n{}", example.why, example.manifests()?), settings })
}
