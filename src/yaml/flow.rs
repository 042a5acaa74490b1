//! Flow collections: `{a: 1, b: [x, y]}`, and with it JSON.

use super::MAX_DEPTH;
use super::{Fault, scalar};

/// Reads the flow collection that begins at `at`, in the line of this number, and may end on a later one. Returns the offset
/// behind it.
pub(super) fn read(text: &str, at: usize, line: &mut usize, depth: usize, out: &mut String) -> Result<usize, Fault> {
    let mut flow = Flow { text, at, line, depth, out };
    flow.node()?;
    Ok(flow.at)
}

struct Flow<'a, 'o> {
    text: &'a str,
    at: usize,
    line: &'o mut usize,
    depth: usize,
    out: &'o mut String,
}

impl<'a> Flow<'a, '_> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes over blanks, line breaks and comments.
    fn space(&mut self) {
        let mut blank = true;
        while let Some(byte) = self.byte() {
            match byte {
                b'\n' => *self.line += 1,
                b' ' | b'\r' => {}
                b'#' if blank => {
                    while self.byte().is_some_and(|byte| byte != b'\n') {
                        self.at += 1;
                    }
                    continue;
                }
                _ => return,
            }
            blank = true;
            self.at += 1;
        }
    }

    fn node(&mut self) -> Result<(), Fault> {
        match self.byte() {
            Some(b'{') => self.collection(true),
            Some(b'[') => self.collection(false),
            _ => {
                let text = self.scalar(false)?;
                scalar::write(text, self.out)
            }
        }
    }

    fn collection(&mut self, object: bool) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(&"lists and objects are nested too deep");
        }
        let (open, close) = if object { ('{', '}') } else { ('[', ']') };
        self.out.push(open);
        self.at += 1;
        let mut first = true;
        loop {
            self.space();
            match self.byte() {
                Some(byte) if byte == close as u8 => break,
                None => return Err(&"a bracket is not closed"),
                _ => {}
            }
            if !std::mem::take(&mut first) {
                self.out.push(',');
            }
            if object {
                self.entry()?
            } else {
                self.item()?
            }
            self.space();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close as u8 => {}
                None => return Err(&"a bracket is not closed"),
                Some(_) => return Err(&"expected a comma or the closing bracket"),
            }
        }
        self.at += 1;
        self.out.push(close);
        self.depth -= 1;
        Ok(())
    }

    fn item(&mut self) -> Result<(), Fault> {
        self.node()?;
        self.space();
        if self.byte() == Some(b':') {
            return Err(&"a key inside a list; write it as `{key: value}`");
        }
        Ok(())
    }

    fn entry(&mut self) -> Result<(), Fault> {
        let key = self.scalar(true)?;
        scalar::write_key(key, self.out)?;
        self.out.push(':');
        self.space();
        if self.byte() != Some(b':') {
            return Err(&"a key without a value; write `key: value`");
        }
        self.at += 1;
        self.space();
        match self.byte() {
            Some(b',' | b'}') => {
                self.out.push_str("null");
                Ok(())
            }
            _ => self.node(),
        }
    }

    /// A quoted scalar, or a plain one up to whatever ends it inside brackets.
    fn scalar(&mut self, key: bool) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if matches!(bytes.first(), Some(b'"' | b'\'')) {
            let end = scalar::quoted_end(rest)?;
            self.at += end;
            return Ok(rest.get(..end).unwrap_or_default());
        }
        if matches!(bytes.first(), Some(b':' | b'?')) {
            return Err(&scalar::BAD_START);
        }
        let mut end = 0;
        while let Some(byte) = bytes.get(end) {
            let next = bytes.get(end + 1);
            match byte {
                b',' | b'[' | b']' | b'{' | b'}' | b'\n' | b'\r' => break,
                b'#' if end > 0 && bytes.get(end - 1) == Some(&b' ') => break,
                b':' if matches!(next, None | Some(b' ' | b'\n' | b'\r')) => break,
                b':' if matches!(next, Some(b',' | b'[' | b']' | b'{' | b'}')) => {
                    return Err(&"a blank is missing behind `:`");
                }
                _ => {}
            }
            end += 1;
        }
        self.at += end;
        let text = rest.get(..end).unwrap_or_default().trim_ascii_end();
        if text.is_empty() && !key {
            return Err(&"a value is missing");
        }
        Ok(text)
    }
}
