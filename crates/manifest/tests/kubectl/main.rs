//! What we read is what kubectl reads.
//!
//! `answers.jsonl` holds what kubectl made of each text of the corpus, so that the comparison needs no kubectl. Where one of the
//! same version is installed, as `make test` does, a sample of the answers is asked for again; `BLESS=1` records all of them anew. What differs is listed in
//! `different.rs`, with the reason.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod corpus;
mod different;

use std::collections::BTreeSet;

use isolation_manifest::{decode, read};
use serde_json::Value;

use answers::Answer;
use corpus::{Text, corpus};
use different::DIFFERENT;

/// What comes of comparing our reading with kubectl's.
#[derive(Debug, PartialEq)]
enum Outcome {
    Same,
    /// kubectl takes the text and we do not.
    Refused(String),
    /// We take the text and kubectl does not.
    Taken(String),
    /// Both take it, for different things.
    Otherwise(Vec<Value>),
}

fn compare(text: &Text, answer: &Answer) -> Outcome {
    let (decoded, _) = decode(text.bytes.clone());
    let found = read(&decoded).found;
    let problem = found.iter().find_map(|found| found.as_ref().err());
    let ours = found.iter().filter_map(|found| found.as_ref().ok()).map(|object| {
        let mut object = object.to_json();
        // kubectl reads managed fields and does not print them.
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("managedFields");
        }
        object
    });
    let ours: Vec<Value> = ours.collect();
    match (&answer.refused, problem) {
        (None, Some(problem)) => Outcome::Refused(problem.what.clone()),
        (Some(refused), None) => Outcome::Taken(refused.clone()),
        (None, None) if !same_all(&ours, &answer.objects) => Outcome::Otherwise(ours),
        // kubectl stops at the first document that it does not take; what it took before must be what we took.
        (Some(_), Some(_)) if answer.objects.iter().any(|theirs| !ours.iter().any(|ours| same(ours, theirs))) => {
            Outcome::Otherwise(ours)
        }
        _ => Outcome::Same,
    }
}

fn same_all(ours: &[Value], theirs: &[Value]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
}

/// Whether two values are the same; numbers are compared by what they are and not by how they are written.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            // `serde_json` may differ in the last digit of what no double holds exactly.
            _ => a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= a.abs() * f64::EPSILON),
        },
        (Value::Array(a), Value::Array(b)) => same_all(a, b),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (a, b) => a == b,
    }
}

#[test]
fn every_text_is_read_as_kubectl_reads_it_or_listed() {
    let texts = corpus();
    if std::env::var_os("BLESS").is_some() {
        answers::record(&texts);
    }
    let answers = answers::recorded();
    assert_eq!(texts.len(), answers.len(), "BLESS=1 records the answers");
    let mut faults = Vec::new();
    let mut listed: BTreeSet<&str> = DIFFERENT.iter().flat_map(|(_, texts)| texts.iter().copied()).collect();
    for (text, answer) in texts.iter().zip(&answers) {
        assert_eq!(text.name, answer.text, "BLESS=1 records the answers");
        let outcome = compare(text, answer);
        let is_listed = listed.remove(text.name.as_str());
        match (&outcome, is_listed) {
            (Outcome::Otherwise(_), _) | (_, false) if outcome != Outcome::Same => {
                faults.push(format!("{}\n    {outcome:?}\n    kubectl: {answer:?}", text.name))
            }
            (Outcome::Same, true) => faults.push(format!("{}\n    listed, though there is no difference", text.name)),
            _ => {}
        }
    }
    faults.extend(listed.into_iter().map(|name| format!("{name}\n    listed, but there is no such text")));
    assert!(faults.is_empty(), "{} of {} texts:\n{}", faults.len(), texts.len(), faults.join("\n"));
}

/// The recorded answers are those of the kubectl that is installed: a sample, for each takes a tenth of a second.
#[test]
fn kubectl_answers_as_recorded() {
    if answers::kubectl().is_none() {
        println!("no kubectl {}: the recorded answers stand", answers::VERSION);
        return;
    }
    let answers = answers::recorded();
    let corpus = corpus();
    let sample: Vec<(&Text, Answer)> = corpus.iter().zip(answers).step_by(29).collect();
    let (texts, recorded): (Vec<&Text>, Vec<Answer>) = sample.into_iter().unzip();
    for (now, recorded) in answers::ask_all(&texts).into_iter().zip(recorded) {
        assert_eq!(now.refused.is_some(), recorded.refused.is_some(), "{}", now.text);
        // Of two keys that kubectl writes alike either is sent, by chance.
        if !DIFFERENT.iter().any(|(_, texts)| texts.contains(&now.text.as_str())) {
            assert_eq!(now.objects, recorded.objects, "{}", now.text);
        }
    }
}
