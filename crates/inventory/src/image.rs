//! An inventory as data.

use std::collections::{BTreeMap, HashMap};

use isolation_report::{NotEvaluated, ObjectRef, Place};

/// All images that were found.
#[derive(Debug, Default)]
pub struct Inventory {
    /// The images, by name.
    pub images: Vec<Image>,
    /// The private registry, `HOST[/PREFIX]`; empty where the settings name none.
    pub registry: String,
    /// The settings' cache rules, as JSON.
    pub cache_rules: Vec<serde_json::Value>,
    /// The objects that could not be read, and whose images are therefore not among these.
    pub not_evaluated: Vec<NotEvaluated>,
}

/// One image, wherever it is named.
#[derive(Clone, Debug)]
pub struct Image {
    /// Registry, repository, tag and digest, as a runtime completes what is written: `docker.io/library/nginx:1.27`. What
    /// cannot be read as a reference is as it is written.
    pub name: String,
    /// What it is, as far as the place says.
    pub kind: Kind,
    /// How a network isolated cluster reaches it as it is named today.
    pub reach: Reach,
    /// What to name instead.
    pub instead: Option<Target>,
    /// What to do: sentences; empty where there is nothing to do.
    pub advice: String,
    /// Where it is named.
    pub uses: Vec<Use>,
}

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An image, or another artifact of a registry, with its version.
    Image,
    /// A repository, whose version is named elsewhere or does not matter.
    Repository,
    /// Neither.
    Other,
}

/// How a network isolated cluster reaches an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// It is in an allowed registry.
    Registry,
    /// The nodes fetch it from the private registry although it names another.
    Redirect,
    /// An exception of the settings allows it.
    Exception,
    /// Not as it is named: a cache rule of the private registry holds it under another name.
    CacheRule,
    /// Not as it is named: the private registry is spelt in a way that no runtime recognises.
    Misspelt,
    /// Not at all: it is in a registry on the internet.
    Internet,
    /// Not at all: it is on a web server.
    Web,
    /// It depends on parameters.
    Parameters,
    /// Nobody can tell: it cannot be read.
    Unreadable,
}

impl Reach {
    /// Every way.
    pub const ALL: &[Reach] = &[
        Reach::Registry,
        Reach::Redirect,
        Reach::Exception,
        Reach::CacheRule,
        Reach::Misspelt,
        Reach::Internet,
        Reach::Web,
        Reach::Parameters,
        Reach::Unreadable,
    ];

    /// A word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Reach::Registry => "registry",
            Reach::Redirect => "redirect",
            Reach::Exception => "exception",
            Reach::CacheRule => "cache-rule",
            Reach::Misspelt => "misspelt",
            Reach::Internet => "internet",
            Reach::Web => "web",
            Reach::Parameters => "parameters",
            Reach::Unreadable => "unreadable",
        }
    }

    /// The same for people, behind a number.
    pub fn told(self) -> &'static str {
        match self {
            Reach::Registry => "from an allowed registry",
            Reach::Redirect => "redirected by the nodes to the private registry",
            Reach::Exception => "allowed by an exception",
            Reach::CacheRule => "served by a cache rule under another name",
            Reach::Misspelt => "misspelt",
            Reach::Internet => "only on the internet",
            Reach::Web => "on a web server",
            Reach::Parameters => "known only with its parameters",
            Reach::Unreadable => "unreadable",
        }
    }

    /// Whether the cluster reaches it as it is named.
    pub fn is_reached(self) -> bool {
        matches!(self, Reach::Registry | Reach::Redirect | Reach::Exception)
    }
}

/// What to name instead of an image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The name, complete: `myacr.azurecr.io/library/nginx:1.27`.
    pub name: String,
    /// Whether it has to be imported first.
    pub import: bool,
}

/// A place that names an image.
#[derive(Clone, Debug)]
pub struct Use {
    /// The object.
    pub object: ObjectRef,
    /// The field.
    pub path: String,
    /// Where that is written.
    pub place: Place,
    /// What is written there.
    pub text: String,
    /// Whether a node pulls it; otherwise a controller does.
    pub by_node: bool,
}

impl Inventory {
    /// How many images there are of each reach.
    pub fn counts(&self) -> BTreeMap<Reach, usize> {
        let mut counts = BTreeMap::new();
        for image in &self.images {
            *counts.entry(image.reach).or_default() += 1;
        }
        counts
    }

    /// The images to import, with their new names.
    pub fn imports(&self) -> impl Iterator<Item = (&Image, &Target)> {
        self.wanted().into_iter().filter(|(.., other)| other.is_none()).map(|(image, target, _)| (image, target))
    }

    /// Images that an import would give the name of another one, which is imported or there: whoever asks for them would get that one.
    pub fn collisions(&self) -> impl Iterator<Item = (&Image, &Target, &Image)> {
        self.wanted().into_iter().filter_map(|(image, target, other)| Some((image, target, other?)))
    }

    /// What is to be imported, and the image that has the name already, or before it gets the same name from another repository.
    fn wanted(&self) -> Vec<(&Image, &Target, Option<&Image>)> {
        // What an object names in the private registry is there, whatever it is, or comes there in another way.
        let own = self.images.iter().filter(|image| image.kind == Kind::Image && image.reach == Reach::Registry);
        let mut named: HashMap<&str, &Image> =
            own.filter_map(|image| Some((image.name.split('@').next()?, image))).collect();
        let mut wanted = Vec::new();
        for image in self.images.iter().filter(|image| image.kind == Kind::Image) {
            let Some(target) = image.instead.as_ref().filter(|target| target.import) else { continue };
            // Behind a tag a digest is no part of the name; alone it can only be of one image.
            let name = target.name.split('@').next().filter(|name| *name != repository(name));
            let other = name.map(|name| *named.entry(name).or_insert(image));
            wanted.push((image, target, other.filter(|other| repository(&other.name) != repository(&image.name))));
        }
        wanted
    }

    /// What is on the internet and cannot be imported by its name alone: repositories, and the beginnings of names.
    pub fn open(&self) -> impl Iterator<Item = &Image> {
        let missing = |image: &&Image| matches!(image.reach, Reach::Internet | Reach::Web) && image.kind != Kind::Image;
        self.images.iter().filter(missing)
    }
}

impl Image {
    /// The name and the first place that it is written in, beside which its version may be.
    pub fn with_place(&self) -> String {
        match self.uses.first() {
            Some(Use { object, path, .. }) => format!("{} ({object}, {path})", self.name),
            None => self.name.clone(),
        }
    }
}

/// A name without tag and digest.
pub fn repository(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or_default();
    let slash = name.rfind('/').unwrap_or(0);
    let end = name.get(slash..).and_then(|last| last.find(':')).map_or(name.len(), |at| slash + at);
    name.get(..end).unwrap_or(name)
}

/// `12 images in 20 places: 9 from an allowed registry, 3 only on the internet`
impl std::fmt::Display for Inventory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let places = self.images.iter().map(|image| image.uses.len()).sum();
        write!(f, "{} in {}", count(self.images.len(), "image", "images"), count(places, "place", "places"))?;
        for (index, (reach, number)) in self.counts().into_iter().enumerate() {
            write!(f, "{} {number} {}", if index == 0 { ":" } else { "," }, reach.told())?;
        }
        Ok(())
    }
}
