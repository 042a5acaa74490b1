//! Plans of Terraform and OpenTofu, as `terraform show -json PLAN` prints them: resources of the providers azurerm and azapi.

use isolation_document::Path;
use serde_json::{Map, Value};

use crate::automatic::{AUTOMATIC, as_cluster, unknown_of_cluster};
use crate::found::{Change, Form, Found, Unknown, Unread, parent};
use crate::text::Part;
use crate::{holders, kubernetes};

/// The types in lower case whose deletion a policy judges: nodes start from what a cache rule holds.
const DELETION_JUDGED: &[&str] =
    &["azurerm_container_registry_cache_rule", "microsoft.containerregistry/registries/cacherules"];

/// An object of Kubernetes, in its field `manifest`.
const MANIFEST: &str = "kubernetes_manifest";

/// Azapi's type for single requests.
const REQUEST: &str = "azapi_resource_action";

/// The resources that a plan creates, changes or keeps, and of those that it deletes the ones that something depends on.
pub fn resources(plan: Part<'_>) -> Vec<Found<'_>> {
    let changes = plan.members().and_then(|members| members.get("resource_changes")?.items());
    changes.unwrap_or_default().into_iter().flat_map(resource).collect()
}

/// The deployments of templates in a plan, whose resources nobody judges.
pub fn unread(plan: Part<'_>) -> Vec<Unread<'_>> {
    let members = plan.members().unwrap_or_default();
    let list = |key: &str| members.get(key).and_then(|part| part.items()).unwrap_or_default();
    let changes = list("resource_changes");
    let mut unread: Vec<_> = changes.iter().copied().filter_map(template).collect();
    unread.extend(changes.iter().copied().find_map(of_kubernetes));
    unread.extend(list("deferred_changes").first().map(|part| Unread {
        subject: "The plan".to_owned(),
        part: *part,
        what: "Terraform defers some of its changes, which are not judged here",
        help: "Check the plan in which Terraform makes them",
        is_elsewhere: true,
    }));
    unread
}

/// What this is if it brings objects into a cluster that are not written as manifests.
fn of_kubernetes(part: Part<'_>) -> Option<Unread<'_>> {
    let change: Value = serde_json::from_str(part.text).ok()?;
    let planned = Planned { part, change: &change };
    let of_type = planned.text("type");
    let is_other = (of_type.starts_with("kubernetes_") && of_type != MANIFEST)
        || matches!(&*of_type, "helm_release" | "kubectl_manifest");
    let is_made = planned.text("mode") == "managed" && change.pointer("/change/after").is_some_and(Value::is_object);
    (is_other && is_made).then(|| Unread {
        subject: format!("{of_type} {}", planned.text("name")),
        part,
        what: "of Terraform's resources for Kubernetes, only kubernetes_manifest is read, so others are not judged here",
        help: "Check what they create in the cluster: its manifests, or what helm template prints",
        is_elsewhere: true,
    })
}

/// The deployment that this is, unless its template has nothing that a rule judges.
fn template(part: Part<'_>) -> Option<Unread<'_>> {
    let change: Value = serde_json::from_str(part.text).ok()?;
    let planned = Planned { part, change: &change };
    let after = change.pointer("/change/after").filter(|after| after.is_object())?;
    let (of_type, written) = (planned.text("type"), after.get("type").and_then(Value::as_str).unwrap_or_default());
    let of_azapi = written.split_once('@').map_or(written, |(of_type, _)| of_type);
    let is_deployment = (of_type.starts_with("azurerm_") && of_type.ends_with("template_deployment"))
        || (of_type.starts_with("azapi_") && holders::is_deployment(of_azapi));
    if !is_deployment || planned.text("mode") != "managed" {
        return None;
    }
    let is_unknown = |key: &&str| {
        change.pointer(&format!("/change/after_unknown/{key}")).is_some_and(|unknown| *unknown == Value::Bool(true))
    };
    let is_unknown = ["template_content", "template_body", "body"].iter().any(is_unknown);
    // What the resource itself is called says nothing of its template.
    let content = after.get("body").unwrap_or(after);
    (is_unknown || holders::names_judged(content)).then(|| Unread {
        subject: format!("{of_type} {}", planned.text("name")),
        part,
        what: "its template is not read in a plan",
        help: "Check the template as a separate file",
        is_elsewhere: false,
    })
}

/// What becomes of one resource. Replacing it is a deletion and a creation.
fn resource(part: Part<'_>) -> Vec<Found<'_>> {
    // All of the text was read before.
    let change: Value = serde_json::from_str(part.text).unwrap_or_default();
    if change.get("mode").and_then(Value::as_str) != Some("managed") {
        return Vec::new();
    }
    let planned = Planned { part, change: &change };
    // What a request wrote before is not what is there.
    let is_request = planned.text("type") == REQUEST;
    let is_changed = planned.does("update") && !is_request;
    let after = planned.state("after").map(|mut after| {
        if let Some(before) = planned.state("before").filter(|_| is_changed) {
            after.change = Change::From(before.value);
        }
        after
    });
    let gone = planned.state("before").filter(|_| planned.does("delete"));
    let gone = gone.map(|gone| if is_request { gone } else { Found { change: Change::Deleted, ..gone } });
    let is_judged = |found: &Found<'_>| {
        !matches!(found.change, Change::Deleted)
            || DELETION_JUDGED.contains(&found.of_type.to_ascii_lowercase().as_str())
    };
    after.into_iter().chain(gone).filter(is_judged).collect()
}

/// A resource in a plan.
struct Planned<'t, 'c> {
    part: Part<'t>,
    change: &'c Value,
}

impl<'t> Planned<'t, '_> {
    fn text(&self, key: &str) -> String {
        self.change.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Whether this is among the actions.
    fn does(&self, action: &str) -> bool {
        let actions = self.change.pointer("/change/actions").and_then(Value::as_array);
        actions.is_some_and(|actions| actions.iter().any(|known| known == action))
    }

    /// The resource as it is `before` or `after` the plan is applied; none if it is not there, or not Azure's.
    fn state(&self, when: &str) -> Option<Found<'t>> {
        let mut state = self.change.pointer(&format!("/change/{when}")).filter(|state| state.is_object())?.clone();
        // Everything is known of what is there.
        let unknown = self.change.pointer("/change/after_unknown").filter(|_| when == "after");
        let unknown = unknown.cloned().unwrap_or_default();
        let of_type = self.text("type");
        if of_type == REQUEST {
            return self.request(state, &unknown, when);
        }
        if of_type.starts_with("azapi_") {
            return self.azapi(state, &unknown, when);
        }
        if of_type == MANIFEST {
            return self.manifest(&state, &unknown, when);
        }
        if !of_type.starts_with("azurerm_") {
            return None;
        }
        leave_out_given_credentials(&mut state);
        let mut paths = Vec::new();
        leaves(&unknown, &Path::root(), &mut paths);
        paths.retain(|unknown| !is_of_provider(&unknown.path));
        let name = state.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if of_type == AUTOMATIC {
            paths = unknown_of_cluster(paths);
            if let Value::Object(fields) = state {
                state = Value::Object(as_cluster(fields));
            }
        }
        Some(Found {
            version: self.text("provider_name"),
            is_named: !name.is_empty(),
            name: if name.is_empty() { self.text("address") } else { name },
            value: state,
            inside: format!("change.{when}"),
            unknown: paths,
            ..Found::new(Form::Azurerm, of_type, self.part)
        })
    }

    fn manifest(&self, state: &Value, unknown: &Value, when: &str) -> Option<Found<'t>> {
        let object = state.get("manifest")?;
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut paths = Vec::new();
        leaves(&unknown.get("manifest").cloned().unwrap_or_default(), &Path::root().key("manifest"), &mut paths);
        Some(Found {
            version: text("apiVersion"),
            name: kubernetes::name_of(object, &paths),
            value: object.clone(),
            inside: format!("change.{when}"),
            unknown: paths,
            ..Found::new(Form::Kubernetes { within: "manifest" }, text("kind"), self.part)
        })
    }

    /// The resource that a request of azapi writes or deletes: the one of its id, or one below it, which `action` names. What it
    /// posts, such as `start`, describes none. It is sent when it is applied, or when it is destroyed.
    /// <https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource_action>
    fn request(&self, mut state: Value, unknown: &Value, when: &str) -> Option<Found<'t>> {
        let text = |key: &str| state.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_unknown = |key: &str| unknown.get(key).and_then(Value::as_bool) == Some(true);
        // What only applying tells may be a change: what it writes counts, and not what it leaves out.
        let method = if is_unknown("method") { "PATCH".to_owned() } else { text("method") };
        let action = text("action");
        let is_deletion = method == "DELETE";
        let is_of_destroy = text("when") == "destroy";
        let is_sent = if is_of_destroy { when == "before" && self.does("delete") } else { when == "after" };
        let segments: Vec<&str> = action.split('/').filter(|segment| !segment.is_empty()).collect();
        if !is_sent || !(is_deletion || matches!(&*method, "PUT" | "PATCH")) || segments.len() % 2 == 1 {
            return None;
        }
        let (mut of_type, mut id) = (text("type"), text("resource_id"));
        if !segments.is_empty() {
            let (front, version) = of_type.split_once('@').unwrap_or((&of_type, ""));
            // Behind the last `providers` stands the whole type, whatever the id's own is, such as a resource group.
            let provider = segments
                .chunks(2)
                .rposition(|pair| pair.first().is_some_and(|word| word.eq_ignore_ascii_case("providers")));
            let (front, below) = match provider.and_then(|at| segments.get(at * 2 + 1..)?.split_first()) {
                Some((namespace, below)) => (*namespace, below),
                None => (front, segments.as_slice()),
            };
            let types = below.iter().step_by(2).map(|of_type| format!("/{of_type}")).collect::<String>();
            of_type = format!("{front}{types}@{version}");
            id = format!("{id}/{}", segments.join("/"));
        }
        let fields = state.as_object_mut()?;
        fields.insert("type".to_owned(), of_type.into());
        fields.insert("resource_id".to_owned(), id.into());
        let found = self.azapi(state, unknown, when)?;
        let change = if is_deletion { Change::Deleted } else { Change::Created };
        Some(Found { change, is_part: method == "PATCH", ..found })
    }

    /// A resource of the provider azapi: Azure's own words in `body`, which older releases hold as a text.
    fn azapi(&self, mut state: Value, unknown: &Value, when: &str) -> Option<Found<'t>> {
        let written = state.get("type").and_then(Value::as_str)?.to_owned();
        let (of_type, version) = written.split_once('@').unwrap_or((&written, ""));
        let text = |key: &str| state.get(key).and_then(Value::as_str).unwrap_or_default();
        // Who gives the id gives no name beside it.
        let name = match text("name") {
            "" => text("resource_id").rsplit('/').next().unwrap_or_default(),
            name => name,
        };
        let name = name.to_owned();
        let on = match text("parent_id") {
            "" => parent(text("resource_id")),
            parent => parent,
        };
        let on = on.to_owned();
        let mut paths = Vec::new();
        let body_unknown = unknown.get("body").cloned().unwrap_or_default();
        let inside = format!("change.{when}");
        let (value, inside) = match state.get_mut("body").map(Value::take) {
            Some(Value::String(text)) => {
                let read = serde_json::from_str(&text).ok();
                if read.is_none() {
                    paths.push(Unknown::at("properties"));
                }
                (read.unwrap_or_else(|| Value::Object(Map::new())), format!("{inside}.body"))
            }
            Some(body @ Value::Object(_)) => (body, format!("{inside}.body")),
            _ => (Value::Object(Map::new()), inside),
        };
        if body_unknown == Value::Bool(true) {
            paths.push(Unknown::at("properties"));
        } else {
            leaves(&body_unknown, &Path::root(), &mut paths);
        }
        Some(Found {
            version: version.to_owned(),
            is_named: !name.is_empty(),
            name: if name.is_empty() { self.text("address") } else { name },
            value,
            inside,
            unknown: paths,
            // It changes some fields of a resource that is there.
            is_part: self.text("type") == "azapi_update_resource",
            on,
            ..Found::new(Form::Arm { with_properties: true }, of_type, self.part)
        })
    }
}

