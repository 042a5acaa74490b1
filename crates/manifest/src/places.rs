//! Where the values of an object are written, in bytes of its file.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use isolation_document::path::steps;
use isolation_document::{Kind, Located, Value};

/// The places of an object's values. Those of YAML know their own; JSON is read without places, which are found here for the
/// whole object in one go, since to look for each would be to read the text once for each.
#[derive(Debug, Default)]
pub(crate) struct Places(Option<Vec<Place>>);

/// The place of one value.
#[derive(Debug)]
pub(crate) struct Place {
    /// The value, by its index in its document.
    pub index: u32,
    /// Its key, with quotes; none of a list's item.
    pub key: Option<Range<usize>>,
    /// The value itself.
    pub value: Range<usize>,
}

impl Places {
    /// The places of a JSON object's values.
    pub fn of_json(mut places: Vec<Place>) -> Self {
        places.sort_unstable_by_key(|place| place.index);
        Places(Some(places))
    }

    /// Whether the object is written as JSON.
    pub fn are_of_json(&self) -> bool {
        self.0.is_some()
    }

    /// Where a value is written.
    pub fn span(&self, value: Value<'_>) -> Option<Range<usize>> {
        match &self.0 {
            None => value.span(),
            Some(places) => Some(find(places, value)?.value.clone()),
        }
    }

    /// Where a value's key is written.
    pub fn key_span(&self, value: Value<'_>) -> Option<Range<usize>> {
        match &self.0 {
            None => value.key_span(),
            Some(places) => find(places, value)?.key.clone(),
        }
    }

    /// What to point at for a field path in an object of JSON: what [`crate::locate`] finds in its text.
    pub fn locate(&self, object: Value<'_>, path: &str) -> Option<Located> {
        let steps = steps(path);
        let (here, missing) = object.follow(&steps);
        let key = match here.kind() {
            Kind::Object => self.key_span(here).or_else(|| self.key_span(here.entries().next()?.1)),
            Kind::List => self.key_span(here),
            _ => None,
        };
        Some(Located { span: key.or_else(|| self.span(here))?, exact: missing.is_empty() })
    }
}

fn find<'p>(places: &'p [Place], value: Value<'_>) -> Option<&'p Place> {
    let at = places.binary_search_by_key(&value.index(), |place| place.index).ok()?;
    places.get(at)
}

/// The places of an object that is asked for many of them; most are asked for few, and need none.
#[derive(Debug, Default)]
pub(crate) struct PlaceCache {
    times: AtomicUsize,
    places: OnceLock<Arc<Places>>,
}

/// How many places are looked for one by one.
const FEW: usize = 8;

impl PlaceCache {
    /// The places, if this is not one of the first questions.
    pub fn places(&self, find: impl FnOnce() -> Places) -> Option<&Places> {
        if self.times.fetch_add(1, Ordering::Relaxed) < FEW {
            return None;
        }
        Some(self.places.get_or_init(|| Arc::new(find())))
    }
}

impl Clone for PlaceCache {
    fn clone(&self) -> Self {
        let times = AtomicUsize::new(self.times.load(Ordering::Relaxed));
        PlaceCache { times, places: self.places.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_often_it_is_asked_a_place_is_the_same() {
        let item = "{\"kind\": \"Pod\", \"s\\u0070ec\": {\"list\": [1, {\"a\": \"b\"}, [{\"c\": {}}], {}], \"a.b\": null, \"\\ud83d\\ude00\": [] }}";
        let text = format!("{{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"items\": [{item}, {item}]}}");
        let text = text.replace("{\"kind\": \"Pod\", ", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", ");
        let second = || crate::read(&text).found.into_iter().nth(1).unwrap().unwrap();
        let asked = second();
        for _ in 0..FEW {
            asked.locate(&text, "kind");
        }
        let lists = (0..5).map(|at| format!("spec.list[{at}]"));
        let others = [
            "",
            "kind",
            "spec",
            "spec.list",
            "spec.list[1].a",
            "spec.list[2][0].c",
            "spec[\"a.b\"]",
            "spec[\"\u{1f600}\"]",
            "x.y",
        ];
        for path in others.into_iter().map(str::to_owned).chain(lists) {
            let located = second().locate(&text, &path);
            assert_eq!(asked.locate(&text, &path), located, "{path}");
            assert!(located.span.start > text.len() / 2 && !located.span.is_empty(), "{path}");
        }
        assert!(asked.asked.places.get().is_some() && second().asked.places.get().is_none());
    }
}
