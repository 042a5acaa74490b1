//! Runs the targets of coverage-guided fuzzing, one after another, and says in a table what came of each: `make fuzz`.
//!
//! It writes the first inputs and the dictionary, builds the targets with Cargo, and gives each to libFuzzer for a time. What
//! grows stays in `target/fuzz`, so that the next run goes on from there; an input that breaks something is in
//! `target/fuzz/findings`.

mod instructions;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use isolation_fuzz::dictionary::dictionary;
use isolation_fuzz::target::Target;
use isolation_fuzz::targets::TARGETS;

const USAGE: &str = "usage: isolation-fuzz [--seconds N] [TARGET…]
       isolation-fuzz --list
       isolation-fuzz --growth [SHAPE…]

Runs each target, or these, for N seconds (60). FUZZ_SECONDS says the same as --seconds. --growth counts what hostile shapes
cost in three sizes.";

/// How long one input may take, in seconds. On a machine that does other things, too, little says nothing.
const SLOWEST: u32 = 60;
/// How much memory a target may take, in MB: inputs are short, so a whole lot of it means that something multiplies.
const MEMORY: u32 = 1024;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

/// What came of a target.
struct Outcome {
    runs: String,
    seconds: String,
    coverage: String,
    corpus: usize,
    findings: Vec<PathBuf>,
}

fn run() -> Result<bool> {
    let mut seconds = std::env::var("FUZZ_SECONDS").unwrap_or_else(|_| "60".to_owned());
    let mut wanted = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--list" => {
                TARGETS.iter().for_each(|target| println!("{}", target.name));
                return Ok(true);
            }
            "--growth" => return instructions::growth(&arguments.collect::<Vec<_>>()),
            "--shape" => {
                let [name, size] = [arguments.next().context(USAGE)?, arguments.next().context(USAGE)?];
                return instructions::run(&name, &size).map(|()| true);
            }
            "--seconds" => seconds = arguments.next().context(USAGE)?,
            name => wanted.push(TARGETS.iter().find(|target| target.name == name).context(USAGE)?),
        }
    }
    let seconds: u32 = seconds.parse().context("the number of seconds is none")?;
    let targets: Vec<&Target> = if wanted.is_empty() { TARGETS.iter().collect() } else { wanted };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let work = here.join("../target/fuzz");
    build(&here.join("libfuzzer"), &targets)?;
    fs::create_dir_all(&work)?;
    let words = work.join("words.dict");
    fs::write(&words, dictionary()?)?;
    let mut outcomes = Vec::new();
    for target in targets {
        println!("{}: {seconds} s", target.name);
        outcomes.push((target.name, fuzz(target, seconds, &work, &words, &here.join("found"))?));
    }
    Ok(print(&outcomes))
}

fn build(manifest: &Path, targets: &[&Target]) -> Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // In its folder: Cargo reads the flags of the coverage from there. Without --locked: the versions follow those of the
    // project, whose own Cargo.lock is the one that is kept.
    cargo.current_dir(manifest).args(["build", "--release"]);
    if targets.iter().all(|target| target.name != "archives") {
        cargo.arg("--no-default-features");
    }
    for target in targets {
        cargo.args(["--bin", target.name]);
    }
    let built = cargo.status().context("cannot run cargo")?;
    ensure!(built.success(), "the targets cannot be built; libFuzzer needs a C++ compiler (Debian: g++)");
    Ok(())
}

/// The program of a target, which Cargo built for the machine that it runs on.
fn program(work: &Path, name: &str) -> Result<PathBuf> {
    for folder in fs::read_dir(work.join("build"))? {
        let program = folder?.path().join("release").join(name);
        if program.is_file() {
            return Ok(program);
        }
    }
    bail!("{name} was not built")
}

fn fuzz(target: &Target, seconds: u32, work: &Path, words: &Path, found: &Path) -> Result<Outcome> {
    let folder = |kind: &str| -> Result<PathBuf> {
        let folder = work.join(kind).join(target.name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    };
    let (grown, seeds, findings) = (folder("corpus")?, folder("seeds")?, folder("findings")?);
    for (number, seed) in (target.seeds)()?.iter().enumerate() {
        fs::write(seeds.join(format!("{number:05}")), seed)?;
    }
    let before = files(&findings)?;
    let log = work.join(format!("{}.log", target.name));
    let mut command = Command::new(program(work, target.name)?);
    command.arg(&grown).arg(&seeds);
    let old = found.join(target.name);
    if old.is_dir() {
        command.arg(old);
    }
    let ended = command
        .arg(format!("-dict={}", words.display()))
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={}", target.longest))
        .arg(format!("-timeout={SLOWEST}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg("-print_final_stats=1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?)
        .status()
        .with_context(|| format!("cannot run {}", target.name))?;
    let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let mut outcome = outcome(&said, files(&grown)?.len());
    outcome.findings = files(&findings)?.into_iter().filter(|file| !before.contains(file)).collect();
    if !ended.success() && outcome.findings.is_empty() {
        bail!("{} ended with {ended}; {} says why", target.name, log.display());
    }
    Ok(outcome)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// What libFuzzer says at the end: `#1234 DONE cov: 567 ft: 890 corp: 12/34b …`, `Done 1234 runs in 60 second(s)`.
fn outcome(said: &str, corpus: usize) -> Outcome {
    let behind = |word: &str| {
        let (_, rest) = said.rsplit_once(word)?;
        rest.split_whitespace().next().map(str::to_owned)
    };
    let runs = behind("stat::number_of_executed_units:").or_else(|| behind("\n#"));
    let seconds = said.lines().rev().find_map(|line| line.strip_prefix("Done ")?.split(' ').nth(3).map(str::to_owned));
    Outcome {
        runs: runs.unwrap_or_else(|| "?".to_owned()),
        seconds: seconds.unwrap_or_else(|| "until then".to_owned()),
        coverage: behind(" cov: ").unwrap_or_else(|| "?".to_owned()),
        corpus,
        findings: Vec::new(),
    }
}

/// Whether nothing was found.
fn print(outcomes: &[(&str, Outcome)]) -> bool {
    println!("\n{:<14} {:>11} {:>10} {:>9} {:>7}  findings", "target", "runs", "seconds", "coverage", "corpus");
    for (name, Outcome { runs, seconds, coverage, corpus, findings }) in outcomes {
        let found = if findings.is_empty() { "none".to_owned() } else { findings.len().to_string() };
        println!("{name:<14} {runs:>11} {seconds:>10} {coverage:>9} {corpus:>7}  {found}");
    }
    println!("\ncoverage: edges of the control flow; corpus: inputs that reached something new, in target/fuzz/corpus");
    for file in outcomes.iter().flat_map(|(_, outcome)| &outcome.findings) {
        println!("found: {}", file.display());
    }
    outcomes.iter().all(|(_, outcome)| outcome.findings.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_last_words_are_read() {
        let said = "#2\tINITED cov: 5 ft: 6 corp: 1/1b\n#99\tDONE   cov: 57 ft: 90 corp: 12/34b lim: 4\nDone 99 runs in 61 second(s)\n\
                    stat::number_of_executed_units: 99\n";
        let outcome = outcome(said, 3);
        assert_eq!((outcome.runs.as_str(), outcome.seconds.as_str(), outcome.coverage.as_str()), ("99", "61", "57"));
    }

    #[test]
    fn every_target_has_its_program() {
        let manifest = include_str!("../libfuzzer/Cargo.toml");
        for target in TARGETS {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{}.rs\"", target.name)), "{}", target.name);
        }
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    }
}
