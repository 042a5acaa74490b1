//! Cache rules of a registry: which repository in Azure Container Registry caches which public one.

use std::borrow::Cow;

use super::{Reference, is_registry_of_azure, not_a_login_server};
use crate::doc;
use crate::fingerprint::fingerprint;
use crate::json::Value;
use crate::settings::{Reader, Setting, Shape};

const MEMBERS: &[Setting] = &[
    Setting::new(
        "registry",
        Shape::Text,
        doc!("The registry that holds the rule, where there are several: `myacr.azurecr.io`."),
    ),
    Setting::new("source", Shape::Text, doc!("The rule's source: `docker.io/library/*`.")).required(),
    Setting::new("target", Shape::Text, doc!("The rule's target: `dockerhub/library/*`.")).required(),
];

/// The setting, shared by every policy that uses cache rules.
pub const CACHE_RULES: Setting = Setting::new(
    "cacheRules",
    Shape::Objects(MEMBERS),
    doc!(
        "The cache rules of the private registry, as passed to `az acr cache create`: `source` \
         (`docker.io/library/*`) and `target` (`dockerhub/library/*`), both with `/*` at the end or both without. \
         Where several sources match an image, the longest applies. Rules that Azure Container Registry refuses, such \
         as two with the same target, are refused here too."
    ),
)
.example(r#"[{"source": "docker.io/library/*", "target": "dockerhub/library/*"}]"#);

/// The setting for the registry of all rules, with what is true of it in the policy.
pub const fn cache_registry(doc: &'static str) -> Setting {
    Setting::new(REGISTRY, Shape::Text, doc).example("\"myacr.azurecr.io\"")
}

const REGISTRY: &str = "registry";

/// One rule.
#[derive(Debug)]
struct CacheRule<'d> {
    /// The host that holds the cache, in lower case.
    registry: String,
    source_registry: String,
    /// Without `/*`; empty for a whole registry.
    source: String,
    /// Without `/*`; empty for the registry's root.
    target: Cow<'d, str>,
    /// The fingerprints of source and target.
    marks: (u32, u32),
    wildcard: bool,
    value: Value<'d>,
}

/// All rules.
#[derive(Debug, Default)]
pub struct CacheRules<'d>(Vec<CacheRule<'d>>);

