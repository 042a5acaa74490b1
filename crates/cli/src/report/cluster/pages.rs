//! Pages of objects in a file: compressed, one a line, to be read as often as somebody asks.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// The longest line: a list of objects that the tree of a document can count.
const MAX_LINE: u64 = 256 << 20;

/// Pages in a file.
#[derive(Debug)]
pub struct Pages {
    /// What it is called.
    name: String,
    file: File,
    /// Whether the first line is none of them.
    has_head: bool,
}

impl Pages {
    /// None yet, in a file without a name, which is gone when nobody reads it any more. Only this program may read it.
    pub fn new() -> Result<Self> {
        let name = format!("a temporary file in {}", std::env::temp_dir().display());
        let file = tempfile::tempfile().with_context(|| format!("cannot write {name}"))?;
        Ok(Pages { name, file, has_head: false })
    }

    /// Those of a dump, and its first line.
    pub fn open(path: &Path) -> Result<(String, Self)> {
        let name = path.display().to_string();
        let failed = || format!("cannot read {name}");
        let mut file = File::open(path).with_context(failed)?;
        if !file.metadata().with_context(failed)?.is_file() {
            // What comes out of a pipe can be read only once.
            let copy = Pages::new()?.file;
            io::copy(&mut file, &mut &copy).with_context(failed)?;
            file = copy;
        }
        let mut pages = Pages { name, file, has_head: false };
        let head = pages.lines()?.next()?.unwrap_or_default();
        pages.has_head = true;
        Ok((head, pages))
    }

    /// Adds a page. Each is compressed for itself, so that the file can end with any of them.
    pub fn add(&mut self, page: &str) -> Result<()> {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        writeln!(out, "{page}").and_then(|()| self.file.write_all(&out.finish()?)).with_context(|| self.failed())
    }

    /// Where the next page will begin.
    pub fn end(&mut self) -> Result<u64> {
        self.file.stream_position().with_context(|| self.failed())
    }

    /// Takes away the pages that begin here and behind it.
    pub fn truncate(&mut self, end: u64) -> Result<()> {
        let cut = self.file.set_len(end).and_then(|()| self.file.seek(SeekFrom::Start(end)));
        cut.map(drop).with_context(|| self.failed())
    }

    fn failed(&self) -> String {
        format!("cannot write {}", self.name)
    }

    /// Copies the compressed pages.
    pub fn copy(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut file = &self.file;
        file.rewind()?;
        io::copy(&mut file, out).map(drop)
    }

    /// The pages, from the first one on.
    pub fn lines(&self) -> Result<Lines<'_>> {
        let name = self.name.as_str();
        (&self.file).rewind().with_context(|| format!("cannot read {name}"))?;
        let mut file = BufReader::new(&self.file);
        // Where nothing could be read of a cluster, there is no page. To the decoder, that is a file that was cut off.
        let is_empty = file.fill_buf().with_context(|| format!("cannot read {name}"))?.is_empty();
        let read = (!is_empty).then(|| BufReader::new(MultiGzDecoder::new(file)));
        let mut lines = Lines { name, read };
        if self.has_head {
            lines.next()?;
        }
        Ok(lines)
    }
}

/// The lines of a file, one after another.
#[derive(Debug)]
pub struct Lines<'p> {
    name: &'p str,
    /// None of an empty file.
    read: Option<BufReader<MultiGzDecoder<BufReader<&'p File>>>>,
}

impl Lines<'_> {
    /// The next line, with what ends it; none where there are no more.
    pub fn next(&mut self) -> Result<Option<String>> {
        let name = self.name;
        let mut line = String::new();
        let Some(read) = &mut self.read else { return Ok(None) };
        let read = read.take(MAX_LINE + 1).read_line(&mut line);
        let read = read.with_context(|| format!("cannot read {name}"))?;
        if read as u64 > MAX_LINE {
            bail!("{name}: a line is longer than 256 MiB, so it is not a dump of isolation's");
        }
        Ok((read > 0).then_some(line))
    }
}
