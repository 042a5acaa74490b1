//! A finding as data: which rule, about which object, where, what, and what to write instead.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::place::Place;
use crate::whole::Whole;

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The policy that judged: `private-images`, or `ClusterAdmissionPolicy private-images`.
    pub policy: String,
    /// The rule; a policy that is not ours may name none.
    pub rule: Option<RuleRef>,
    /// Whether it refuses.
    pub severity: Severity,
    /// The object.
    pub object: ObjectRef,
    /// All of the object, in its text.
    pub subject: Place,
    /// Where.
    pub location: Location,
    /// The value there, as a text; a long one is cut, and a secret one is hidden.
    pub value: Option<String>,
    /// The whole value, where `value` is not all of it: of a long text, a list or an object. Nothing prints it; what is
    /// recognised in another run is recognised by it.
    pub whole: Option<Arc<Whole>>,
    /// What it is a part of, each field with its value as JSON: with another value there it is another finding. Nothing prints
    /// it.
    pub part: Vec<(String, String)>,
    /// Whether the field is not set.
    pub missing: bool,
    /// What is wrong: a clause.
    pub what: String,
    /// What to write instead.
    pub fix: Option<Fix>,
    /// Further notes: clauses.
    pub notes: Vec<String>,
}

impl Finding {
    /// Whether admission will reject the object for it.
    pub fn refuses(&self) -> bool {
        self.severity == Severity::Deny
    }

    /// The value as it stands there, where it is a text or a number that may be told; otherwise nothing.
    pub fn full_value(&self) -> Cow<'_, str> {
        let cut = self.value.as_ref().and(self.whole.as_ref());
        match cut.and_then(|whole| whole.text()) {
            Some(text) => text.into(),
            None => self.value.as_deref().unwrap_or_default().into(),
        }
    }

    /// The change that mends it, if one value does.
    pub fn change(&self) -> Option<&Change> {
        self.fix.as_ref()?.change.as_ref()
    }
}

/// The rule that a finding comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// Its id: `NI101`.
    pub id: String,
    /// Its name, if it is a rule of ours: `public-registry`.
    pub name: Option<&'static str>,
}

/// Whether a finding refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Admission will reject the object.
    Deny,
    /// Admission will accept the object and tell the user.
    Warn,
}

/// An object, by what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectRef {
    /// Group and version: `apps/v1`.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// The namespace; empty where the object names none.
    pub namespace: String,
    /// The name; empty where the object has none.
    pub name: String,
}

/// Where a finding is: as a field of the object, and in a text.
#[derive(Clone, Debug)]
pub struct Location {
    /// The field: `spec.containers[0].image`; empty for the object as a whole.
    pub path: String,
    /// The field in the text, or the nearest one above it that is there.
    pub place: Place,
}

/// What to write instead.
#[derive(Clone, Debug)]
pub struct Fix {
    /// A sentence without full stop.
    pub text: String,
    /// The change that does it, where one value does.
    pub change: Option<Change>,
}

/// What becomes of the field that a finding is about.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it is to hold; `None` where it is to go.
    pub to: Option<Value>,
    /// Whether it only says what was meant already.
    pub safe: bool,
    /// The same in the text, where somebody has worked that out.
    pub edit: Option<Edit>,
}

/// Something to write in place of something.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What is written there.
    pub place: Place,
    /// What is to be.
    pub text: String,
}

/// The object in a sentence: `Deployment shop/web`.
impl std::fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.namespace.as_str(), self.name.as_str()) {
            (_, "") => f.write_str(&self.kind),
            ("", name) => write!(f, "{} {name}", self.kind),
            (namespace, name) => write!(f, "{} {namespace}/{name}", self.kind),
        }
    }
}