impl<'d> CacheRules<'d> {
    /// Reads the settings. Rules that name no registry are held by the one of the setting `registry`, or else by `main`.
    pub fn read(reader: &mut Reader<'d>, main: Option<&str>) -> Self {
        let common = reader.get(REGISTRY).and_then(|value| read_registry(reader, value));
        let common = common.as_deref().or(main);
        let mut rules: Vec<CacheRule<'d>> = Vec::new();
        for value in reader.objects(CACHE_RULES.key) {
            let Some(rule) = read_rule(reader, value, common) else { continue };
            let twin = |other: &CacheRule<'_>| {
                other.marks.0 == rule.marks.0
                    && (&other.source_registry, &other.source, other.wildcard)
                        == (&rule.source_registry, &rule.source, rule.wildcard)
            };
            if rules.iter().any(twin) {
                reader.problem(value, "another rule has the same source, but an image has one cache");
            }
            if let Some(problem) = rules.iter().find_map(|other| rule.collides_with(other)) {
                reader.problem(value, problem);
            }
            rules.push(rule);
        }
        let mut registries: Vec<&str> = Vec::new();
        for rule in &rules {
            if !registries.contains(&rule.registry.as_str()) {
                registries.push(&rule.registry);
            }
        }
        for rule in &rules {
            if registries.contains(&rule.source_registry.as_str()) {
                reader.problem(rule.value, "its source is a registry that has cache rules itself");
            }
        }
        CacheRules(rules)
    }

    /// Every rule: its value in the settings, the registry that holds the cache, and the repository below which, or in
    /// which, it is held; empty for the registry's root.
    pub fn targets(&self) -> impl Iterator<Item = (Value<'d>, &str, &str)> {
        self.0.iter().map(|rule| (rule.value, rule.registry.as_str(), rule.target.as_ref()))
    }

    fn find<'r>(&self, reference: &'r Reference<'_>) -> Option<(&CacheRule<'d>, &'r str)> {
        let covering = self.0.iter().filter_map(|rule| Some((rule, rule.rest(reference)?)));
        // A rule for one repository is longer than a wildcard that covers it too.
        covering.max_by_key(|(rule, _)| rule.source.len())
    }

    /// Where the cache holds this image; `None` where no rule covers it.
    pub fn cached(&self, reference: &Reference<'_>) -> Option<Cached> {
        let (rule, rest) = self.find(reference)?;
        let slash = if rest.is_empty() || rule.target.is_empty() { "" } else { "/" };
        let repository = [&rule.target, slash, rest].concat();
        if !self.fills(rule, &repository) {
            return Some(Cached::OfAnotherRule(repository));
        }
        let mut name = [&rule.registry, "/", &repository].concat();
        reference.append_version(&mut name);
        Some(if Reference::read(&name).is_ok() { Cached::Name(name) } else { Cached::TooLong })
    }

    /// The reference under which the cache holds this image, with its tag and digest.
    pub fn rewrite(&self, reference: &Reference<'_>) -> Option<String> {
        match self.cached(reference)? {
            Cached::Name(name) => Some(name),
            Cached::OfAnotherRule(_) | Cached::TooLong => None,
        }
    }

    /// Whether it is this rule that fills a repository below its target. A rule for one repository goes before those that
    /// end in `/*`, so the repository may be another publisher's.
    fn fills(&self, rule: &CacheRule<'_>, repository: &str) -> bool {
        !rule.wildcard
            || !(self
                .0
                .iter()
                .any(|other| !other.wildcard && other.registry == rule.registry && other.target == repository)
                || (is_below(repository, AKS_TARGET) && rule.target != AKS_TARGET))
    }

    /// Whether a rule, or the one that AKS needs, fills this repository of the registry, so that nothing can be imported
    /// into it.
    pub fn hold(&self, registry: &str, repository: &str) -> bool {
        is_below(repository, AKS_TARGET)
            || self.0.iter().any(|rule| {
                rule.registry == registry
                    && if rule.wildcard { is_below(repository, &rule.target) } else { rule.target == repository }
            })
    }
}

/// Where a cache holds an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cached {
    /// Under this reference.
    Name(String),
    /// Nowhere: the rule's target and the rest of the name make this repository, which another rule fills.
    OfAnotherRule(String),
    /// Nowhere: the name would be longer than a runtime takes.
    TooLong,
}

/// What the rule `aks-managed-mcr` fills, without `/*`: nodes of network isolated clusters find AKS's images there.
const AKS_TARGET: &str = "aks-managed-repository";

/// What that rule pulls, without `/*`.
const AKS_SOURCE: &str = "mcr.microsoft.com";

/// Whether a repository is this one or lies below it. Everything lies below the root, the empty one.
fn is_below(repository: &str, holder: &str) -> bool {
    let next = repository.as_bytes().get(holder.len());
    let is_end = || next == Some(&b'/') || repository.len() == holder.len();
    holder.is_empty() || (is_end() && repository.starts_with(holder))
}

/// Why Azure Container Registry refuses a rule with this target, or AKS needs it for another one: a clause. `source` and
/// `target` are as `az acr cache create` takes them, `registry` is the login server if it is known.
pub fn unusable_target(registry: Option<&str>, source: &str, target: &str) -> Option<&'static str> {
    let (path, wildcard) = split_wildcard(target.strip_prefix('/').unwrap_or(target));
    if split_wildcard(source).1 != wildcard {
        return Some("source and target must both end in `/*`, or neither");
    }
    let first = path.split('/').next().unwrap_or_default().to_ascii_lowercase();
    if registry == Some(&first) || is_registry_of_azure(&first) {
        return Some("begins with a registry's name, but a target is only a repository");
    }
    let sample =
        if path.is_empty() && wildcard { Cow::Borrowed("x.io/x") } else { Cow::Owned(["x.io/", path].concat()) };
    match Reference::read(&sample) {
        Ok(reference) if reference.tag.is_none() && reference.digest.is_none() => {}
        _ => {
            return Some("not a repository: repositories are lower case, without a scheme or tag");
        }
    }
    let source = source.strip_suffix("/*");
    if is_below(path, AKS_TARGET) && !(path == AKS_TARGET && source == Some(AKS_SOURCE)) {
        return Some("aks-managed-repository belongs to the rule aks-managed-mcr, which serves AKS's images to nodes");
    }
    None
}

