//! The settings of `supported-extensions`.

use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

use crate::list::{self, Unsupported};

const SEVERITIES: Shape = Shape::Enum(&["allow", "warn", "deny"]);

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "allow",
        Shape::Texts,
        doc!(
            "Extension types that are always accepted, as in `contoso.app`, whatever the list, `unlisted` or \
             `marketplace` says. Case does not matter."
        ),
    ),
    Setting::new(
        "deny",
        Shape::Texts,
        doc!("Extension types that are rejected in addition to the list, as in `microsoft.argocd`."),
    ),
    Setting::new(
        "list",
        Shape::Enum(&["current", "ever"]),
        doc!(
            "Which revision of Azure's list applies. `current` is what is not supported today; `ever` adds what the \
             documentation once named: Azure Backup (supported since September 2026) and Azure Container Storage."
        ),
    )
    .default("\"current\""),
    Setting::new(
        "marketplace",
        SEVERITIES,
        doc!(
            "How to treat extensions from the Azure Marketplace, which have a `plan` or a type that does not begin \
             with `microsoft.`. Their images are not in the registry from which the cluster pulls."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "namespaces",
        Shape::Bool,
        doc!(
            "Whether to warn of a new Namespace that an unsupported extension installs into. Open source Dapr and Flux \
             use the same names."
        ),
    )
    .default("false"),
    Setting::new(
        "unlisted",
        SEVERITIES,
        doc!(
            "How to treat extensions that are neither on the list nor known to be supported. Azure Monitor's \
             extensions, Azure Backup and those in `allow` are known."
        ),
    )
    .default("\"allow\""),
];

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings {
    /// Types that are accepted, in lower case.
    allow: Vec<String>,
    /// Types that are rejected in addition to the list, in lower case.
    deny: Vec<String>,
    /// Whether the list includes what the documentation once named.
    ever: bool,
    /// How an extension from the Marketplace is reported.
    pub marketplace: Level,
    /// Whether namespaces are judged.
    pub namespaces: bool,
    /// How an unknown extension is reported.
    pub unlisted: Level,
}

impl Settings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let allow = types(reader, "allow");
        let deny = types(reader, "deny");
        for (value, text) in reader.texts("deny") {
            if allow.contains(&text.to_ascii_lowercase()) {
                reader.problem(value, "the policy's setting `allow` names it too: choose one");
            }
        }
        Settings {
            allow,
            deny,
            ever: reader.is("list", "ever"),
            marketplace: reader.level("marketplace"),
            namespaces: reader.bool("namespaces"),
            unlisted: reader.level("unlisted"),
        }
    }

    /// Whether the setting `allow` names this type.
    pub fn allows(&self, lower: &str) -> bool {
        self.allow.iter().any(|allowed| allowed == lower)
    }

    /// Whether the setting `deny` names this type.
    pub fn denies(&self, lower: &str) -> bool {
        self.deny.iter().any(|denied| denied == lower)
    }

    /// The entries of the list that apply.
    pub fn list(&self) -> impl Iterator<Item = &'static Unsupported> {
        let ever = self.ever;
        list::UNSUPPORTED.iter().copied().filter(move |extension| ever || extension.until.is_none())
    }
}

fn types(reader: &mut Reader<'_>, key: &str) -> Vec<String> {
    let mut types = Vec::new();
    for (value, text) in reader.texts(key) {
        if list::is_type(&text) {
            types.push(text.to_ascii_lowercase());
        } else if text.contains('*') {
            reader.problem(value, "wildcards are not supported, name each type");
        } else {
            reader.problem(value, "expected the type of an extension, such as microsoft.dapr");
        }
    }
    types
}
