//! `isolation-papers`: writes every generated file, and removes those that nothing generates any more.

use anyhow::{Context, Result};
use isolation_hub::{leftovers, papers, root};

fn main() -> Result<()> {
    let papers = papers()?;
    for path in leftovers(&papers)? {
        std::fs::remove_file(root().join(&path)).with_context(|| format!("cannot remove {}", path.display()))?;
        println!("removed {}", path.display());
    }
    for paper in &papers {
        let path = root().join(&paper.path);
        if std::fs::read_to_string(&path).is_ok_and(|text| text == paper.text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&path, &paper.text).with_context(|| format!("cannot write {}", paper.path))?;
        println!("wrote {}", paper.path);
    }
    println!("{} papers are current", papers.len());
    Ok(())
}
