//! An archive's bytes, believed only once they are checked.

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use bytes::Bytes;
use oci_client::manifest::OciImageManifest;

use super::layout::{
    BLOBS, Descriptor, INDEX, Index, LAYOUT, Layout, RESOURCES, SBOMS, SUMS, VERSION, blob_path, is_path,
};
use super::{Archive, ArchiveError};
use crate::chart::{Chart, LAYER_TYPE};
use crate::digest::{sha256, sha256_hex};
use crate::image::Image;
use crate::module::Module;

/// More than any file of ours, and little enough to hold in memory.
const LARGEST: u64 = 64 * 1024 * 1024;

type Files = BTreeMap<String, Bytes>;

pub(super) fn from_bytes(bytes: &[u8]) -> Result<Archive, ArchiveError> {
    let mut files = unpack(bytes)?;
    check_sums(&files)?;
    check_blobs(&files)?;
    let layout: Layout = json(&files, LAYOUT)?;
    if layout.image_layout_version != VERSION {
        return Err(unusable(LAYOUT, format!("its version is {}", layout.image_layout_version)));
    }
    let index: Index = json(&files, INDEX)?;
    let (mut modules, mut charts) = (Vec::new(), Vec::new());
    for manifest in &index.manifests {
        match artifact(&files, manifest)? {
            Artifact::Module(module) => modules.push(module),
            Artifact::Chart(chart) => charts.push(chart),
        }
    }
    let mut archive = Archive::of(&modules)?;
    charts.into_iter().try_for_each(|chart| archive.add_chart(chart))?;
    files.retain(|path, _| path.starts_with(RESOURCES) || path.starts_with(SBOMS));
    archive.files = files;
    Ok(archive)
}

fn unusable(file: &str, why: impl Into<String>) -> ArchiveError {
    ArchiveError::Unusable { file: file.to_owned(), why: why.into() }
}

