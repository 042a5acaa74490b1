//! Rejects modules that are fetched from a web server.
//!
//! ## Why it matters
//!
//! The policy server and the mesh's proxies download the module themselves. In a network isolated cluster they reach
//! the private registry but no web server: the policy server does not start again, and the cluster has lost its
//! policies.
//!
//! ## What it does
//!
//! Rejects a Kubewarden policy, an Istio plugin or an Envoy Gateway extension whose module is an `http://` or
//! `https://` URL.
//!
//! ## Fields
//!
//! `spec.module` of `ClusterAdmissionPolicy` and `AdmissionPolicy`, `spec.policies{}.module` of their groups,
//! `spec.url` of `WasmPlugin`, `spec.wasm.url` of `TrafficExtension`, `spec.wasm[].code.http.url` of
//! `EnvoyExtensionPolicy`, `spec.dynamicModules[].source.remote.url` of `EnvoyProxy`.
//!
//! ## Instead
//!
//! Push the module to the private registry. For Kubewarden, write `registry://myacr.azurecr.io/policies/name:v1.0.0`;
//! for Istio, `oci://myacr.azurecr.io/plugins/name:v1.0.0`; for Envoy Gateway, `type: Image` and `image.url`.
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

use isolation::images::{Image, Naming};
use isolation::{Findings, Rule};

use crate::settings::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI104", name: "module-from-web", since: "0.1.0" };

/// Reports a module that is fetched from a web server.
pub fn report(module: Image<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let example = settings.example("modules/name:v1.0.0");
    let fix = match module.naming {
        Naming::Module(scheme) => [
            "Push the module to the private registry and name it there, as in \"",
            scheme.text(),
            "://",
            &example,
            "\"",
        ]
        .concat(),
        _ => ["Push the module to the private registry as an image and name it instead of a URL, as in ", &example]
            .concat(),
    };
    findings.deny(&RULE, module.value, "fetched from a web server, which a network isolated cluster cannot reach", fix);
}
