//! A dump: what was read of a cluster, in one compressed file, to be judged later or elsewhere.
//!
//! Each line is a list of objects in JSON, so that `zcat FILE | isolation check -` reads the same objects. The first has no items and
//! says what the others do not: when and from where, what could not be read, and what az printed.

use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use isolation_readiness::NotSeen;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The version of the form. It changes when a program that reads it would have to.
const VERSION: u32 = 1;

/// The longest line: a list of objects that the tree of a document can count.
const MAX_LINE: u64 = 256 << 20;

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
    /// The lists.
    #[serde(skip)]
    pub pages: Vec<String>,
}

/// Whether a path is a dump.
pub fn is_dump(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"))
}

impl Dump {
    pub fn new(
        context: String,
        created: String,
        not_seen: Vec<NotSeen>,
        azure: Vec<(String, String)>,
        pages: Vec<String>,
    ) -> Self {
        Dump { version: VERSION, context, created, not_seen, azure, pages }
    }

    /// Writes the file, whole or not at all. Only its owner may read it.
    pub fn write(&self, path: &Path) -> Result<()> {
        let failed = || format!("cannot write {}", path.display());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".isolation-").tempfile_in(folder).with_context(failed)?;
        {
            let mut out = GzEncoder::new(BufWriter::new(file.as_file_mut()), Compression::default());
            let head = json!({"apiVersion": "v1", "kind": "List", "items": [], "isolation": self});
            writeln!(out, "{head}").with_context(failed)?;
            for page in &self.pages {
                writeln!(out, "{page}").with_context(failed)?;
            }
            out.finish().and_then(|mut out| out.flush()).with_context(failed)?;
        }
        file.persist(path).with_context(failed)?;
        Ok(())
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display();
        let file = std::fs::File::open(path).with_context(|| format!("cannot read {name}"))?;
        let mut lines = BufReader::new(MultiGzDecoder::new(BufReader::new(file)));
        let mut next = || -> Result<Option<String>> {
            let mut line = String::new();
            let read =
                (&mut lines).take(MAX_LINE + 1).read_line(&mut line).with_context(|| format!("cannot read {name}"))?;
            if read as u64 > MAX_LINE {
                bail!("{name}: a line is longer than 256 MiB, so it is not a dump of isolation's");
            }
            Ok((read > 0).then_some(line))
        };
        let first = next()?.unwrap_or_default();
        let head: Option<Value> = serde_json::from_str(&first).ok();
        let Some(head) = head.as_ref().and_then(|head| head.get("isolation")) else {
            bail!("{name} is not a dump that `isolation report --save` wrote; unpack it to read manifests");
        };
        let mut dump: Dump =
            serde_json::from_value(head.clone()).with_context(|| format!("{name}: its first line cannot be read"))?;
        if dump.version != VERSION {
            bail!("{name} is a dump of version {}, and this program reads version {VERSION}", dump.version);
        }
        while let Some(line) = next()? {
            dump.pages.push(line);
        }
        Ok(dump)
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
        let page = r#"{"apiVersion":"v1","kind":"PodList","items":[]}"#.to_owned();
        let azure = vec![("aks".to_owned(), "{}".to_owned())];
        Dump::new("shop".into(), "now".into(), vec![unseen.clone()], azure.clone(), vec![page.clone()])
            .write(&path)
            .unwrap();
        let read = Dump::read(&path).unwrap();
        assert_eq!((read.context.as_str(), read.not_seen, read.azure), ("shop", vec![unseen], azure));
        assert_eq!(read.pages.iter().map(|line| line.trim()).collect::<Vec<_>>(), [page]);
        std::fs::write(&path, "no gzip").unwrap();
        assert!(Dump::read(&path).is_err());
    }
}
