//! Values that notice when a condition reads what is not known.
//!
//! CEL has a word for that, unknown, which the crate `cel` does not have. So the maps of an object are a type of their own here:
//! one that is read at a field of which nothing is known says so, and what the condition comes to is then nobody's to say. Nothing
//! is noticed of a field that `&&`, `||` or `?:` has made irrelevant before it is read.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use cel::ExecutionError;
use cel::common::traits::{Container, Indexer, Iterable, Iterator, Sizer, Zeroer};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString, MAP_TYPE, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use serde_json::Value as Json;

use crate::defaults::Unknown;

/// The first field that was read and is not known.
#[derive(Clone, Debug, Default)]
pub struct Notice(Arc<Mutex<Option<String>>>);

impl Notice {
    /// Takes it.
    pub fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn give(&self, path: &str, key: &str) {
        let mut noticed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noticed.get_or_insert_with(|| {
            let mut text = String::new();
            for step in path.split('/').filter(|step| !step.is_empty()).chain([key]) {
                match step.parse::<usize>() {
                    Ok(_) => text += &format!("[{step}]"),
                    Err(_) if text.is_empty() => text += step,
                    Err(_) => text += &format!(".{step}"),
                }
            }
            text
        });
    }
}

/// JSON as the API server has it: whole numbers are integers.
pub fn value(json: &Json, path: &str, unknown: &Unknown, notice: &Notice) -> Box<dyn Val> {
    match json {
        Json::Null => Box::new(CelNull),
        Json::Bool(value) => Box::new(CelBool::from(*value)),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Box::new(CelInt::from(number)),
            None => Box::new(CelDouble::from(number.as_f64().unwrap_or(f64::NAN))),
        },
        Json::String(text) => Box::new(CelString::from(text.clone())),
        Json::Array(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(index, item)| value(item, &format!("{path}/{index}"), unknown, notice));
            Box::new(CelList::from(items.collect::<Vec<_>>()))
        }
        Json::Object(members) => {
            let entry = |(key, item): (&String, &Json)| {
                (CelString::from(key.clone()), value(item, &format!("{path}/{key}"), unknown, notice))
            };
            Box::new(Members(Arc::new(Inner {
                entries: members.iter().map(entry).collect(),
                unknown: unknown.fields(path),
                more: unknown.may_have_more(path),
                path: path.to_owned(),
                notice: notice.clone(),
            })))
        }
    }
}

/// An object's members.
#[derive(Clone, Debug)]
struct Members(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    entries: Vec<(CelString<'static>, Box<dyn Val>)>,
    unknown: BTreeSet<String>,
    more: bool,
    path: String,
    notice: Notice,
}

impl Members {
    /// The member with this key. What is not known is noticed.
    fn find(&self, key: &str) -> Option<&(dyn Val + 'static)> {
        let found = self.0.entries.iter().find(|(own, _)| own.inner() == key);
        if self.0.unknown.contains(key) || (found.is_none() && self.0.more) {
            self.0.notice.give(&self.0.path, key);
        }
        found.map(|(_, value)| &**value)
    }

    /// Notices that all members count.
    fn read_whole(&self) {
        if let Some(key) = self.0.unknown.first().map(String::as_str).or(self.0.more.then_some("*")) {
            self.0.notice.give(&self.0.path, key);
        }
    }
}

impl Val for Members {
    fn get_type(&self) -> &Type {
        &MAP_TYPE
    }

    fn cel_type() -> &'static Type {
        &MAP_TYPE
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn into_indexer<'v>(self: Box<Self>) -> Option<Box<dyn Indexer + 'v>>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn as_zeroer(&self) -> Option<&dyn Zeroer> {
        Some(self)
    }

    fn equals(&self, other: &dyn Val) -> bool {
        let entries = &self.0.entries;
        if let Some(other) = other.downcast_ref::<Members>() {
            self.read_whole();
            other.read_whole();
            entries.len() == other.0.entries.len()
                && entries.iter().all(|(key, value)| other.find(key.inner()).is_some_and(|other| value.equals(other)))
        } else if let Some(other) = other.downcast_ref::<CelMap<'_>>() {
            self.read_whole();
            let other = other.inner();
            let found = |key: &CelString<'static>| other.get(&CelMapKey::String(key.clone()));
            entries.len() == other.len()
                && entries.iter().all(|(key, value)| found(key).is_some_and(|other| value.equals(other.as_ref())))
        } else {
            false
        }
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn std::any::Any> {
        Some(self)
    }
}

impl StaticVal for Members {}

/// A key as a text; no other key is in an object.
fn text(key: &dyn Val) -> Result<&str, ExecutionError> {
    let key = key.downcast_ref::<CelString<'_>>().map(CelString::inner);
    key.ok_or_else(|| ExecutionError::no_such_key("that is no text"))
}

impl Container for Members {
    fn contains(&self, key: &dyn Val) -> Result<bool, ExecutionError> {
        Ok(self.find(text(key)?).is_some())
    }
}

impl Indexer for Members {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let key = text(key)?;
        match self.find(key) {
            Some(value) => Ok(CowVal::Borrowed(value)),
            None => Err(ExecutionError::no_such_key(key)),
        }
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let key = text(key)?;
        self.find(key).map(|value| value.clone_as_boxed()).ok_or_else(|| ExecutionError::no_such_key(key))
    }
}

impl Iterable for Members {
    fn iter<'b, 'v>(&'b self) -> Box<dyn Iterator<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        self.read_whole();
        Box::new(Keys(self.0.entries.iter()))
    }
}

struct Keys<'b>(std::slice::Iter<'b, (CelString<'static>, Box<dyn Val>)>);

impl<'b, 'v> Iterator<'b, 'v> for Keys<'b> {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        self.0.next().map(|(key, _)| key as &dyn Val)
    }
}

impl Sizer for Members {
    fn size(&self) -> CelInt {
        self.read_whole();
        i64::try_from(self.0.entries.len()).unwrap_or(i64::MAX).into()
    }
}

impl Zeroer for Members {
    fn is_zero_value(&self) -> bool {
        self.read_whole();
        self.0.entries.is_empty()
    }
}
