//! A tar archive, always of the same bytes for the same files.

use std::collections::BTreeMap;
use std::io;

use bytes::Bytes;
use tar::{Builder, EntryType, Header};

/// An archive of these files.
pub(crate) fn tar(files: &BTreeMap<String, Bytes>) -> io::Result<Vec<u8>> {
    let mut builder = Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_path(path)?;
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_cksum();
        builder.append(&header, content.as_ref())?;
    }
    builder.into_inner()
}
