//! Label selectors, and the labels of namespaces.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::defaults::labels_from_template;
use crate::input::Item;

/// Labels by key.
pub type Labels = BTreeMap<String, String>;

/// The label that the API server gives every namespace: its name.
pub const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// A label selector. One without requirements matches everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Selector {
    match_labels: Option<Labels>,
    match_expressions: Option<Vec<Requirement>>,
}

/// One requirement of a selector.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    key: String,
    operator: Operator,
    values: Option<Vec<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Selector {
    /// What an AdmissionPolicy has: its own namespace.
    pub fn namespace(name: &str) -> Self {
        Selector {
            match_labels: Some(Labels::from([(NAME_LABEL.to_owned(), name.to_owned())])),
            match_expressions: None,
        }
    }

    /// The controller's version of a cluster policy's selector: everywhere but its own namespace, and the expressions.
    /// It passes the labels over.
    pub fn outside_of(namespace: &str, own: Option<&Selector>) -> Self {
        let not_there = Requirement {
            key: NAME_LABEL.to_owned(),
            operator: Operator::NotIn,
            values: Some(vec![namespace.to_owned()]),
        };
        let expressions = own.and_then(|own| own.match_expressions.clone()).unwrap_or_default();
        let match_expressions = Some(std::iter::once(not_there).chain(expressions).collect());
        Selector { match_labels: None, match_expressions }
    }

    /// Whether the selector has `matchLabels`.
    pub fn has_labels(&self) -> bool {
        self.match_labels.as_ref().is_some_and(|labels| !labels.is_empty())
    }

    /// What the API server would not take.
    pub fn problem(&self) -> Option<String> {
        self.match_expressions.iter().flatten().find_map(|requirement| {
            let values = requirement.values.as_ref().map_or(0, Vec::len);
            match requirement.operator {
                Operator::In | Operator::NotIn if values == 0 => Some(format!(
                    "{:?} needs values to compare the label {} with",
                    requirement.operator, requirement.key
                )),
                Operator::Exists | Operator::DoesNotExist if values > 0 => Some(format!(
                    "{:?} takes no values, but the label {} has some",
                    requirement.operator, requirement.key
                )),
                _ => None,
            }
        })
    }

    /// Whether the selector asks for a label other than a namespace's name.
    pub fn asks_for_more_than_the_name(&self) -> bool {
        let labels = self.match_labels.iter().flatten().map(|(key, _)| key);
        let expressions = self.match_expressions.iter().flatten().map(|requirement| &requirement.key);
        labels.chain(expressions).any(|key| key != NAME_LABEL)
    }

    /// Whether these labels fulfil every requirement.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.match_labels.iter().flatten().all(|(key, value)| labels.get(key) == Some(value))
            && self.match_expressions.iter().flatten().all(|requirement| requirement.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        let listed = || value.is_some_and(|value| self.values.iter().flatten().any(|item| item == value));
        match self.operator {
            Operator::In => listed(),
            Operator::NotIn => !listed(),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

/// The labels of an object, as the API server has them.
pub fn labels(object: &Value) -> Labels {
    if let Some(labels) = labels_from_template(object) {
        return labels.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    }
    let labels = object["metadata"]["labels"].as_object();
    labels.into_iter().flatten().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// The namespaces that the input describes.
#[derive(Debug, Default)]
pub struct Namespaces(BTreeMap<String, Labels>);

impl Namespaces {
    /// The Namespace objects among these.
    pub fn of<'a>(items: impl Iterator<Item = &'a Item>) -> Self {
        let namespaces = items.filter(|item| item.is_namespace());
        Namespaces(namespaces.map(|item| (item.object.name.clone(), labels_with_name(item))).collect())
    }

    /// The labels of a namespace, and whether they are all known. Of a namespace that the input does not describe only the
    /// name is.
    pub fn labels(&self, name: &str) -> (Cow<'_, Labels>, bool) {
        match self.0.get(name) {
            Some(labels) => (Cow::Borrowed(labels), true),
            None => (Cow::Owned(Labels::from([(NAME_LABEL.to_owned(), name.to_owned())])), false),
        }
    }
}

fn labels_with_name(item: &Item) -> Labels {
    let mut labels = labels(&item.to_json());
    labels.insert(NAME_LABEL.to_owned(), item.object.name.clone());
    labels
}

/// Whether AKS keeps every webhook away from a namespace with these labels.
///
/// Its admissions enforcer adds to each webhook that `control-plane` must not be there and that
/// `kubernetes.azure.com/managedby` must not be `aks`: <https://learn.microsoft.com/azure/aks/faq>
pub fn is_exempt_on_aks(labels: &Labels) -> bool {
    labels.contains_key("control-plane")
        || labels.get("kubernetes.azure.com/managedby").is_some_and(|value| value == "aks")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matches(selector: Value, with: Value) -> bool {
        let selector: Selector = serde_json::from_value(selector).unwrap();
        selector.matches(&labels(&json!({"metadata": {"labels": with}})))
    }

    #[test]
    fn requirements_are_all_to_be_fulfilled() {
        assert!(matches(json!({}), json!({})));
        assert!(matches(json!({"matchLabels": {"a": "1"}}), json!({"a": "1", "b": "2"})));
        assert!(!matches(json!({"matchLabels": {"a": "1"}}), json!({"a": "2"})));
        let both = json!({"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "b", "operator": "Exists"}]});
        assert!(!matches(both.clone(), json!({"a": "1"})));
        assert!(matches(both, json!({"a": "1", "b": ""})));
    }

    #[test]
    fn a_label_that_is_not_there_is_not_in_any_list() {
        let expression =
            |operator: &str| json!({"matchExpressions": [{"key": "a", "operator": operator, "values": ["1"]}]});
        assert!(!matches(expression("In"), json!({})));
        assert!(matches(expression("NotIn"), json!({})));
        assert!(matches(json!({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}), json!({})));
    }

    #[test]
    fn the_controller_keeps_expressions_and_drops_labels() {
        let own: Selector = serde_json::from_value(json!({
            "matchLabels": {"env": "prod"}, "matchExpressions": [{"key": "tier", "operator": "Exists"}],
        }))
        .unwrap();
        let made = Selector::outside_of("kubewarden", Some(&own));
        let labels = |name: &str, tier: bool| {
            let mut labels = Labels::from([(NAME_LABEL.to_owned(), name.to_owned())]);
            labels.extend(tier.then(|| ("tier".to_owned(), "1".to_owned())));
            labels
        };
        assert!(made.matches(&labels("shop", true)));
        assert!(!made.matches(&labels("shop", false)));
        assert!(!made.matches(&labels("kubewarden", true)));
    }
}
