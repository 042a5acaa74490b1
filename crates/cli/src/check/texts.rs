//! The texts to check: of files and standard input, and rendered from folders. A file is opened when it is its turn, so that more
//! can be checked than memory holds.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use isolation_all_policies::POLICIES;
use isolation_azure::{Parameters, is_of_azure_text};
use isolation_manifest::{Encoding, decode, foreign};
use isolation_render::{Folder, Options};
use isolation_report::{NotEvaluated, Note, Skipped, Source};
use rayon::prelude::*;

use super::beside::{Beside, beside};
use super::configuration::meant_policy;
use super::input::{File, Read};
use super::programs;
use super::walk::{Found, Walk, ignored_templates};

/// What standard input is called.
pub const STDIN: &str = "<stdin>";

/// How large a file may be that is read as a whole: the limit of a document's tree.
const AT_ONCE: u64 = 256 << 20;

/// How large one may be that is read in parts: places are counted in 32 bits.
const LARGEST: u64 = u32::MAX as u64;

/// Reads every path; where nothing is read, that is a fault, unless it may be so.
///
/// # Errors
///
/// An option for charts, of which there is none.
pub fn find(paths: &[PathBuf], walk: &Walk<'_>, options: &Options, may_be_empty: bool) -> Result<Read> {
    let texts = Texts::find(paths, walk, options);
    check_chart_options(options, texts.has_chart)?;
    Ok(texts.read_something(paths, may_be_empty))
}

/// What an option says of charts where no chart could use it: it is misspelt, or the path is.
///
/// # Errors
///
/// The first such option.
pub fn check_chart_options(options: &Options, has_chart: bool) -> Result<()> {
    if has_chart {
        return Ok(());
    }
    if let Some(value) = options.set.first() {
        let names: Vec<&str> = POLICIES.iter().map(|entry| entry.name).collect();
        let meant = meant_policy(value);
        let names = names.join(", ");
        bail!("--set {value}: it names no policy, and no rendered chart could use it{meant} (policies: {names})");
    }
    if let Some(file) = options.values.first() {
        bail!("--values {}: no chart is rendered that could use it", file.display());
    }
    let api = options.api_versions.first().map(|api| ("--api-versions", api));
    if let Some((option, value)) = api.or_else(|| Some(("--kube-version", options.kube_version.as_ref()?))) {
        bail!("{option} {value}: no chart is rendered that could use it");
    }
    if options.is_upgrade {
        bail!("--is-upgrade: no chart is rendered that could use it");
    }
    Ok(())
}

/// A check that passes because it read nothing is useless.
pub fn nothing(paths: &[PathBuf], skipped: usize) -> NotEvaluated {
    let piped = paths.iter().any(|path| path.as_os_str() == "-");
    let what = match (piped, skipped) {
        (true, _) => "nothing was read: standard input is empty, or has no document".to_owned(),
        (false, 0) => "nothing was read: the paths contain no manifest".to_owned(),
        (false, 1) => "nothing was read: the only possible manifest was skipped (-v lists it)".to_owned(),
        (false, number) => {
            format!("nothing was read: all {number} possible manifests were skipped (-v lists them)")
        }
    };
    let help = if piped {
        "Check whether the command before the pipe failed; --allow-empty accepts it"
    } else {
        "Name other files; --allow-empty accepts it"
    };
    NotEvaluated { place: None, subject: String::new(), what, help: help.to_owned() }
}

/// All texts to read, in their order.
#[derive(Debug, Default)]
pub struct Texts {
    texts: Vec<Text>,
    /// What could not be read, and is said before what becomes of the files.
    pub faults: Vec<NotEvaluated>,
    /// What could not be rendered.
    pub not_rendered: Vec<NotEvaluated>,
    /// Notes on what was read already.
    pub notes: Vec<Note>,
    /// What could have been meant and is not read.
    pub skipped: Vec<Skipped>,
    /// Whether there is a chart to render, be it one that helm refuses.
    pub has_chart: bool,
    /// Files of parameters, and templates of others, beside those that are named.
    beside: Parameters,
}

