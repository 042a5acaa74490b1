//! ARM templates, as people write them and as `az bicep build` prints them.

use std::collections::{BTreeMap, BTreeSet};

use isolation_document::Path;
use serde_json::Value;

use crate::evaluated::{evaluated, is_read_each};
use crate::expression::{Scope, Turn, is_loop};
use crate::found::{Deployed, Form, Found, Gathered, Link, Unread};
use crate::given::{Given, Values, declared, default_of};
use crate::kubernetes::{self, Extensions, Made};
use crate::outcome::Outcome;
use crate::text::{Fields, Part, member};
use crate::variant::Variant;
use crate::written::UNKNOWN;
use crate::{holders, subnets};

/// How deep deployments may stand in one another: Azure takes fewer.
pub const DEPTH: usize = 8;

/// What is said of a template that stands in another file, which is not judged with what it gets here.
pub const LINKED: &str = "its template is linked, so it is not judged here";

/// What to do then.
pub const CHECK_LINKED: &str = "Check the linked template as well";

/// How many templates of a text are read in variables. One that stands in itself would be many.
const FROM_VARIABLES: usize = 1_000;

/// The templates that one links, with what they get.
pub fn links(template: Part<'_>, given: Option<&Variant>) -> Vec<Link> {
    resources(template, given).links.into_iter().map(|(link, ..)| link).collect()
}

/// The resources of a template. `given` are the values of a file of parameters, or of the template that links it; without any,
/// whoever deploys it may give others than the default values.
pub fn resources<'t>(template: Part<'t>, given: Option<&Variant>) -> Gathered<'t> {
    let mut gathered = Gathered::default();
    let scope = Scope::of_text(template.text.len());
    let around = Around {
        scope: &scope,
        texts: &Texts::default(),
        depth: 0,
        is_symbolic: false,
        extensions: Extensions::default(),
        deployed: given.map(|given| given.deployed).unwrap_or_default(),
    };
    let given = match given {
        Some(given) => Given { values: given.values.clone(), open: given.by_default.clone(), ..Given::default() },
        None => Given { open: declared(template).into_keys().collect(), ..Given::default() },
    };
    deployment(template, around, given, &mut gathered);
    if scope.is_exhausted() {
        gathered.unread.push(Unread {
            subject: "The template".to_owned(),
            part: template,
            what: "its expressions make far more than is written, so not all of them were read",
            help: "Write out what its variables make of one another",
            is_elsewhere: false,
        });
    }
    gathered
}

/// What stands around a template or a resource.
#[derive(Clone, Copy)]
struct Around<'s, 't> {
    /// What its expressions may name.
    scope: &'s Scope<'s>,
    /// Where the variables stand. A template in one is read there.
    texts: &'s Texts<'s, 't>,
    /// In how many deployments it stands.
    depth: usize,
    /// Whether the template's resources have symbolic names.
    is_symbolic: bool,
    /// The extensions that it declares.
    extensions: Extensions<'t>,
    /// Whether a deployment around it is made at all.
    deployed: Deployed,
}

/// Where variables stand, by their names in lower case.
#[derive(Default)]
struct Texts<'s, 't> {
    own: BTreeMap<String, Part<'t>>,
    /// Those of the template around this one.
    around: Option<&'s Texts<'s, 't>>,
}

impl<'t> Texts<'_, 't> {
    fn find(&self, name: &str) -> Option<Part<'t>> {
        self.own.get(name).copied().or_else(|| self.around?.find(name))
    }
}

/// A template with values for its parameters.
fn deployment<'t>(template: Part<'t>, around: Around<'_, 't>, given: Given, gathered: &mut Gathered<'t>) {
    let mut scope = around.scope.inner();
    let fields = Fields::of(template);
    if fields.clash() {
        return gathered.unread.push(Unread::clash("The template".to_owned(), template));
    }
    let definitions = fields.value("definitions").unwrap_or_default();
    for (name, parameter) in fields.value("parameters").as_ref().and_then(Value::as_object).into_iter().flatten() {
        if let Some(default) = default_of(parameter, &definitions) {
            scope.parameters.insert(name.to_ascii_lowercase(), default);
        }
    }
    scope.parameters.extend(given.values);
    scope.open = given.open;
    for (name, variable) in fields.value("variables").as_ref().and_then(Value::as_object).into_iter().flatten() {
        if is_loop(name, variable) {
            for made in variable.as_array().into_iter().flatten() {
                let name = member(made, "name").and_then(Value::as_str);
                scope.loops.extend(name.map(|name| (name.to_ascii_lowercase(), made.clone())));
            }
        } else {
            scope.variables.insert(name.to_ascii_lowercase(), variable.clone());
        }
    }
    let variables = fields.get("variables").and_then(|variables| variables.members()).unwrap_or_default();
    let own = variables.into_iter().map(|(name, part)| (name.to_ascii_lowercase(), part)).collect();
    let texts = Texts { own, around: Some(around.texts) };
    resources_of(&fields, Around { scope: &scope, texts: &texts, ..around }, gathered);
}

