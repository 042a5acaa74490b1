//! One thing that is fuzzed: what must hold of it, and how its input is made.

use anyhow::Result;

use crate::random::Random;

/// One thing that is fuzzed.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its program.
    pub name: &'static str,
    /// What must hold of an input. An input that is not of the target's form holds all.
    pub check: fn(&[u8]) -> Result<()>,
    /// Makes another input of the same form; none where it sees no way.
    pub change: fn(&[u8], &mut Random) -> Option<Vec<u8>>,
    /// What to start from.
    pub seeds: fn() -> Result<Vec<Vec<u8>>>,
    /// The longest input that is tried.
    pub longest: usize,
}

impl Target {
    /// What the engine calls: an input of which something does not hold ends the program.
    ///
    /// # Panics
    ///
    /// If something does not hold; that is how the engine is told.
    #[allow(clippy::panic)]
    pub fn run(&self, data: &[u8]) {
        if let Err(problem) = (self.check)(data) {
            panic!("{}: {problem:#}", self.name);
        }
    }

    /// What the engine calls for another input: two times out of three one of the same form, otherwise one that the engine
    /// makes byte by byte. `data` has room for `max` bytes, of which `size` are used; gives how many are used then.
    pub fn mutate(
        &self,
        data: &mut [u8],
        size: usize,
        max: usize,
        seed: u32,
        by_bytes: fn(&mut [u8], usize, usize) -> usize,
    ) -> usize {
        let mut random = Random::new(u64::from(seed));
        if random.below(3) > 0
            && let Some(other) = data.get(..size).and_then(|data| (self.change)(data, &mut random))
            && !other.is_empty()
            && let Some(room) = data.get_mut(..other.len().min(max))
            && let Some(fits) = other.get(..room.len())
        {
            room.copy_from_slice(fits);
            return room.len();
        }
        by_bytes(data, size, max)
    }
}

/// The first byte, which chooses, and the text behind it; none where it is not a text.
pub fn chosen(data: &[u8]) -> Option<(usize, &str)> {
    let (first, rest) = data.split_first()?;
    Some((usize::from(*first), std::str::from_utf8(rest).ok()?))
}

/// An input that [`chosen`] takes apart.
pub fn choosing(choice: usize, text: &str) -> Vec<u8> {
    let mut data = vec![u8::try_from(choice % 256).unwrap_or_default()];
    data.extend_from_slice(text.as_bytes());
    data
}

/// Another choice, or another text by `change`.
pub fn change_text(
    data: &[u8],
    random: &mut Random,
    change: fn(&str, &mut Random) -> Option<String>,
) -> Option<Vec<u8>> {
    let (choice, text) = chosen(data)?;
    if random.below(16) == 0 {
        return Some(choosing(random.below(256), text));
    }
    Some(choosing(choice, &change(text, random)?))
}
