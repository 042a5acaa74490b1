//! A text that was read, and where its lines begin.

use std::sync::OnceLock;

/// A file, standard input, or whatever else has a name and a text.
#[derive(Debug)]
pub struct Source {
    /// What it is called in output.
    pub name: String,
    /// Its text.
    pub text: String,
    marks: OnceLock<Vec<Mark>>,
}

/// Line and column, counted from 1; a column is a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What is known at a byte of the text, so that a position is found by reading on from there and not from the beginning.
#[derive(Clone, Copy, Debug)]
struct Mark {
    line: usize,
    line_start: usize,
    /// How many characters of the line precede the mark.
    characters: usize,
}

/// How many bytes lie between two marks. Lines would not do: a dump in JSON can be one line of a hundred megabytes.
const STRIDE: usize = 1024;

impl Source {
    /// A text and its name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source { name: name.into(), text: text.into(), marks: OnceLock::new() }
    }

    /// A source that has let go of its text, and of which only this position is known.
    pub(crate) fn of_position(name: &str, Position { line, column }: Position) -> Self {
        let mark = Mark { line, line_start: 0, characters: column.saturating_sub(1) };
        Source { name: name.to_owned(), text: String::new(), marks: OnceLock::from(vec![mark]) }
    }

    /// The position of a byte; what lies behind the end counts as the end.
    pub fn position(&self, at: usize) -> Position {
        let mark = self.mark(at);
        Position { line: mark.line, column: mark.characters + 1 }
    }

    /// Where the line of this byte begins.
    pub fn line_start(&self, at: usize) -> usize {
        self.mark(at).line_start
    }

    fn mark(&self, at: usize) -> Mark {
        let at = at.min(self.text.len());
        let marks = self.marks.get_or_init(|| marks(self.text.as_bytes()));
        let nearest = at / STRIDE;
        match marks.get(nearest) {
            Some(mark) => mark.read(self.text.as_bytes(), nearest * STRIDE, at),
            None => Mark::START,
        }
    }
}

fn marks(text: &[u8]) -> Vec<Mark> {
    let mut marks = vec![Mark::START];
    let mut mark = Mark::START;
    for at in (STRIDE..=text.len()).step_by(STRIDE) {
        mark = mark.read(text, at - STRIDE, at);
        marks.push(mark);
    }
    marks
}

impl Mark {
    const START: Mark = Mark { line: 1, line_start: 0, characters: 0 };

    /// The mark at `to`, from this one at `from`.
    fn read(mut self, text: &[u8], from: usize, to: usize) -> Mark {
        let mut read = text.get(from..to).unwrap_or_default();
        if let Some(last) = memchr::memrchr(b'\n', read) {
            let lines = memchr::memchr_iter(b'\n', read).count();
            self = Mark { line: self.line + lines, line_start: from + last + 1, characters: 0 };
            read = read.get(last + 1..).unwrap_or_default();
        }
        // The first byte of a character has not the form of the others.
        self.characters += read.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By reading all that comes before.
    fn counted(text: &str, at: usize) -> Position {
        let before = &text[..at.min(text.len())];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }

    #[test]
    fn a_position_is_that_of_counting_from_the_beginning() {
        let lines = "a: ä\n\nlong: ".repeat(400) + &"€x".repeat(1_500) + "\nend";
        for text in ["", "\n", "x", "ä", lines.as_str()] {
            let source = Source::new("a.yaml", text);
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                assert_eq!(source.position(at), counted(text, at), "{at}");
            }
            assert_eq!(source.position(text.len() + 1), counted(text, text.len()));
        }
    }
}
