//! Counting instructions: `make growth`.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use isolation_fuzz::growth::{SHAPES, Shape};

/// How many instructions are too few to say anything: a run differs by some from the next.
const NOISE: u64 = 1_000_000;

/// Runs each shape in three sizes and prints what twice the size costs; whether all grow as their input does.
pub fn growth(names: &[String]) -> Result<bool> {
    let mut linear = true;
    println!("{:<44} {:>8} {:>15} {:>8}", "shape", "size", "instructions", "doubled");
    for shape in
        SHAPES.iter().filter(|shape| names.is_empty() || names.iter().any(|name| shape.name.contains(name.as_str())))
    {
        let sizes = [shape.size, 2 * shape.size, 4 * shape.size];
        let counts = sizes.iter().map(|size| count(shape, *size)).collect::<Result<Vec<_>>>()?;
        // What every run costs, whatever its size, falls out.
        let steps = [counts[1].saturating_sub(counts[0]), counts[2].saturating_sub(counts[1])];
        let ratio = steps[1] as f64 / steps[0].max(1) as f64;
        let good = ratio <= shape.most || steps[1] < NOISE;
        linear &= good;
        let verdict = if good { "" } else { "  grows faster than its input" };
        println!("{:<44} {:>8} {:>15} {:>8.2}{verdict}", shape.name, sizes[2], counts[2], ratio);
    }
    Ok(linear)
}

/// How many instructions this program takes for a shape, by valgrind.
fn count(shape: &Shape, size: usize) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["--shape", shape.name, &size.to_string()])
        .output()
        .context("cannot run valgrind (Debian: valgrind)")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} in size {size}: {said}", shape.name);
    let (_, count) =
        said.split_once("I refs:").or_else(|| said.split_once("I   refs:")).context("valgrind counts nothing")?;
    let digits: String = count.lines().next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    digits.parse().with_context(|| format!("valgrind counts {digits:?}"))
}

/// Runs one shape: what valgrind counts.
pub fn run(name: &str, size: &str) -> Result<()> {
    let shape = SHAPES.iter().find(|shape| shape.name == name).context("there is no such shape")?;
    shape.run(size.parse().context("the size is no number")?)
}
