//! A policy's metadata: written in `metadata.yml`, carried by a module, read by engines and by every tool here.
//!
//! The engines ignore unknown keys, so that a typo in `metadata.yml` goes unnoticed until a rule does not
//! match. [`Metadata::read`] therefore takes our own files strictly: every key, every value and every rule is checked when
//! a module is built. What [`Metadata::embed`] puts into a module is what `kwctl annotate` puts there: compact JSON in the
//! custom section `io.kubewarden.metadata`. [`Metadata::of_module`] reads it from any module as the engines do.

mod error;
mod families;
mod metadata;
mod section;
mod strict;

pub use error::MetadataError;
pub use families::{Family, families};
pub use metadata::{ContextAwareResource, ExecutionMode, Metadata, PolicyType, Rule, SEVERITIES, TITLE, VERSION};
pub use section::{EmbedError, SECTION, SectionError, with_section};
