//! Running a process, and what it used.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use isolation_figures::Sample;
use wait4::Wait4 as _;

/// What a process used.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Seconds from its start to its end.
    pub wall: f64,
    /// Seconds of processors.
    pub cpu: f64,
    /// The most bytes of memory that it held at a time.
    pub memory: f64,
}

/// Runs a program. Its exit status may say that there are violations.
pub fn watch(program: &Path, arguments: &[&OsStr]) -> Result<Usage> {
    let start = Instant::now();
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let name = program.display();
    let child = command.spawn().with_context(|| format!("cannot run {name}"))?;
    let used = child.wait4().with_context(|| format!("cannot wait for {name}"))?;
    let wall = start.elapsed().as_secs_f64();
    ensure!(matches!(used.status.code(), Some(0 | 1)), "{name} ended with {}", used.status);
    let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    Ok(Usage { wall, cpu, memory: used.rusage.maxrss as f64 })
}

impl Usage {
    /// The median of each of the three.
    pub fn median(usages: &[Usage]) -> Self {
        let median = |value: fn(&Usage) -> f64| Sample::of(usages.iter().map(value)).median();
        Usage { wall: median(|usage| usage.wall), cpu: median(|usage| usage.cpu), memory: median(|usage| usage.memory) }
    }

    /// `0.71 (1.23)  2.4 x`
    pub fn show(&self, bytes: usize) -> String {
        format!("{:>5.2} ({:>5.2}) {:>4.1} x", self.wall, self.cpu, self.memory / bytes as f64)
    }
}
