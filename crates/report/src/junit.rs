//! JUnit's XML, as GitLab, Azure DevOps and Jenkins show it: a suite for each file, a case for each object in it. So a case
//! keeps its name from run to run, and what was mended is seen to pass.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::context::Context;
use crate::finding::{Finding, Severity};
use crate::place::Place;
use crate::printable::printable;
use crate::report::{NotEvaluated, Problem, Report, Subject};
use crate::source::{Position, Source};
use crate::words;

/// Writes the report.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(report, context);
    let count = |of: fn(&Case) -> bool| suites.iter().flat_map(|suite| &suite.cases).filter(|case| of(case)).count();
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attributes([
            ("name", "isolation"),
            ("tests", &count(|_| true).to_string()),
            ("failures", &count(Case::is_failure).to_string()),
            ("errors", &count(Case::is_error).to_string()),
        ])
        .write_inner_content(|xml| suites.iter().try_for_each(|suite| suite.write(xml)))?;
    writeln!(out)
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    outcome: Outcome,
    /// Warnings, which make no case fail.
    warnings: String,
}

enum Outcome {
    Success,
    Failure(Unsuccessful),
    Error(Unsuccessful),
}

struct Unsuccessful {
    kind: String,
    message: String,
    text: String,
}

impl Case {
    fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failure(_))
    }

    fn is_error(&self) -> bool {
        matches!(self.outcome, Outcome::Error(_))
    }

    fn write<W: Write>(&self, file: &str, xml: &mut Writer<W>) -> io::Result<()> {
        let element = xml.create_element("testcase").with_attributes([
            ("name", name(&self.name).as_str()),
            ("classname", file),
            // GitLab makes a link of it. No reader knows an attribute for the line, and Jenkins' schema refuses one.
            ("file", file),
        ]);
        let (tag, unsuccessful) = match &self.outcome {
            Outcome::Success => ("", None),
            Outcome::Failure(what) => ("failure", Some(what)),
            Outcome::Error(what) => ("error", Some(what)),
        };
        if unsuccessful.is_none() && self.warnings.is_empty() {
            element.write_empty()?;
            return Ok(());
        }
        element.write_inner_content(|xml| {
            if let Some(Unsuccessful { kind, message, text }) = unsuccessful {
                xml.create_element(tag)
                    .with_attributes([("type", clean(kind).as_str()), ("message", clean(message).as_str())])
                    .write_text_content(BytesText::new(&clean(text)))?;
            }
            if !self.warnings.is_empty() {
                xml.create_element("system-out").write_text_content(BytesText::new(&clean(&self.warnings)))?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

impl Suite {
    fn write<W: Write>(&self, xml: &mut Writer<W>) -> io::Result<()> {
        let count = |of: fn(&Case) -> bool| self.cases.iter().filter(|case| of(case)).count().to_string();
        let name = name(&self.name);
        let element = xml.create_element("testsuite").with_attributes([
            ("name", name.as_str()),
            ("tests", &self.cases.len().to_string()),
            ("failures", &count(Case::is_failure)),
            ("errors", &count(Case::is_error)),
        ]);
        element.write_inner_content(|xml| self.cases.iter().try_for_each(|case| case.write(&name, xml)))?;
        Ok(())
    }
}

fn suites(report: &Report, context: &Context) -> Vec<Suite> {
    let mut suites = Suites { list: Vec::new(), known: HashMap::new() };
    for source in &report.sources {
        suites.of(context.base.path(&source.name));
    }
    // The position distinguishes objects of the same name.
    let key = |place: &Place| (Arc::as_ptr(&place.source), place.span.start);
    let mut found: HashMap<(*const Source, usize), Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        found.entry(key(&finding.subject)).or_default().push(finding);
    }
    for subject in &report.subjects {
        let findings = found.remove(&key(&subject.place)).unwrap_or_default();
        suites.of(context.base.path(&subject.place.source.name)).push(judged(subject, &findings, context));
    }
    for problem in &report.problems {
        suites.of(context.base.path(&problem.place.source.name)).push(exception(problem, context));
    }
    for problem in &report.not_evaluated {
        let file = problem.place.as_ref().map(|place| context.base.path(&place.source.name));
        suites.of(file.unwrap_or_else(|| problem.subject.clone())).push(not_evaluated(problem));
    }
    suites.list
}

/// The suites, by the names of their files.
struct Suites {
    list: Vec<Suite>,
    known: HashMap<String, usize>,
}

impl Suites {
    fn of(&mut self, name: String) -> &mut Vec<Case> {
        let index = *self.known.entry(name).or_insert_with_key(|name| {
            self.list.push(Suite { name: name.clone(), cases: Vec::new() });
            self.list.len() - 1
        });
        &mut self.list[index].cases
    }
}

fn judged(subject: &Subject, findings: &[&Finding], context: &Context) -> Case {
    let (violations, warnings): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|finding| finding.refuses());
    let outcome = match violations.as_slice() {
        [] => Outcome::Success,
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
            Outcome::Failure(Unsuccessful {
                kind: first.rule.as_ref().map_or(&first.policy, |rule| &rule.id).clone(),
                message: format!("{}: {}{more}", words::title(first), words::message(first)),
                text: lines(&violations, context),
            })
        }
    };
    Case { name: subject.object.to_string(), outcome, warnings: lines(&warnings, context) }
}

fn exception(problem: &Problem, context: &Context) -> Case {
    let text = format!("{}: {}", at(&problem.place, context), words::sentences(&[&problem.what, &problem.help]));
    let line = problem.place.start().line;
    let fails = problem.severity == Severity::Deny;
    Case {
        name: format!("exception on line {line}"),
        warnings: if fails { String::new() } else { text.clone() },
        outcome: match fails {
            true => Outcome::Failure(Unsuccessful { kind: "exception".into(), message: problem.what.clone(), text }),
            false => Outcome::Success,
        },
    }
}

fn not_evaluated(problem: &NotEvaluated) -> Case {
    let line = problem.place.as_ref().map(|place| place.start().line);
    Case {
        name: line.map_or("evaluation".to_owned(), |line| format!("line {line}")),
        outcome: Outcome::Error(Unsuccessful {
            kind: "not evaluated".into(),
            message: problem.what.clone(),
            text: words::sentences(&[&problem.what, &problem.help]),
        }),
        warnings: String::new(),
    }
}

/// One finding a line, with its place.
fn lines(findings: &[&Finding], context: &Context) -> String {
    let line = |finding: &&Finding| {
        let place = at(&finding.location.place, context);
        let path = &finding.location.path;
        let colon = if path.is_empty() { "" } else { ": " };
        format!("{place}: {}: {path}{colon}{}", words::title(finding), words::message(finding))
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `FILE:LINE:COLUMN`, the file from the repository's root on.
fn at(place: &Place, context: &Context) -> String {
    let Position { line, column } = place.start();
    format!("{}:{line}:{column}", printable(&context.base.path(&place.source.name)))
}

/// The text without the two characters that XML 1.0 has no way to write and [`printable`] leaves, and without those that move
/// a cursor or turn the direction of writing wherever the report is shown. The lines of a message stay.
fn clean(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(printable).collect();
    lines.join("\n").replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// The same for a name, which has one line.
fn name(text: &str) -> String {
    clean(&printable(text))
}
