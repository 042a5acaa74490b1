//! Match conditions: CEL that the API server evaluates before it asks a webhook.
//!
//! The crate `cel` evaluates what CEL's standard defines. Kubernetes' own libraries (URLs, quantities, IP addresses,
//! authorization) are not among it, and neither are types: so everything that an expression names is looked up first, and
//! an expression with a name that is not known here is refused as a whole, not evaluated as far as it goes.

#[cfg(test)]
mod as_the_api_server;
mod seen;

use std::sync::{Arc, LazyLock};

use cel::common::ast::{EntryExpr, Expr, IdedExpr, operators};
use cel::common::types::{CelBool, CelNull};
use cel::common::value::Val;
use cel::{Context, Env, ExecutionError, Program, Value, extensions};
use serde_json::Value as Json;

use crate::defaults::{self, Unknown};
use crate::request::Request;
use seen::{Notice, value};

/// The functions that mean the same here and in the API server.
const FUNCTIONS: &[&str] = &[
    "bool",
    "charAt",
    "contains",
    "double",
    "dyn",
    "endsWith",
    "hasValue",
    "indexOf",
    "int",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "none",
    "of",
    "ofNonZeroValue",
    "optional.none",
    "optional.of",
    "optional.ofNonZeroValue",
    "or",
    "orValue",
    "replace",
    "size",
    "split",
    "startsWith",
    "string",
    "substring",
    "trim",
    "type",
    "uint",
    "upperAscii",
    "value",
];

/// Names of types.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "optional",
    "optional_type",
    "string",
    "type",
    "uint",
];

/// The variables of a webhook's match condition.
const VARIABLES: &[&str] = &["namespaceObject", "object", "oldObject", "request"];

/// The fields of `request`. The API server knows its type and takes no others.
const REQUEST: &[&str] = &[
    "dryRun",
    "kind",
    "name",
    "namespace",
    "operation",
    "options",
    "requestKind",
    "requestResource",
    "requestSubResource",
    "resource",
    "subResource",
    "userInfo",
];

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    // Without the extension its functions are unknown when they are called, which is an error and no wrong verdict.
    let _ = env.add_extension(extensions::strings);
    Arc::new(env)
});

/// A condition, ready to be evaluated.
#[derive(Debug)]
pub struct Condition {
    /// Its name.
    pub name: String,
    /// Whether it asks who sends the request.
    pub asks_for_the_user: bool,
    program: Program,
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    ///
    /// Why it cannot be evaluated here: a clause.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let program = ENV.compile(text).map_err(|errors| {
            let first = errors.errors.first().map_or_else(|| errors.to_string(), |error| error.msg.clone());
            // The parser continues with a list of everything allowed there.
            format!("it is not CEL: {}", first.split(" expecting ").next().unwrap_or_default())
        })?;
        let mut names = Names { asks_for_the_user: false, bound: Vec::new() };
        names.check(program.expression())?;
        if let Some(field) = untyped(program.expression()) {
            return Err(format!(
                "the API server takes no condition whose value may be something else than true or false: write {field} == true"
            ));
        }
        Ok(Condition { name: name.to_owned(), asks_for_the_user: names.asks_for_the_user, program })
    }

    /// Whether the condition holds.
    ///
    /// # Errors
    ///
    /// See [`Fault`].
    pub fn holds(&self, variables: &Variables) -> Result<bool, Fault> {
        let mut context = Context::with_env(Arc::clone(&ENV));
        for (name, value) in &variables.values {
            context.add_variable_as_val(*name, value.clone());
        }
        variables.notice.take();
        let result = Value::resolve_val(self.program.expression(), &context);
        if let Some(field) = variables.notice.take() {
            return Err(Fault::Unknown(format!(
                "it reads {field}, which the API server may have otherwise than the file"
            )));
        }
        match result.map(|value| value.downcast_ref::<CelBool>().map(|value| *value.inner())) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(Fault::Unknown("its value is neither true nor false".into())),
            Err(error @ (ExecutionError::UndeclaredReference(_) | ExecutionError::InternalError(_))) => {
                Err(Fault::Unknown(error.to_string()))
            }
            Err(error) => Err(Fault::Failed(error.to_string())),
        }
    }
}

/// Why a condition has no value.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// The API server finds none either; the failure policy says what follows.
    Failed(String),
    /// This program cannot say.
    Unknown(String),
}

