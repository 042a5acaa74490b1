//! Rewriting an object: single strings of it are replaced, and everything else stays byte for byte.
//!
//! An engine compares the object that a policy hands back with the one it sent and makes a patch of the difference. So a
//! field that a policy does not know, a number's form and the order of keys must come back as they were: the new text is
//! the old one with other strings spliced in, never a printed tree.

use crate::json::{Kind, Value, quote};
use crate::order::order;

/// Changes of one object that are not made yet.
#[derive(Debug)]
pub struct Rewriting<'d> {
    object: Value<'d>,
    /// Where a string is written in the document, and the JSON to put there.
    changes: Vec<(usize, usize, String)>,
}

impl<'d> Rewriting<'d> {
    /// No changes yet, of this object.
    pub fn new(object: Value<'d>) -> Self {
        Rewriting { object, changes: Vec::new() }
    }

    /// Replaces a string of the object. A value that is no string, or stands in another document, is left as it is.
    pub fn replace(&mut self, value: Value<'_>, text: &str) {
        if value.kind() != Kind::String || !self.object.shares_document(value) {
            return;
        }
        let (start, end) = value.span();
        let mut json = String::with_capacity(text.len() + 2);
        quote(text, &mut json);
        self.changes.push((start, end, json));
    }

    /// The object's text with every change made; `None` if there is none. Of two changes of one string the first counts.
    pub fn finish(self) -> Option<String> {
        if self.changes.is_empty() {
            return None;
        }
        let changes = &self.changes;
        let order = order(changes.len(), &|a, b| changes[a].0.cmp(&changes[b].0));
        let raw = self.object.raw();
        let (base, _) = self.object.span();
        let mut out = String::with_capacity(raw.len() + 48 * self.changes.len());
        let mut at = 0;
        for (start, end, json) in order.into_iter().filter_map(|at| changes.get(at)) {
            // What is not a part of the object that follows the last change has no text to keep, and is not changed.
            let Some(kept) = start.checked_sub(base).and_then(|start| raw.get(at..start)) else { continue };
            out.push_str(kept);
            out.push_str(json);
            at = end - base;
        }
        out.push_str(raw.get(at..).unwrap_or_default());
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    #[test]
    fn only_the_strings_that_change_are_other_bytes() {
        let text =
            r#" {"before":"x","object":{ "z" : 1.0e5,"a":"\u0041\/","n":[-0,"b" , {"c":"d"}],"a2":""} , "after":0}"#;
        let document = Document::read(text.as_bytes()).unwrap();
        let object = document.root().get("object").unwrap();
        let list: Vec<_> = object.get("n").unwrap().items().collect();
        let mut rewriting = Rewriting::new(object);
        // In no order, one twice, one that is no string, one outside of the object.
        rewriting.replace(list[2].get("c").unwrap(), "n\u{7}\"ü");
        rewriting.replace(object.get("a").unwrap(), "long enough to move what follows");
        rewriting.replace(object.get("a").unwrap(), "second");
        rewriting.replace(object.get("z").unwrap(), "no string");
        rewriting.replace(document.root().get("before").unwrap(), "outside");
        let expected =
            r#"{ "z" : 1.0e5,"a":"long enough to move what follows","n":[-0,"b" , {"c":"n\u0007\"ü"}],"a2":""}"#;
        assert_eq!(rewriting.finish().as_deref(), Some(expected));
    }

    #[test]
    fn without_changes_there_is_no_new_text() {
        let document = Document::read(br#"{"a":"b"}"#).unwrap();
        let inner = Document::read(br#"{"a":"b"}"#).unwrap();
        let mut rewriting = Rewriting::new(document.root());
        rewriting.replace(inner.root().get("a").unwrap(), "of another document");
        assert_eq!(rewriting.finish(), None);
    }
}
