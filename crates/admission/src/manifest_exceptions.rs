//! The exceptions that manifests hold, in comments and in annotations of objects.

use isolation_report::{Exception, Problem, exceptions_in_comments};

use crate::configuration::{Configuration, ConfigurationError};
use crate::exceptions::in_annotations;
use crate::input::Input;
use crate::rules::linked_rules;

/// The exceptions in manifests: in comments and in objects' annotations, and what of them cannot be read.
#[derive(Debug, Default)]
pub struct ManifestExceptions {
    pub(crate) comments: (Vec<Exception>, Vec<Problem>),
    pub(crate) annotations: (Vec<Exception>, Vec<Problem>),
}

impl ManifestExceptions {
    /// Adds those of an input.
    pub fn add(&mut self, input: &Input) {
        let rules = linked_rules();
        let comments = input
            .sources
            .iter()
            .map(|source| exceptions_in_comments(source, rules, &|| isolation_manifest::scalars(&source.text)));
        comments.for_each(|more| extend(&mut self.comments, more));
        let annotations = input.items.iter().map(|item| in_annotations(item, rules));
        annotations.for_each(|more| extend(&mut self.annotations, more));
    }

    /// All exceptions, those of the configuration first, and what of the others cannot be read.
    ///
    /// # Errors
    ///
    /// An exception of the configuration that cannot be read.
    pub fn with(self, configuration: &Configuration) -> Result<(Vec<Exception>, Vec<Problem>), ConfigurationError> {
        let mut all = (configuration.exceptions(linked_rules())?, Vec::new());
        extend(&mut all, self.comments);
        extend(&mut all, self.annotations);
        Ok(all)
    }
}

fn extend(all: &mut (Vec<Exception>, Vec<Problem>), more: (Vec<Exception>, Vec<Problem>)) {
    all.0.extend(more.0);
    all.1.extend(more.1);
}
