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
        "The registry that holds the cache rules which name none themselves: `myacr.azurecr.io`. Required unless each of \
         them does."
    )),
    Setting::new(
        "warnings",
        Shape::Bool,
        doc!(
            "Whether every rewritten reference is told to whoever applies the object, as a warning that `kubectl` prints. \
             `false` rewrites without a word."
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
    /// Whether references are rewritten, and not only spoken of: `enforcement: deny`.
    pub rewrites: bool,
    /// Whether rewriting is told.
    pub warns: bool,
    /// Whether an update leaves alone what was there before: `existing: allow`.
    pub leave_existing: bool,
    /// Custom resources that the policy does not know by itself.
    pub extra: Vec<Extra<'d>>,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let rewrites = reader.is("enforcement", "deny");
        let warns = reader.bool("warnings");
        if let (false, false, Some(value)) = (rewrites, warns, reader.get("warnings")) {
            reader.problem(value, "with `enforcement: warn` nothing is rewritten, so without warnings nothing happens");
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
