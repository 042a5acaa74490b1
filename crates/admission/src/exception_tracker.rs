//! Exceptions in a run that judges part by part: those of the configuration hold in all parts, those in manifests where they are
//! written.

use isolation_report::{Circumstances, Problem, Report, TrackedException, apply_tracked};

use crate::configuration::{Configuration, ConfigurationError};
use crate::input::Input;
use crate::manifest_exceptions::ManifestExceptions;
use crate::rules::linked_rules;

/// The exceptions of a run that judges part by part.
#[derive(Debug)]
pub struct ExceptionTracker {
    configured: Vec<TrackedException>,
    /// Those in comments of the last sources, the last of which may go on in the next part.
    comments: Vec<TrackedException>,
    circumstances: Circumstances,
    /// What is wrong with exceptions in manifests: comments and annotations that cannot be read, and those that have expired or
    /// allow nothing.
    wrong: [Vec<Problem>; 4],
}

impl ExceptionTracker {
    /// Those of the configuration.
    ///
    /// # Errors
    ///
    /// An exception that cannot be read.
    pub fn of(configuration: &Configuration, circumstances: Circumstances) -> Result<Self, ConfigurationError> {
        let configured = configuration.exceptions(linked_rules())?.into_iter().map(TrackedException::from).collect();
        Ok(ExceptionTracker { configured, comments: Vec::new(), circumstances, wrong: Default::default() })
    }

    /// Takes out of the report about a part of the run what is allowed. A part without sources goes on with the last one.
    pub fn apply(&mut self, input: &Input, report: &mut Report) {
        let mut in_manifests = ManifestExceptions::default();
        in_manifests.add(input);
        let ManifestExceptions {
            comments: (comments, unread_comments),
            annotations: (annotations, unread_annotations),
        } = in_manifests;
        if !input.sources.is_empty() {
            self.settle_comments();
        }
        self.comments.extend(comments.into_iter().map(TrackedException::from));
        let mut all = std::mem::take(&mut self.configured);
        let of_comments = all.len();
        all.append(&mut self.comments);
        let of_annotations = all.len();
        all.extend(annotations.into_iter().map(TrackedException::from));
        apply_tracked(report, &mut all, &self.circumstances);
        let annotations = all.split_off(of_annotations);
        self.comments = all.split_off(of_comments);
        self.configured = all;
        let useless = annotations.iter().filter_map(|one| one.problem(&self.circumstances)).collect();
        self.add_wrong([unread_comments, unread_annotations, Vec::new(), useless]);
    }

    fn settle_comments(&mut self) {
        let comments = std::mem::take(&mut self.comments);
        let useless = comments.iter().filter_map(|one| one.problem(&self.circumstances)).collect();
        self.add_wrong([Vec::new(), Vec::new(), useless, Vec::new()]);
    }

    fn add_wrong(&mut self, more: [Vec<Problem>; 4]) {
        for (wrong, more) in self.wrong.iter_mut().zip(more) {
            // The texts of the part are let go of.
            wrong.extend(more.into_iter().map(|problem| Problem { place: problem.place.without_text(), ..problem }));
        }
    }

    /// What is wrong with exceptions: those that cannot be read, and then those that have expired or allow nothing.
    pub fn problems(mut self) -> Vec<Problem> {
        self.settle_comments();
        let ExceptionTracker { configured, circumstances, wrong, .. } = self;
        let [comments, annotations, of_comments, of_annotations] = wrong;
        let configured = configured.iter().filter_map(|one| one.problem(&circumstances));
        let unread = comments.into_iter().chain(annotations);
        unread.chain(configured).chain(of_comments).chain(of_annotations).collect()
    }
}
