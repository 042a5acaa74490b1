//! Everything that is tested of this policy from outside, in one program.

mod cases;
mod embedded;
mod files;
mod references;
