//! Modules and the chart that deploys them as artifacts, on the way from `dist/` to a cluster that reaches nothing but its own registry.
//!
//! - [`push`] sends modules to a registry, so that manifest and digest are those of `kwctl push`.
//! - [`Chart`] is a Helm chart, packaged as Helm pushes it.
//! - [`Archive`] is one file to carry across an air gap; [`Archive::push`] sends what is in it.
//!
//! Nothing here runs a module; all calls block. Connections speak HTTPS unless [`Options::plain_http`] says otherwise.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use isolation_oci::{Module, Options, Registry, Silent, push};
//!
//! let modules = [Module::read("dist/private-images.wasm".as_ref())?];
//! let registry: Registry = "myacr.azurecr.io/policies".parse()?;
//! for published in push(&modules, &registry, &Options::default(), Silent::shared())? {
//!     println!("{}", published.by_digest());
//! }
//! # Ok(()) }
//! ```

mod archive;
mod chart;
mod connection;
mod credentials;
mod digest;
mod failure;
mod image;
mod module;
mod options;
mod progress;
mod published;
mod push;
mod registry;
mod tarball;

pub use archive::{Archive, ArchiveError};
pub use chart::Chart;
pub use connection::ConnectionError;
pub use credentials::{Credentials, CredentialsError};
pub use failure::Failure;
pub use image::digest_of;
pub use module::{Module, ModuleError};
pub use options::{Options, Proxies, Retry};
pub use progress::{Progress, Silent};
pub use published::{Outcome, Published};
pub use push::{PushError, push};
pub use registry::{Registry, RegistryError};
