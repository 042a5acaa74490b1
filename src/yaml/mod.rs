//! YAML as people write it inside a string: a merge patch, a template in a ConfigMap.
//!
//! [`to_json`] reads block and flow mappings and sequences, plain and quoted scalars and comments, and writes JSON, so that
//! what follows is one [`Document`](crate::json::Document) like any other. Plain scalars mean what they mean to
//! `sigs.k8s.io/yaml`, which Kubernetes' controllers read with: `yes`, `on` and `y` are booleans.
//!
//! It is strict rather than complete. Anchors, aliases, tags, block scalars, scalars over several lines, escapes and numbers
//! that JSON does not have (`010` is eight to a controller), and a second document are refused, each by name: a reader in
//! the admission path must not guess, and nobody needs them there. What it accepts, it reads as the controllers do.

mod flow;
mod lines;
mod scalar;

use lines::{Line, split};

/// How deep lists and objects may nest.
const MAX_DEPTH: usize = 120;

/// Why a text was not read, and on which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there: a clause.
    pub problem: &'static str,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("line ")?;
        f.write_str(&self.line.to_string())?;
        f.write_str(": ")?;
        f.write_str(self.problem)
    }
}

/// Reads one YAML document and writes it as JSON. An empty text is `null`.
///
/// # Errors
///
/// What is not YAML, and what of YAML is not read; see the module's documentation.
pub fn to_json(text: &str) -> Result<String, Problem> {
    let mut line = 0;
    read(text, &mut line).map_err(|fault| Problem { line, problem: fault })
}

/// What is wrong with a text; where is noted as it is read. One thin pointer keeps small what every function returns.
type Fault = &'static &'static str;

fn read(text: &str, line: &mut usize) -> Result<String, Fault> {
    let lines = split(text, line)?;
    let mut reader = Reader { text, line, lines, next: 0, depth: 0, out: String::with_capacity(text.len() + 16) };
    match reader.peek() {
        None => reader.out.push_str("null"),
        Some(line) => {
            reader.node(line.indent)?;
            if reader.peek().is_some() {
                return Err(&"this line belongs to nothing; check how far it is indented");
            }
        }
    }
    Ok(reader.out)
}

struct Reader<'a, 'l> {
    text: &'a str,
    /// The number of the line that is read, for a fault.
    line: &'l mut usize,
    lines: Vec<Line>,
    /// The line that is read next.
    next: usize,
    depth: usize,
    out: String,
}

impl<'a> Reader<'a, '_> {
    fn peek(&mut self) -> Option<Line> {
        let line = self.lines.get(self.next).copied()?;
        *self.line = line.number;
        Some(line)
    }

    /// The rest of a line, from its first character that is not a blank, with its comment.
    fn content(&self, line: Line) -> &'a str {
        self.text.get(line.start..line.end).unwrap_or_default()
    }

    /// The node that the next line begins: a sequence, a mapping, or a scalar or flow collection of its own.
    fn node(&mut self, indent: usize) -> Result<(), Fault> {
        let Some(line) = self.peek() else { return Ok(()) };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(&"lists and objects are nested too deep");
        }
        let content = self.content(line);
        if is_item(content) {
            self.sequence(indent)?;
        } else if scalar::key_end(content)?.is_some() {
            self.mapping(indent)?;
        } else {
            self.value(line, content)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn sequence(&mut self, indent: usize) -> Result<(), Fault> {
        self.out.push('[');
        let mut first = true;
        while let Some(line) = self.peek().filter(|line| line.indent >= indent) {
            let content = self.content(line);
            if line.indent > indent || !is_item(content) {
                // Lines of the mapping that holds this sequence stand at the same indentation.
                if line.indent == indent && scalar::key_end(content)?.is_some() {
                    break;
                }
                return Err(&"expected the next item of the list; check how far the line is indented");
            }
            if !std::mem::take(&mut first) {
                self.out.push(',');
            }
            let rest = content.get(1..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_ascii_start().len();
            if scalar::is_blank(rest) {
                self.next += 1;
                self.below(indent, false)?;
            } else {
                // What follows the dash is a line of its own, that much further in.
                let inner = indent + 1 + blanks;
                if let Some(here) = self.lines.get_mut(self.next) {
                    here.indent = inner;
                    here.start += 1 + blanks;
                }
                self.node(inner)?;
            }
        }
        self.out.push(']');
        Ok(())
    }

    fn mapping(&mut self, indent: usize) -> Result<(), Fault> {
        self.out.push('{');
        let mut first = true;
        while let Some(line) = self.peek().filter(|line| line.indent >= indent) {
            let content = self.content(line);
            if line.indent > indent {
                return Err(&"indented further than the key that it follows");
            }
            if is_item(content) {
                return Err(&"a list item stands where a key is expected");
            }
            let Some(end) = scalar::key_end(content)? else {
                return Err(&"expected `key: value`");
            };
            if !std::mem::take(&mut first) {
                self.out.push(',');
            }
            let (key, rest) = (content.get(..end).unwrap_or_default(), content.get(end + 1..).unwrap_or_default());
            scalar::write_key(key.trim_ascii_end(), &mut self.out)?;
            self.out.push(':');
            if scalar::is_blank(rest) {
                self.next += 1;
                self.below(indent, true)?;
            } else {
                let value = rest.trim_ascii_start();
                let start = line.end - value.len();
                self.value(Line { start, ..line }, value)?;
            }
        }
        self.out.push('}');
        Ok(())
    }

    /// The value on the lines below a key or a dash that stands alone; `null` if there are none. The items of a key's
    /// list may stand as far out as the key.
    fn below(&mut self, indent: usize, key: bool) -> Result<(), Fault> {
        match self.peek() {
            Some(line) if line.indent > indent => self.node(line.indent),
            Some(line) if key && line.indent == indent && is_item(self.content(line)) => self.node(indent),
            _ => {
                self.out.push_str("null");
                Ok(())
            }
        }
    }

    /// A scalar or a flow collection that begins in this line; what follows must not continue it.
    fn value(&mut self, line: Line, content: &str) -> Result<(), Fault> {
        let indent = self.peek().map_or(0, |line| line.indent);
        if matches!(content.as_bytes().first(), Some(b'{' | b'[')) {
            let depth = self.depth;
            let end = flow::read(self.text, line.start, self.line, depth, &mut self.out)?;
            while self.peek().is_some_and(|line| line.start < end) {
                self.next += 1;
            }
            let last = self.lines.get(self.next.saturating_sub(1)).map_or(line.end, |line| line.end);
            if !scalar::is_blank(self.text.get(end..last.max(end)).unwrap_or_default()) {
                return Err(&"something follows the closing bracket");
            }
        } else {
            scalar::write(content, &mut self.out)?;
            self.next += 1;
        }
        match self.peek() {
            Some(next) if next.indent > indent => {
                Err(&"a value over several lines is not read; write it on one line, in quotes")
            }
            _ => Ok(()),
        }
    }
}

/// Whether a line begins a list item.
fn is_item(content: &str) -> bool {
    matches!(content.as_bytes(), [b'-'] | [b'-', b' ', ..])
}

#[cfg(test)]
mod tests;
