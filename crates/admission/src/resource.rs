//! Kubewarden's policy resources, read as the API server and the controller would take them.

use std::sync::Arc;

use isolation::settings::SettingsProblem;
use isolation::similar::nearest_swapped;
use isolation_document::{Mismatch, typed};
use isolation_report::{NotEvaluated, Note, Place};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::conditions::Condition;
use crate::expression::Expression;
use crate::input::Item;
use crate::judge::Missing;
use crate::selector::Selector;
use crate::specification::{Member, Origin, ScopedRule, Specification};

/// The expression of a group: as it is written, and read.
type Joined = (String, Expression);

/// Where Kubewarden runs: its controller keeps cluster policies away from this namespace.
const OWN_NAMESPACE: &str = "kubewarden";

/// The API group of policies.
pub const GROUP: &str = "policies.kubewarden.io";

/// A kind of policy resource.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    group: bool,
    namespaced: bool,
}

const KINDS: &[Kind] = &[
    Kind { name: "ClusterAdmissionPolicy", group: false, namespaced: false },
    Kind { name: "AdmissionPolicy", group: false, namespaced: true },
    Kind { name: "ClusterAdmissionPolicyGroup", group: true, namespaced: false },
    Kind { name: "AdmissionPolicyGroup", group: true, namespaced: true },
];

/// Fields of every kind's `spec`, in both versions.
const FIELDS: &[&str] = &[
    "failurePolicy",
    "matchPolicy",
    "mode",
    "objectSelector",
    "policyServer",
    "rules",
    "sideEffects",
    "timeoutSeconds",
];
/// Fields that came with `v1`.
const FIELDS_V1: &[&str] = &["backgroundAudit", "matchConditions", "message"];
const FIELDS_POLICY: &[&str] = &["module", "mutating", "settings"];
const FIELDS_POLICY_V1: &[&str] = &["timeoutEvalSeconds"];
const FIELDS_CLUSTER: &[&str] = &["namespaceSelector"];
const FIELDS_CLUSTER_V1: &[&str] = &["allowInsideAdmissionControllerNamespace"];
const FIELDS_GROUP: &[&str] = &["expression", "policies"];

/// The specification of a policy as a cluster has it; `None` for any other object.
///
/// # Errors
///
/// What keeps it from being judged by.
pub fn deployed(item: &Item) -> Option<Result<Specification, NotEvaluated>> {
    let object = &item.object;
    let kind = (object.group() == GROUP).then(|| KINDS.iter().find(|kind| kind.name == object.kind))??;
    Some(Reader { item, kind, title: object.subject() }.read())
}

/// A resource that says what a policy is.
#[derive(Debug)]
struct Resource(Item);

impl Resource {
    fn not_asked(&self, title: &str, path: &str, what: &str, help: String) -> NotEvaluated {
        let place = Some(self.0.place(path));
        NotEvaluated { place, subject: title.to_owned(), what: format!("{title} is not evaluated: {what}"), help }
    }
}

impl Origin for Resource {
    fn place(&self) -> Option<Place> {
        Some(self.0.place("metadata.name"))
    }

    fn module_place(&self, member: &Member) -> Option<Place> {
        Some(self.0.place(&format!("{}.module", member.path)))
    }

    fn missing(&self, title: &str, member: &Member, Missing { what, help }: Missing) -> NotEvaluated {
        self.not_asked(title, &format!("{}.module", member.path), &format!("its module {what}"), help)
    }

    fn refused(&self, title: &str, member: &Member, problem: &SettingsProblem) -> NotEvaluated {
        let path = format!("{}.{}", member.path, problem.path);
        self.not_asked(title, &path, &format!("policy-server refuses its {problem}"), String::new())
    }
}

struct Reader<'a> {
    item: &'a Item,
    kind: &'static Kind,
    title: String,
}

