//! For a pull request or a wiki: everything but the single problems of long lists, which the document has.

use std::io::{self, Write};

use isolation_report::printable;

use super::text;
use crate::document::{Coverage, Readiness, State, Step, Task};
use crate::unseen::counted;

/// How many rows a list has before the rest is counted.
const ROWS: usize = 50;

/// Writes the document.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let Readiness { cluster, verdict, .. } = document;
    writeln!(out, "# Is {} ready to be isolated?\n", escaped(&cluster.name))?;
    writeln!(out, "**{}**\n", escaped(&verdict.sentence))?;
    for matter in &verdict.matters {
        let step = matter.step.map(|step| format!(" (step {step})")).unwrap_or_default();
        writeln!(out, "1. {}{step}", escaped(&matter.title))?;
    }
    writeln!(out, "\n{} {}", made(document), facts(document))?;
    plan(document, out)?;
    breaks(document, out)?;
    images(document, out)?;
    lists(document, out)?;
    not_seen(document, out)?;
    progress(document, out)
}

/// `Made by isolation 0.1.0 on … from 412 objects.`
fn made(document: &Readiness) -> String {
    let inputs: Vec<String> = document.input.iter().map(|input| code(&input.name)).collect();
    let from = if inputs.is_empty() { String::new() } else { format!(", read from {}", inputs.join(", ")) };
    let numbers = &document.numbers;
    format!(
        "Made by {} at {}: {} in {}{from}.",
        escaped(&document.tool),
        escaped(&document.created),
        counted(numbers.objects, "object", "objects"),
        counted(numbers.namespaces, "namespace", "namespaces"),
    )
}

fn facts(document: &Readiness) -> String {
    let cluster = &document.cluster;
    let facts = [
        ("resource group", &cluster.resource_group),
        ("region", &cluster.location),
        ("Kubernetes", &cluster.kubernetes_version),
        ("outbound type", &cluster.outbound_type),
        ("artifact source", &cluster.artifact_source),
        ("registry", &cluster.registry),
    ];
    let said: Vec<String> =
        facts.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", code(value.as_ref()?)))).collect();
    if said.is_empty() { String::new() } else { format!("The cluster: {}.", said.join(", ")) }
}

fn plan(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## The plan\n\n| | step | left |\n| --- | --- | --- |")?;
    for step in &document.plan {
        writeln!(out, "| {} | {}. {} | {} |", sign(step.state), step.number, escaped(&step.title), text::left(step))?;
    }
    document.plan.iter().try_for_each(|step| write_step(step, out))
}

fn sign(state: State) -> &'static str {
    match state {
        State::Done => "[x]",
        State::Open | State::Decide | State::Later => "[ ]",
        State::Check => "[~]",
        State::Unknown => "[?]",
    }
}

fn write_step(step: &Step, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n### Step {}: {}\n\n{}", step.number, escaped(&step.title), escaped(&step.why))?;
    if step.tasks.is_empty() {
        writeln!(out, "\nNothing is left.")?;
    }
    step.tasks.iter().try_for_each(|task| write_task(task, out))
}

fn write_task(task: &Task, out: &mut dyn Write) -> io::Result<()> {
    let rules = if task.rules.is_empty() { String::new() } else { format!(" ({})", task.rules.join(", ")) };
    writeln!(out, "\n#### {} {}{rules}\n", sign(task.state), escaped(&task.title))?;
    if !task.note.is_empty() {
        writeln!(out, "{}\n", escaped(&task.note))?;
    }
    for affected in task.affects.iter().take(ROWS) {
        let fix = if affected.fix.is_empty() { String::new() } else { format!(": {}", escaped(&affected.fix)) };
        let owner = affected.owner.as_ref().map(|owner| format!(" ({})", escaped(owner))).unwrap_or_default();
        writeln!(out, "- {}{owner}{fix}", code(&affected.name))?;
    }
    more(task.affects.len(), out)?;
    for manifest in &task.manifests {
        writeln!(out, "\n{}:\n\n{}", escaped(&manifest.title), fenced("yaml", &manifest.text))?;
    }
    if !task.commands.is_empty() {
        writeln!(out, "\n{}", fenced("sh", &text::script(&task.commands)))?;
    }
    for command in &task.verify {
        let says =
            if command.says.is_empty() { String::new() } else { format!(" Expected: {}.", escaped(&command.says)) };
        writeln!(out, "\nTo see that it worked: {}.{says}", code(&command.run))?;
    }
    Ok(())
}

fn more(number: usize, out: &mut dyn Write) -> io::Result<()> {
    match number.saturating_sub(ROWS) {
        0 => Ok(()),
        more => writeln!(out, "- and {more} more, which `--output json` lists"),
    }
}

