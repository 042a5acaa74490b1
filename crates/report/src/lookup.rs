//! The exceptions that a finding may be allowed by, found without asking each of them: there may be as many of either.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use crate::exception::{Circumstances, Scope, TrackedException};
use crate::finding::Finding;
use crate::source::Source;

/// Exceptions by what they say of where they hold.
#[derive(Debug)]
pub(crate) struct Lookup<'e> {
    exceptions: &'e [TrackedException],
    circumstances: &'e Circumstances,
    /// Entries of the configuration, by rule, and by the object's name where they give it in full.
    patterns: HashMap<(&'e str, Option<&'e str>), Vec<usize>>,
    /// Comments, by the first and the last line that they are about, and the rule.
    lines: HashMap<(*const Source, usize, &'e str), First>,
    /// The lines of a comment that is about more than two, for each line between them. Such comments do not overlap.
    between: HashMap<(*const Source, usize), RangeInclusive<usize>>,
    /// These comments, by their lines and the rule.
    long: HashMap<(*const Source, RangeInclusive<usize>, &'e str), First>,
    /// Annotations, by the object and the rule.
    objects: HashMap<(*const Source, Range<usize>, &'e str), First>,
}

/// The first of several exceptions that hold at one place, and the first of those that have not expired.
#[derive(Clone, Copy, Debug, Default)]
struct First {
    any: Option<usize>,
    valid: Option<usize>,
}

impl First {
    /// The earlier ones of both.
    fn or(self, other: Self) -> Self {
        let earlier = |one: Option<usize>, other: Option<usize>| one.into_iter().chain(other).min();
        First { any: earlier(self.any, other.any), valid: earlier(self.valid, other.valid) }
    }
}

impl<'e> Lookup<'e> {
    pub fn of(exceptions: &'e [TrackedException], circumstances: &'e Circumstances) -> Self {
        let mut lookup = Lookup {
            exceptions,
            circumstances,
            patterns: HashMap::new(),
            lines: HashMap::new(),
            between: HashMap::new(),
            long: HashMap::new(),
            objects: HashMap::new(),
        };
        for (index, TrackedException { exception, .. }) in exceptions.iter().enumerate() {
            let first = lookup.first(index);
            if let Scope::Lines(source, lines) = &exception.scope {
                let inner = lines.start().saturating_add(1)..*lines.end();
                lookup.between.extend(inner.map(|line| ((Arc::as_ptr(source), line), lines.clone())));
            }
            for rule in &exception.rules {
                match &exception.scope {
                    Scope::Pattern(pattern) => {
                        lookup.patterns.entry((rule, pattern.full_name())).or_default().push(index);
                    }
                    Scope::Lines(source, lines) => {
                        let source = Arc::as_ptr(source);
                        for line in [*lines.start(), *lines.end()] {
                            let known = lookup.lines.entry((source, line, rule)).or_default();
                            *known = known.or(first);
                        }
                        if lines.end().saturating_sub(*lines.start()) > 1 {
                            let known = lookup.long.entry((source, lines.clone(), rule)).or_default();
                            *known = known.or(first);
                        }
                    }
                    Scope::Object(place) => {
                        let key = (Arc::as_ptr(&place.source), place.span.clone(), rule.as_str());
                        let known = lookup.objects.entry(key).or_default();
                        *known = known.or(first);
                    }
                }
            }
        }
        lookup
    }

    fn first(&self, index: usize) -> First {
        let is_valid = |tracked: &&TrackedException| !tracked.exception.has_expired(self.circumstances.today);
        let valid = self.exceptions.get(index).filter(is_valid).map(|_| index);
        First { any: Some(index), valid }
    }

    /// The first exception that allows a finding; only where there is no other one that has expired.
    pub fn allowing(&self, finding: &Finding) -> Option<usize> {
        let rule = finding.rule.as_ref()?.id.as_str();
        let mut found = First::default();
        let holds = |index: &usize| {
            let scope = self.exceptions.get(*index).map(|tracked| &tracked.exception.scope);
            scope.is_some_and(|scope| scope.covers(finding, self.circumstances))
        };
        for name in [None, Some(finding.object.name.as_str())] {
            let patterns = self.patterns.get(&(rule, name)).map(Vec::as_slice).unwrap_or_default();
            for index in patterns.iter().filter(|index| holds(index)) {
                found = found.or(self.first(*index));
                // None that follows is earlier.
                if found.valid.is_some_and(|valid| valid <= *index) {
                    break;
                }
            }
        }
        if !self.lines.is_empty() {
            let place = &finding.location.place;
            let (source, line) = (Arc::as_ptr(&place.source), place.start().line);
            found = found.or(self.lines.get(&(source, line, rule)).copied().unwrap_or_default());
            if let Some(lines) = self.between.get(&(source, line)) {
                found = found.or(self.long.get(&(source, lines.clone(), rule)).copied().unwrap_or_default());
            }
        }
        if !self.objects.is_empty() {
            let subject = &finding.subject;
            let key = (Arc::as_ptr(&subject.source), subject.span.clone(), rule);
            found = found.or(self.objects.get(&key).copied().unwrap_or_default());
        }
        found.valid.or(found.any)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::exception::{Exception, Pattern};
    use crate::finding::{Location, ObjectRef, RuleRef, Severity};
    use crate::place::Place;

    fn finding(source: &Arc<Source>, rule: &str, name: &str, line: usize) -> Finding {
        let at = (line - 1) * 2;
        Finding {
            policy: "private-images".into(),
            rule: Some(RuleRef { id: rule.into(), name: None }),
            severity: Severity::Deny,
            object: ObjectRef { kind: "Pod".into(), name: name.into(), ..ObjectRef::default() },
            subject: Place::new(source, line..line + 1),
            location: Location { path: "spec".into(), place: Place::new(source, at..at + 1) },
            value: None,
            whole: None,
            missing: false,
            part: Vec::new(),
            what: String::new(),
            fix: None,
            notes: Vec::new(),
        }
    }

    /// Each finding is allowed by the first exception that allows it, as one finds it by asking all of them.
    #[test]
    fn what_is_looked_up_is_what_asking_each_gives() {
        let [one, other] = ["a.yaml", "b.yaml"].map(|name| Arc::new(Source::new(name, "a\n".repeat(9))));
        let [past, today, future] = [2025, 2026, 2027].map(|year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap());
        let named = |name: Option<&str>| {
            Scope::Pattern(Box::new(Pattern { name: name.map(str::to_owned), ..Pattern::default() }))
        };
        let scopes = [
            Scope::Lines(Arc::clone(&one), 2..=2),
            Scope::Lines(Arc::clone(&one), 2..=5),
            Scope::Lines(Arc::clone(&one), 5..=8),
            Scope::Lines(Arc::clone(&other), 3..=3),
            Scope::Object(Place::new(&one, 4..5)),
            Scope::Object(Place::new(&other, 2..3)),
            named(Some("web")),
            named(Some("w*")),
            named(Some("we?")),
            named(None),
        ];
        let rules: [&[&str]; 3] = [&["NI101"], &["NI102", "NI101"], &["NI103"]];
        let days = [None, Some(past), Some(future)];
        let circumstances = Circumstances {
            today,
            namespace: String::new(),
            partial: false,
            deployed: false,
            judged: Vec::new(),
            idle: Vec::new(),
        };
        let all: Vec<(Scope, &[&str], Option<NaiveDate>)> = scopes
            .iter()
            .flat_map(|scope| rules.iter().map(move |rules| (scope, *rules)))
            .flat_map(|(scope, rules)| days.map(|day| (scope.clone(), rules, day)))
            .collect();
        // Another order, and another part of all of them, for each of many runs.
        for run in 1..200 {
            let exceptions: Vec<TrackedException> = (0..all.len())
                .filter(|at| (at * 7 + run) % 11 < run % 5 + 1)
                .map(|at| &all[(at * 37 + run) % all.len()])
                .map(|(scope, rules, expires)| Exception {
                    rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
                    scope: scope.clone(),
                    reason: String::new(),
                    expires: *expires,
                    place: Place::new(&one, 0..0),
                })
                .map(TrackedException::from)
                .collect();
            let lookup = Lookup::of(&exceptions, &circumstances);
            for source in [&one, &other] {
                for (rule, name) in [("NI101", "web"), ("NI101", "api"), ("NI102", "wet"), ("NI104", "web")] {
                    for line in 1..9 {
                        let finding = finding(source, rule, name, line);
                        let holds = |tracked: &TrackedException| {
                            let Exception { rules, scope, .. } = &tracked.exception;
                            rules.iter().any(|of| of == rule) && scope.covers(&finding, &circumstances)
                        };
                        let valid = |tracked: &TrackedException| {
                            holds(tracked) && !tracked.exception.has_expired(circumstances.today)
                        };
                        let expected = exceptions.iter().position(valid).or_else(|| exceptions.iter().position(holds));
                        assert_eq!(lookup.allowing(&finding), expected, "run {run}: {rule} of {name} in line {line}");
                    }
                }
            }
        }
    }
}
