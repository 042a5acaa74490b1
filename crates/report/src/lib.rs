//! What a run found, as data, and the formats in which it is printed.
//!
//! A [`Report`] holds findings, what could not be evaluated, and notes, each with its place in a [`Source`]. A format is a
//! module with one function that writes a report; [`Format`] lists them. Nothing here opens a file or knows a terminal; who
//! calls decides where the text goes and whether it may be coloured.

mod allowed;
mod apply;
mod base;
mod baseline;
mod comment;
mod context;
mod entry;
mod exception;
mod finding;
mod format;
pub mod github;
pub mod human;
mod identity;
pub mod json;
pub mod junit;
mod lookup;
pub mod markdown;
mod place;
mod printable;
mod report;
mod rules;
pub mod sarif;
mod source;
mod whole;
mod words;

pub use allowed::Allowed;
pub use apply::{apply_exceptions, apply_tracked};
pub use base::Base;
pub use baseline::{Baseline, BaselineError};
/// The days until which exceptions hold.
pub use chrono::NaiveDate;
pub use comment::{date, exceptions as exceptions_in_comments, id as rule_id, read as read_exception};
pub use context::Context;
pub use entry::{Entry, Objects};
pub use exception::{Circumstances, Exception, Pattern, Scope, TrackedException};
pub use finding::{Change, Edit, Finding, Fix, Location, ObjectRef, RuleRef, Severity};
pub use format::Format;
pub use identity::{Identity, numbered};
pub use place::Place;
pub use printable::{is_harmful, printable};
pub use report::{NotEvaluated, Note, Problem, Report, Skipped, Status, Subject, Summary};
pub use rules::{RuleInfo, Rules};
pub use source::{Position, Source};
pub use whole::Whole;

/// Where the project is on the web.
pub const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The version that writes the report.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
