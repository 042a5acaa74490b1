//! Publishing and bundles, against a real registry and one that fails.

mod archive;
mod failures;
mod push;
mod support;