/// Each file, with nothing believed but its place.
fn unpack(bytes: &[u8]) -> Result<Files, ArchiveError> {
    match bytes {
        [] => return Err(ArchiveError::Truncated("it is empty".to_owned())),
        [0x1F, 0x8B, ..] => return Err(ArchiveError::Compressed("gzip")),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => return Err(ArchiveError::Compressed("zstd")),
        _ => {}
    }
    let mut files = Files::new();
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().map_err(|error| broken(&error, &files))? {
        let mut entry = entry.map_err(|error| broken(&error, &files))?;
        let path = entry.path().map_err(|error| broken(&error, &files))?.to_string_lossy().into_owned();
        // An archive that was unpacked and packed again has directories, and `./` before names.
        if entry.header().entry_type().is_dir() {
            continue;
        }
        let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
        if !entry.header().entry_type().is_file() || !is_path(&path) {
            return Err(ArchiveError::Foreign(format!("`{path}` in it is not a plain file")));
        }
        if entry.size() > LARGEST {
            return Err(ArchiveError::Foreign(format!("`{path}` in it has {} bytes", entry.size())));
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(|error| broken(&error, &files))?;
        if (content.len() as u64) < entry.size() {
            return Err(ArchiveError::Truncated(format!("`{path}` is cut off")));
        }
        if files.insert(path.clone(), content.into()).is_some() {
            return Err(ArchiveError::Twice(path));
        }
    }
    Ok(files)
}

/// What an error of the reader means: in the first file, that this is no archive; later, that it was damaged.
fn broken(error: &io::Error, before: &Files) -> ArchiveError {
    match (before.last_key_value(), error.kind()) {
        (_, io::ErrorKind::UnexpectedEof) => ArchiveError::Truncated(error.to_string()),
        (None, _) => ArchiveError::Foreign(error.to_string()),
        (Some((last, _)), _) => ArchiveError::Truncated(format!("after `{last}`, {error}")),
    }
}

/// Each line of the checksums has its file, unaltered, and each file its line.
fn check_sums(files: &Files) -> Result<(), ArchiveError> {
    let Some(sums) = files.get(SUMS) else {
        return Err(ArchiveError::Foreign(format!("it holds no {SUMS}")));
    };
    let text = std::str::from_utf8(sums).map_err(|error| unusable(SUMS, error.to_string()))?;
    let mut listed = BTreeMap::new();
    for line in text.lines() {
        let (sum, path) = line.split_once("  ").ok_or_else(|| unusable(SUMS, format!("it holds the line `{line}`")))?;
        listed.insert(path, sum);
    }
    for (path, sum) in &listed {
        let content = files.get(*path).ok_or_else(|| ArchiveError::Lacks((*path).to_owned()))?;
        let actual = sha256_hex(content);
        if actual != *sum {
            return Err(ArchiveError::Altered { file: (*path).to_owned(), expected: (*sum).to_owned(), actual });
        }
    }
    match files.keys().find(|path| *path != SUMS && !listed.contains_key(path.as_str())) {
        Some(path) => Err(ArchiveError::Unlisted(path.clone())),
        None => Ok(()),
    }
}

/// Each blob is what its name says.
fn check_blobs(files: &Files) -> Result<(), ArchiveError> {
    for (path, content) in files {
        let Some(expected) = path.strip_prefix(BLOBS) else { continue };
        let actual = sha256_hex(content);
        if actual != expected {
            return Err(ArchiveError::Altered { file: path.clone(), expected: expected.to_owned(), actual });
        }
    }
    Ok(())
}

fn json<T: serde::de::DeserializeOwned>(files: &Files, path: &str) -> Result<T, ArchiveError> {
    let content = files.get(path).ok_or_else(|| ArchiveError::Lacks(path.to_owned()))?;
    serde_json::from_slice(content).map_err(|error| unusable(path, error.to_string()))
}

enum Artifact {
    Module(Module),
    Chart(Chart),
}

impl Artifact {
    fn image(&self) -> Image {
        match self {
            Self::Module(module) => Image::of(module),
            Self::Chart(chart) => chart.image(),
        }
    }
}

/// The module or chart behind an entry of the index, whose manifest is the very one that pushing it creates.
fn artifact(files: &Files, entry: &Descriptor) -> Result<Artifact, ArchiveError> {
    let path = blob_path(&entry.digest);
    let manifest: OciImageManifest = json(files, &path)?;
    let [layer] = manifest.layers.as_slice() else {
        return Err(unusable(&path, format!("it has {} layers where one is expected", manifest.layers.len())));
    };
    let content = blob(files, &layer.digest)?;
    let artifact = if layer.media_type == LAYER_TYPE {
        let config = blob(files, &manifest.config.digest)?;
        Artifact::Chart(Chart::of(config, content).map_err(|error| unusable(&path, error.to_string()))?)
    } else {
        Artifact::Module(Module::from_bytes(&blob_path(&layer.digest), content)?)
    };
    let image = artifact.image();
    if image.manifest.digest != entry.digest {
        let actual = sha256(&image.manifest.bytes);
        return Err(unusable(&path, format!("pushing its contents would give the manifest {actual}")));
    }
    Ok(artifact)
}

fn blob(files: &Files, digest: &str) -> Result<Bytes, ArchiveError> {
    let path = blob_path(digest);
    files.get(&path).cloned().ok_or(ArchiveError::Lacks(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::tests::module as bytes_of;
    use crate::tarball::tar;

    fn policy(name: &str) -> Module {
        let metadata = format!(
            r#"{{"rules":[],"mutating":false,"protocolVersion":"v1","annotations":{{
                "io.kubewarden.policy.title":"{name}","io.kubewarden.policy.version":"1.0.0"}}}}"#
        );
        Module::from_bytes(name, bytes_of(&[&metadata])).unwrap()
    }

    fn archive() -> Archive {
        let mut archive = Archive::of(&[policy("b"), policy("a")]).unwrap();
        archive.add_resource("protect/policies.yaml", "kind: ClusterAdmissionPolicy\n").unwrap();
        archive.add_sbom("a.cdx.json", "{}").unwrap();
        archive.add_chart(crate::chart::tests::chart()).unwrap();
        archive
    }

    fn refusal(bytes: &[u8]) -> String {
        Archive::from_bytes(bytes).unwrap_err().to_string()
    }

    /// The archive with other files, and checksums that agree with them.
    fn with(change: impl FnOnce(&mut Files)) -> Vec<u8> {
        let mut files = unpack(&archive().to_bytes().unwrap()).unwrap();
        change(&mut files);
        files.remove(SUMS);
        let sums: String = files.iter().map(|(path, content)| format!("{}  {path}\n", sha256_hex(content))).collect();
        files.insert(SUMS.to_owned(), sums.into());
        tar(&files).unwrap()
    }

    #[test]
    fn what_was_written_is_read_again_and_always_the_same() {
        let bytes = archive().to_bytes().unwrap();
        assert_eq!(Archive::from_bytes(&bytes).unwrap(), archive());
        assert_eq!(archive().to_bytes().unwrap(), bytes);
    }

    /// Every place at which a copy can end. The two empty blocks at the end hold nothing.
    #[test]
    fn a_truncated_archive_is_refused() {
        let bytes = archive().to_bytes().unwrap();
        let content = bytes.len() - 1024;
        let padding = bytes[..content].iter().rev().take_while(|byte| **byte == 0).count();
        for end in (0..content - padding).step_by(61).chain((0..content).step_by(512)) {
            let text = refusal(&bytes[..end]);
            assert!(["truncated", "not an archive"].iter().any(|word| text.contains(word)), "{end}: {text}");
        }
    }

    /// A flipped bit anywhere is refused, or was in the padding and changed nothing that is used.
    #[test]
    fn an_altered_archive_is_refused() {
        let bytes = archive().to_bytes().unwrap();
        for place in (0..bytes.len()).step_by(7) {
            let mut altered = bytes.clone();
            altered[place] ^= 1;
            if let Ok(read) = Archive::from_bytes(&altered) {
                assert_eq!(read, archive(), "byte {place}");
            }
        }
    }

    #[test]
    fn an_altered_file_is_named_with_both_checksums() {
        let mut bytes = archive().to_bytes().unwrap();
        let place = bytes.windows(4).rposition(|window| window == b"kind").unwrap();
        bytes[place] = b'K';
        let text = refusal(&bytes);
        assert!(text.contains("`resources/protect/policies.yaml` in it was altered"), "{text}");
    }

    #[test]
    fn checksums_that_were_altered_too_do_not_help() {
        let swapped = with(|files| {
            let blob = files.keys().find(|path| path.starts_with(BLOBS)).unwrap().clone();
            files.insert(blob, Bytes::from_static(b"other"));
        });
        assert!(refusal(&swapped).contains("was altered"));
        let removed = with(|files| drop(files.remove(INDEX)));
        assert!(refusal(&removed).contains("lacks `index.json`"));
    }

    #[test]
    fn what_nobody_listed_is_not_accepted() {
        let mut files = unpack(&archive().to_bytes().unwrap()).unwrap();
        files.insert("resources/extra.yaml".to_owned(), Bytes::from_static(b"x"));
        assert!(refusal(&tar(&files).unwrap()).contains("`resources/extra.yaml`, which its SHA256SUMS do not list"));
    }

    #[test]
    fn other_files_are_told_from_archives() {
        assert!(refusal(b"\x1F\x8B\x08").contains("gzip -d"));
        assert!(refusal(&[7; 2048]).contains("not an archive"));
        assert!(refusal(b"").contains("empty"));
        assert!(refusal(&tar(&Files::from([("a".to_owned(), Bytes::new())])).unwrap()).contains("no SHA256SUMS"));
    }

    #[test]
    fn paths_that_leave_the_archive_are_refused() {
        for name in ["../x", "/x", "a//b", "", "a b", "a/./b", &"x".repeat(100)] {
            assert!(archive().add_resource(name, "").is_err(), "{name}");
        }
        assert!(archive().add_sbom("a.cdx.json", "").unwrap_err().to_string().contains("twice"));
        assert!(Archive::of(&[policy("a"), policy("a")]).is_err());
        assert!(archive().add_chart(crate::chart::tests::chart()).unwrap_err().to_string().contains("twice"));
    }

    /// As after `tar -xf` and `tar -cf … .`.
    #[test]
    fn an_archive_that_was_unpacked_and_packed_again_is_read() {
        let files = unpack(&archive().to_bytes().unwrap()).unwrap();
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_size(0);
        builder.append_data(&mut header, "./", io::empty()).unwrap();
        for (path, content) in files.iter().rev() {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mtime(1_700_000_000);
            builder.append_data(&mut header, format!("./{path}"), content.as_ref()).unwrap();
        }
        assert_eq!(Archive::from_bytes(&builder.into_inner().unwrap()).unwrap(), archive());
    }
}
