//! What a run found, as data, and the forms in which it is printed.
//!
//! A [`Report`] holds findings, what could not be evaluated, and notes, each with its place in a [`Source`]. A form is a
//! module with one function that writes a report: [`human`] and [`json`]. Nothing here opens a file or knows a terminal;
//! who calls decides where the text goes and whether it may be coloured.

mod finding;
pub mod human;
pub mod json;
mod place;
mod printable;
mod report;
mod source;

pub use finding::{Finding, Fix, Location, ObjectRef, RuleRef, Severity};
pub use place::Place;
pub use printable::{is_harmful, printable};
pub use report::{NotEvaluated, Note, PassedOver, Report, Status, Summary};
pub use source::{Position, Source};
