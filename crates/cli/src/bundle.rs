//! `isolation bundle`: everything in one archive.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use isolation_report::printable;

use crate::args::bundle::Bundle;
use crate::publish::archive;

/// Runs the command.
///
/// # Errors
///
/// A file that cannot be read, a name that is listed twice, an archive that cannot be written.
pub fn run(args: &Bundle) -> Result<()> {
    let mut resources = Vec::new();
    for path in &args.resources {
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        collect(path, &base, &mut Vec::new(), &mut resources)?;
    }
    let mut archive = archive(&args.modules)?;
    for (name, path) in &resources {
        archive.add_resource(name, read(path)?)?;
    }
    for path in &args.sboms {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = read(path)?;
        if !is_sbom(&text) {
            bail!("--sbom {}: it is neither CycloneDX nor SPDX", path.display());
        }
        archive.add_sbom(&name, text)?;
    }
    let digest = archive.write(&args.archive)?;
    let mut out = anstream::stdout().lock();
    for module in archive.modules() {
        writeln!(out, "{} {}", module.name(), module.tag())?;
    }
    for chart in archive.charts() {
        writeln!(out, "{} {}", chart.name(), chart.version())?;
    }
    let contents = [
        (archive.modules().len(), "module"),
        (archive.charts().len(), "chart"),
        (resources.len(), "resource"),
        (args.sboms.len(), "SBOM"),
    ];
    let contents = contents.iter().filter(|(number, _)| *number > 0);
    let contents: Vec<String> =
        contents.map(|(number, what)| format!("{number} {what}{}", if *number == 1 { "" } else { "s" })).collect();
    writeln!(out, "{} {digest}\n{}; check the digest on the other side", args.archive.display(), contents.join(", "))?;
    Ok(())
}

/// Whether a file says of itself that it is a bill of materials: <https://cyclonedx.org/specification/overview/>,
/// <https://spdx.github.io/spdx-spec/>. SPDX is also written as lines, and both as XML.
fn is_sbom(text: &[u8]) -> bool {
    if let Ok(document) = serde_json::from_slice::<serde_json::Value>(text) {
        return ["bomFormat", "spdxVersion", "@context"].iter().any(|key| document.get(key).is_some());
    }
    let text = String::from_utf8_lossy(text);
    let is_xml = text.trim_start().starts_with('<');
    let head = text.trim_start();
    is_xml && ["cyclonedx.org", "spdx.org"].iter().any(|name| head.contains(name))
        || text.lines().any(|line| line.starts_with("SPDXVersion:") || line.starts_with("spdxVersion:"))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The files at and below a path, by their names from `base` on. `above` are the folders that were entered on the way.
fn collect(path: &Path, base: &Path, above: &mut Vec<PathBuf>, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
    let shown = printable(&path.to_string_lossy()).into_owned();
    let cannot = || format!("cannot read {shown}");
    let metadata = std::fs::metadata(path).with_context(cannot)?;
    if metadata.is_dir() {
        let real = path.canonicalize().with_context(cannot)?;
        if above.contains(&real) {
            bail!("{shown} is a link to a folder that it is in. Remove it, or name the files");
        }
        above.push(real);
        let entries = std::fs::read_dir(path).with_context(cannot)?;
        let mut below = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        below.sort();
        below.iter().try_for_each(|path| collect(path, base, above, files))?;
        above.pop();
        return Ok(());
    }
    // Reading a pipe would wait for a writer. One that is named has one: `--resource <(…)`.
    if !metadata.is_file() && !above.is_empty() {
        bail!("{shown} is neither a file nor a folder. Remove it, or name the files");
    }
    let name = path.strip_prefix(base).unwrap_or(path).components();
    let name: Vec<_> = name.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    files.push((name.join("/"), path.to_owned()));
    Ok(())
}