/// A template whose expressions are those of the template around it: its own parameters and variables mean nothing.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates#expression-evaluation-scope-in-nested-templates>
fn part_of<'t>(
    template: Part<'t>,
    subject: &str,
    around: Around<'_, 't>,
    is_deployed: bool,
    gathered: &mut Gathered<'t>,
) {
    let fields = Fields::of(template);
    if fields.clash() {
        return gathered.unread.push(Unread::clash(subject.to_owned(), template));
    }
    if !holders::has_own_expressions(template) {
        return resources_of(&fields, around, gathered);
    }
    if holders::may_be_judged(template) {
        gathered.unread.push(Unread {
            subject: subject.to_owned(),
            part: template,
            what: "its template has expressions of its own, which begin with two brackets and are not evaluated here",
            help: "Check the template as a separate file",
            // Nobody deploys it yet.
            is_elsewhere: !is_deployed,
        });
    }
}

fn resources_of<'t>(template: &Fields<'t>, around: Around<'_, 't>, gathered: &mut Gathered<'t>) {
    let is_symbolic = template.get("resources").is_some_and(|resources| resources.members().is_some());
    let extensions = Extensions::of(template, around.extensions);
    for part in template.get("resources").map(all_of).unwrap_or_default() {
        resource(part, "", Around { is_symbolic, extensions, ..around }, gathered);
    }
}

/// The resources in a list, or with symbolic names in an object.
fn all_of(resources: Part<'_>) -> Vec<Part<'_>> {
    resources.items().or_else(|| Some(resources.members()?.into_values().collect())).unwrap_or_default()
}

/// Whether something that is `off` keeps a resource from being deployed; none where it surely does. `off` is not known without what
/// only the deployment knows.
fn deployed(off: impl Fn() -> Option<bool>, scope: &Scope<'_>) -> Option<Deployed> {
    match off() {
        Some(false) => Some(Deployed::Always),
        None => Some(Deployed::Unknown),
        Some(true) if scope.whatever_is_given(off) == Some(true) => None,
        Some(true) => Some(Deployed::NotByDefault),
    }
}

/// Whether a condition is false.
fn is_off(condition: Option<&Value>, scope: &Scope<'_>) -> Option<bool> {
    match condition {
        Some(Value::Bool(condition)) => Some(!condition),
        Some(Value::String(condition)) => match scope.value(condition) {
            Outcome::Known(value) => Some(value == Value::Bool(false)),
            Outcome::Partly(_) | Outcome::Unknown => None,
        },
        _ => Some(false),
    }
}

/// A resource, as often as a loop makes it.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-resources>
fn resource<'t>(part: Part<'t>, parent: &str, around: Around<'_, 't>, gathered: &mut Gathered<'t>) {
    let scope = around.scope;
    let fields = Fields::of(part);
    let Some(copy) = fields.value("copy").filter(Value::is_object) else {
        return one(part, &fields, parent, around, gathered);
    };
    let name = member(&copy, "name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let count = || scope.number(member(&copy, "count")?);
    let turn = |index| Turn { name: name.clone(), of_resource: true, index };
    let counted = count();
    if let Some(count) = counted.filter(|count| *count > 0 && is_read_each(*count, part.text.len())) {
        for index in (0..count).take_while(|_| !scope.is_exhausted()) {
            scope.reads(part.text.len());
            one(part, &fields, parent, Around { scope: &scope.turn(turn(Some(index))), ..around }, gathered);
        }
        return;
    }
    // One stands for all.
    let scope = scope.turn(turn(None));
    match deployed(|| Some(count()? == 0), around.scope) {
        Some(often) => {
            let around = Around { scope: &scope, deployed: around.deployed.max(often), ..around };
            one(part, &fields, parent, around, gathered);
        }
        None => {
            let of_type = type_of(&fields, parent);
            children(&fields, &of_type, Around { scope: &scope, ..around }, gathered);
        }
    }
}

/// The type of a resource. A child's goes on with its parent's.
fn type_of(fields: &Fields<'_>, parent: &str) -> String {
    let own = fields.string("type");
    if parent.is_empty() || own.contains('.') { own } else { format!("{parent}/{own}") }
}

fn children<'t>(fields: &Fields<'t>, of_type: &str, around: Around<'_, 't>, gathered: &mut Gathered<'t>) {
    for child in fields.get("resources").map(all_of).unwrap_or_default() {
        resource(child, of_type, around, gathered);
    }
}

