//! A policy's module as it is published: its bytes, and what its own metadata says of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use isolation_policy_module::{Metadata, SectionError, TITLE, VERSION};
use thiserror::Error;

/// Why a file cannot be published. Each says which file, what is wrong and what to do.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum ModuleError {
    #[error("{origin} cannot be read: {cause}. `make` writes the modules to dist/")]
    Unreadable { origin: String, cause: std::io::Error },
    #[error("{origin} contains no module (*.wasm). `make` writes the modules to dist/")]
    NoModules { origin: String },
    #[error("{origin} is not a complete WebAssembly module: {cause}. Build or copy it again")]
    NotWasm { origin: String, cause: String },
    #[error(
        "{origin} carries no metadata, so a policy-server would refuse it. Use the module that `make` leaves in dist/, \
         or run `kwctl annotate`"
    )]
    NoMetadata { origin: String },
    #[error(
        "{origin} contains metadata {count} times, and engines differ in which one they read. Build it again with `make`"
    )]
    MetadataTwice { origin: String, count: usize },
    #[error("{origin} contains metadata that cannot be read: {cause}. Build it again with `make`")]
    BadMetadata { origin: String, cause: String },
    #[error("the metadata of {origin} lacks `{key}`. Add it to `annotations` in metadata.yml")]
    Missing { origin: String, key: &'static str },
    #[error("{origin}: `{key}: {value}` cannot be published: {why}. Correct it in `annotations` of metadata.yml")]
    Unusable { origin: String, key: String, value: String, why: &'static str },
}

/// A module that can be published: whole, with metadata once, with a title and a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    name: String,
    version: String,
    annotations: BTreeMap<String, String>,
    bytes: Bytes,
}

impl Module {
    /// Reads a module from a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or what [`Module::from_bytes`] refuses.
    pub fn read(path: &Path) -> Result<Self, ModuleError> {
        let origin = path.display().to_string();
        match fs::read(path) {
            Ok(bytes) => Self::from_bytes(&origin, bytes),
            Err(cause) => Err(ModuleError::Unreadable { origin, cause }),
        }
    }

    /// Reads each `*.wasm` of a directory, in the order of their names.
    ///
    /// # Errors
    ///
    /// A directory that cannot be read or holds no module, or what [`Module::read`] refuses.
    pub fn read_all(directory: &Path) -> Result<Vec<Self>, ModuleError> {
        let origin = || directory.display().to_string();
        let unreadable = |cause| ModuleError::Unreadable { origin: origin(), cause };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "wasm") {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(ModuleError::NoModules { origin: origin() });
        }
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    /// Takes a module's bytes; `origin` is what errors call it.
    ///
    /// # Errors
    ///
    /// Bytes that are not a whole module, or whose metadata is absent, doubled, or lacks what publishing needs.
    pub fn from_bytes(origin: &str, bytes: impl Into<Bytes>) -> Result<Self, ModuleError> {
        let bytes = bytes.into();
        let origin = origin.to_owned();
        let metadata = match Metadata::of_module(&bytes) {
            Ok(Some((metadata, 1))) => metadata,
            Ok(Some((_, count))) => return Err(ModuleError::MetadataTwice { origin, count }),
            Ok(None) => return Err(ModuleError::NoMetadata { origin }),
            Err(SectionError::NotAModule(cause)) => return Err(ModuleError::NotWasm { origin, cause }),
            Err(SectionError::NotMetadata(cause)) => return Err(ModuleError::BadMetadata { origin, cause }),
        };
        if metadata.protocol_version.is_none() {
            let cause = "`protocolVersion` is missing, which `kwctl annotate` fills in".to_owned();
            return Err(ModuleError::BadMetadata { origin, cause });
        }
        let annotations = metadata.annotations;
        let required = |key: &'static str| match annotations.get(key) {
            Some(value) => Ok(value.trim().to_owned()),
            None => Err(ModuleError::Missing { origin: origin.clone(), key }),
        };
        let name = required(TITLE)?;
        let version = required(VERSION)?;
        let unusable = |key: &str, value: &str, why| {
            Err(ModuleError::Unusable { origin: origin.clone(), key: key.to_owned(), value: value.to_owned(), why })
        };
        if !is_repository_name(&name) {
            return unusable(
                TITLE,
                &name,
                "it names the repository, which allows lower-case letters, digits and single `-`, `_` or `.` between them",
            );
        }
        if !is_tag(&version) {
            return unusable(VERSION, &version, "it becomes the tag, which allows letters, digits, `.`, `_` and `-`");
        }
        for (key, value) in &annotations {
            // kwctl writes manifests in a canonical JSON that leaves such characters bare, which no registry can read.
            if value.trim().lines().count() == 1 && value.trim().chars().any(|c| c.is_ascii_control()) {
                return unusable(key, value, "it contains a control character");
            }
        }
        Ok(Self { name, version, annotations, bytes })
    }

    /// The policy's name, which is the last part of its repository.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The policy's version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The tag that it is published under.
    pub fn tag(&self) -> String {
        format!("v{}", self.version)
    }

    /// The annotations of its metadata, unchanged.
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.annotations
    }

    /// The module itself.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// A path component as the distribution specification has it.
