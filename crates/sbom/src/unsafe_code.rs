//! How often a crate's sources say `unsafe`.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::workspace::SbomError;

/// The uses of the keyword `unsafe` (blocks, functions, implementations, attributes) in the Rust files below a folder, for
/// whatever platform they are. Comments and strings do not count, nor do the crate's own tests, benches and examples.
///
/// # Errors
///
/// A file that cannot be read, or whose text is not made of Rust's tokens.
pub(crate) fn uses(folder: &Path) -> Result<usize, SbomError> {
    let mut folders = vec![folder.to_owned()];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        let failed = |path: &Path, cause: String| SbomError::Source { path: path.to_owned(), cause };
        for entry in fs::read_dir(&folder).map_err(|error| failed(&folder, error.to_string()))? {
            let path = entry.map_err(|error| failed(&folder, error.to_string()))?.path();
            if path.is_dir() {
                if !is_of_tests(&path) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).map_err(|error| failed(&path, error.to_string()))?;
                let tokens: TokenStream = text.parse().map_err(|error| failed(&path, format!("{error}")))?;
                count += in_tokens(tokens);
            }
        }
    }
    Ok(count)
}

fn is_of_tests(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| matches!(name, "tests" | "benches" | "examples" | "fuzz" | "target"))
}

fn in_tokens(tokens: TokenStream) -> usize {
    let of = |token| match token {
        TokenTree::Group(group) => in_tokens(group.stream()),
        TokenTree::Ident(word) => usize::from(word == "unsafe"),
        TokenTree::Punct(_) | TokenTree::Literal(_) => 0,
    };
    tokens.into_iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::in_tokens;

    #[test]
    fn the_keyword_counts_wherever_it_is_and_nothing_else() {
        let text = r#"
            // unsafe
            #[unsafe(no_mangle)]
            unsafe fn one() { let text = "unsafe"; if true { unsafe { two() } } }
            macro_rules! three { () => { unsafe { four() } } }
            #![allow(unsafe_code)]
        "#;
        assert_eq!(in_tokens(text.parse().unwrap()), 4);
    }
}
