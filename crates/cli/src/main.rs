//! `isolation`: the verdict of admission before anything is applied.

mod args;
mod bless;
mod bundle;
mod chart;
mod check;
mod exit;
mod explain;
mod images;
mod json;
mod kubectl;
mod modules;
mod output;
mod pattern;
mod policies;
mod publish;
mod replace;
mod report;
mod repository;
mod shell;
mod test;
mod text;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match args.command {
        Command::Check(check) => check::run(&check),
        Command::Test(test) => test::run(&test),
        Command::Images(images) => images::run(&images),
        Command::Report(report) => report::run(&report),
        Command::Publish(publish) => publish::run(&publish).map(|()| exit::CLEAN),
        Command::Bundle(bundle) => bundle::run(&bundle).map(|()| exit::CLEAN),
        Command::Chart(chart) => chart::run(&chart).map(|()| exit::CLEAN),
        Command::Policies(policies) => policies::run(&policies).map(|()| exit::CLEAN),
        Command::Rules(rules) => explain::list(rules.output).map(|()| exit::CLEAN),
        Command::Completions { shell } => shell::completions(Args::command(), shell).map(|()| exit::CLEAN),
        Command::Man { folder } => shell::man(Args::command(), &folder).map(|()| exit::CLEAN),
        Command::Explain { rule } => explain::explain(&rule).map(|()| exit::CLEAN),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // The reader has seen enough, like `head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(exit::CLEAN),
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(exit::NOT_EVALUATED)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
