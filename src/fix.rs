//! What to do about a finding: a sentence, and where one value mends it, that value as data.

use std::borrow::Cow;

use serde::Serialize;

/// What to do about a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fix {
    /// A sentence without full stop.
    pub text: String,
    /// The change that does it, where one value does: at the finding's path, in the object that is judged.
    pub change: Option<Change>,
}

/// What becomes of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is to hold; `None` where it is to go.
    pub to: Option<NewValue>,
    /// Whether the change only says what was meant already, so that nobody has to think about it: a spelling that the
    /// consumer does not recognise. Everything that does something else than before, or needs something else first, is not.
    pub safe: bool,
}

/// What a field is to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum NewValue {
    /// A text.
    Text(Cow<'static, str>),
    /// A boolean.
    Bool(bool),
}

impl From<&'static str> for NewValue {
    fn from(text: &'static str) -> Self {
        NewValue::Text(Cow::Borrowed(text))
    }
}

impl From<String> for NewValue {
    fn from(text: String) -> Self {
        NewValue::Text(Cow::Owned(text))
    }
}

impl From<bool> for NewValue {
    fn from(value: bool) -> Self {
        NewValue::Bool(value)
    }
}

impl Fix {
    /// Sets the field.
    pub fn set(text: impl Into<String>, to: impl Into<NewValue>) -> Self {
        Fix { text: text.into(), change: Some(Change { to: Some(to.into()), safe: false }) }
    }

    /// Takes the field away.
    pub fn remove(text: impl Into<String>) -> Self {
        Fix { text: text.into(), change: Some(Change { to: None, safe: false }) }
    }

    /// The same, safe where `safe` holds.
    #[must_use]
    pub fn safe_if(mut self, safe: bool) -> Self {
        if let Some(change) = &mut self.change {
            change.safe = safe;
        }
        self
    }
}

impl From<String> for Fix {
    fn from(text: String) -> Self {
        Fix { text, change: None }
    }
}

impl From<&str> for Fix {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&Fix> for Fix {
    fn from(fix: &Fix) -> Self {
        fix.clone()
    }
}

impl From<&String> for Fix {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}
