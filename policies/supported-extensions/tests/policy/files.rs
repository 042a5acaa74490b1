//! The policy's files say what its code does.

use isolation::Policy;
use isolation::management::{CAPZ, EMBEDDING};
use isolation::policy::tables;
use isolation_cases::{check_examples, check_reach, check_readme, message_of, rules_table, settings_table, table};
use supported_extensions::{PAGES, SupportedExtensions, kinds, list};

const NAME: &str = SupportedExtensions::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    let asking = kinds::KINDS.iter().map(|asking| (asking.group, asking.kind));
    check_reach(NAME, asking.chain(EMBEDDING.iter().map(|(kind, _)| (CAPZ, *kind))))
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    let unsupported = list::UNSUPPORTED.iter().map(|extension| {
        let until = extension.until.map_or_else(String::new, |until| format!(" to {until}, with `list: ever`"));
        vec![
            format!("[{}]({})", extension.title, extension.documentation),
            format!("`{}`", extension.extension_type),
            format!("{}{until}", extension.since),
            format!("`{}`", extension.namespace),
            uppercase_first(extension.instead),
        ]
    });
    let supported =
        list::SUPPORTED.iter().map(|extension| vec![extension.title.into(), format!("`{}`", extension.extension_type)]);
    check_readme(
        NAME,
        &[
            (
                "list",
                table(&["extension", "type", "on the list since", "namespace", "what to use instead"], unsupported),
            ),
            ("supported", table(&["extension", "type"], supported)),
            ("settings", settings_table(&tables::<SupportedExtensions>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "capz-aso-embedded")?),
        ],
    )
}

#[test]
fn the_readme_has_an_example_that_works() -> anyhow::Result<()> {
    check_examples::<SupportedExtensions>()
}

fn uppercase_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
