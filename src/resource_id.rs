//! Resource ids of Azure.

/// Provider, type and name of the resource that an id names, or a scope such as `Microsoft.Kubernetes/connectedClusters/arc`.
///
/// None if anything stands behind the name, or if it belongs to another resource: the last segment of
/// `…/registries/a/replications/b` is no registry, and below a second provider is no resource of the first. Kinds that stand
/// below another are not read.
pub fn resource(id: &str) -> Option<[&str; 3]> {
    // The id becomes a part of a URL, where these would end it, spell another sign or lead elsewhere.
    let leads_elsewhere =
        |segment: &str| matches!(segment, "." | "..") || segment.contains(['?', '#', '%', '\\', ';', ' ']);
    let segments: Vec<&str> = id.split('/').collect();
    let mut providers =
        segments.iter().enumerate().filter(|(_, segment)| segment.eq_ignore_ascii_case("providers")).map(|(at, _)| at);
    let behind = providers.next().map_or(0, |at| at + 1);
    if providers.next().is_some() || segments.iter().any(|segment| leads_elsewhere(segment)) {
        return None;
    }
    let named: [&str; 3] = segments.get(behind..)?.try_into().ok()?;
    named.iter().all(|segment| !segment.is_empty()).then_some(named)
}
