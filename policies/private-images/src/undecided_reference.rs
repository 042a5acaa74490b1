//! Warns of references that are known only when a workflow runs.
//!
//! ## Why it matters
//!
//! The workflow is accepted now and may fail later: the pod that it creates is judged, and rejected if its image is
//! public. What Kargo, Kyverno and Sveltos pull is not judged again.
//!
//! ## What it does
//!
//! Argo, Tekton, Shipwright, Katib, KServe and Flux Operator replace the parameters in a reference (`{{…}}`, `$(…)`,
//! `${…}`, `<<…>>`) before they create a pod. Kargo (`${{…}}`, `${%…%}`), Kyverno and Sveltos (`{{…}}`) replace them and
//! pull themselves. Where the text before the first parameter settles the registry, the reference is judged:
//! `myacr.azurecr.io/app:{{inputs.parameters.tag}}` is accepted, and `public-registry` rejects
//! `quay.io/app:$(params.tag)`. Where it does not, this rule warns.
//!
//! ## Fields
//!
//! The images of resources of the groups `argoproj.io`, `tekton.dev`, `triggers.tekton.dev`, `shipwright.io`,
//! `kubeflow.org`, `serving.kserve.io`, `fluxcd.controlplane.io`, `kargo.akuity.io`, `kyverno.io` and
//! `config.projectsveltos.io`.
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
//! The values and defaults of parameters. No object has what Kargo, Kyverno and Sveltos make of them, so a registry in a parameter
//! is only warned of there.
//!
//! ## References
//!
//! <https://argo-workflows.readthedocs.io/en/latest/variables/>
//! <https://tekton.dev/docs/pipelines/variables/>

use std::borrow::Cow;

use isolation::image::Reference;
use isolation::images::{Image, Naming, without_version};
use isolation::{Findings, Request, Rule};

use crate::advice::{Advice, is_admitted, quoted};
use crate::settings::Settings;
use crate::{public_registry, unreadable_reference};

/// The rule.
pub const RULE: Rule = Rule { id: "NI106", name: "undecided-reference", since: "0.1.0" };

/// How parameters begin and end. Where two begin at the same place, the earlier one counts: Kargo's do with three characters.
/// <https://github.com/akuity/kargo/blob/1c764767a/pkg/expressions/json_templates.go>
const PARAMETERS: &[(&str, &str)] =
    &[("${{", "}}"), ("${%", "%}"), ("{{", "}}"), ("$(", ")"), ("${", "}"), ("<<", ">>")];

/// Groups whose controllers replace parameters and pull at once, so that no object ever has the result.
/// <https://github.com/projectsveltos/addon-controller/blob/60c63580/controllers/template_instantiation.go>
const NEVER_STORED: &[&str] = &["config.projectsveltos.io", "kargo.akuity.io", "kyverno.io"];

/// Whether parameters stand in this text.
pub fn has_parameters(text: &str) -> bool {
    first(text).is_some()
}

/// Whether a parameter may hide that the text leads to a registry, and no object ever has the result.
pub fn hides_scheme(request: &Request<'_>, text: &str) -> bool {
    let scheme = || text.find("://").unwrap_or(text.len());
    is_never_stored(request) && first(text).is_some_and(|(start, _)| start < scheme())
}

fn is_never_stored(request: &Request<'_>) -> bool {
    NEVER_STORED.contains(&request.group.as_ref())
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
pub fn check(
    request: &Request<'_>,
    image: Image<'_>,
    whole: &str,
    start: usize,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    // The reference of a URL stands behind a scheme.
    if start == 0 && image.naming == Naming::Url {
        return warn(request, image, findings);
    }
    let text = whole.get(start..).unwrap_or_default();
    let (begin, end) = first(text).unwrap_or_default();
    let lead = text.get(..begin).unwrap_or_default();
    let redirected = lead.split_once('/').is_some_and(|(host, _)| settings.is_redirected(host, image.naming));
    if redirected || settings.registries.iter().any(|allowed| allowed.holds_all(lead)) {
        return;
    }
    // What stands in front of the first parameter settles the registry if it ends behind the first component, and the
    // repository if it ends in the tag. What stands behind it may be anything before it is replaced.
    let settled = lead.rsplit('/').next().unwrap_or_default().contains([':', '@']);
    let has_registry = lead.contains('/');
    let may_be_port = text.get(end..).is_some_and(|rest| rest.starts_with('/'));
    if !has_registry && (!settled || may_be_port) {
        return warn(request, image, findings);
    }
    let beginning;
    let name = if settled {
        without_version(lead)
    } else {
        beginning = [lead.rsplit_once('/').map_or("", |(name, _)| name), "/x"].concat();
        &beginning
    };
    let reference = match Reference::read(name) {
        Ok(reference) => reference,
        Err(error) => return unreadable_reference::report(image, whole, start, error, settings, findings),
    };
    if settled && has_registry && settings.excepts(&reference) {
        return;
    }
    let may_be_allowed = settings.registries.iter().any(|allowed| allowed.host == reference.registry)
        || settings.exceptions.iter().any(|exception| exception.host == reference.registry);
    if !settled && may_be_allowed {
        return warn(request, image, findings);
    }
    let path = match text.split_once('/') {
        Some((_, path)) if reference.explicit => Cow::Borrowed(path),
        // The sample's repository begins as the real one does: with `library/` where it has one component.
        None => Cow::Owned(["library/", text].concat()),
        _ => Cow::Borrowed(text),
    };
    let what = public_registry::reason(image.naming, &reference, settings);
    // Where the repository is settled, a cache rule may fill it, whatever the tag is.
    let cached = settings.cache.rewrite(&reference).filter(|name| settled && is_admitted(image.naming, name, settings));
    let fix = if let Some(name) = cached {
        let version = text.get(without_version(lead).len()..).unwrap_or_default();
        let name = quoted(image, whole, start, &[&*name, version].concat());
        ["Write ", &name, ", which a cache rule fills"].concat()
    } else {
        let named = Reference { repository: path, ..reference };
        Advice::import(image, whole, start, &named, settings).fix.text
    };
    findings.deny(&public_registry::RULE, image.value, what, fix);
}

fn warn(request: &Request<'_>, image: Image<'_>, findings: &mut Findings) {
    let what = if is_never_stored(request) {
        "known only when its controller pulls it; no policy judges the result"
    } else {
        "known only when its parameters are replaced; the result is judged then"
    };
    findings.warn(&RULE, image.value, what, "Write out the registry and use parameters only after it");
}
