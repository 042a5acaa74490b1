//! Checking what is larger than memory should have to hold: part by part, each read, judged and forgotten.
//!
//! A verdict takes little from other objects: which kinds there are, the labels of namespaces, and the objects that a policy may
//! look up. All parts are read once for that, and a second time to be judged, so the report is the same as of the whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use isolation_admission::{Account, InManifests, Input, Item, Kinds};
use isolation_policy_module::ContextAwareResource;
use isolation_report::{Report, Source};
use serde_json::{Map, Value};

use super::progress;
use super::run::{Run, judge_part, name_sources};
use super::texts::{Texts, nothing};
use crate::args::check::Check;
use crate::output::ReportForm;

/// The most bytes of text that are held at a time as a whole: with trees and findings of small objects, a gigabyte.
const WHOLE: u64 = 64 << 20;

/// How many bytes of text a part has, unless a single file has more.
pub const PART: u64 = 16 << 20;

/// Whether the texts are judged in parts. What writes files anew, or points into all of them, needs the whole.
pub fn are_needed(args: &Check, texts: &Texts) -> bool {
    let needs_all = args.fix
        || args.diff
        || !args.policies.is_empty()
        || args.outputs.has(ReportForm::Sarif)
        || args.outputs.has(ReportForm::Junit);
    !needs_all && texts.bytes().is_some_and(|bytes| bytes > WHOLE)
}

/// Judges the texts in parts of at most so many bytes.
///
/// # Errors
///
/// A policy that does not say what it judges, and exceptions that cannot be read.
pub fn judge(run: &Run<'_>, texts: Texts, bytes: u64) -> Result<Report> {
    let known = Known::of(&texts, bytes, &run.granted()?);
    let (admission, ran) = run.configured(&known.kinds)?;
    let admission = admission.over(&known.input, &[]);
    // Only what is said of exceptions and baselines in a part of the files asks for objects in which nothing was found.
    let mut account = if run.is_partial() { Account::default() } else { Account::of_findings() };
    let mut exceptions = InManifests::default();
    let mut notes = texts.notes.clone();
    let faults = |faults| Input { faults, ..Input::default() };
    account.add(&faults(texts.faults.clone()), Vec::new());
    let bar = progress::judging(known.objects);
    for part in texts.parts(bytes) {
        let read = Texts::read_part(part, &known.parameters);
        let mut judged = judge_part(&admission, &read.input, &bar);
        name_sources(&read, &mut judged);
        exceptions.add(&read.input);
        account.add(&read.input, judged);
        account.forget_texts(read.input.sources.len());
        notes.extend(read.notes);
    }
    bar.finish_and_clear();
    account.add(&faults(texts.not_rendered), Vec::new());
    if known.documents == 0 && account.has_read_everything() && !run.args.allow_empty {
        account.add(&faults(vec![nothing(&run.args.paths, texts.passed_over.len())]), Vec::new());
    }
    let mut report = account.report(admission);
    run.count(&ran, exceptions, false, &mut report)?;
    report.notes.extend(notes);
    report.passed_over = texts.passed_over;
    Ok(report)
}

/// What a verdict takes from other objects.
#[derive(Default)]
struct Known {
    kinds: Kinds,
    /// Namespaces, and what policies may look up.
    input: Input,
    objects: usize,
    documents: usize,
    parameters: Map<String, Value>,
}

impl Known {
    fn of(texts: &Texts, bytes: u64, granted: &BTreeSet<ContextAwareResource>) -> Self {
        let mut known = Known::default();
        for part in texts.parts(bytes) {
            let read = Texts::read_part(part, &known.parameters);
            known.kinds.extend(read.input.kinds());
            known.objects += read.input.items.len();
            known.documents += read.documents;
            known.parameters = read.parameters;
            let is_granted = |item: &Item| {
                let (api_version, kind) = (&item.object.api_version, &item.object.kind);
                granted.iter().any(|granted| granted.api_version == *api_version && granted.kind == *kind)
            };
            let wanted = read.input.items.iter().filter(|item| item.is_namespace() || is_granted(item));
            known.input.items.extend(wanted.map(alone));
        }
        known
    }
}

/// The object without the document and the text that hold it.
fn alone(item: &Item) -> Item {
    let source = Arc::new(Source::new(item.source.name.clone(), ""));
    Item { source, object: item.object.alone(), written: item.written.clone() }
}
