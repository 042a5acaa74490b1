//! Strings: where they end, what their escapes mean, and how they are written.

const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each of eight bytes, which no ASCII character has.
pub(super) const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The offset of the first byte from `at` on that ends a plain run: a quote, a backslash or a control character. Adds the
/// bits of all bytes on the way, and of at most seven behind, to `bits`.
///
/// Looks at eight bytes at once. The arithmetic is the usual one for "has a byte less than n" and "has a byte equal to
/// n"; a false alarm is possible only behind a true one, and the first alarm is the one that counts.
#[inline(always)]
pub(super) fn plain_end(bytes: &[u8], mut at: usize, bits: &mut u64) -> usize {
    while let Some(chunk) = bytes.get(at..at + 8) {
        let Ok(array) = <[u8; 8]>::try_from(chunk) else { break };
        let word = u64::from_le_bytes(array);
        let quote = word ^ (ONES * b'"' as u64);
        let slash = word ^ (ONES * b'\\' as u64);
        let found = ((word.wrapping_sub(ONES * 0x20) & !word)
            | (quote.wrapping_sub(ONES) & !quote)
            | (slash.wrapping_sub(ONES) & !slash))
            & HIGHS;
        *bits |= word;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x20 || *byte == b'"' || *byte == b'\\' {
            break;
        }
        // In the place of the lowest of eight bytes, which tells as much.
        *bits |= u64::from(*byte);
        at += 1;
    }
    at
}

fn hex4(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..4)?;
    digits.iter().try_fold(0, |sum, byte| Some(sum * 16 + (*byte as char).to_digit(16)?))
}

/// How long the escape at the start of `bytes` is, if it is one: two bytes, six, or twelve for a surrogate pair.
pub fn escape_len(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => match hex4(&bytes[2..])? {
            0xD800..=0xDBFF => {
                let second = bytes.get(6..8).filter(|start| *start == b"\\u").and_then(|_| hex4(&bytes[8..]))?;
                (0xDC00..=0xDFFF).contains(&second).then_some(12)
            }
            0xDC00..=0xDFFF => None,
            _ => Some(6),
        },
        _ => None,
    }
}

/// Resolves the escapes of a string whose escapes were found to be good when it was read.
pub fn decode(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let escape = &rest.as_bytes()[at..];
        let len = escape_len(escape).unwrap_or(1);
        match escape.get(1) {
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(b'n') => out.push('\n'),
            Some(b'r') => out.push('\r'),
            Some(b't') => out.push('\t'),
            Some(b'u') => {
                let first = hex4(&escape[2..]).unwrap_or(0xFFFD);
                let code = if len == 12 {
                    let second = hex4(&escape[8..]).unwrap_or(0xDC00);
                    0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                } else {
                    first
                };
                out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
            }
            Some(byte) => out.push(*byte as char),
            None => {}
        }
        rest = rest.get(at + len..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// Appends `text` as a JSON string, with its quotes.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        quote_char(c, out);
    }
    out.push('"');
}

/// Appends `c` as it stands in a JSON string.
pub fn quote_char(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if (c as u32) < 0x20 => {
            out.push_str("\\u00");
            for shift in [4, 0] {
                out.push(char::from_digit((c as u32 >> shift) & 15, 16).unwrap_or('0'));
            }
        }
        c => out.push(c),
    }
}
