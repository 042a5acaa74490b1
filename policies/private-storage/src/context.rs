//! What every rule needs to judge an object.

use isolation::Cluster;

use crate::Settings;
use crate::answers::Answers;

/// What every rule needs to judge one object.
#[derive(Clone, Copy)]
pub struct Context<'s> {
    /// The settings.
    pub settings: &'s Settings<'s>,
    /// The cluster, for look-ups.
    pub cluster: &'s dyn Cluster,
    /// Earlier look-ups.
    pub answers: &'s Answers,
}
