//! The objects to check: in files and standard input, and in what was rendered from folders.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use isolation_admission::Input;
use isolation_azure::Parameters;
use isolation_manifest::{Encoding, Object, Part, Problem, parts};
use isolation_render::Folder;
use isolation_report::{NotEvaluated, Note, Skipped, Source};
use rayon::prelude::*;

use super::units::{list_in_runs, read_document, read_units, units};
use super::{programs, progress};

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
    pub skipped: Vec<Skipped>,
    /// What could not be opened.
    pub unopened: Vec<NotEvaluated>,
    /// Notes on what was read.
    pub notes: Vec<Note>,
    /// Notes on resources of Azure, which are told behind the others.
    pub azure_notes: Vec<Note>,
    /// How many documents were read, lists without items among them.
    pub documents: usize,
    /// Whether the last source goes on in the next part.
    pub goes_on: bool,
    /// The sources that hold what az printed.
    pub azure: Vec<Arc<Source>>,
    /// Files of parameters and the ARM templates that they may belong to: all that were known before it was read, or its own.
    pub parameters: Arc<Parameters>,
    /// Others that are not among the sources.
    pub beside: Parameters,
}

/// A file that can be written again.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// How its text is written.
    pub encoding: Encoding,
}

impl Read {
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
        let found = documents(&sources, all);
        let mut found = found.into_iter().peekable();
        if self.parameters.is_empty() {
            let of_azure = sources.iter().zip(&is_azure).filter(|(_, is_azure)| **is_azure);
            let parameters = Arc::make_mut(&mut self.parameters);
            of_azure.for_each(|(source, _)| parameters.add(&source.name, &source.text));
            parameters.extend_beside(&self.beside);
        }
        let settled = self.parameters.settle();
        let mut in_json = Vec::new();
        for (index, source) in sources.into_iter().enumerate() {
            if is_azure.get(index) == Some(&true)
                && let Some(resources) = isolation_azure::resources(&source, &settled)
            {
                self.add_azure(source, resources);
                continue;
            }
            let mut read = isolation_manifest::Read::default();
            let mut documents = 0;
            while let Some((_, is_document, objects)) = found.next_if(|(of, ..)| *of == index) {
                documents += usize::from(is_document);
                read.found.extend(objects);
            }
            if programs::is_in_json(&source.name) && read.found.iter().all(Result::is_err) {
                in_json.push(PathBuf::from(&*source.name));
                (documents, read.found) = (0, Vec::new());
            }
            self.documents += documents;
            self.input.add(source, read);
        }
        self.azure_notes.extend(programs::notes(&in_json));
    }

    /// Reads the documents of a source that is not of Azure, in parts of at most so many bytes, but of one document at least, or
    /// of one item of a list.
    pub fn parse_in_parts(
        mut self,
        source: &Arc<Source>,
        bytes: u64,
        act: &mut dyn FnMut(Read) -> Result<()>,
    ) -> Result<()> {
        let text = &source.text;
        let documents = parts(text).into_iter().map(|part| {
            let list = part.as_ref().ok().filter(|part| part.span.len() as u64 > bytes);
            let list = list.and_then(|part| list_in_runs(text, part, bytes));
            (part, list)
        });
        let documents: Vec<_> = documents.collect();
        let mut left = documents.iter().flat_map(|(part, list)| units(part, list.as_ref())).peekable();
        self.input.sources.push(Arc::clone(source));
        loop {
            let (mut part, mut sum) = (Vec::new(), 0);
            while let Some(next) = left.next_if(|next| part.is_empty() || sum + next.bytes() <= bytes) {
                sum += next.bytes();
                part.push(next);
            }
            let mut read = Read { parameters: Arc::clone(&self.parameters), ..Read::default() };
            std::mem::swap(&mut self, &mut read);
            for (is_document, found) in read_units(text, part) {
                read.documents += usize::from(is_document);
                read.input.add_found(source, isolation_manifest::Read { found });
            }
            read.goes_on = left.peek().is_some();
            let goes_on = read.goes_on;
            act(read)?;
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// Adds the resources in a text of Azure's.
    fn add_azure(&mut self, source: Arc<Source>, resources: isolation_azure::Resources) {
        self.documents += 1;
        self.input.items.extend(resources.items);
        self.input.faults.extend(resources.not_evaluated);
        self.azure_notes.extend(resources.notes);
        if resources.is_live {
            self.azure.push(Arc::clone(&source));
        }
        self.input.sources.push(source);
    }
}

/// What was read of a document: the position of its source, whether there is something in it, and its objects.
type Found = (usize, bool, Vec<Result<Object, Problem>>);

/// Reads documents of these sources, each on whatever core is free.
fn documents(sources: &[Arc<Source>], documents: Vec<(usize, Result<Part, Problem>)>) -> Vec<Found> {
    let bytes = documents.iter().filter_map(|(_, part)| part.as_ref().ok()).map(|part| part.span.len() as u64).sum();
    let bar = progress::reading(bytes);
    let found = documents
        .into_par_iter()
        .map(|(index, part)| {
            let mut found = Vec::new();
            let bytes = part.as_ref().map_or(0, |part| part.span.len() as u64);
            let is_document = read_document(&sources[index].text, part, &mut found);
            bar.inc(bytes);
            (index, is_document, found)
        })
        .collect();
    bar.finish_and_clear();
    found
}
