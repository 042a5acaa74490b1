//! Warns of custom resources whose operators create a public load balancer from them.
//!
//! ## Why it matters
//!
//! The operator's Service is judged and rejected, but the operator gets the rejection, again and again, and the user
//! only sees a Kafka cluster that never becomes ready. Each operator reads the annotation from a different field;
//! anywhere else it has no effect.
//!
//! ## What it does
//!
//! Reads the fields of custom resources that request a Service of type LoadBalancer from an operator: a Kafka listener,
//! the service of a database, the proxy of a gateway. Reports those that do not set the annotation for an internal load
//! balancer where the operator reads it.
//!
//! ## Fields
//!
//! `src/operators.rs` of this policy lists the kinds and fields; the README lists the kinds.
//!
//! ## Instead
//!
//! Write the annotation where the message says, or request `ClusterIP` and put an internal ingress in front.
//!
//! ## Settings
//!
//! `operatorLoadBalancers`, `privateLoadBalancerClasses`.
//!
//! ## Not covered
//!
//! - Operators that the table does not list, and load balancers from the values of a Helm chart: their Services are
//!   judged.
//! - Flink's `flinkConfiguration` as objects in objects.
//! - What undoes the annotation in the same resource, such as Envoy Gateway's `envoyService.patch`, and an IstioOperator that
//!   enables an ingress gateway without a type: the Service is judged.
//! - A second Service that an operator creates for the same resource without a field.
//! - With `existing: allow`, new clients that an update admits through an already public load balancer: the update of the
//!   Service is judged.
//!
//! ## References
//!
//! <https://strimzi.io/docs/operators/latest/configuring.html>,
//! <https://learn.microsoft.com/azure/aks/internal-lb>

use isolation::booleans::may_be_true;
use isolation::json::Kind;
use isolation::{FieldRef, Findings, Fix, Request, Rule, Value, places};

use crate::Settings;
use crate::annotations::{INTERNAL, TRUE};
use crate::operators::{AnnotationPlace, OPERATORS, RequestedBy, Service};

/// The rule.
pub const RULE: Rule = Rule { id: "NI216", name: "operator-load-balancer", since: "0.2.0" };

/// What operators call the type. Redis takes several of them, with commas between.
const LOAD_BALANCER: &[&str] = &["LoadBalancer", "LoadBalancerService", "load_balancer"];

/// Judges a custom resource, if its kind is in the table.
pub fn check(request: &Request<'_>, object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let operators = OPERATORS.iter().filter(|operator| operator.group == request.group);
    let services = operators.filter(|operator| operator.kinds.iter().any(|kind| *kind == request.kind));
    for service in services.flat_map(|operator| operator.services) {
        // Once for all that ask: they may be as many as the annotations are.
        let mut shared = None;
        // Wrong types are left to the schema of the custom resource: this rule reports only what it recognises.
        places::visit(&mut Findings::default(), object, service.at, &mut |_, holder| {
            if let Some(field) = asks(service, holder, settings) {
                let shared = shared.get_or_insert_with(|| of_object(service, object));
                report(service, field, object, holder, shared, settings, findings);
            }
        });
    }
}

