//! A value of one document in another, the keys of its objects in order: as a writer of JSON that sorts keys would have
//! written it, and a reader read it again, without the text between them.

use crate::tree::{Builder, Document, Kind};
use crate::value::Value;

impl<'a> Builder<'a> {
    /// An empty document that holds on to the texts of another one, so that what is added from it is not copied. It has room
    /// for as many nodes.
    pub fn over(other: &'a Document<'_>, nodes: usize) -> Self {
        // A document has its texts in what it was read from, or where that was not kept, in a store of its own.
        let text = if other.source().is_empty() { other.own() } else { other.source() };
        Builder::with_room(text, nodes)
    }

    /// Adds a value of another document, the keys of its objects in order. `false` if it nests deeper than that; the builder
    /// is then of no use.
    pub fn add_sorted(&mut self, value: Value<'_>, depth: usize) -> bool {
        self.add(value, depth, &mut Vec::new())
    }

    fn add<'d>(&mut self, value: Value<'d>, depth: usize, members: &mut Vec<(&'d str, Value<'d>)>) -> bool {
        match value.kind() {
            Kind::Null => self.null(),
            Kind::Bool => self.boolean(value.as_bool().unwrap_or_default()),
            Kind::Number => self.number(value.number().unwrap_or_default()),
            Kind::String => self.string(value.text().unwrap_or_default()),
            _ if depth == 0 => return false,
            Kind::List => {
                self.open_list();
                for item in value.items() {
                    if !self.add(item, depth - 1, members) {
                        return false;
                    }
                }
                // A list has no keys, and neither has an object that was read a key twice.
                return self.close(None).is_ok();
            }
            Kind::Object => {
                self.open_object();
                // One list serves all levels: each sorts what it has put at its end.
                let start = members.len();
                members.extend(value.members());
                if let Some(own) = members.get_mut(start..) {
                    own.sort_unstable_by_key(|(key, _)| *key);
                }
                for at in start..members.len() {
                    let Some((key, value)) = members.get(at).copied() else { break };
                    self.key(key);
                    if !self.add(value, depth - 1, members) {
                        return false;
                    }
                }
                members.truncate(start);
                return self.close(None).is_ok();
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(text: &str, depth: usize) -> Option<String> {
        let document = Document::read(text.as_bytes()).unwrap();
        let mut builder = Builder::over(&document, 8);
        let is_whole = builder.add_sorted(document.root(), depth);
        is_whole.then(|| builder.finish().root().to_json())
    }

    #[test]
    fn keys_are_in_order_on_every_level_and_nothing_else_changes() {
        let text = r#"{"b":[{"d":1,"c":{"z":null,"y":[]}},"é\n",-1.5],"a":{},"B":true,"aa":"\u0000"}"#;
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(sorted(text, 9), Some(value.to_string()));
    }

    #[test]
    fn texts_are_not_copied() {
        let text = r#"{"b":"x","a":"\n"}"#;
        let mut copying = Builder::copying(text.len(), false);
        crate::json::fill(text, &mut copying).unwrap();
        for document in [Document::read(text.as_bytes()).unwrap(), copying.finish()] {
            let mut builder = Builder::over(&document, 8);
            assert!(builder.add_sorted(document.root(), 9));
            let sorted = builder.finish();
            let [before, after] =
                [&document, &sorted].map(|document| document.root().get("b").unwrap().text().unwrap());
            assert_eq!((before, before.as_ptr()), (after, after.as_ptr()));
        }
    }

    #[test]
    fn what_nests_too_deep_is_not_added() {
        assert_eq!(sorted("[[[1]]]", 3).as_deref(), Some("[[[1]]]"));
        assert_eq!(sorted("[[[1]]]", 2), None);
        assert_eq!(sorted("[{\"a\":{}}]", 2), None);
    }
}
