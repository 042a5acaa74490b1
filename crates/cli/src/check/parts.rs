//! Checking what is larger than memory should have to hold: part by part, each read, judged and forgotten.
//!
//! All parts are read once for what a verdict takes from other objects, and a second time to be judged, so the report is the same
//! as of the whole.

use anyhow::Result;
use isolation_admission::{Account, ManifestExceptions};
use isolation_report::Report;

use super::known::known;
use super::progress;
use super::run::{Run, judge_part, name_sources};
use super::texts::{Texts, nothing};
use crate::args::check::Check;
use crate::output::ReportFormat;

/// The most bytes of text that are held at a time as a whole: with trees and findings of small objects, a gigabyte.
const WHOLE: u64 = 64 << 20;

/// How many bytes of text a part has, unless a single document has more.
pub const PART: u64 = 16 << 20;

/// Whether the texts are judged in parts. What writes files anew, or points into all of them, needs the whole.
pub(super) fn are_needed(args: &Check, texts: &Texts) -> bool {
    let needs_all = args.fix
        || args.diff
        || !args.policies.is_empty()
        || args.outputs.has(ReportFormat::Sarif)
        || args.outputs.has(ReportFormat::Junit);
    !needs_all && texts.bytes() > WHOLE
}

/// Judges the texts in parts of at most so many bytes.
///
/// # Errors
///
/// A policy that does not say what it judges, and exceptions that cannot be read.
pub(super) fn judge(run: &Run<'_>, texts: Texts, bytes: u64) -> Result<Report> {
    let granted = run.modules.granted()?;
    let known = known(|parameters, known| {
        texts.read_in_parts(bytes, parameters, &mut |read| {
            known.add(&read, &granted);
            Ok(())
        })
    })?;
    let (admission, ran) = run.configured(&known.kinds)?;
    let admission = admission.over(&known.input, &[]);
    // Only what is said of exceptions and baselines in a part of the files asks for objects in which nothing was found.
    let mut account = if run.is_partial() { Account::default() } else { Account::of_findings() };
    let mut exceptions = ManifestExceptions::default();
    let (mut notes, mut azure_notes) = (texts.notes.clone(), Vec::new());
    account.add_unopened(texts.faults.clone());
    let bar = progress::judging(known.objects);
    let mut sources = 0;
    texts.read_in_parts(bytes, &known.parameters, &mut |read| {
        let mut judged = judge_part(&admission, &read.input, &bar);
        name_sources(&read, &mut judged);
        exceptions.add(&read.input);
        account.add(&read.input, judged);
        account.add_unopened(read.unopened);
        sources += read.input.sources.len();
        if !read.goes_on {
            account.forget_texts(std::mem::take(&mut sources));
        }
        notes.extend(read.notes);
        azure_notes.extend(read.azure_notes);
        Ok(())
    })?;
    bar.finish_and_clear();
    account.add_unopened(texts.not_rendered);
    if known.documents == 0 && account.has_read_everything() && !run.args.allow_empty {
        account.add_unopened(vec![nothing(&run.args.paths, texts.skipped.len())]);
    }
    let mut report = account.report(admission);
    run.count(&ran, exceptions, false, &mut report)?;
    report.notes.extend(notes);
    report.notes.extend(azure_notes);
    report.skipped = texts.skipped;
    Ok(report)
}
