//! Writing JSON: the few shapes that an answer has.

use super::text::quote;

/// Writes objects and lists one member at a time and sets the commas.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    comma: bool,
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    fn separate(&mut self) {
        if self.comma {
            self.out.push(',');
        }
        self.comma = true;
    }

    /// Opens an object, as an item or behind a key.
    pub fn open_object(&mut self) -> &mut Self {
        self.open('{')
    }

    /// Opens a list, as an item or behind a key.
    pub fn open_list(&mut self) -> &mut Self {
        self.open('[')
    }

    fn open(&mut self, bracket: char) -> &mut Self {
        self.separate();
        self.out.push(bracket);
        self.comma = false;
        self
    }

    /// Closes the object that was opened last.
    pub fn close_object(&mut self) -> &mut Self {
        self.close('}')
    }

    /// Closes the list that was opened last.
    pub fn close_list(&mut self) -> &mut Self {
        self.close(']')
    }

    fn close(&mut self, bracket: char) -> &mut Self {
        self.out.push(bracket);
        self.comma = true;
        self
    }

    /// A key; its value follows.
    pub fn key(&mut self, key: &str) -> &mut Self {
        self.separate();
        quote(key, &mut self.out);
        self.out.push(':');
        self.comma = false;
        self
    }

    /// A string value.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        quote(value, &mut self.out);
        self
    }

    /// A boolean value.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.raw(if value { "true" } else { "false" })
    }

    /// `null`
    pub fn null(&mut self) -> &mut Self {
        self.raw("null")
    }

    /// A value that is JSON already.
    pub fn raw(&mut self, json: &str) -> &mut Self {
        self.separate();
        self.out.push_str(json);
        self
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }
}
