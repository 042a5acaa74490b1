//! What a rule reports, and the collection of all reports about one object.

use std::borrow::Cow;

use crate::exception::Exception;
use crate::fix::Fix;
use crate::json::{Items, Kind, Positions, Value, in_order};
use crate::path::Path;
use crate::rule::Rule;

/// Whether a finding rejects the object or only warns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The object is rejected (unless the setting `enforcement` is `warn`).
    Deny,
    /// The object is accepted and the user is told.
    Warn,
}

/// One finding, for the printers: problem, place and fix are separate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that reports it.
    pub rule: &'static Rule,
    /// Whether it rejects.
    pub severity: Severity,
    /// Whether it only warns because the object had the same violation before this update.
    pub preexisting: bool,
    /// The field, from the object's root.
    pub path: Path,
    /// The value that stands there, ready to print; `None` where the field is not set or is a list or object.
    pub value: Option<String>,
    /// Whether the field is not set at all.
    pub missing: bool,
    /// Whether it is only about what the value lacks; see [`FieldRef::lacking`].
    pub lacking: bool,
    /// What is wrong: a clause without capital and full stop.
    pub what: String,
    /// What to write instead.
    pub fix: Fix,
    /// The values that it is a part of; see [`Findings::as_part_of`].
    pub part: Vec<Path>,
}

impl Finding {
    /// Which findings are dropped first when there are too many: those that were there before, then warnings.
    fn rank(&self) -> u8 {
        match self.severity {
            Severity::Deny => 0,
            Severity::Warn => 1 + u8::from(self.preexisting),
        }
    }
}

/// The violations of an object before an update, by what they are recognised by. Each matches off one violation of the new
/// object, so that a second copy of an old violation is a new one.
#[derive(Debug, Default)]
struct OldViolations {
    /// How many violations with this identity are not matched off yet; in the order of identities.
    left: Vec<(String, usize)>,
}

impl OldViolations {
    fn new(identities: Vec<String>) -> Self {
        let mut violations = Self::default();
        for identity in in_order(identities) {
            match violations.left.last_mut() {
                Some((last, count)) if *last == identity => *count += 1,
                _ => violations.left.push((identity, 1)),
            }
        }
        violations
    }

    /// Whether one of the old violations is this one, and not matched off yet: it then is.
    fn match_off(&mut self, identity: &str) -> bool {
        let known = self.left.binary_search_by(|(known, _)| known.as_str().cmp(identity));
        let Some((_, left)) = known.ok().and_then(|at| self.left.get_mut(at)) else { return false };
        let is_left = *left > 0 && !identity.is_empty();
        *left -= usize::from(is_left);
        is_left
    }
}

/// The field that a finding is about: a value, or a field that its holder lacks.
#[derive(Clone, Debug)]
pub struct FieldRef<'d> {
    value: Value<'d>,
    below: Option<Path>,
    hidden: bool,
}

impl<'d> From<Value<'d>> for FieldRef<'d> {
    fn from(value: Value<'d>) -> Self {
        FieldRef { value, below: None, hidden: false }
    }
}

impl<'d> FieldRef<'d> {
    /// The field that `keys` lead to from `holder` and that is not there. As many of the keys as exist may be given.
    pub fn missing(holder: Value<'d>, keys: &[&str]) -> Self {
        FieldRef { value: holder, below: Some(Path::root().keys(keys)), hidden: false }
    }

    /// A value that is reported for what it lacks: whatever else an update changes in it, the violation stays the same.
    pub fn lacking(value: Value<'d>) -> Self {
        FieldRef { value, below: Some(Path::root()), hidden: false }
    }

    /// Whether the field is not there.
    pub fn is_missing(&self) -> bool {
        self.below.as_ref().is_some_and(|below| !below.is_root())
    }

    /// The same field, whose value must not be shown.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
}

/// How many findings of one object are kept in full. Of further violations only the number is told, and the kept ones are
/// those that matter most: see [`Finding::rank`].
pub const MAX_FINDINGS: usize = 200;

/// How many bytes are remembered to recognise the violations of one object by. An object that the API server takes has less
/// in all its fields.
const MAX_IDENTITIES: usize = 8 * 1024 * 1024;

/// The longest value that is shown, in characters.
const MAX_VALUE: usize = 120;

/// The longest clause or sentence of a finding, in bytes. What readers of other texts say may quote those at any length.
const MAX_TEXT: usize = 1000;

/// A text of a finding, cut when long.
fn truncate(text: &mut String) {
    if text.len() > MAX_TEXT {
        text.truncate(text.floor_char_boundary(MAX_TEXT));
        text.push('…');
    }
}

