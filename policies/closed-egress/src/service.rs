//! Services.

use isolation::{Findings, Request, Value};

use crate::{Settings, public_external_ip, public_external_name};

/// Judges a Service.
pub fn judge(_: &Request<'_>, service: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(service, "spec") else { return };
    public_external_ip::check(spec, settings, findings);
    if findings.text(spec, "type").is_some_and(|(_, kind)| kind == "ExternalName") {
        public_external_name::check_service(spec, settings, findings);
    }
}
