//! `isolation check`: what the arguments name, judged.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use cached_images::WRITE_IN_MANIFEST;
use isolation_admission::{Input, Judged, ManifestExceptions, NameClash, keep, locate, remove_name_clashes};
use isolation_manifest::Encoding;
use isolation_report::{Finding, NotEvaluated, Note, Report};
use serde_json::Value;

use super::configuration::{self, Configured};
use super::fix::Plan;
use super::input::Read;
use super::modules::LocalModules;
use super::parts;
use super::pins::{Held, Pins};
use super::run::{Run, is_rewritten, judge_all, name_sources};
use super::texts::{Texts, check_chart_options};
use super::walk::Walk;
use crate::args::check::Check;
use crate::output::ReportFormat;

/// The result of a run.
pub struct Outcome {
    /// Everything to print.
    pub report: Report,
    /// What policies that change objects would write into the files.
    pub plan: Plan,
}

/// Where a policy's resource has the exceptions of `isolation.yaml` that are deployed with it.
const DEPLOYED_EXCEPTIONS: &str = "spec.settings.allowedViolations";

/// Judges everything that the arguments name.
///
/// # Errors
///
/// What keeps it from judging anything: an unreadable configuration, a file that is not a module.
pub fn judge(args: &Check) -> Result<Outcome> {
    let Configured { file, configuration, chart_values } = Configured::load(args)?;
    let written = args.outputs.files.iter().map(|(_, file)| file);
    let own = written.chain(&args.counting.baseline).chain(&args.counting.write_baseline);
    let walk = Walk::of(&args.reading, file.as_deref()).without(own);
    let options = args.reading.options(&args.namespace, chart_values);
    let texts = Texts::find(&args.paths, &walk, &options);
    // The policies of a cluster may be in a chart, too.
    let policies = Texts::find(&args.policies, &Walk::default(), &options);
    check_chart_options(&options, texts.has_chart || policies.has_chart)?;
    let run = Run { args, configuration: Arc::new(configuration), modules: LocalModules::new(&args.modules)? };
    if args.policies.is_empty() {
        configuration::check_selection(args, &run.configuration, &run.modules.available()?)?;
    }
    if parts::are_needed(args, &texts) {
        return Ok(Outcome { report: parts::judge(&run, texts, parts::PART)?, plan: Plan::default() });
    }
    judge_whole(&run, texts.read_something(&args.paths, args.allow_empty), policies)
}

/// Judges what was read by the policies of the configuration, or by those of a cluster where there are some.
fn judge_whole(run: &Run<'_>, read: Read, policies: Texts) -> Result<Outcome> {
    let (args, input) = (run.args, &read.input);
    let mut beside = Input::default();
    let (admission, ran) = if args.policies.is_empty() {
        run.configured(&input.kinds())?
    } else {
        beside = policies.read().input;
        run.deployed(&mut beside)?
    };
    let admission = admission.over(input, &beside.items);
    let mut judged = judge_all(&admission, input);
    name_sources(&read, &mut judged);
    let intended = if args.fix || args.diff { Some(Intended::of(run, input, &judged)?) } else { None };
    let mut report = admission.report(input, judged);
    let mut exceptions = ManifestExceptions::default();
    exceptions.add(input);
    let deployed = beside.items.iter().any(|item| item.value(DEPLOYED_EXCEPTIONS).is_some());
    run.count(&ran, exceptions, deployed, &mut report)?;
    let counts = || args.outputs.has(ReportFormat::Human) && fixable_bytes(&report) <= COUNTED;
    let is_located = args.outputs.has(ReportFormat::Sarif) || counts();
    let mut clashes = Vec::new();
    if is_located || intended.is_some() {
        clashes = remove_name_clashes(input, &mut report.findings);
    }
    let mut pins = Pins::of(&input.items);
    let mut plan = intended.map(|intended| intended.plan(args, &read, &mut pins, &mut report)).unwrap_or_default();
    plan.notes.extend(clashes.into_iter().filter(|_| args.unsafe_fixes).map(clash_note));
    if args.fix {
        report.findings.iter_mut().for_each(without_hint);
    }
    report.is_located = is_located;
    if report.is_located {
        locate_in_files(&read, pins, &mut report.findings);
    }
    report.notes.extend(read.notes);
    report.skipped = read.skipped;
    Ok(Outcome { report, plan })
}

