//! The report of a run, with places as an editor counts them.

use std::collections::HashMap;

use isolation_report::{Allowed, Finding, Place, Report, Severity, Status, printable};
use serde::Serialize;

use crate::run::{MANIFESTS, SETTINGS, Texts, run};
use crate::units::{Span, Units};

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
    /// What exceptions allow.
    pub allowed: Vec<AllowedFinding>,
    /// What is wrong with exceptions.
    pub problems: Vec<Message>,
    /// What could not be evaluated.
    pub not_evaluated: Vec<Message>,
    /// What is to be known about the verdict.
    pub notes: Vec<Message>,
}

/// A finding. Its texts can be shown: characters that turn the direction of writing, or that nobody sees, are escapes.
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
    /// Whether it carries the change that mends it.
    fixable: bool,
    notes: Vec<String>,
}

/// A finding that an exception allows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AllowedFinding {
    finding: Found,
    reason: String,
    /// Where the exception is written.
    #[serde(rename = "place")]
    message: Message,
    /// Whether it is written in the manifests.
    in_source: bool,
}

/// What is said beside findings.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The text that `from` and `to` count in, where it is about a place in one.
    pub document: Option<&'static str>,
    /// The place.
    #[serde(flatten)]
    pub span: Span,
    /// Its line.
    pub line: usize,
    /// Whether it counts as a violation.
    pub deny: bool,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// Judges the objects of a text.
pub fn judge(texts: Texts<'_>) -> Verdict {
    let shown =
        Shown { units: [(MANIFESTS, Units::of(texts.manifests)), (SETTINGS, Units::of(texts.settings))].into() };
    let report = match run(texts, false) {
        Ok(run) => run.report,
        Err(problem) => {
            return Verdict {
                status: "notEvaluated",
                summary: "nothing was judged: the settings cannot be read".to_owned(),
                not_evaluated: vec![shown.message(problem.place.as_ref(), &problem.what, &problem.help)],
                ..Verdict::default()
            };
        }
    };
    Verdict {
        status: match report.status() {
            Status::Clean => "clean",
            Status::Violations => "violations",
            Status::NotEvaluated => "notEvaluated",
        },
        summary: summary(&report),
        objects: report.objects,
        findings: report.findings.iter().map(|finding| shown.found(finding)).collect(),
        allowed: report.allowed.iter().map(|allowed| shown.allowed_finding(allowed)).collect(),
        problems: (report.problems.iter())
            .map(|problem| Message {
                deny: problem.severity == Severity::Deny,
                ..shown.message(Some(&problem.place), &problem.what, &problem.help)
            })
            .collect(),
        not_evaluated: (report.not_evaluated.iter())
            .map(|problem| shown.message(problem.place.as_ref(), &problem.what, &problem.help))
            .collect(),
        notes: report.notes.iter().map(|note| shown.message(note.place.as_ref(), &note.what, &note.help)).collect(),
    }
}

/// The report in a sentence. That all of it comes from one text is no news.
fn summary(report: &Report) -> String {
    if report.objects == 0 && report.not_evaluated.is_empty() {
        return "no objects yet".to_owned();
    }
    report.summary().to_string().replace(" from 1 file", "")
}

/// How a report is shown: its texts without what an eye does not see, and its places as an editor counts.
struct Shown {
    units: HashMap<&'static str, Units>,
}

impl Shown {
    fn span(&self, place: &Place) -> Span {
        self.units.get(place.source.name.as_str()).map(|units| units.span(&place.span)).unwrap_or_default()
    }

    fn found(&self, finding: &Finding) -> Found {
        let place = &finding.location.place;
        Found {
            span: self.span(place),
            line: place.start().line,
            severity: match finding.severity {
                Severity::Deny => "deny",
                Severity::Warn => "warn",
            },
            rule: finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default(),
            rule_name: finding.rule.as_ref().and_then(|rule| rule.name).unwrap_or_default(),
            policy: finding.policy.clone(),
            object: text(&finding.object.to_string()),
            path: text(&finding.location.path),
            value: finding.value.as_deref().map(text),
            missing: finding.missing,
            what: text(&finding.what),
            fix: finding.fix.as_ref().map(|fix| text(&fix.text)).unwrap_or_default(),
            fixable: finding.change().is_some(),
            notes: finding.notes.iter().map(|note| text(note)).collect(),
        }
    }

    fn allowed_finding(&self, allowed: &Allowed) -> AllowedFinding {
        AllowedFinding {
            finding: self.found(&allowed.finding),
            reason: text(&allowed.reason),
            message: self.message(Some(&allowed.place), "", ""),
            in_source: allowed.in_source,
        }
    }

