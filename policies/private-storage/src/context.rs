//! What everything is judged by.

use isolation::Cluster;

use crate::Settings;
use crate::answers::Answers;

/// What everything in one object is judged by.
#[derive(Clone, Copy)]
pub struct Context<'s> {
    /// The settings.
    pub settings: &'s Settings<'s>,
    /// The cluster, for look-ups.
    pub cluster: &'s dyn Cluster,
    /// What was looked up already.
    pub answers: &'s Answers,
}
