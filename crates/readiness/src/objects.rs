//! What is kept of objects, told part by part, so that no more of them has to be held than is read at a time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use isolation::kinds;
use isolation_admission::{Item, NAME_LABEL, is_exempt_on_aks, labels};
use serde_json::Value;

use crate::addresses;
use crate::document::PublicAddress;
use crate::workloads::Workloads;

/// What is kept of objects. Of each that is what it is called, who owns it and who keeps it; what else is kept is of few.
#[derive(Debug)]
pub struct Objects {
    pub(crate) workloads: Workloads,
    /// How many there are of Kubernetes.
    pub(crate) number: usize,
    pub(crate) namespaces: HashMap<String, Inhabited>,
    /// Their groups and kinds.
    pub(crate) kinds: BTreeSet<(String, String)>,
    /// The namespaces that AKS keeps every webhook away from.
    pub(crate) exempt: Vec<String>,
    pub(crate) static_pods: usize,
    /// Custom resources of kinds that no rule reads: how many there are, by kind and group.
    pub(crate) without_reader: BTreeMap<(String, String), usize>,
    /// Whether one of those looks as if it named images.
    pub(crate) may_name_images: bool,
    pub(crate) addresses: Vec<PublicAddress>,
    /// Kinds that a setting names, with their groups.
    named: BTreeSet<(String, String)>,
}

/// What is kept of a namespace.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Inhabited {
    pub objects: usize,
    pub exempt: bool,
}

impl Objects {
    /// None yet. `namespace` is that of objects that name none.
    pub fn new(namespace: &str) -> Self {
        Objects {
            workloads: Workloads::new(namespace),
            number: 0,
            namespaces: HashMap::new(),
            kinds: BTreeSet::new(),
            exempt: Vec::new(),
            static_pods: 0,
            without_reader: BTreeMap::new(),
            may_name_images: false,
            addresses: Vec::new(),
            named: BTreeSet::new(),
        }
    }

    /// The same where a setting says of these kinds where they name images: a group and a kind each.
    #[must_use]
    pub fn reading(mut self, named: impl IntoIterator<Item = (String, String)>) -> Self {
        self.named.extend(named);
        self
    }

    /// Adds objects, in the order of the input.
    pub fn add(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.add_one(item));
    }

    fn add_one(&mut self, item: &Item) {
        let key = self.workloads.add(item);
        self.addresses.extend(addresses::of(item));
        self.static_pods += usize::from(is_static_pod(item));
        if item.is_namespace() {
            let exempt = is_exempt(item);
            self.namespaces.entry(item.object.name.clone()).or_default().exempt = exempt;
            self.exempt.extend(exempt.then(|| item.object.name.clone()));
        }
        // What else is written in another format is of Azure.
        if item.original.is_some() {
            return;
        }
        self.number += 1;
        let namespace = self.workloads.namespace(key);
        match self.namespaces.get_mut(namespace) {
            Some(inhabited) => inhabited.objects += 1,
            None => drop(self.namespaces.insert(namespace.to_owned(), Inhabited { objects: 1, exempt: false })),
        }
        let kind = (item.object.group().to_owned(), item.object.kind.clone());
        let is_named = self.named.contains(&kind);
        self.kinds.insert(kind);
        if !has_reader(item) && !is_named {
            let kind = (item.object.kind.clone(), item.object.group().to_owned());
            *self.without_reader.entry(kind).or_default() += 1;
            self.may_name_images =
                self.may_name_images || item.value("spec").is_some_and(|spec| may_name_images(&spec));
        }
    }
}

/// Whether AKS keeps every webhook away from this namespace.
fn is_exempt(namespace: &Item) -> bool {
    let mut labels = labels(&namespace.to_json());
    labels.insert(NAME_LABEL.to_owned(), namespace.object.name.clone());
    is_exempt_on_aks(&labels)
}

/// Whether the API only mirrors this pod, which a file on a node has started.
fn is_static_pod(item: &Item) -> bool {
    item.object.kind == "Pod" && item.value("metadata.annotations[kubernetes.io/config.mirror]").is_some()
}

/// Whether the object is of a kind that Kubernetes has built in, or that rules read.
fn has_reader(item: &Item) -> bool {
    let (group, kind) = (item.object.group(), &item.object.kind);
    let built_in = !group.contains('.') || group.ends_with(".k8s.io");
    built_in || kinds::find(group, kind).is_some()
}

/// Whether an object has a field that is called as fields with images are.
fn may_name_images(value: &Value) -> bool {
    match value {
        Value::Object(entries) => entries.iter().any(|(key, value)| {
            let key = key.to_ascii_lowercase();
            let is_called_so = key.ends_with("image") || key.ends_with("images") || key.ends_with("containers");
            is_called_so && !value.is_null() || may_name_images(value)
        }),
        Value::Array(items) => items.iter().any(may_name_images),
        _ => false,
    }
}
