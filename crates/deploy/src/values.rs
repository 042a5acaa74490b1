//! The values that say how the policies are deployed. They stand in `isolation.yaml` beside the policies' settings, under the
//! keys that the Helm chart gives them, so that one file serves the command line and Helm.

use std::collections::BTreeMap;

use isolation::Path;
use isolation::json::Mismatch;
use isolation_all_policies::policy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::data::PolicyData;
use crate::error::DeployError;
use crate::exceptions::{self, Exception};
use crate::families::Families;
use crate::namespaces::EXCLUDED;
use crate::policy::Mode;

/// The policy server's own name.
const OWN_SERVER: &str = "network-isolation";
/// Its service account.
const OWN_ACCOUNT: &str = "network-isolation-policy-server";
/// Where Kubewarden's release puts the policy server's image, below a registry's host, and the release.
const SERVER_IMAGE: &str = "kubewarden/adm-controller/policy-server:v1.37.2";

/// How the policies are deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// Where the modules are: `HOST[/PREFIX]`.
    pub registry: String,
    /// Whether what violates a rule is rejected or only reported.
    pub mode: Mode,
    /// The families of custom resources that are judged, too.
    pub families: Families,
    /// The policy server that runs the policies.
    pub policy_server: PolicyServerValues,
    /// The namespaces that policies keep away from.
    pub excluded_namespaces: Vec<String>,
    /// What the API server judges itself.
    pub guard: GuardValues,
    /// Kubewarden's audit scanner.
    pub audit_scanner: AuditScannerValues,
    /// The modules' digests, by policy, instead of the known ones.
    pub digests: BTreeMap<String, String>,
    /// What is allowed although it breaks a rule.
    pub exceptions: Vec<Exception>,
    /// The policies' settings: shared ones, and a section a policy.
    pub configuration: Map<String, Value>,
}

/// The policy server that runs the policies.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PolicyServerValues {
    /// Whether to create one only for these policies. Otherwise `name` is the one that runs them.
    pub create: bool,
    /// Its name.
    pub name: String,
    /// Its service account; look-ups need rights for it.
    pub service_account_name: String,
    /// Its image.
    pub image: String,
    /// The number of its pods.
    pub replicas: u32,
    /// The secret with which it pulls modules.
    pub image_pull_secret: String,
    /// The priority of its pods.
    pub priority_class_name: String,
    /// CA certificates (PEM) of registries, by host.
    pub source_authorities: BTreeMap<String, Vec<String>>,
    /// Registries that it may speak plain HTTP with.
    pub insecure_sources: Vec<String>,
    /// The ConfigMap with the rules for verifying signatures.
    pub verification_config: String,
    /// The ConfigMap with the operator's own Sigstore.
    pub sigstore_trust_config: String,
    /// Its environment.
    pub env: Vec<Value>,
    /// The resources that its pods request.
    pub requests: Map<String, Value>,
    /// The resources that its pods may use.
    pub limits: Map<String, Value>,
    /// Taints that its pods tolerate.
    pub tolerations: Vec<Value>,
}

impl Default for PolicyServerValues {
    fn default() -> Self {
        Self {
            create: true,
            name: String::new(),
            service_account_name: String::new(),
            image: String::new(),
            replicas: 2,
            image_pull_secret: "network-isolation-registry".to_owned(),
            priority_class_name: "system-cluster-critical".to_owned(),
            source_authorities: BTreeMap::new(),
            insecure_sources: Vec::new(),
            verification_config: String::new(),
            sigstore_trust_config: String::new(),
            env: vec![serde_json::json!({"name": "KUBEWARDEN_LOG_LEVEL", "value": "info"})],
            requests: Map::new(),
            limits: Map::new(),
            tolerations: Vec::new(),
        }
    }
}

/// What the API server judges itself.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GuardValues {
    /// Whether it is there.
    pub create: bool,
    /// The users who are AKS: those whom the guard lets be.
    pub trusted_users: Vec<String>,
    /// What happens to somebody else who makes a namespace that the policies keep away from.
    pub reserved_namespaces: Level,
}

impl Default for GuardValues {
    fn default() -> Self {
        let trusted_users = ["aksService", "acsService"].map(str::to_owned).into();
        Self { create: true, trusted_users, reserved_namespaces: Level::Warn }
    }
}

/// Kubewarden's audit scanner, which is there already.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AuditScannerValues {
    /// The account that it runs as, which is given the right to list what is judged; empty for nobody.
    pub service_account_name: String,
}

impl Default for AuditScannerValues {
    fn default() -> Self {
        Self { service_account_name: "audit-scanner".to_owned() }
    }
}