impl CacheRule<'_> {
    /// Why the registry refuses this rule beside the other: a clause. Two rules for single repositories may not have one
    /// target, and of two that end in `/*` no target may hold the other. One for a single repository may stand inside.
    fn collides_with(&self, other: &CacheRule<'_>) -> Option<&'static str> {
        // A thousand rules are half a million pairs, of which the cheapest looks rule out nearly all.
        let same = self.marks.1 == other.marks.1 && self.target == other.target;
        let nested = self.wildcard
            && self.target.len() != other.target.len()
            && (is_below(&self.target, &other.target) || is_below(&other.target, &self.target));
        if !(same || nested) || self.registry != other.registry || self.wildcard != other.wildcard {
            return None;
        }
        Some(match same {
            true => "another rule has the same target, but the registry accepts only one",
            false => "its target contains, or lies in, another target that ends in `/*`, which the registry refuses",
        })
    }

    /// What of the reference's repository the rule's source leaves open; `None` if the rule does not cover it.
    fn rest<'r>(&self, reference: &'r Reference<'_>) -> Option<&'r str> {
        if self.source_registry != reference.registry {
            return None;
        }
        let repository: &str = &reference.repository;
        match self.wildcard {
            true if self.source.is_empty() => Some(repository),
            true => repository.strip_prefix(self.source.as_str())?.strip_prefix('/').filter(|rest| !rest.is_empty()),
            false => (repository == self.source).then_some(""),
        }
    }
}

/// Takes the wildcard off a source or target.
fn split_wildcard(text: &str) -> (&str, bool) {
    match text.strip_suffix('*') {
        Some("") => ("", true),
        Some(rest) => rest.strip_suffix('/').map_or((text, false), |path| (path, true)),
        None => (text, false),
    }
}

/// Reads the login server of a registry.
fn read_registry<'d>(reader: &mut Reader<'d>, value: Value<'d>) -> Option<String> {
    let registry = value.as_str().filter(|text| !text.is_empty())?.to_ascii_lowercase();
    match Reference::read(&[&registry, "/x"].concat()) {
        Ok(reference) if reference.explicit && reference.repository == "x" && reference.tag.is_none() => {}
        _ => reader.problem(value, "expected the login server alone, such as myacr.azurecr.io"),
    }
    if let Some(problem) = not_a_login_server(&registry) {
        reader.problem(value, problem);
    }
    Some(registry)
}