/// Whether a character shows nothing, or changes how others are shown: marks of direction, fillers, tags.
pub fn is_invisible(c: char) -> bool {
    matches!(c as u32,
        0x7F..=0xA0 | 0xAD | 0x61C | 0x115F..=0x1160 | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202F
        | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}

/// A value from input as a message shows it: in quotes, control and invisible characters written out, cut when long.
pub fn printable(value: &str) -> String {
    let mut out = String::from("\"");
    for (count, c) in value.chars().enumerate() {
        if count == MAX_VALUE {
            out.push('…');
            break;
        }
        if is_invisible(c) {
            for c in c.escape_unicode() {
                out.push(c);
            }
        } else {
            // As JSON writes it, without the quotes.
            let quoted = crate::json::quoted(c.encode_utf8(&mut [0; 4]));
            out.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
        }
    }
    out.push('"');
    out
}

/// All that was found in one object.
#[derive(Debug, Default)]
pub struct Findings {
    /// The node of the object that is judged: paths start there.
    root: Option<u32>,
    /// Where the document under judgement stands, when it is written inside a string of the object; and the same with every position
    /// left open.
    outer: Option<[Path; 2]>,
    /// Those of the document under judgement.
    positions: Positions,
    kept: Vec<Finding>,
    /// How many findings that refuse are not kept.
    omitted: usize,
    /// For every finding that refuses, what it is recognised by in the object after an update; only if asked for.
    identities: Option<Vec<String>>,
    /// What the object had before the update; only if such violations are accepted.
    old: Option<OldViolations>,
    /// How many bytes violations were recognised by.
    remembered: usize,
    /// What must be the same as well for a violation to be the same; see [`Findings::as_part_of`].
    part_of: String,
    /// The places of those values.
    parts: Vec<Path>,
    /// What the operator allows in this object.
    exceptions: Vec<Exception>,
    rewritten: Option<serde_json::Value>,
}

impl Findings {
    /// Nothing found yet, in the object `root`.
    pub fn new(root: Value<'_>) -> Self {
        Findings { root: Some(root.index()), ..Self::default() }
    }

    /// The same, remembering enough for [`Self::since`]: for the object before an update.
    pub fn comparable(root: Value<'_>) -> Self {
        Findings { identities: Some(Vec::new()), ..Self::new(root) }
    }

    /// The same for the object after an update. Of what `old`, the findings of the object before, has as well, only a
    /// warning is made: the setting `existing: allow`. A violation is the same if rule, field and value are, whatever its
    /// position in a list.
    pub fn since(root: Value<'_>, old: Findings) -> Self {
        Findings { old: Some(OldViolations::new(old.identities.unwrap_or_default())), ..Self::new(root) }
    }

    /// The same, without what the operator allows in this object.
    #[must_use]
    pub fn with_exceptions(mut self, exceptions: &[Exception]) -> Self {
        self.exceptions = exceptions.to_vec();
        self
    }

    /// Whether the operator allows a finding of this rule at this value.
    pub fn allows(&mut self, rule: &Rule, value: Value<'_>) -> bool {
        self.is_allowed(rule, &FieldRef::from(value))
    }

    /// Whether the operator allows a finding.
    fn is_allowed(&mut self, rule: &Rule, field: &FieldRef<'_>) -> bool {
        if self.exceptions.is_empty() {
            return false;
        }
        let shown = !field.is_missing() && !field.hidden;
        let value = match field.value.kind() {
            Kind::List | Kind::Object => Cow::default(),
            Kind::String if shown => field.value.as_str().unwrap_or_default(),
            _ if shown => Cow::Owned(field.value.to_json()),
            _ => Cow::default(),
        };
        // Taken, so that the path can be asked for meanwhile; and only once, whatever the number of exceptions.
        let exceptions = std::mem::take(&mut self.exceptions);
        let mut path = None;
        let mut path = || path.get_or_insert_with(|| self.place(field, false).to_string()).clone();
        let is_allowed = exceptions.iter().any(|exception| exception.allows(rule, &mut path, &value));
        self.exceptions = exceptions;
        is_allowed
    }

    /// Reports a violation.
    pub fn deny<'d>(
        &mut self,
        rule: &'static Rule,
        field: impl Into<FieldRef<'d>>,
        what: impl Into<String>,
        fix: impl Into<Fix>,
    ) {
        self.report(Severity::Deny, rule, field.into(), what.into(), fix.into());
    }

    /// Reports a warning, which does not reject the object.
    pub fn warn<'d>(
        &mut self,
        rule: &'static Rule,
        field: impl Into<FieldRef<'d>>,
        what: impl Into<String>,
        fix: impl Into<Fix>,
    ) {
        self.report(Severity::Warn, rule, field.into(), what.into(), fix.into());
    }

    /// What a violation is recognised by in another version of the object: rule, place and value. The object as a whole, which is
    /// the same object in each version, counts by the values of [`Findings::as_part_of`] alone, and so does what a value lacks. Empty,
    /// and so like none, when too much is remembered already: many violations of one long value would be more than the memory
    /// holds.
    fn identity(&mut self, rule: &Rule, field: &FieldRef<'_>) -> String {
        let place = self.place(field, true);
        // The object as a whole has its status, its finalizers and its version in it, which no two versions share.
        let is_object = self.outer.is_none() && self.root == Some(field.value.index());
        let value = if field.below.is_some() || is_object { String::new() } else { field.value.to_json() };
        self.remembered += place.as_str().len() + value.len() + self.part_of.len();
        if self.remembered > MAX_IDENTITIES {
            return String::new();
        }
        let mut identity = String::new();
        for part in [rule.id, " ", place.as_str(), " ", &value, &self.part_of] {
            identity.push_str(part);
        }
        identity
    }

    /// Where a value stands, from the root of the object that is judged.
    pub fn path(&mut self, value: Value<'_>) -> Path {
        self.place(&FieldRef::from(value), false)
    }

    fn place(&mut self, field: &FieldRef<'_>, open: bool) -> Path {
        let path = match self.root {
            Some(root) if open => field.value.open_path_from(root),
            Some(root) => field.value.path_from(root, &mut self.positions),
            None => Path::root(),
        };
        let path = match &field.below {
            Some(below) => below.below(&path),
            None => path,
        };
        match &self.outer {
            Some([_, outer]) if open => outer.clone().inside(&path),
            Some([outer, _]) => outer.clone().inside(&path),
            None => path,
        }
    }

    /// Reports a finding of either severity.
    pub fn report(
        &mut self,
        severity: Severity,
        rule: &'static Rule,
        field: FieldRef<'_>,
        mut what: String,
        mut fix: Fix,
    ) {
        if self.is_allowed(rule, &field) {
            return;
        }
        truncate(&mut what);
        truncate(&mut fix.text);
        // Inside a string there is no field of the object that could be changed.
        if self.outer.is_some() {
            fix.change = None;
        }
        let missing = field.is_missing();
        let lacking = field.below.is_some() && !missing;
        let value = match field.value.kind() {
            _ if missing || field.hidden => None,
            Kind::String => field.value.as_str().map(|text| printable(&text)),
            Kind::List | Kind::Object => None,
            _ => Some(field.value.to_json().chars().take(MAX_VALUE).collect()),
        };
        let (path, part) = (Path::root(), Vec::new());
        let mut finding =
            Finding { rule, severity, preexisting: false, path, value, missing, lacking, what, fix, part };
        if severity == Severity::Deny && (self.identities.is_some() || self.old.is_some()) {
            let identity = self.identity(rule, &field);
            if self.old.as_mut().is_some_and(|old| old.match_off(&identity)) {
                finding.severity = Severity::Warn;
                finding.preexisting = true;
                finding.what.insert_str(0, "was there before this update: ");
            }
            if let Some(identities) = &mut self.identities {
                identities.push(identity);
            }
        }
        if self.kept.len() >= MAX_FINDINGS {
            let Some(lesser) = self.kept.iter().rposition(|kept| kept.rank() > finding.rank()) else {
                self.omitted += usize::from(finding.severity == Severity::Deny);
                return;
            };
            self.kept.remove(lesser);
        }
        finding.path = self.place(&field, false);
        finding.part = self.parts.clone();
        self.kept.push(finding);
    }

    /// Judges a document that a string of the object holds: findings in it are reported at the string's path and the path
    /// inside it.
    pub fn inside(&mut self, holder: Value<'_>, document: Value<'_>, judge: impl FnOnce(&mut Findings)) {
        let outer = [false, true].map(|open| self.place(&FieldRef::from(holder), open));
        let positions = std::mem::take(&mut self.positions);
        let before = (self.root.replace(document.index()), self.outer.replace(outer), positions);
        judge(self);
        (self.root, self.outer, self.positions) = before;
    }

    /// Judges what is one thing only with `values`: a violation that `judge` reports is that of an older version of the object
    /// only where all of these are what they were, and those around them, if it is called inside such a `judge`.
    pub fn as_part_of(&mut self, values: &[Value<'_>], judge: impl FnOnce(&mut Findings)) {
        let before = (self.part_of.len(), self.parts.len());
        for value in values {
            let path = self.path(*value);
            self.parts.push(path);
            if self.identities.is_some() || self.old.is_some() {
                self.part_of.push_str(&value.key().unwrap_or_default());
                self.part_of.push_str(&value.to_json());
            }
        }
        judge(self);
        self.part_of.truncate(before.0);
        self.parts.truncate(before.1);
    }

    /// The findings that are kept in full, in the order of their paths.
    pub fn kept(&self) -> &[Finding] {
        &self.kept
    }

    /// How many violations are not among the kept findings.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// How many findings refuse the object.
    pub fn denials(&self) -> usize {
        self.omitted + self.kept.iter().filter(|finding| finding.severity == Severity::Deny).count()
    }

    /// Turns all violations into warnings: the setting `enforcement: warn`.
    pub fn downgrade_to_warnings(&mut self) {
        for finding in &mut self.kept {
            finding.severity = Severity::Warn;
        }
        self.omitted = 0;
    }

    /// Sets the object as the policy has rewritten it.
    pub fn rewrite(&mut self, object: serde_json::Value) {
        self.rewritten = Some(object);
    }

    /// The findings that are kept in full, and the object as the policy has rewritten it.
    pub fn into_parts(self) -> (Vec<Finding>, Option<serde_json::Value>) {
        (self.kept, self.rewritten)
    }

    /// Sorts by path and rule, so that the same object always gives the same message; what was there before the update
    /// comes last, so that it hides nothing new.
    pub fn sort(&mut self) {
        let mut kept: Vec<_> = std::mem::take(&mut self.kept).into_iter().map(Some).collect();
        let found = kept.iter().flatten().enumerate();
        let keys =
            found.map(|(at, finding)| (finding.preexisting, finding.path.sort_key(), finding.rule.id, at)).collect();
        self.kept = in_order(keys).into_iter().filter_map(|(.., at)| kept.get_mut(at)?.take()).collect();
    }
}