    fn message(&self, place: Option<&Place>, what: &str, help: &str) -> Message {
        let message = Message { what: text(what), help: text(help), ..Message::default() };
        let Some(place) = place else { return message };
        let document = if place.source.name == SETTINGS { "settings" } else { "manifests" };
        Message { document: Some(document), span: self.span(place), line: place.start().line, ..message }
    }
}

fn text(text: &str) -> String {
    printable(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "# Ein Häuschen 😀\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n  - {name: web, image: nginx}\n";
    const MINE: &str = "registries: [myacr.azurecr.io]\n";

    fn judged(settings: &str, manifests: &str) -> Verdict {
        judge(Texts { settings, manifests, namespace: "default", today: "2027-01-01" })
    }

    #[test]
    fn a_finding_stands_where_javascript_finds_it() {
        let verdict = judged(MINE, POD);
        assert_eq!((verdict.status, verdict.findings.len()), ("violations", 1), "{verdict:?}");
        let found = &verdict.findings[0];
        let units: Vec<u16> = POD.encode_utf16().collect();
        assert_eq!(String::from_utf16_lossy(&units[found.span.from..found.span.to]), "nginx");
        assert_eq!((found.rule.as_str(), found.line), ("NI101", 7));
        assert_eq!(verdict.summary, "1 violation in 1 object, judged by 3 policies");
    }

    #[test]
    fn exceptions_hold_wherever_they_are_written() {
        let entry = |expires: &str| {
            format!("{MINE}allow:\n- {{rule: NI101, object: {{kind: Pod}}, reason: legacy{expires}}}\n")
        };
        let allowed_finding = |settings: &str, manifests: &str| {
            let verdict = judged(settings, manifests);
            assert_eq!((verdict.status, verdict.findings.len(), verdict.allowed.len()), ("clean", 0, 1), "{verdict:?}");
            let AllowedFinding { reason, message, in_source, finding } = verdict.allowed.into_iter().next().unwrap();
            assert_eq!(finding.rule, "NI101");
            (reason, message.document.unwrap(), message.line, in_source)
        };
        assert_eq!(allowed_finding(&entry(""), POD), ("legacy".to_owned(), "settings", 3, false));
        assert_eq!(allowed_finding(&entry(", expires: 2027-01-01"), POD).0, "legacy");
        let comment = POD.replace("nginx}", "nginx} # isolation: allow NI101 because old");
        assert_eq!(allowed_finding(MINE, &comment), ("old".to_owned(), "manifests", 7, true));
        let annotation = POD.replace("namespace: shop", "annotations: {isolation.allow/NI101: by hand}");
        assert_eq!(allowed_finding(MINE, &annotation), ("by hand".to_owned(), "manifests", 4, true));

        let expired = judged(&entry(", expires: 2026-12-31"), POD);
        assert_eq!((expired.findings.len(), expired.allowed.len(), expired.problems.len()), (1, 0, 1), "{expired:?}");
        assert!(expired.problems[0].deny && expired.problems[0].what.ends_with("expired on 2026-12-31"));
        let unread = judged(MINE, &POD.replace("nginx}", "nginx} # isolation: allow NI101"));
        assert!(unread.problems[0].deny && unread.findings.len() == 1, "{unread:?}");
        let wrong = judged(&format!("{MINE}allow:\n- {{rule: NI101, object: {{kind: Pod}}}}\n"), POD);
        assert_eq!((wrong.status, wrong.not_evaluated[0].line), ("notEvaluated", 3), "{wrong:?}");
    }

    #[test]
    fn settings_that_cannot_be_read_say_where() {
        let verdict = judged("registries: [a.io]\nregistires: [b.io]\n", POD);
        let problem = &verdict.not_evaluated[0];
        assert_eq!((problem.document, problem.line), (Some("settings"), 2), "{problem:?}");
        assert!(problem.what.contains("did you mean registries?"), "{problem:?}");
        let refused = judged("registries: ['https://a.io']\n", POD);
        assert_eq!((refused.not_evaluated[0].document, refused.not_evaluated[0].line), (Some("settings"), 1));
    }

    #[test]
    fn nothing_is_no_verdict_and_no_problem() {
        let verdict = judged("", "");
        assert_eq!((verdict.summary.as_str(), verdict.not_evaluated.len()), ("no objects yet", 0));
    }

    #[test]
    fn what_nobody_sees_is_shown() {
        let verdict = judged(MINE, &POD.replace("name: web, namespace", "name: \"a\\u202Eb\", namespace"));
        assert!(verdict.findings[0].object.contains("a\\u{202e}b"), "{verdict:?}");
    }
}
