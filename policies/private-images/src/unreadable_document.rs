//! Rejects documents inside strings that may name an image and cannot be read.
//!
//! ## What it does
//!
//! Reads the patches and containers that strings hold, JSON or YAML, and judges the images in them. What is neither is
//! accepted if no image can stand in it: if it has neither the word `image` nor an escape, a tag or a parameter that could
//! be it. Anything else is rejected, as is a document that names a key twice or spells it in another case.
//!
//! ## Why it matters
//!
//! Such a string replaces the image of a pod. The controllers take keys in any case, and of two equal keys one or the other,
//! so what this policy does not read with certainty may mean an image from anywhere.
//!
//! ## Fields
//!
//! `podSpecPatch` of Argo's workflows and their templates; the annotation `dapr.io/component-container` of pods and of
//! Dapr's components.
//!
//! ## Instead
//!
//! Write the document as JSON: `{"containers": [{"name": "main", "image": "myacr.azurecr.io/team/app:1.0"}]}`, or as YAML
//! whose image is no parameter.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! What other injectors make of annotations: the pod that comes out is judged.
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
    let what = ["holds a document that may name an image, but ", problem].concat();
    let example = settings.example("team/app:1.0");
    let start = "Write it as JSON, as in {\"containers\": [{\"name\": \"main\", \"image\": \"";
    findings.deny(&RULE, holder, what, [start, &example, "\"}]}"].concat());
}
