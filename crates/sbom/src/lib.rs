//! What a module or program is made of: a CycloneDX 1.5 document with each crate that is linked into it, and nothing that only builds or
//! tests it.
//!
//! Cargo says what is linked (`cargo tree`, which resolves features as the build of that one package does), its metadata
//! the licences and who depends on whom, the lock file the checksums. The document holds no time and no random number:
//! the same module from the same sources gives the same bytes, and its serial number follows from them.

mod bom;
mod direct;
mod linked;
mod unsafe_code;
mod weigh;
mod workspace;

pub use direct::DirectDependency;
pub use linked::LinkedCrate;
pub use weigh::weigh;
pub use workspace::{SbomError, Workspace};
