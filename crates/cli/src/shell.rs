//! `isolation completions` and `isolation man`: what shells and `man` know of the arguments.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::{Command, ValueEnum};
use clap_complete::{Generator, aot};
use clap_complete_nushell::Nushell;

use crate::kubectl::Kubectl;

/// Shells that complete arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU's.
    Bash,
    /// Z shell.
    Zsh,
    /// The friendly interactive one.
    Fish,
    /// PowerShell.
    #[value(alias = "pwsh")]
    Powershell,
    /// Elvish.
    Elvish,
    /// Nushell.
    #[value(alias = "nu")]
    Nushell,
    /// kubectl, for `kubectl isolation`.
    Kubectl,
}

/// `isolation completions SHELL`
pub fn completions(mut command: Command, shell: Shell) -> Result<()> {
    let script = match shell {
        Shell::Bash => script(&mut command, aot::Bash),
        Shell::Zsh => script(&mut command, aot::Zsh),
        Shell::Fish => script(&mut command, aot::Fish),
        Shell::Powershell => script(&mut command, aot::PowerShell),
        Shell::Elvish => script(&mut command, aot::Elvish),
        Shell::Nushell => script(&mut command, Nushell),
        Shell::Kubectl => script(&mut command, Kubectl),
    };
    std::io::stdout().lock().write_all(&script)?;
    Ok(())
}

fn script(command: &mut Command, generator: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(generator, command, "isolation", &mut script);
    script
}

/// `isolation man FOLDER`: a page for each command.
pub fn man(command: Command, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .with_context(|| format!("cannot write manual pages into {}", folder.display()))
}