fn breaks(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## What breaks, by theme")?;
    if document.themes.is_empty() {
        writeln!(out, "\nNothing that was read.")?;
    }
    for theme in &document.themes {
        writeln!(
            out,
            "\n### {}\n\n| rule | breaks | may break | workloads | namespaces |\n| --- | --- | --- | --- | --- |",
            escaped(&theme.title)
        )?;
        for rule in &theme.rules {
            let mut namespaces: Vec<(&String, &usize)> = rule.namespaces.iter().collect();
            namespaces.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
            let names: Vec<String> = namespaces
                .iter()
                .take(6)
                .map(|(name, number)| {
                    format!("{} {number}", if name.is_empty() { "(cluster)".into() } else { escaped(name) })
                })
                .collect();
            let more = namespaces.len().saturating_sub(names.len());
            let more = if more == 0 { String::new() } else { format!(", and {more} more") };
            writeln!(
                out,
                "| {} {} | {} | {} | {} | {}{more} |",
                rule.id,
                escaped(&rule.name),
                rule.breaks,
                rule.warns,
                rule.workloads,
                names.join(", ")
            )?;
        }
        writeln!(out)?;
        let problems: Vec<_> = document.problems.iter().filter(|problem| problem.theme == theme.id).collect();
        for problem in problems.iter().take(ROWS) {
            let owner = problem.owner.as_ref().map(|owner| format!(" ({})", escaped(owner))).unwrap_or_default();
            let count = if problem.count > 1 { format!(", in {} places", problem.count) } else { String::new() };
            writeln!(
                out,
                "- {} **{}**{owner}: {}: {}{count}. {} {}",
                problem.rule,
                escaped(&problem.subject()),
                code(&text::field(problem)),
                escaped(&problem.what),
                match text::remedy(problem).as_str() {
                    "" => String::new(),
                    remedy => format!("{}.", escaped(remedy)),
                },
                code(&problem.place),
            )?;
        }
        more(problems.len(), out)?;
    }
    Ok(())
}

fn images(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    if document.registries.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n## Images by registry\n\n| registry | private | cached under another name | nowhere |\n| --- | --- | --- | --- |"
    )?;
    for registry in &document.registries {
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            code(&registry.host),
            registry.allowed,
            registry.cached,
            registry.uncovered
        )?;
    }
    writeln!(out)?;
    let open = document.registries.iter().flat_map(|registry| &registry.images);
    let open: Vec<_> = open.filter(|image| image.coverage != Coverage::Allowed).collect();
    for image in open.iter().take(ROWS) {
        let instead = if image.instead.is_empty() {
            "no cache rule covers it".to_owned()
        } else {
            format!("write {}", code(&image.instead))
        };
        let workloads = counted(image.workloads, "workload", "workloads");
        writeln!(out, "- {}: {instead}; {workloads}, such as {}", code(&image.reference), escaped(&image.example))?;
    }
    more(open.len(), out)
}

fn lists(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    if !document.addresses.is_empty() {
        writeln!(out, "\n## Public addresses\n\n| Service | addresses | known from |\n| --- | --- | --- |")?;
        for address in &document.addresses {
            writeln!(
                out,
                "| {} | {} | {} |",
                code(&address.service),
                escaped(&address.addresses.join(", ")),
                code(&address.source)
            )?;
        }
    }
    if !document.volumes.is_empty() {
        writeln!(out, "\n## Volumes on public accounts\n")?;
        for volume in document.volumes.iter().take(ROWS) {
            writeln!(
                out,
                "- {} ({}): {}, {}",
                escaped(&volume.object),
                volume.rule,
                code(&volume.value),
                text::severity(volume.severity)
            )?;
        }
        more(document.volumes.len(), out)?;
    }
    if !document.features.is_empty() {
        writeln!(out, "\n## Extensions and features\n\n| name | what is known | what it needs |\n| --- | --- | --- |")?;
        for feature in &document.features {
            writeln!(
                out,
                "| {} | {} | {} |",
                escaped(&feature.name),
                text::status(feature.status),
                escaped(&feature.needs)
            )?;
        }
    }
    Ok(())
}

fn not_seen(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## What it could not see\n")?;
    for unseen in &document.not_seen {
        let decides = if unseen.decides { "**Required before the verdict can be ready.** " } else { "" };
        let help = if unseen.help.is_empty() { String::new() } else { format!(" {}.", escaped(&unseen.help)) };
        writeln!(out, "- {decides}{}.{help}", escaped(&unseen.what))?;
    }
    Ok(())
}

fn progress(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let Some(progress) = &document.progress else { return Ok(()) };
    writeln!(
        out,
        "\n## Since {}\n\nOf {} problems {} are left.",
        escaped(&progress.since),
        progress.before,
        progress.now
    )?;
    let lists = [("Fixed", &progress.mended), ("New", &progress.new), ("Gone, or not read this time", &progress.gone)];
    for (title, problems) in lists {
        if problems.is_empty() {
            continue;
        }
        writeln!(out, "\n{title} ({}):\n", problems.len())?;
        for problem in problems.iter().take(ROWS) {
            writeln!(out, "- {} {}: {}", problem.rule, escaped(&problem.subject()), code(&text::field(problem)))?;
        }
        more(problems.len(), out)?;
    }
    Ok(())
}

/// A text in which nothing is markup. It may come from an object that anybody wrote.
fn escaped(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '@' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// A text as code on one line, in a table too.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = printable(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A text of several lines as code.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    let lines: Vec<_> = text.lines().map(|line| printable(line).into_owned()).collect();
    format!("{fence}{language}\n{}\n{fence}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markup() {
        assert_eq!(escaped("<img src=x>|[a](b)"), r"\<img src=x\>\|\[a\](b)");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a|b"), r"`a\|b`");
        assert_eq!(fenced("sh", "echo '```'\n"), "````sh\necho '```'\n````");
    }
}
