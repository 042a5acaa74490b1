//! The report of a run, with places as an editor counts them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use isolation_admission::{Admission, Configuration, Input, Judged, Selection, configured, native};
use isolation_report::{Finding, Place, Report, Severity, Source, Status};
use serde::Serialize;

use crate::units::{Span, Units};

/// What the page calls the two texts.
pub const MANIFESTS: &str = "manifests.yaml";
const SETTINGS: &str = "isolation.yaml";

/// What came of a run.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// `clean`, `violations` or `notEvaluated`, as the exit status of the command line.
    pub status: &'static str,
    /// The report in one sentence.
    pub summary: String,
    /// How many objects there are.
    pub objects: usize,
    /// The findings, in the order of the text.
    pub findings: Vec<Found>,
    /// What could not be evaluated.
    pub problems: Vec<Said>,
    /// What is to be known about the verdict.
    pub notes: Vec<Said>,
}

/// A finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    #[serde(flatten)]
    span: Span,
    line: usize,
    severity: &'static str,
    rule: String,
    rule_name: &'static str,
    policy: String,
    object: String,
    path: String,
    value: Option<String>,
    missing: bool,
    what: String,
    fix: String,
    notes: Vec<String>,
}

/// What is said beside findings.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// The text that `from` and `to` count in, where it is about a place in one.
    pub document: Option<&'static str>,
    /// The place.
    #[serde(flatten)]
    pub span: Span,
    /// Its line.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// A text as it would be written.
#[derive(Debug, Default, Serialize)]
pub struct Rewriting {
    /// The text; none where it cannot be written.
    pub text: Option<String>,
    /// How many references hold another text.
    pub changes: usize,
    /// Why it cannot be written.
    pub problem: String,
}

/// The linked policies, whose metadata is read once.
pub fn modules() -> Option<&'static native::Modules> {
    static MODULES: OnceLock<Option<native::Modules>> = OnceLock::new();
    MODULES.get_or_init(|| native::Modules::new().ok()).as_ref()
}

/// A run: the input, and what came of each of its objects.
struct Run {
    input: Input,
    judged: Vec<Judged>,
    admission: Admission,
}

fn run(settings: &str, manifests: &str, namespace: &str, mutating: bool) -> Result<Run, Box<Said>> {
    let input = Input::read([Source::new(MANIFESTS, manifests)]);
    let configuration = Configuration::read(Source::new(SETTINGS, settings))
        .map_err(|error| in_settings(&error.to_string(), settings))?;
    let refused = |what: String| Box::new(Said { what, ..Said::default() });
    let modules = modules().ok_or_else(|| refused("the policies' metadata cannot be read".to_owned()))?;
    let selection = Selection { mutating, ..Selection::default() };
    let specifications = configured(&Arc::new(configuration), &selection, modules.available(), &input.kinds())
        .map_err(|error| refused(error.to_string()))?;
    let mut admission = Admission::new(namespace);
    for specification in specifications {
        admission.add(specification.equip(modules));
    }
    let admission = admission.over(&input, &[]);
    let judged = input.items.iter().map(|item| admission.judge(item)).collect();
    Ok(Run { input, judged, admission })
}

/// A configuration that cannot be read says where in its text.
fn in_settings(text: &str, settings: &str) -> Box<Said> {
    let said = |line: usize, column: usize, what: &str| {
        let start = settings.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
        let length = settings.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let before: usize = length.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
        let span = Units::of(settings).span(&(start + before..start + length.trim_end().len()));
        Box::new(Said { document: Some("settings"), span, line, what: what.to_owned(), help: String::new() })
    };
    let placed = text.strip_prefix(SETTINGS).and_then(|rest| rest.strip_prefix(':')).and_then(|rest| {
        let (place, what) = rest.split_once(": ")?;
        let (line, column) = place.split_once(':')?;
        Some(said(line.parse().ok()?, column.parse().ok()?, what))
    });
    placed.unwrap_or_else(|| said(1, 1, text))
}

/// The report on the objects of a text.
pub fn report(settings: &str, manifests: &str, namespace: &str) -> Result<Report, Box<Said>> {
    let Run { input, judged, admission } = run(settings, manifests, namespace, false)?;
    Ok(admission.report(&input, judged))
}

/// Judges the objects of a text.
pub fn judge(settings: &str, manifests: &str, namespace: &str) -> Verdict {
    let report = match report(settings, manifests, namespace) {
        Ok(report) => report,
        Err(said) => {
            let summary = "nothing was judged: the settings cannot be read".to_owned();
            return Verdict { status: "notEvaluated", summary, problems: vec![*said], ..Verdict::default() };
        }
    };
    let units = [(MANIFESTS, Units::of(manifests)), (SETTINGS, Units::of(settings))].into();
    let said = |place: Option<&Place>, what: &str, help: &str| said(&units, place, what, help);
    Verdict {
        status: match report.status() {
            Status::Clean => "clean",
            Status::Violations => "violations",
            Status::NotEvaluated => "notEvaluated",
        },
        summary: summary(&report),
        objects: report.objects,
        findings: report.findings.iter().map(|finding| found(&units, finding)).collect(),
        problems: (report.not_evaluated.iter())
            .map(|problem| said(problem.place.as_ref(), &problem.what, &problem.help))
            .collect(),
        notes: report.notes.iter().map(|note| said(note.place.as_ref(), &note.what, &note.help)).collect(),
    }
}

