//! A module that is measured.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use isolation_figures::Sample;
use isolation_runtime::{Engine, Lookup, Module};
use serde_json::{Value, json};

/// Where a module is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// What a policy costs that does nothing, or does it the customary way.
    Outside,
    /// An earlier commit of ours.
    Before,
    /// The working tree.
    Now,
}

/// The bytes of a request of this name, if the module is asked it.
pub type Payload = Box<dyn Fn(&str) -> Option<Vec<u8>>>;

/// A module that is measured.
pub struct Contender {
    /// The policy; of the others, `floor` and `customary`.
    pub policy: String,
    pub from: From,
    pub bytes: Vec<u8>,
    pub compile: Duration,
    module: Module,
    /// The times of calls in microseconds, by question.
    times: Vec<Vec<f64>>,
}

/// What all contenders are asked in turn; a policy may have nothing to say to it.
pub struct Question {
    /// What it is called.
    pub name: String,
    /// How many bytes the request has.
    pub bytes: usize,
    /// The payload, by the policy's name.
    pub payload: Payload,
    /// Whether it is accepted.
    pub accepted: bool,
    /// Of how many rounds one asks it: long calls vary less.
    pub every: usize,
}

/// What a policy is called with.
pub fn payload(request: &Value, settings: &Value) -> Vec<u8> {
    json!({"request": request, "settings": settings}).to_string().into_bytes()
}

impl Contender {
    pub fn load(engine: &Engine, file: &Path, from: From) -> Result<Self> {
        let policy = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}: run `make bench`", file.display()))?;
        let start = Instant::now();
        let module = Module::compile(engine, &bytes)?;
        Ok(Contender { policy, from, compile: start.elapsed(), bytes, module, times: Vec::new() })
    }

    /// Every module in a folder, by name.
    pub fn load_all(engine: &Engine, folder: &Path, from: From) -> Result<Vec<Self>> {
        let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|ending| ending == "wasm"));
        files.sort();
        files.iter().map(|file| Self::load(engine, file, from)).collect()
    }

    /// The policy, and the commit if it is not today's.
    pub fn name(&self) -> String {
        if self.from == From::Before { format!("{}, 0.1.0", self.policy) } else { self.policy.clone() }
    }

    /// Asks once and notes how long the answer took.
    pub fn ask(&mut self, number: usize, question: &Question, cluster: &Arc<dyn Lookup>) -> Result<()> {
        let Some(payload) = (question.payload)(&self.policy) else { return Ok(()) };
        let start = Instant::now();
        let answer = self.module.call("validate", &payload, cluster)?;
        let time = start.elapsed();
        // The floor accepts whatever it gets.
        let expected = question.accepted || self.policy == "floor";
        let accepted = serde_json::from_slice::<Value>(&answer)?["accepted"] == true;
        ensure!(accepted == expected, "{} answers {}", self.name(), String::from_utf8_lossy(&answer));
        if self.times.len() <= number {
            self.times.resize(number + 1, Vec::new());
        }
        if let Some(times) = self.times.get_mut(number) {
            times.push(time.as_secs_f64() * 1e6);
        }
        Ok(())
    }

    /// The times of a question's answers; none where it was not asked.
    pub fn times(&self, number: usize) -> Option<Sample> {
        let times = self.times.get(number).filter(|times| !times.is_empty())?;
        Some(Sample::of(times.iter().copied()))
    }
}
