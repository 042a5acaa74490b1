//! Progress bars on the terminal, for runs that take long.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Of how many bytes on it is shown how far they are read.
const LONG_TEXT: u64 = 8 << 20;

/// Of how many objects on it is shown how many are judged.
const MANY_OBJECTS: u64 = 2_000;

/// For reading so many bytes.
pub fn reading(bytes: u64) -> ProgressBar {
    bar(bytes, bytes > LONG_TEXT, "{bar:30} {bytes}/{total_bytes} read, {eta} left")
}

/// For judging so many objects.
pub fn judging(objects: usize) -> ProgressBar {
    let objects = objects as u64;
    bar(objects, objects > MANY_OBJECTS, "{bar:30} {pos}/{len} objects, {eta} left")
}

fn bar(length: u64, is_shown: bool, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
    if is_shown {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
