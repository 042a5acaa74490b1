//! The formats of what is no report.

use clap::ValueEnum;

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people.
    Human,
    /// For programs: one JSON document.
    Json,
}
