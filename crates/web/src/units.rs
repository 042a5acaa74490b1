//! Places in a text as a browser counts them: in UTF-16 code units.

use serde::Serialize;
use std::ops::Range;

/// A part of a text, in UTF-16 code units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first unit.
    pub from: usize,
    /// The unit behind the last.
    pub to: usize,
}

/// A text whose bytes are to be found in UTF-16.
#[derive(Debug)]
pub struct Units {
    /// How many units stand before each byte; nothing where bytes and units are the same.
    before: Vec<u32>,
    length: usize,
}

impl Units {
    /// Counts the units of a text, once for all places in it.
    pub fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Units { before: Vec::new(), length: text.len() };
        }
        let mut before = Vec::with_capacity(text.len() + 1);
        let mut units: u32 = 0;
        for character in text.chars() {
            before.extend(std::iter::repeat_n(units, character.len_utf8()));
            units += if character.len_utf16() == 2 { 2 } else { 1 };
        }
        before.push(units);
        Units { length: units as usize, before }
    }

    /// These bytes of the text.
    pub fn span(&self, bytes: &Range<usize>) -> Span {
        let from = self.unit(bytes.start);
        Span { from, to: self.unit(bytes.end).max(from) }
    }

    fn unit(&self, byte: usize) -> usize {
        if self.before.is_empty() {
            return byte.min(self.length);
        }
        self.before.get(byte).map_or(self.length, |units| *units as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_javascript() {
        for text in ["", "plain", "ä: €", "a: 😀 b", "😀😀"] {
            let units = Units::of(text);
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let expected = text[..byte].encode_utf16().count();
                assert_eq!(units.span(&(byte..byte)), Span { from: expected, to: expected }, "{text} {byte}");
            }
            assert_eq!(units.span(&std::ops::Range { start: 9_000, end: 1 }).from, text.encode_utf16().count());
        }
    }
}
