//! The custom section of a module that holds the metadata.

use crate::schema::Metadata;

/// The name of the section, which policy-server and kwctl look for.
pub const SECTION: &str = "io.kubewarden.metadata";

/// The protocol that our modules answer with when asked for it; a test asks each of them.
const PROTOCOL: &str = "v1";

/// Why metadata could not be put into a module.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EmbedError {
    /// The bytes do not begin as a module does.
    #[error("not a WebAssembly module")]
    NotAModule,
    /// The engines read the first section of the name, so that a second one would never be seen.
    #[error("the module carries metadata already; annotate the module as the compiler left it")]
    Annotated,
    /// The metadata cannot be written as JSON.
    #[error("the metadata cannot be written: {0}")]
    Unwritable(String),
}

/// The content of the first section of this name.
///
/// # Errors
///
/// Bytes that are not a module, or one that is cut off.
pub fn section(module: &[u8]) -> Result<Option<&[u8]>, EmbedError> {
    let mut rest = module.strip_prefix(b"\0asm\x01\0\0\0").ok_or(EmbedError::NotAModule)?;
    while let Some((id, after)) = rest.split_first() {
        let (content, next) = sized(after)?;
        if *id == 0 {
            let (name, data) = sized(content)?;
            if name == SECTION.as_bytes() {
                return Ok(Some(data));
            }
        }
        rest = next;
    }
    Ok(None)
}

/// Splits off bytes whose number stands in front of them.
fn sized(bytes: &[u8]) -> Result<(&[u8], &[u8]), EmbedError> {
    let mut size = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        size |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            let rest = &bytes[index + 1..];
            let size = usize::try_from(size).map_err(|_| EmbedError::NotAModule)?;
            return rest.split_at_checked(size).ok_or(EmbedError::NotAModule);
        }
    }
    Err(EmbedError::NotAModule)
}

fn push_size(out: &mut Vec<u8>, mut size: usize) {
    loop {
        let byte = (size & 0x7F) as u8;
        size >>= 7;
        if size == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// The module with the metadata in it.
///
/// # Errors
///
/// See [`EmbedError`].
pub fn embed(module: &[u8], metadata: &Metadata) -> Result<Vec<u8>, EmbedError> {
    if section(module)?.is_some() {
        return Err(EmbedError::Annotated);
    }
    let metadata = Metadata { protocol_version: Some(PROTOCOL.to_owned()), ..metadata.clone() };
    let json = serde_json::to_vec(&metadata).map_err(|error| EmbedError::Unwritable(error.to_string()))?;
    let mut content = Vec::with_capacity(json.len() + SECTION.len() + 5);
    push_size(&mut content, SECTION.len());
    content.extend_from_slice(SECTION.as_bytes());
    content.extend_from_slice(&json);
    let mut annotated = module.to_vec();
    annotated.push(0);
    push_size(&mut annotated, content.len());
    annotated.extend_from_slice(&content);
    Ok(annotated)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

    fn metadata() -> Metadata {
        Metadata::read(include_str!("../../../policies/private-images/metadata.yml")).unwrap()
    }

    #[test]
    fn what_was_embedded_is_found_again_and_never_twice() {
        let module = embed(EMPTY, &metadata()).unwrap();
        let read: Metadata = serde_json::from_slice(section(&module).unwrap().unwrap()).unwrap();
        assert_eq!(read.protocol_version.as_deref(), Some("v1"));
        assert_eq!(read.rules, metadata().rules);
        assert_eq!(embed(&module, &metadata()), Err(EmbedError::Annotated));
    }

    #[test]
    fn what_is_cut_off_is_no_module() {
        let module = embed(EMPTY, &metadata()).unwrap();
        assert_eq!(section(&module[..module.len() - 1]), Err(EmbedError::NotAModule));
        assert_eq!(section(b"\0asm"), Err(EmbedError::NotAModule));
        assert_eq!(section(EMPTY), Ok(None));
    }
}
