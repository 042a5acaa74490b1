//! What came of all objects, told object by object.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use isolation_report::{Finding, NotEvaluated, Note, Place, Report, Source};

use crate::admission::Admission;
use crate::input::{Input, Item};
use crate::judged::Judged;
use crate::selector::NAME_LABEL;

/// What came of the objects so far. What judged them need not be kept: an input that is too large to be held is read, judged and
/// forgotten in parts.
#[derive(Debug, Default)]
pub struct Account {
    /// What is the report's own.
    report: Report,
    /// What could not be opened.
    unopened: Vec<NotEvaluated>,
    /// What could not be read of the rest.
    faults: Vec<NotEvaluated>,
    /// What could not be evaluated of what was read.
    failures: Vec<NotEvaluated>,
    findings: Vec<Finding>,
    unjudged: BTreeMap<String, usize>,
    notes: Vec<Note>,
    said: HashSet<String>,
    asked: BTreeSet<usize>,
    unknown_namespaces: BTreeSet<String>,
    /// Whether objects are forgotten in which nothing was found.
    findings_only: bool,
}

impl Account {
    /// One that keeps nothing of objects in which nothing was found. Their number is told.
    pub fn of_findings() -> Self {
        Account { findings_only: true, ..Account::default() }
    }

    /// Adds what could not be opened. It is told before what could not be read, however late it is added.
    pub fn add_unopened(&mut self, problems: Vec<NotEvaluated>) {
        self.unopened.extend(problems);
    }

    /// Adds what came of the objects of an input, in its order.
    pub fn add(&mut self, input: &Input, judged: Vec<Judged>) {
        self.report.sources.extend(input.sources.iter().cloned());
        self.report.objects += input.items.len();
        if !self.findings_only {
            self.report.subjects.extend(input.items.iter().map(Item::subject));
        }
        self.faults.extend(input.faults.iter().cloned());
        self.findings.reserve_exact(judged.iter().map(|judged| judged.findings.len()).sum());
        for (item, judged) in input.items.iter().zip(judged) {
            if judged.asked.is_empty() && judged.failures.is_empty() {
                *self.unjudged.entry(item.object.kind.clone()).or_default() += 1;
            }
            self.asked.extend(judged.asked);
            self.findings.extend(judged.findings);
            self.failures.extend(judged.failures);
            self.unknown_namespaces.extend(judged.unknown_namespaces);
            self.notes.extend(judged.notes.into_iter().filter(|note| self.said.insert(note.what.clone())));
        }
    }

    /// The report.
    pub fn report(self, admission: Admission) -> Report {
        let Account { mut report, unopened, faults, failures, findings, unjudged, notes, .. } = self;
        let (asked, unknown_namespaces) = (self.asked, self.unknown_namespaces);
        report.policies = asked.iter().filter_map(|index| admission.title(*index)).map(str::to_owned).collect();
        let (not_evaluated, known) = admission.into_problems();
        report.not_evaluated = not_evaluated;
        report.not_evaluated.extend(unopened);
        report.not_evaluated.extend(faults);
        report.not_evaluated.extend(failures);
        let said: HashSet<&str> = known.iter().map(|note| note.what.as_str()).collect();
        let more: Vec<Note> = notes.into_iter().filter(|note| !said.contains(note.what.as_str())).collect();
        report.notes = known;
        report.notes.extend(more);
        report.notes.extend(unknown(&unknown_namespaces));
        (report.findings, report.unjudged) = (findings, unjudged);
        report
    }

    /// Whether there was nothing that could not be read.
    pub fn has_read_everything(&self) -> bool {
        self.unopened.is_empty() && self.faults.is_empty()
    }

    /// Takes out what was found so far, for whoever makes something else of it, and lets go of all texts: what could not be read or
    /// evaluated, and notes, still name their places.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        self.report.sources.clear();
        let problems = self.faults.iter_mut().chain(&mut self.failures).map(|problem| &mut problem.place);
        let places = problems.chain(self.notes.iter_mut().map(|note| &mut note.place));
        for place in places.flatten().filter(|place| !place.source.text.is_empty()) {
            *place = place.without_text();
        }
        std::mem::take(&mut self.findings)
    }

    /// Lets go of the texts of the last `number` sources, as far as nothing was found in them: the report names those whose objects it
    /// names, and shows nothing of them.
    pub fn forget_texts(&mut self, number: usize) {
        let pointer = |place: &Place| Arc::as_ptr(&place.source);
        let findings = self.findings.iter().map(|finding| &finding.location.place);
        let not_evaluated = self.faults.iter().chain(&self.failures).filter_map(|problem| problem.place.as_ref());
        let notes = self.notes.iter().filter_map(|note| note.place.as_ref());
        let shown: HashSet<*const Source> = findings.chain(not_evaluated).chain(notes).map(pointer).collect();
        let sources = &mut self.report.sources;
        let last = sources.len().saturating_sub(number);
        if self.findings_only {
            // Nothing tells of an object in one of the others.
            let kept: Vec<_> = sources.drain(last..).filter(|source| shown.contains(&Arc::as_ptr(source))).collect();
            self.report.forgotten += number.saturating_sub(kept.len());
            return sources.extend(kept);
        }
        let mut hollow: HashMap<*const Source, Arc<Source>> = HashMap::new();
        for source in sources.iter_mut().skip(last) {
            let old = Arc::as_ptr(source);
            if !shown.contains(&old) {
                *source = Arc::new(Source::new(source.name.clone(), ""));
                hollow.insert(old, Arc::clone(source));
            }
        }
        for subject in self.report.subjects.iter_mut().rev() {
            match hollow.get(&pointer(&subject.place)) {
                Some(source) => subject.place.source = Arc::clone(source),
                None if shown.contains(&pointer(&subject.place)) => {}
                // A source of an earlier part.
                None => break,
            }
        }
    }
}

impl Admission {
    /// What came of all objects of the input, in its order.
    pub fn report(self, input: &Input, judged: Vec<Judged>) -> Report {
        let mut account = Account::default();
        account.add(input, judged);
        account.report(self)
    }
}

/// The one note about namespaces whose labels are not known.
fn unknown(names: &BTreeSet<String>) -> Option<Note> {
    let list = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (these, are) = if names.len() == 1 { ("the namespace", "is") } else { ("the namespaces", "are") };
    let what = format!(
        "{these} {list} {are} not in the input: of the labels that policies select by, only {NAME_LABEL} is known"
    );
    let help = "Add the Namespace objects, as `kubectl get namespaces -o yaml` prints them".to_owned();
    (!names.is_empty()).then_some(Note { place: None, what, help })
}