/// What policies would write.
struct Intended {
    /// The objects that they rewrite, by item.
    rewritten: Vec<Option<Value>>,
    /// What could not be evaluated by policies that only planning asks.
    not_evaluated: Vec<NotEvaluated>,
}

impl Intended {
    /// What the policies that judged would write, and those that change objects and take no part in the verdict: what is left of a
    /// violation that no file could be rid of is a violation.
    fn of(run: &Run<'_>, input: &Input, judged: &[Judged]) -> Result<Self> {
        let of_one = |judged: &Judged| judged.rewritten.as_ref().map(|rewritten| rewritten.object.clone());
        let planner = if run.args.policies.is_empty() { run.rewriting(&input.kinds())? } else { None };
        let Some(planner) = planner else {
            return Ok(Intended { rewritten: judged.iter().map(of_one).collect(), not_evaluated: Vec::new() });
        };
        let planner = planner.over(input, &[]);
        let judged = judge_all(&planner, input);
        let mut rewritten: Vec<_> = judged.iter().map(of_one).collect();
        // Nobody sees this report: only what exceptions allow in it counts.
        let mut report = planner.report(input, judged);
        let mut exceptions = ManifestExceptions::default();
        exceptions.add(input);
        run.count(&Vec::new(), exceptions, false, &mut report)?;
        keep(report.allowed.iter().map(|allowed| &allowed.finding), &input.items, &mut rewritten);
        Ok(Intended { rewritten, not_evaluated: report.not_evaluated })
    }

    /// What is to become of the files. What an exception allows stays as it is.
    fn plan(mut self, args: &Check, read: &Read, pins: &mut Pins, report: &mut Report) -> Plan {
        keep(report.allowed.iter().map(|allowed| &allowed.finding), &read.input.items, &mut self.rewritten);
        let is_said = |what: &str| report.not_evaluated.iter().any(|problem| problem.what == what);
        self.not_evaluated.retain(|problem| !is_said(&problem.what));
        let notes = self.not_evaluated.into_iter();
        report.notes.extend(notes.map(|NotEvaluated { place, what, help, .. }| Note { place, what, help }));
        Plan::of(read, self.rewritten, &report.findings, args.unsafe_fixes, pins)
    }
}

/// What is said of an image whose new name may be another image's.
fn clash_note(NameClash { place, image, name, other }: NameClash) -> Note {
    let (what, help) = match other {
        Some(other) => (
            format!("unchanged: {image} would get the name {name}, which {other} would get too"),
            "Import it under a name of its own, and write that",
        ),
        None => (
            format!("{image} gets the name {name}, which is in use already"),
            "If that is another image, import this one under a name of its own, and write that",
        ),
    };
    Note { place: Some(place), what, help: help.to_owned() }
}

/// What is left behind `--fix` does not advise it.
fn without_hint(finding: &mut Finding) {
    let is_rewritten = is_rewritten(finding);
    if let Some(fix) = finding.fix.as_mut().filter(|_| is_rewritten) {
        WRITE_IN_MANIFEST.clone_into(&mut fix.text);
    }
}

/// How much text is read to count what `--fix` can change, in bytes; beyond, the report counts what it might change.
const COUNTED: usize = 4 << 20;

/// The sizes of all texts in which something could be fixed.
fn fixable_bytes(report: &Report) -> usize {
    let places = report.findings.iter().filter(|finding| finding.change().is_some());
    let sources: BTreeMap<_, _> = places
        .map(|finding| &finding.location.place.source)
        .map(|source| (Arc::as_ptr(source), source.text.len()))
        .collect();
    sources.values().sum()
}

