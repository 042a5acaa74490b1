//! The schemas accept what the policies accept, and refuse what a setting's type refuses.
//!
//! The oracle is the reader that the policies use: a value that it has nothing against by the table of settings alone must
//! be valid by the schema, and the other way round.

use anyhow::Result;
use isolation::json::Document;
use isolation::settings::{Reader, Setting, Shape};
use isolation_all_policies::{Entry, POLICIES, is_deployed_only, policy};
use isolation_cases::{cases_of, settings};
use isolation_generate::{configuration, root};
use jsonschema::Validator;
use serde_json::{Value, json};

fn validator(schema: &impl serde::Serialize) -> Result<Validator> {
    let schema = serde_json::to_value(schema)?;
    assert!(jsonschema::meta::is_valid(&schema), "not a schema");
    Ok(jsonschema::draft7::new(&schema)?)
}

/// What the settings' types have against a value.
fn refused(entry: &Entry, settings: &Value) -> Option<String> {
    let text = settings.to_string();
    let document = Document::read(text.as_bytes()).ok()?;
    Reader::new(Some(document.root()), &(entry.settings)()).finish().err()
}

fn agree(entry: &Entry, validator: &Validator, settings: &Value) {
    let refused = refused(entry, settings);
    let invalid = validator.iter_errors(settings).map(|error| error.to_string()).collect::<Vec<_>>();
    assert_eq!(invalid.is_empty(), refused.is_none(), "{}: {settings}\n{invalid:?}\n{refused:?}", entry.name);
}

#[test]
fn the_settings_of_every_case_are_valid_by_the_schema_where_they_are_by_their_types() -> Result<()> {
    for entry in POLICIES {
        let validator = validator(&isolation_generate::settings(entry)?)?;
        let (mut all, mut accepted) = (0, 0);
        for case in cases_of(entry.name)? {
            let settings = settings(&case);
            // What is no object is refused by the engines, before a policy sees it.
            if settings.is_object() {
                agree(entry, &validator, &settings);
                all += 1;
                accepted += usize::from(validator.is_valid(&settings));
            }
        }
        assert!(accepted > 10 && accepted < all, "{}: {accepted} of {all}", entry.name);
    }
    Ok(())
}

/// Values of every type, empty and not.
fn values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(""),
        json!([]),
        json!({}),
        json!(true),
        json!(false),
        json!(0),
        json!(1.5),
        json!("x"),
        json!([""]),
        json!(["x"]),
        json!([1]),
        json!([null]),
        json!([{}]),
        json!([["x"]]),
        json!({"x": 1}),
        json!([{"x": 1}]),
        json!(["x", ""]),
    ];
    for entry in POLICIES {
        for setting in (entry.settings)().iter().copied().flatten() {
            for text in [setting.example, setting.default] {
                values.extend(serde_json::from_str::<Value>(text));
            }
            if let Shape::Enum(words) = setting.shape {
                values.extend(words.iter().map(|word| json!(word)));
            }
        }
    }
    values.sort_by_key(Value::to_string);
    values.dedup();
    values
}

/// Settings that have what is required and nothing else.
fn minimal(tables: &[&'static [Setting]]) -> Result<Value> {
    let mut settings = json!({});
    for setting in tables.iter().copied().flatten().filter(|setting| setting.required) {
        settings[setting.key] = serde_json::from_str(setting.example)?;
    }
    Ok(settings)
}

#[test]
fn every_setting_takes_the_same_values_by_the_schema_and_by_its_type() -> Result<()> {
    for entry in POLICIES {
        let validator = validator(&isolation_generate::settings(entry)?)?;
        let minimal = minimal(&(entry.settings)())?;
        agree(entry, &validator, &minimal);
        agree(entry, &validator, &json!({}));
        for value in values() {
            for setting in (entry.settings)().iter().copied().flatten() {
                let mut settings = minimal.clone();
                settings[setting.key] = value.clone();
                agree(entry, &validator, &settings);
                if let Shape::Objects(members) | Shape::Object(members) = setting.shape {
                    for member in members {
                        let mut object: Value = members.iter().map(|m| (m.key.to_owned(), json!("x"))).collect();
                        object[member.key] = value.clone();
                        let list = matches!(setting.shape, Shape::Objects(_));
                        settings[setting.key] = if list { json!([object]) } else { object };
                        agree(entry, &validator, &settings);
                    }
                }
            }
            let mut settings = minimal.clone();
            settings["noSuchSetting"] = value;
            agree(entry, &validator, &settings);
        }
    }
    Ok(())
}

#[test]
fn the_configuration_takes_every_policys_settings_as_a_section() -> Result<()> {
    let validator = validator(&configuration()?)?;
    for entry in POLICIES {
        for case in cases_of(entry.name)? {
            let section = settings(&case);
            let valid = section.is_object() && refused(entry, &section).is_none();
            // Exceptions have reasons in this file, and stand under another key.
            let is_deployed = section.as_object().is_some_and(|keys| keys.keys().any(|key| is_deployed_only(key)));
            if valid && is_deployed {
                assert!(!validator.is_valid(&json!({entry.name: section})), "{}", case.name());
            } else if valid {
                let errors: Vec<_> =
                    validator.iter_errors(&json!({entry.name: section})).map(|e| e.to_string()).collect();
                assert!(errors.is_empty(), "{}: {errors:?}", case.name());
            }
        }
        for (section, valid) in [(json!(false), true), (json!(null), true), (json!({}), true), (json!([]), false)] {
            assert_eq!(validator.is_valid(&json!({entry.name: section})), valid, "{}: {section}", entry.name);
        }
        assert!(!validator.is_valid(&json!({entry.name: {"noSuchSetting": true}})), "{}", entry.name);
    }
    Ok(())
}

#[test]
fn the_configuration_takes_shared_settings_and_no_others() -> Result<()> {
    let validator = validator(&configuration()?)?;
    for (configuration, valid) in [
        (json!({}), true),
        (json!(null), false),
        (json!({"registries": ["myacr.azurecr.io"], "existing": "allow", "enforcement": "warn"}), true),
        (json!({"registries": []}), true),
        (json!({"registries": "myacr.azurecr.io"}), false),
        (json!({"enforcement": "dny"}), false),
        (json!({"digests": "required"}), false),
        (json!({"private-image": {}}), false),
        (json!([]), false),
    ] {
        assert_eq!(validator.is_valid(&configuration), valid, "{configuration}");
    }
    Ok(())
}

#[test]
fn the_examples_are_valid() -> Result<()> {
    let validator = validator(&configuration()?)?;
    let text = std::fs::read_to_string(root().join("examples/isolation.yaml"))?;
    assert!(text.contains("# yaml-language-server: $schema=../docs/schemas/isolation.schema.json\n"));
    let example: Value = yaml_serde::from_str(&text)?;
    assert!(validator.is_valid(&example));
    for (name, section) in example.as_object().into_iter().flatten() {
        if let Some(entry) = policy(name) {
            assert!(section.is_object() || section.is_boolean(), "{name}");
            assert!(refused(entry, section).is_none_or(|problem| problem.contains("is required")), "{name}");
        }
    }
    Ok(())
}
