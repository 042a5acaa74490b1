//! The command line, as it is run: by files, by its texts, in pipelines, and its modules.

mod commands;
mod files;
mod fixes;
mod modules;
mod outputs;
mod pipelines;
