//! How a text names an image, and the part of it that is the reference.

use super::document::Unreadable;

/// A scheme that leads to a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `docker://`.
    Docker,
    /// `oci://`.
    Oci,
    /// `registry://`.
    Registry,
}

impl Scheme {
    /// The scheme, without `://`.
    pub fn text(self) -> &'static str {
        match self {
            Scheme::Docker => "docker",
            Scheme::Oci => "oci",
            Scheme::Registry => "registry",
        }
    }
}

/// How a value names an image. It is as small as can be, since the tables hold a thousand of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The text is an image reference, which a node pulls.
    Image,
    /// The text is a repository, whose tag or digest stands elsewhere.
    Repository,
    /// The text is an image reference, which a controller pulls.
    Pulled,
    /// The text is the repository of what Falco's operator pulls. The registry's name stands in `registry` beside the object that
    /// holds it, or is `ghcr.io`, and the tag or digest in `tag`.
    /// <https://github.com/falcosecurity/falco-operator/blob/13be954/internal/pkg/artifact/registry.go>
    Parted,
    /// The value is an object that names a mirror of kube-image-keeper's: a registry in `registry`, and the beginning of its
    /// repositories in `path`. Without the former, the latter begins with a registry.
    /// <https://github.com/enix/kube-image-keeper/blob/db2d839/api/kuik/v1alpha1/imagesetmirror_types.go> (`Prefix`)
    Mirror,
    /// The text is a repository, or a reference whose version does not matter, that a controller asks a registry about.
    Scanned,
    /// The text is a repository that a controller asks a registry about, behind which a colon and a constraint for versions may
    /// stand: `~1.26`, `>= 1.0, < 2`.
    /// <https://argocd-image-updater.readthedocs.io/en/stable/basics/update-strategies/>
    Constrained,
    /// The text is a reference, with `oci://` in front or without, that a controller pushes to. It has no digest.
    Pushed,
    /// The key under which the value stands is a repository.
    Key,
    /// The text is a URL; only `oci://` leads to a registry, or `oci+` and a word, and then its first component is the
    /// registry.
    Url,
    /// The same, but what it leads to is a model for KServe: with `oci://`, `oci+native://` and `oci+modelcar://` an image that
    /// nodes pull, and with `oci+fetch://` something that KServe's own container pulls.
    /// <https://github.com/kserve/kserve/blob/aaac4e294/pkg/utils/storage.go>
    Model,
    /// The same; beside the name of a chart, a text without a scheme is a registry too.
    Chart,
    /// The text is a reference, with this scheme in front or without; `http://` and `https://` fetch the same thing from a
    /// web server, `file://` and `oci-archive://` from the container's own disk.
    Module(Scheme),
    /// The text is a URL; only `docker://` leads to a registry.
    Disk,
    /// The text is the URL of something on a web server.
    Web,
    /// The text is a package of Crossplane, whose short names belong to Crossplane's own registry.
    Package,
    /// The text is the beginning of references: a registry, and perhaps the beginning of a repository.
    Prefix,
    /// The text is `old=new` or `new`, as Kustomize takes it; the image is the new one.
    Override,
    /// The text is a document that cannot be read, for this reason. It may name any image.
    Unknown(Unreadable),
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

/// Whether a scheme leads to a registry: `oci`, or KServe's `oci+fetch` and what else may follow.
fn is_oci(scheme: &str) -> bool {
    scheme.split('+').next().is_some_and(|first| first.eq_ignore_ascii_case("oci"))
}

/// A reference without tag and digest.
pub fn without_version(text: &str) -> &str {
    let slash = text.rfind('/').unwrap_or(0);
    let end = text.get(slash..).and_then(|rest| rest.find([':', '@'])).map_or(text.len(), |at| slash + at);
    text.get(..end).unwrap_or(text)
}

impl Naming {
    /// Whether a node's container runtime pulls it, with the redirects that the runtime was configured with. Controllers
    /// pull over HTTP by themselves and know of no redirect.
    pub fn is_pulled_by_nodes(self) -> bool {
        matches!(self, Naming::Image | Naming::Repository | Naming::Key | Naming::Override | Naming::Model)
    }

    /// Whether the text says which version is meant, so that a digest can be asked for.
    pub fn has_version(self) -> bool {
        matches!(
            self,
            Naming::Image
                | Naming::Pulled
                | Naming::Parted
                | Naming::Module(_)
                | Naming::Package
                | Naming::Model
                | Naming::Disk
        )
    }

    /// The one scheme that may stand in front of a reference.
    pub fn own_scheme(self) -> Scheme {
        match self {
            Naming::Module(own) => own,
            Naming::Pushed => Scheme::Oci,
            _ => Scheme::Registry,
        }
    }

    /// What `text` names.
    pub fn read<'t>(self, text: &'t str) -> Named<'t> {
        let from = |rest: &str| text.len() - rest.len();
        let is = |known: &[&str], scheme: &str| known.iter().any(|known| scheme.eq_ignore_ascii_case(known));
        match self {
            Naming::Image | Naming::Repository | Naming::Pulled | Naming::Scanned | Naming::Key | Naming::Package => {
                Named::Reference(text, 0)
            }
            Naming::Prefix | Naming::Parted | Naming::Mirror => Named::Located(text, 0),
            Naming::Override => {
                let (old, new) = text.split_once('=').unwrap_or(("", text));
                // `old=*:tag` keeps the name and changes the tag.
                if new.starts_with('*') { Named::Reference(old, 0) } else { Named::Reference(new, from(new)) }
            }
            Naming::Url | Naming::Chart => match scheme(text) {
                Some((scheme, rest)) if is_oci(scheme) => Named::Located(rest, from(rest)),
                None if self == Naming::Chart => Named::Located(text, 0),
                _ => Named::Nothing,
            },
            Naming::Model => match scheme(text) {
                Some((scheme, rest)) if is_oci(scheme) => Named::Reference(rest, from(rest)),
                _ => Named::Nothing,
            },
            Naming::Disk => match scheme(text) {
                Some((scheme, rest)) if is(&["docker"], scheme) => Named::Reference(rest, from(rest)),
                _ => Named::Nothing,
            },
            Naming::Constrained => Named::Reference(without_version(text), 0),
            Naming::Module(_) | Naming::Pushed => match scheme(text) {
                None => Named::Reference(text, 0),
                Some((scheme, rest)) if is(&[self.own_scheme().text()], scheme) => Named::Reference(rest, from(rest)),
                Some((scheme, _)) if is(&["http", "https"], scheme) => Named::Web,
                Some((scheme, _)) if is(&["file", "oci-archive"], scheme) => Named::Nothing,
                Some((_, rest)) => Named::UnknownScheme(rest),
            },
            Naming::Web => Named::Web,
            Naming::Unknown(_) => Named::Nothing,
        }
    }
}