pub(crate) fn is_repository_name(name: &str) -> bool {
    name.len() <= 128
        && name
            .split(['-', '_', '.'])
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// What a version becomes a tag of.
pub(crate) fn is_tag(version: &str) -> bool {
    !version.is_empty()
        && version.len() < 128
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
pub(crate) mod tests {
    use isolation_policy_module::{SECTION, with_section};

    use super::*;

    /// A module of nothing but a section for each text.
    pub(crate) fn module(sections: &[&str]) -> Vec<u8> {
        let empty = b"\0asm\x01\0\0\0".to_vec();
        sections.iter().fold(empty, |module, text| with_section(&module, SECTION, text.as_bytes()))
    }

    const WHOLE: &str = r#"{"rules":[],"mutating":false,"protocolVersion":"v1","annotations":
        {"io.kubewarden.policy.title":"private-images","io.kubewarden.policy.version":"0.1.0"}}"#;

    fn refusal(bytes: Vec<u8>) -> String {
        Module::from_bytes("x.wasm", bytes).unwrap_err().to_string()
    }

    #[test]
    fn takes_name_and_tag_from_the_metadata() {
        let module = Module::from_bytes("x.wasm", module(&[WHOLE])).unwrap();
        assert_eq!((module.name(), module.tag().as_str()), ("private-images", "v0.1.0"));
    }

    #[test]
    fn refuses_what_is_no_module_or_only_a_part_of_one() {
        assert!(refusal(b"hello".to_vec()).contains("is not a complete WebAssembly module"));
        let mut cut = module(&[WHOLE]);
        cut.truncate(cut.len() - 1);
        assert!(refusal(cut).contains("is not a complete WebAssembly module"));
    }

    #[test]
    fn refuses_absent_and_doubled_metadata() {
        assert!(refusal(module(&[])).contains("carries no metadata"));
        assert!(refusal(module(&[WHOLE, WHOLE])).contains("contains metadata 2 times"));
        assert!(refusal(module(&["{"])).contains("cannot be read"));
        assert!(refusal(module(&[&WHOLE.replace("protocolVersion", "p")])).contains("`protocolVersion` is missing"));
    }

    #[test]
    fn refuses_names_and_versions_that_no_registry_takes() {
        for name in ["Private-Images", "private--images", "private/images", "", "-x"] {
            let text = refusal(module(&[&WHOLE.replace("private-images", name)]));
            assert!(text.contains("names the repository"), "{name}: {text}");
        }
        assert!(refusal(module(&[&WHOLE.replace("0.1.0", "0.1.0+a")])).contains("becomes the tag"));
        assert!(
            refusal(module(&[&WHOLE.replace("policy.version", "policy.v")]))
                .contains("lacks `io.kubewarden.policy.version`")
        );
        let tab = WHOLE.replace("\"0.1.0\"", "\"0.1.0\",\"x\":\"a\\tb\"");
        assert!(refusal(module(&[&tab])).contains("control character"));
    }
}