/// What happens to what the guard finds.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is refused.
    Deny,
    /// The user is warned, and the audit log has it.
    Warn,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            registry: String::new(),
            mode: Mode::Monitor,
            families: Families::default(),
            policy_server: PolicyServerValues::default(),
            excluded_namespaces: EXCLUDED.iter().map(|namespace| namespace.name.to_owned()).collect(),
            guard: GuardValues::default(),
            audit_scanner: AuditScannerValues::default(),
            digests: BTreeMap::new(),
            exceptions: Vec::new(),
            configuration: Map::new(),
        }
    }
}

impl Values {
    /// Reads the content of an `isolation.yaml`. What is neither a key of [`DEPLOYMENT_KEYS`](isolation_all_policies::DEPLOYMENT_KEYS) nor a setting or section that a policy
    /// has is for the caller to refuse.
    ///
    /// # Errors
    ///
    /// A value that cannot be used, with its key.
    pub fn read(content: &Map<String, Value>) -> Result<Self, DeployError> {
        let mut values = Self::default();
        // What is null counts as not set, one level below, too; the chart's template `isolation.defaults` does the same.
        for (key, value) in content.iter().filter(|(_, value)| !value.is_null()) {
            match key.as_str() {
                "registry" => values.registry = typed(key, value)?,
                "mode" => values.mode = typed(key, value)?,
                "families" => {
                    let names: Vec<String> = typed(key, value)?;
                    values.families = Families::read(names.iter().map(String::as_str))?;
                }
                "policyServer" => values.policy_server = typed(key, &without_nulls(value))?,
                "excludedNamespaces" => values.excluded_namespaces = typed(key, value)?,
                "guard" => values.guard = typed(key, &without_nulls(value))?,
                "auditScanner" => values.audit_scanner = typed(key, &without_nulls(value))?,
                "digests" => values.digests = typed(key, value)?,
                "allow" => values.exceptions = typed(key, value)?,
                _ => drop(values.configuration.insert(key.clone(), value.clone())),
            }
        }
        Ok(values)
    }

