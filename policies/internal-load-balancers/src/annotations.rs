//! The annotations that the Azure cloud provider reads on a LoadBalancer Service.
//!
//! They are on the Service itself, or on an object from which a controller creates a Service: an NginxIngressController, a
//! Gateway, the ConfigMap of a Gateway. They are judged the same way everywhere.
//!
//! The provider compares keys exactly. How it reads a value differs from key to key
//! (<https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>).

use std::borrow::Cow;

use isolation::booleans::is_true_trimmed;
use isolation::json::Kind;
use isolation::{FieldRef, Findings, Fix, Value};

/// The key that decides between a private and a public address.
pub const INTERNAL: &str = "service.beta.kubernetes.io/azure-load-balancer-internal";

/// The key that chooses the subnet of an internal load balancer, and does not make it internal.
pub const SUBNET: &str = "service.beta.kubernetes.io/azure-load-balancer-internal-subnet";

/// The only value of [`INTERNAL`] that makes the load balancer private.
pub const TRUE: &str = "true";

/// Whether whoever wrote this value meant `true`, and wrote it so that the consumer does not see it: in another casing, with
/// blanks, or without quotes, as a boolean.
pub fn means_true(value: Value<'_>) -> bool {
    value.as_bool() == Some(true) || value.as_str().is_some_and(|text| is_true_trimmed(&text))
}

/// Annotations that a LoadBalancer Service has or will have.
#[derive(Clone, Copy, Debug)]
pub struct Annotations<'d> {
    holder: Value<'d>,
    keys: &'static [&'static str],
    map: Option<Value<'d>>,
}

impl<'d> Annotations<'d> {
    /// What sets [`INTERNAL`], where that is what is missing: safe where it says so already, in a way that Azure does not read.
    /// A key that is spelt otherwise would stay beside it.
    pub fn make_internal(&self, text: impl Into<String>) -> Fix {
        match self.get(INTERNAL) {
            None if self.misspelt_key().is_some() => text.into().into(),
            value => Fix::set(text, TRUE).safe_if(value.is_some_and(means_true)),
        }
    }

    /// The annotations under `keys` in `holder`.
    pub fn read(findings: &mut Findings, holder: Value<'d>, keys: &'static [&'static str]) -> Self {
        Annotations { holder, keys, map: findings.descend(holder, keys) }
    }

    /// The object at which their keys start.
    pub fn holder(&self) -> Value<'d> {
        self.holder
    }

    /// The annotations under the same keys of another object.
    #[must_use]
    pub fn of(&self, holder: Value<'d>) -> Self {
        Annotations { holder, map: holder.descend(self.keys), ..*self }
    }

    /// Whether the object that holds them is set, even if it is empty.
    pub fn are_set(&self) -> bool {
        self.map.is_some()
    }

    /// The value of an annotation.
    pub fn get(&self, key: &str) -> Option<Value<'d>> {
        self.map?.get(key)
    }

    /// The text of an annotation.
    pub fn text(&self, findings: &mut Findings, key: &str) -> Option<(Value<'d>, Cow<'d, str>)> {
        findings.text(self.map?, key)
    }

    /// The first annotation whose key begins with this text.
    pub fn beginning_with(&self, start: &str) -> Option<Value<'d>> {
        self.map?.entries().find(|(key, _)| key.starts_with(start)).map(|(_, value)| value)
    }

    /// The annotation, if it is a text and not blank.
    pub fn filled(&self, findings: &mut Findings, key: &str) -> Option<(Value<'d>, Cow<'d, str>)> {
        self.text(findings, key).filter(|(_, text)| !text.trim().is_empty())
    }

    /// Whether the annotation is `true` in any casing, with any blanks around it.
    pub fn is_on(&self, findings: &mut Findings, key: &str) -> bool {
        self.text(findings, key).is_some_and(|(_, text)| is_true_trimmed(&text))
    }

    /// The path of an annotation that is not set.
    pub fn missing(&self, key: &str) -> FieldRef<'d> {
        let mut keys = self.keys.to_vec();
        keys.push(key);
        FieldRef::missing(self.holder, &keys)
    }

    /// Which address [`INTERNAL`] gives the load balancer.
    pub fn frontend(&self) -> Frontend<'d> {
        match self.get(INTERNAL) {
            Some(value) if value.is_text(TRUE) => Frontend::Private,
            Some(value) => Frontend::Public { field: value.into(), why: why(value) },
            None => self.misspelt_key().unwrap_or_else(|| self.without_switch()),
        }
    }

    fn misspelt_key(&self) -> Option<Frontend<'d>> {
        let (_, value) = self.map?.entries().find(|(key, _)| key.trim().eq_ignore_ascii_case(INTERNAL))?;
        Some(Frontend::Public {
            field: value.into(),
            why: "annotation keys are case-sensitive and Azure does not know this one: the load balancer gets a \
                  public IP address, open to the internet",
        })
    }

    fn without_switch(&self) -> Frontend<'d> {
        let why = if self.get(SUBNET).is_some() {
            "the load balancer gets a public IP address, open to the internet: naming a subnet does not make it \
             internal"
        } else {
            "the load balancer gets a public IP address, open to the internet"
        };
        Frontend::Public { field: self.missing(INTERNAL), why }
    }
}

/// The address that a load balancer gets.
#[derive(Debug)]
pub enum Frontend<'d> {
    /// One of the virtual network.
    Private,
    /// A public one.
    Public {
        /// The annotation that makes it so, or that is not there.
        field: FieldRef<'d>,
        /// How it does.
        why: &'static str,
    },
}

/// Why a value other than `"true"` is public.
fn why(value: Value<'_>) -> &'static str {
    if value.is_null() {
        return "null counts as no annotation: the load balancer gets a public IP address, open to the internet";
    }
    if value.kind() != Kind::String {
        return "without quotes it is not a string, so it does not make the load balancer internal";
    }
    let text = value.as_str().unwrap_or_default();
    if text.eq_ignore_ascii_case("false") {
        "requests a load balancer with a public IP address"
    } else if text.eq_ignore_ascii_case(TRUE) {
        // The provider compares exactly where it creates the address, and ignores case where it writes the network security
        // group.
        "only the exact text \"true\" makes the load balancer internal; with this casing it gets a public IP address, \
         but the network security group of an internal one"
    } else {
        "only the exact text \"true\" makes the load balancer internal; with any other value it gets a public IP \
         address"
    }
}
