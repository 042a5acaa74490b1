//! What a click mends: the change that a finding carries as data, written into the text as `isolation check --fix` writes it.
//!
//! What one click does was tried: the text was changed and judged again, and only a change after which the finding is gone and
//! no new one is there becomes an [`Edit`].

use isolation_admission::{locate, plan, remove_name_clashes};
use isolation_document::path::{Step, steps};
use isolation_manifest::rewrite;
use isolation_report::{Change as Mend, Finding, Report, printable};
use serde::Serialize;

use crate::run::{Run, Texts, run};
use crate::units::{Span, Units};

/// How much text is judged again to try fixes, in bytes. Each costs one run over all of it.
const TRIED: usize = 4 << 20;

/// What a click does.
#[derive(Debug, Serialize)]
pub struct Edit {
    /// What stands on the button.
    pub title: String,
    /// Whether it only says what was meant already; everything else deserves a look first.
    pub safe: bool,
    /// The one place that changes.
    pub changes: [Change; 1],
}

/// A part of the text and what is to stand there.
#[derive(Debug, Serialize)]
pub struct Change {
    #[serde(flatten)]
    span: Span,
    insert: String,
}

/// A text as it would be written.
#[derive(Debug, Default, Serialize)]
pub struct FixedText {
    /// The text; none where it cannot be written.
    pub text: Option<String>,
    /// How many fields hold something else.
    pub changes: usize,
    /// Why it cannot be written.
    pub problem: String,
}

/// The edit for each finding of a verdict, in its order; none where nothing simple mends it.
pub fn edits(texts: Texts<'_>) -> Vec<Option<Edit>> {
    let Ok(Run { input, report: before, .. }) = run(texts, false) else { return Vec::new() };
    let mut findings = before.findings.clone();
    remove_name_clashes(&input, &mut findings);
    locate(&input, |_, _| true, &mut findings);
    let units = Units::of(texts.manifests);
    let mut budget = TRIED;
    let edit = |finding: &Finding| {
        let change = finding.change()?;
        let edit = change.edit.as_ref()?;
        budget = budget.checked_sub(texts.manifests.len())?;
        let (head, tail) = (texts.manifests.get(..edit.place.span.start)?, texts.manifests.get(edit.place.span.end..)?);
        let mended = [head, &edit.text, tail].concat();
        let after = run(Texts { manifests: &mended, ..texts }, false).ok()?.report;
        is_better(&before, &after, finding).then(|| Edit {
            title: title(finding, change),
            safe: change.safe,
            changes: [Change { span: units.span(&edit.place.span), insert: edit.text.clone() }],
        })
    };
    findings.iter().map(edit).collect()
}

/// What a button says that makes the change.
fn title(finding: &Finding, change: &Mend) -> String {
    let path = &finding.location.path;
    let key = match steps(path).pop() {
        Some(Step::Key(key)) => key,
        _ => path.clone(),
    };
    let title = match &change.to {
        None => format!("Remove {key}"),
        Some(value) if finding.missing => format!("Write {key}: {value}"),
        Some(value) => format!("Write {value}"),
    };
    printable(&title).into_owned()
}

/// Whether the finding is gone and nothing has come.
fn is_better(before: &Report, after: &Report, finding: &Finding) -> bool {
    // By where the object stands among the others: a fix may give it another name.
    let key = |report: &Report, finding: &Finding| {
        let rule = finding.rule.as_ref().map(|rule| rule.id.clone());
        let object = report.subjects.iter().position(|subject| subject.place.span == finding.subject.span);
        (rule, object, finding.location.path.clone())
    };
    let known: Vec<_> = before.findings.iter().map(|finding| key(before, finding)).collect();
    let gone = key(before, finding);
    after.findings.len() < before.findings.len()
        && after.not_evaluated.len() <= before.not_evaluated.len()
        && after.findings.iter().map(|finding| key(after, finding)).all(|key| {
            // Of a list that is shorter now, what comes later has moved up.
            known.contains(&key)
                && (key != gone || matches!(steps(&finding.location.path).last(), Some(Step::Index(_))))
        })
}

