//! Exceptions in comments of manifests: `# isolation: allow NI101 because …`, behind a field or on the line above it.

use std::ops::Range;
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
const EXAMPLE: &str = "Write `# isolation: allow NI101 because REASON`, or `… until 2027-03-31 because REASON`";

/// The exceptions in the comments of a text, and what of them cannot be read. A text in JSON has no comments. `scalars` says
/// where the strings and numbers of the text are: a `#` in one of them begins no comment, and whoever wrote the string must not
/// speak for the fields below it.
pub fn exceptions(
    source: &Arc<Source>,
    rules: &Rules,
    scalars: &dyn Fn() -> Vec<Range<usize>>,
) -> (Vec<Exception>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    // Most texts have none, and a dump may be large.
    if !source.text.contains(MARK) || source.text.trim_start().starts_with(['{', '[']) {
        return (found, problems);
    }
    let scalars = scalars();
    let is_data = |at: usize| {
        let next = scalars.partition_point(|scalar| scalar.start <= at);
        next.checked_sub(1).and_then(|last| scalars.get(last)).is_some_and(|scalar| at < scalar.end)
    };
    let mut start = 0;
    // A comment on its own line is about the next line, and so is one behind a key whose value begins there.
    let mut waiting: Vec<(usize, bool)> = Vec::new();
    for (index, line) in source.text.split('\n').enumerate() {
        let at = comment(line).filter(|at| !is_data(start + at));
        let before = line.get(..at.unwrap_or(line.len())).unwrap_or_default().trim();
        if !before.is_empty() {
            for (waiting, alone) in waiting.drain(..) {
                let exception: Option<&mut Exception> = found.get_mut(waiting);
                if let Some(Scope::Lines(_, lines)) = exception.map(|exception| &mut exception.scope) {
                    *lines = if alone { index + 1 } else { *lines.start() }..=index + 1;
                }
            }
        }
        if let Some(text) = at.and_then(|at| line.get(at + 1..)).map(str::trim).and_then(|text| text.strip_prefix(MARK))
        {
            let from = start + at.unwrap_or_default();
            let place = Place::new(source, from..start + line.trim_end().len());
            match read(text, rules) {
                Ok((rules, expires, reason)) => {
                    let scope = Scope::Lines(Arc::clone(source), index + 1..=index + 1);
                    if before.is_empty() || opens_a_value(before) {
                        waiting.push((found.len(), before.is_empty()));
                    }
                    found.push(Exception { rules, scope, reason, expires, place });
                }
                Err(what) => {
                    problems.push(Problem { severity: Severity::Deny, place, what, help: EXAMPLE.into() });
                }
            }
        }
        start += line.len() + 1;
    }
    (found, problems)
}

/// Whether the value of the key that a line ends with begins on the next line: `image:`, `image: >-`.
fn opens_a_value(line: &str) -> bool {
    let last = line.rsplit([' ', '\t']).next().unwrap_or_default();
    let indicators = last.strip_prefix(['|', '>']);
    line.ends_with(':')
        || last == "-"
        || indicators.is_some_and(|rest| rest.chars().all(|c| matches!(c, '+' | '-' | '1'..='9')) && rest.len() <= 2)
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
    // A day behind the reason would be a part of it, and the exception would never end.
    let mut days = reason.split(" until ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    if expires.is_none() && days.any(|day| date(day.trim_end_matches(['.', ',', ';', ')'])).is_ok()) {
        return Err("the exception never expires: `until` must come before `because`".into());
    }
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
    rules.find(name).map(|rule| rule.id.clone()).ok_or_else(|| format!("unknown rule {name}"))
}

/// A day: `2027-03-31`.
///
/// # Errors
///
/// It is none.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    // The parser also takes signs, blanks and fewer digits: `26-11-30` would be a day of the year 26.
    day.filter(|day| day.to_string() == text).ok_or_else(|| format!("{text:?} is not a date such as 2027-03-31"))
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
        let (found, problems) = exceptions(&Arc::new(Source::new("a.yaml", text)), &rules(), &Vec::new);
        assert!(problems.is_empty(), "{problems:?}");
        let seen: Vec<_> =
            found.iter().map(|found| (lines(found), found.rules.join(","), found.reason.as_str())).collect();
        assert_eq!(seen, [((1, 1), "NI101".into(), "x"), ((5, 5), "NI101,NI102".into(), "a # b")]);
        assert_eq!(found[1].expires.map(|day| day.to_string()).as_deref(), Some("2027-03-31"));
    }

    fn lines(exception: &Exception) -> (usize, usize) {
        match &exception.scope {
            Scope::Lines(_, lines) => (*lines.start(), *lines.end()),
            _ => (0, 0),
        }
    }

    #[test]
    fn a_comment_behind_a_key_is_about_the_value_below() {
        let mark = "# isolation: allow NI101 because x";
        for (head, expected) in [
            ("image: >-", (1, 3)),
            ("image: |2+", (1, 3)),
            ("- image:", (1, 3)),
            ("-", (1, 3)),
            ("image: a", (1, 1)),
            ("image: a>", (1, 1)),
        ] {
            let text = format!("{head} {mark}\n\n  nginx\nother: b\n");
            let (found, _) = exceptions(&Arc::new(Source::new("a.yaml", text)), &rules(), &Vec::new);
            assert_eq!(found.iter().map(lines).collect::<Vec<_>>(), [expected], "{head}");
        }
    }

    #[test]
    fn a_text_that_looks_like_a_comment_speaks_for_nothing() {
        let text = "a: |\n  # isolation: allow NI101 because x\nimage: nginx\n";
        let source = Arc::new(Source::new("a.yaml", text));
        let (found, problems) = exceptions(&source, &rules(), &|| vec![0..1, 5..42]);
        assert!(found.is_empty() && problems.is_empty(), "{found:?}");
    }

    #[test]
    fn a_day_is_written_in_full() {
        assert!(date("2027-03-31").is_ok() && date("2028-02-29").is_ok());
        for text in [
            "26-11-30",
            "2026-1-5",
            "+2026-12-01",
            " 2026-12-01",
            "2026-12-01 ",
            "2026-02-29",
            "2026-13-01",
            "20261201",
            "2026-12-01T00:00:00Z",
            "99999-01-01",
            "",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
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
            let (found, problems) = exceptions(&Arc::new(Source::new("a.yaml", text.as_str())), &rules(), &Vec::new);
            assert!(found.is_empty() && problems.is_empty(), "{text}");
        }
        let (found, _) = exceptions(&Arc::new(Source::new("a.yaml", format!("a: it's {mark}"))), &rules(), &Vec::new);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, what) in [
            ("allow NI101", "the exception has no reason"),
            ("allow NI101 because  ", "the exception has no reason"),
            ("allow because x", "the exception names no rule"),
            ("allow NI999 because x", "unknown rule NI999"),
            ("allow NI101 until soon because x", "\"soon\" is not a date such as 2027-03-31"),
            (
                "allow NI101 because x until 2027-03-31.",
                "the exception never expires: `until` must come before `because`",
            ),
            ("ignore NI101", "\"ignore NI101\" is not an exception"),
        ] {
            assert_eq!(read(&format!(" {text}"), &rules()).map(|_| ()), Err(what.to_owned()), "{text}");
        }
        for text in ["allow NI101 until 2027-03-31 because x until 2027-03-31", "allow NI101 because x until May"] {
            assert!(read(text, &rules()).is_ok(), "{text}");
        }
    }
}
