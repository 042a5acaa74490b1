//! The settings of `cached-images`.

use isolation::doc;
use isolation::image::{CACHE_RULES, CacheRules, cache_registry};
use isolation::images::{CUSTOM_RESOURCES, Extra};
use isolation::settings::{Reader, Setting, Shape};

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    CACHE_RULES.required().example(
        r#"[{"registry": "myacr.azurecr.io", "source": "docker.io/library/*", "target": "dockerhub/library/*"}]"#,
    ),
    cache_registry(doc!(
        "The registry of cache rules that name none: `myacr.azurecr.io`. Required unless every rule names one."
    )),
    Setting::new(
        "warnings",
        Shape::Bool,
        doc!(
            "Whether a warning, which `kubectl` prints, reports every rewritten reference. `false` rewrites silently."
        ),
    )
    .default("true"),
    CUSTOM_RESOURCES,
];

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// The cache rules.
    pub rules: CacheRules<'d>,
    /// Whether references are rewritten, not only reported: `enforcement: deny`.
    pub rewrites: bool,
    /// Whether rewritten references are reported.
    pub warns: bool,
    /// Whether an update keeps the references that were there before: `existing: allow`.
    pub leave_existing: bool,
    /// Custom resources that only the settings know.
    pub extra: Vec<Extra<'d>>,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let rewrites = reader.is("enforcement", "deny");
        let warns = reader.bool("warnings");
        if let (false, false, Some(value)) = (rewrites, warns, reader.get("warnings")) {
            reader.problem(
                value,
                "has no effect: `enforcement: warn` rewrites nothing, and without warnings reports nothing",
            );
        }
        Settings {
            rules: CacheRules::read(reader, None),
            rewrites,
            warns,
            leave_existing: reader.is("existing", "allow"),
            extra: Extra::read(reader),
        }
    }
}
