//! Cache rules: those that are known, and those that a plan proposes.

use std::collections::BTreeMap;

use isolation::Document;
use isolation::image::{CACHE_RULES, CacheRules, cache_registry};
use isolation::settings::{Reader, Setting};
use isolation_azure::State as Azure;
use isolation_inventory::{ExistingRules, Proposal, UPSTREAMS, Upstream, proposals};
use serde_json::{Value, json};

/// The registry that is written in commands where none was named.
pub const PLACEHOLDER_REGISTRY: &str = "yourregistry.azurecr.io";

/// A cache rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheRule {
    /// The login server of the registry that holds it, if it is said.
    pub registry: Option<String>,
    /// What it pulls.
    pub source: String,
    /// Where it keeps it.
    pub target: String,
}

/// Public registries whose images a rule of one's own can cache: nodes follow Microsoft's own rule for its registry.
pub fn upstreams() -> impl Iterator<Item = &'static Upstream> {
    UPSTREAMS.iter().filter(|upstream| MCR.trim_end_matches('/') != upstream.host)
}

/// The settings in which cache rules are written.
const TABLE: &[Setting] = &[CACHE_RULES, cache_registry("")];

/// The registry whose rule nodes follow by themselves.
const MCR: &str = "mcr.microsoft.com/";

/// The rules of a configuration, and those that Azure says beside them.
pub fn known(configured: &[CacheRule], azure: &Azure) -> Vec<CacheRule> {
    let mut rules = configured.to_vec();
    for rule in azure.cache_rules.iter().flatten() {
        let registry = azure.registries.iter().find(|known| known.name.eq_ignore_ascii_case(&rule.registry));
        let registry = registry.map(|known| known.login_server.clone()).filter(|host| !host.is_empty());
        let by_name = || Some(format!("{}.azurecr.io", rule.registry.to_ascii_lowercase()));
        let registry = registry.or_else(|| if rule.registry.is_empty() { None } else { by_name() });
        if rules.iter().all(|known| known.source != rule.source) {
            rules.push(CacheRule { registry, source: rule.source.clone(), target: rule.target.clone() });
        }
    }
    rules
}

/// The known rules with those that are proposed for other registries, as far as the registry takes them side by side: as the
/// setting `cacheRules`, so that a finding says under which name the cache will hold an image.
pub fn setting(registry: &str, known: &[CacheRule]) -> Value {
    let mut rules = accepted(registry, known);
    let sources = upstreams().filter(|upstream| is_new(upstream.host, known)).map(whole);
    let sources = sources.map(|source| (source, 0)).collect();
    let (proposed, _) = propose(registry, &rules, &[], &sources);
    rules.extend(
        proposed.into_iter().map(|rule| json!({"registry": registry, "source": rule.source, "target": rule.target})),
    );
    Value::Array(rules)
}

/// The known rules, as far as the registry takes them side by side, as the setting `cacheRules` has them.
pub fn accepted(registry: &str, known: &[CacheRule]) -> Vec<Value> {
    let mut rules: Vec<Value> = Vec::new();
    for rule in known.iter().filter(|rule| !rule.source.starts_with(MCR)) {
        let holder = rule.registry.as_deref().unwrap_or(registry);
        rules.push(json!({"registry": holder, "source": rule.source, "target": rule.target}));
        if !is_accepted(&rules) {
            rules.pop();
        }
    }
    rules
}

/// Rules for these sources, each with a number of images, that the registry takes beside its own, whose names are given; and the
/// sources for which there is none.
pub fn propose(
    registry: &str,
    rules: &[Value],
    names: &[&str],
    sources: &BTreeMap<String, usize>,
) -> (Vec<Proposal>, Vec<String>) {
    let (proposed, refused) = proposals(sources, ExistingRules { rules, names, registry });
    (proposed, refused.into_iter().map(str::to_owned).collect())
}

/// The source of a rule for a whole registry.
pub fn whole(upstream: &Upstream) -> String {
    format!("{}/*", upstream.host)
}

/// Whether no rule pulls from this registry yet. A rule for a part of it is somebody's decision about it.
pub fn is_new(host: &str, known: &[CacheRule]) -> bool {
    known.iter().all(|rule| rule.source.split('/').next() != Some(host))
}

fn is_accepted(rules: &[Value]) -> bool {
    with(&json!({"cacheRules": rules}), &mut |_, problems| problems == 0).unwrap_or(false)
}

/// Reads settings with cache rules, and calls `act` with the rules and the number of what is wrong with them.
pub fn with<T>(settings: &Value, act: &mut dyn FnMut(&CacheRules<'_>, usize) -> T) -> Option<T> {
    let text = settings.to_string();
    let document = Document::read(text.as_bytes()).ok()?;
    let mut reader = Reader::new(Some(document.root()), &[TABLE]);
    let rules = CacheRules::read(&mut reader, None);
    let problems = reader.problems().len();
    Some(act(&rules, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_is_proposed_that_the_registry_would_refuse() {
        let rule =
            |source: &str, target: &str| CacheRule { registry: None, source: source.into(), target: target.into() };
        let sources = |known: &[CacheRule]| {
            let setting = setting("myacr.azurecr.io", known);
            let rules = setting.as_array().cloned().unwrap_or_default();
            rules.iter().map(|rule| rule["source"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(sources(&[]).len(), upstreams().count());
        // A rule for a part of a registry is somebody's decision about it.
        assert!(!sources(&[rule("docker.io/library/*", "hub/library/*")]).contains(&"docker.io/*".to_owned()));
        // Where somebody keeps Docker Hub's images, no other registry's go.
        let setting = setting("myacr.azurecr.io", &[rule("docker.io/library/*", "quay/library/*")]).to_string();
        assert!(
            setting.contains(r#"{"registry":"myacr.azurecr.io","source":"quay.io/*","target":"cache/quay/*"}"#),
            "{setting}"
        );
        // The root holds every other target.
        assert_eq!(sources(&[rule("quay.io/*", "*")]), ["quay.io/*"]);
        assert!(
            sources(&[rule("mcr.microsoft.com/*", "aks-managed-repository/*")])
                .iter()
                .all(|source| !source.starts_with(MCR))
        );
    }
}
