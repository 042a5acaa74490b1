//! The text of a file that is no manifest.

use std::io::{Error, ErrorKind, Result};
use std::path::Path;

use isolation_manifest::{Encoding, decode, foreign};

/// Reads a file as manifests are read: Windows PowerShell writes what a program prints as UTF-16, and some editors put a byte
/// order mark before UTF-8.
///
/// # Errors
///
/// A file that cannot be read, or is neither of them.
pub fn read(path: &Path) -> Result<String> {
    let (mut text, _) = read_encoded(path)?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// The same for a file that is written again, with its byte order mark if it is UTF-8.
///
/// # Errors
///
/// A file that cannot be read, or is neither of them.
pub fn read_encoded(path: &Path) -> Result<(String, Encoding)> {
    let bytes = std::fs::read(path)?;
    let unknown = |what| Error::new(ErrorKind::InvalidData, what);
    if let Some(what) = foreign(&bytes) {
        return Err(unknown(what));
    }
    let (text, encoding) = decode(bytes);
    if encoding == Encoding::Unknown {
        return Err(unknown("it is neither UTF-8 nor UTF-16 with a byte order mark"));
    }
    Ok((text, encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_says_how_to_read_and_is_no_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for bytes in [&b"a: b"[..], b"\xef\xbb\xbfa: b", b"\xff\xfea\0:\0 \0b\0", b"\xfe\xff\0a\0:\0 \0b"] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(read(&path).unwrap(), "a: b");
        }
        std::fs::write(&path, b"caf\xe9").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("UTF-8"));
    }
}
