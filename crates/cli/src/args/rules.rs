//! The arguments of `rules`.

use clap::Args;

use super::output::Output;

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// How to print them.
    #[arg(short, long, value_enum, default_value_t = Output::Human)]
    pub output: Output,
}
