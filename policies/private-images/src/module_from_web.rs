//! Rejects modules that are fetched from a web server.
//!
//! ## What it does
//!
//! Rejects a Kubewarden policy or an Istio plugin whose module is an `http://` or `https://` URL.
//!
//! ## Why it matters
//!
//! The policy server and the mesh's proxies fetch the module by themselves. In a network isolated cluster they reach the
//! private registry and no web server: the policy server does not come up again, and the cluster is without its policies.
//!
//! ## Fields
//!
//! `spec.module` of `ClusterAdmissionPolicy` and `AdmissionPolicy`, `spec.policies{}.module` of their groups, `spec.url` of
//! `WasmPlugin`.
//!
//! ## Instead
//!
//! Push the module to the private registry (`kwctl push`) and write `registry://myacr.azurecr.io/policies/name:v1.0.0`.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! `file://`, which is read from the container's own disk.
//!
//! ## References
//!
//! <https://docs.kubewarden.io/howtos/airgap>

use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI104", name: "module-from-web", since: "0.1.0" };

/// Reports a module that is fetched from a web server.
pub fn report(module: Value<'_>, findings: &mut Findings) {
    findings.deny(
        &RULE,
        module,
        "fetched from a web server, which nothing in a network isolated cluster reaches",
        "Push the module to the private registry and name it there, as in \
         \"registry://myacr.azurecr.io/policies/private-images:v1.0.0\"",
    );
}
