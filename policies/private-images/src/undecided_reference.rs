//! Warns of references that are known only when a workflow runs.
//!
//! ## Why it matters
//!
//! The workflow is accepted now and may fail later: the pod that it creates is judged, and rejected if its image is
//! public.
//!
//! ## What it does
//!
//! Argo, Tekton, Katib and Flux Operator replace the parameters in a reference (`{{…}}`, `$(…)`, `${…}`, `<<…>>`)
//! before they create a pod. Where the text before the first parameter settles the registry, the reference is judged:
//! `myacr.azurecr.io/app:{{inputs.parameters.tag}}` is accepted, and `public-registry` rejects
//! `quay.io/app:$(params.tag)`. Where it does not, this rule warns.
//!
//! ## Fields
//!
//! The images of resources of the groups `argoproj.io`, `tekton.dev`, `triggers.tekton.dev`, `kubeflow.org` and
//! `fluxcd.controlplane.io`.
//!
//! ## Instead
//!
//! Write out the registry and use parameters only after it.
//!
//! ## Settings
//!
//! `registries`, `exceptions`.
//!
//! ## Not covered
//!
//! The values and defaults of parameters.
//!
//! ## References
//!
//! <https://argo-workflows.readthedocs.io/en/latest/variables/>
//! <https://tekton.dev/docs/pipelines/variables/>

use std::borrow::Cow;

use isolation::image::Reference;
use isolation::images::Image;
use isolation::{Findings, Rule};

use crate::advice::{Advice, is_admitted, name_of, quoted};
use crate::settings::Settings;
use crate::{public_registry, unreadable_reference};

/// The rule.
pub const RULE: Rule = Rule { id: "NI106", name: "undecided-reference", since: "0.1.0" };

/// How parameters begin and end.
const PARAMETERS: &[(&str, &str)] = &[("{{", "}}"), ("$(", ")"), ("${", "}"), ("<<", ">>")];

/// The longest text that is taken apart, in bytes.
const LONGEST: usize = 2048;

/// Whether parameters stand in this text.
pub fn has_parameters(text: &str) -> bool {
    first(text).is_some()
}

/// The first parameter: where it begins, and where the text behind it does.
fn first(text: &str) -> Option<(usize, usize)> {
    let found = PARAMETERS.iter().filter_map(|(open, close)| {
        let start = text.find(open)?;
        let end = text.get(start..)?.find(close)?;
        Some((start, start + end + close.len()))
    });
    found.min_by_key(|(start, _)| *start)
}

/// Judges a reference that holds parameters. It starts at the byte `start` of `whole`.
pub fn check(image: Image<'_>, whole: &str, start: usize, settings: &Settings<'_>, findings: &mut Findings) {
    let text = whole.get(start..).unwrap_or_default();
    let lead = first(text).and_then(|(start, _)| text.get(..start)).unwrap_or_default();
    let redirected = lead.split_once('/').is_some_and(|(host, _)| settings.is_redirected(host, image.naming));
    if redirected || settings.registries.iter().any(|allowed| allowed.holds_all(lead)) {
        return;
    }
    if text.len() > LONGEST {
        return warn(image, findings);
    }
    // What the reference is with a letter for each parameter. Its registry is the real one if no parameter stands in the
    // first component; its repository if the first parameter stands behind the colon of the tag.
    let mut sample = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = first(rest) {
        sample.push_str(rest.get(..start).unwrap_or_default());
        sample.push('x');
        rest = rest.get(end..).unwrap_or_default();
    }
    sample.push_str(rest);
    let reference = match Reference::read(&sample) {
        Ok(reference) => reference,
        Err(error) if error.offset < lead.len() => {
            return unreadable_reference::report(image, whole, start, error, settings, findings);
        }
        Err(_) => return warn(image, findings),
    };
    let settled = lead.rsplit('/').next().unwrap_or_default().contains([':', '@']);
    let may_be_allowed = settings.registries.iter().any(|allowed| allowed.host == reference.registry)
        || settings.exceptions.iter().any(|exception| exception.host == reference.registry);
    if settled && lead.contains('/') && settings.excepts(&reference) {
        return;
    }
    if !settled && (may_be_allowed || !lead.contains('/')) {
        return warn(image, findings);
    }
    let path = match text.split_once('/') {
        Some((_, path)) if reference.explicit => Cow::Borrowed(path),
        // The sample's repository begins as the real one does: with `library/` where it has one component.
        None => Cow::Owned(["library/", text].concat()),
        _ => Cow::Borrowed(text),
    };
    let what = public_registry::reason(image.naming, &reference, settings);
    // Where the repository is settled, a cache rule may fill it, whatever the tag is.
    let bare = Reference { tag: None, digest: None, ..reference.clone() };
    let cached = settings.cache.rewrite(&bare).filter(|name| settled && is_admitted(image.naming, name, settings));
    let fix = if let Some(name) = cached {
        let version = text.get(name_of(lead).len()..).unwrap_or_default();
        let name = quoted(image, whole, start, &[&*name, version].concat());
        ["Write ", &name, ", which a cache rule fills"].concat()
    } else {
        let named = Reference { repository: path, ..bare };
        Advice::import(image, whole, start, &named, settings).fix.text
    };
    findings.deny(&public_registry::RULE, image.value, what, fix);
}

fn warn(image: Image<'_>, findings: &mut Findings) {
    findings.warn(
        &RULE,
        image.value,
        "known only when its parameters are replaced; the result is judged then",
        "Write out the registry and use parameters only after it",
    );
}
