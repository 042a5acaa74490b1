//! Expressions of ARM templates, as far as they follow from the template itself: `[parameters('x')]` with a default value or a
//! value in a parameter file, `[variables('x')]`, and what functions make of those.
//!
//! What only a deployment knows (`reference`, `resourceId` of something elsewhere, a parameter without a value) stays unknown, and
//! whoever asks says so.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::functions;
use crate::outcome::{Outcome, formatted, joined, resource_id, written};
use crate::syntax::{Call, Expression, parse};
use crate::text::member;
use crate::written::{UNKNOWN, expression};

/// How deep calls and the variables that they name may stand in one another.
const DEPTH: usize = 96;

/// How many bytes of expressions and of what they make are read of a text, beside [`TIMES`] its own. Microsoft's largest take twice
/// their own; a variable of variables makes many of few.
const MOST: usize = 4 << 20;

/// How many times its own bytes the expressions of a text may make.
const TIMES: usize = 4;

/// How many bytes a value counts beside its text.
const BYTES_OF_A_VALUE: usize = 64;

/// How many times a loop may run: Azure allows no more.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-resources#copy-limits>
pub const ITERATIONS: usize = 800;

/// What expressions can refer to.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Values of parameters, by name in lower case. Strings are those of a template: see [`crate::written::escaped`].
    pub parameters: BTreeMap<String, Value>,
    /// Variables, by name in lower case.
    pub variables: BTreeMap<String, Value>,
    /// Loops that make variables, by the variables' names in lower case.
    pub loops: BTreeMap<String, Value>,
    /// Parameters with a value that whoever deploys may replace: no file gives it.
    pub open: BTreeSet<String>,
    /// What a function gives to the expression in it, by name in lower case.
    given: BTreeMap<String, Value>,
    /// Which turn of a loop this is.
    turn: Option<Turn>,
    /// What is known around it. Nothing of it is copied: a text may have many templates beside each other in one.
    around: Option<&'a Scope<'a>>,
    /// What all expressions of the text share.
    shared: Rc<Shared>,
}

/// A turn of a loop.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The loop's name.
    pub name: String,
    /// Whether it makes resources, so that `copyIndex()` without a name means it.
    pub of_resource: bool,
    /// Its number, from 0; none where one stands for all.
    pub index: Option<usize>,
}

#[derive(Debug)]
struct Shared {
    /// How many bytes they may still make.
    left: Cell<usize>,
    /// Whether open parameters are unknown.
    is_strict: Cell<bool>,
}

/// What an expression leads to.
enum Held<'v> {
    /// A list, an object or another value that stands somewhere. A large one is not copied for one of its members.
    At(&'v Value),
    /// What was made.
    Made(Outcome),
}

impl<'a> Scope<'a> {
    /// One that knows nothing, for the expressions of a whole text of so many bytes.
    pub fn of_text(bytes: usize) -> Self {
        Scope::sharing(Rc::new(Shared { left: Cell::new(MOST + TIMES * bytes), is_strict: Cell::new(false) }))
    }

    fn sharing(shared: Rc<Shared>) -> Self {
        let (parameters, variables, loops, open, given) = Default::default();
        Scope { parameters, variables, loops, open, given, turn: None, around: None, shared }
    }

    /// One that knows nothing, for a template within the text: what its expressions make counts with the others.
    pub fn within_text(&self) -> Self {
        Scope::sharing(Rc::clone(&self.shared))
    }

    /// One within this one, of which it knows everything that it does not know better.
    pub fn inner(&'a self) -> Self {
        Scope { around: Some(self), ..self.within_text() }
    }

    /// One for a turn of a loop.
    pub fn turn(&'a self, turn: Turn) -> Self {
        Scope { turn: Some(turn), ..self.inner() }
    }

    /// Whether the expressions made more than is read. Those that came later are unknown.
    pub fn is_exhausted(&self) -> bool {
        self.shared.left.get() == 0
    }

    /// What an expression has made, if there is room for it.
    fn made(&self, outcome: Outcome) -> Outcome {
        self.spend(match &outcome {
            Outcome::Known(value) => weight(value),
            Outcome::Partly(text) => text.len(),
            Outcome::Unknown => 0,
        });
        if self.is_exhausted() { Outcome::Unknown } else { outcome }
    }

