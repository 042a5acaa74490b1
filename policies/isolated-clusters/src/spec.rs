//! The description of an Azure resource, wherever an object holds it.
//!
//! A [`Spec`] is one or more layers, the strongest first: the object itself, the patches that CAPZ applies to it, the two
//! trees of a Crossplane resource. It finds the effective values of a field. Each value remembers where the user wrote it, so
//! rules know nothing about patches and paths.

use std::borrow::Cow;
use std::cell::Cell;

use isolation::finding::MAX_FINDINGS;
use isolation::fix::{Fix, NewValue};
use isolation::json::Kind;
use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{FieldRef, Findings, Rule, Severity, Value};

use crate::fields::{ASO_CLUSTER, CAPZ_CLUSTER, Field, FieldMap, place, places};
use crate::lookup::{Lookup, keys_of, miscased, with_references};
use crate::unreadable_patch;

/// One tree of fields, with their names.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'d> {
    /// The names of its fields.
    pub field_map: FieldMap,
    /// The object or document at which paths start.
    pub root: Value<'d>,
    /// The keys from the root to the fields.
    pub at: &'static [&'static str],
    /// The fields, if there are any.
    pub fields: Option<Value<'d>>,
    /// The string that holds the document, if the layer is a patch.
    pub patch: Option<Value<'d>>,
}

impl Layer<'_> {
    /// Calls `act` so that its findings are reported in this layer.
    fn within(&self, findings: &mut Findings, act: &mut dyn FnMut(&mut Findings)) {
        match self.patch {
            Some(holder) => findings.inside(holder, self.root, |findings| act(findings)),
            None => act(findings),
        }
    }
}

/// What a rule reports about a value that violates it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// Whether it rejects.
    pub severity: Severity,
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong.
    pub what: &'r str,
    /// What to write instead: a sentence, or for a missing field its value, as JSON.
    pub fix: &'r str,
    /// What becomes of a value that is there, where that is one thing.
    pub cure: Cure,
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug)]
pub enum Cure {
    /// There is more than one way.
    Open,
    /// It is to be this text.
    Text(&'static str),
    /// It is to be false.
    False,
    /// It is to go.
    Omit,
}

impl<'r> Report<'r> {
    /// A violation.
    pub const fn deny(rule: &'static Rule, what: &'r str, fix: &'r str) -> Self {
        Report { severity: Severity::Deny, rule, what, fix, cure: Cure::Open }
    }

    /// A warning.
    pub const fn warn(rule: &'static Rule, what: &'r str, fix: &'r str) -> Self {
        Report { severity: Severity::Warn, rule, what, fix, cure: Cure::Open }
    }

    /// The same, with what becomes of the value.
    pub const fn with(self, cure: Cure) -> Self {
        Report { cure, ..self }
    }
}

/// How the layers of a description combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layers {
    /// The strongest layer with a value wins: merge patches over an object.
    Override,
    /// Every layer counts: Crossplane's `forProvider` and `initProvider`, whose merge depends on the release and on whether the
    /// resource exists.
    Add,
}

/// An effective value, and its layer.
#[derive(Clone, Copy, Debug)]
pub struct Found<'m, 'd> {
    /// The value.
    pub value: Value<'d>,
    /// Its layer.
    pub layer: &'m Layer<'d>,
}

impl<'m, 'd> Found<'m, 'd> {
    /// Reports something about the value.
    pub fn report(
        &self,
        findings: &mut Findings,
        severity: Severity,
        rule: &'static Rule,
        what: &str,
        fix: impl Into<Fix>,
    ) {
        let fix = fix.into();
        self.layer.within(findings, &mut |findings| {
            findings.report(severity, rule, FieldRef::from(self.value), what.to_owned(), fix.clone());
        });
    }

    /// Warns of a value that must not be shown.
    pub fn warn_hidden(&self, findings: &mut Findings, rule: &'static Rule, what: &str, fix: &str) {
        self.layer.within(findings, &mut |findings| {
            findings.report(Severity::Warn, rule, FieldRef::from(self.value).hidden(), what.to_owned(), fix.into());
        });
    }