/// Azure gives every cluster credentials for Windows nodes, and azurerm reads them back without the password that it requires of
/// whoever writes them.
fn leave_out_given_credentials(cluster: &mut Value) {
    let is_given = |profile: &Value| {
        let password = profile.pointer("/0/admin_password");
        password.is_none_or(|password| password.is_null() || password == "")
    };
    if cluster.get("windows_profile").is_some_and(is_given)
        && let Some(fields) = cluster.as_object_mut()
    {
        fields.remove("windows_profile");
    }
}

/// Fields that azurerm fills in itself where nobody writes them, so that they are unknown in every plan that creates the resource. What
/// it fills in is what Azure does where they are absent. A prefix that a frontend is given, and that is unknown, is created in the
/// same plan, and judged there.
/// <https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/kubernetes_cluster_resource.go>,
/// <https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/loadbalancer/lb_resource.go>
const OF_PROVIDER: &[&str] = &[
    "bootstrap_profile",
    "kubernetes_version",
    "load_balancer_profile",
    "managed_outbound_ip_count",
    "managed_outbound_ipv6_count",
    "nat_gateway_profile",
    "network_profile",
    "orchestrator_version",
    "os_sku",
    "public_ip_prefix_id",
    "windows_profile",
];

fn is_of_provider(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|key| OF_PROVIDER.contains(&key))
}

/// The paths of what is `true` in the tree of what is known after the plan is applied.
fn leaves(tree: &Value, path: &Path, found: &mut Vec<Unknown>) {
    match tree {
        Value::Bool(true) => found.push(Unknown::at(path.to_string())),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| leaves(value, &path.clone().key(key), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, &path.clone().index(index), found));
        }
        _ => {}
    }
}
