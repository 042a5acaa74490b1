//! The custom section of a module that holds the metadata.

use isolation_document::typed;
use serde_json::Value;
use wasm_encoder::{CustomSection, Section};
use wasmparser::{Parser, Payload};

use crate::metadata::Metadata;

/// The name of the section, which policy-server and kwctl look for.
pub const SECTION: &str = "io.kubewarden.metadata";

/// The protocol that our modules answer with when asked for it; a test asks each of them.
const PROTOCOL: &str = "v1";

/// Why the metadata of a module cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SectionError {
    /// The bytes are not a module, or one that is cut off.
    #[error("{0}")]
    NotAModule(String),
    /// The section holds something else.
    #[error("{0}")]
    NotMetadata(String),
}

/// Why metadata could not be put into a module.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EmbedError {
    /// The bytes are not a module.
    #[error("not a WebAssembly module: {0}")]
    NotAModule(String),
    /// The engines read the first section of the name, so that a second one would never be seen.
    #[error("the module already contains metadata; annotate the compiler's output")]
    Annotated,
    /// The metadata cannot be written as JSON.
    #[error("the metadata cannot be written: {0}")]
    Unwritable(String),
}

/// The content of each metadata section. Walks the whole module, so that one which is cut off is noticed.
fn sections(module: &[u8]) -> Result<Vec<&[u8]>, String> {
    if !Parser::is_core_wasm(module) {
        return Err("it does not begin as one".to_owned());
    }
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(|error| error.to_string())? {
            Payload::CustomSection(section) if section.name() == SECTION => found.push(section.data()),
            _ => {}
        }
    }
    Ok(found)
}

impl Metadata {
    /// The metadata in a module's bytes, and how often the module carries some: engines read the first.
    ///
    /// # Errors
    ///
    /// See [`SectionError`].
    pub fn of_module(module: &[u8]) -> Result<Option<(Self, usize)>, SectionError> {
        let sections = sections(module).map_err(SectionError::NotAModule)?;
        let Some(first) = sections.first() else { return Ok(None) };
        let value: Value =
            serde_json::from_slice(first).map_err(|error| SectionError::NotMetadata(format!("not JSON: {error}")))?;
        let metadata = typed(&value).map_err(|problem| SectionError::NotMetadata(problem.to_string()))?;
        Ok(Some((metadata, sections.len())))
    }

    /// The module with this metadata in it.
    ///
    /// # Errors
    ///
    /// See [`EmbedError`].
    pub fn embed(&self, module: &[u8]) -> Result<Vec<u8>, EmbedError> {
        if !sections(module).map_err(EmbedError::NotAModule)?.is_empty() {
            return Err(EmbedError::Annotated);
        }
        let metadata = Metadata { protocol_version: Some(PROTOCOL.to_owned()), ..self.clone() };
        let json = serde_json::to_vec(&metadata).map_err(|error| EmbedError::Unwritable(error.to_string()))?;
        Ok(with_section(module, SECTION, &json))
    }
}

/// A module with one more custom section at its end, which may have any content: [`Metadata::embed`] is for metadata.
pub fn with_section(module: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut longer = module.to_vec();
    CustomSection { name: name.into(), data: content.into() }.append_to(&mut longer);
    longer
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

    fn metadata() -> Metadata {
        Metadata::read(include_str!("../../../policies/private-images/metadata.yml")).unwrap()
    }

    #[test]
    fn what_was_embedded_is_found_again_and_never_twice() {
        let module = metadata().embed(EMPTY).unwrap();
        let (read, times) = Metadata::of_module(&module).unwrap().unwrap();
        assert_eq!((read.protocol_version.as_deref(), times), (Some("v1"), 1));
        assert_eq!(read.rules, metadata().rules);
        assert_eq!(metadata().embed(&module), Err(EmbedError::Annotated));
        let twice = [module.as_slice(), module.strip_prefix(EMPTY).unwrap()].concat();
        assert_eq!(Metadata::of_module(&twice).unwrap().unwrap().1, 2);
    }

    #[test]
    fn what_is_cut_off_is_no_module() {
        let module = metadata().embed(EMPTY).unwrap();
        for bytes in [&module[..module.len() - 1], b"\0asm", b"hello"] {
            assert!(matches!(Metadata::of_module(bytes), Err(SectionError::NotAModule(_))));
            assert!(matches!(metadata().embed(bytes), Err(EmbedError::NotAModule(_))));
        }
        assert_eq!(Metadata::of_module(EMPTY), Ok(None));
    }

    #[test]
    fn metadata_of_other_policies_may_say_less_and_more() {
        let module = |json: &str| {
            let mut content = vec![SECTION.len() as u8];
            content.extend_from_slice(SECTION.as_bytes());
            content.extend_from_slice(json.as_bytes());
            [EMPTY, &[0, u8::try_from(content.len()).unwrap()], &content].concat()
        };
        let (least, _) = Metadata::of_module(&module(r#"{"rules":[],"mutating":false}"#)).unwrap().unwrap();
        assert!(least.annotations.is_empty() && least.background_audit);
        let more = module(r#"{"rules":[],"mutating":true,"annotations":null,"executionMode":"opa","later":1}"#);
        assert!(Metadata::of_module(&more).unwrap().unwrap().0.mutating);
        let said = |json: &str| Metadata::of_module(&module(json)).unwrap_err().to_string();
        assert!(said("{").starts_with("not JSON: "));
        assert_eq!(said(r#"{"rules":[{"apiGroups":7}]}"#), "rules[0].apiGroups: expected a list, found 7");
    }
}
