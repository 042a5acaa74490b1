//! The settings of `supported-extensions`.

use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

use crate::list::{self, Unsupported};

const SEVERITIES: Shape = Shape::Choice(&["allow", "warn", "deny"]);

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "allow",
        Shape::Texts,
        doc!(
            "Types of extensions that are accepted without a word though the list, `unlisted` or `marketplace` speaks \
             against them, as in `contoso.app`. Upper and lower case are the same."
        ),
    ),
    Setting::new(
        "deny",
        Shape::Texts,
        doc!("Types of extensions that are rejected besides those of the list, as in `microsoft.argocd`."),
    ),
    Setting::new(
        "list",
        Shape::Choice(&["current", "ever"]),
        doc!(
            "Which revision of Azure's list counts: `current` is what is not supported today, `ever` adds what the \
             documentation named once, which is Azure Backup (supported since September 2026) and Azure Container Storage."
        ),
    )
    .default("\"current\""),
    Setting::new(
        "marketplace",
        SEVERITIES,
        doc!(
            "What happens to extensions from the Azure Marketplace, which have a `plan` or a type that does not begin \
             with `microsoft.`: their images are not in the registry that the cluster pulls from."
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
            "What happens to extensions that are neither on the list nor known to be supported; Azure Monitor's and Azure \
             Backup are known, and so is what `allow` names."
        ),
    )
    .default("\"allow\""),
];

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings {
    /// Types that are accepted, in lower case.
    allow: Vec<String>,
    /// Types that are rejected besides the list, in lower case.
    deny: Vec<String>,
    /// Whether what the documentation named once is on the list.
    ever: bool,
    /// How an extension from the Marketplace is reported.
    pub marketplace: Level,
    /// Whether namespaces are looked at.
    pub namespaces: bool,
    /// How an extension that is not known is reported.
    pub unlisted: Level,
}

impl Settings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let allow = types(reader, "allow");
        let deny = types(reader, "deny");
        for (value, text) in reader.texts("deny") {
            if allow.contains(&text.to_ascii_lowercase()) {
                reader.problem(
                    value,
                    "the setting `allow` names it too, and an extension is either accepted or rejected",
                );
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

    /// The entries of the list that count.
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
            reader.problem(value, "wildcards are not understood, so name each type");
        } else {
            reader.problem(value, "expected the type of an extension, such as microsoft.dapr");
        }
    }
    types
}
