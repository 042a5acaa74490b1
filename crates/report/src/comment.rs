//! Exceptions in comments of manifests: `# isolation: allow NI101 because …`, behind a field or on the line above it.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::exception::{Exception, Scope};
use crate::finding::Severity;
use crate::place::Place;
use crate::report::Problem;
use crate::rules::Rules;
use crate::source::Source;

/// What such a comment begins with.
const MARK: &str = "isolation:";

/// What is expected, as an example.
const FORM: &str = "Write `# isolation: allow NI101 because REASON`, or `… until 2027-03-31 because REASON`";

/// The exceptions in the comments of a text, and what of them cannot be read. A text in JSON has no comments.
pub fn exceptions(source: &Arc<Source>, rules: &Rules) -> (Vec<Exception>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    // Most texts have none, and a dump may be large.
    if !source.text.contains(MARK) || source.text.trim_start().starts_with(['{', '[']) {
        return (found, problems);
    }
    let mut start = 0;
    // A comment on its own line is about the next line.
    let mut waiting: Vec<usize> = Vec::new();
    for (index, line) in source.text.split('\n').enumerate() {
        let at = comment(line);
        let alone = line.trim_start().starts_with('#');
        if !alone && !line.trim().is_empty() {
            for waiting in waiting.drain(..) {
                let exception: Option<&mut Exception> = found.get_mut(waiting);
                if let Some(Scope::Line(_, line)) = exception.map(|exception| &mut exception.scope) {
                    *line = index + 1;
                }
            }
        }
        if let Some(text) = at.and_then(|at| line.get(at + 1..)).map(str::trim).and_then(|text| text.strip_prefix(MARK))
        {
            let from = start + at.unwrap_or_default();
            let place = Place::new(source, from..start + line.trim_end().len());
            match read(text, rules) {
                Ok((rules, expires, reason)) => {
                    let scope = Scope::Line(Arc::clone(source), index + 1);
                    if alone {
                        waiting.push(found.len());
                    }
                    found.push(Exception { rules, scope, reason, expires, place });
                }
                Err(what) => {
                    problems.push(Problem { severity: Severity::Deny, place, what, help: FORM.into() });
                }
            }
        }
        start += line.len() + 1;
    }
    (found, problems)
}

/// Where the comment of a line begins: at a `#` at its beginning or behind a blank, outside of quotes.
fn comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '#' && before.is_whitespace() => return Some(at),
            // A quote opens a text only where a text can begin: `it's` has none. Two of them are one within a text.
            None if matches!(c, '"' | '\'')
                && (before.is_whitespace() || before == c || matches!(before, '[' | '{' | ',' | ':')) =>
            {
                quote = Some(c);
            }
            None => {}
        }
        before = c;
    }
    None
}

/// What an exception allows, until when, and why.
type Read = (Vec<String>, Option<NaiveDate>, String);

/// `allow NI101, NI102 until 2027-03-31 because REASON`
///
/// # Errors
///
/// What is wrong: a clause.
pub fn read(text: &str, rules: &Rules) -> Result<Read, String> {
    let text = text.trim();
    let Some(rest) = text.strip_prefix("allow").filter(|rest| rest.starts_with(char::is_whitespace)) else {
        return Err(format!("{text:?} is not an exception"));
    };
    let Some((head, reason)) = rest.split_once(" because ") else {
        return Err("the exception has no reason".into());
    };
    let (names, expires) = match head.split_once(" until ") {
        Some((names, day)) => (names, Some(date(day.trim())?)),
        None => (head, None),
    };
    let names = names.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty());
    let ids = names.map(|name| id(name, rules)).collect::<Result<Vec<_>, _>>()?;
    match (ids.is_empty(), reason.trim()) {
        (true, _) => Err("the exception names no rule".into()),
        (_, "") => Err("the exception has no reason".into()),
        (_, reason) => Ok((ids, expires, reason.to_owned())),
    }
}

/// The id of the rule of this id or name.
///
/// # Errors
///
/// There is no such rule.
pub fn id(name: &str, rules: &Rules) -> Result<String, String> {
    rules.find(name).map(|rule| rule.id.clone()).ok_or_else(|| format!("there is no rule {name}"))
}

/// A day: `2027-03-31`.
///
/// # Errors
///
/// It is none.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| format!("{text:?} is not a date such as 2027-03-31"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleInfo;

    fn rules() -> Rules {
        let rule = |id: &str, name: &str| RuleInfo {
            id: id.into(),
            name: name.into(),
            policy: String::new(),
            summary: String::new(),
            page: String::new(),
        };
        Rules::new([rule("NI101", "public-registry"), rule("NI102", "unreadable-reference")])
    }

    #[test]
    fn a_comment_is_read_and_its_line_found() {
        let text = "a: b # isolation: allow NI101 because x\n# isolation: allow public-registry, ni102 until 2027-03-31 \
                    because a # b\n\n# more\nimage: x\n";
        let (found, problems) = exceptions(&Arc::new(Source::new("a.yaml", text)), &rules());
        assert!(problems.is_empty(), "{problems:?}");
        let line = |exception: &Exception| match exception.scope {
            Scope::Line(_, line) => line,
            _ => 0,
        };
        let seen: Vec<_> =
            found.iter().map(|found| (line(found), found.rules.join(","), found.reason.as_str())).collect();
        assert_eq!(seen, [(1, "NI101".into(), "x"), (5, "NI101,NI102".into(), "a # b")]);
        assert_eq!(found[1].expires.map(|day| day.to_string()).as_deref(), Some("2027-03-31"));
    }

    #[test]
    fn what_is_no_comment_allows_nothing() {
        let mark = "# isolation: allow NI101 because x";
        for text in [
            format!("a: \"{mark}\""),
            format!("a: 'b''c {mark}'"),
            format!("a: \"\\\" {mark}\""),
            format!("a: b{mark}"),
            format!("{{\"a\": \"b\"}} {mark}"),
        ] {
            let (found, problems) = exceptions(&Arc::new(Source::new("a.yaml", text.as_str())), &rules());
            assert!(found.is_empty() && problems.is_empty(), "{text}");
        }
        let (found, _) = exceptions(&Arc::new(Source::new("a.yaml", format!("a: it's {mark}"))), &rules());
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, what) in [
            ("allow NI101", "the exception has no reason"),
            ("allow NI101 because  ", "the exception has no reason"),
            ("allow because x", "the exception names no rule"),
            ("allow NI999 because x", "there is no rule NI999"),
            ("allow NI101 until soon because x", "\"soon\" is not a date such as 2027-03-31"),
            ("ignore NI101", "\"ignore NI101\" is not an exception"),
        ] {
            assert_eq!(read(&format!(" {text}"), &rules()).map(|_| ()), Err(what.to_owned()), "{text}");
        }
    }
}
