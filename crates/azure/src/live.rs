//! Resources that are there, as `az` prints them.

use serde_json::Value;

use crate::found::{Form, Found, Gathered, Unread, parent};
use crate::judged::kind_of;
use crate::text::Part;

/// The version that a resource has which is not described but there: what `az` printed of it.
pub const LIVE: &str = "live";

/// The resources in the parts of a text that `az` printed.
pub fn resources(parts: Vec<Part<'_>>) -> Gathered<'_> {
    let mut gathered = Gathered::default();
    for found in parts.into_iter().filter_map(resource) {
        // A list names resources and does not describe them: the properties are null.
        if !found.value.get("properties").is_some_and(Value::is_null) {
            gathered.found.push(found);
        } else if kind_of(&found).is_some() {
            gathered.unread.push(Unread {
                subject: format!("{} {}", found.of_type, found.name),
                part: found.part,
                what: "its properties are not printed",
                help: "Print the resource itself, as with az aks show or az resource show: az resource list prints no properties",
                is_elsewhere: false,
            });
        }
    }
    gathered
}

fn resource(part: Part<'_>) -> Option<Found<'_>> {
    let mut value: Value = serde_json::from_str(part.text).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (of_type, name, on) = (text("type"), text("name"), parent(&text("id")).to_owned());
    leave_out_unused_credentials(&mut value);
    let with_properties = value.get("properties").is_some_and(Value::is_object);
    let found = Found::new(Form::Arm { with_properties }, of_type, part);
    Some(Found { version: LIVE.to_owned(), name, value, on, ..found })
}

/// Azure gives every cluster credentials for Windows nodes. Where there are none, they mean nothing.
fn leave_out_unused_credentials(cluster: &mut Value) {
    let has_windows = cluster.to_string().to_ascii_lowercase().contains("\"ostype\":\"windows\"");
    if has_windows {
        return;
    }
    if let Some(entries) = cluster.as_object_mut() {
        entries.remove("windowsProfile");
        if let Some(Value::Object(properties)) = entries.get_mut("properties") {
            properties.remove("windowsProfile");
        }
    }
}
