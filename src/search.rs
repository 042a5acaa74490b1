//! Searching a text for another. The standard library's search is made for long texts and costs a module four kilobytes;
//! what is looked for here has two or three bytes.

/// The byte offset at which `part` first stands in `text`.
pub fn find(text: &str, part: &str) -> Option<usize> {
    text.as_bytes().windows(part.len().max(1)).position(|window| window == part.as_bytes())
}

/// What stands before and behind the first `part` in `text`.
pub fn split_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, part)?;
    Some((text.get(..at)?, text.get(at + part.len()..)?))
}

/// Whether `part` stands in `text`.
pub fn contains(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_standard_library_finds() {
        for (text, part) in [("a://b", "://"), ("://", "://"), ("", "://"), ("é{{x", "{{"), ("{", "{{"), ("ab", "c")] {
            assert_eq!(find(text, part), text.find(part));
            assert_eq!(split_once(text, part), text.split_once(part));
        }
    }
}