/// One turn of a loop, or a resource without one.
fn one<'t>(part: Part<'t>, fields: &Fields<'t>, parent: &str, around: Around<'_, 't>, gathered: &mut Gathered<'t>) {
    let scope = around.scope;
    let condition = fields.value("condition");
    let condition = deployed(|| is_off(condition.as_ref(), scope), scope);
    // What exists already is only referred to. Azure has this only where resources have symbolic names.
    // https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#languageversion-20
    let is_there = around.is_symbolic && fields.value("existing") == Some(Value::Bool(true));
    let of_type = type_of(fields, parent);
    let name = match scope.value(&fields.string("name")) {
        Outcome::Known(Value::String(name)) | Outcome::Partly(name) => name,
        Outcome::Known(_) | Outcome::Unknown => "…".to_owned(),
    };
    if fields.clash() {
        return gathered.unread.push(Unread::clash(format!("{of_type} {name}"), part));
    }
    // A condition is only about the resource itself, not about its children.
    // https://learn.microsoft.com/azure/azure-resource-manager/templates/conditional-resource-deployment
    children(fields, &of_type, around, gathered);
    let Some(condition) = condition.filter(|_| !is_there) else { return };
    let around = Around { deployed: around.deployed.max(condition), ..around };
    if let Some(made) = around.extensions.made(fields, &of_type, scope) {
        return object(part, fields, &of_type, made, around, gathered);
    }
    for template in fields.get("properties").map(|properties| holders::held(&of_type, properties)).unwrap_or_default() {
        let around = Around { deployed: around.deployed.max(Deployed::Unknown), depth: around.depth + 1, ..around };
        held(template, &format!("{of_type} {name}"), around, gathered);
    }
    if holders::is_deployment(&of_type) {
        return nested(part, &format!("{of_type} {name}"), fields, around, gathered);
    }
    if of_type.eq_ignore_ascii_case("Microsoft.Network/virtualNetworks") {
        subnets::of_template(fields, (&of_type, &name), scope, around.deployed, gathered);
    }
    // All of the text was read before.
    let mut value: Value = serde_json::from_str(part.text).unwrap_or_default();
    if let Some(entries) = value.as_object_mut() {
        entries.retain(|key, _| !key.eq_ignore_ascii_case("resources"));
    }
    let mut unknown = Vec::new();
    let value = evaluated(value, scope, &Path::root(), &mut unknown);
    let api_version = member(&value, "apiVersion").and_then(Value::as_str).unwrap_or_default().to_owned();
    gathered.found.push(Found {
        version: api_version,
        name: name.rsplit('/').next().unwrap_or_default().to_owned(),
        value,
        unknown,
        on: on(fields, scope),
        deployed: around.deployed,
        ..Found::new(Form::Arm { with_properties: true }, of_type, part)
    });
}

/// An object of Kubernetes.
fn object<'t>(
    part: Part<'t>,
    fields: &Fields<'t>,
    of_type: &str,
    made: Made,
    around: Around<'_, 't>,
    gathered: &mut Gathered<'t>,
) {
    let Some((version, kind)) = made.kind else {
        return gathered.unread.push(Unread {
            subject: of_type.to_owned(),
            part,
            what: "its type does not say which kind of Kubernetes it is",
            help: "Write the type as in core/Service@v1",
            is_elsewhere: false,
        });
    };
    let mut unknown = Vec::new();
    let properties = fields.value("properties").unwrap_or_default();
    let properties = evaluated(properties, around.scope, &Path::root().key("properties"), &mut unknown);
    let value = kubernetes::object(properties, &version, &kind, made.namespace);
    gathered.found.push(Found {
        version,
        name: kubernetes::name_of(&value, &unknown),
        value,
        unknown,
        deployed: around.deployed,
        ..Found::new(Form::Kubernetes { within: "properties" }, kind, part)
    });
}

/// What a resource is on by its scope, whatever whoever deploys it gives.
fn on(fields: &Fields<'_>, scope: &Scope<'_>) -> String {
    match scope.whatever_is_given(|| scope.value(&fields.string("scope"))) {
        Outcome::Known(Value::String(id)) | Outcome::Partly(id) => id,
        Outcome::Known(_) | Outcome::Unknown => String::new(),
    }
}

