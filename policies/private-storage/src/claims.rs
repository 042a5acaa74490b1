//! Claims: PersistentVolumeClaims, and the templates that become some.

use isolation::json::Kind;
use isolation::{Cluster, Findings, Spot, Value};

use crate::drivers;
use crate::lookup::{Answer, ClassKind, STORAGE_CLASS, VOLUME_ATTRIBUTES_CLASS};
use crate::{Settings, built_in_class, public_class, unknown_class};

/// The annotation that named a class before there was a field. Controllers still read it, before the field.
const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

/// What the volume controller writes on a claim that it has a driver make a volume for; the first is the older one.
const PROVISIONED: &[&str] =
    &["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];

/// What claims are judged by.
#[derive(Clone, Copy)]
pub struct Judge<'s> {
    /// The settings.
    pub settings: &'s Settings<'s>,
    /// The cluster, for look-ups.
    pub cluster: &'s dyn Cluster,
}

impl Judge<'_> {
    /// Judges a claim or the template of one: an object with `metadata` and `spec`.
    pub fn claim(&self, claim: Value<'_>, findings: &mut Findings) {
        if !findings.expect(claim, Kind::Object) {
            return;
        }
        let spec = findings.object(claim, "spec");
        let annotations = findings.descend(claim, &["metadata", "annotations"]);
        if spec.is_some_and(|spec| is_bound_by_name(spec, annotations, findings)) {
            return;
        }
        // Where both are given the annotation counts; the field is judged nevertheless, as the name that people read.
        let annotation = annotations.and_then(|annotations| findings.text(annotations, CLASS_ANNOTATION));
        if let Some((value, name)) = &annotation {
            self.class_name(&STORAGE_CLASS, (*value).into(), name, findings);
        }
        if let Some(spec) = spec {
            self.classes_of(spec, annotation.is_some(), findings);
        } else if annotation.is_none() {
            self.default_class(Spot::missing(claim, &["spec", "storageClassName"]), findings);
        }
    }

    /// Judges the `spec` of a claim that stands somewhere without its metadata. If its class is `named` elsewhere, it needs
    /// none.
    pub fn claim_spec(&self, spec: Value<'_>, named: bool, findings: &mut Findings) {
        if findings.expect(spec, Kind::Object) && !is_bound_by_name(spec, None, findings) {
            self.classes_of(spec, named, findings);
        }
    }

    /// Judges the name of a StorageClass that `holder` has under `key`, and says whether it has one.
    pub fn named_class(&self, holder: Value<'_>, key: &str, findings: &mut Findings) -> bool {
        if !findings.expect(holder, Kind::Object) {
            return false;
        }
        let Some((value, name)) = findings.text(holder, key) else { return false };
        self.class_name(&STORAGE_CLASS, value.into(), &name, findings);
        true
    }

    fn classes_of(&self, spec: Value<'_>, named: bool, findings: &mut Findings) {
        match findings.text(spec, "storageClassName") {
            Some((value, name)) => self.class_name(&STORAGE_CLASS, value.into(), &name, findings),
            // A field of another type is reported already, and is not a claim without a class.
            None if !named && spec.field("storageClassName").is_none() => {
                self.default_class(Spot::missing(spec, &["storageClassName"]), findings);
            }
            None => {}
        }
        if let Some((value, name)) = findings.text(spec, "volumeAttributesClassName") {
            self.class_name(&VOLUME_ATTRIBUTES_CLASS, value.into(), &name, findings);
        }
    }

    fn default_class(&self, spot: Spot<'_>, findings: &mut Findings) {
        self.class_name(&STORAGE_CLASS, spot, &self.settings.default_class, findings);
    }

    /// Judges a class by its name. The empty name is no class: such a claim takes a volume that exists.
    fn class_name(&self, kind: &ClassKind, spot: Spot<'_>, name: &str, findings: &mut Findings) {
        if name.is_empty() {
            return;
        }
        if kind.name == STORAGE_CLASS.name
            && let Some(class) = drivers::built_in(name)
        {
            return built_in_class::check(class, spot, self.settings, findings);
        }
        if !self.settings.lookup {
            return;
        }
        match self.settings.answers.of(kind, name, *self) {
            Answer::Private => {}
            Answer::Public { what, fix } => public_class::report(kind, name, spot, &what, &fix, findings),
            answer => unknown_class::report(kind, spot, &answer, findings),
        }
    }
}

/// Whether a claim takes a PersistentVolume that it names, so that no class provisions for it. Claims that were provisioned
/// name their volume too; what tells them apart is the volume controller's annotation.
fn is_bound_by_name(spec: Value<'_>, annotations: Option<Value<'_>>, findings: &mut Findings) -> bool {
    let named = findings.text(spec, "volumeName").is_some_and(|(_, name)| !name.is_empty());
    named && !annotations.is_some_and(|annotations| PROVISIONED.iter().any(|key| annotations.field(key).is_some()))
}