/// A text.
#[derive(Debug)]
pub enum Text {
    /// Standard input.
    Piped(Arc<Source>),
    /// What a file holds, and of about how many bytes.
    File(PathBuf, u64),
    /// What came out of a pipe that a path names. It can be read only once.
    Drained(PathBuf, Box<Result<(Arc<Source>, Encoding), NotEvaluated>>),
    /// What was rendered.
    Rendered(Arc<Source>, Folder),
}

impl Text {
    fn bytes(&self) -> u64 {
        match self {
            Text::Piped(source) | Text::Rendered(source, _) => source.text.len() as u64,
            Text::Drained(_, read) => read.as_ref().as_ref().map_or(0, |(source, _)| source.text.len() as u64),
            Text::File(_, bytes) => *bytes,
        }
    }

    fn of(path: PathBuf) -> Self {
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => Text::File(path, metadata.len()),
            _ => {
                let read = Box::new(source(&path, LARGEST));
                Text::Drained(path, read)
            }
        }
    }
}

impl Texts {
    /// Finds what the paths name, reads standard input, and renders charts and kustomizations.
    pub fn find(paths: &[PathBuf], walk: &Walk<'_>, options: &Options) -> Self {
        let mut found = Texts::default();
        if paths.iter().any(|path| path.as_os_str() == "-") {
            let mut bytes = Vec::new();
            let end = std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes).map(|_| bytes);
            match end.map_err(|error| error.to_string()).and_then(|bytes| bounded(bytes, LARGEST)) {
                Ok(bytes) => {
                    let (text, encoding) = decode(bytes);
                    found.notes.extend(note_on(STDIN, encoding));
                    found.texts.push(Text::Piped(Arc::new(Source::new(STDIN, text))));
                }
                Err(why) => found.faults.push(unreadable(STDIN, &why)),
            }
        }
        let Found {
            files,
            folders,
            rendered: plain,
            templates: of_charts,
            programs,
            skipped,
            unreadable: paths_without_text,
        } = walk.find(paths.iter().map(PathBuf::as_path).filter(|path| path.as_os_str() != "-"));
        found.skipped = skipped;
        found.notes.extend(programs::notes(&programs));
        found.has_chart = folders.iter().any(|folder| matches!(folder, Folder::Chart(_)));
        for (path, why) in paths_without_text {
            found.faults.push(unreadable(&path.display().to_string(), &why));
        }
        let Beside { parameters, templates } = beside(paths, &files, walk.exclude);
        found.beside = parameters;
        found.texts.par_extend(files.into_par_iter().chain(templates).map(Text::of));
        let rendered: Vec<_> = folders.into_par_iter().map(|folder| (folder.render(options), folder)).collect();
        for (text, folder) in rendered {
            if let (Ok(text), Folder::Chart(chart)) = (&text, &folder) {
                let printed = isolation_render::printed(chart, text);
                let own = |file: &&PathBuf| file.starts_with(chart) && !printed.contains(*file);
                found.texts.extend(plain.iter().filter(own).cloned().map(Text::of));
                found.skipped.extend(ignored_templates(chart, &of_charts, &printed));
            }
            match text {
                Ok(text) => found.texts.push(Text::Rendered(Arc::new(Source::new(folder.name(), text)), folder)),
                Err(failure) => found.not_rendered.push(NotEvaluated {
                    place: None,
                    subject: folder.name(),
                    what: format!("cannot render {}: {failure}", folder.name()),
                    help: failure.help().to_owned(),
                }),
            }
        }
        found
    }

    /// How many bytes there are.
    pub fn bytes(&self) -> u64 {
        self.texts.iter().map(Text::bytes).sum()
    }

    /// The texts in parts of at most so many bytes, or of a single text.
    fn parts(&self, bytes: u64) -> Vec<&[Text]> {
        let mut sum = self.texts.first().map_or(0, Text::bytes);
        let fits = |_: &Text, next: &Text| {
            let size = next.bytes();
            let fits = sum + size <= bytes;
            sum = if fits { sum + size } else { size };
            fits
        };
        self.texts.chunk_by(fits).collect()
    }

    /// Reads all texts in parts of at most so many bytes, but of one document at least.
    pub fn read_in_parts(
        &self,
        bytes: u64,
        parameters: &Arc<Parameters>,
        act: &mut dyn FnMut(Read) -> Result<()>,
    ) -> Result<()> {
        for (index, texts) in self.parts(bytes).into_iter().enumerate() {
            let mut read = Read { parameters: Arc::clone(parameters), ..Read::default() };
            if index == 0 {
                read.beside = self.beside.clone();
            }
            let sources = open(&mut read, texts, LARGEST);
            match (texts, sources.as_slice()) {
                // What is rendered says in the text which file each object is from.
                ([Text::File(..) | Text::Drained(..) | Text::Piped(_)], [source])
                    if source.text.len() as u64 > bytes && !is_of_azure_text(&source.text) =>
                {
                    read.parse_in_parts(source, bytes, act)?;
                }
                _ => {
                    read.parse(sources);
                    act(read)?;
                }
            }
        }
        Ok(())
    }

    /// Reads all texts; where nothing is read, that is a fault, unless it may be so.
    pub fn read_something(self, paths: &[PathBuf], may_be_empty: bool) -> Read {
        let mut read = self.read();
        if read.documents == 0 && read.input.faults.is_empty() && !may_be_empty {
            read.input.faults.push(nothing(paths, read.skipped.len()));
        }
        read
    }

    /// Reads all texts.
    pub fn read(self) -> Read {
        let mut read = Read { notes: self.notes, skipped: self.skipped, beside: self.beside, ..Read::default() };
        let sources = open(&mut read, &self.texts, AT_ONCE);
        read.input.faults = self.faults;
        read.input.faults.append(&mut read.unopened);
        read.input.faults.extend(self.not_rendered);
        read.parse(sources);
        read.notes.append(&mut read.azure_notes);
        read
    }
}

