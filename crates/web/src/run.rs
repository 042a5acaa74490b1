//! A run over the two texts of the page.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use isolation_admission::{
    Admission, Configuration, ConfigurationError, Input, ManifestExceptions, Selection, circumstances, configured,
    native,
};
use isolation_report::{NaiveDate, NotEvaluated, Report, Source, apply_exceptions};
use serde_json::Value;

/// What the page calls the two texts.
pub const MANIFESTS: &str = "manifests.yaml";
pub const SETTINGS: &str = "isolation.yaml";

/// What is judged, and what it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'t> {
    /// `isolation.yaml`.
    pub settings: &'t str,
    /// The manifests.
    pub manifests: &'t str,
    /// The namespace of objects that name none.
    pub namespace: &'t str,
    /// The day, which decides whether an exception still holds: `2027-03-31`.
    pub today: &'t str,
}

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// The objects.
    pub input: Input,
    /// What was found, without what is allowed.
    pub report: Report,
    /// What mutating policies have made of each object.
    pub rewritten: Vec<Option<Value>>,
}

/// The linked policies, whose metadata is read once.
fn modules() -> Option<&'static native::Modules> {
    static MODULES: OnceLock<Option<native::Modules>> = OnceLock::new();
    MODULES.get_or_init(|| native::Modules::new().ok()).as_ref()
}

/// Judges the manifests, with policies that change objects or without. Exceptions hold as in `isolation check`.
///
/// # Errors
///
/// What keeps anything from being judged.
pub fn run(texts: Texts<'_>, mutating: bool) -> Result<Run, Box<NotEvaluated>> {
    let unplaced =
        |what: String| Box::new(NotEvaluated { place: None, subject: SETTINGS.to_owned(), what, help: String::new() });
    let placed =
        |ConfigurationError { place, what, .. }| Box::new(NotEvaluated { place: Some(place), ..*unplaced(what) });
    let configuration = Configuration::read(Source::new(SETTINGS, texts.settings)).map_err(placed)?;
    let today = isolation_report::date(texts.today).unwrap_or(NaiveDate::MIN);
    let input = Input::read([Source::new(MANIFESTS, texts.manifests)]);
    let mut exceptions = ManifestExceptions::default();
    exceptions.add(&input);
    let (exceptions, problems) = exceptions.with(&configuration).map_err(placed)?;

    let modules = modules().ok_or_else(|| unplaced("the policies' metadata cannot be read".to_owned()))?;
    let selection = Selection { mutating, ..Selection::default() };
    let configuration = Arc::new(configuration);
    let specifications = configured(&configuration, &selection, modules.available(), &input.kinds())
        .map_err(|error| unplaced(error.to_string()))?;
    let mut admission = Admission::new(texts.namespace);
    for specification in specifications {
        admission.add(specification.equip(modules));
    }
    let admission = admission.over(&input, &[]);
    let judged: Vec<_> = input.items.iter().map(|item| admission.judge(item)).collect();
    let rewritten =
        judged.iter().map(|judged| judged.rewritten.as_ref().map(|rewritten| rewritten.object.clone())).collect();
    let mut report = admission.report(&input, judged);
    report.problems.extend(problems);
    // A policy of ours is called as its module is.
    let policies = report.policies.clone();
    let asked: BTreeSet<&str> = policies.iter().map(String::as_str).collect();
    let has_failed = |name: &str| report.not_evaluated.iter().any(|problem| problem.subject == name);
    let wanted = modules.available().iter().filter(|policy| selection.has(&configuration, policy));
    let idle: BTreeSet<&str> =
        wanted.map(|policy| policy.name.as_str()).filter(|name| !asked.contains(name) && !has_failed(name)).collect();
    let circumstances = circumstances(texts.namespace, true, &asked, &idle, today);
    apply_exceptions(&mut report, &exceptions, &circumstances);
    Ok(Run { input, report, rewritten })
}