    fn spend(&self, bytes: usize) {
        self.shared.left.set(self.shared.left.get().saturating_sub(bytes));
    }

    /// Counts bytes that are read once more.
    pub fn reads(&self, bytes: usize) {
        self.spend(bytes);
    }

    /// Whether it knows a parameter that may get another value.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty() || self.around.is_some_and(Scope::is_open)
    }

    /// What `act` finds whatever values open parameters get.
    pub fn whatever_is_given<T>(&self, act: impl FnOnce() -> T) -> T {
        let was_strict = self.shared.is_strict.replace(true);
        let found = act();
        self.shared.is_strict.set(was_strict);
        found
    }

    /// The value of a string in a template.
    pub fn value(&self, text: &str) -> Outcome {
        self.value_in(text, 0)
    }

    fn value_in(&self, text: &str, depth: usize) -> Outcome {
        let Some(inner) = expression(text) else {
            let plain = text.strip_prefix("[[").map_or_else(|| text.to_owned(), |rest| format!("[{rest}"));
            return Outcome::Known(plain.into());
        };
        // Reading it counts, too: one expression may be read again and again.
        self.spend(BYTES_OF_A_VALUE + inner.len());
        if depth > DEPTH || self.is_exhausted() {
            return Outcome::Unknown;
        }
        parse(inner).map_or(Outcome::Unknown, |expression| self.evaluate(&expression, depth + 1))
    }

    /// The number that is written or that an expression gives.
    pub fn number(&self, value: &Value) -> Option<usize> {
        self.number_in(value, 0)
    }

    fn number_in(&self, value: &Value, depth: usize) -> Option<usize> {
        match value {
            Value::String(text) => match self.value_in(text, depth + 1) {
                Outcome::Known(value) => usize::try_from(value.as_u64()?).ok(),
                Outcome::Partly(_) | Outcome::Unknown => None,
            },
            value => usize::try_from(value.as_u64()?).ok(),
        }
    }

    fn evaluate(&self, expression: &Expression, depth: usize) -> Outcome {
        match self.hold(expression, depth) {
            Held::At(value) => self.made(Outcome::Known(value.clone())),
            Held::Made(outcome) => outcome,
        }
    }

    fn hold<'v>(&'v self, expression: &Expression, depth: usize) -> Held<'v> {
        self.spend(BYTES_OF_A_VALUE);
        if depth > DEPTH || self.is_exhausted() {
            return Held::Made(Outcome::Unknown);
        }
        match expression {
            Expression::Text(text) => Held::Made(self.made(Outcome::Known(text.clone().into()))),
            Expression::Number(number) => Held::Made(Outcome::Known((*number).into())),
            Expression::Call(call) => self.follow(self.call(call, depth), &call.path, depth),
        }
    }

    fn call<'v>(&'v self, call: &Call, depth: usize) -> Held<'v> {
        let made = |outcome| Held::Made(self.made(outcome));
        let known = |value: Option<Value>| made(value.map_or(Outcome::Unknown, Outcome::Known));
        match (call.name.as_str(), call.arguments.as_slice()) {
            (kind @ ("parameters" | "variables" | "lambdavariables"), [name]) => match self.evaluate(name, depth + 1) {
                Outcome::Known(Value::String(name)) => self.find(kind, &name.to_ascii_lowercase(), depth),
                _ => Held::default(),
            },
            ("if", [condition, yes, no]) => match self.evaluate(condition, depth + 1) {
                Outcome::Known(Value::Bool(true)) => self.hold(yes, depth + 1),
                Outcome::Known(Value::Bool(false)) => self.hold(no, depth + 1),
                // Whichever it is.
                _ => {
                    let (yes, no) = (self.evaluate(yes, depth + 1), self.evaluate(no, depth + 1));
                    Held::Made(if yes == no { yes } else { Outcome::Unknown })
                }
            },
            ("coalesce", arguments) => {
                let values = arguments.iter().map(|argument| self.hold(argument, depth + 1));
                let mut not_null = values.filter(|value| !value.is_null());
                not_null.next().unwrap_or(Held::Made(Outcome::Known(Value::Null)))
            }
            (name @ ("and" | "or"), arguments) => {
                // One that is false makes all of them false, whatever the others are.
                let deciding = Outcome::Known(Value::Bool(name == "or"));
                let other = Outcome::Known(Value::Bool(name != "or"));
                let values: Vec<_> = arguments.iter().map(|argument| self.evaluate(argument, depth + 1)).collect();
                Held::Made(match () {
                    () if values.contains(&deciding) => deciding,
                    () if !values.is_empty() && values.iter().all(|value| *value == other) => other,
                    () => Outcome::Unknown,
                })
            }
            ("tryget", [value, first, others @ ..]) => match self.hold(value, depth + 1) {
                held if held.is_null() => held,
                held => match self.member(held, first, depth) {
                    Member::Here(held) => self.follow(held, others, depth),
                    Member::Missing => Held::Made(Outcome::Known(Value::Null)),
                    Member::Unknown => Held::default(),
                },
            },
            ("copyindex", arguments) => known(self.copy_index(arguments, depth)),
            (name @ ("map" | "filter"), [list, Expression::Call(lambda)]) if lambda.name == "lambda" => {
                known(self.each(name == "filter", list, &lambda.arguments, depth))
            }
            (name, arguments) => {
                let values: Vec<_> = arguments.iter().map(|argument| self.evaluate(argument, depth + 1)).collect();
                let outcome = match (name, values.as_slice()) {
                    ("concat", parts) => joined(parts),
                    ("format", [Outcome::Known(Value::String(form)), parts @ ..]) => {
                        formatted(form, parts, self.shared.left.get())
                    }
                    ("…", [Outcome::Known(Value::String(text))]) => Outcome::Partly(text.clone()),
                    (name, parts) if name.ends_with("resourceid") => resource_id(parts),
                    (name, _) => {
                        let written: Vec<_> = values.into_iter().map(written).collect();
                        let plain = || written.iter().map(|value| self.settled(value, depth + 1)).collect();
                        let found = functions::call(name, &written, plain, self.shared.left.get());
                        return found.map_or_else(Held::default, |value| Held::Made(self.within(value, depth)));
                    }
                };
                made(outcome)
            }
        }
    }

    /// The variable or parameter of this name, or what a function gives by it.
    fn find<'v>(&'v self, kind: &str, name: &str, depth: usize) -> Held<'v> {
        let own = match kind {
            "parameters" if self.shared.is_strict.get() && self.open.contains(name) => return Held::default(),
            "parameters" => &self.parameters,
            "variables" => &self.variables,
            _ => &self.given,
        };
        if let Some(value) = own.get(name) {
            return self.at(value, depth);
        }
        if let Some(made) = self.loops.get(name).filter(|_| kind == "variables") {
            let items = self.repeated(made, depth + 1);
            return Held::Made(self.made(items.map_or(Outcome::Unknown, |items| Outcome::Known(items.into()))));
        }
        self.around.map_or_else(Held::default, |around| around.find(kind, name, depth))
    }

    /// A value that a template holds.
    fn at<'v>(&'v self, value: &'v Value, depth: usize) -> Held<'v> {
        match value {
            Value::String(text) => Held::Made(self.made(self.value_in(text, depth + 1))),
            value => Held::At(value),
        }
    }

    /// The same of one that was made.
    fn within(&self, value: Value, depth: usize) -> Outcome {
        self.made(match value {
            Value::String(text) => self.value_in(&text, depth + 1),
            value => Outcome::Known(value),
        })
    }

    /// A member of a member and so on.
    fn follow<'v>(&'v self, mut held: Held<'v>, path: &[Expression], depth: usize) -> Held<'v> {
        for step in path {
            held = match self.member(held, step, depth) {
                Member::Here(held) => held,
                // Azure refuses the template, if it comes so far.
                Member::Missing | Member::Unknown => return Held::default(),
            };
        }
        held
    }

    fn member<'v>(&'v self, held: Held<'v>, step: &Expression, depth: usize) -> Member<'v> {
        let Outcome::Known(step) = self.evaluate(step, depth + 1) else { return Member::Unknown };
        let made = |entry: &Value| {
            let items = self.repeated(entry, depth + 1);
            Held::Made(self.made(items.map_or(Outcome::Unknown, |items| Outcome::Known(items.into()))))
        };
        match held {
            Held::At(value) => match place(value, &step) {
                Some(Place::At(value)) => Member::Here(self.at(value, depth)),
                Some(Place::Loop(entry)) => Member::Here(made(entry)),
                Some(Place::Nowhere) => Member::Missing,
                None => Member::Unknown,
            },
            Held::Made(Outcome::Known(value)) => match place(&value, &step) {
                Some(Place::At(value)) => Member::Here(Held::Made(self.within(value.clone(), depth))),
                Some(Place::Loop(entry)) => Member::Here(made(entry)),
                Some(Place::Nowhere) => Member::Missing,
                None => Member::Unknown,
            },
            Held::Made(Outcome::Partly(_) | Outcome::Unknown) => Member::Unknown,
        }
    }

    /// What `copyIndex` gives: with the name of a loop or without, and with a number to add.
    /// <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric#copyindex>
    fn copy_index(&self, arguments: &[Expression], depth: usize) -> Option<Value> {
        let values: Vec<_> = arguments.iter().map(|argument| self.evaluate(argument, depth + 1)).collect();
        let (name, offset) = match values.as_slice() {
            [] => (None, 0),
            [Outcome::Known(Value::String(name))] => (Some(name), 0),
            [Outcome::Known(Value::Number(offset))] => (None, offset.as_i64()?),
            [Outcome::Known(Value::String(name)), Outcome::Known(Value::Number(offset))] => {
                (Some(name), offset.as_i64()?)
            }
            _ => return None,
        };
        let mut scope = self;
        loop {
            let is_meant = |turn: &&Turn| match name {
                Some(name) => turn.name.eq_ignore_ascii_case(name),
                None => turn.of_resource,
            };
            if let Some(turn) = scope.turn.as_ref().filter(is_meant) {
                return i64::try_from(turn.index?).ok()?.checked_add(offset).map(Value::from);
            }
            scope = scope.around?;
        }
    }

    /// What `map` or `filter` makes of each item of a list.
    fn each(&self, is_filter: bool, list: &Expression, lambda: &[Expression], depth: usize) -> Option<Value> {
        let (body, names) = lambda.split_last()?;
        let Outcome::Known(Value::Array(items)) = self.evaluate(list, depth + 1) else { return None };
        let mut made = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let mut scope = self.inner();
            for (name, value) in names.iter().zip([item.clone(), index.into()]) {
                let Expression::Text(name) = name else { return None };
                scope.given.insert(name.to_ascii_lowercase(), value);
            }
            let outcome = scope.evaluate(body, depth + 1);
            if self.is_exhausted() {
                return None;
            }
            match (is_filter, outcome) {
                (false, outcome) => made.push(written(outcome)),
                (true, Outcome::Known(Value::Bool(true))) => made.push(item),
                (true, Outcome::Known(Value::Bool(false))) => {}
                (true, _) => return None,
            }
        }
        Some(made.into())
    }

    /// The items that a loop makes.
    /// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-variables>
    fn repeated(&self, made: &Value, depth: usize) -> Option<Vec<Value>> {
        let (name, input) = (member(made, "name")?.as_str()?, member(made, "input")?);
        let count = self.number_in(member(made, "count")?, depth).filter(|count| *count <= ITERATIONS)?;
        let mut items = Vec::new();
        for index in 0..count {
            let turn = self.turn(Turn { name: name.to_owned(), of_resource: false, index: Some(index) });
            items.push(turn.passed_in(input, depth + 1));
            if self.is_exhausted() {
                return None;
            }
        }
        Some(items)
    }

    /// A value as a template writes it that knows nothing of this scope: with what its expressions give.
    pub fn passed(&self, value: &Value) -> Value {
        self.passed_in(value, 0)
    }

    fn passed_in(&self, value: &Value, depth: usize) -> Value {
        match value {
            Value::Object(members) => {
                let mut passed = Map::new();
                for (key, value) in members {
                    if !is_loop(key, value) {
                        passed.insert(key.clone(), self.passed_in(value, depth));
                        continue;
                    }
                    for made in value.as_array().into_iter().flatten() {
                        let items = self.repeated(made, depth + 1).map_or_else(|| UNKNOWN.into(), Value::from);
                        let name = member(made, "name").and_then(Value::as_str);
                        passed.extend(name.map(|name| (name.to_owned(), items)));
                    }
                }
                passed.into()
            }
            Value::Array(items) => items.iter().map(|item| self.passed_in(item, depth)).collect(),
            Value::String(text) => match self.value_in(text, depth + 1) {
                Outcome::Known(value @ (Value::Object(_) | Value::Array(_))) if depth < DEPTH => {
                    self.passed_in(&value, depth + 1)
                }
                Outcome::Known(Value::Object(_) | Value::Array(_)) => UNKNOWN.into(),
                // Nothing that the template knows: no default may take its place.
                outcome => written(outcome),
            },
            other => other.clone(),
        }
    }

    /// A value with nothing in it that is not known, without its expressions.
    pub fn settled(&self, value: &Value, depth: usize) -> Option<Value> {
        match value {
            Value::Object(members) => {
                let is_plain = !members.iter().any(|(key, value)| is_loop(key, value));
                let members = members.iter().filter(|_| is_plain);
                let settled = members.map(|(key, value)| Some((key.clone(), self.settled(value, depth)?)));
                is_plain.then(|| settled.collect::<Option<Map<_, _>>>())?.map(Value::from)
            }
            Value::Array(items) => items.iter().map(|item| self.settled(item, depth)).collect(),
            Value::String(text) => match self.value_in(text, depth + 1) {
                Outcome::Known(value @ (Value::Object(_) | Value::Array(_))) => {
                    (depth < DEPTH).then(|| self.settled(&value, depth + 1))?
                }
                Outcome::Known(value) => Some(value),
                Outcome::Partly(_) | Outcome::Unknown => None,
            },
            other => Some(other.clone()),
        }
    }
}

