//! Rejects unreadable documents in strings that may name an image.
//!
//! ## Why it matters
//!
//! Such a string replaces the image of a pod. Controllers accept keys in any case and use one of two equal keys. A
//! document that this policy cannot read with certainty may name an image from anywhere.
//!
//! ## What it does
//!
//! Reads the patches and containers that strings hold as JSON or YAML, and judges the images in them. A string that is
//! neither is accepted only if it cannot name an image: it contains neither the word `image` nor an escape, a YAML tag
//! or a parameter that could produce it. Any other such string is rejected, and so is a document that repeats a key or
//! spells it in another case.
//!
//! ## Fields
//!
//! `podSpecPatch` of Argo workflows and their templates; the annotation `dapr.io/component-container` of pods and of
//! Dapr components.
//!
//! ## Instead
//!
//! Write the document as JSON, as in `{"containers": [{"name": "main", "image": "myacr.azurecr.io/team/app:1.0"}]}`, or
//! as YAML whose image is not a parameter.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Annotations of other injectors: the pod that comes out is judged.
//!
//! ## References
//!
//! <https://argo-workflows.readthedocs.io/en/latest/fields/>
//! <https://docs.dapr.io/operations/components/pluggable-components-registration/>

use isolation::{Findings, Rule, Value};

use crate::settings::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI105", name: "unreadable-document", since: "0.1.0" };

/// Reports a string whose document cannot be read.
pub fn report(holder: Value<'_>, problem: &str, settings: &Settings<'_>, findings: &mut Findings) {
    let what = ["may name an image, but ", problem].concat();
    let example = settings.example("team/app:1.0");
    let start = "Write it as JSON, as in {\"containers\": [{\"name\": \"main\", \"image\": \"";
    findings.deny(&RULE, holder, what, [start, &example, "\"}]}"].concat());
}
