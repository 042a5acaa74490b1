//! Exceptions in a run that judges part by part: those of the configuration hold in all parts, those in manifests where they are
//! written.

use isolation_report::{Circumstances, Problem, Report, Tracked, allow};

use crate::allowed::{InManifests, read_once};
use crate::configuration::{Configuration, ConfigurationError};
use crate::input::Input;

/// The exceptions of a run that judges part by part.
#[derive(Debug)]
pub struct Allowances {
    configured: Vec<Tracked>,
    circumstances: Circumstances,
    /// What is wrong with exceptions in manifests: comments and annotations that cannot be read, and those that have expired or
    /// allow nothing.
    wrong: [Vec<Problem>; 4],
}

impl Allowances {
    /// Those of the configuration.
    ///
    /// # Errors
    ///
    /// An exception that cannot be read.
    pub fn of(configuration: &Configuration, circumstances: Circumstances) -> Result<Self, ConfigurationError> {
        let configured = configuration.exceptions(read_once())?.into_iter().map(Tracked::from).collect();
        Ok(Allowances { configured, circumstances, wrong: Default::default() })
    }

    /// Takes out of the report about a part of the run what is allowed.
    pub fn apply(&mut self, input: &Input, report: &mut Report) {
        let mut in_manifests = InManifests::default();
        in_manifests.add(input);
        let (exceptions, annotations, [unread_comments, unread_annotations]) = in_manifests.in_order();
        let mut all = std::mem::take(&mut self.configured);
        let own = all.len();
        all.extend(exceptions.into_iter().map(Tracked::from));
        allow(report, &mut all, &self.circumstances);
        let in_manifests = all.split_off(own);
        self.configured = all;
        let (comments, annotations) = in_manifests.split_at(annotations);
        let useless =
            |exceptions: &[Tracked]| exceptions.iter().filter_map(|one| one.problem(&self.circumstances)).collect();
        let more: [Vec<Problem>; 4] = [unread_comments, unread_annotations, useless(comments), useless(annotations)];
        for (wrong, more) in self.wrong.iter_mut().zip(more) {
            // The texts of the part are let go of.
            wrong.extend(more.into_iter().map(|problem| Problem { place: problem.place.without_text(), ..problem }));
        }
    }

    /// What is wrong with exceptions: those that cannot be read, and then those that have expired or allow nothing.
    pub fn problems(self) -> Vec<Problem> {
        let Allowances { configured, circumstances, wrong: [comments, annotations, of_comments, of_annotations] } =
            self;
        let configured = configured.iter().filter_map(|one| one.problem(&circumstances));
        let unread = comments.into_iter().chain(annotations);
        unread.chain(configured).chain(of_comments).chain(of_annotations).collect()
    }
}
