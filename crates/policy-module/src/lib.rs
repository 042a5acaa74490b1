//! A policy's metadata: `metadata.yml` read strictly, and how a module carries it.
//!
//! The engines pass over keys that they do not know, so that a typo in `metadata.yml` goes unnoticed until a rule does not
//! match. Here every key, every value and every rule is checked when a module is built. What is embedded is what `kwctl
//! annotate` embeds: compact JSON in the custom section [`SECTION`].

mod embed;
mod families;
mod schema;

pub use embed::{EmbedError, SECTION, embed, section};
pub use families::{Family, families};
pub use schema::{ContextAwareResource, Metadata, MetadataError, Rule, SEVERITIES};
