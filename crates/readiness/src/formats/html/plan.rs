//! The plan: first a picture of all steps, then each with what it takes.

use std::io::{self, Write};

use super::super::text;
use super::{escaped, escaped_lines};
use crate::document::{Readiness, State, Step, Task};

/// How many things that a task is about are listed.
const AFFECTS: usize = 500;

pub fn write(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"plan\">\n<h2>The plan</h2>\n<ol class=\"steps\">")?;
    for step in &document.plan {
        writeln!(
            out,
            "<li><a class=\"{}\" href=\"#step-{}\"><span class=\"name\">{}. {}</span><span class=\"left\">{}{}</span></a></li>",
            colour(step.state),
            step.number,
            step.number,
            escaped(&step.title),
            sign(step.state),
            text::left(step),
        )?;
    }
    writeln!(out, "</ol>")?;
    for step in &document.plan {
        write_step(step, out)?;
    }
    writeln!(out, "</section>")
}

fn colour(state: State) -> &'static str {
    match state {
        State::Done => "good",
        State::Open | State::Check => "warn",
        State::Decide | State::Unknown => "bad",
        State::Later => "soft",
    }
}

fn sign(state: State) -> &'static str {
    match state {
        State::Done => "✓ ",
        State::Open | State::Decide => "✗ ",
        State::Unknown => "? ",
        State::Check | State::Later => "· ",
    }
}

fn write_step(step: &Step, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<details class=\"step\" id=\"step-{}\"><summary>{}. {} <span class=\"{}\">{}{}</span></summary><div>\n<p>{}</p>",
        step.number,
        step.number,
        escaped(&step.title),
        colour(step.state),
        sign(step.state),
        text::left(step),
        escaped(&step.why),
    )?;
    if step.tasks.is_empty() {
        writeln!(out, "<p>Nothing is left.</p>")?;
    }
    step.tasks.iter().try_for_each(|task| write_task(task, out))?;
    writeln!(out, "</div></details>")
}

fn write_task(task: &Task, out: &mut dyn Write) -> io::Result<()> {
    let rules = if task.rules.is_empty() {
        String::new()
    } else {
        format!(" <span class=\"soft\">{}</span>", task.rules.join(", "))
    };
    writeln!(
        out,
        "<h3>{}{rules} <span class=\"pill {}\">{}</span></h3>",
        escaped(&task.title),
        colour(task.state),
        text::state(task.state)
    )?;
    if !task.note.is_empty() {
        writeln!(out, "<p>{}</p>", escaped(&task.note))?;
    }
    if !task.affects.is_empty() {
        writeln!(out, "<ul class=\"affects\" tabindex=\"0\" aria-label=\"What it is about\">")?;
        for affected in task.affects.iter().take(AFFECTS) {
            let fix = if affected.fix.is_empty() { String::new() } else { format!(": {}", escaped(&affected.fix)) };
            let owner = affected
                .owner
                .as_ref()
                .map(|owner| format!(" <span class=\"soft\">{}</span>", escaped(owner)))
                .unwrap_or_default();
            writeln!(out, "<li><code>{}</code>{owner}{fix}</li>", escaped(&affected.name))?;
        }
        if task.affects.len() > AFFECTS {
            writeln!(out, "<li>and {} more</li>", task.affects.len() - AFFECTS)?;
        }
        writeln!(out, "</ul>")?;
    }
    for manifest in &task.manifests {
        writeln!(
            out,
            "<p>{}:</p>\n<pre tabindex=\"0\">{}</pre>",
            escaped(&manifest.title),
            escaped_lines(&manifest.text)
        )?;
    }
    if !task.commands.is_empty() {
        writeln!(out, "<pre tabindex=\"0\">{}</pre>", escaped_lines(&text::script(&task.commands)))?;
    }
    for command in &task.verify {
        let says =
            if command.says.is_empty() { String::new() } else { format!(" Expected: {}.", escaped(&command.says)) };
        writeln!(
            out,
            "<p>To see that it worked.{says}</p>\n<pre tabindex=\"0\">{}</pre>",
            escaped_lines(&command.run)
        )?;
    }
    Ok(())
}
