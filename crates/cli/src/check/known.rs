//! What a verdict takes from other objects, collected before the first is judged where they are read part by part: which kinds
//! there are, the labels of namespaces, and the objects that a policy may look up.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use isolation_admission::{Input, Item, Kinds};
use isolation_azure::Parameters;
use isolation_policy_module::ContextAwareResource;
use isolation_report::Source;

use super::input::Read;

/// What a verdict takes from other objects.
#[derive(Debug, Default)]
pub struct Known {
    /// The kinds that there are.
    pub kinds: Kinds,
    /// Namespaces, and what policies may look up.
    pub input: Input,
    /// How many objects there are.
    pub objects: usize,
    /// How many documents there are.
    pub documents: usize,
    /// Files of parameters, and the ARM templates that they may belong to.
    pub parameters: Arc<Parameters>,
}

/// Collects it. `add` reads all parts with these files of parameters for templates, and adds them.
///
/// # Errors
///
/// Those of `add`.
pub fn known(mut add: impl FnMut(&Arc<Parameters>, &mut Known) -> Result<()>) -> Result<Known> {
    let mut known = Known::default();
    add(&Arc::default(), &mut known)?;
    // Which resources a template has may depend on values that a later file gives.
    if known.parameters.decides() {
        let parameters = Arc::clone(&known.parameters);
        known = Known { parameters: Arc::clone(&parameters), ..Known::default() };
        add(&parameters, &mut known)?;
    }
    Ok(known)
}

impl Known {
    /// Adds a part. `granted` are the kinds that policies may look up.
    pub fn add(&mut self, read: &Read, granted: &BTreeSet<ContextAwareResource>) {
        self.kinds.extend(read.input.kinds());
        self.objects += read.input.items.len();
        self.documents += read.documents;
        // Once all files are known, every part is read with them.
        if !Arc::ptr_eq(&self.parameters, &read.parameters) {
            Arc::make_mut(&mut self.parameters).extend(&read.parameters);
        }
        let is_granted = |item: &Item| {
            let (api_version, kind) = (&item.object.api_version, &item.object.kind);
            granted.iter().any(|granted| granted.api_version == *api_version && granted.kind == *kind)
        };
        let wanted = read.input.items.iter().filter(|item| item.is_namespace() || is_granted(item));
        self.input.items.extend(wanted.map(alone));
    }
}

/// The object without the document and the text that hold it.
fn alone(item: &Item) -> Item {
    let source = Arc::new(Source::new(item.source.name.clone(), ""));
    Item { source, object: item.object.alone(), original: item.original.clone() }
}
