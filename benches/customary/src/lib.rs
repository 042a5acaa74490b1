//! Images from allowed registries only, written the customary way: the SDK's `ValidationRequest`, the types of k8s-openapi, and a
//! message with the first violation. It covers the containers of the usual workloads and nothing else, so it does a part of
//! what private-images does.

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::PodSpec;
use kubewarden_policy_sdk::request::ValidationRequest;
use kubewarden_policy_sdk::settings::Validatable;
use kubewarden_policy_sdk::{accept_request, logging, protocol_version_guest, reject_request, validate_settings};
use serde::{Deserialize, Serialize};
use slog::{Logger, info, o};
use wapc_guest::{CallResult, register_function};

static LOG: LazyLock<Logger> = LazyLock::new(|| Logger::root(logging::KubewardenDrain::new(), o!("policy" => "customary")));

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Settings {
    registries: Vec<String>,
}

impl Validatable for Settings {
    fn validate(&self) -> Result<(), String> {
        if self.registries.is_empty() { Err("registries must not be empty".to_owned()) } else { Ok(()) }
    }
}

/// Called once by the engine before any operation.
#[unsafe(no_mangle)]
pub extern "C" fn wapc_init() {
    register_function("validate", validate);
    register_function("validate_settings", validate_settings::<Settings>);
    register_function("protocol_version", protocol_version_guest);
}

fn validate(payload: &[u8]) -> CallResult {
    let request: ValidationRequest<Settings> = ValidationRequest::new(payload)?;
    info!(LOG, "starting validation");
    match request.extract_pod_spec_from_object() {
        Ok(Some(spec)) => match wrong_image(&spec, &request.settings) {
            Some(image) => {
                reject_request(Some(format!("the image {image} is not from an allowed registry")), None, None, None)
            }
            None => accept_request(),
        },
        Ok(None) => accept_request(),
        Err(error) => reject_request(Some(error.to_string()), None, None, None),
    }
}

fn wrong_image<'s>(spec: &'s PodSpec, settings: &Settings) -> Option<&'s str> {
    let init = spec.init_containers.iter().flatten();
    let images = init.chain(&spec.containers).filter_map(|container| container.image.as_deref());
    let mut wrong = images.filter(|image| {
        let registry = image.split_once('/').map_or("docker.io", |(registry, _)| registry);
        !settings.registries.iter().any(|allowed| allowed == registry)
    });
    wrong.next()
}
