//! `isolation`: the verdict of admission before anything is applied.

mod args;
mod bundle;
mod check;
mod explain;
mod modules;
mod output;
mod policies;
mod publish;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// Nothing was found.
const CLEAN: u8 = 0;
/// Something violates a rule.
const VIOLATIONS: u8 = 1;
/// Something could not be evaluated.
const NOT_EVALUATED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match args.command {
        Command::Check(check) => check::run(&check),
        Command::Publish(publish) => publish::run(&publish).map(|()| CLEAN),
        Command::Bundle(bundle) => bundle::run(&bundle).map(|()| CLEAN),
        Command::Policies(policies) => policies::run(&policies).map(|()| CLEAN),
        Command::Rules(rules) => explain::rules(rules.output).map(|()| CLEAN),
        Command::Explain { rule } => explain::explain(&rule).map(|()| CLEAN),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever reads has seen enough, as `head` has.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(CLEAN),
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(NOT_EVALUATED)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
