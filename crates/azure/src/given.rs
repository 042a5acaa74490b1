//! What a template's parameters get: values, or their own default values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::text::{Fields, Part, member};
use crate::written::UNKNOWN;

/// How many types may stand for one another.
const DEFINITIONS: usize = 16;

/// Values by the names of parameters in lower case, as a template writes them.
pub type Values = BTreeMap<String, Value>;

/// What a template's parameters are given.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The values.
    pub values: Values,
    /// The parameters that may get others.
    pub open: BTreeSet<String>,
    /// Whether all others get values, too, and nobody knows which.
    pub is_rest_unknown: bool,
}

impl Given {
    /// The same for a template that declares these parameters.
    pub fn for_declared(mut self, names: impl Iterator<Item = String>) -> Self {
        if self.is_rest_unknown {
            names.for_each(|name| _ = self.values.entry(name).or_insert_with(|| UNKNOWN.into()));
        }
        self
    }
}

/// The parameters that a template declares, in lower case, and whether each has a default value.
pub fn declared(template: Part<'_>) -> BTreeMap<String, bool> {
    let fields = Fields::of(template);
    let parameters = fields.value("parameters").unwrap_or_default();
    let definitions = fields.value("definitions").unwrap_or_default();
    let parameters = parameters.as_object().into_iter().flatten();
    parameters.map(|(name, of)| (name.to_ascii_lowercase(), default_of(of, &definitions).is_some())).collect()
}

/// The value that a parameter has where none is given. One that may be null is null.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/definitions#nullable-constraint>
pub fn default_of(parameter: &Value, definitions: &Value) -> Option<Value> {
    if let Some(default) = member(parameter, "defaultValue") {
        return Some(default.clone());
    }
    let mut of_type = parameter;
    for _ in 0..DEFINITIONS {
        if member(of_type, "nullable") == Some(&Value::Bool(true)) {
            return Some(Value::Null);
        }
        let name = member(of_type, "$ref")?.as_str()?.strip_prefix("#/definitions/")?;
        of_type = member(definitions, name)?;
    }
    None
}
