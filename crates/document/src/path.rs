//! Field paths, as `kubectl explain` and the API server's own messages write them.
//!
//! `spec.containers[0].image`, `metadata.annotations[service.beta.kubernetes.io/azure-load-balancer-internal]`. A key that
//! could be mistaken for something else is written in quotes: `data["a]b"]`. Where a string holds a document of its own
//! (a merge patch), the path inside it follows an arrow: `spec.asoManagedClusterPatches[0] -> spec.networkProfile`.

use std::borrow::Cow;

use crate::quote::quoted;

/// What separates the path of a string from the path inside the document that the string holds.
pub const INSIDE: &str = " -> ";

/// A path to a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(String);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into an object, by key.
    Key(String),
    /// Into a list, by position.
    Index(usize),
    /// Into a list, at whatever position: `[*]`.
    AnyIndex,
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'$')
        && !key.starts_with('-')
}

fn fits_in_brackets(key: &str) -> bool {
    !key.is_empty()
        && key != "*"
        && key.bytes().any(|b| !b.is_ascii_digit())
        && key.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'[' | b']' | b'"' | b'\\'))
}

/// The longest part of a key that a path holds, in bytes. The API server takes keys of 317; a schemaless field takes any,
/// and each violation below it would repeat it.
const KEY_BYTES: usize = 1024;

fn cut(key: &str) -> Cow<'_, str> {
    if key.len() <= KEY_BYTES {
        return Cow::Borrowed(key);
    }
    let end = (0..=KEY_BYTES).rev().find(|end| key.is_char_boundary(*end)).unwrap_or_default();
    let mut front = key.get(..end).unwrap_or_default().to_owned();
    front.push('…');
    Cow::Owned(front)
}

impl Path {
    /// The path of the object itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Whether this is the path of the object itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path as text; empty for the object itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This path and a key.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        let key = &*cut(key);
        if is_plain(key) {
            if !self.0.is_empty() {
                self.0.push('.');
            }
            self.0.push_str(key);
        } else {
            self.0.push('[');
            if fits_in_brackets(key) {
                self.0.push_str(key);
            } else {
                self.0.push_str(&quoted(key));
            }
            self.0.push(']');
        }
        self
    }

    /// This path and several keys.
    #[must_use]
    pub fn keys(self, keys: &[&str]) -> Self {
        keys.iter().fold(self, |path, key| path.key(key))
    }

    /// This path and a position in a list.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.push('[');
        self.0.push_str(&index.to_string());
        self.0.push(']');
        self
    }

    /// This path and any position in a list.
    #[must_use]
    pub fn any_index(mut self) -> Self {
        self.0.push_str("[*]");
        self
    }

    /// The path of a field in the document that the string at this path holds; of the document itself, the string's.
    #[must_use]
    pub fn inside(mut self, inner: &Path) -> Self {
        if inner.is_root() {
            return self;
        }
        self.0.push_str(INSIDE);
        self.0.push_str(&inner.0);
        self
    }

    /// Puts `outer` in front.
    #[must_use]
    pub fn below(&self, outer: &Path) -> Self {
        let mut text = outer.0.clone();
        if !text.is_empty() && !self.0.is_empty() && !self.0.starts_with('[') {
            text.push('.');
        }
        text.push_str(&self.0);
        Path(text)
    }

    /// What paths are sorted by: as text, but positions as numbers, so that `[10]` follows `[9]`.
    pub fn sort_key(&self) -> String {
        let mut key = String::with_capacity(self.0.len() + 8);
        for part in self.0.split_inclusive('[') {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 {
                key.extend(std::iter::repeat_n('0', 8_usize.saturating_sub(digits)));
            }
            key.push_str(part);
        }
        key
    }

    /// Reads a path back into its steps, up to the first arrow. What cannot be read ends the path there.
    pub fn steps(&self) -> Vec<Step> {
        steps(&self.0)
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The steps of a path that was printed by [`Path`], up to the first arrow. What cannot be read ends the path there.
pub fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    loop {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let Some((raw, after)) = quoted.split_once("\"]") else { break };
            let key = serde_json::from_str(&["\"", raw, "\""].concat()).unwrap_or_else(|_| raw.to_owned());
            steps.push(Step::Key(key));
            rest = after;
        } else if let Some(bracket) = rest.strip_prefix('[') {
            let Some((inner, after)) = bracket.split_once(']') else { break };
            steps.push(match inner.parse::<usize>() {
                Ok(index) => Step::Index(index),
                Err(_) if inner == "*" => Step::AnyIndex,
                Err(_) => Step::Key(inner.to_owned()),
            });
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[', ' ']).unwrap_or(rest.len());
            // Nothing before it is the end of the path, or the arrow.
            let Some((key, after)) = rest.split_at_checked(end).filter(|(key, _)| !key.is_empty()) else { break };
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_key_is_cut() {
        let path = Path::root().key(&"ä".repeat(1000)).key("image");
        assert!(path.as_str().len() < 1100 && path.as_str().ends_with("ä…\"].image"));
    }

    #[test]
    fn a_path_reads_back_into_its_steps() {
        let path = Path::root().keys(&["spec", "template"]).key("containers").index(3).key("image");
        assert_eq!(path.as_str(), "spec.template.containers[3].image");
        let annotation = Path::root().keys(&["metadata", "annotations"]).key("a.b/c-d").key("we\"ird ]");
        assert_eq!(annotation.as_str(), r#"metadata.annotations[a.b/c-d]["we\"ird ]"]"#);
        assert_eq!(annotation.steps()[2], Step::Key("a.b/c-d".into()));
        assert_eq!(steps(r#"a["]"#), [Step::Key("a".into())]);
        let patch = Path::root().key("patches").index(0).inside(&path);
        assert_eq!(patch.steps(), [Step::Key("patches".into()), Step::Index(0)]);
    }

    #[test]
    fn only_what_could_be_mistaken_is_in_brackets() {
        let keys = ["a_b", "$ref", "a-b", "-a", "a.b", "a b"].map(|key| Path::root().key("x").key(key).to_string());
        assert_eq!(keys, ["x.a_b", "x.$ref", "x.a-b", "x[-a]", "x[a.b]", "x[\"a b\"]"]);
    }

    #[test]
    fn a_path_goes_behind_another() {
        let [root, spec, first] = [Path::root(), Path::root().key("spec"), Path::root().index(0)];
        assert_eq!([&root, &spec, &first].map(Path::is_root), [true, false, false]);
        let below = [(&root, &root), (&root, &spec), (&spec, &root), (&spec, &spec), (&first, &spec), (&spec, &first)];
        let below = below.map(|(path, outer)| path.below(outer).to_string());
        assert_eq!(below, ["", "spec", "spec", "spec.spec", "spec[0]", "[0].spec"]);
    }

    #[test]
    fn a_number_as_a_key_is_not_taken_for_a_position() {
        let path = Path::root().key("data").any_index().key("0").key("*");
        assert_eq!(path.as_str(), r#"data[*].0["*"]"#);
        assert_eq!(path.steps()[1..], [Step::AnyIndex, Step::Key("0".into()), Step::Key("*".into())]);
    }

    #[test]
    fn findings_are_sorted_as_a_reader_counts() {
        let sorted = ["a", "a.b", "a[2].c", "a[9]", "a[10]", "b[2.x/y]", "b[10.x/y]", "b[b/c]", "b[c/d]", "c"];
        assert!(sorted.map(|path| Path(path.to_owned()).sort_key()).is_sorted_by(|a, b| a < b));
    }
}
