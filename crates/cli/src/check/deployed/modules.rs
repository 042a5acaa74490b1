//! Which module a policy's URL means.

use std::borrow::Cow;
use std::collections::BTreeMap;

use isolation_runtime::{Engine, Module};

use crate::check::policies::Candidate;

/// The modules that can be had without a network, compiled when they are first asked for.
pub struct Modules {
    engine: Engine,
    known: Vec<Candidate>,
    compiled: BTreeMap<String, Module>,
}

/// Why there is no module, and what to do about it.
pub struct Missing {
    pub what: String,
    pub help: String,
}

impl Modules {
    /// The built-in modules and those that were given as files.
    pub fn new(engine: Engine, known: Vec<Candidate>) -> Self {
        Modules { engine, known, compiled: BTreeMap::new() }
    }

    /// The module that `url` means: a file, or the known one of the same name, from whatever registry.
    ///
    /// # Errors
    ///
    /// A module that is not here or that cannot be used.
    pub fn find(&mut self, url: &str) -> Result<Module, Missing> {
        let (key, bytes): (_, Cow<'_, [u8]>) = if let Some(path) = url.strip_prefix("file://") {
            let bytes = std::fs::read(path).map_err(|error| Missing {
                what: format!("its module {path} cannot be read: {error}"),
                help: String::new(),
            })?;
            (url.to_owned(), bytes.into())
        } else {
            let (name, _) = name_and_tag(url);
            let known = self.known.iter().find(|candidate| candidate.name == name).ok_or_else(|| {
                let scheme = if url.contains("://") { "" } else { "registry://" };
                Missing {
                    what: format!("its module {url} is not one of those that this program has"),
                    help: format!(
                        "Pull it with `kwctl pull {scheme}{url} -o {name}.wasm`, then add `--policy {name}.wasm`"
                    ),
                }
            })?;
            (name.to_owned(), Cow::Borrowed(known.bytes.as_ref()))
        };
        if let Some(module) = self.compiled.get(&key) {
            return Ok(module.clone());
        }
        let module = Module::compile(&self.engine, &bytes).map_err(|error| Missing {
            what: format!("its module {url} cannot be used: {error}"),
            help: String::new(),
        })?;
        self.compiled.insert(key, module.clone());
        Ok(module)
    }
}

/// The version that a URL asks for and the one that its module has, if they differ.
pub fn other_version<'m>(url: &str, module: &'m Module) -> Option<(String, &'m str)> {
    let (_, tag) = name_and_tag(url);
    let tag = tag?.trim_start_matches('v');
    let version = module.metadata()?.annotations.as_ref()?.get("io.kubewarden.policy.version")?;
    (tag != version && tag.starts_with(|c: char| c.is_ascii_digit())).then(|| (tag.to_owned(), version.as_str()))
}

/// `registry://HOST/PATH/NAME:TAG@DIGEST`: the name, and the tag if there is one.
fn name_and_tag(url: &str) -> (&str, Option<&str>) {
    let last = url.rsplit_once('/').map_or(url, |(_, last)| last);
    let last = last.split_once('@').map_or(last, |(name, _)| name);
    let (name, tag) = last.split_once(':').map_or((last, None), |(name, tag)| (name, Some(tag)));
    (name.strip_suffix(".wasm").unwrap_or(name), tag)
}

#[cfg(test)]
mod tests {
    use super::name_and_tag;

    #[test]
    fn a_name_is_what_stands_last() {
        let cases = [
            ("registry://myacr.azurecr.io/policies/private-images:v0.1.0", ("private-images", Some("v0.1.0"))),
            ("registry://localhost:5000/private-images@sha256:0a1b", ("private-images", None)),
            ("myacr.azurecr.io/private-images:v1@sha256:0a1b", ("private-images", Some("v1"))),
            ("https://example.com/dist/private-images.wasm", ("private-images", None)),
            ("private-images", ("private-images", None)),
        ];
        for (url, expected) in cases {
            assert_eq!(name_and_tag(url), expected, "{url}");
        }
    }
}
