//! What a template may be deployed with.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::found::Deployed;
use crate::given::Values;

/// Values with which a template may be deployed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    /// The values.
    pub values: Values,
    /// The files that give them.
    pub files: Vec<Arc<str>>,
    /// Parameters to which other files give different values, and these files none.
    pub open: BTreeSet<String>,
    /// Whether that is a template that links it.
    pub is_linked: bool,
    /// Parameters whose values are those of other parameters, which have default values in the template that links this one.
    pub by_default: BTreeSet<String>,
    /// Whether the template that links it deploys it.
    pub deployed: Deployed,
}
