//! How an archive is laid out, and its bytes.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use super::Archive;
use crate::digest::sha256_hex;
use crate::image::Image;
use crate::tarball::tar;

pub(super) const SUMS: &str = "SHA256SUMS";
pub(super) const INDEX: &str = "index.json";
pub(super) const LAYOUT: &str = "oci-layout";
pub(super) const BLOBS: &str = "blobs/sha256/";
pub(super) const RESOURCES: &str = "resources/";
pub(super) const SBOMS: &str = "sboms/";
pub(super) const VERSION: &str = "1.0.0";
pub(super) const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";
const REFERENCE: &str = "org.opencontainers.image.ref.name";

/// `oci-layout`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Layout {
    pub image_layout_version: String,
}

/// `index.json`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index {
    pub schema_version: u8,
    pub media_type: String,
    pub manifests: Vec<Descriptor>,
}

/// A manifest, and what skopeo and oras call it.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub media_type: String,
    pub digest: String,
    pub size: usize,
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    pub fn of(image: &Image) -> Self {
        Self {
            media_type: MANIFEST_TYPE.to_owned(),
            digest: image.manifest.digest.clone(),
            size: image.manifest.bytes.len(),
            annotations: BTreeMap::from([(REFERENCE.to_owned(), format!("{}:{}", image.name, image.tag))]),
        }
    }
}

/// Where a blob is.
pub(super) fn blob_path(digest: &str) -> String {
    format!("{BLOBS}{}", digest.strip_prefix("sha256:").unwrap_or(digest))
}

/// Whether a path is plain, relative and short enough for every reader of tar archives.
pub(super) fn is_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    path.len() < 100
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && part.bytes().all(plain))
}

/// The archive's bytes: files in the order of their paths, without times, owners or anything else of the machine.
pub(super) fn to_bytes(archive: &Archive) -> io::Result<Vec<u8>> {
    let mut files = archive.files.clone();
    let mut manifests = Vec::new();
    for image in archive.images() {
        manifests.push(Descriptor::of(&image));
        for blob in image.blobs.into_iter().chain([image.manifest]) {
            files.insert(blob_path(&blob.digest), blob.bytes);
        }
    }
    let index = Index { schema_version: 2, media_type: INDEX_TYPE.to_owned(), manifests };
    files.insert(INDEX.to_owned(), serde_json::to_vec(&index)?.into());
    let layout = Layout { image_layout_version: VERSION.to_owned() };
    files.insert(LAYOUT.to_owned(), serde_json::to_vec(&layout)?.into());
    let sums = files.iter().map(|(path, content)| format!("{}  {path}\n", sha256_hex(content))).collect::<String>();
    files.insert(SUMS.to_owned(), sums.into());
    tar(&files)
}
