//! Add-ons: entries of a map in ASO and in patches, items of a list in CAPZ's own fields.

use isolation::Findings;

use crate::features::FEATURES;
use crate::fields::{Field, place};
use crate::spec::{Found, Spec};

/// An add-on, by name in lower case, and whether it is enabled.
#[derive(Debug)]
pub struct Addon<'m, 'd> {
    /// The name. Azure compares it without case.
    pub name: String,
    /// Its switch.
    pub enabled: Found<'m, 'd>,
}

/// The old HTTP application routing, in lower case.
pub const HTTP_ROUTING: &str = "httpapplicationrouting";
/// Application Gateway as ingress, in lower case.
pub const APPLICATION_GATEWAY: &str = "ingressapplicationgateway";

fn is_known(name: &str) -> bool {
    name == HTTP_ROUTING || name == APPLICATION_GATEWAY || FEATURES.iter().any(|feature| feature.addon == Some(name))
}

/// The enabled add-ons of a cluster. The strongest layer that names an add-on decides.
pub fn enabled<'m, 'd>(cluster: &'m Spec<'d>, findings: &mut Findings) -> Vec<Addon<'m, 'd>> {
    let mut decided: Vec<String> = Vec::new();
    let mut enabled = Vec::new();
    for layer in cluster.layers() {
        let Some(place) = place(layer.field_map, Field::Addons) else { continue };
        let (entries, deleted) = cluster.find_in(findings, layer, place);
        for entry in entries {
            let name = entry.value.key().or_else(|| entry.value.field("name").and_then(|name| name.as_str()));
            let name = name.unwrap_or_default().to_ascii_lowercase();
            // Only known names are kept, so a long list costs no more than its length.
            if !is_known(&name) || decided.contains(&name) {
                continue;
            }
            let deleted = entry.value.is_null();
            let switch = if deleted { None } else { entry.member(findings, "enabled") };
            if switch.is_none() && !deleted {
                continue;
            }
            if let Some(switch) = switch
                && switch.is_true(findings)
            {
                enabled.push(Addon { name: name.clone(), enabled: switch });
            }
            decided.push(name);
        }
        if deleted.is_some() {
            break;
        }
    }
    enabled
}
