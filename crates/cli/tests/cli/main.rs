//! The command line, as it is run: by files, by its texts, in pipelines, and its modules.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod cluster;
mod command_line;
mod commands;
mod files;
mod fixes;
mod modules;
mod outputs;
mod pipelines;
mod readers;
mod story;
mod tutorial;
