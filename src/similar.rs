//! "Did you mean": the known word nearest to a misspelt one.

/// The word of `known` that differs from `given` by the fewest single-character edits, if that is at most a third of its
/// length. Long words are not compared: the cost is bounded.
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    nearest_by(strsim::levenshtein, given, known)
}

/// The same where two swapped characters count as one edit, as in `mrc` for `mcr`. It is more code, so the modules do without.
pub fn nearest_swapped<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    nearest_by(strsim::osa_distance, given, known)
}

fn nearest_by<'k>(
    distance: impl Fn(&str, &str) -> usize,
    given: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    if given.len() > 64 {
        return None;
    }
    let given = given.to_ascii_lowercase();
    known
        .into_iter()
        .map(|word| (distance(&given, &word.to_ascii_lowercase()), word))
        .filter(|(distance, word)| *distance <= word.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_swapped};

    #[test]
    fn finds_the_misspelt_word_and_nothing_far_off() {
        assert_eq!(nearest("registeries", ["registries", "mcr"]), Some("registries"));
        assert_eq!(nearest("privateEndpiont", ["privateEndpoint"]), Some("privateEndpoint"));
        assert_eq!(nearest("colour", ["registries", "mcr"]), None);
    }

    #[test]
    fn swapped_characters_are_one_edit() {
        assert_eq!(nearest("mrc", ["registries", "mcr"]), None);
        assert_eq!(nearest_swapped("mrc", ["registries", "mcr"]), Some("mcr"));
        assert_eq!(nearest_swapped("mxr", ["registries", "mcr"]), Some("mcr"));
        assert_eq!(nearest_swapped("rmc", ["registries", "mcr"]), None);
    }

    #[test]
    fn long_words_are_not_compared() {
        let (long, longer) = ("a".repeat(64), "a".repeat(65));
        assert_eq!(nearest(&long, [longer.as_str()]), Some(longer.as_str()));
        assert_eq!(nearest(&longer, [long.as_str()]), None);
    }
}
