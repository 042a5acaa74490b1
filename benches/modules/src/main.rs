//! Compares every module in `dist/` with the floor, a module that accepts without looking, with a policy that is written the
//! customary way, and with the modules of an earlier commit: size, compile time, memory, and the time of a request, each on a
//! fresh instance.
//!
//! `isolation-bench [FOLDER]`: the folder holds modules to compare with, in place of `target/baseline/dist`. The tables are
//! printed as Markdown, and the picture is written to `docs/images/bench.svg`.
//!
//! The modules take turns within one run, so that whatever else the machine does falls on all of them alike. What counts
//! are the ratios: benches/README.md has the budgets.

mod contender;
mod cost;
mod picture;
mod requests;
mod tables;

use std::path::{Path, PathBuf};

use anyhow::Result;
use isolation_runtime::{Engine, EngineOptions, no_cluster};

use contender::{Contender, From, Question, payload};
use requests::{pod, refused, settings};

/// Rounds; in each, every module gets every question that is due.
const ROUNDS: usize = 300;

/// The sizes of requests, in bytes.
const SIZES: [usize; 4] = [1_000, 7_000, 50_000, 1_000_000];

/// The sizes by which growth is shown.
const GROWTH: [usize; 5] = [200_000, 400_000, 600_000, 800_000, 1_000_000];

/// How many entries long settings have.
const ENTRIES: usize = 1_000;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // Compiled modules are not kept, so that compiling is measured.
    let engine = Engine::new(EngineOptions { cache: false, ..EngineOptions::default() })?;
    let before = std::env::args_os().nth(1).map_or_else(|| root.join("target/baseline/dist"), PathBuf::from);
    let mut contenders = vec![
        Contender::load(&engine, &root.join("target/wasm32-wasip1/wasm/floor.wasm"), From::Outside)?,
        Contender::load(
            &engine,
            &root.join("benches/customary/target/wasm32-wasip1/wasm/customary.wasm"),
            From::Outside,
        )?,
    ];
    contenders.extend(Contender::load_all(&engine, &before, From::Before)?);
    contenders.extend(Contender::load_all(&engine, &root.join("dist"), From::Now)?);

    let questions = Questions::new();
    let all = questions.all();
    let cluster = no_cluster();
    for round in 0..ROUNDS {
        for (number, question) in all.iter().enumerate().filter(|(_, question)| round % question.every == 0) {
            for contender in &mut contenders {
                contender.ask(number, question, &cluster)?;
            }
        }
    }

    println!("Medians of {ROUNDS} rounds, a fresh instance for every request; of large requests, of a part of them.\n");
    let seven = questions.numbers(Part::Passing).nth(1).unwrap_or_default();
    if let Some(question) = all.get(seven) {
        tables::sizes(&contenders, question)?;
    }
    tables::times("A request that is accepted", &contenders, &all, &questions.numbers(Part::Passing));
    tables::times("A request that is refused", &contenders, &all, &questions.numbers(Part::Failing));
    tables::times(
        "7 KB accepted, with settings of 1,000 entries",
        &contenders,
        &all,
        &questions.numbers(Part::Settings),
    );
    let growth = questions.numbers(Part::Growth);
    tables::growth(&contenders, &all, &growth);
    let folder = root.join("docs/images");
    std::fs::create_dir_all(&folder)?;
    picture::draw(
        &folder.join("bench.svg"),
        &contenders,
        seven,
        &growth.map(|at| (at, all.get(at))).collect::<Vec<_>>(),
    )?;
    Ok(())
}

/// What is asked, in four parts.
struct Questions([Vec<Question>; 4]);

#[derive(Clone, Copy)]
enum Part {
    Passing,
    Failing,
    Settings,
    Growth,
}

impl Questions {
    fn new() -> Self {
        let passing = |size: usize, entries: usize, name: String| {
            let request = pod(size, true);
            Question {
                name,
                bytes: request.to_string().len(),
                payload: Box::new(move |policy| Some(payload(&request, &settings(policy, entries)))),
                accepted: true,
                every: every(size),
            }
        };
        let failing = |size: usize| Question {
            name: shown(size),
            bytes: size,
            payload: Box::new(move |policy| {
                let request = if policy == "floor" { Some(pod(size, false)) } else { refused(policy, size) };
                Some(payload(&request?, &settings(policy, 0)))
            }),
            accepted: false,
            every: every(size),
        };
        Questions([
            SIZES.iter().map(|size| passing(*size, 0, shown(*size))).collect(),
            SIZES.iter().map(|size| failing(*size)).collect(),
            vec![passing(SIZES[1], ENTRIES, "7 KB".to_owned())],
            GROWTH.iter().map(|size| passing(*size, 0, shown(*size))).collect(),
        ])
    }

    fn all(self: &Questions) -> Vec<&Question> {
        self.0.iter().flatten().collect()
    }

    /// The numbers of a part's questions among all.
    fn numbers(&self, part: Part) -> std::ops::Range<usize> {
        let part = part as usize;
        let start: usize = self.0.iter().take(part).map(Vec::len).sum();
        start..start + self.0.get(part).map_or(0, Vec::len)
    }
}

fn shown(size: usize) -> String {
    format!("{} KB", size / 1_000)
}

fn every(size: usize) -> usize {
    match size {
        0..20_000 => 1,
        20_000..100_000 => 5,
        _ => 30,
    }
}
