//! What a policy's code has to offer, whatever runs it.

use std::fmt::Debug;
use std::sync::Arc;

use isolation::settings::SettingsProblem;
use isolation_policy_module::Metadata;
use serde_json::Value;

use crate::annotation::AnnotationFinding;
use crate::call::Call;
use crate::cluster::Reach;

/// The code of a policy.
pub trait Judge: Debug + Send + Sync {
    /// What the policy says of itself.
    fn metadata(&self) -> Option<&Metadata>;

    /// What the policy has against these settings; nothing if it takes them.
    ///
    /// # Errors
    ///
    /// A policy that gives no answer.
    fn check_settings(&self, settings: &Value) -> Result<Vec<SettingsProblem>, Failure>;

    /// The policy's answer to a request.
    ///
    /// # Errors
    ///
    /// A policy that gives no answer.
    fn validate(&self, call: &Call<'_, '_>, reach: &Reach) -> Result<Answer, Failure>;
}

/// Where judges are found.
pub trait Modules: Sync {
    /// The judge that a specification's `module` means: a name, or a URL.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn find(&self, module: &str) -> Result<Arc<dyn Judge>, Missing>;
}

/// Why there is no judge: a clause that goes on with "its module …", and a sentence about what to do, which may be empty.
#[derive(Clone, Debug)]
pub struct Missing {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// Why a judge gave no answer: what goes on with "the module …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

/// What a policy answers to a request.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Whether the object is accepted.
    pub accepted: bool,
    /// The text that the user reads where it is not.
    pub message: String,
    /// Texts that the user reads beside the verdict.
    pub warnings: Vec<String>,
    /// The findings as data, where the policy is one that gives them.
    pub findings: Option<Vec<AnnotationFinding>>,
    /// How many violations there are beside those.
    pub omitted: usize,
    /// The object as the policy has rewritten it.
    pub mutated: Option<Value>,
}

impl Answer {
    /// A rejection of the object as a whole.
    pub fn rejection(message: impl Into<String>) -> Self {
        Answer { message: message.into(), ..Answer::default() }
    }
}