    /// Reports the value.
    pub fn say(&self, findings: &mut Findings, report: &Report<'_>) {
        let fix = match report.cure {
            Cure::Open => report.fix.into(),
            Cure::Text(text) => self.set(report.fix, text.into()),
            Cure::False => Fix::set(report.fix, false),
            Cure::Omit => Fix::remove(report.fix),
        };
        self.report(findings, report.severity, report.rule, report.what, fix);
    }

    /// Writes a text in place of the value; safe where only the casing differs, which is what was meant.
    pub fn set(&self, sentence: &str, to: Cow<'static, str>) -> Fix {
        let is_meant = self.value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(&to));
        Fix::set(sentence, NewValue::Text(to)).safe_if(is_meant)
    }

    /// Reports a text that a rule does not accept, or a placeholder that was not replaced.
    pub fn deny_text(&self, findings: &mut Findings, rule: &'static Rule, what: &str, fix: impl Into<Fix>) {
        let is_left = self.value.as_str().is_some_and(|text| is_placeholder(&text));
        self.deny(findings, rule, if is_left { PLACEHOLDER } else { what }, fix);
    }

    /// Reports that the value violates a rule.
    pub fn deny(&self, findings: &mut Findings, rule: &'static Rule, what: &str, fix: impl Into<Fix>) {
        self.report(findings, Severity::Deny, rule, what, fix);
    }

    /// The value as a text; reports any other type.
    pub fn text(&self, findings: &mut Findings) -> Option<Cow<'d, str>> {
        self.layer.within(findings, &mut |findings| {
            findings.expect(self.value, Kind::String);
        });
        self.value.as_str()
    }

    /// Whether the value is `true`; reports any other type.
    pub fn is_true(&self, findings: &mut Findings) -> bool {
        self.layer.within(findings, &mut |findings| {
            findings.expect(self.value, Kind::Bool);
        });
        self.value.as_bool() == Some(true)
    }

    /// Whether the value is empty: `{}`, `[]`, `""` or `0`. A selector of Crossplane without labels selects any object.
    pub fn is_empty(&self) -> bool {
        let selects = self.value.key().is_some_and(|key| key.ends_with("Selector"));
        (!selects && self.value.is_empty_container()) || self.value.is_text("") || self.value.number() == Some("0")
    }

    /// The member of an object; reports any other type.
    pub fn member(&self, findings: &mut Findings, key: &str) -> Option<Found<'m, 'd>> {
        self.layer.within(findings, &mut |findings| {
            findings.expect(self.value, Kind::Object);
        });
        if self.layer.patch.is_some() {
            let mut twins = Vec::new();
            miscased(self.value, key, &mut twins);
            for twin in twins {
                self.layer.within(findings, &mut |findings| unreadable_patch::report_key(twin, findings));
            }
        }
        self.value.field(key).map(|value| Found { value, layer: self.layer })
    }
}

/// The effective values of a field.
#[derive(Debug)]
pub struct Answer<'m, 'd> {
    /// The field.
    field: Field,
    /// The values.
    pub found: Vec<Found<'m, 'd>>,
    /// The `null` by which a patch removes the field.
    deleted: Option<Found<'m, 'd>>,
}

impl Answer<'_, '_> {
    /// Whether there are values and all of them are `true`; reports other types.
    pub fn all_true(&self, findings: &mut Findings) -> bool {
        let mut all = !self.found.is_empty();
        for found in &self.found {
            all &= found.is_true(findings);
        }
        all
    }
}

/// The description of one resource.
pub struct Spec<'d> {
    layers: Vec<Layer<'d>>,
    how: Layers,
    /// Values already reported as unreadable, so that each is reported once.
    reported: Cell<Vec<Value<'d>>>,
}

impl<'d> Spec<'d> {
    /// A description of these layers, the strongest first, the object itself last.
    pub fn new(layers: Vec<Layer<'d>>, how: Layers) -> Self {
        Spec { layers, how, reported: Cell::new(Vec::new()) }
    }

