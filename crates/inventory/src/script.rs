//! A script that brings what is on the internet into the private registry: by `az acr import`, which copies from registry to
//! registry, so that it runs wherever Azure can be reached; for another registry than Azure's by skopeo, which must reach both.
//!
//! <https://learn.microsoft.com/azure/container-registry/container-registry-import-images>

use std::io::Write;

use isolation::image::registry_name;

use crate::error::FormatError;
use crate::image::{Image, Inventory, Reach, Target, repository};
use crate::shell::{comment, word};

/// Writes the script.
pub fn write(inventory: &Inventory, out: &mut dyn Write) -> Result<(), FormatError> {
    let host = inventory.registry.split('/').next().filter(|host| !host.is_empty()).ok_or(FormatError::NoRegistry)?;
    let number = inventory.imports().count();
    let images = if number == 1 { "image" } else { "images" };
    writeln!(out, "#!/bin/sh\n# Imports {number} {images} into {host}, under new names.")?;
    match registry_name(host) {
        Some(_) => out.write_all(AZ.as_bytes())?,
        None => out.write_all(SKOPEO.as_bytes())?,
    }
    for (image, target) in inventory.imports() {
        match registry_name(host) {
            Some(registry) => writeln!(out, "{}", import(registry, image, target))?,
            None => writeln!(out, "{}", copy(image, target))?,
        }
    }
    write_collisions(inventory, out)?;
    let mut open = inventory.open().peekable();
    if open.peek().is_some() {
        writeln!(
            out,
            "\n# No image references, or references whose version is in another field; import these yourself:"
        )?;
        open.try_for_each(|image| writeln!(out, "{}", comment(&image.with_place())))?;
    }
    Ok(writeln!(out, "\nexit $failed")?)
}

/// Names the images that would get another one's name, as comments.
pub(crate) fn write_collisions(inventory: &Inventory, out: &mut dyn Write) -> std::io::Result<()> {
    let (own, others): (Vec<_>, Vec<_>) =
        inventory.collisions().partition(|(.., other)| other.reach == Reach::Registry);
    if !others.is_empty() {
        writeln!(out, "\n# Two images would get one name. Import these under names of their own, and write those:")?;
    }
    for (image, target, other) in others {
        let text = format!("{} (not {}: that is {})", image.name, target.name, other.name);
        writeln!(out, "{}", comment(&text))?;
    }
    if !own.is_empty() {
        writeln!(
            out,
            "\n# In use already. Unless it is the same image, import these under names of their own, and write those:"
        )?;
    }
    for (image, target, _) in own {
        writeln!(out, "{}", comment(&format!("{} (not {})", image.name, target.name)))?;
    }
    Ok(())
}

const AZ: &str = "\
# Docker Hub limits anonymous pulls: add --username and --password, with an access token, where it refuses.
# Existing tags are kept; FORCE=1 overwrites them.
set -u
failed=0
import() {
    az acr import --only-show-errors ${FORCE:+--force} \"$@\" || failed=1
}

";

const SKOPEO: &str = "\
# skopeo has to reach both sides; `skopeo login` stores credentials.
set -u
failed=0
copy() {
    skopeo copy --all \"docker://$1\" \"docker://$2\" || failed=1
}

";

/// The target of an import without the registry: `library/nginx:1.27`.
fn below(target: &Target) -> &str {
    target.name.split_once('/').map_or("", |(_, path)| path)
}

fn import(registry: &str, image: &Image, target: &Target) -> String {
    format!("import --name {} {}", word(registry), import_options(&image.name, below(target)))
}

/// What `az acr import` is told of an image, `HOST/REPOSITORY` with tag or digest or both, that is to be called `path` in the
/// registry. The digest says what is imported, and the tag what it is called then.
pub fn import_options(image: &str, path: &str) -> String {
    let (path, digest) = path.split_once('@').map_or((path, None), |(path, digest)| (path, Some(digest)));
    let is_tagged = |name: &str| name != repository(name);
    let latest = |name: &str| if is_tagged(name) { name.to_owned() } else { format!("{name}:latest") };
    let (source, option, path) = match digest {
        Some(digest) => {
            let option = if is_tagged(path) { "--image" } else { "--repository" };
            (format!("{}@{digest}", repository(image)), option, path.to_owned())
        }
        None => (latest(image), "--image", latest(path)),
    };
    format!("--source {} {option} {}", word(&source), word(&path))
}

fn copy(image: &Image, target: &Target) -> String {
    // skopeo takes a tag or a digest; the digest says what it is.
    let without_tag = |name: &str| match name.split_once('@') {
        Some((name, digest)) => format!("{}@{digest}", repository(name)),
        None => name.to_owned(),
    };
    format!("copy {} {}", word(&without_tag(&image.name)), word(&without_tag(&target.name)))
}
