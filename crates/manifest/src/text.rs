//! The bytes of a file as text.

/// How a file's text is written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, perhaps with a byte order mark.
    #[default]
    Utf8,
    /// UTF-16 with a byte order mark, little endian: what Windows PowerShell writes.
    Utf16Le,
    /// UTF-16 with a byte order mark, big endian.
    Utf16Be,
    /// Something else. What is not UTF-8 became U+FFFD.
    Unknown,
}

/// The text of a file as kubectl reads it: UTF-16 by its byte order mark, else UTF-8, in which what cannot be read becomes
/// U+FFFD. A byte order mark at the front is left in the text, so that places in it are those of the file.
pub fn decode(bytes: Vec<u8>) -> (String, Encoding) {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => faithful(utf16(rest, u16::from_le_bytes), Encoding::Utf16Le, &bytes),
        [0xfe, 0xff, rest @ ..] => faithful(utf16(rest, u16::from_be_bytes), Encoding::Utf16Be, &bytes),
        _ => match String::from_utf8(bytes) {
            Ok(text) => (text, Encoding::Utf8),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), Encoding::Unknown),
        },
    }
}

/// What bytes are that no reader of manifests takes, and what to do: half a sentence.
pub fn foreign(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, ..] => {
            Some("it is compressed with gzip; unpack it with `gunzip`, or a packaged chart with `helm template FILE`")
        }
        _ if bytes.get(257..262) == Some(b"ustar") => {
            Some("it is a tar archive; unpack it with `tar`, or render a packaged chart with `helm template FILE.tgz`")
        }
        [b'P', b'K', 3, 4, ..] => Some("it is a ZIP archive; unpack it"),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("it is UTF-32; save it as UTF-8"),
        [1..0x80, 0, 1..0x80, 0, ..] | [0, 1..0x80, 0, 1..0x80, ..] => {
            Some("it is UTF-16 without a byte order mark; save it as UTF-8")
        }
        _ => None,
    }
}

/// A text with its encoding, if that gives the same bytes again: half a character does not.
fn faithful(text: String, encoding: Encoding, bytes: &[u8]) -> (String, Encoding) {
    let is_same = !text.contains('\u{fffd}') || encoding.encode(&text).as_deref() == Some(bytes);
    (text, if is_same { encoding } else { Encoding::Unknown })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text: String =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).map(|c| c.unwrap_or('\u{fffd}')).collect();
    if !rest.is_empty() {
        text.push('\u{fffd}');
    }
    text
}

impl Encoding {
    /// A text as bytes in this encoding; `None` where the file's own bytes are not known.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        let utf16 = |bytes: fn(u16) -> [u8; 2]| {
            Some(std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect())
        };
        match self {
            Encoding::Utf8 => Some(text.as_bytes().to_vec()),
            Encoding::Utf16Le => utf16(u16::to_le_bytes),
            Encoding::Utf16Be => utf16(u16::to_be_bytes),
            Encoding::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named() {
        let said = |bytes: &[u8]| foreign(bytes).map(|what| what.split(';').next().unwrap());
        assert_eq!(said(b"\x1f\x8b\x08\0"), Some("it is compressed with gzip"));
        let archive = [&[b'a'; 257][..], b"ustar\x0000"].concat();
        assert_eq!(said(&archive), Some("it is a tar archive"));
        assert_eq!(said(b"\xff\xfe\0\0a\0\0\0"), Some("it is UTF-32"));
        for bytes in [&b"a\0b\0"[..], b"\0a\0b"] {
            assert_eq!(said(bytes), Some("it is UTF-16 without a byte order mark"));
        }
        for bytes in [&b""[..], b"a", b"a: b", b"\xff\xfea\0b\0", b"\xef\xbb\xbfa"] {
            assert_eq!(said(bytes), None);
        }
    }

    #[test]
    fn what_is_decoded_is_encoded_to_the_same_bytes() {
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encoding.encode("a: é\u{1f600}\r\n").unwrap();
            let (text, found) = decode(bytes.clone());
            assert_eq!((text.as_str(), found), ("a: é\u{1f600}\r\n", encoding));
            assert_eq!(encoding.encode(&text), Some(bytes));
        }
        assert_eq!(Encoding::Unknown.encode(&decode(b"caf\xe9".to_vec()).0), None);
        assert_eq!(decode(b"\xff\xfea\0\x00\xd8".to_vec()).1, Encoding::Unknown, "half a character");
        assert_eq!(decode(b"\xff\xfea\0b".to_vec()).1, Encoding::Unknown, "half a unit");
        assert_eq!(decode(b"\xff\xfe\xfd\xff".to_vec()), ("\u{fffd}".to_owned(), Encoding::Utf16Le));
    }
}
