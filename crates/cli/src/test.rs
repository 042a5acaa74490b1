//! `isolation test`: whether `isolation.yaml` gives the verdicts that its users wrote down.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use isolation::similar::nearest_swapped;
use isolation_admission::{Admission, Configuration, Input, Selection, Specification, configured};
use isolation_document::{Document, Mismatch, Path as Field, typed};
use isolation_report::{Finding, NotEvaluated, Report, Rules, Source, apply_exceptions, printable, rule_id};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::args::test::Test;
use crate::bless::{Blessing, line};
use crate::check::{Configured, LocalModules, circumstances, meant_policy};
use crate::exit;
use crate::output::rules;
use crate::replace::{replace, same_file};

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

/// A test, and its text.
struct Written {
    case: Case,
    text: String,
    document: Option<Arc<Document<'static>>>,
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
        bail!("--set {value}: it names no policy{}", meant_policy(value));
    }
    let files = files(&args.paths, configured.file.as_deref())?;
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

/// The tests that the paths name: files, and below folders every .yaml and .yml that is not hidden and not the configuration,
/// each once.
fn files(paths: &[PathBuf], config: Option<&Path>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() && config.is_some_and(|config| same_file(config, path)) {
            bail!("{} is the configuration to test, not a test", path.display());
        }
        collect(path, true, config, &mut files).with_context(|| format!("cannot read {}", path.display()))?;
    }
    if files.is_empty() {
        bail!("no tests found: tests are .yaml and .yml files");
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| file.canonicalize().map_or(true, |file| seen.insert(file)));
    Ok(files)
}

fn collect(path: &Path, named: bool, config: Option<&Path>, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    if !named && is_hidden {
        return Ok(());
    }
    if !path.is_dir() {
        let ending = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        if named || ending && config.is_none_or(|config| !same_file(config, path)) {
            std::fs::metadata(path)?;
            files.push(path.to_owned());
        }
        return Ok(());
    }
    let mut entries =
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, false, config, files))
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
        let (text, encoding) = crate::text::read_encoded(file).context("cannot be read")?;
        let test = Written::read(text)?;
        let report = self.judge(&test)?;
        if let Some(problem) = report.not_evaluated.first() {
            let NotEvaluated { what, help, .. } = problem;
            bail!("{what}{}{help}", if help.is_empty() { "" } else { ". " });
        }
        let accepted = !report.findings.iter().any(Finding::refuses);
        let lines = test.case.expect.as_ref().map(|expect| difference(expect, accepted, &report.findings));
        match lines {
            Some(lines) if lines.is_empty() => Ok(Outcome::Passed),
            _ if bless => {
                let blessed = test.blessed(accepted, &report.findings)?;
                let bytes = encoding.encode(&blessed).context("cannot be written: it is not UTF-8")?;
                replace(file, &bytes).context("cannot be written")?;
                Ok(Outcome::Blessed)
            }
            Some(lines) => Ok(Outcome::Failed(lines)),
            None => bail!("no `expect`; --bless writes what is found now, for you to read"),
        }
    }

    /// The report about the one object, with exceptions taken out of it.
    fn judge(&self, test: &Written) -> Result<Report> {
        let case = &test.case;
        let source = |name: &str, value: &Value| Source::new(name, value.to_string());
        let own = Input::read([source("object", &case.object)]);
        if let Some(fault) = own.faults.first() {
            return Err(test.problem(&Field::root().key("object"), &fault.what));
        }
        for (index, object) in case.cluster.iter().enumerate() {
            if let Some(fault) = Input::read([source("cluster", object)]).faults.first() {
                return Err(test.problem(&Field::root().key("cluster").index(index), &fault.what));
            }
        }
        let all = case.cluster.iter().map(|object| source("cluster", object));
        let all = Input::read([source("object", &case.object)].into_iter().chain(all));
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
        apply_exceptions(&mut report, &exceptions, &circumstances(self.namespace, true, &ran, &BTreeSet::new()));
        Ok(report)
    }
}

impl Written {
    /// Reads a test, and whether its lines of findings can be lines of findings.
    fn read(text: String) -> Result<Self> {
        let document = isolation_manifest::value(&text)
            .map_err(|problem| anyhow!("line {}: {}", line_of(&text, problem.span.start), problem.what))?;
        let Some(root) = document.as_ref().map(|document| document.root()) else {
            bail!("it is empty; a test has `object` and `expect` (isolation test --help)");
        };
        let located = |field: &Field, what: &str| located(&text, document.as_deref(), field, what);
        let case: Case = typed(&serde_json::to_value(root)?)
            .map_err(|Mismatch { path, what }| located(&path, &format!("{what}; see isolation test --help")))?;
        let known = rules();
        for (index, line) in case.expect.iter().flat_map(|expect| &expect.findings).enumerate() {
            check_line(line, &known)
                .map_err(|what| located(&Field::root().keys(&["expect", "findings"]).index(index), &what))?;
        }
        Ok(Written { case, text, document })
    }

