//! A finding that somebody has allowed.

use crate::finding::Finding;
use crate::place::Place;

/// A finding that is allowed.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The finding.
    pub finding: Finding,
    /// Why.
    pub reason: String,
    /// Where that is written.
    pub place: Place,
    /// Whether it is written in the manifest itself.
    pub in_source: bool,
}
