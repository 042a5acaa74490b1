//! The policies' modules, as they were when this program was built.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A policy's module.
#[derive(Debug)]
pub struct Embedded {
    /// The policy's name.
    pub name: &'static str,
    /// The module.
    pub bytes: &'static [u8],
}
