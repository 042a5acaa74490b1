//! The command line beside a program that only parses the same text with the same library: time, processor time, memory.
//!
//! `isolation-bench-command-line [ISOLATION]` measures `target/release/isolation`, or another program with the same arguments.
//! The contenders take turns within one run, so that whatever else the machine does falls on all of them alike.
//!
//! It calls itself to parse: `--parse`, `--parse-on-all-cores`.

mod parse;
mod texts;
mod watch;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use isolation_figures::{Line, Sample};

use watch::Usage;

/// How many objects the texts have.
const OBJECTS: usize = 10_000;

/// How often everything is run.
const ROUNDS: usize = 5;

/// How often the smallest text is checked.
const SMALL_ROUNDS: usize = 20;

/// By how much the texts for the growth differ.
const STEP: usize = 4_000;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let rest = || arguments.get(1..).unwrap_or_default();
    match arguments.first().and_then(|first| first.to_str()) {
        Some("--parse") => parse::run(rest(), false),
        Some("--parse-on-all-cores") => parse::run(rest(), true),
        _ => {
            let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/release/isolation");
            let program = arguments.first().map_or(built, PathBuf::from);
            let program = program.canonicalize().with_context(|| format!("{} is missing", program.display()))?;
            bench(&program)
        }
    }
}

fn bench(program: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    let configuration = at("isolation.yaml");
    std::fs::write(&configuration, "registries: [myacr.azurecr.io]\n")?;
    println!(
        "{OBJECTS} Deployments, medians of {ROUNDS} rounds; time in seconds, of all cores in brackets; memory in times the text"
    );
    println!("{:28} {:>8} {:>20} {:>20} {:>20}", "", "MB", "parse, one core", "parse, all cores", "check");
    for (name, image, is_split) in [
        ("one file, passing", texts::OURS, false),
        ("one file, all violating", texts::THEIRS, false),
        ("as many files, passing", texts::OURS, true),
        ("as many files, violating", texts::THEIRS, true),
    ] {
        let path = at(&name.replace([' ', ','], "-"));
        let bytes = texts::write(&path, OBJECTS, image, is_split)?;
        let contenders = Contenders { program, configuration: &configuration, path: &path };
        let mut usages = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (usage, usages) in contenders.run()?.into_iter().zip(&mut usages) {
                usages.push(usage);
            }
        }
        let [one, all, check] = usages.map(|usages| Usage::median(&usages));
        println!(
            "{name:28} {:>8.1} {} {} {}  = {:.2} x one core, {:.2} x all cores",
            bytes as f64 / 1e6,
            one.show(bytes),
            all.show(bytes),
            check.show(bytes),
            check.wall / one.wall,
            check.wall / all.wall,
        );
        if is_split { std::fs::remove_dir_all(path)? } else { std::fs::remove_file(path)? }
    }

    let path = at("one.yaml");
    texts::write(&path, 1, texts::THEIRS, false)?;
    let contenders = Contenders { program, configuration: &configuration, path: &path };
    let times = (0..SMALL_ROUNDS).map(|_| Ok(contenders.check()?.wall * 1e3)).collect::<Result<Vec<_>>>()?;
    let times = Sample::of(times);
    println!("one document: median {:.1} ms, slowest {:.1} ms", times.median(), times.quantile(1.0));

    let mut points = Vec::new();
    for objects in (1..=5).map(|step| step * STEP) {
        let path = at("growth.yaml");
        let bytes = texts::write(&path, objects, texts::THEIRS, false)?;
        let contenders = Contenders { program, configuration: &configuration, path: &path };
        let usages = (0..ROUNDS).map(|_| contenders.check()).collect::<Result<Vec<_>>>()?;
        points.push((bytes as f64 / 1e6, Usage::median(&usages)));
    }
    grows("time of all cores, s", &points, |usage| usage.cpu);
    grows("memory, MB", &points, |usage| usage.memory / 1e6);
    Ok(())
}

fn grows(what: &str, points: &[(f64, Usage)], value: impl Fn(&Usage) -> f64) {
    let points: Vec<_> = points.iter().map(|(size, usage)| (*size, value(usage))).collect();
    let Line { start, slope, r2, excess } = Line::through(&points);
    let shown: Vec<_> = points.iter().map(|(size, value)| format!("{size:.0} MB: {value:.2}")).collect();
    println!("{what}: {}", shown.join(", "));
    println!("  = {start:.3} + {slope:.4} per MB, r2 {r2:.4}, the largest {:+.1} % off the line", excess * 1e2);
}

/// The programs that take turns.
struct Contenders<'c> {
    program: &'c Path,
    configuration: &'c Path,
    path: &'c Path,
}

impl Contenders<'_> {
    fn run(&self) -> Result<[Usage; 3]> {
        let myself = std::env::current_exe()?;
        let parse = |how: &str| watch::watch(&myself, &[how.as_ref(), self.path.as_os_str()]);
        Ok([parse("--parse")?, parse("--parse-on-all-cores")?, self.check()?])
    }

    fn check(&self) -> Result<Usage> {
        let (configuration, path) = (self.configuration.as_os_str(), self.path.as_os_str());
        watch::watch(self.program, &["check".as_ref(), "-c".as_ref(), configuration, path])
    }
}
