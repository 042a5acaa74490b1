//! Add-ons: entries of a map in ASO and in patches, items of a list in CAPZ's own fields.

use isolation::Findings;

use crate::described::{Described, Found};
use crate::shapes::{Ask, place};

/// An add-on, by name in lower case, and whether it is enabled.
#[derive(Debug)]
pub struct Addon<'d> {
    /// The name. Azure compares it without case.
    pub name: String,
    /// Its switch.
    pub enabled: Found<'d>,
}

/// The add-ons of a cluster that are enabled. The strongest layer that speaks of one decides.
pub fn enabled<'d>(cluster: &Described<'d>, findings: &mut Findings) -> Vec<Addon<'d>> {
    let mut decided: Vec<String> = Vec::new();
    let mut enabled = Vec::new();
    for layer in cluster.layers() {
        let Some(place) = place(layer.shape, Ask::Addons) else { continue };
        let (entries, deleted) = cluster.find_in(findings, layer, place);
        for entry in entries {
            let name = entry.value.key().or_else(|| entry.value.field("name").and_then(|name| name.as_str()));
            let name = name.unwrap_or_default().to_ascii_lowercase();
            let switch = entry.member(findings, "enabled");
            if decided.contains(&name) || (switch.is_none() && !entry.value.is_null()) {
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