/// The template of a deployment within this one, as a module of Bicep becomes.
fn nested<'t>(part: Part<'t>, subject: &str, fields: &Fields<'t>, around: Around<'_, 't>, gathered: &mut Gathered<'t>) {
    let properties = fields.get("properties").map(Fields::of).unwrap_or_default();
    if properties.clash() {
        return gathered.unread.push(Unread::clash(subject.to_owned(), part));
    }
    let is_too_deep = around.depth + 1 >= DEPTH;
    let written = properties.get("template").map(|template| match in_variable(template, around) {
        None => template,
        Some(template) => {
            gathered.from_variables += 1;
            template
        }
    });
    if gathered.from_variables > FROM_VARIABLES {
        let (what, help) =
            ("templates in variables lead to others too many times", "Check them as templates of their own");
        let unread = Unread { subject: subject.to_owned(), part, what, help, is_elsewhere: false };
        return gathered.unread.extend((gathered.from_variables == FROM_VARIABLES + 1).then_some(unread));
    }
    let Some(template) = written.filter(|template| template.members().is_some() && !is_too_deep) else {
        let link = properties.value("templateLink");
        // A file beside this one is checked with it; what an address or an id leads to is not at hand.
        let names = |key: &str| link.as_ref().is_some_and(|link| member(link, key).is_some());
        let path = link.as_ref().and_then(|link| member(link, "relativePath")?.as_str());
        if let Some(path) = path.filter(|_| !names("uri") && !names("id")) {
            let Outcome::Known(Value::String(path)) = around.scope.value(path) else {
                return gathered.unread.push(Unread {
                    subject: subject.to_owned(),
                    part,
                    what: LINKED,
                    help: CHECK_LINKED,
                    is_elsewhere: true,
                });
            };
            let link = Link { path, given: given(&properties, around.scope), deployed: around.deployed };
            return gathered.links.push((link, part, subject.to_owned()));
        }
        let (what, help) = match written {
            None if link.is_some() => (
                "its template is linked and not at hand",
                "Check the linked template; skip this one with --exclude if it has nothing else",
            ),
            Some(_) if is_too_deep => {
                ("its template is nested too deeply to be read", "Check the template as a separate file")
            }
            _ => {
                ("its template is not written here", "Write the template as an object, or check it as a separate file")
            }
        };
        return gathered.unread.push(Unread { subject: subject.to_owned(), part, what, help, is_elsewhere: false });
    };
    let is_inner = properties.value("expressionEvaluationOptions").is_some_and(|options| {
        member(&options, "scope").and_then(Value::as_str).is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
    });
    if !is_inner {
        return part_of(template, subject, Around { depth: around.depth + 1, ..around }, true, gathered);
    }
    let given = given(&properties, around.scope).for_declared(declared(template).into_keys());
    let (scope, texts) = (&around.scope.within_text(), &Texts::default());
    deployment(template, Around { scope, texts, depth: around.depth + 1, ..around }, given, gathered);
}

/// A template that a resource holds, and does not deploy.
fn held<'t>(template: Part<'t>, subject: &str, around: Around<'_, 't>, gathered: &mut Gathered<'t>) {
    let written = in_variable(template, around).unwrap_or(template);
    gathered.from_variables += usize::from(written.start != template.start);
    if written.members().is_some() && around.depth < DEPTH && gathered.from_variables <= FROM_VARIABLES {
        return part_of(written, subject, around, false, gathered);
    }
    let (what, help) = ("its template is not written here", "Check the template as a separate file");
    gathered.unread.push(Unread { subject: subject.to_owned(), part: template, what, help, is_elsewhere: true });
}

/// What a deployment gives to the parameters of its template, and which of that may be something else.
fn given(properties: &Fields<'_>, scope: &Scope<'_>) -> Given {
    let mut given = arguments(properties, scope);
    if scope.is_open() {
        let certain = scope.whatever_is_given(|| arguments(properties, scope)).values;
        let names = given.values.keys().chain(certain.keys());
        given.open = names.filter(|name| given.values.get(*name) != certain.get(*name)).cloned().collect();
    }
    given
}

/// What a deployment gives to the parameters of its template. What is null is not given, and what cannot be read is unknown: no
/// default may take its place.
fn arguments(properties: &Fields<'_>, scope: &Scope<'_>) -> Given {
    let mut values = Values::new();
    let written = properties.value("parameters").unwrap_or_default();
    // All of them may be one expression.
    let passed = scope.passed(&written);
    let is_rest_unknown = properties.get("parametersLink").is_some() || !(passed.is_object() || passed.is_null());
    for (name, argument) in passed.as_object().into_iter().flatten() {
        match member(argument, "value") {
            Some(Value::Null) => _ = values.remove(&name.to_ascii_lowercase()),
            // A key vault has the value, or it is not known what has it.
            value => _ = values.insert(name.to_ascii_lowercase(), value.cloned().unwrap_or_else(|| UNKNOWN.into())),
        }
    }
    Given { values, open: BTreeSet::new(), is_rest_unknown }
}

/// Where the template stands that is given as `[variables('NAME')]`: Bicep puts one there that it reads from a file.
fn in_variable<'t>(template: Part<'t>, around: Around<'_, 't>) -> Option<Part<'t>> {
    let text: String = serde_json::from_str(template.text).ok()?;
    let name = text.strip_prefix("[variables('")?.strip_suffix("')]")?;
    around.texts.find(&name.to_ascii_lowercase())
}
