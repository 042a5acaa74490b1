//! What no webhook can guard: that namespaces stay where webhooks see them. The rules are the API server's own, and stand in
//! the chart as a file with four places to fill in.

use crate::policy::Mode;
use crate::values::{Level, Values};

const TEXT: &str = include_str!("../../../charts/network-isolation-policies/files/guard.yaml");

/// The guard, as documents.
pub(crate) fn documents(values: &Values) -> String {
    let refused = "[Deny]";
    let told = "[Warn, Audit]";
    let labels = if values.mode == Mode::Protect { refused } else { told };
    let deny = values.mode == Mode::Protect && values.guard.reserved_namespaces == Level::Deny;
    let reserved = if deny { refused } else { told };
    TEXT.replace("EXCLUDED_NAMESPACES", &list(&values.excluded_namespaces))
        .replace("TRUSTED_USERS", &list(&values.guard.trusted_users))
        .replace("LABELS_ACTIONS", labels)
        .replace("RESERVED_ACTIONS", reserved)
}

/// The members of a list in CEL. Neither the name of a namespace nor that of a trusted user holds what would have to be
/// escaped: [`Values::check`] sees to it.
fn list(texts: &[String]) -> String {
    texts.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ")
}
