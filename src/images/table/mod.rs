//! The tables: in which kinds, and where in them, an image can be named.
//!
//! There are two, because a miss weighs differently in them. What [`PULLED`] lists is pulled by a controller, or by the nodes
//! at its word, and no pod ever names it: what is missing there is a hole. What [`PODS`] lists becomes a pod, and the pod is
//! judged too: what is missing there is only told later, and to the controller. One kind may stand in both.
//!
//! Places are written as in [`crate::places`]. Schemas are those of the projects' definitions of August 2026; a place that a
//! version lacks finds nothing. Every kind of each API group that stands here is listed, with the version that was read, in
//! `policies/private-images/tests/kinds.yaml`: either it is in a table, or it says there why not.

mod pods;
mod pulled;
mod shapes;

pub use pods::PODS;
pub use pulled::PULLED;

use super::Naming;

/// What stands at a place.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// A text that names an image.
    Name(Naming),
    /// An object whose keys name images.
    Keys,
    /// An object with places of its own.
    Places(&'static [Place]),
    /// A pod, or the template of one: an object with the places of [`POD`].
    Pod,
    /// A pod's spec: an object with the places of [`POD_SPEC`].
    PodSpec,
    /// Parameters, of which the one with this name names an image.
    Parameter(&'static Parameter),
    /// An object with places of its own if something in it says so.
    If(&'static Condition),
    /// A whole object, with an API group and kind of its own, that a controller creates later.
    Object,
    /// A string that holds an object with places of its own, as JSON.
    Document(&'static [Place]),
}

impl Content {
    /// The places in the object that stands here, as far as they do not depend on its kind.
    pub const fn places(self) -> &'static [Place] {
        match self {
            Content::Places(places) | Content::Document(places) => places,
            Content::Pod => POD,
            Content::PodSpec => POD_SPEC,
            Content::If(condition) => condition.places,
            Content::Name(_) | Content::Keys | Content::Parameter(_) | Content::Object => &[],
        }
    }
}

/// A parameter that names an image.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// How it names the image.
    pub naming: Naming,
}

/// What an object must say so that its places count.
#[derive(Debug)]
pub struct Condition {
    /// Where it says it.
    pub at: &'static str,
    /// One of these texts stands there.
    pub texts: &'static [&'static str],
    /// The places.
    pub places: &'static [Place],
}

/// Places, and what stands there.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The paths, from the object or from the place that holds this one, with a space between two: a path takes a third of the
    /// room that an entry of its own would.
    pub at: &'static str,
    /// What stands there.
    pub holds: Content,
}

impl Place {
    /// The paths.
    pub fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.at.split(' ')
    }
}

/// Custom resources with the same places.
#[derive(Clone, Copy, Debug)]
pub struct Custom {
    /// The API group.
    pub group: &'static str,
    /// The kinds.
    pub kinds: &'static [&'static str],
    /// Where they name images.
    pub places: &'static [Place],
}

const fn name(at: &'static str, naming: Naming) -> Place {
    Place { at, holds: Content::Name(naming) }
}

const fn image(at: &'static str) -> Place {
    name(at, Naming::Image)
}

const fn repository(at: &'static str) -> Place {
    name(at, Naming::Repository)
}

const fn at(at: &'static str, places: &'static [Place]) -> Place {
    Place { at, holds: Content::Places(places) }
}

const fn document(at: &'static str, places: &'static [Place]) -> Place {
    Place { at, holds: Content::Document(places) }
}

const fn pod_spec(at: &'static str) -> Place {
    Place { at, holds: Content::PodSpec }
}

const fn pod(at: &'static str) -> Place {
    Place { at, holds: Content::Pod }
}

const fn object(at: &'static str) -> Place {
    Place { at, holds: Content::Object }
}

const fn if_says(at: &'static str, condition: &'static Condition) -> Place {
    Place { at, holds: Content::If(condition) }
}

const fn custom(group: &'static str, kinds: &'static [&'static str], places: &'static [Place]) -> Custom {
    Custom { group, kinds, places }
}

/// A pod's spec. Image volumes hold a reference, and so do volumes of drivers that mount images; what is called `image` below
/// other volumes (`rbd.image`) is none.
pub const POD_SPEC: &[Place] = &[
    image(
        "containers[].image ephemeralContainers[].image initContainers[].image \
         volumes[].image.reference",
    ),
    if_says("volumes[].csi", &MOUNTED_IMAGE),
    at("volumes[].csi.volumeAttributes", MOUNTED_ARTIFACT),
];

/// The driver of warm-metal makes containerd pull an image and mounts it. It used to have another name.
/// <https://github.com/warm-metal/container-image-csi-driver/blob/a781471/cmd/plugin/node_server.go>
const MOUNTED_IMAGE: Condition = Condition {
    at: "driver",
    texts: IMAGE_DRIVERS,
    places: &[image("volumeAttributes.image volumeAttributes.volumeHandle")],
};

const IMAGE_DRIVERS: &[&str] = &["container-image.csi.k8s.io", "csi-image.warm-metal.tech"];

/// What drivers pull by themselves: models, and Datadog's libraries.
const MOUNTED_ARTIFACT: &[Place] = &[
    name("[model.csi.modelpack.org/reference]", Naming::Pulled),
    name("[dd.csi.datadog.com/library.registry]", Naming::Prefix),
];

/// A pod, or the template of one. Dapr's injector makes containers of annotations.
pub const POD: &[Place] =
    &[at("metadata", &[at("annotations", &[image("[dapr.io/sidecar-image]"), DAPR_CONTAINER])]), pod_spec("spec")];

const DAPR_CONTAINER: Place = document("[dapr.io/component-container]", &[image("image")]);

fn in_table<'k>(table: &'static [Custom], group: &'k str, kind: &'k str) -> impl Iterator<Item = &'static Custom> {
    table.iter().filter(move |custom| custom.group == group && custom.kinds.contains(&kind))
}

/// The rows of [`PODS`] for this kind.
pub fn pods_of<'k>(group: &'k str, kind: &'k str) -> impl Iterator<Item = &'static Custom> {
    in_table(PODS, group, kind)
}

/// The rows of both tables for this kind.
pub fn custom_of<'k>(group: &'k str, kind: &'k str) -> impl Iterator<Item = &'static Custom> {
    in_table(PULLED, group, kind).chain(pods_of(group, kind))
}