    /// What is wrong with a field.
    fn problem(&self, field: &Field, what: &str) -> anyhow::Error {
        located(&self.text, self.document.as_deref(), field, what)
    }

    /// The text with what was found.
    fn blessed(&self, accepted: bool, findings: &[Finding]) -> Result<String> {
        let expected = self.case.expect.as_ref().map_or(&[][..], |expect| &expect.findings);
        let (still, new) = matched(expected, findings);
        let root = self.document.as_ref().map(|document| document.root());
        let expect = root.and_then(|root| root.get("expect")?.key_span()).map(|span| span.start);
        let blessing = Blessing { text: &self.text, expect, still: &still, accepted, findings, new: &new };
        let is_meant = |text: &String| {
            let Ok(Written { case, .. }) = Written::read(text.clone()) else { return false };
            let is_right = |expect: &Expect| difference(expect, accepted, findings).is_empty();
            (&case.object, &case.cluster) == (&self.case.object, &self.case.cluster)
                && case.expect.as_ref().is_some_and(is_right)
        };
        blessing.texts().find(is_meant).context("cannot be blessed: begin a line with `expect:`, below `object:`")
    }
}

/// What is wrong with a field of a test, with the line that it is at.
fn located(text: &str, document: Option<&Document<'_>>, field: &Field, what: &str) -> anyhow::Error {
    let at = document.and_then(|document| document.root().locate(field.as_str())).map_or(0, |at| at.span.start);
    let colon = if field.is_root() { "" } else { ": " };
    anyhow!("line {}: {}{colon}{what}", line_of(text, at), field.as_str())
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

/// Whether a line of findings names a rule, and then a severity: no other line is ever found.
fn check_line(line: &str, known: &Rules) -> Result<(), String> {
    let mut words = line.split_whitespace();
    let rule = words.next().ok_or("expected a rule, as in `NI101 deny spec.containers[0].image`")?;
    rule_id(rule, known).map_err(|what| {
        let hint = nearest_swapped(rule, known.words()).map(|near| format!("; did you mean {near}?"));
        format!("{what}{}", hint.unwrap_or_default())
    })?;
    match words.next() {
        None | Some("deny" | "warn") => Ok(()),
        Some(other) => Err(format!("expected deny or warn behind {rule}, found {other}")),
    }
}

/// Whether a line of a test speaks of this finding. The rule may be called by its name.
fn speaks_of(expected: &str, finding: &Finding) -> bool {
    let found = line(finding);
    let name = finding.rule.as_ref().and_then(|rule| rule.name);
    let mut known = words(&found);
    let mut words = words(expected);
    let rule =
        words.next().zip(known.next()).is_some_and(|(word, id)| word.eq_ignore_ascii_case(id) || Some(word) == name);
    rule && words.zip(known).all(|(word, known)| word == known)
}

/// Rule, severity and path, which may have blanks in it.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let (rule, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let (severity, path) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    [rule, severity, path.trim()].into_iter().filter(|word| !word.is_empty())
}

/// For each line whether there is such a finding, and the findings that no line is about.
fn matched<'f>(expected: &[String], findings: &'f [Finding]) -> (Vec<bool>, Vec<&'f Finding>) {
    let mut left: Vec<&Finding> = findings.iter().collect();
    let mut is_there = vec![false; expected.len()];
    // What says more finds its own first.
    let mut lines: Vec<(&String, &mut bool)> = expected.iter().zip(&mut is_there).collect();
    lines.sort_by_key(|(line, _)| std::cmp::Reverse(words(line).count()));
    for (line, is_there) in lines {
        if let Some(index) = left.iter().position(|finding| speaks_of(line, finding)) {
            left.remove(index);
            *is_there = true;
        }
    }
    (is_there, left)
}

/// What is other than expected, a line each: `-` is missing, `+` is too much.
fn difference(expect: &Expect, accepted: bool, findings: &[Finding]) -> Vec<String> {
    let mut lines = Vec::new();
    if expect.accepted != accepted {
        lines.push(format!("- accepted: {}", expect.accepted));
        lines.push(format!("+ accepted: {accepted}"));
    }
    let (is_there, left) = matched(&expect.findings, findings);
    let missing = expect.findings.iter().zip(is_there).filter(|(_, is_there)| !is_there);
    lines.extend(missing.map(|(line, _)| format!("- {line}")));
    for finding in left {
        let value = finding.value.as_ref().map_or(String::new(), |value| format!("\"{value}\": "));
        lines.push(format!("+ {}: {value}{}", line(finding), finding.what));
    }
    lines
}