/// Opens files of at most so many bytes, and notes where each text is from.
fn open(read: &mut Read, texts: &[Text], largest: u64) -> Vec<Arc<Source>> {
    let opened: Vec<_> = texts
        .par_iter()
        .map(|text| {
            let (source, encoding) = match text {
                Text::Piped(source) | Text::Rendered(source, _) => (Arc::clone(source), Encoding::Utf8),
                Text::Drained(_, read) => read.as_ref().clone()?,
                Text::File(path, _) => source(path, largest)?,
            };
            if source.text.len() as u64 > largest {
                return Err(unreadable(&source.name, &too_large(largest)));
            }
            Ok((source, encoding))
        })
        .collect();
    let mut sources = Vec::with_capacity(texts.len());
    for (text, opened) in texts.iter().zip(opened) {
        match (text, opened) {
            (Text::File(path, _) | Text::Drained(path, _), Ok((source, encoding))) => {
                read.notes.extend(note_on(&source.name, encoding));
                read.files.insert(sources.len(), File { path: path.clone(), encoding });
                sources.push(source);
            }
            (Text::Rendered(_, folder), Ok((source, _))) => {
                read.rendered.insert(sources.len(), folder.clone());
                sources.push(source);
            }
            (Text::Piped(_), Ok((source, _))) => sources.push(source),
            (_, Err(fault)) => read.unopened.push(fault),
        }
    }
    sources
}

