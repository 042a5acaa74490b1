//! Rewriting an object: single strings are replaced, and everything else stays as it was read.
//!
//! An engine compares the object that a policy returns with the one it sent, and turns the difference into a patch. So the
//! result is the object that was read, with other strings at the paths that change: keys keep their order, and numbers stay
//! as `serde_json`, which engines use, reads them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::json::{Kind, Value};

/// Pending changes of one object.
#[derive(Debug)]
pub struct Rewriting<'d> {
    object: Value<'d>,
    /// The new text of each string that changes, by the index of its node.
    changes: BTreeMap<u32, String>,
}

impl<'d> Rewriting<'d> {
    /// No changes yet, of this object.
    pub fn new(object: Value<'d>) -> Self {
        Rewriting { object, changes: BTreeMap::new() }
    }

    /// Replaces a string of the object. A value that is no string, or stands in another document, is left as it is. Of two
    /// changes of one string the first counts.
    pub fn replace(&mut self, value: Value<'_>, text: &str) {
        if value.kind() == Kind::String && self.object.shares_document(value) {
            self.changes.entry(value.index()).or_insert_with(|| text.to_owned());
        }
    }

    /// The object with every change made; `None` if there is none.
    pub fn finish(self) -> Option<Json> {
        (!self.changes.is_empty()).then(|| self.rewritten(self.object))
    }

    fn rewritten(&self, value: Value<'_>) -> Json {
        match value.kind() {
            Kind::String => match self.changes.get(&value.index()) {
                Some(text) => text.as_str().into(),
                None => value.text().unwrap_or_default().into(),
            },
            Kind::List => value.items().map(|item| self.rewritten(item)).collect(),
            Kind::Object => value.entries().map(|(key, value)| (key.into_owned(), self.rewritten(value))).collect(),
            Kind::Null => Json::Null,
            Kind::Bool => value.as_bool().unwrap_or_default().into(),
            // What was read by `serde_json` is read by it again.
            Kind::Number => value.number().and_then(|number| serde_json::from_str(number).ok()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    #[test]
    fn only_the_strings_that_change_are_others() {
        let text = r#" {"before":"x","object":{ "z" : 1.0e5,"a":"\u0041\/","n":[-0,18446744073709551615,"b" , {"c":"d"}, null,
            true],"a2":""} , "after":0}"#;
        let document = Document::read(text.as_bytes()).unwrap();
        let object = document.root().get("object").unwrap();
        let list: Vec<_> = object.get("n").unwrap().items().collect();
        let mut rewriting = Rewriting::new(object);
        // In no order, one twice, one that is no string.
        rewriting.replace(list[3].get("c").unwrap(), "n\u{7}\"ü");
        rewriting.replace(object.get("a").unwrap(), "first");
        rewriting.replace(object.get("a").unwrap(), "second");
        rewriting.replace(object.get("z").unwrap(), "no string");
        let mut expected = serde_json::from_str::<Json>(text).unwrap()["object"].take();
        expected["a"] = "first".into();
        expected["n"][3]["c"] = "n\u{7}\"ü".into();
        assert_eq!(rewriting.finish(), Some(expected));
    }

    #[test]
    fn without_changes_there_is_no_new_object() {
        let document = Document::read(br#"{"a":"b"}"#).unwrap();
        let inner = Document::read(br#"{"a":"b"}"#).unwrap();
        let mut rewriting = Rewriting::new(document.root());
        rewriting.replace(inner.root().get("a").unwrap(), "of another document");
        assert_eq!(rewriting.finish(), None);
    }
}
