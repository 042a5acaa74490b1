//! A module as a registry holds it: one layer, an empty configuration, and a manifest around them.
//!
//! Manifest and digest are those of `kwctl push`, so that a digest in a policy does not tell which tool pushed it. Media
//! types and body: <https://docs.kubewarden.io/admission-controller/reference/oci-registries-support>.

use std::collections::BTreeMap;

use bytes::Bytes;
use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::{OciImageManifest, WASM_CONFIG_MEDIA_TYPE, WASM_LAYER_MEDIA_TYPE};
use olpc_cjson::CanonicalFormatter;
use serde::Serialize as _;

use crate::digest::sha256;
use crate::module::Module;

const POLICY_SOURCE: &str = "io.kubewarden.policy.source";
const IMAGE_SOURCE: &str = "org.opencontainers.image.source";

/// One content-addressed piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    pub digest: String,
    pub bytes: Bytes,
}

impl Blob {
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { digest: sha256(&bytes), bytes }
    }
}

/// All that is pushed of one module or chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    pub name: String,
    pub tag: String,
    pub is_module: bool,
    pub manifest: Blob,
    /// What the manifest refers to, in the order in which it is uploaded.
    pub blobs: Vec<Blob>,
}

impl Image {
    pub fn of(module: &Module) -> Self {
        let layer = Blob::new(module.bytes().clone());
        let config = Blob::new(&b"{}"[..]);
        let manifest = OciImageManifest::build(
            &[ImageLayer::new(layer.bytes.clone(), WASM_LAYER_MEDIA_TYPE.to_owned(), None)],
            &Config::new(config.bytes.clone(), WASM_CONFIG_MEDIA_TYPE.to_owned(), None),
            Some(manifest_annotations(module.annotations())),
        );
        Self {
            name: module.name().to_owned(),
            tag: module.tag(),
            is_module: true,
            manifest: Blob::new(canonical(&manifest)),
            blobs: vec![layer, config],
        }
    }
}

/// The digest of a module's manifest in every registry that it is pushed to.
pub fn digest_of(module: &Module) -> String {
    Image::of(module).manifest.digest
}

/// The same bytes for the same manifest, as kwctl's client writes them.
pub(crate) fn canonical(manifest: &OciImageManifest) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, CanonicalFormatter::new());
    // Text and whole numbers, written to memory: nothing of it can fail.
    let _ = manifest.serialize(&mut serializer);
    bytes
}

/// A module's annotations as a manifest carries them: those of one line, trimmed, and the source under the name that
/// registries show.
fn manifest_annotations(annotations: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut kept: BTreeMap<String, String> = annotations
        .iter()
        .filter(|(_, value)| value.lines().count() <= 1)
        .map(|(key, value)| (key.clone(), value.trim().to_owned()))
        .collect();
    if let Some(source) = kept.get(POLICY_SOURCE).cloned() {
        kept.entry(IMAGE_SOURCE.to_owned()).or_insert(source);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::tests::module;

    const METADATA: &str = r#"{"rules":[],"mutating":false,"protocolVersion":"v1","annotations":{
        "io.kubewarden.policy.title":"tiny","io.kubewarden.policy.version":"1.0.0",
        "io.kubewarden.policy.source":"https://example.com/policies",
        "io.kubewarden.policy.description":"one line with its end\n",
        "io.kubewarden.policy.usage":"two\nlines"}}"#;

    #[test]
    fn the_manifest_is_byte_for_byte_what_kwctl_writes() {
        let image = Image::of(&Module::from_bytes("tiny.wasm", module(&[METADATA])).unwrap());
        let layer = &image.blobs[0];
        assert_eq!(
            String::from_utf8_lossy(&image.manifest.bytes),
            format!(
                concat!(
                    r#"{{"annotations":{{"#,
                    r#""io.kubewarden.policy.description":"one line with its end","#,
                    r#""io.kubewarden.policy.source":"https://example.com/policies","#,
                    r#""io.kubewarden.policy.title":"tiny","#,
                    r#""io.kubewarden.policy.version":"1.0.0","#,
                    r#""org.opencontainers.image.source":"https://example.com/policies"}},"#,
                    r#""config":{{"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","#,
                    r#""mediaType":"application/vnd.wasm.config.v1+json","size":2}},"#,
                    r#""layers":[{{"digest":"{}","mediaType":"application/vnd.wasm.content.layer.v1+wasm","size":{}}}],"#,
                    r#""schemaVersion":2}}"#
                ),
                layer.digest,
                layer.bytes.len()
            )
        );
        assert_eq!(image.blobs[1].bytes, "{}");
    }

    #[test]
    fn a_source_of_the_image_itself_stays() {
        let given =
            BTreeMap::from([(POLICY_SOURCE.to_owned(), "a".to_owned()), (IMAGE_SOURCE.to_owned(), "b".to_owned())]);
        assert_eq!(manifest_annotations(&given), given);
    }
}
