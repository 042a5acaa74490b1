//! One HTML file for people who want to look, filter and print. It needs no network, and may load nothing: its policy admits
//! the page's own style and script by their digests alone, so that nothing which an object holds could ever run.

mod pictures;
mod plan;
mod tables;

use std::io::{self, Write};

use base64::Engine as _;
use isolation_report::is_harmful;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::text;
use crate::document::{Readiness, VerdictState};
use crate::unseen::counted;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes the page.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let name = escaped(&document.cluster.name);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{name}: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        digest(STYLE),
        digest(SCRIPT),
        text::verdict(document.verdict.state),
    )?;
    writeln!(out, "<a class=\"skip\" href=\"#main\">To the report</a>")?;
    head(document, out)?;
    navigation(document, out)?;
    writeln!(out, "<main id=\"main\">")?;
    plan::write(document, out)?;
    pictures::namespaces(document, out)?;
    tables::themes(document, out)?;
    problems(document, out)?;
    pictures::images(document, out)?;
    tables::lists(document, out)?;
    tables::not_seen(document, out)?;
    tables::progress(document, out)?;
    writeln!(out, "</main>")?;
    foot(document, out)?;
    writeln!(out, "<script type=\"application/json\" id=\"data\">{}</script>", data(document))?;
    writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>")
}

/// The digest of a style or script, as a browser computes it.
fn digest(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()))
}

fn head(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let Readiness { cluster, verdict, numbers, .. } = document;
    let colour = match verdict.state {
        VerdictState::Isolated | VerdictState::Ready => "good",
        VerdictState::ReadyAfterChanges => "warn",
        VerdictState::NotYet => "bad",
    };
    writeln!(out, "<header>\n<h1>Is {} ready to be isolated?</h1>", escaped(&cluster.name))?;
    writeln!(out, "<p class=\"verdict {colour}\">{}</p>", escaped(&verdict.sentence))?;
    if !verdict.matters.is_empty() {
        writeln!(out, "<h2>What matters most</h2>\n<ol>")?;
        for matter in &verdict.matters {
            let step =
                matter.step.map(|step| format!(" (<a href=\"#step-{step}\">step {step}</a>)")).unwrap_or_default();
            writeln!(out, "<li>{}{step}</li>", escaped(&matter.title))?;
        }
        writeln!(out, "</ol>")?;
    }
    let facts = [
        ("Outbound type", cluster.outbound_type.clone()),
        ("Artifact source", cluster.artifact_source.clone()),
        ("Registry", cluster.registry.clone()),
        ("Kubernetes", cluster.kubernetes_version.clone()),
        ("Region", cluster.location.clone()),
        ("Nodes", cluster.nodes.map(|nodes| nodes.to_string())),
        ("Objects read", Some(numbers.objects.to_string())),
        ("Namespaces", Some(numbers.namespaces.to_string())),
        ("Images", Some(numbers.images.to_string())),
        ("Problems", Some(numbers.breaks.to_string())),
        ("Warnings", Some(numbers.warns.to_string())),
        ("Accepted", Some(numbers.accepted).filter(|number| *number > 0).map(|number| number.to_string())),
    ];
    writeln!(out, "<dl class=\"facts\">")?;
    for (name, value) in facts {
        if let Some(value) = value {
            writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escaped(&value))?;
        }
    }
    writeln!(out, "</dl>\n</header>")
}

fn navigation(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let sections = [
        ("plan", "Plan", true),
        ("namespaces", "Namespaces", !document.namespaces.is_empty()),
        ("themes", "Themes", true),
        ("problems", "Problems", true),
        ("images", "Images", !document.registries.is_empty()),
        ("addresses", "Addresses", !document.addresses.is_empty()),
        ("volumes", "Volumes", !document.volumes.is_empty()),
        ("features", "Extensions", !document.features.is_empty()),
        ("unseen", "Not seen", true),
        ("progress", "Progress", document.progress.is_some()),
    ];
    writeln!(out, "<nav aria-label=\"Sections\"><ul>")?;
    for (id, title, _) in sections.iter().filter(|(.., there)| *there) {
        writeln!(out, "<li><a href=\"#{id}\">{title}</a></li>")?;
    }
    writeln!(out, "</ul></nav>")
}

/// The table that the script fills, and its filter.
fn problems(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<section id=\"problems\">\n<h2>Every problem</h2>\n<noscript><p>This table needs JavaScript. The tables above count the \
         same problems, and <code>isolation report --output json</code> lists them.</p></noscript>\n<div id=\"table\" hidden>\n<form \
         class=\"filter\" id=\"filter\" role=\"search\">\n<label>Search<input type=\"search\" name=\"q\" autocomplete=\"off\"></label>\n\
         <label>Theme<select name=\"theme\"><option value=\"\">all</option>"
    )?;
    for theme in &document.themes {
        writeln!(out, "<option value=\"{}\">{}</option>", escaped(&theme.id), escaped(&theme.title))?;
    }
    writeln!(
        out,
        "</select></label>\n<label>Severity<select name=\"severity\"><option value=\"\">all</option><option>breaks</option><option>may \
         break</option></select></label>\n<label>Namespace<select name=\"namespace\"><option value=\"\">all</option></select></label>\n\
         <label>Kept by<select name=\"owner\"><option value=\"\">all</option></select></label>\n<button type=\"reset\">Clear</button>\n\
         </form>\n<p id=\"count\" role=\"status\" aria-live=\"polite\"></p>\n<table class=\"cards\" id=\"problems-table\">\n<thead><tr>"
    )?;
    let columns = [
        ("severity", "Severity"),
        ("rule", "Rule"),
        ("namespace", "Namespace"),
        ("workload", "Workload"),
        ("field", "Field"),
        ("what", "What to do"),
        ("place", "Written in"),
    ];
    for (key, title) in columns {
        write!(
            out,
            "<th scope=\"col\" data-key=\"{key}\" aria-sort=\"none\"><button type=\"button\">{title}</button></th>"
        )?;
    }
    writeln!(
        out,
        "</tr></thead>\n<tbody id=\"rows\"></tbody>\n</table>\n<p class=\"more\"><button type=\"button\" id=\"more\" hidden></button></p>\n</div>\n</section>"
    )
}

fn foot(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let inputs: Vec<String> =
        document.input.iter().map(|input| format!("<code>{}</code>", escaped(&input.name))).collect();
    writeln!(
        out,
        "<footer class=\"soft\"><p>Made by {} at {}, from {}: {}.</p></footer>",
        escaped(&document.tool),
        escaped(&document.created),
        counted(document.numbers.objects, "object", "objects"),
        inputs.join(", "),
    )
}

/// The problems as JSON inside a script, where `<` could end it.
fn data(document: &Readiness) -> String {
    let problems: Vec<_> = document
        .problems
        .iter()
        .map(|problem| {
            json!({
                "severity": text::severity(problem.severity), "rule": problem.rule, "name": problem.name,
                "theme": problem.theme, "namespace": problem.namespace,
                "workload": format!("{} {}", problem.kind, problem.workload), "owner": problem.owner,
                "field": text::field(problem), "what": problem.what, "fix": text::remedy(problem), "place": problem.place,
                "count": problem.count,
            })
        })
        .collect();
    let text = serde_json::Value::from(problems).to_string();
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '<' | '>' | '&') || is_harmful(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// A text in which nothing is markup, and in which everything is seen.
fn escaped(text: &str) -> String {
    let text = isolation_report::printable(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The same of a text of several lines.
fn escaped_lines(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("\n")
}