/// The report in a sentence. That all of it comes from one text is no news.
fn summary(report: &Report) -> String {
    if report.objects == 0 && report.not_evaluated.is_empty() {
        return "no objects yet".to_owned();
    }
    report.summary().to_string().replace(" from 1 file", "")
}

fn found(units: &HashMap<&'static str, Units>, finding: &Finding) -> Found {
    let place = &finding.location.place;
    let span = units.get(place.source.name.as_str()).map(|units| units.span(&place.span)).unwrap_or_default();
    Found {
        span,
        line: place.start().line,
        severity: match finding.severity {
            Severity::Deny => "deny",
            Severity::Warn => "warn",
        },
        rule: finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default(),
        rule_name: finding.rule.as_ref().and_then(|rule| rule.name).unwrap_or_default(),
        policy: finding.policy.clone(),
        object: finding.object.to_string(),
        path: finding.location.path.clone(),
        value: finding.value.clone(),
        missing: finding.missing,
        what: finding.what.clone(),
        fix: finding.fix.as_ref().map(|fix| fix.text.clone()).unwrap_or_default(),
        notes: finding.notes.clone(),
    }
}

fn said(units: &HashMap<&'static str, Units>, place: Option<&Place>, what: &str, help: &str) -> Said {
    let (what, help) = (what.to_owned(), help.to_owned());
    let Some(place) = place else { return Said { what, help, ..Said::default() } };
    let name = place.source.name.as_str();
    Said {
        document: Some(if name == SETTINGS { "settings" } else { "manifests" }),
        span: units.get(name).map(|units| units.span(&place.span)).unwrap_or_default(),
        line: place.start().line,
        what,
        help,
    }
}

/// The text as policies that change objects would have it.
pub fn rewrite(settings: &str, manifests: &str, namespace: &str) -> Rewriting {
    let Run { judged, .. } = match run(settings, manifests, namespace, true) {
        Ok(run) => run,
        Err(said) => return Rewriting { problem: said.what, ..Rewriting::default() },
    };
    let wanted: BTreeMap<usize, isolation_manifest::Wanted> = (judged.into_iter().enumerate())
        .filter_map(|(at, judged)| Some((at, judged.rewritten?.object.into())))
        .collect();
    match isolation_manifest::rewrite(manifests, &wanted) {
        Ok(rewritten) => Rewriting { text: Some(rewritten.text), changes: rewritten.places, problem: String::new() },
        Err(error) => Rewriting { problem: format!("{}. {}", error.what, error.help), ..Rewriting::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "# Ein Häuschen 😀\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n  - {name: web, image: nginx}\n";
    const MINE: &str = "registries: [myacr.azurecr.io]\ncacheRules: [{registry: myacr.azurecr.io, source: 'docker.io/library/*', target: 'hub/*'}]\n";

    #[test]
    fn a_finding_stands_where_javascript_finds_it() {
        let verdict = judge(MINE, POD, "default");
        assert_eq!((verdict.status, verdict.findings.len()), ("violations", 1), "{verdict:?}");
        let found = &verdict.findings[0];
        let units: Vec<u16> = POD.encode_utf16().collect();
        assert_eq!(String::from_utf16_lossy(&units[found.span.from..found.span.to]), "nginx");
        assert_eq!((found.rule.as_str(), found.line), ("NI101", 7));
        assert_eq!(verdict.summary, "1 violation in 1 object, judged by 3 policies");
    }

    #[test]
    fn what_is_rewritten_is_clean() {
        let rewritten = rewrite(MINE, POD, "default");
        assert_eq!(rewritten.changes, 1, "{rewritten:?}");
        assert_eq!(judge(MINE, &rewritten.text.unwrap(), "default").status, "clean");
    }

    #[test]
    fn settings_that_cannot_be_read_say_where() {
        let verdict = judge("registries: [a.io]\nregistrys: [b.io]\n", POD, "default");
        let problem = &verdict.problems[0];
        assert_eq!((problem.document, problem.line), (Some("settings"), 2), "{problem:?}");
        assert!(problem.what.contains("did you mean registries?"), "{problem:?}");
        let refused = judge("registries: ['https://a.io']\n", POD, "default");
        assert_eq!((refused.problems[0].document, refused.problems[0].line), (Some("settings"), 1));
    }

    #[test]
    fn nothing_is_no_verdict_and_no_problem() {
        let verdict = judge("", "", "default");
        assert_eq!((verdict.summary.as_str(), verdict.problems.len()), ("no objects yet", 0));
    }
}
