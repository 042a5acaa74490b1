//! Looking up classes in the cluster.

use isolation::json::Kind;
use isolation::names::is_object_name;
use isolation::{Document, Findings, LookupError, Severity};

use crate::answers::{Answer, ClassKind, STORAGE_CLASS};
use crate::classes;
use crate::context::Context;

/// The members of a class that are judged. A host that supports field masks sends only these and the metadata.
const MEMBERS: &[&str] = &["driverName", "mountOptions", "parameters", "provisioner"];

/// The answer for the class of this kind and name, looked up in the cluster if it is not known yet.
pub fn answer(kind: &ClassKind, name: &str, context: Context<'_>) -> Answer {
    // The API server does not check names in templates, and policy-server builds a path from the name.
    if !is_object_name(name) {
        return Answer::Missing;
    }
    if let Some(answer) = context.answers.known(kind, name) {
        return answer;
    }
    let answer = match context.cluster.get("storage.k8s.io/v1", kind.name, name, MEMBERS) {
        Ok(object) => judge(kind, &object, context),
        Err(LookupError::NotFound) => Answer::Missing,
        Err(LookupError::Failed(reason)) => Answer::Failed(reason),
        Err(LookupError::TooMany) => Answer::TooMany,
    };
    // There is no end to the names that are too many, and each costs no look-up: only the few that were looked up are remembered.
    if answer != Answer::TooMany {
        context.answers.remember(kind, name, answer.clone());
    }
    answer
}

fn judge(kind: &ClassKind, object: &[u8], context: Context<'_>) -> Answer {
    let document = match Document::read(object) {
        Ok(document) => document,
        Err(unreadable) => return Answer::Unreadable(unreadable.problem),
    };
    let class = document.root();
    if class.field(kind.driver).is_none_or(|driver| driver.kind() != Kind::String) {
        return Answer::Unreadable("it names no driver".to_owned());
    }
    let mut findings = Findings::new(class);
    if *kind == STORAGE_CLASS {
        classes::storage_class(class, context, &mut findings);
    } else {
        classes::volume_attributes_class(class, context, &mut findings);
    }
    findings.sort();
    match findings.kept().iter().find(|finding| finding.severity == Severity::Deny) {
        Some(finding) => {
            let mut what = finding.path.as_str().to_owned();
            if let Some(value) = &finding.value {
                what.push_str(": ");
                what.push_str(value);
            } else if finding.missing {
                what.push_str(" is not set");
            }
            what.push_str(": ");
            what.push_str(&finding.what);
            Answer::Public { what, fix: finding.fix.text.clone() }
        }
        None => Answer::Private,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use isolation::Cluster;
    use isolation::settings::Reader;

    use super::*;
    use crate::Settings;
    use crate::answers::{Answers, VOLUME_ATTRIBUTES_CLASS};

    /// A cluster with every class, which counts how often it is asked.
    struct Counting(Cell<usize>);

    impl Cluster for Counting {
        fn get(&self, _: &str, _: &str, _: &str, _: &[&str]) -> Result<Vec<u8>, LookupError> {
            self.0.set(self.0.get() + 1);
            Ok(br#"{"provisioner": "example.com", "driverName": "example.com"}"#.to_vec())
        }
    }

    /// A StatefulSet may have ten thousand claims of one class, and a class is as large as its author likes.
    #[test]
    fn a_class_is_judged_once() {
        let settings = Settings::read(&mut Reader::new(None, &[crate::settings::TABLE]));
        let cluster = Counting(Cell::new(0));
        let context = Context { settings: &settings, cluster: &cluster, answers: &Answers::default() };
        for (kind, name, asked) in [
            (&STORAGE_CLASS, "fast", 1),
            (&STORAGE_CLASS, "fast", 1),
            (&STORAGE_CLASS, "slow", 2),
            (&VOLUME_ATTRIBUTES_CLASS, "fast", 3),
            (&STORAGE_CLASS, "fast", 3),
        ] {
            assert_eq!(answer(kind, name, context), Answer::Private);
            assert_eq!(cluster.0.get(), asked, "{name}");
        }
    }
}
