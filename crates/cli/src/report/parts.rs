//! All that a report is about, part by part: it may be larger than memory should have to hold.

use std::sync::Arc;

use anyhow::Result;
use isolation_admission::Input;
use isolation_azure::Parameters;
use isolation_report::Source;

use super::cluster::Pages;
use crate::check::input::Read;
use crate::check::texts::Texts;

/// Of how many bytes of text the objects are kept from one reading to the next: with their trees that is half a gigabyte.
pub const KEPT: u64 = 64 << 20;

/// All that a report is about, to be read twice.
#[derive(Debug)]
pub struct Parts {
    /// What files hold.
    pub texts: Texts,
    /// Pages of objects, by what they were read from.
    pub pages: Vec<(String, Pages)>,
    /// What az printed.
    pub azure: Input,
    /// How many bytes of text a part has, and of how many the objects are kept.
    pub sizes: Sizes,
    kept: Option<Vec<Part>>,
}

/// How many bytes of text a part has, and of how many the objects are kept.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub part: u64,
    pub kept: u64,
}

/// A part.
#[derive(Debug)]
pub struct Part {
    /// What it was read from.
    pub origin: Origin,
    /// The objects.
    pub read: Read,
}

/// What a part was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Files,
    Pages,
    Azure,
}

impl Parts {
    pub fn new(texts: Texts, pages: Vec<(String, Pages)>, azure: Input, sizes: Sizes) -> Self {
        Parts { texts, pages, azure, sizes, kept: None }
    }

    /// Reads all parts in their order, with these files of parameters for templates. What was read is kept if it is little.
    pub fn read(&mut self, parameters: &Arc<Parameters>, act: &mut dyn FnMut(&Part)) -> Result<()> {
        self.kept = None;
        let (mut kept, mut bytes) = (Vec::new(), 0);
        self.each(parameters, &mut |part| {
            act(&part);
            bytes += part.read.input.sources.iter().map(|source| source.text.len() as u64).sum::<u64>();
            if bytes <= self.sizes.kept {
                kept.push(part);
            } else {
                kept = Vec::new();
            }
            Ok(())
        })?;
        self.kept = (bytes <= self.sizes.kept).then_some(kept);
        Ok(())
    }

    /// Goes through the same parts again.
    pub fn read_again(&self, parameters: &Arc<Parameters>, act: &mut dyn FnMut(&Part) -> Result<()>) -> Result<()> {
        match &self.kept {
            Some(kept) => kept.iter().try_for_each(act),
            None => self.each(parameters, &mut |part| act(&part)),
        }
    }

    fn each(&self, parameters: &Arc<Parameters>, act: &mut dyn FnMut(Part) -> Result<()>) -> Result<()> {
        let of_files = &mut |read| act(Part { origin: Origin::Files, read });
        self.texts.read_in_parts(self.sizes.part, parameters, of_files)?;
        for (name, pages) in &self.pages {
            let read = |sources: Vec<Arc<Source>>| {
                let mut read = Read { parameters: Arc::clone(parameters), ..Read::default() };
                read.parse(sources);
                Part { origin: Origin::Pages, read }
            };
            let mut lines = pages.lines()?;
            let (mut sources, mut bytes) = (Vec::new(), 0);
            while let Some(line) = lines.next()? {
                let more = line.len() as u64;
                if bytes > 0 && bytes + more > self.sizes.part {
                    act(read(std::mem::take(&mut sources)))?;
                    bytes = 0;
                }
                bytes += more;
                sources.push(Arc::new(Source::new(name, line)));
            }
            if !sources.is_empty() {
                act(read(sources))?;
            }
        }
        let Input { sources, items, .. } = &self.azure;
        let input = Input { sources: sources.clone(), items: items.clone(), ..Input::default() };
        act(Part { origin: Origin::Azure, read: Read { input, ..Read::default() } })
    }
}
