//! Archives for `publish --from`: whatever is in them, they are read or refused; nothing that was read has a name that a registry
//! would not take, or that leads elsewhere; what was read is written, and read, as the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use anyhow::{Result, ensure};
use isolation_oci::{Archive, Chart, Module};
use isolation_policy_module::{SECTION, with_section};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::mutate;
use crate::random::Random;
use crate::target::Target;

/// The bytes of an archive, or of a module.
pub const TARGET: Target = Target { name: "archives", check, change, seeds, longest: 65536 };

/// What is in an archive: path, content, kind of entry.
type Entry = (String, Vec<u8>, u8);

fn check(data: &[u8]) -> Result<()> {
    if let Ok(module) = Module::from_bytes("fuzz.wasm", data.to_vec()) {
        named(module.name(), &module.tag())?;
    }
    let Ok(archive) = Archive::from_bytes(data) else { return Ok(()) };
    for module in archive.modules() {
        named(module.name(), &module.tag())?;
    }
    for chart in archive.charts() {
        named(chart.name(), chart.version())?;
    }
    for (path, _) in archive.files() {
        let plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        ensure!(plain && (path.starts_with("resources/") || path.starts_with("sboms/")), "a file is {path:?}");
    }
    let bytes = archive.to_bytes()?;
    ensure!(Archive::from_bytes(&bytes)? == archive, "what is written is read as something else");
    Ok(())
}

/// What a repository and a tag may be called, by the OCI's distribution specification.
fn named(name: &str, tag: &str) -> Result<()> {
    let letters = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    let repository = letters(name, "._-") && name == name.to_ascii_lowercase() && name.len() <= 128;
    let edges =
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.ends_with(|c: char| c.is_ascii_alphanumeric());
    ensure!(repository && edges, "a repository is called {name:?}");
    ensure!(letters(tag, "._-") && tag.len() <= 128 && !tag.starts_with(['.', '-']), "a tag is called {tag:?}");
    Ok(())
}

/// Changes what is in an archive, and makes most checksums right again: bytes that were changed at random are found out at
/// once, and what comes behind that check would never be reached.
fn change(data: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut entries = unpacked(data)?;
    for _ in 0..=random.below(2) {
        let number = random.below(entries.len());
        let (path, content, kind) = entries.get_mut(number)?;
        match random.below(12) {
            0 => *path = mutate::text(path, random)?.chars().take(99).filter(|c| *c != '\0').collect(),
            1 => *kind = *random.one_of(b"0123567gxLS"),
            2 => {
                let copy = (format!("{path}x"), content.clone(), *kind);
                entries.push(copy);
            }
            3 => drop(entries.remove(number)),
            4 => *path = format!("{}{path}", random.one_of(&["./", "../", "/", "resources/", "sboms/", "x/"])),
            5 => *content = mutate::bytes(&String::from_utf8_lossy(content), random),
            _ => match std::str::from_utf8(content).ok().and_then(|text| mutate::json(text, random)) {
                Some(other) => *content = other.into_bytes(),
                None => {
                    let at = random.below(content.len());
                    let byte = content.get_mut(at)?;
                    *byte = random.number().to_le_bytes()[0];
                }
            },
        }
    }
    if random.below(8) > 0 {
        mend(&mut entries, random.below(8) > 0);
    }
    packed(&entries)
}

fn unpacked(data: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in tar::Archive::new(data).entries().ok()? {
        let mut entry = entry.ok()?;
        let path = entry.path().ok()?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.by_ref().take(1 << 20).read_to_end(&mut content).ok()?;
        entries.push((path, content, entry.header().entry_type().as_byte()));
    }
    (!entries.is_empty()).then_some(entries)
}

fn packed(entries: &[Entry]) -> Option<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content, kind) in entries {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::new(*kind));
        let name = path.as_bytes();
        // As it is: what a path may not be is for the reader to say.
        if let Some(room) = header.as_old_mut().name.get_mut(..name.len().min(100)) {
            room.copy_from_slice(name.get(..room.len())?);
        }
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_cksum();
        builder.append(&header, content.as_slice()).ok()?;
    }
    builder.into_inner().ok()
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Names each blob by what is in it, wherever it is named, and writes the checksums anew.
fn mend(entries: &mut [Entry], blobs: bool) {
    // Manifests name layers, and the index names manifests: twice over is enough.
    for _ in 0..if blobs { 3 } else { 0 } {
        let renamed: Vec<(String, String)> = entries
            .iter()
            .filter_map(|(path, content, _)| Some((path.strip_prefix("blobs/sha256/")?.to_owned(), digest(content))))
            .filter(|(old, new)| old != new && !old.is_empty())
            .collect();
        for (path, content, _) in entries.iter_mut() {
            for (old, new) in &renamed {
                *path = path.replace(old.as_str(), new);
                if let Ok(text) = std::str::from_utf8(content)
                    && text.contains(old.as_str())
                {
                    *content = text.replace(old.as_str(), new).into_bytes();
                }
            }
        }
    }
    let sums = entries
        .iter()
        .filter(|(path, _, kind)| path != "SHA256SUMS" && *kind == b'0')
        .map(|(path, content, _)| format!("{}  {}\n", digest(content), path.trim_start_matches("./")))
        .collect::<String>();
    if let Some((_, content, _)) = entries.iter_mut().find(|(path, ..)| path == "SHA256SUMS") {
        *content = sums.into_bytes();
    }
}

/// A module of nothing but its metadata.
fn module(name: &str, version: &str) -> Vec<u8> {
    let metadata = json!({
        "rules": [], "mutating": false, "protocolVersion": "v1",
        "annotations": {"io.kubewarden.policy.title": name, "io.kubewarden.policy.version": version, "a": "b"},
    });
    with_section(b"\0asm\x01\0\0\0", SECTION, metadata.to_string().as_bytes())
}

fn seeds() -> Result<Vec<Vec<u8>>> {
    let modules = [module("private-images", "0.1.0"), module("private-storage", "1.2.3-rc.1")];
    let read: Vec<Module> =
        modules.iter().map(|bytes| Module::from_bytes("a.wasm", bytes.clone())).collect::<Result<_, _>>()?;
    let mut archive = Archive::of(&read)?;
    let one = Archive::of(&read[..1])?.to_bytes()?;
    let files = BTreeMap::from([("Chart.yaml", "name: c\n".to_owned()), ("templates/a.yaml", "a: b\n".to_owned())]);
    archive.add_chart(Chart::package(
        br#"{"apiVersion":"v2","name":"c","version":"1.0.0","sources":["https://a"]}"#,
        &files,
    )?)?;
    archive.add_resource("protect/policies.yaml", "kind: Policy\n")?;
    archive.add_sbom("private-images.cdx.json", "{}")?;
    let whole = archive.to_bytes()?;
    let compressed = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
    Ok(modules.into_iter().chain([one, whole, compressed.to_vec(), b"{}".to_vec()]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_archives_get_past_the_checksums() {
        let whole = seeds().unwrap().remove(3);
        let mut reached = 0;
        for seed in 0..400 {
            let other = change(&whole, &mut Random::new(seed)).unwrap_or_default();
            let error = Archive::from_bytes(&other).err().map(|error| error.to_string()).unwrap_or_default();
            reached += usize::from(
                !["altered", "SHA256SUMS", "truncated", "plain file"].iter().any(|word| error.contains(word)),
            );
        }
        assert!(reached > 100, "{reached}");
    }
}