/// A field is not of the type that the API defines.
pub const UNREADABLE: Rule = Rule { id: "NI001", name: "unreadable-field", since: "0.1.0" };

/// Reading fields. A field of another type than the API defines is not absent: it is reported, so that nothing is accepted
/// because it could not be read.
impl Findings {
    fn typed<'d>(&mut self, holder: Value<'d>, key: &str, kind: Kind) -> Option<Value<'d>> {
        let value = holder.field(key)?;
        self.expect(value, kind).then_some(value)
    }

    /// Whether `value` is of this kind; reports it if not, once for all rules that read it.
    pub fn expect(&mut self, value: Value<'_>, kind: Kind) -> bool {
        if value.kind() == kind {
            return true;
        }
        if self.is_reported_unreadable(value) {
            return false;
        }
        let what = format!("the API defines {} here, found {}", kind.name(), value.kind().name());
        self.deny(&UNREADABLE, FieldRef::from(value).hidden(), what, format!("Write {}", kind.name()));
        false
    }

    // Past what is kept, nothing is looked for: it is only counted, and to find its path would cost more.
    fn is_reported_unreadable(&mut self, value: Value<'_>) -> bool {
        if self.kept.len() >= MAX_FINDINGS || self.kept.iter().all(|kept| kept.rule.id != UNREADABLE.id) {
            return false;
        }
        let path = self.path(value);
        self.kept.iter().any(|kept| kept.rule.id == UNREADABLE.id && kept.path == path)
    }

    /// The object under `key`, if there is one.
    pub fn object<'d>(&mut self, holder: Value<'d>, key: &str) -> Option<Value<'d>> {
        self.typed(holder, key, Kind::Object)
    }

    /// The object at the end of `keys`, if there is one.
    pub fn descend<'d>(&mut self, holder: Value<'d>, keys: &[&str]) -> Option<Value<'d>> {
        keys.iter().try_fold(holder, |holder, key| self.object(holder, key))
    }

    /// The items of the list under `key`; none if there is no list.
    pub fn list<'d>(&mut self, holder: Value<'d>, key: &str) -> Items<'d> {
        // The holder is an object, and an object has no items.
        self.typed(holder, key, Kind::List).unwrap_or(holder).items()
    }

    /// The items of the list under `key` that are objects; what else stands there is reported.
    pub fn objects<'d>(&mut self, holder: Value<'d>, key: &str) -> Vec<Value<'d>> {
        let items = self.list(holder, key);
        items.filter(|item| self.expect(*item, Kind::Object)).collect()
    }

    /// The string under `key`, with its value.
    pub fn text<'d>(&mut self, holder: Value<'d>, key: &str) -> Option<(Value<'d>, Cow<'d, str>)> {
        let value = self.typed(holder, key, Kind::String)?;
        Some((value, value.as_str()?))
    }
}

#[cfg(test)]
mod tests;
