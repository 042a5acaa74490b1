//! Claims: PersistentVolumeClaims and their templates.

use isolation::json::Kind;
use isolation::{FieldRef, Findings, Value};

use crate::answers::{Answer, ClassKind, STORAGE_CLASS, VOLUME_ATTRIBUTES_CLASS};
use crate::context::Context;
use crate::{built_in_class, drivers, lookup, public_class, unknown_class};

/// The annotation that named a class before there was a field. Controllers still read it, before the field.
const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

/// The annotations that the volume controller writes on a claim to be provisioned; the first is the older one.
const PROVISIONED: &[&str] =
    &["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];

/// Judges a claim or a claim template: an object with `metadata` and `spec`.
pub fn claim(claim: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    if !findings.expect(claim, Kind::Object) {
        return;
    }
    let spec = findings.object(claim, "spec");
    let annotations = findings.descend(claim, &["metadata", "annotations"]);
    if spec.is_some_and(|spec| is_bound_by_name(spec, annotations, findings)) {
        return;
    }
    // The annotation takes precedence. The field is judged nevertheless, because people read it.
    let annotation = annotations.and_then(|annotations| findings.text(annotations, CLASS_ANNOTATION));
    if let Some((value, name)) = &annotation {
        class_name(&STORAGE_CLASS, (*value).into(), name, context, findings);
    }
    if let Some(spec) = spec {
        classes_of(spec, annotation.is_some(), context, findings);
    } else if annotation.is_none() {
        default_class(FieldRef::missing(claim, &["spec", "storageClassName"]), context, findings);
    }
}

/// Judges the `spec` of a claim without its metadata. If its class is `named` elsewhere, it needs none.
pub fn claim_spec(spec: Value<'_>, named: bool, context: Context<'_>, findings: &mut Findings) {
    if findings.expect(spec, Kind::Object) && !is_bound_by_name(spec, None, findings) {
        classes_of(spec, named, context, findings);
    }
}

/// Judges the name of a StorageClass under `key` of `holder`; returns whether there is one.
pub fn named_class(holder: Value<'_>, key: &str, context: Context<'_>, findings: &mut Findings) -> bool {
    if !findings.expect(holder, Kind::Object) {
        return false;
    }
    let Some((value, name)) = findings.text(holder, key) else { return false };
    class_name(&STORAGE_CLASS, value.into(), &name, context, findings);
    true
}

fn classes_of(spec: Value<'_>, named: bool, context: Context<'_>, findings: &mut Findings) {
    match findings.text(spec, "storageClassName") {
        Some((value, name)) => class_name(&STORAGE_CLASS, value.into(), &name, context, findings),
        // A field of the wrong type is already reported, and is not a claim without a class.
        None if !named && spec.field("storageClassName").is_none() => {
            default_class(FieldRef::missing(spec, &["storageClassName"]), context, findings);
        }
        None => {}
    }
    if let Some((value, name)) = findings.text(spec, "volumeAttributesClassName") {
        class_name(&VOLUME_ATTRIBUTES_CLASS, value.into(), &name, context, findings);
    }
}

fn default_class(field: FieldRef<'_>, context: Context<'_>, findings: &mut Findings) {
    class_name(&STORAGE_CLASS, field, &context.settings.default_class, context, findings);
}

/// Judges a class by its name. The empty name is no class: such a claim uses an existing volume.
fn class_name(kind: &ClassKind, field: FieldRef<'_>, name: &str, context: Context<'_>, findings: &mut Findings) {
    if name.is_empty() {
        return;
    }
    if *kind == STORAGE_CLASS
        && let Some(class) = drivers::built_in(name)
    {
        return built_in_class::check(class, field, context.settings, findings);
    }
    if !context.settings.lookup {
        return;
    }
    match lookup::answer(kind, name, context) {
        Answer::Private => {}
        Answer::Public { what, fix } => public_class::report(kind, name, field, &what, &fix, findings),
        answer => unknown_class::report(kind, field, &answer, context.settings, findings),
    }
}

/// Whether a claim names its PersistentVolume, so no class provisions for it. Provisioned claims name their volume, too, but
/// have the volume controller's annotation.
fn is_bound_by_name(spec: Value<'_>, annotations: Option<Value<'_>>, findings: &mut Findings) -> bool {
    let named = findings.text(spec, "volumeName").is_some_and(|(_, name)| !name.is_empty());
    named && !annotations.is_some_and(|annotations| PROVISIONED.iter().any(|key| annotations.field(key).is_some()))
}
