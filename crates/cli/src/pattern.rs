//! Patterns of files, as in .gitignore.

use ignore::gitignore::GitignoreBuilder;

/// Whether a pattern can be used.
///
/// # Errors
///
/// Why it cannot.
pub fn check(pattern: &str) -> Result<String, String> {
    GitignoreBuilder::new(".").add_line(None, pattern).map(|_| pattern.to_owned()).map_err(|error| error.to_string())
}
