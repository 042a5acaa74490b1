//! `isolation-generate`: writes every generated file, and removes those that nothing generates any more.

use anyhow::{Context, Result};
use isolation_generate::{leftovers, files, root};

fn main() -> Result<()> {
    let files = files()?;
    for path in leftovers(&files)? {
        std::fs::remove_file(root().join(&path)).with_context(|| format!("cannot remove {}", path.display()))?;
        println!("removed {}", path.display());
    }
    for file in &files {
        let path = root().join(&file.path);
        if std::fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&path, &file.text).with_context(|| format!("cannot write {}", file.path))?;
        println!("wrote {}", file.path);
    }
    println!("{} files are current", files.len());
    Ok(())
}