    /// The layers, the strongest first.
    pub fn layers(&self) -> &[Layer<'d>] {
        &self.layers
    }

    /// The layer of the object itself, whose names the documentation of the kind uses.
    pub fn own(&self) -> Option<&Layer<'d>> {
        match self.how {
            Layers::Override => self.layers.last(),
            Layers::Add => self.layers.first(),
        }
    }

    /// The name of a pool.
    pub fn name(&self) -> Option<Value<'d>> {
        self.layers.iter().find_map(|layer| layer.fields?.field("name"))
    }

    /// Whether CAPZ creates the cluster from its own fields and patches.
    pub fn is_patched(&self) -> bool {
        self.own().is_some_and(|layer| layer.field_map == CAPZ_CLUSTER)
    }

    /// The effective values of a field.
    pub fn find(&self, findings: &mut Findings, field: Field) -> Answer<'_, 'd> {
        let mut answer = Answer { field, found: Vec::new(), deleted: None };
        for layer in &self.layers {
            let mut deleted = None;
            for place in places(layer.field_map, field).flat_map(with_references) {
                let (found, taken_away) = self.find_in(findings, layer, &place);
                answer.found.extend(found);
                deleted = deleted.or(taken_away);
            }
            let is_deleted = deleted.is_some();
            answer.deleted = deleted.filter(|_| answer.found.is_empty());
            // A merge patch adds nothing by an empty object: what is beneath it stays. https://datatracker.ietf.org/doc/html/rfc7386
            let is_kept = |found: &Found<'_, '_>| {
                found.layer.patch.is_some() && found.value.kind() == Kind::Object && found.is_empty()
            };
            if self.how == Layers::Override && (is_deleted || !answer.found.iter().all(is_kept)) {
                break;
            }
        }
        answer
    }

    /// The values of one layer at a path, and the `null` by which it removes them, if it is a patch.
    pub fn find_in<'m>(
        &self,
        findings: &mut Findings,
        layer: &'m Layer<'d>,
        place: &str,
    ) -> (Vec<Found<'m, 'd>>, Option<Found<'m, 'd>>) {
        let Some(fields) = layer.fields else { return (Vec::new(), None) };
        let mut lookup = Lookup { any_case: layer.patch.is_some(), ..Lookup::default() };
        lookup.at(fields, place);
        for (value, expected) in lookup.wrong {
            if self.is_news(value) {
                layer.within(findings, &mut |findings| {
                    findings.expect(value, expected);
                });
            }
        }
        for value in lookup.miscased {
            if self.is_news(value) {
                layer.within(findings, &mut |findings| unreadable_patch::report_key(value, findings));
            }
        }
        let mut found = Vec::new();
        for value in lookup.values {
            found.push(Found { value, layer });
        }
        let deleted = lookup.deleted.filter(|_| layer.patch.is_some());
        (found, deleted.map(|value| Found { value, layer }))
    }

    /// Whether this value was not reported yet. Only as many are remembered as findings are kept; an object with more is
    /// rejected for those.
    fn is_news(&self, value: Value<'d>) -> bool {
        let mut reported = self.reported.take();
        let news = reported.len() < MAX_FINDINGS && !reported.contains(&value);
        if news {
            reported.push(value);
        }
        self.reported.set(reported);
        news
    }

    /// Reports every value of `field` for which `is_bad` holds, and every value that is not a text.
    pub fn report_texts(
        &self,
        findings: &mut Findings,
        field: Field,
        is_bad: &dyn Fn(&str) -> bool,
        report: &Report<'_>,
    ) {
        for found in &self.find(findings, field).found {
            if let Some(text) = found.text(findings).filter(|text| is_bad(text)) {
                let what = if is_placeholder(&text) { PLACEHOLDER } else { report.what };
                found.say(findings, &Report { what, ..*report });
            }
        }
    }

    /// Reports every value of `field` that is `true`, and every value that is not a boolean.
    pub fn report_true(&self, findings: &mut Findings, field: Field, report: &Report<'_>) {
        for found in &self.find(findings, field).found {
            if found.is_true(findings) {
                found.say(findings, report);
            }
        }
    }

    /// Reports every value of `field` that is not empty: not `{}`, `[]`, `""` or `0`.
    pub fn report_filled(&self, findings: &mut Findings, field: Field, report: &Report<'_>) {
        for found in &self.find(findings, field).found {
            if !found.is_empty() {
                found.say(findings, report);
            }
        }
    }

    /// Reports that a field is not set, at the path where the user would set it; the report's fix is its value, as JSON.
    pub fn report_missing(&self, findings: &mut Findings, answer: &Answer<'_, 'd>, report: &Report<'_>) {
        let fix = self.instead(answer.deleted.as_ref(), answer.field, report.fix);
        self.absent(findings, answer, report, fix);
    }

    /// The same with a whole sentence as fix.
    pub fn report_absent(&self, findings: &mut Findings, answer: &Answer<'_, 'd>, report: &Report<'_>) {
        self.absent(findings, answer, report, report.fix.into());
    }

    fn absent(&self, findings: &mut Findings, answer: &Answer<'_, 'd>, report: &Report<'_>, fix: Fix) {
        if let Some(deleted) = &answer.deleted {
            let what = ["this patch removes the field: ", report.what].concat();
            return deleted.report(findings, report.severity, report.rule, &what, fix);
        }
        let Some(own) = self.own() else { return };
        let by_patch = self.needs_patch(answer.field);
        let field = match own.fields.and_then(|fields| fields.field(PATCHES)).filter(|_| by_patch) {
            Some(patches) => FieldRef::lacking(patches),
            None => {
                let place = if by_patch { PATCHES } else { place(own.field_map, answer.field).unwrap_or_default() };
                let mut keys = own.at.to_vec();
                keys.extend(keys_of(place));
                FieldRef::missing(own.root, &keys)
            }
        };
        findings.report(report.severity, report.rule, field, report.what.to_owned(), fix);
    }

    /// Whether CAPZ's own fields cannot set this field, so that a patch must.
    fn needs_patch(&self, field: Field) -> bool {
        self.is_patched() && (field == Field::OutboundType || place(CAPZ_CLUSTER, field).is_none())
    }

    /// What to write so that `field` is `value`, which is JSON: instead of `found`, or where the field is not set.
    pub fn instead(&self, found: Option<&Found<'_, 'd>>, field: Field, value: &str) -> Fix {
        let in_patch = found.is_some_and(|found| found.layer.patch.is_some());
        if self.needs_patch(field) && !in_patch {
            let keys = keys_of(place(ASO_CLUSTER, field).unwrap_or_default());
            let mut patch = String::from("Add '{\"spec\":");
            for key in &keys {
                patch.push_str("{\"");
                patch.push_str(key);
                patch.push_str("\":");
            }
            patch.push_str(value);
            for _ in &keys {
                patch.push('}');
            }
            patch.push_str("}' to asoManagedClusterPatches");
            return patch.into();
        }
        let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let sentence = match (found, self.own()) {
            (Some(_), _) => ["Write ", value].concat(),
            (None, Some(own)) => {
                let keys = keys_of(place(own.field_map, field).unwrap_or_default());
                ["Write ", keys.last().copied().unwrap_or_default(), ": ", text.unwrap_or(value)].concat()
            }
            (None, None) => return Fix::default(),
        };
        match (text, value) {
            // What only the user knows.
            (Some(text), _) if text.contains('…') => sentence.into(),
            (Some(text), _) => match found {
                Some(found) => found.set(&sentence, text.to_owned().into()),
                None => Fix::set(sentence, text.to_owned()),
            },
            (None, "true" | "false") => Fix::set(sentence, value == "true"),
            _ => sentence.into(),
        }
    }
}

/// The field of CAPZ's kinds that holds patches.
pub const PATCHES: &str = "asoManagedClusterPatches";
