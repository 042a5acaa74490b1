//! Every target over its first inputs, over changes of some of them, and over what was once found.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use isolation_fuzz::random::Random;
use isolation_fuzz::target::Target;
use isolation_fuzz::targets::TARGETS;

/// How many of a target's first inputs are tried, evenly taken from all: `make fuzz` tries each, and so does `FUZZ_ROUNDS=2`.
const SEEDS: usize = 20;

fn shown(data: &[u8]) -> String {
    data.escape_ascii().to_string()
}

fn each(check: impl Fn(&Target) -> Result<usize> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let running: Vec<_> = TARGETS.iter().map(|target| scope.spawn(|| (target.name, check(target)))).collect();
        let mut broken = String::new();
        for run in running {
            let (name, checked) = run.join().map_err(|_| anyhow::anyhow!("a target panics; its message is above"))?;
            match checked {
                Ok(0) => broken += &format!("{name}: nothing was tried\n"),
                Ok(_) => {}
                Err(error) => broken += &format!("{name}: {error:#}\n"),
            }
        }
        ensure!(broken.is_empty(), "{broken}");
        Ok(())
    })
}

#[test]
fn the_first_inputs_and_their_changes_hold() -> Result<()> {
    each(|target| {
        let seeds = (target.seeds)()?;
        ensure!(seeds.iter().all(|seed| seed.len() <= 4 * target.longest), "the first inputs are too long");
        let mut changed = 0;
        let rounds = crate::hostile::rounds();
        let step = if rounds > 1 { 1 } else { 1 + seeds.len() / SEEDS };
        for (number, seed) in seeds.iter().enumerate().step_by(step) {
            (target.check)(seed).with_context(|| shown(seed))?;
            for round in 0..rounds {
                let mut random = Random::new((number as u64) << 32 | round);
                // Changed once, twice and three times.
                let mut input = seed.clone();
                for _ in 0..=round % 3 {
                    let Some(other) = (target.change)(&input, &mut random) else { break };
                    input = other;
                }
                (target.check)(&input).with_context(|| shown(&input))?;
                changed += 1;
            }
        }
        Ok(changed)
    })
}

/// Each file below `found/TARGET` is an input that once broke something; its name says what.
#[test]
fn what_was_found_stays_mended() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    let mut tried = 0;
    for target in TARGETS {
        let Ok(files) = std::fs::read_dir(folder.join(target.name)) else { continue };
        for file in files {
            let path = file?.path();
            (target.check)(&std::fs::read(&path)?).with_context(|| path.display().to_string())?;
            tried += 1;
        }
    }
    let known: Vec<_> = std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
    let strangers = known.iter().filter(|name| TARGETS.iter().all(|target| *name != target.name));
    ensure!(strangers.count() == 0, "found/ has a folder that no target reads: {known:?}");
    ensure!(tried > 0, "nothing was tried");
    Ok(())
}
