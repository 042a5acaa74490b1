//! A dump: what was read of a cluster, in one compressed file, to be judged later or elsewhere.
//!
//! Each line is a list of objects in JSON, so that `zcat FILE | isolation check -` reads the same objects. The first has no items and
//! says what the others do not: when and from where, what could not be read, and what az printed.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use isolation_document::typed;
use isolation_readiness::NotSeen;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::pages::Pages;
use crate::replace::unfinished;

/// The format's version. It changes when a program that reads it would have to.
const VERSION: u32 = 1;

/// What the first line says.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dump {
    version: u32,
    /// The context that it was made from.
    pub context: String,
    /// When, by RFC 3339.
    pub created: String,
    /// What could not be read.
    pub not_seen: Vec<NotSeen>,
    /// What az printed: the part that it was given for, and the text.
    pub azure: Vec<(String, String)>,
}

/// Whether a path is a dump.
pub fn is_dump(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"))
}

impl Dump {
    pub fn new(context: String, created: String, not_seen: Vec<NotSeen>, azure: Vec<(String, String)>) -> Self {
        Dump { version: VERSION, context, created, not_seen, azure }
    }

    /// Writes the file with these pages, whole or not at all. Only its owner may read it.
    pub fn write(&self, path: &Path, pages: &Pages) -> Result<()> {
        let failed = || format!("cannot write {}", path.display());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // The temporary file that cannot be made there is nothing that anybody named.
        if !folder.is_dir() {
            bail!("cannot write {}: there is no folder {}", path.display(), folder.display());
        }
        let mut file = unfinished(folder, &mut tempfile::Builder::new()).with_context(failed)?;
        {
            let mut out = GzEncoder::new(BufWriter::new(file.as_file_mut()), Compression::default());
            let head = json!({"apiVersion": "v1", "kind": "List", "items": [], "isolation": self});
            writeln!(out, "{head}").with_context(failed)?;
            // Compressed files may follow one another in one: RFC 1952.
            let written = out.finish().and_then(|mut out| pages.copy(&mut out).and_then(|()| out.flush()));
            written.with_context(failed)?;
        }
        file.persist(path).with_context(failed)?;
        Ok(())
    }

    /// Reads the first line of a file.
    pub fn read(path: &Path) -> Result<(Self, Pages)> {
        let name = path.display();
        let (first, pages) = Pages::open(path)?;
        let head: Option<Value> = serde_json::from_str(&first).ok();
        let Some(head) = head.as_ref().and_then(|head| head.get("isolation")) else {
            bail!("{name} is not a dump that `isolation report --save` wrote; unpack it to read manifests");
        };
        let dump: Dump =
            typed(head).map_err(|problem| anyhow!("{name}: its first line cannot be read: isolation: {problem}"))?;
        if dump.version != VERSION {
            bail!("{name} is a dump of version {}, and this program reads version {VERSION}", dump.version);
        }
        Ok((dump, pages))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.json.gz");
        let unseen = NotSeen { what: "a".to_owned(), help: String::new(), decides: true };
        let azure = vec![("aks".to_owned(), "{}".to_owned())];
        let texts = ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"];
        let mut pages = Pages::new().unwrap();
        pages.add(texts[0]).unwrap();
        let end = pages.end().unwrap();
        pages.add("what has expired").unwrap();
        pages.truncate(end).unwrap();
        texts[1..].iter().for_each(|text| pages.add(text).unwrap());
        let dump = Dump::new("shop".into(), "now".into(), vec![unseen.clone()], azure.clone());
        dump.write(&path, &pages).unwrap();
        let (read, pages) = Dump::read(&path).unwrap();
        assert_eq!((read.context.as_str(), read.not_seen, read.azure), ("shop", vec![unseen], azure));
        for _ in 0..2 {
            let mut lines = pages.lines().unwrap();
            for text in texts {
                assert_eq!(lines.next().unwrap().as_deref().map(str::trim), Some(text));
            }
            assert_eq!(lines.next().unwrap(), None);
        }
        std::fs::write(&path, "no gzip").unwrap();
        assert!(Dump::read(&path).is_err());
        std::fs::write(&path, "").unwrap();
        assert!(Dump::read(&path).unwrap_err().to_string().contains("is not a dump"));
    }

    #[test]
    fn a_cluster_of_which_nothing_could_be_read_has_no_pages() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none.json.gz");
        let pages = Pages::new().unwrap();
        assert_eq!(pages.lines().unwrap().next().unwrap(), None);
        Dump::new("shop".into(), String::new(), Vec::new(), Vec::new()).write(&path, &pages).unwrap();
        assert_eq!(Dump::read(&path).unwrap().1.lines().unwrap().next().unwrap(), None);
    }
}
