//! The names of files as those want them who know the repository alone: from its root on, with `/` on every system.

use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a URI's path may hold as it is (RFC 3986, `pchar`), and the separator.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b'@');

/// What files are named from.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// The directory that names on the command line start from.
    pub here: PathBuf,
    /// The root of the repository.
    pub root: PathBuf,
}

impl Base {
    /// The name of a source from the root on; the name itself where it is not below the root.
    pub fn path(&self, name: &str) -> String {
        let full = plain(&self.here.join(name));
        let below = full.strip_prefix(&self.root).unwrap_or(&full);
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        match below.has_root() {
            true => below.to_string_lossy().replace('\\', "/"),
            false => parts.join("/"),
        }
    }

    /// The same as a URI reference: relative, or with `file:` in front where the file is not below the root.
    pub fn uri(&self, name: &str) -> String {
        let path = self.path(name);
        let encoded = utf8_percent_encode(&path, KEPT);
        if path.starts_with('/') { format!("file://{encoded}") } else { encoded.to_string() }
    }
}

/// A path without `.` and, as far as names alone tell, without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_start_at_the_root() {
        let base = Base { here: "/src/shop/deploy".into(), root: "/src/shop".into() };
        assert_eq!(base.path("web.yaml"), "deploy/web.yaml");
        assert_eq!(base.path("./a/../web.yaml"), "deploy/web.yaml");
        assert_eq!(base.path("../base/web.yaml"), "base/web.yaml");
        assert_eq!(base.path("/src/shop/web.yaml"), "web.yaml");
        assert_eq!(base.path("/elsewhere/web.yaml"), "/elsewhere/web.yaml");
        assert_eq!(base.uri("a b#ä.yaml"), "deploy/a%20b%23%C3%A4.yaml");
        assert_eq!(base.uri("/elsewhere/web.yaml"), "file:///elsewhere/web.yaml");
        assert_eq!(base.uri("c:d%.yaml"), "deploy/c%3Ad%25.yaml");
    }
}
