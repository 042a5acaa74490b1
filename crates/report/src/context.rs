//! What a format needs beside the report.

use crate::base::Base;
use crate::rules::Rules;

/// What a format needs beside the report.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The rules and their pages.
    pub rules: Rules,
    /// What files are named from in the formats that leave the machine.
    pub base: Base,
    /// Whether the format for people has escape sequences for colours.
    pub colours: bool,
    /// Whether the terminal makes links; only beside colours.
    pub hyperlinks: bool,
}
