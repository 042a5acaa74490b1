//! `isolation test`: whether `isolation.yaml` gives the verdicts that its users wrote down.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use isolation_admission::{Admission, Configuration, Input, Selection, Specification, configured};
use isolation_report::{Finding, NotEvaluated, Report, Severity, Source, apply, printable, rule_id};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::args::test::Test;
use crate::check::{Configured, LocalModules, circumstances};
use crate::exit;
use crate::output::rules;
use crate::replace::replace;

/// The keys of a test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What is to be created.
    object: Value,
    /// What is there already: namespaces with their labels, classes that are looked up.
    #[serde(default)]
    cluster: Vec<Value>,
    expect: Option<Expect>,
}

/// What is expected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// Whether admission accepts the object.
    accepted: bool,
    /// What is found, a line each: rule, severity, path, of which the later ones may be left out.
    #[serde(default)]
    findings: Vec<String>,
}

/// What came of a test.
enum Outcome {
    Passed,
    Blessed,
    /// The difference, a line each.
    Failed(Vec<String>),
    NotEvaluated(String),
}

/// Runs the command; the result is the exit status.
///
/// # Errors
///
/// A configuration that cannot be read, a path that is not there, output that cannot be written.
pub fn run(args: &Test) -> Result<u8> {
    let configured = Configured::with(args.config.as_deref(), &args.registries, &args.set)?;
    if let Some(value) = configured.chart_values.first() {
        bail!("--set {value}: it names no policy");
    }
    let files = files(&args.paths)?;
    let modules = LocalModules::new(&[])?;
    let runner = Runner { configuration: Arc::new(configured.configuration), modules, namespace: &args.namespace };
    let outcomes: Vec<(&PathBuf, Outcome)> =
        files.par_iter().map(|file| (file, runner.run(file, args.bless))).collect();

    let mut out = anstream::stdout().lock();
    let mut counts = [0_usize; 4];
    for (file, outcome) in &outcomes {
        let name = file.display().to_string();
        let name = printable(&name);
        let mut said = |word: &str, lines: &[String]| -> std::io::Result<()> {
            writeln!(out, "{word} {name}")?;
            lines.iter().try_for_each(|line| writeln!(out, "  {}", printable(line)))
        };
        let (index, told) = match outcome {
            Outcome::Passed => (0, if args.verbose { said("passed", &[]) } else { Ok(()) }),
            Outcome::Blessed => (1, said("blessed", &[])),
            Outcome::Failed(lines) => (2, said("FAILED", lines)),
            Outcome::NotEvaluated(why) => (3, said("not evaluated", std::slice::from_ref(why))),
        };
        told?;
        if let Some(count) = counts.get_mut(index) {
            *count += 1;
        }
    }
    let [passed, blessed, failed, not_evaluated] = counts;
    let more = |number: usize, word: &str| if number > 0 { format!(", {number} {word}") } else { String::new() };
    let (blessed, unknown) = (more(blessed, "blessed"), more(not_evaluated, "not evaluated"));
    writeln!(out, "{passed} passed{blessed}, {failed} failed{unknown}")?;
    Ok(match (not_evaluated, failed) {
        (0, 0) => exit::CLEAN,
        (0, _) => exit::VIOLATIONS,
        _ => exit::NOT_EVALUATED,
    })
}

/// The tests that the paths name: files, and below folders every .yaml and .yml.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, true, &mut files).with_context(|| format!("cannot read {}", path.display()))?;
    }
    if files.is_empty() {
        bail!("there is no test in what is named: tests are files that end in .yaml");
    }
    Ok(files)
}

fn collect(path: &Path, named: bool, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        let ending = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        if named || ending {
            std::fs::metadata(path)?;
            files.push(path.to_owned());
        }
        return Ok(());
    }
    let mut entries =
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, false, files))
}

/// What all tests share.
struct Runner<'a> {
    configuration: Arc<Configuration>,
    modules: LocalModules,
    namespace: &'a str,
}

