//! What another program says of its failure.

use std::process::Output;

/// The last of what a command said, on one line.
pub fn stderr(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let last = last.strip_prefix("error: ").unwrap_or(last);
    if last.is_empty() { output.status.to_string() } else { last.chars().take(500).collect() }
}