/// Works out how the changes of findings are written, as far as `--fix` writes them.
fn locate_in_files(read: &Read, mut pins: Pins, findings: &mut [Finding]) {
    let mut held: Option<(usize, Held)> = None;
    let can_be_made = |index: usize, renamed: Option<(&str, &str)>| {
        let Some(file) = read.files.get(&index).filter(|file| file.encoding != Encoding::Unknown) else { return false };
        let Some((old, new)) = renamed else { return true };
        if held.as_ref().is_none_or(|(of, _)| *of != index) {
            held = Some((index, pins.around(Some(&file.path))));
        }
        held.as_ref().is_none_or(|(_, held)| held.holder(old, new).is_none())
    };
    locate(&read.input, can_be_made, findings);
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use isolation_render::Options;
    use isolation_report::{Context, Format};

    use super::*;
    use crate::args::{Args, Command};
    use crate::output::rules;

    /// In the order of their names: what a verdict takes from others comes behind them as well as before.
    const FILES: &[(&str, &str)] = &[
        (
            "a-class.yaml",
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: early}\nprovisioner: file.csi.azure.com\n",
        ),
        (
            "b-claims.yaml",
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a, namespace: shop}\nspec: {storageClassName: early}\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: b, namespace: shop}\nspec: {storageClassName: late}\n",
        ),
        ("c-broken.yaml", "a: [\n"),
        (
            "d-pods.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: watched}\nspec: {containers: [{name: web, image: nginx}]}\n",
        ),
        (
            "e-allowed.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n    - name: web\n      image: nginx # isolation: allow NI101 because it is a test\n",
        ),
        ("f-fine.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"),
        (
            "g-namespace.yaml",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: watched, labels: {control-plane: x}}\n",
        ),
        (
            "h-class.yaml",
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: late}\nprovisioner: file.csi.azure.com\n",
        ),
        (
            "i-again.yaml",
            "kind: List\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: web}\n  spec: {containers: [{name: web, image: quay.io/a/b}]}\n",
        ),
        (
            "j-list.yaml",
            "apiVersion: v1\nitems:\n  - metadata: {name: allowed}\n    spec:\n      containers:\n        - name: web\n          # isolation: allow NI101 because it is a test\n          image: nginx\n  - metadata: {name: web}\n    spec: {containers: [{name: web, image: nginx}]}\n  - 5\nkind: PodList\n---\na: b\n",
        ),
        (
            "k-list.json",
            r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"json"},"spec":{"containers":[{"name":"a","image":"nginx"}]}},
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"c","namespace":"shop"},"spec":{"storageClassName":"late"}}]}"#,
        ),
        (
            "l-broken.yaml",
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- a: [\n",
        ),
    ];

    #[test]
    fn parts_give_the_report_of_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let path = folder.path().to_str().unwrap();
        let args = ["isolation", "check", "-r", "myacr.azurecr.io", "--set", "private-images.mcr=deny", path];
        let Command::Check(args) = Args::try_parse_from(args).unwrap().command else { panic!("check is check") };
        let whole = judge(&args).unwrap().report;

        let configured = Configured::load(&args).unwrap();
        let modules = LocalModules::new(&[]).unwrap();
        let run = Run { args: &args, configuration: Arc::new(configured.configuration), modules };
        let walk = Walk::of(&args.reading, configured.file.as_deref());
        let options = Options { namespace: "default".to_owned(), ..Options::default() };
        for bytes in [1, 400] {
            let texts = Texts::find(&args.paths, &walk, &options);
            let parts = parts::judge(&run, texts, bytes).unwrap();
            for format in [Format::Human, Format::Json, Format::Github, Format::Markdown] {
                let text = |report: &Report| {
                    let context = Context { rules: rules(), ..Context::default() };
                    let mut out = Vec::new();
                    format.write(report, &context, &mut out).unwrap();
                    String::from_utf8(out).unwrap()
                };
                let expected = text(&whole);
                assert!(expected.contains("NI101") && expected.contains("NI31"), "{expected}");
                // What can be changed is known of the whole.
                assert_eq!(text(&parts).replace("up to ", ""), expected);
            }
            let held = |report: &Report| report.sources.iter().filter(|source| !source.text.is_empty()).count();
            assert!(held(&parts) < held(&whole), "texts in which nothing was found are let go");
        }
    }
}