/// Reports a service that requests a load balancer, at each path that lacks the annotation.
fn report(
    service: &Service,
    asking: FieldRef<'_>,
    object: Value<'_>,
    holder: Value<'_>,
    shared: &[Vec<Option<State<'_>>>],
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let what = "the operator creates a public load balancer";
    let instead = match service.asks {
        RequestedBy::Switch(_) | RequestedBy::Text(..) => "Remove it and put an internal ingress in front",
        _ => "Write ClusterIP and put an internal ingress in front",
    };
    if service.annotations.is_empty() {
        settings.operator_load_balancers.report(&RULE, asking.clone(), what, instead, findings);
    }
    for (places, shared) in service.annotations.iter().zip(shared) {
        let states = places.iter().zip(shared);
        let states: Vec<State<'_>> =
            states.map(|(place, shared)| shared.clone().unwrap_or_else(|| state(place, object, holder))).collect();
        if states.iter().any(|state| matches!(state, State::Internal)) {
            continue;
        }
        let found = states.iter().find_map(|state| match state {
            State::Public(field) => Some(field.clone()),
            _ => None,
        });
        let there = places.first().and_then(|place| missing(place, object, holder));
        let (field, fix) = match (found.or(there), places.first()) {
            (Some(field), Some(AnnotationPlace::Text(_))) => {
                (field, Fix::from("Add the line service.beta.kubernetes.io/azure-load-balancer-internal: \"true\""))
            }
            (Some(field), Some(AnnotationPlace::Pairs(_))) => {
                (field, Fix::from("Add the pair service.beta.kubernetes.io/azure-load-balancer-internal:true"))
            }
            (Some(field), _) => {
                (field, Fix::set("Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"", TRUE))
            }
            (None, _) => (asking.clone(), instead.into()),
        };
        settings.operator_load_balancers.report(&RULE, field, what, fix, findings);
    }
}

/// The field that requests a load balancer, if one does.
fn asks<'d>(service: &Service, holder: Value<'d>, settings: &Settings<'_>) -> Option<FieldRef<'d>> {
    let keys = match service.asks {
        RequestedBy::Type(keys)
        | RequestedBy::TypeOrNothing(keys)
        | RequestedBy::Switch(keys)
        | RequestedBy::Text(keys, _) => keys,
    };
    let by_default = matches!(service.asks, RequestedBy::TypeOrNothing(_));
    let Some(value) = holder.descend(keys).filter(|value| !value.is_null()) else {
        return (by_default && holder.kind() == Kind::Object).then(|| FieldRef::missing(holder, keys));
    };
    let asks = match service.asks {
        RequestedBy::Text(_, text) => value.is_text(text),
        RequestedBy::Switch(_) => value.as_bool().or_else(|| Some(may_be_true(&value.as_str()?)))?,
        _ => value.as_str()?.split(',').any(|word| LOAD_BALANCER.iter().any(|it| word.trim().eq_ignore_ascii_case(it))),
    };
    let mut beside = keys.to_vec();
    beside.pop();
    beside.push("loadBalancerClass");
    let class = holder.descend(&beside).and_then(|class| class.as_str());
    let is_private = class.is_some_and(|class| settings.private_classes.contains(&class));
    (asks && !is_private).then(|| FieldRef::from(value))
}

/// The types of Services for which Azure creates no load balancer.
const OTHER_TYPES: &[&str] = &["ClusterIP", "NodePort"];

/// What is set at the paths that begin at the object's root, in the order of the table.
fn of_object<'d>(service: &Service, object: Value<'d>) -> Vec<Vec<Option<State<'d>>>> {
    let state = |place| matches!(place, &AnnotationPlace::OfObject(_)).then(|| state(place, object, object));
    service.annotations.iter().map(|places| places.iter().map(state).collect()).collect()
}

/// What is set at a path of annotations.
#[derive(Clone)]
enum State<'d> {
    /// No annotations at all.
    Nothing,
    /// The annotation, everywhere, or no Service.
    Internal,
    /// Annotations of which one has another value, or none.
    Public(FieldRef<'d>),
}

fn state<'d>(place: &AnnotationPlace, object: Value<'d>, holder: Value<'d>) -> State<'d> {
    if let AnnotationPlace::Pairs(key) = place {
        return pairs(holder, key);
    }
    if let AnnotationPlace::Patches(at) = place {
        return patches(holder, at);
    }
    if let AnnotationPlace::NoService(at) = place {
        let keys: Vec<&str> = at.split('.').collect();
        let value = holder.descend(&keys);
        let is_off = value.is_some_and(|value| {
            value.as_bool() == Some(false) || OTHER_TYPES.iter().any(|other| value.is_text(other))
        });
        return if is_off { State::Internal } else { State::Nothing };
    }
    let (from, at) = whence(place, object, holder);
    let (mut found, mut public) = (0, None);
    places::visit(&mut Findings::default(), from, at, &mut |_, value| {
        found += 1;
        let internal = match place {
            AnnotationPlace::Text(_) => value.as_str().is_some_and(|text| says_internal(&text)),
            _ => value.get(INTERNAL).is_some_and(|value| value.is_text(TRUE)),
        };
        if !internal && public.is_none() {
            public = Some(match (place, value.get(INTERNAL)) {
                (AnnotationPlace::Text(_), _) => value.into(),
                (_, Some(other)) => other.into(),
                (_, None) => FieldRef::missing(value, &[INTERNAL]),
            });
        }
    });
    // Of a list, every item must be annotated.
    let mut items = found;
    if let Some((list, rest)) = at.rsplit_once("[].") {
        items = 0;
        let list = [list, "[]"].concat();
        places::visit(&mut Findings::default(), from, &list, &mut |_, item| {
            items += 1;
            let mut keys: Vec<&str> = rest.split('.').collect();
            if public.is_none() && item.descend(&keys).is_none() {
                keys.push(INTERNAL);
                public = Some(FieldRef::missing(item, &keys));
            }
        });
    }
    match public {
        Some(field) => State::Public(field),
        None if found > 0 && found == items => State::Internal,
        None => State::Nothing,
    }
}

/// The value at which a path begins, and the path.
fn whence<'d>(place: &AnnotationPlace, object: Value<'d>, holder: Value<'d>) -> (Value<'d>, &'static str) {
    match place {
        AnnotationPlace::Beside(at)
        | AnnotationPlace::Text(at)
        | AnnotationPlace::Pairs(at)
        | AnnotationPlace::Patches(at)
        | AnnotationPlace::NoService(at) => (holder, at),
        AnnotationPlace::OfObject(at) => (object, at),
    }
}