impl Reader<'_> {
    fn place(&self, path: &str) -> Place {
        self.item.place(path)
    }

    fn problem(&self, path: &str, what: impl AsRef<str>, help: impl Into<String>) -> NotEvaluated {
        NotEvaluated {
            place: Some(self.place(path)),
            subject: self.title.clone(),
            what: format!("{} is not evaluated: {}", self.title, what.as_ref()),
            help: help.into(),
        }
    }

    /// The value at a path, if there is one.
    fn optional<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, NotEvaluated> {
        let Some(value) = self.item.value(path) else { return Ok(None) };
        typed(&value).map(Some).map_err(|Mismatch { path: below, what }| {
            // Both are paths already.
            let dot = if below.is_root() || below.as_str().starts_with('[') { "" } else { "." };
            let path = format!("{path}{dot}{}", below.as_str());
            self.problem(&path, format!("{path}: {what}"), "")
        })
    }

    fn required<T: DeserializeOwned>(&self, path: &str) -> Result<T, NotEvaluated> {
        self.optional(path)?.ok_or_else(|| self.problem(path, format!("{path} is not set"), ""))
    }

    /// One of two words; whether it is the second, which is not the default.
    fn choice(&self, path: &str, words: [&str; 2]) -> Result<bool, NotEvaluated> {
        match self.optional::<String>(path)? {
            None => Ok(false),
            Some(word) if words.contains(&word.as_str()) => Ok(word == words[1]),
            Some(word) => {
                Err(self.problem(path, format!("{path} is {word}, but must be {} or {}", words[0], words[1]), ""))
            }
        }
    }

    fn read(&self) -> Result<Specification, NotEvaluated> {
        self.check_version()?;
        self.check_fields()?;
        let (name, namespace) = (&self.item.object.name, &self.item.object.namespace);
        let group = if self.kind.group { "group-" } else { "" };
        let id = if self.kind.namespaced {
            format!("namespaced-{group}{namespace}-{name}")
        } else {
            format!("clusterwide-{group}{name}")
        };
        let mut rules: Vec<ScopedRule> = self.required("spec.rules")?;
        if self.kind.namespaced {
            // Whatever they say: the controller writes that.
            rules.iter_mut().for_each(|rule| rule.scope = Some("Namespaced".into()));
        }
        if rules.is_empty() {
            return Err(self.problem("spec.rules", "spec.rules has no rule, so it would never be evaluated", ""));
        }
        self.check_rules(&rules)?;
        let mut notes = Vec::new();
        let namespaces = self.namespaces(&mut notes)?;
        let (expression, members) =
            if self.kind.group { self.group()? } else { (None, vec![self.member("", "spec")?]) };
        let mutating = !self.kind.group && self.required::<bool>("spec.mutating")?;
        Ok(Specification {
            title: self.title.clone(),
            id,
            origin: Arc::new(Resource(self.item.clone())),
            rules,
            exact: self.choice("spec.matchPolicy", ["Equivalent", "Exact"])?,
            namespaces,
            objects: self.selector("spec.objectSelector")?,
            conditions: self.conditions(&mut notes)?,
            ignores_failures: self.choice("spec.failurePolicy", ["Fail", "Ignore"])?,
            monitor: self.choice("spec.mode", ["protect", "monitor"])?,
            mutating,
            message: self.optional("spec.message")?.filter(|message: &String| !message.is_empty()),
            expression,
            members,
            notes,
        })
    }

    /// The API server compares these words as they are, and refuses a webhook with any other.
    fn check_rules(&self, rules: &[ScopedRule]) -> Result<(), NotEvaluated> {
        const OPERATIONS: &str = "*, CONNECT, CREATE, DELETE or UPDATE";
        const SCOPES: &str = "*, Cluster or Namespaced";
        let is_of =
            |word: &str, words: &str| words.split([',', ' ']).any(|known| known == word && !matches!(known, "" | "or"));
        for (index, ScopedRule { rule, scope }) in rules.iter().enumerate() {
            let operations = rule.operations.iter().map(|word| ("operations", word, OPERATIONS));
            let words = operations.chain(scope.iter().map(|word| ("scope", word, SCOPES)));
            if let Some((key, word, words)) = words.into_iter().find(|(_, word, words)| !is_of(word, words)) {
                let path = format!("spec.rules[{index}].{key}");
                return Err(self.problem(&path, format!("{path}: expected {words}, found {word:?}"), ""));
            }
        }
        Ok(())
    }

    fn check_version(&self) -> Result<(), NotEvaluated> {
        match self.item.object.version() {
            "v1" => Ok(()),
            "v1alpha2" if !self.kind.group => Ok(()),
            version => Err(self.problem(
                "apiVersion",
                format!("{} is not served as {version}", self.kind.name),
                format!("Write apiVersion: {GROUP}/v1"),
            )),
        }
    }

    /// Fields that are not there are refused by kubectl and dropped by the API server: neither is what was meant.
    fn check_fields(&self) -> Result<(), NotEvaluated> {
        let Some(fields) = self.item.keys("spec") else {
            return Err(self.problem("spec", "spec is not set, or is not an object", ""));
        };
        let v1 = self.item.object.version() == "v1";
        let kind = self.kind;
        let known = [
            (FIELDS, true),
            (FIELDS_V1, v1),
            (FIELDS_POLICY, !kind.group),
            (FIELDS_POLICY_V1, !kind.group && v1),
            (FIELDS_CLUSTER, !kind.namespaced),
            (FIELDS_CLUSTER_V1, !kind.namespaced && v1),
            (FIELDS_GROUP, kind.group),
            (&["contextAwareResources"], !kind.group && !kind.namespaced),
        ];
        let known = || known.iter().filter(|(_, counts)| *counts).flat_map(|(fields, _)| fields.iter().copied());
        match fields.iter().find(|key| known().all(|field| field != key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let hint =
                    nearest_swapped(key, known()).map(|near| format!("Did you mean {near}?")).unwrap_or_default();
                let version = self.item.object.version();
                Err(self.problem(
                    &format!("spec.{key}"),
                    format!("{} {version} has no field spec.{key}", kind.name),
                    hint,
                ))
            }
        }
    }

    fn selector(&self, path: &str) -> Result<Option<Selector>, NotEvaluated> {
        let selector: Option<Selector> = self.optional(path)?;
        match selector.as_ref().and_then(Selector::problem) {
            None => Ok(selector),
            Some(problem) => Err(self.problem(path, format!("{path}: {problem}"), "")),
        }
    }

    fn namespaces(&self, notes: &mut Vec<Note>) -> Result<Selector, NotEvaluated> {
        if self.kind.namespaced {
            if self.item.object.namespace.is_empty() {
                let what = "it is namespaced, but metadata.namespace is not set";
                return Err(self.problem("metadata", what, "Write the namespace whose objects it judges"));
            }
            return Ok(Selector::namespace(&self.item.object.namespace));
        }
        let path = "spec.namespaceSelector";
        let own = self.selector(path)?;
        if self.optional("spec.allowInsideAdmissionControllerNamespace")? == Some(true) {
            return Ok(own.unwrap_or_default());
        }
        if own.as_ref().is_some_and(Selector::has_labels) {
            notes.push(Note {
                place: Some(self.place("spec.namespaceSelector.matchLabels")),
                what: format!(
                    "{} judges every namespace, whatever matchLabels says: Kubewarden's controller hands only \
                     matchExpressions on to the API server",
                    self.title
                ),
                help: "Write each label as an expression: {key: KEY, operator: In, values: [VALUE]}".into(),
            });
        }
        Ok(Selector::outside_of(OWN_NAMESPACE, own.as_ref()))
    }

    fn conditions(&self, notes: &mut Vec<Note>) -> Result<Vec<Condition>, NotEvaluated> {
        #[derive(Deserialize)]
        struct Written {
            name: String,
            expression: String,
        }
        let written: Vec<Written> = self.optional("spec.matchConditions")?.unwrap_or_default();
        let mut conditions = Vec::new();
        for (index, Written { name, expression }) in written.iter().enumerate() {
            let path = format!("spec.matchConditions[{index}].expression");
            let condition = Condition::read(name, expression).map_err(|problem| {
                let what = format!("the condition {name} cannot be evaluated here: {problem}");
                self.problem(&path, what, "Only the cluster can evaluate this condition")
            })?;
            if condition.asks_for_the_user {
                notes.push(Note {
                    place: Some(self.place(&path)),
                    what: format!(
                        "the condition {name} of {} asks who sends the request: it is answered for the user \
                         kubernetes-admin in the group system:authenticated",
                        self.title
                    ),
                    help: String::new(),
                });
            }
            conditions.push(condition);
        }
        Ok(conditions)
    }

    fn group(&self) -> Result<(Option<Joined>, Vec<Member>), NotEvaluated> {
        let Some(names) = self.item.keys("spec.policies") else {
            return Err(self.problem("spec.policies", "spec.policies is not set, or is not an object of members", ""));
        };
        let _: String = self.required("spec.message")?;
        let text: String = self.required("spec.expression")?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let expression = Expression::read(&text, &names)
            .map_err(|problem| self.problem("spec.expression", format!("its expression is wrong: {problem}"), ""))?;
        let members = names.iter().map(|name| self.member(name, &format!("spec.policies.{name}")));
        Ok((Some((text, expression)), members.collect::<Result<_, _>>()?))
    }

    fn member(&self, name: &str, path: &str) -> Result<Member, NotEvaluated> {
        let settings: Option<serde_json::Map<String, Value>> = self.optional(&format!("{path}.settings"))?;
        // Policies in a namespace have no access to the cluster.
        let granted =
            if self.kind.namespaced { None } else { self.optional(&format!("{path}.contextAwareResources"))? };
        Ok(Member {
            name: name.to_owned(),
            path: path.to_owned(),
            module: self.required(&format!("{path}.module"))?,
            settings: settings.map_or_else(|| Value::Object(serde_json::Map::new()), Value::Object),
            granted: granted.unwrap_or_default(),
        })
    }
}
