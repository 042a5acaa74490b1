//! Kinds that the setting `customResources` names, and the rules by which they come to a policy.

use isolation::images::CUSTOM_RESOURCES;
use isolation::kinds;
use isolation::settings::SettingsProblem;
use isolation_policy_module::Rule;
use serde_json::{Map, Value};

/// A kind that the setting names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomResource {
    /// The API group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// Its name in rules: as the setting has it, otherwise as it is known or guessed.
    pub plural: String,
}

impl CustomResource {
    /// The kinds that settings name. What is not as it should be is for the policy to refuse.
    pub fn of(settings: &Map<String, Value>) -> impl Iterator<Item = Self> {
        let entries = settings.get(CUSTOM_RESOURCES.key).and_then(Value::as_array);
        entries.into_iter().flatten().filter_map(Self::read)
    }

    fn read(entry: &Value) -> Option<Self> {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (group, kind) = (text("group")?, text("kind")?);
        let plural = text("plural").map_or_else(|| kinds::plural(group, kind).into_owned(), str::to_owned);
        Some(Self { group: group.to_owned(), kind: kind.to_owned(), plural })
    }

    /// What is wrong with plurals, each with the path of the setting. A module makes no rules and does not look at them.
    pub fn problems(settings: &Map<String, Value>) -> Vec<SettingsProblem> {
        let entries = settings.get(CUSTOM_RESOURCES.key).and_then(Value::as_array).into_iter().flatten();
        let plurals = entries.enumerate().filter_map(|(index, entry)| Some((index, entry.get("plural")?.as_str()?)));
        let is_named = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        let wrong = plurals.filter(|(_, plural)| !plural.bytes().all(is_named));
        let problem = |(index, plural)| SettingsProblem {
            path: format!("settings.{}[{index}].plural", CUSTOM_RESOURCES.key),
            what: format!(
                "{plural:?}: expected a resource such as widgets, in lower case, without group or subresource"
            ),
        };
        wrong.map(problem).collect()
    }

    /// The rules for the kinds that settings name. Every policy with this setting judges what is created and changed.
    pub fn rules(settings: &Map<String, Value>) -> Vec<Rule> {
        let mut rules: Vec<Rule> = Vec::new();
        for Self { group, plural, .. } in Self::of(settings) {
            let rule = Rule {
                api_groups: vec![group],
                api_versions: vec!["*".to_owned()],
                resources: vec![plural],
                operations: vec!["CREATE".to_owned(), "UPDATE".to_owned()],
            };
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        rules
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CustomResource;

    #[test]
    fn a_kind_comes_by_the_plural_that_the_setting_has_or_else_by_its_own() {
        let settings = json!({"customResources": [
            {"group": "example.com", "kind": "Policy", "images": ["spec.image"]},
            {"group": "example.com", "kind": "Policy", "podSpecs": ["spec"]},
            {"group": "example.com", "kind": "Datum", "plural": "data", "images": ["spec.image"]},
            {"group": "awx.ansible.com", "kind": "AWX", "plural": "", "images": ["spec.image"]},
            {"group": "example.com"},
            7,
        ]});
        let rules = CustomResource::rules(settings.as_object().unwrap());
        let named: Vec<_> =
            rules.iter().map(|rule| (rule.api_groups[0].as_str(), rule.resources[0].as_str())).collect();
        assert_eq!(named, [("example.com", "policies"), ("example.com", "data"), ("awx.ansible.com", "awxs")]);
        assert!(CustomResource::problems(settings.as_object().unwrap()).is_empty());
        assert!(CustomResource::rules(json!({"customResources": null}).as_object().unwrap()).is_empty());
    }

    #[test]
    fn a_plural_that_no_resource_has_is_refused() {
        for plural in ["data/status", "Data", "*", "data.example.com"] {
            let settings =
                json!({"customResources": [{}, {"group": "example.com", "kind": "Datum", "plural": plural}]});
            let problems = CustomResource::problems(settings.as_object().unwrap());
            assert_eq!(problems.len(), 1, "{plural}");
            assert_eq!(problems[0].path, "settings.customResources[1].plural");
        }
    }
}
