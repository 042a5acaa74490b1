//! What a rule may ask of the cluster.

/// Why a look-up gave no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// The cluster has no object of that name.
    NotFound,
    /// The question was not answered; the text is the engine's.
    Failed(String),
}

/// The cluster, as far as a policy may look at it: cluster-scoped objects by name.
///
/// Only policies whose settings ask for look-ups use it, and an answer that is not an object is a rejection, never an
/// acceptance.
pub trait Cluster {
    /// The JSON text of the object of this `api_version` (`storage.k8s.io/v1`), `kind` and `name`.
    ///
    /// # Errors
    ///
    /// [`LookupError::NotFound`] where the cluster says so, [`LookupError::Failed`] for everything else.
    fn get(&self, api_version: &str, kind: &str, name: &str) -> Result<Vec<u8>, LookupError>;
}

/// A cluster that answers nothing: for policies that never ask.
#[derive(Debug)]
pub struct NoCluster;

impl Cluster for NoCluster {
    fn get(&self, _: &str, _: &str, _: &str) -> Result<Vec<u8>, LookupError> {
        Err(LookupError::Failed("look-ups are not available here".to_owned()))
    }
}