/// The text as `isolation check --fix` would write it, with the unsafe fixes or without.
pub fn mend(texts: Texts<'_>, all: bool) -> FixedText {
    let failed = |problem: String| FixedText { problem, ..FixedText::default() };
    let Run { input, mut report, rewritten } = match run(texts, true) {
        Ok(run) => run,
        Err(problem) => return failed(problem.what),
    };
    remove_name_clashes(&input, &mut report.findings);
    let plans = plan(&input, rewritten, &report.findings, all);
    let Some(plan) = plans.first() else {
        return FixedText { text: Some(texts.manifests.to_owned()), ..FixedText::default() };
    };
    match rewrite(texts.manifests, &plan.wanted) {
        Ok(done) => FixedText { text: Some(done.text), changes: done.places, problem: String::new() },
        Err(error) => failed(error.what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::judge;

    const MINE: &str = "registries: [myacr.azurecr.io]\ncacheRules: [{registry: myacr.azurecr.io, source: 'docker.io/library/*', target: 'hub/*'}]\n";
    const PODS: &str = "# ä 😀\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: a, image: 'nginx'} # 😀\n  - {name: b, image: quay.io/b}\n";

    fn texts<'t>(settings: &'t str, manifests: &'t str) -> Texts<'t> {
        Texts { settings, manifests, namespace: "default", today: "2027-01-01" }
    }

    /// The text after one click.
    fn clicked(text: &str, edit: &Edit) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let [Change { span, insert }] = &edit.changes;
        String::from_utf16_lossy(&units[..span.from]) + insert + &String::from_utf16_lossy(&units[span.to..])
    }

    #[test]
    fn a_click_makes_one_change_and_says_which() {
        let edits = edits(texts(MINE, PODS));
        let [Some(cached), Some(imported)] = edits.as_slice() else { panic!("{edits:?}") };
        assert_eq!((cached.title.as_str(), cached.safe), ("Write \"myacr.azurecr.io/hub/nginx\"", true));
        assert_eq!((imported.title.as_str(), imported.safe), ("Write \"myacr.azurecr.io/b\"", false));
        assert_eq!(clicked(PODS, cached), PODS.replace("'nginx'", "'myacr.azurecr.io/hub/nginx'"));
        assert_eq!(clicked(PODS, imported), PODS.replace("quay.io/b", "myacr.azurecr.io/b"));
    }

    #[test]
    fn all_at_once_is_what_the_command_line_writes() {
        let safe = mend(texts(MINE, PODS), false);
        assert_eq!(safe.text.as_deref(), Some(PODS.replace("'nginx'", "'myacr.azurecr.io/hub/nginx'").as_str()));
        let all = mend(texts(MINE, PODS), true);
        assert_eq!((all.changes, judge(texts(MINE, &all.text.unwrap())).status), (2, "clean"));
        let clean = mend(texts(MINE, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"), true);
        assert_eq!(clean.changes, 0);
    }

    #[test]
    fn what_is_allowed_is_not_changed() {
        let allowed = PODS.replace("quay.io/b}", "quay.io/b} # isolation: allow NI101 because old");
        assert_eq!(edits(texts(MINE, &allowed)).len(), 1);
        assert!(mend(texts(MINE, &allowed), true).text.unwrap().contains("quay.io/b}"));
    }

    #[test]
    fn what_cannot_be_written_is_not_offered() {
        // An alias stands for what several places share.
        let alias = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: &i nginx}, {name: b, image: *i}]}\n";
        let offered = edits(texts(MINE, alias));
        for edit in offered.iter().flatten() {
            let after = judge(texts(MINE, &clicked(alias, edit)));
            assert_eq!(after.findings.len(), 1, "{edit:?}");
        }
        assert_eq!(edits(texts("registrys: 1", PODS)).len(), 0);
        assert!(!mend(texts("registrys: 1", PODS), true).problem.is_empty());
    }
}