/// Whether a member of an object is not one, but a list of loops that make others.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-properties>
pub fn is_loop(key: &str, value: &Value) -> bool {
    key.eq_ignore_ascii_case("copy") && value.is_array()
}

/// What an expression leads to of a value.
enum Member<'v> {
    Here(Held<'v>),
    Missing,
    Unknown,
}

impl Default for Held<'_> {
    fn default() -> Self {
        Held::Made(Outcome::Unknown)
    }
}

impl Held<'_> {
    fn is_null(&self) -> bool {
        matches!(self, Held::At(Value::Null) | Held::Made(Outcome::Known(Value::Null)))
    }
}

/// Where a member of a value stands.
enum Place<'v> {
    At(&'v Value),
    /// A loop makes it.
    Loop(&'v Value),
    Nowhere,
}

/// Where this member stands; nothing of a value that has no such members. Keys of objects count in any case.
fn place<'v>(value: &'v Value, step: &Value) -> Option<Place<'v>> {
    match (value, step) {
        (Value::Object(members), Value::String(key)) => {
            let mut loops = members
                .iter()
                .filter(|(key, value)| is_loop(key, value))
                .flat_map(|(_, list)| list.as_array())
                .flatten();
            let is_named = |made: &&Value| {
                member(made, "name").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case(key))
            };
            Some(match member(value, key) {
                Some(value) => Place::At(value),
                None => loops.find(is_named).map_or(Place::Nowhere, Place::Loop),
            })
        }
        (Value::Array(items), Value::Number(index)) => {
            let index = usize::try_from(index.as_u64()?).ok()?;
            Some(items.get(index).map_or(Place::Nowhere, Place::At))
        }
        _ => None,
    }
}

/// About how many bytes a value takes.
fn weight(value: &Value) -> usize {
    let inside: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        _ => 0,
    };
    BYTES_OF_A_VALUE + inside
}

#[cfg(test)]
mod tests;
