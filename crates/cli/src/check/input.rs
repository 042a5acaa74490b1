//! The objects to check: read from files and standard input, and rendered from folders.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isolation_admission::Input;
use isolation_manifest::{Encoding, Part, Problem, decode, parts, read_part};
use isolation_render::{Folder, Options};
use isolation_report::{NotEvaluated, Note, PassedOver, Source};
use rayon::prelude::*;

use super::walk::{Found, Walk};

/// What standard input is called.
pub const STDIN: &str = "<stdin>";

/// How large a file may be: the limit of a document's tree, far above handwritten files.
const MAX_BYTES: u64 = 256 << 20;

/// Everything that is checked, and reports on its sources.
#[derive(Debug, Default)]
pub struct Read {
    /// The objects.
    pub input: Input,
    /// The files that the first sources were read from, by the sources' positions.
    pub files: BTreeMap<usize, File>,
    /// Sources that were rendered.
    pub rendered: BTreeMap<usize, Folder>,
    /// What could have been meant and was not read.
    pub passed_over: Vec<PassedOver>,
    /// Notes on what was read.
    pub notes: Vec<Note>,
    /// How many documents were read, lists without items among them.
    pub documents: usize,
    /// The sources that hold what az printed.
    pub azure: Vec<Arc<Source>>,
}

/// A file that can be written again.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// How its text is written.
    pub encoding: Encoding,
}

/// Reads every path, and renders charts and kustomizations.
pub fn read(paths: &[PathBuf], walk: &Walk<'_>, options: &Options) -> Read {
    let mut read = Read::default();
    let mut sources: Vec<Arc<Source>> = Vec::new();
    if paths.iter().any(|path| path.as_os_str() == "-") {
        let mut bytes = Vec::new();
        let end = std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes).map(|_| bytes);
        match end.map_err(|error| error.to_string()).and_then(bounded) {
            Ok(bytes) => {
                let (text, encoding) = decode(bytes);
                read.note_encoding(STDIN, encoding);
                sources.push(Arc::new(Source::new(STDIN, text)));
            }
            Err(why) => read.unreadable(STDIN, &why),
        }
    }
    let found = walk.find(paths.iter().map(PathBuf::as_path).filter(|path| path.as_os_str() != "-"));
    let Found { files, folders, passed_over, unreadable } = found;
    read.passed_over = passed_over;
    for (path, why) in unreadable {
        read.unreadable(&path.display().to_string(), &why);
    }
    let texts: Vec<_> = files.par_iter().map(|file| read_file(file)).collect();
    for (path, text) in files.into_iter().zip(texts) {
        let name = path.display().to_string();
        match text {
            Ok((text, encoding)) => {
                read.note_encoding(&name, encoding);
                read.files.insert(sources.len(), File { path, encoding });
                sources.push(Arc::new(Source::new(name, text)));
            }
            Err(why) => read.unreadable(&name, &why),
        }
    }
    let rendered: Vec<_> = folders.into_par_iter().map(|folder| (folder.render(options), folder)).collect();
    for (text, folder) in rendered {
        match text {
            Ok(text) => {
                let name = folder.name();
                read.rendered.insert(sources.len(), folder);
                sources.push(Arc::new(Source::new(name, text)));
            }
            Err(failure) => read.input.faults.push(NotEvaluated {
                place: None,
                subject: folder.name(),
                what: format!("cannot render {}: {failure}", folder.name()),
                help: failure.help().to_owned(),
            }),
        }
    }
    read.parse(sources);
    read
}

/// Reads every path; where nothing is read, that is a fault, unless it may be so.
pub fn find(paths: &[PathBuf], walk: &Walk<'_>, options: &Options, may_be_empty: bool) -> Read {
    let mut read = read(paths, walk, options);
    if read.documents == 0 && read.input.faults.is_empty() && !may_be_empty {
        read.input.faults.push(nothing(paths, read.passed_over.len()));
    }
    read
}