    /// What no resource could be made of, or only one that does not work.
    ///
    /// # Errors
    ///
    /// The first such value, with its key and what to write.
    pub fn check(&self) -> Result<(), DeployError> {
        if self.registry.is_empty() {
            return Err(DeployError::value(
                "registry",
                "is required: the registry that the modules are in, HOST[/PREFIX], such as myacr.azurecr.io/policies",
            ));
        }
        if !is_registry(&self.registry) {
            return Err(DeployError::value(
                "registry",
                format!(
                    "{:?} is not HOST[/PREFIX] in lower case, without https:// and without a slash at its end, such as \
                     myacr.azurecr.io/policies",
                    self.registry
                ),
            ));
        }
        if let Some(name) = self.excluded_namespaces.iter().find(|name| !is_label(name)) {
            return Err(DeployError::value("excludedNamespaces", format!("{name:?} is not the name of a namespace")));
        }
        if let Some(name) = self.guard.trusted_users.iter().find(|name| !is_user(name)) {
            return Err(DeployError::value("guard.trustedUsers", format!("{name:?} is not the name of a user")));
        }
        let server = &self.policy_server;
        for (key, name) in [
            ("policyServer.name", &server.name),
            ("policyServer.serviceAccountName", &server.service_account_name),
            ("auditScanner.serviceAccountName", &self.audit_scanner.service_account_name),
        ] {
            if !name.is_empty() && !is_label(name) {
                let problem = format!("{name:?} is no name: write at most 63 lower-case letters, digits and hyphens");
                return Err(DeployError::value(key, problem));
            }
        }
        let problem = match server {
            PolicyServerValues { replicas: 0, .. } => Some(("replicas", "write at least 1")),
            _ if server.source_authorities.values().flatten().any(String::is_empty) => {
                Some(("sourceAuthorities", "a certificate is empty"))
            }
            _ if server.insecure_sources.iter().any(String::is_empty) => Some(("insecureSources", "a host is empty")),
            _ if !server.tolerations.iter().all(Value::is_object) => Some(("tolerations", "expected objects")),
            _ => None,
        };
        if let Some((key, problem)) = problem {
            return Err(DeployError::value(format!("policyServer.{key}"), problem));
        }
        if !self.policy_server.create && self.policy_server.name.is_empty() {
            return Err(DeployError::value(
                "policyServer.name",
                "is required with `create: false`: the policy server that runs the policies, such as default",
            ));
        }
        for variable in &self.policy_server.env {
            let name = variable["name"].as_str().filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| DeployError::value("policyServer.env", "a variable has no name"))?;
            if !variable["value"].is_null() && !variable["value"].is_string() {
                let problem = format!("the value of {name} must be a text: write \"{}\"", variable["value"]);
                return Err(DeployError::value("policyServer.env", problem));
            }
        }
        match self.digests.iter().find(|(name, digest)| policy(name).is_none() || !is_digest(digest)) {
            Some((name, digest)) => {
                Err(DeployError::value(format!("digests.{name}"), format!("{digest:?} is not the digest of a policy")))
            }
            None => Ok(()),
        }
    }

    /// Whether a policy is deployed.
    pub fn has(&self, policy: &PolicyData) -> bool {
        match self.configuration.get(&policy.name) {
            Some(Value::Bool(wanted)) => *wanted,
            Some(_) => true,
            None => !policy.by_choice,
        }
    }

    /// A policy's settings: the shared ones that it has, its own section over them, and the exceptions for its rules.
    pub fn settings(&self, policy: &PolicyData) -> Map<String, Value> {
        let mut settings: Map<String, Value> = self
            .configuration
            .iter()
            .filter(|(key, _)| policy.shared.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if let Some(Value::Object(section)) = self.configuration.get(&policy.name) {
            settings.extend(section.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())));
        }
        let allowed = exceptions::setting(&self.exceptions, policy);
        if !allowed.is_empty() {
            settings.insert(exceptions::SETTING.to_owned(), Value::Array(allowed));
        }
        settings
    }

    /// Whether Kubewarden's own resources are judged, and these would be refused with them: then they could not be changed
    /// any more, not even from protecting back to monitoring.
    pub(crate) fn check_own_registry(&self, policy: &PolicyData) -> Result<(), DeployError> {
        if policy.name != "private-images" || !self.families.has(&policy.name, "kubewarden") {
            return Ok(());
        }
        let settings = self.settings(policy);
        let registries = settings.get("registries").and_then(Value::as_array).into_iter().flatten();
        let own = format!("{}/", self.registry);
        let among = |allowed: &str| own.starts_with(&format!("{}/", allowed.trim_end_matches('/').to_lowercase()));
        if registries.filter_map(Value::as_str).any(among) {
            return Ok(());
        }
        Err(DeployError::value(
            "registry",
            format!(
                "{} is not among the registries of private-images, so the family kubewarden would refuse these very policies, \
                 and any change of them; add it to registries",
                self.registry
            ),
        ))
    }

    /// Where a policy's module is.
    pub(crate) fn module(&self, policy: &str, known: &BTreeMap<String, String>) -> Result<String, DeployError> {
        let digest = self.digests.get(policy).or_else(|| known.get(policy));
        let digest = digest.ok_or_else(|| DeployError::NoDigest(policy.to_owned()))?;
        Ok(format!("registry://{}/{policy}@{digest}", self.registry))
    }

    pub(crate) fn server_name(&self) -> &str {
        or(&self.policy_server.name, OWN_SERVER)
    }

    /// The account that runs the policy server; that of one that is already there must be named.
    pub(crate) fn service_account(&self) -> Result<&str, DeployError> {
        let given = &self.policy_server.service_account_name;
        if given.is_empty() && !self.policy_server.create {
            return Err(DeployError::value(
                "policyServer.serviceAccountName",
                format!(
                    "is required with `lookup: true`: the service account of {}, which must be allowed to read",
                    self.server_name()
                ),
            ));
        }
        Ok(or(given, OWN_ACCOUNT))
    }

    pub(crate) fn server_image(&self) -> String {
        let host = self.registry.split('/').next().unwrap_or_default();
        or(&self.policy_server.image, &format!("{host}/{SERVER_IMAGE}")).to_owned()
    }
}

fn or<'t>(text: &'t str, default: &'t str) -> &'t str {
    if text.is_empty() { default } else { text }
}

fn typed<T: DeserializeOwned>(key: &str, value: &Value) -> Result<T, DeployError> {
    isolation::json::typed(value)
        .map_err(|Mismatch { path, what }| DeployError::value(path.below(&Path::root().key(key)).as_str(), what))
}

fn without_nulls(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let given = members.iter().filter(|(_, value)| !value.is_null());
    Value::Object(given.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// `HOST[:PORT][/PREFIX]`, as the chart's templates have it.
fn is_registry(text: &str) -> bool {
    let (host, prefix) = text.split_once('/').map_or((text, None), |(host, prefix)| (host, Some(prefix)));
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let is_host = host == "localhost" || host.contains(['.', ':']);
    is_host
        && host.bytes().all(|byte| plain(byte) || byte == b':')
        && prefix.is_none_or(|prefix| prefix.split('/').all(|part| !part.is_empty() && part.bytes().all(plain)))
}

/// A DNS label.
fn is_label(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&name.len()) && name.bytes().all(word) && !name.starts_with('-') && !name.ends_with('-')
}

/// Letters, digits and separators in the names of users and service accounts.
fn is_user(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":._@/-".contains(&byte))
}

/// `sha256:` and 64 digits.
pub fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && digits.bytes().all(hex))
}
