//! Admission requests as the API server builds them: from an object to the AdmissionRequest that a webhook gets.
//!
//! ```
//! # fn main() -> Result<(), isolation_request::Incomplete> {
//! use isolation_request::AdmissionRequest;
//! use serde_json::json;
//!
//! let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}});
//! let request = AdmissionRequest { object: Some(&pod), namespace: Some("shop"), ..Default::default() }.build()?;
//! assert_eq!(request["resource"]["resource"], "pods");
//! assert_eq!(request["operation"], "CREATE");
//! # Ok(()) }
//! ```

mod creation;
mod request;
mod system;

pub use creation::{creation, namespace};
pub use request::{AdmissionRequest, Incomplete};
pub use system::{remove_system_metadata, restore_system_metadata};