/// What conditions may ask about a request.
#[derive(Debug)]
pub struct Variables {
    values: [(&'static str, Box<dyn Val>); 4],
    notice: Notice,
}

impl Variables {
    /// The variables of a request, with the objects as the API server has them. One in another version than its file may have
    /// other fields but for its metadata.
    pub fn of(request: &Request<'_>) -> Self {
        Self::read(request.value(), request.operation() != "CREATE", request.is_converted())
    }

    fn read(request: &Json, is_there: bool, converted: bool) -> Self {
        let notice = Notice::default();
        let mut about = request.clone();
        let object = |about: &mut Json, key: &str, notice: &Notice| -> Box<dyn Val> {
            let mut object = about[key].take();
            if object.is_null() {
                return Box::new(CelNull);
            }
            if let (Some(metadata), Some(namespace)) = (object["metadata"].as_object_mut(), about["namespace"].as_str())
            {
                metadata.entry("namespace").or_insert_with(|| namespace.into());
            }
            let mut filled = defaults::fill(object, is_there);
            if converted {
                filled.unknown.convert(&filled.object);
            }
            value(&filled.object, "", &filled.unknown, notice)
        };
        let (new, old) = (object(&mut about, "object", &notice), object(&mut about, "oldObject", &notice));
        if let Json::Object(fields) = &mut about {
            fields.retain(|key, _| REQUEST.contains(&key.as_str()));
            // The run that counts is none.
            fields.insert("dryRun".into(), Json::Bool(false));
            // A Namespace is in itself.
            let is_namespace = |resource: &Json| resource["resource"] == "namespaces" && resource["group"] == "";
            if let Some(name) = fields.get("name").filter(|_| fields.get("resource").is_some_and(is_namespace)) {
                fields.insert("namespace".into(), name.clone());
            }
        }
        // What clients write into the options is theirs to say, and a name that is still to be made up is nobody's.
        let mut unknown = Unknown::of("/options");
        if about.get("name").is_none() {
            unknown.add("", "name");
        }
        // A webhook's conditions get no namespace object: the variable is there, and null.
        let values = [
            ("request", value(&about, "", &unknown, &notice)),
            ("object", new),
            ("oldObject", old),
            ("namespaceObject", Box::new(CelNull) as Box<dyn Val>),
        ];
        Variables { values, notice }
    }
}

/// The field that an expression is nothing but, if the API server does not know its type.
fn untyped(expression: &IdedExpr) -> Option<String> {
    fn path(expression: &IdedExpr) -> Option<String> {
        match &expression.expr {
            Expr::Ident(name) if name != "request" => Some(name.clone()),
            Expr::Select(select) if !select.test => Some(format!("{}.{}", path(&select.operand)?, select.field)),
            Expr::Call(call) if call.func_name == operators::INDEX => {
                path(call.args.first()?).map(|operand| operand + "[…]")
            }
            _ => None,
        }
    }
    path(expression)
}

/// Whether an expression comes to a map, or a list with maps, that is written in it.
fn writes_a_map(expression: &IdedExpr) -> bool {
    match &expression.expr {
        Expr::Map(_) => true,
        Expr::List(list) => list.elements.iter().any(writes_a_map),
        Expr::Comprehension(over) => writes_a_map(&over.loop_step),
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).any(writes_a_map),
        _ => false,
    }
}

/// The names in an expression, looked up.
struct Names<'e> {
    asks_for_the_user: bool,
    bound: Vec<&'e str>,
}

impl<'e> Names<'e> {
    fn check(&mut self, expression: &'e IdedExpr) -> Result<(), String> {
        match &expression.expr {
            Expr::Unspecified | Expr::Literal(_) => Ok(()),
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => {
                if matches!(&select.operand.expr, Expr::Ident(name) if name == "request" && !self.bound.contains(&"request"))
                {
                    if !REQUEST.contains(&select.field.as_str()) {
                        return Err(format!("request has no field {} ({})", select.field, REQUEST.join(", ")));
                    }
                    self.asks_for_the_user |= select.field == "userInfo";
                }
                self.check(&select.operand)
            }
            Expr::Call(call) => {
                call.target.as_deref().into_iter().chain(&call.args).try_for_each(|part| self.check(part))?;
                let name = call.func_name.as_str();
                // Which of two maps is asked to compare them, decides what is noticed.
                let compares = [operators::EQUALS, operators::NOT_EQUALS, operators::IN].contains(&name);
                if compares && call.args.first().is_some_and(writes_a_map) {
                    return Err("it compares an object that is written in it; write that on the right".into());
                }
                // Operators are functions whose names cannot be written.
                let is_operator = !name.starts_with(|c: char| c.is_ascii_alphabetic());
                if is_operator || FUNCTIONS.contains(&name) {
                    Ok(())
                } else {
                    Err(format!("the function {name} is not known to this program"))
                }
            }
            Expr::Comprehension(over) => {
                self.check(&over.iter_range)?;
                self.check(&over.accu_init)?;
                let outer = self.bound.len();
                self.bound.extend([over.iter_var.as_str(), over.accu_var.as_str()]);
                self.bound.extend(over.iter_var2.as_deref());
                let inner = [&over.loop_cond, &over.loop_step, &over.result];
                inner.into_iter().try_for_each(|part| self.check(part))?;
                self.bound.truncate(outer);
                Ok(())
            }
            Expr::List(list) => list.elements.iter().try_for_each(|item| self.check(item)),
            Expr::Map(map) => map.entries.iter().try_for_each(|entry| self.entry(&entry.expr)),
            Expr::Struct(message) => Err(format!("the type {} is not known to this program", message.type_name)),
        }
    }

    fn entry(&mut self, entry: &'e EntryExpr) -> Result<(), String> {
        match entry {
            EntryExpr::StructField(field) => self.check(&field.value),
            EntryExpr::MapEntry(entry) => self.check(&entry.key).and_then(|()| self.check(&entry.value)),
        }
    }

    fn variable(&self, name: &str) -> Result<(), String> {
        if self.bound.contains(&name) || VARIABLES.contains(&name) || TYPES.contains(&name) {
            Ok(())
        } else if name == "authorizer" {
            Err("it asks what a user may do, which only a cluster can answer".into())
        } else {
            Err(format!("the variable {name} is not known ({})", VARIABLES.join(", ")))
        }
    }
}
