//! Every image that objects name: where it is named, how a network isolated cluster reaches it, and what to do.
//!
//! Which places name images is what the policies know, custom resources and documents inside strings included. What is said
//! of an image is what `private-images` says: [`read`] asks the policy's own code about each of them. A [`Format`] prints the
//! inventory for people, for programs, or as what brings the images into the private registry.

mod cache_rules;
mod error;
mod format;
mod hauler;
mod image;
mod json;
mod list;
mod read;
mod script;
pub mod shell;
mod table;

pub use cache_rules::{ExistingRules, Proposal, UPSTREAMS, Upstream, proposals, source_of};
pub use error::FormatError;
pub use format::Format;
pub use image::{Image, Inventory, Kind, Reach, Target, Use, repository};
pub use json::{SCHEMA, schema};
pub use read::{SettingsError, completed, read};
pub use script::import_options;