/// A check that passes because it read nothing is useless.
fn nothing(paths: &[PathBuf], passed_over: usize) -> NotEvaluated {
    let piped = paths.iter().any(|path| path.as_os_str() == "-");
    let what = match (piped, passed_over) {
        (true, _) => "nothing was read: standard input is empty, or has no document".to_owned(),
        (false, 0) => "nothing was read: the paths contain no manifest".to_owned(),
        (false, number) => {
            format!("nothing was read: every possible manifest was skipped ({number}; -v lists it)")
        }
    };
    let help = if piped {
        "Check whether the command before the pipe failed; --allow-empty accepts it"
    } else {
        "Name other files; --allow-empty accepts it"
    };
    NotEvaluated { place: None, subject: String::new(), what, help: help.to_owned() }
}

fn bounded(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if bytes.len() as u64 > MAX_BYTES { Err(TOO_LARGE.to_owned()) } else { Ok(bytes) }
}

const TOO_LARGE: &str = "it is larger than 256 MiB; check it in parts";

fn read_file(path: &Path) -> Result<(String, Encoding), String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    // A file that grows while it is read, and a descriptor, have no size to ask for.
    let mut bytes =
        Vec::with_capacity(file.metadata().map_or(0, |metadata| metadata.len().min(MAX_BYTES)) as usize + 1);
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(decode(bounded(bytes)?))
}

impl Read {
    fn unreadable(&mut self, name: &str, why: &str) {
        let what = format!("cannot read {name}: {why}");
        self.input.faults.push(NotEvaluated { place: None, subject: name.to_owned(), what, help: String::new() });
    }

    fn note_encoding(&mut self, name: &str, encoding: Encoding) {
        if encoding == Encoding::Unknown {
            self.notes.push(Note {
                place: None,
                what: format!("{name} is not UTF-8; like kubectl, this reads invalid bytes as U+FFFD"),
                help: "Save the file as UTF-8".to_owned(),
            });
        }
    }

    /// Reads the documents of all sources, each on whatever core is free: one file may hold all of them.
    pub fn parse(&mut self, sources: Vec<Arc<Source>>) {
        let is_azure: Vec<bool> =
            sources.par_iter().map(|source| isolation_azure::is_of_azure_text(&source.text)).collect();
        let parts_of =
            |(source, is_azure): (&Arc<Source>, &bool)| if *is_azure { Vec::new() } else { parts(&source.text) };
        let split: Vec<Vec<Result<Part, Problem>>> = sources.par_iter().zip(&is_azure).map(parts_of).collect();
        let all: Vec<(usize, Result<Part, Problem>)> = split
            .into_iter()
            .enumerate()
            .flat_map(|(index, parts)| parts.into_iter().map(move |part| (index, part)))
            .collect();
        let found: Vec<(usize, bool, Vec<_>)> = all
            .into_par_iter()
            .map(|(index, part)| {
                let mut found = Vec::new();
                let is_document = match part {
                    Ok(part) => read_part(&sources[index].text, &part, &mut found),
                    Err(problem) => {
                        found.push(Err(problem));
                        false
                    }
                };
                (index, is_document, found)
            })
            .collect();
        let mut found = found.into_iter().peekable();
        let parameters = sources.iter().zip(&is_azure).filter(|(_, is_azure)| **is_azure);
        let parameters: serde_json::Map<_, _> =
            parameters.filter_map(|(source, _)| isolation_azure::parameters(&source.text)).flatten().collect();
        for (index, source) in sources.into_iter().enumerate() {
            if is_azure.get(index) == Some(&true)
                && let Some(resources) = isolation_azure::resources(&source, &parameters)
            {
                self.add_azure(source, resources);
                continue;
            }
            let mut read = isolation_manifest::Read::default();
            while let Some((_, is_document, objects)) = found.next_if(|(of, ..)| *of == index) {
                self.documents += usize::from(is_document);
                read.found.extend(objects);
            }
            self.input.add(source, read);
        }
    }

    /// Adds the resources in a text of Azure's.
    fn add_azure(&mut self, source: Arc<Source>, resources: isolation_azure::Resources) {
        self.documents += 1;
        self.input.items.extend(resources.items);
        self.input.faults.extend(resources.not_evaluated);
        self.notes.extend(resources.notes);
        if resources.is_live {
            self.azure.push(Arc::clone(&source));
        }
        self.input.sources.push(source);
    }
}