/// What a file of at most so many bytes holds.
fn source(path: &Path, largest: u64) -> Result<(Arc<Source>, Encoding), NotEvaluated> {
    let name = path.display().to_string();
    let (text, encoding) = read_file(path, largest).map_err(|why| unreadable(&name, &why))?;
    Ok((Arc::new(Source::new(name, text)), encoding))
}

fn unreadable(name: &str, why: &str) -> NotEvaluated {
    let what = format!("cannot read {name}: {why}");
    NotEvaluated { place: None, subject: name.to_owned(), what, help: String::new() }
}

fn note_on(name: &str, encoding: Encoding) -> Option<Note> {
    (encoding == Encoding::Unknown).then(|| Note {
        place: None,
        what: format!("{name} is not UTF-8; like kubectl, this reads invalid bytes as U+FFFD"),
        help: "Save the file as UTF-8".to_owned(),
    })
}

fn bounded(bytes: Vec<u8>, largest: u64) -> Result<Vec<u8>, String> {
    if bytes.len() as u64 > largest {
        return Err(too_large(largest));
    }
    foreign(&bytes).map_or(Ok(bytes), |what| Err(what.to_owned()))
}

fn too_large(largest: u64) -> String {
    let size = if largest == AT_ONCE { "256 MiB" } else { "4 GiB" };
    format!("it is larger than {size}; split it into several files")
}

/// What a file of at most so many bytes holds, and how it is written.
///
/// # Errors
///
/// Why it cannot be read.
pub(super) fn read_file(path: &Path, largest: u64) -> Result<(String, Encoding), String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    // A file that grows while it is read, and a descriptor, have no size to ask for.
    let mut bytes = Vec::with_capacity(file.metadata().map_or(0, |metadata| metadata.len().min(largest)) as usize + 1);
    file.take(largest + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(decode(bounded(bytes, largest)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_what_fits_and_at_least_one_text() {
        let texts = [3, 3, 9, 1, 1, 1].map(|bytes| Text::File(PathBuf::new(), bytes));
        let texts = Texts { texts: texts.into(), ..Texts::default() };
        let sizes = |bytes| texts.parts(bytes).iter().map(|part| part.len()).collect::<Vec<_>>();
        assert_eq!(sizes(6), [2, 1, 3]);
        assert_eq!(sizes(2), [1, 1, 1, 2, 1]);
        assert_eq!(sizes(100), [6]);
        assert_eq!(texts.bytes(), 18);
        assert!(Texts::default().parts(1).is_empty());
    }

    #[test]
    fn a_large_file_is_read_document_by_document() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let document = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
        std::fs::write(&path, [document, document, "a: [\n", document].join("---\n")).unwrap();
        let texts = Texts { texts: vec![Text::of(path.clone())], ..Texts::default() };
        let read = |bytes| {
            let mut parts = Vec::new();
            let mut add = |read: Read| {
                parts.push((read.input.sources.len(), read.input.items.len(), read.input.faults.len(), read.goes_on));
                Ok(())
            };
            texts.read_in_parts(bytes, &Arc::default(), &mut add).unwrap();
            parts
        };
        assert_eq!(read(1), [(1, 1, 0, true), (0, 1, 0, true), (0, 0, 1, true), (0, 1, 0, false)]);
        assert_eq!(read(102), [(1, 2, 0, true), (0, 1, 1, false)]);
        assert_eq!(read(1000), [(1, 3, 1, false)]);
        let item = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";
        std::fs::write(&path, format!("{document}---\napiVersion: v1\nkind: List\nitems:\n{item}{item}{item}"))
            .unwrap();
        let texts = Texts { texts: vec![Text::of(path)], ..Texts::default() };
        let mut parts = Vec::new();
        let mut add = |read: Read| {
            parts.push((read.documents, read.input.items.len()));
            Ok(())
        };
        texts.read_in_parts(120, &Arc::default(), &mut add).unwrap();
        assert_eq!(parts, [(1, 1), (1, 2), (0, 1)], "a list's items are read a few at a time, and it is one document");
    }
}
