//! The setting `customResources`: further paths of images.

use std::borrow::Cow;

use crate::json::Value;
use crate::settings::{Reader, Setting, Shape};
use crate::{doc, places};

const MEMBERS: &[Setting] = &[
    Setting::new("group", Shape::Text, doc!("The API group, without a version.")).required(),
    Setting::new("kind", Shape::Text, doc!("The kind.")).required(),
    Setting::new(
        "plural",
        Shape::Text,
        doc!(
            "The name of its resource in rules (`spec.names.plural` of its CustomResourceDefinition). By default it is \
             formed from the kind: `Widget` becomes `widgets`, `Policy` becomes `policies`."
        ),
    ),
    Setting::new("images", Shape::Texts, doc!("The paths of image references.")),
    Setting::new("podSpecs", Shape::Texts, doc!("The paths of pod specs.")),
];

/// The setting, shared by every policy that judges or rewrites images.
pub const CUSTOM_RESOURCES: Setting = Setting::new(
    "customResources",
    Shape::Objects(MEMBERS),
    doc!(
        "Custom resources that name images, beyond those that the policy knows: a `group`, a `kind`, and the paths of \
         image references (`images`) or of whole pod specs (`podSpecs`). A path starts at the object's root; `[]` \
         stands for every item of a list, `{}` for every value of an object: `spec.servers[].image`. \
         `isolation policies` and the Helm chart add the rule for the resource; in a ClusterAdmissionPolicy of your own, \
         `rules` must name it too."
    ),
)
.example(r#"[{"group": "example.com", "kind": "Widget", "images": ["spec.image"]}]"#);

/// The images of a custom resource, as the setting gives them.
#[derive(Debug)]
pub struct Extra<'d> {
    /// The API group.
    pub group: Cow<'d, str>,
    /// The kind.
    pub kind: Cow<'d, str>,
    /// The places of image references.
    pub images: Vec<Cow<'d, str>>,
    /// The places of pod specs.
    pub pod_specs: Vec<Cow<'d, str>>,
}

impl<'d> Extra<'d> {
    /// Reads the setting.
    pub fn read(reader: &mut Reader<'d>) -> Vec<Self> {
        let mut all = Vec::new();
        for value in reader.objects(CUSTOM_RESOURCES.key) {
            let group = text(reader, value, "group", |group| {
                if group.contains('/') {
                    Some("a group has no version, as in example.com")
                } else if !group.contains('.') || group.bytes().any(|b| b.is_ascii_uppercase() || b == b'*') {
                    Some("expected the group of a custom resource, such as example.com")
                } else {
                    None
                }
            });
            let kind = text(reader, value, "kind", |kind| {
                let named = kind.bytes().all(|b| b.is_ascii_alphanumeric());
                (!named).then_some("expected a kind such as Widget, not a resource or wildcard")
            });
            let images = places_of(reader, value, "images");
            let pod_specs = places_of(reader, value, "podSpecs");
            if images.is_empty() && pod_specs.is_empty() {
                reader.problem(value, "has no effect without `images` or `podSpecs`");
            }
            if let (Some(group), Some(kind)) = (group, kind) {
                all.push(Extra { group, kind, images, pod_specs });
            }
        }
        all
    }
}

/// The text of a member; reports what `wrong` says of it.
fn text<'d>(
    reader: &mut Reader<'d>,
    holder: Value<'d>,
    key: &str,
    wrong: impl Fn(&str) -> Option<&'static str>,
) -> Option<Cow<'d, str>> {
    let value = holder.field(key)?;
    let text = value.as_str().filter(|text| !text.is_empty())?;
    if let Some(problem) = wrong(&text) {
        reader.problem(value, problem);
    }
    Some(text)
}

fn places_of<'d>(reader: &mut Reader<'d>, holder: Value<'d>, key: &str) -> Vec<Cow<'d, str>> {
    let mut found = Vec::new();
    for value in holder.field(key).into_iter().flat_map(|list| list.items()) {
        let Some(place) = value.as_str().filter(|place| !place.is_empty()) else { continue };
        if let Some(problem) = places::unmatchable(&place) {
            reader.problem(value, &problem);
        }
        found.push(place);
    }
    found
}