impl Runner<'_> {
    fn run(&self, file: &Path, bless: bool) -> Outcome {
        match self.try_run(file, bless) {
            Ok(outcome) => outcome,
            Err(error) => Outcome::NotEvaluated(format!("{error:#}")),
        }
    }

    fn try_run(&self, file: &Path, bless: bool) -> Result<Outcome> {
        let text = crate::text::read(file).context("cannot be read")?;
        let case = read(&text)?;
        let report = self.judge(&case)?;
        if let Some(problem) = report.not_evaluated.first() {
            let NotEvaluated { what, help, .. } = problem;
            bail!("{what}{}{help}", if help.is_empty() { "" } else { ". " });
        }
        let accepted = !report.findings.iter().any(Finding::refuses);
        if bless {
            let blessed = blessed(&text, accepted, &report.findings);
            if blessed == text {
                return Ok(Outcome::Passed);
            }
            replace(file, blessed.as_bytes()).context("cannot be written")?;
            return Ok(Outcome::Blessed);
        }
        let expect = case.expect.context("no `expect`; --bless writes what is found now, for you to read")?;
        let lines = difference(&expect, accepted, &report.findings)?;
        Ok(if lines.is_empty() { Outcome::Passed } else { Outcome::Failed(lines) })
    }

    /// The report about the one object, with exceptions taken out of it.
    fn judge(&self, case: &Case) -> Result<Report> {
        let source = |name: &str, value: &Value| Source::new(name, value.to_string());
        let own = Input::read([source("object", &case.object)]);
        if let Some(fault) = own.faults.first() {
            bail!("object: {}", fault.what);
        }
        let all = case.cluster.iter().map(|object| source("cluster", object));
        let all = Input::read([source("object", &case.object)].into_iter().chain(all));
        if let Some(fault) = all.faults.first() {
            bail!("cluster: {}", fault.what);
        }
        let specifications =
            configured(&self.configuration, &Selection::default(), &self.modules.available()?, &own.kinds())?;
        let modules = specifications.iter().flat_map(Specification::modules);
        let ran: Vec<String> = modules.map(|(_, module)| module.to_owned()).collect();
        let ran: BTreeSet<&str> = ran.iter().map(String::as_str).collect();
        let mut admission = Admission::new(self.namespace);
        for specification in specifications {
            admission.add(specification.equip(&self.modules));
        }
        let admission = admission.over(&all, &[]);
        let judged = own.items.iter().map(|item| admission.judge(item)).collect();
        let mut report = admission.report(&own, judged);
        let exceptions = self.configuration.exceptions(&rules())?;
        apply(&mut report, &exceptions, &circumstances(self.namespace, true, &ran));
        Ok(report)
    }
}

fn read(text: &str) -> Result<Case> {
    let document = isolation_manifest::value(text).map_err(|problem| {
        let line = text.get(..problem.span.start).unwrap_or(text).matches('\n').count() + 1;
        anyhow!("line {line}: {}", problem.what)
    })?;
    let value = document.map_or(Ok(Value::Null), |document| serde_json::to_value(document.root()))?;
    serde_json::from_value(value).context("not a test")
}

/// What a finding is called in a test.
fn line(finding: &Finding) -> String {
    let rule = finding.rule.as_ref().map_or(finding.policy.as_str(), |rule| rule.id.as_str());
    let severity = if finding.severity == Severity::Deny { "deny" } else { "warn" };
    let path = if finding.location.path.is_empty() { "(the object)" } else { &finding.location.path };
    format!("{rule} {severity} {path}")
}

/// Whether a line of a test speaks of this finding. The rule may be called by its name.
fn speaks_of(expected: &str, finding: &Finding) -> bool {
    let mut words = expected.splitn(3, ' ');
    let found = line(finding);
    let name = finding.rule.as_ref().and_then(|rule| rule.name);
    let mut known = found.splitn(3, ' ');
    let rule =
        words.next().zip(known.next()).is_some_and(|(word, id)| word.eq_ignore_ascii_case(id) || Some(word) == name);
    rule && words.zip(known).all(|(word, known)| word == known)
}

/// What is other than expected, a line each: `-` is missing, `+` is too much.
fn difference(expect: &Expect, accepted: bool, findings: &[Finding]) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    if expect.accepted != accepted {
        lines.push(format!("- accepted: {}", expect.accepted));
        lines.push(format!("+ accepted: {accepted}"));
    }
    let mut left: Vec<&Finding> = findings.iter().collect();
    // What says more finds its own first.
    let mut expected: Vec<&String> = expect.findings.iter().collect();
    expected.sort_by_key(|line| std::cmp::Reverse(line.split(' ').count()));
    let known = rules();
    for line in expected {
        let rule = line.split(' ').next().unwrap_or_default();
        rule_id(rule, &known).map_err(|what| anyhow!("expect.findings: {what}"))?;
        match left.iter().position(|finding| speaks_of(line, finding)) {
            Some(index) => drop(left.remove(index)),
            None => lines.push(format!("- {line}")),
        }
    }
    for finding in left {
        let value = finding.value.as_ref().map_or(String::new(), |value| format!("\"{value}\": "));
        lines.push(format!("+ {}: {value}{}", line(finding), finding.what));
    }
    Ok(lines)
}

/// The text with what was found at its end.
fn blessed(text: &str, accepted: bool, findings: &[Finding]) -> String {
    let end = if text.starts_with("expect:") { 0 } else { text.find("\nexpect:").map_or(text.len(), |at| at + 1) };
    let mut blessed = text.get(..end).unwrap_or(text).to_owned();
    if !blessed.ends_with('\n') && !blessed.is_empty() {
        blessed.push('\n');
    }
    blessed.push_str(&format!("expect:\n  accepted: {accepted}\n"));
    if !findings.is_empty() {
        blessed.push_str("  findings:\n");
        for finding in findings {
            blessed.push_str(&format!("    - {}\n", quoted(&line(finding))));
        }
    }
    blessed
}

/// A line as YAML reads it back as a text.
fn quoted(line: &str) -> String {
    let plain = !line.contains(": ") && !line.contains(" #") && !line.contains(['"', '\\']);
    if plain { line.to_owned() } else { Value::from(line).to_string() }
}
