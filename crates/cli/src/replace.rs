//! Files that are replaced whole or not at all.

use std::io::{self, Write as _};
use std::path::Path;

/// Rewrites an existing file. Links are followed; mode and hard links stay.
///
/// # Errors
///
/// A file that cannot be written, or that its mode says is not to be.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = path.canonicalize()?;
    let metadata = std::fs::metadata(&target)?;
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    if has_other_names(&metadata) {
        // The other names are of the same file, which a new one in its place would not be.
        let mut file = std::fs::OpenOptions::new().write(true).truncate(true).open(&target)?;
        file.write_all(bytes)?;
        return file.sync_all();
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    // A random name, and made so that nothing is followed which somebody has planted there.
    let mut unfinished = unfinished(folder, &mut tempfile::Builder::new())?;
    unfinished.write_all(bytes)?;
    unfinished.as_file().set_permissions(metadata.permissions())?;
    keep_owner(unfinished.as_file(), &metadata);
    unfinished.persist(&target)?;
    Ok(())
}

/// Whether two paths are one file.
pub fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Writes a file, whether or not there is one of the name. What is no file, such as a pipe or `/dev/stdout`, gets the bytes and
/// stays what it is.
///
/// # Errors
///
/// A file that cannot be written, or that its mode says is not to be.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => return replace(path, bytes),
        Ok(_) => return std::fs::write(path, bytes),
        // A link to what is not there yet: the file that it names is made, and the link stays.
        Err(_) if std::fs::symlink_metadata(path).is_ok() => return std::fs::write(path, bytes),
        Err(_) => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The temporary file that cannot be made there is nothing that anybody named.
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no folder {}", folder.display())));
    }
    let mut builder = tempfile::Builder::new();
    // As any file is made: what others may not do is for the umask to say.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut unfinished = unfinished(folder, &mut builder)?;
    unfinished.write_all(bytes)?;
    unfinished.persist(path)?;
    Ok(())
}

/// A file in this folder that is not what it is to become.
///
/// # Errors
///
/// Why there can be none: of the folder, since nobody has named the file.
pub fn unfinished(folder: &Path, builder: &mut tempfile::Builder<'_, '_>) -> io::Result<tempfile::NamedTempFile> {
    builder.prefix(".isolation-").tempfile_in(folder).map_err(|error| {
        let kind = error.kind();
        let why = error
            .get_ref()
            .and_then(std::error::Error::source)
            .map_or_else(|| error.to_string(), |why| why.to_string());
        io::Error::new(kind, format!("the folder {} is not writable: {why}", folder.display()))
    })
}

#[cfg(unix)]
fn has_other_names(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn keep_owner(file: &std::fs::File, metadata: &std::fs::Metadata) {
    use std::os::unix::fs::MetadataExt as _;
    // Who may not give files away owns the new one, as an editor's would be.
    let _ = std::os::unix::fs::fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &std::fs::File, _: &std::fs::Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_modes_and_other_names_stay() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("real"), "a").unwrap();
        std::fs::set_permissions(at("real"), std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real", at("link")).unwrap();
        replace(&at("link"), b"b").unwrap();
        assert_eq!(std::fs::read_to_string(at("real")).unwrap(), "b");
        assert!(std::fs::symlink_metadata(at("link")).unwrap().is_symlink());
        assert_eq!(std::fs::metadata(at("real")).unwrap().mode() & 0o777, 0o640);
        std::fs::hard_link(at("real"), at("other")).unwrap();
        replace(&at("real"), b"c").unwrap();
        assert_eq!(std::fs::read_to_string(at("other")).unwrap(), "c");
        std::fs::set_permissions(at("real"), std::fs::Permissions::from_mode(0o440)).unwrap();
        assert_eq!(replace(&at("real"), b"d").unwrap_err().to_string(), "it is read-only");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_stays_what_it_is() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("new"), b"a").unwrap();
        write(&at("new"), b"b").unwrap();
        assert_eq!(std::fs::read(at("new")).unwrap(), b"b");
        symlink("later", at("link")).unwrap();
        write(&at("link"), b"c").unwrap();
        assert_eq!(std::fs::read(at("later")).unwrap(), b"c");
        symlink("/dev/null", at("null")).unwrap();
        write(&at("null"), b"d").unwrap();
        assert!(std::fs::symlink_metadata(at("null")).unwrap().is_symlink());
        assert!(write(&at("none/new"), b"e").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "nothing is left behind");
    }
}
