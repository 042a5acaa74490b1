//! `isolation completions kubectl`: the program by which kubectl completes the arguments of a plugin.
//!
//! kubectl runs `kubectl_complete-isolation` with the words that are there already, the last of them being completed, and reads a
//! candidate a line, after a tab what it means, and a last line that says what the shell may add: `:4` nothing, `:0` files
//! (<https://krew.sigs.k8s.io/docs/developer-guide/develop/best-practices/>).

use std::fmt::Write as _;
use std::io::Write;

use clap::{Arg, Command};
use clap_complete::Generator;

/// What the words are read with: `command` becomes the subcommand, `previous` and `last` the words that matter.
const HEAD: &str = "\
#!/bin/sh
# Completes `kubectl isolation`: put it on the PATH as kubectl_complete-isolation, and make it executable.
command= previous= last= position=0
for word; do
    position=$((position + 1)) previous=$last last=$word
    case $word in -*) continue ;; esac
    if [ -z \"$command\" ] && [ $position -lt $# ]; then command=$word; fi
done
";

/// Writes the program.
pub struct Kubectl;

impl Generator for Kubectl {
    fn file_name(&self, name: &str) -> String {
        format!("kubectl_complete-{name}")
    }

    fn generate(&self, command: &Command, out: &mut dyn Write) {
        // A pipe that nobody reads is no fault of the program that is written into it.
        drop(self.try_generate(command, out));
    }

    fn try_generate(&self, command: &Command, out: &mut dyn Write) -> std::io::Result<()> {
        let mut script = HEAD.to_owned();
        script.push_str("case $command:$previous:$last in\n");
        for of in command.get_subcommands() {
            let name = of.get_name();
            for argument in options(of).filter(|argument| argument.get_action().takes_values()) {
                let patterns: Vec<String> = spellings(argument).iter().map(|word| format!("{name}:{word}:*")).collect();
                answer(&mut script, &patterns.join(" | "), &values(argument));
            }
            answer(&mut script, &format!("{name}:*:-*"), &options(of).flat_map(candidates).collect::<Vec<_>>());
            let positional: Vec<String> = of.get_positionals().flat_map(values).collect();
            answer(&mut script, &format!("{name}:*"), &positional);
        }
        answer(&mut script, ":*:-*", &options(command).flat_map(candidates).collect::<Vec<_>>());
        let subcommands = command.get_subcommands().filter(|of| !of.is_hide_set());
        let names: Vec<String> = subcommands.map(|of| line(of.get_name(), of.get_about())).collect();
        answer(&mut script, ":*", &names);
        script.push_str("esac\n");
        out.write_all(script.as_bytes())
    }
}

fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|argument| !argument.is_positional() && !argument.is_hide_set())
}

/// The ways to write an option.
fn spellings(argument: &Arg) -> Vec<String> {
    let long = argument.get_long().map(|long| format!("--{long}"));
    let short = argument.get_short().map(|short| format!("-{short}"));
    long.into_iter().chain(short).collect()
}

fn candidates(argument: &Arg) -> Vec<String> {
    spellings(argument).iter().map(|word| line(word, argument.get_help())).collect()
}

/// The words that a value is one of; none where it may be any.
fn values(argument: &Arg) -> Vec<String> {
    let possible = argument.get_possible_values();
    possible.iter().filter(|value| !value.is_hide_set()).map(|value| line(value.get_name(), value.get_help())).collect()
}

fn line(word: &str, help: Option<&clap::builder::StyledStr>) -> String {
    let help = help.map(ToString::to_string).unwrap_or_default();
    match help.lines().next() {
        Some(help) if !help.is_empty() => format!("{word}\t{help}"),
        _ => word.to_owned(),
    }
}

/// A branch. Without candidates the shell offers files.
fn answer(script: &mut String, pattern: &str, candidates: &[String]) {
    let directive = if candidates.is_empty() { ":0" } else { ":4" };
    // Writing into a text cannot fail.
    let _ = writeln!(script, "{pattern})\ncat <<'END'");
    for candidate in candidates {
        script.push_str(candidate);
        script.push('\n');
    }
    let _ = writeln!(script, "{directive}\nEND\n;;");
}
