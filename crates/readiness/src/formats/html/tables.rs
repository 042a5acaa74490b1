//! Tables without pictures.

use std::io::{self, Write};

use super::super::text;
use super::escaped;
use crate::document::{Problem, Readiness};
use crate::unseen::counted;

/// How many rows a table has before the rest is counted.
const ROWS: usize = 500;

/// What breaks, by theme and rule.
pub fn themes(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"themes\">\n<h2>What breaks, by theme</h2>")?;
    if document.themes.is_empty() {
        writeln!(out, "<p>Nothing that was read.</p>")?;
    }
    for theme in &document.themes {
        writeln!(
            out,
            "<h3><a data-filter href=\"#theme={}\">{}</a></h3>\n<table class=\"cards\">\n<thead><tr><th scope=\"col\">Rule</th><th scope=\"col\" \
             class=\"number\">Breaks</th><th scope=\"col\" class=\"number\">May break</th><th scope=\"col\" class=\"number\">Workloads</th><th scope=\"col\" \
             class=\"number\">Namespaces</th></tr></thead>\n<tbody>",
            escaped(&theme.id),
            escaped(&theme.title)
        )?;
        for rule in &theme.rules {
            writeln!(
                out,
                "<tr><td><a data-filter href=\"#q={}\">{}</a> {}<div class=\"soft\">{}</div></td><td class=\"number\" data-label=\"Breaks\">{}</td><td \
                 class=\"number\" data-label=\"May break\">{}</td><td class=\"number\" data-label=\"Workloads\">{}</td><td class=\"number\" data-label=\"Namespaces\">{}</td></tr>",
                escaped(&rule.id),
                escaped(&rule.id),
                escaped(&rule.name),
                escaped(&rule.summary),
                rule.breaks,
                rule.warns,
                rule.workloads,
                rule.namespaces.len(),
            )?;
        }
        writeln!(out, "</tbody></table>")?;
    }
    writeln!(out, "</section>")
}

/// Addresses, volumes, extensions.
pub fn lists(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 3]> = document
        .addresses
        .iter()
        .map(|address| [address.service.clone(), address.addresses.join(", "), address.source.clone()])
        .collect();
    table("addresses", "Public addresses", ["Service", "Addresses", "Known from"], &rows, out)?;
    let rows: Vec<[String; 3]> = document
        .volumes
        .iter()
        .map(|volume| {
            [
                volume.object.clone(),
                volume.value.clone(),
                format!("{} ({})", text::severity(volume.severity), volume.rule),
            ]
        })
        .collect();
    table("volumes", "Volumes on public accounts", ["Object", "What it names", "What is known"], &rows, out)?;
    let rows: Vec<[String; 3]> = document
        .features
        .iter()
        .map(|feature| [feature.name.clone(), text::status(feature.status).to_owned(), feature.needs.clone()])
        .collect();
    table("features", "Extensions and features", ["Name", "What is known", "What it needs"], &rows, out)
}

fn table(id: &str, title: &str, columns: [&str; 3], rows: &[[String; 3]], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section id=\"{id}\">\n<h2>{title}</h2>\n<table class=\"cards\">\n<thead><tr>")?;
    for column in columns {
        write!(out, "<th scope=\"col\">{column}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in rows.iter().take(ROWS) {
        write!(out, "<tr>")?;
        for (column, value) in columns.iter().zip(row) {
            write!(out, "<td data-label=\"{column}\">{}</td>", escaped(value))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table>")?;
    if rows.len() > ROWS {
        writeln!(out, "<p class=\"soft\">And {} more.</p>", rows.len() - ROWS)?;
    }
    writeln!(out, "</section>")
}

/// What the report could not see.
pub fn not_seen(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"unseen\">\n<h2>What it could not see</h2>\n<ul>")?;
    for unseen in &document.not_seen {
        let decides = if unseen.decides {
            "<strong class=\"bad\">Required before the verdict can be ready.</strong> "
        } else {
            ""
        };
        let help = if unseen.help.is_empty() {
            String::new()
        } else {
            format!(" <span class=\"soft\">{}.</span>", escaped(&unseen.help))
        };
        writeln!(out, "<li>{decides}{}.{help}</li>", escaped(&unseen.what))?;
    }
    writeln!(out, "</ul>\n</section>")
}

/// What has changed since an earlier report.
pub fn progress(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let Some(progress) = &document.progress else { return Ok(()) };
    writeln!(
        out,
        "<section id=\"progress\">\n<h2>Since {}</h2>\n<p>Of {} {} are left.</p>",
        escaped(&progress.since),
        counted(progress.before, "problem", "problems"),
        progress.now
    )?;
    let lists: [(&str, &[Problem]); 3] =
        [("Fixed", &progress.mended), ("New", &progress.new), ("Gone, or not read this time", &progress.gone)];
    for (title, problems) in lists.into_iter().filter(|(_, problems)| !problems.is_empty()) {
        writeln!(out, "<h3>{title} ({})</h3>\n<ul>", problems.len())?;
        for problem in problems.iter().take(ROWS) {
            writeln!(
                out,
                "<li>{} {}: <code>{}</code></li>",
                problem.rule,
                escaped(&problem.subject()),
                escaped(&text::field(problem))
            )?;
        }
        if problems.len() > ROWS {
            writeln!(out, "<li>and {} more</li>", problems.len() - ROWS)?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</section>")
}