fn read_rule<'d>(reader: &mut Reader<'d>, value: Value<'d>, common: Option<&str>) -> Option<CacheRule<'d>> {
    let text = |key: &str| {
        let member = value.field(key)?;
        Some((member, member.as_str().filter(|text| !text.is_empty())?))
    };
    let (source_value, source) = text("source")?;
    let (target_value, target) = text("target")?;
    let own = value.field(REGISTRY).and_then(|value| read_registry(reader, value));
    let Some(registry) = own.or_else(|| common.map(str::to_owned)) else {
        reader.problem(
            value,
            "names no registry: write registry: myacr.azurecr.io here, or once in the policy's own settings",
        );
        return None;
    };
    let source_text = source;
    let (source_path, wildcard) = split_wildcard(&source_text);
    let sample = if wildcard { [source_path, "/x"].concat() } else { source_path.to_owned() };
    let read = Reference::read(&sample).ok().filter(|reference| {
        reference.explicit && reference.tag.is_none() && reference.digest.is_none() && !source_path.is_empty()
    });
    let Some(read) = read else {
        reader.problem(
            source_value,
            "expected a registry and a repository or `*`, such as docker.io/library/* or \
             quay.io/prometheus/node-exporter",
        );
        return None;
    };
    let (source_registry, mut source) = (read.registry.into_owned(), read.repository.into_owned());
    if wildcard {
        // `docker.io/*` was read as docker.io/library/x.
        source = match source_path.split_once('/') {
            Some((_, path)) => path.to_owned(),
            None => String::new(),
        };
    }
    if let Some(problem) = unusable_target(Some(&registry), &source_text, &target) {
        reader.problem(target_value, problem);
        return None;
    }
    let (target_path, _) = split_wildcard(&target);
    let target = Cow::Owned(target_path.strip_prefix('/').unwrap_or(target_path).to_owned());
    let marks = (fingerprint(&source), fingerprint(&target));
    Some(CacheRule { registry, source_registry, source, target, marks, wildcard, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    fn with_rules<T>(rules: &str, then: impl FnOnce(&CacheRules<'_>, Result<(), String>) -> T) -> T {
        let text = format!(r#"{{"cacheRules":{rules}}}"#);
        let document = Document::read(text.as_bytes()).unwrap();
        let mut reader = Reader::new(Some(document.root()), &[&[CACHE_RULES]]);
        let rules = CacheRules::read(&mut reader, None);
        let problems = reader.finish();
        then(&rules, problems)
    }

    fn rule(source: &str, target: &str) -> String {
        format!(r#"{{"registry":"MyACR.azurecr.io","source":"{source}","target":"{target}"}}"#)
    }

    #[test]
    fn the_longest_source_wins_and_the_version_is_kept() {
        let rules = [
            rule("docker.io/*", "hub/*"),
            rule("docker.io/library/*", "dockerhub/library/*"),
            rule("docker.io/library/nginx", "nginx"),
            rule("quay.io/*", "/quay/*"),
        ];
        with_rules(&format!("[{}]", rules.join(",")), |rules, problems| {
            assert_eq!(problems, Ok(()));
            let digest = format!("@sha256:{}", "a".repeat(64));
            let pinned = format!("busybox:1{digest}");
            let kept = format!("myacr.azurecr.io/dockerhub/library/busybox:1{digest}");
            for (from, to) in [
                ("nginx:1.27", Some("myacr.azurecr.io/nginx:1.27")),
                ("busybox", Some("myacr.azurecr.io/dockerhub/library/busybox")),
                (pinned.as_str(), Some(kept.as_str())),
                ("library/a/b", Some("myacr.azurecr.io/dockerhub/library/a/b")),
                ("grafana/grafana:1", Some("myacr.azurecr.io/hub/grafana/grafana:1")),
                ("quay.io/a/b:1", Some("myacr.azurecr.io/quay/a/b:1")),
                ("myacr.azurecr.io/nginx:1.27", None),
                ("registry.k8s.io/pause:3", None),
                ("docker.io:443/library/nginx", None),
            ] {
                let reference = Reference::read(from).unwrap();
                assert_eq!(rules.rewrite(&reference).as_deref(), to, "{from}");
            }
        });
    }

    #[test]
    fn rules_that_the_registry_refuses_are_refused() {
        let refused = |rules: &[(&str, &str)]| {
            let rules: Vec<_> = rules.iter().map(|(source, target)| rule(source, target)).collect();
            with_rules(&format!("[{}]", rules.join(",")), |_, problems| problems.is_err())
        };
        for rules in [
            &[("docker.io/library/nginx", "nginx"), ("quay.io/a/nginx", "nginx")][..],
            &[("docker.io/*", "hub/*"), ("quay.io/*", "hub/*")],
            &[("docker.io/*", "hub/*"), ("quay.io/*", "hub/quay/*")],
            &[("quay.io/*", "hub/quay/*"), ("docker.io/*", "hub/*")],
            &[("quay.io/*", "*"), ("docker.io/*", "hub/*")],
            &[("quay.io/*", "/*"), ("docker.io/*", "*")],
            &[("quay.io/*", "myacr.azurecr.io/quay/*")],
            &[("quay.io/*", "MyACR.azurecr.io/quay/*")],
            &[("quay.io/a/b", "other.azurecr.io/quay/b")],
            &[("quay.io/*", "myacr.azurecr.io/*")],
            &[("quay.io/a/b", "/myacr.azurecr.io/b")],
            &[("quay.io/*", "https://myacr.azurecr.io/quay/*")],
            &[("quay.io/*", "quay/*/below")],
            &[("quay.io/*", "Quay/*")],
            &[("quay.io/a/b", "b:1")],
            &[("quay.io/*", "aks-managed-repository/*")],
            &[("quay.io/*", "aks-managed-repository/quay/*")],
            &[("quay.io/a/b", "aks-managed-repository/b")],
            &[("mcr.microsoft.com/oss/*", "aks-managed-repository/*")],
        ] {
            assert!(refused(rules), "{rules:?}");
        }
        for rules in [
            &[("docker.io/library/*", "hub/library/*"), ("quay.io/x/*", "quay/x/*")][..],
            &[("quay.io/*", "*"), ("docker.io/library/redis", "library/redis")],
            &[("quay.io/*", "a/*"), ("docker.io/*", "ab/*")],
            &[("quay.io/a/b", "a"), ("quay.io/a/c", "a/c")],
            // These two have one fingerprint.
            &[("quay.io/a/b", "yacrqcbaxy"), ("quay.io/a/c", "uztgestdqb")],
            &[("quay.io/*", "quay.io/*"), ("docker.io/*", "docker.io/*")],
            &[("mcr.microsoft.com/*", "aks-managed-repository/*"), ("quay.io/*", "aks-managed-repository2/*")],
        ] {
            assert!(!refused(rules), "{rules:?}");
        }
        let elsewhere = r#"{"registry":"other.azurecr.io","source":"ghcr.io/*","target":"quay/*"}"#;
        with_rules(&format!("[{},{elsewhere}]", rule("quay.io/*", "quay/*")), |_, problems| {
            assert_eq!(problems, Ok(()))
        });
    }

    #[test]
    fn nothing_is_rewritten_into_a_repository_that_another_rule_fills() {
        let rules = [
            rule("quay.io/*", "*"),
            rule("docker.io/library/redis", "library/redis"),
            rule("docker.io/library/nginx", "nginx"),
            r#"{"registry":"other.azurecr.io","source":"docker.io/library/busybox","target":"busybox"}"#.to_owned(),
        ];
        with_rules(&format!("[{}]", rules.join(",")), |rules, problems| {
            assert_eq!(problems, Ok(()));
            let cached = |text: &str| rules.cached(&Reference::read(text).unwrap());
            let name = |text: &str| Some(Cached::Name(format!("myacr.azurecr.io/{text}")));
            let other = |text: &str| Some(Cached::OfAnotherRule(text.to_owned()));
            assert_eq!(cached("quay.io/library/redis:7"), other("library/redis"));
            assert_eq!(cached("quay.io/nginx"), other("nginx"));
            assert_eq!(cached("quay.io/aks-managed-repository/x"), other("aks-managed-repository/x"));
            assert_eq!(cached("quay.io/library/redis2:7"), name("library/redis2:7"));
            assert_eq!(cached("quay.io/busybox:1"), name("busybox:1"));
            assert_eq!(cached("redis:7"), name("library/redis:7"));
            assert!(rules.hold("myacr.azurecr.io", "anything") && !rules.hold("other.azurecr.io", "anything"));
        });
    }

    #[test]
    fn rules_that_mean_nothing_are_refused() {
        for (source, target) in [
            ("library/*", "a/*"),
            ("*", "*"),
            ("docker.io/library/*", "a"),
            ("docker.io/library/nginx", "a/*"),
            ("docker.io/library/nginx:1", "a"),
            ("https://docker.io/library/nginx", "a"),
            ("docker.io/lib*", "a/*"),
            ("docker.io/library/*", "A/*"),
            ("docker.io/library/nginx", "/"),
            ("myacr.azurecr.io/*", "a/*"),
        ] {
            with_rules(&format!("[{}]", rule(source, target)), |_, problems| {
                assert!(problems.is_err(), "{source} -> {target}");
            });
        }
        with_rules(r#"[{"source":"docker.io/*","target":"hub/*"}]"#, |_, problems| {
            assert!(problems.unwrap_err().contains("names no registry"));
        });
        let twins = [rule("quay.io/*", "a/*"), rule("quay.io/*", "b/*")].join(",");
        with_rules(&format!("[{twins}]"), |_, problems| assert!(problems.unwrap_err().contains("same source")));
    }
}
