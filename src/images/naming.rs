//! How a text names an image, and the part of it that is the reference.

/// How a value names an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The text is an image reference.
    Image,
    /// The text is a repository, whose tag or digest stands elsewhere.
    Repository,
    /// The same, but what asks the registry for it is a controller and not a node.
    Scanned,
    /// The key under which the value stands is a repository.
    Key,
    /// The text is a URL; only `oci://` leads to a registry, and then its first component is the registry.
    Url,
    /// The text is a reference, with `registry://` or `oci://` in front or without; `http://` and `https://` fetch the
    /// same thing from a web server, `file://` from the container's own disk.
    Module,
    /// The text is a package of Crossplane, whose short names belong to Crossplane's own registry.
    Package,
    /// The text is `old=new` or `new`, as Kustomize takes it; the image is the new one.
    Override,
    /// The text is a document that cannot be read, for this reason. It may name any image.
    Unknown(&'static str),
}

/// What a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'t> {
    /// An image reference, and where in the text it starts.
    Reference(&'t str, usize),
    /// Something in a registry whose host comes first, whatever it looks like, and where in the text it starts.
    Located(&'t str, usize),
    /// Something that a web server has.
    Web,
    /// A scheme that there is not.
    UnknownScheme,
    /// No image: nothing is pulled from a registry.
    Nothing,
}

/// The scheme of a text, and what stands behind it.
fn scheme(text: &str) -> Option<(&str, &str)> {
    text.split_once("://")
}

impl Naming {
    /// Whether a node's container runtime pulls it, with the redirects that the runtime was configured with. Controllers
    /// pull over HTTP by themselves and know of no redirect.
    pub fn is_pulled_by_nodes(self) -> bool {
        matches!(self, Naming::Image | Naming::Repository | Naming::Key | Naming::Override)
    }

    /// Whether the text says which version is meant, so that a digest can be asked for.
    pub fn has_version(self) -> bool {
        matches!(self, Naming::Image | Naming::Module | Naming::Package)
    }

    /// What `text` names.
    pub fn read<'t>(self, text: &'t str) -> Named<'t> {
        let from = |rest: &str| text.len() - rest.len();
        match self {
            Naming::Image | Naming::Repository | Naming::Scanned | Naming::Key | Naming::Package => {
                Named::Reference(text, 0)
            }
            Naming::Override => {
                let (old, new) = text.split_once('=').unwrap_or(("", text));
                // `old=*:tag` keeps the name and changes the tag.
                if new.starts_with('*') { Named::Reference(old, 0) } else { Named::Reference(new, from(new)) }
            }
            Naming::Url => match scheme(text) {
                Some((scheme, rest)) if scheme.eq_ignore_ascii_case("oci") => Named::Located(rest, from(rest)),
                _ => Named::Nothing,
            },
            Naming::Module => match scheme(text) {
                None => Named::Reference(text, 0),
                Some((scheme, rest)) => {
                    let is = |known: &[&str]| known.iter().any(|known| scheme.eq_ignore_ascii_case(known));
                    if is(&["registry", "oci"]) {
                        Named::Reference(rest, from(rest))
                    } else if is(&["http", "https"]) {
                        Named::Web
                    } else if is(&["file"]) {
                        Named::Nothing
                    } else {
                        Named::UnknownScheme
                    }
                }
            },
            Naming::Unknown(_) => Named::Nothing,
        }
    }
}