/// The annotation at a path that has none; `None` for items of a list.
fn missing<'d>(place: &AnnotationPlace, object: Value<'d>, holder: Value<'d>) -> Option<FieldRef<'d>> {
    let (from, at) = whence(place, object, holder);
    if let AnnotationPlace::Pairs(key) = place {
        return Some(FieldRef::missing(from, &[key]));
    }
    if at.contains('[') || matches!(place, AnnotationPlace::Patches(_)) {
        return None;
    }
    let mut keys: Vec<&str> = at.split('.').collect();
    if !matches!(place, AnnotationPlace::Text(_)) {
        keys.push(INTERNAL);
    }
    Some(FieldRef::missing(from, &keys))
}

/// What patches of a Service set, of which a later one counts more. One of the type `JSONPatch` is a list of operations
/// (<https://docs.nginx.com/nginx-gateway-fabric/how-to/data-plane-configuration/>).
fn patches<'d>(holder: Value<'d>, key: &str) -> State<'d> {
    let mut state = State::Nothing;
    for patch in holder.field(key).into_iter().flat_map(|patches| patches.items()) {
        let Some(value) = patch.get("value") else { continue };
        let written = value.items().filter_map(|operation| {
            let path = operation.get("path")?.as_str()?;
            let path = path.strip_prefix("/metadata/annotations")?;
            match &*operation.get("op")?.as_str()? {
                // Both put a map in the place of the one that was there.
                "add" | "replace" if path.is_empty() => Some(operation.get("value")?.get(INTERNAL)),
                "add" | "replace" => (path == POINTER).then(|| operation.get("value")),
                "remove" => (path.is_empty() || path == POINTER).then_some(None),
                // `test` sets nothing.
                _ => None,
            }
        });
        for value in written.chain(merged(value)) {
            state = match value {
                Some(value) if value.is_text(TRUE) => State::Internal,
                Some(value) => State::Public(value.into()),
                None => State::Nothing,
            };
        }
        if matches!(state, State::Nothing) && value.kind() == Kind::Object {
            state = State::Public(FieldRef::missing(value, &["metadata", "annotations", INTERNAL]));
        }
    }
    state
}

/// What the annotation is after a patch that is merged, if the patch says so: `null` removes what was there, and so do the
/// directives of a strategic merge.
fn merged(patch: Value<'_>) -> Option<Option<Value<'_>>> {
    let mut value = patch;
    let mut removed = None;
    for key in ["metadata", "annotations", INTERNAL] {
        if value.get("$patch").is_some_and(|directive| directive.is_text("delete") || directive.is_text("replace")) {
            removed = Some(None);
        }
        match value.get(key) {
            Some(next) if next.is_null() => return Some(None),
            Some(next) => value = next,
            None => return removed,
        }
    }
    Some(Some(value))
}

/// [`INTERNAL`] as the last part of a JSON pointer.
const POINTER: &str = "/service.beta.kubernetes.io~1azure-load-balancer-internal";

/// What is set under a key that holds annotations as pairs. Flink trims each part, which may have quotes, and reads keys of
/// their own only without it
/// (<https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/#kubernetes-rest-service-annotations>).
fn pairs<'d>(holder: Value<'d>, key: &str) -> State<'d> {
    if let Some(value) = holder.field(key) {
        let part = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
        let is_internal = |pair: &str| {
            let (key, value) = pair.rsplit_once(':').unwrap_or_default();
            part(key) == INTERNAL && part(value) == TRUE
        };
        let internal = value.as_str().is_some_and(|text| text.split(',').any(is_internal));
        return if internal { State::Internal } else { State::Public(value.into()) };
    }
    match holder.field(&[key, ".", INTERNAL].concat()) {
        Some(value) if value.is_text(TRUE) || value.as_bool() == Some(true) => State::Internal,
        Some(value) => State::Public(value.into()),
        None => State::Nothing,
    }
}

/// Whether a YAML text that an operator copies into the annotations of a Service has the annotation.
fn says_internal(text: &str) -> bool {
    text.lines().any(|line| {
        let (key, value) = line.trim().split_once(": ").unwrap_or_default();
        key.trim_matches(['"', '\'']) == INTERNAL && matches!(value.trim(), "\"true\"" | "'true'")
    })
}
