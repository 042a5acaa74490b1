//! How a text names an image, and the part of it that is the reference.

/// How a value names an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The text is an image reference, which a node pulls.
    Image,
    /// The text is a repository, whose tag or digest stands elsewhere.
    Repository,
    /// The text is an image reference, which a controller pulls.
    Pulled,
    /// The text is a repository, or a reference whose version does not matter, that a controller asks a registry about.
    Scanned,
    /// The key under which the value stands is a repository.
    Key,
    /// The text is a URL; only `oci://` leads to a registry, and then its first component is the registry.
    Url,
    /// The same; beside the name of a chart, a text without a scheme is a registry too.
    Chart,
    /// The text is a reference, with this scheme in front or without; `http://` and `https://` fetch the same thing from a
    /// web server, `file://` and `oci-archive://` from the container's own disk.
    Module(&'static str),
    /// The text is the URL of something on a web server.
    Web,
    /// The text is a package of Crossplane, whose short names belong to Crossplane's own registry.
    Package,
    /// The text is the beginning of references: a registry, and perhaps the beginning of a repository.
    Prefix,
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
    /// Something on a web server.
    Web,
    /// A scheme that the consumer does not know, and the text after it.
    UnknownScheme(&'t str),
    /// No image: nothing is pulled from a registry.
    Nothing,
}

/// The scheme of a text, and the text after it.
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
        matches!(self, Naming::Image | Naming::Pulled | Naming::Module(_) | Naming::Package)
    }

    /// What `text` names.
    pub fn read<'t>(self, text: &'t str) -> Named<'t> {
        let from = |rest: &str| text.len() - rest.len();
        let is = |known: &[&str], scheme: &str| known.iter().any(|known| scheme.eq_ignore_ascii_case(known));
        match self {
            Naming::Image | Naming::Repository | Naming::Pulled | Naming::Scanned | Naming::Key | Naming::Package => {
                Named::Reference(text, 0)
            }
            Naming::Prefix => Named::Located(text, 0),
            Naming::Override => {
                let (old, new) = text.split_once('=').unwrap_or(("", text));
                // `old=*:tag` keeps the name and changes the tag.
                if new.starts_with('*') { Named::Reference(old, 0) } else { Named::Reference(new, from(new)) }
            }
            Naming::Url | Naming::Chart => match scheme(text) {
                Some((scheme, rest)) if is(&["oci"], scheme) => Named::Located(rest, from(rest)),
                None if self == Naming::Chart => Named::Located(text, 0),
                _ => Named::Nothing,
            },
            Naming::Module(own) => match scheme(text) {
                None => Named::Reference(text, 0),
                Some((scheme, rest)) if is(&[own], scheme) => Named::Reference(rest, from(rest)),
                Some((scheme, _)) if is(&["http", "https"], scheme) => Named::Web,
                Some((scheme, _)) if is(&["file", "oci-archive"], scheme) => Named::Nothing,
                Some((_, rest)) => Named::UnknownScheme(rest),
            },
            Naming::Web => Named::Web,
            Naming::Unknown(_) => Named::Nothing,
        }
    }
}
