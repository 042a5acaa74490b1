//! CAPZ's patches: strings with JSON merge patches, in JSON or YAML, applied in order to the ASO object that CAPZ creates.
//! Only with them can an `AzureManagedControlPlane` request an isolated cluster, and they override all of its own fields.

use isolation::json::Kind;
use isolation::{Document, Findings};

use crate::fields::FieldMap;
use crate::lookup::miscased;
use crate::spec::{Layer, Layers, Spec};
use crate::unreadable_patch;

/// Reads a patch. To CAPZ, a text that begins with a brace is JSON, any other YAML.
fn read(text: &str) -> Result<Document<'_>, String> {
    let document = match text.trim_start().starts_with('{') {
        true => Document::read(text.as_bytes()),
        false => isolation::yaml::document(text),
    };
    document.map_err(|unreadable| unreadable.to_string())
}

/// Reads the patches under `key` of the object `own`, and calls `act` with the patched object. Unreadable patches are reported
/// and ignored.
pub fn over(
    findings: &mut Findings,
    own: Layer<'_>,
    key: &str,
    field_map: FieldMap,
    act: &mut dyn FnMut(&mut Findings, &Spec<'_>),
) {
    let mut documents = Vec::new();
    let holders = own.fields.map(|fields| findings.list(fields, key));
    for holder in holders.into_iter().flatten() {
        if !findings.expect(holder, Kind::String) {
            continue;
        }
        match read(holder.text().unwrap_or_default()) {
            Ok(document) if document.root().kind() == Kind::Object => documents.push((holder, document)),
            Ok(_) => unreadable_patch::report(holder, "it is not an object", findings),
            Err(problem) => unreadable_patch::report(holder, &problem, findings),
        }
    }
    let mut layers = Vec::with_capacity(documents.len() + 1);
    for (holder, document) in documents.iter().rev() {
        let root = document.root();
        let mut twins = Vec::new();
        miscased(root, "spec", &mut twins);
        for twin in twins {
            findings.inside(*holder, root, |findings| unreadable_patch::report_key(twin, findings));
        }
        match root.get("spec") {
            Some(spec) if spec.kind() != Kind::Object => {
                unreadable_patch::report(*holder, "its `spec` is not an object", findings);
            }
            fields => layers.push(Layer { field_map, root, at: &["spec"], fields, patch: Some(*holder) }),
        }
    }
    layers.push(own);
    act(findings, &Spec::new(layers, Layers::Override));
}
