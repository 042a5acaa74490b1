//! Everything that is tested of this policy from outside, in one program.
#![allow(clippy::unwrap_used)]

mod cases;
mod distribution;
mod files;
mod kinds;
mod kubernetes;
mod large;
mod references;
