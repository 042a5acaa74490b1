//! Cache rules of a registry: which repository of Azure Container Registry holds the images of which public one.

use std::borrow::Cow;

use super::{Reference, not_a_login_server};
use crate::doc;
use crate::json::Value;
use crate::settings::{Reader, Setting, Shape};

const MEMBERS: &[Setting] = &[
    Setting::new(
        "registry",
        Shape::Text,
        doc!("The registry that holds the rule, where several do: `myacr.azurecr.io`."),
    ),
    Setting::new("source", Shape::Text, doc!("The rule's source: `docker.io/library/*`.")).required(),
    Setting::new("target", Shape::Text, doc!("The rule's target: `dockerhub/library/*`.")).required(),
];

/// The setting, the same in every policy that speaks of cache rules.
pub const CACHE_RULES: Setting = Setting::new(
    "cacheRules",
    Shape::Objects(MEMBERS),
    doc!(
        "The cache rules of the private registry, as `az acr cache create` was given them: `source` \
         (`docker.io/library/*`) and `target` (`dockerhub/library/*`), both with `/*` at the end or both without. Where \
         several sources cover an image, the longest counts."
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
                (&other.source_registry, &other.source, other.wildcard)
                    == (&rule.source_registry, &rule.source, rule.wildcard)
            };
            if rules.iter().any(twin) {
                reader.problem(value, "another rule has the same source, and one image cannot come from two caches");
            }
            rules.push(rule);
        }
        for rule in &rules {
            if rules.iter().any(|other| other.registry == rule.source_registry) {
                reader.problem(rule.value, "its source is a registry that holds a cache itself");
            }
        }
        CacheRules(rules)
    }

    /// Whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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

    /// Whether a rule covers this image.
    pub fn covers(&self, reference: &Reference<'_>) -> bool {
        self.find(reference).is_some()
    }

    /// The reference under which the cache holds this image, with its tag and digest; `None` where no rule covers it, or
    /// where the name would be longer than a runtime takes.
    pub fn rewrite(&self, reference: &Reference<'_>) -> Option<String> {
        let (rule, rest) = self.find(reference)?;
        let mut name = [&rule.registry, "/", &rule.target].concat();
        if !rest.is_empty() {
            if !rule.target.is_empty() {
                name.push('/');
            }
            name.push_str(rest);
        }
        reference.append_version(&mut name);
        Reference::read(&name).is_ok().then_some(name)
    }
}

impl CacheRule<'_> {
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
        reader.problem(value, "names no registry: write registry: myacr.azurecr.io here, or once beside cacheRules");
        return None;
    };
    let (source_path, wildcard) = split_wildcard(&source);
    let sample = if wildcard { [source_path, "/x"].concat() } else { source_path.to_owned() };
    let read = Reference::read(&sample).ok().filter(|reference| {
        reference.explicit && reference.tag.is_none() && reference.digest.is_none() && !source_path.is_empty()
    });
    let Some(read) = read else {
        reader.problem(
            source_value,
            "expected a registry and a repository or `*`, such as docker.io/library/* or quay.io/prometheus/node-exporter",
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
    let (target_path, target_wildcard) = split_wildcard(&target);
    if target_wildcard != wildcard {
        reader.problem(target_value, "source and target both end in `/*`, or neither does");
        return None;
    }
    let sample = match target_path.strip_prefix('/').unwrap_or(target_path) {
        "" if wildcard => Cow::Borrowed("x.io/x"),
        path => Cow::Owned(["x.io/", path].concat()),
    };
    match Reference::read(&sample) {
        Ok(reference) if reference.tag.is_none() && reference.digest.is_none() => {}
        _ => {
            reader.problem(target_value, "expected a repository of the registry, such as dockerhub/library/*");
            return None;
        }
    }
    let target = Cow::Owned(target_path.strip_prefix('/').unwrap_or(target_path).to_owned());
    Some(CacheRule { registry, source_registry, source, target, wildcard, value })
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
            rule("quay.io/*", "*"),
            rule("ghcr.io/*", "/*"),
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
                ("quay.io/a/b:1", Some("myacr.azurecr.io/a/b:1")),
                ("ghcr.io/a/b:1", Some("myacr.azurecr.io/a/b:1")),
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
