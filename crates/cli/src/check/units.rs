//! What of a large text is read at a time: a document, or some items of one that is a list.

use isolation_manifest::{List, Object, Part, Problem, Run, read_part};
use rayon::prelude::*;

use super::progress;

/// What is read at a time: a document, or some items of one that is a list.
#[derive(Clone, Copy, Debug)]
pub enum Unit<'d> {
    /// A document, or the place where there is none.
    Document(&'d Result<Part, Problem>),
    /// Some items of a list.
    Items(&'d List, &'d Run),
}

impl Unit<'_> {
    /// How many bytes of text it has.
    pub fn bytes(&self) -> u64 {
        match self {
            Unit::Document(part) => part.as_ref().map_or(0, |part| part.span.len() as u64),
            Unit::Items(list, run) => list.bytes(run).len() as u64,
        }
    }
}

/// Of a list the most bytes that are one core's work.
const RUN: u64 = 1 << 20;

/// The runs of a document that is a list, of at most so many bytes; `None` if it is something else, or has to be read as a whole.
pub fn list_in_runs(text: &str, part: &Part, bytes: u64) -> Option<(List, Vec<Run>)> {
    let list = List::find(text, part)?;
    let runs = list.runs(bytes.min(RUN) as usize);
    // What cannot be read anywhere in a document is said instead of all its objects.
    let bar = progress::reading(part.span.len() as u64);
    let is_read = runs.par_iter().all(|run| {
        bar.inc(list.bytes(run).len() as u64);
        list.read(text, run, &mut Vec::new())
    });
    bar.finish_and_clear();
    is_read.then_some((list, runs))
}

/// A document as what is read at a time, in order.
pub fn units<'d>(part: &'d Result<Part, Problem>, list: Option<&'d (List, Vec<Run>)>) -> Vec<Unit<'d>> {
    match list {
        Some((list, runs)) => runs.iter().map(|run| Unit::Items(list, run)).collect(),
        None => vec![Unit::Document(part)],
    }
}

/// Whether a document begins with each, and its objects.
pub fn read_units(text: &str, units: Vec<Unit<'_>>) -> Vec<(bool, Vec<Result<Object, Problem>>)> {
    let bar = progress::reading(units.iter().map(Unit::bytes).sum());
    let read = |unit: Unit<'_>| {
        let mut found = Vec::new();
        let is_document = match unit {
            Unit::Document(part) => read_document(text, part.clone(), &mut found),
            Unit::Items(list, run) => {
                if !list.read(text, run, &mut found) {
                    let at = list.bytes(run);
                    let what = "items of a list could be read once and not again".to_owned();
                    found.push(Err(Problem { span: at, what, help: String::new() }));
                }
                run.start == 0
            }
        };
        bar.inc(unit.bytes());
        (is_document, found)
    };
    let found = units.into_par_iter().map(read).collect();
    bar.finish_and_clear();
    found
}

/// Reads a document; whether there is something in it.
pub fn read_document(text: &str, part: Result<Part, Problem>, found: &mut Vec<Result<Object, Problem>>) -> bool {
    match part {
        Ok(part) => read_part(text, &part, found),
        Err(problem) => {
            found.push(Err(problem));
            false
        }
    }
}
