//! Which policies are asked about an object, compared with what a real API server did: `e2e-tests/dispatch`, recorded by
//! `e2e-tests/bats/dispatch.bats`.
//!
//! Where the API server asks a policy, it is asked here, or it is said that this is not known. Where the API server does not ask,
//! it is not asked here either, or it is said that this is not known.

// A helper of tests is a test to everybody but clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use isolation_admission::{Admission, AnnotationFinding, Input, Original, deployed, native};
use isolation_cases::dispatch::{self, Object, Policy};
use isolation_report::{ObjectRef, Source};
use serde_json::Value;

/// An object that is changed or deleted: here its text does not say so.
#[derive(Debug)]
struct There {
    before: Option<Value>,
    deleted: bool,
}

impl Original for There {
    fn reference(&self) -> ObjectRef {
        ObjectRef { api_version: String::new(), kind: String::new(), namespace: String::new(), name: String::new() }
    }

    fn path(&self, judged: &str) -> String {
        judged.to_owned()
    }

    fn span(&self, _: &str) -> Range<usize> {
        0..0
    }

    fn whole(&self) -> Range<usize> {
        0..0
    }

    fn is_unknown(&self, _: &str) -> bool {
        false
    }

    fn fix(&self, found: &AnnotationFinding) -> String {
        found.fix.clone()
    }

    fn before(&self) -> Option<&Value> {
        self.before.as_ref()
    }

    fn is_deleted(&self) -> bool {
        self.deleted
    }
}

/// Pairs that are decided otherwise, and why that is right.
const OTHERWISE: &[(&str, &str)] = &[
    // A field that pods do not have: the API server drops it, and kubectl does not send it.
    ("pod-has-an-unknown-field", "pod-with-an-unknown-field"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Asked,
    NotAsked,
    Refused,
    Unknown,
}

/// What is decided here about each of the objects.
fn decisions(policy: &Policy, objects: &Input, beside: &Input, modules: &native::Modules) -> Vec<Decision> {
    let text = Source::new("policy.yaml", policy.resource.to_string());
    let Ok(specification) = deployed(&Input::read([text]).items[0]).unwrap() else {
        // A policy that cannot be read is reported, whatever the objects are.
        return vec![Decision::Unknown; objects.items.len()];
    };
    let mut admission = Admission::new("default");
    admission.add(specification.equip(modules));
    let admission = admission.over(&Input::default(), &beside.items);
    let decided = objects.items.iter().map(|object| {
        let judged = admission.judge(object);
        let refused = judged.findings.iter().any(|finding| finding.what.contains("the API server cannot evaluate"));
        let is_doubtful = judged.notes.iter().any(|note| note.what.contains("only the cluster knows"));
        match (judged.failures.is_empty() && !is_doubtful, refused, judged.was_asked()) {
            (false, ..) => Decision::Unknown,
            (_, true, _) => Decision::Refused,
            (_, _, true) => Decision::Asked,
            _ => Decision::NotAsked,
        }
    });
    decided.collect()
}

/// The objects as they are read from files; of those that are changed or deleted the text says so.
fn input(objects: &[Object]) -> Input {
    let texts = objects.iter().map(|object| Source::new(object.name.as_str(), object.object.to_string()));
    let mut input = Input::read(texts);
    for (item, object) in input.items.iter_mut().zip(objects) {
        if object.operation() != "CREATE" {
            item.original = Some(Arc::new(There { before: object.before.clone(), deleted: object.deleted }));
        }
    }
    input
}

/// The pairs of which nothing is known, as `unknown.yaml` has them: a line for each policy.
fn listed(unknown: &BTreeMap<&str, BTreeSet<&str>>) -> String {
    let mut text = String::from(
        "# What `isolation check` says that it cannot know: by policy, the objects about which the API server may ask it.\n\
         # BLESS=1 cargo test -p isolation-admission --test dispatch writes this.\n",
    );
    for (policy, objects) in unknown {
        writeln!(text, "{policy}: [{}]", objects.iter().copied().collect::<Vec<_>>().join(", ")).unwrap();
    }
    text
}

#[test]
fn every_policy_is_asked_about_the_objects_that_the_api_server_asks_it_about() {
    let (policies, objects, recorded) =
        (dispatch::policies().unwrap(), dispatch::objects().unwrap(), dispatch::recorded().unwrap());
    let names: Vec<&String> = policies.iter().map(|policy| &policy.name).collect();
    assert_eq!(names, recorded.keys().collect::<Vec<_>>(), "the record is of another table");
    let namespaces = std::fs::read_to_string(dispatch::folder().join("namespaces.yaml")).unwrap();
    let beside = Input::read([Source::new("namespaces.yaml", namespaces)]);
    let modules = native::Modules::new().unwrap();
    let input = input(&objects);
    let mut wrong = Vec::new();
    let mut unknown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for policy in &policies {
        let theirs = &recorded[&policy.name];
        for (object, our) in objects.iter().zip(decisions(policy, &input, &beside, &modules)) {
            let their = match () {
                () if theirs.refused.contains(&object.name) => Decision::Refused,
                () if theirs.asked.contains(&object.name) => Decision::Asked,
                () => Decision::NotAsked,
            };
            match our {
                Decision::Unknown => {
                    unknown.entry(&policy.name).or_default().insert(&object.name);
                }
                our if our == their => {}
                Decision::Asked if OTHERWISE.contains(&(&policy.name, &object.name)) => {}
                our => wrong.push(format!("{} about {}: API server {their:?}, here {our:?}", policy.name, object.name)),
            }
        }
    }
    let file: PathBuf = dispatch::folder().join("unknown.yaml");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, listed(&unknown)).unwrap();
    }
    assert!(wrong.is_empty(), "{} of {} pairs\n{}", wrong.len(), policies.len() * objects.len(), wrong.join("\n"));
    // What is not known must not become more unnoticed: whoever knows nothing is never wrong.
    assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), listed(&unknown));
}
