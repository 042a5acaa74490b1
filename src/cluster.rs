//! What a rule may ask of the cluster.

use std::cell::Cell;

/// Why a look-up gave no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// The cluster has no object of that name.
    NotFound,
    /// The question was not answered; the text is the engine's.
    Failed(String),
    /// The question was not asked: the request had as many objects looked up as one may.
    TooMany,
}

/// The cluster, as far as a policy may look at it: cluster-scoped objects by name.
///
/// Only policies whose settings ask for look-ups use it, and an answer that is not an object is a rejection, never an
/// acceptance.
pub trait Cluster {
    /// The JSON text of the object of this `api_version` (`storage.k8s.io/v1`), `kind` and `name`. Of its members those
    /// that are named and `metadata` are enough; a cluster may give more.
    ///
    /// # Errors
    ///
    /// [`LookupError::NotFound`] where the cluster says so, [`LookupError::Failed`] for every other answer.
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError>;
}

/// A cluster that answers nothing: for policies that never ask.
#[derive(Debug)]
pub struct NoCluster;

impl Cluster for NoCluster {
    fn get(&self, _: &str, _: &str, _: &str, _: &[&str]) -> Result<Vec<u8>, LookupError> {
        Err(LookupError::Failed("look-ups are not available here".to_owned()))
    }
}

/// How many objects one request may have looked up. Each costs a call to the host, and a request's time is limited.
pub const LIMIT: usize = 16;

/// A question, and what the cluster answered.
type Asked = ([String; 3], Result<Vec<u8>, LookupError>);

/// A cluster that is asked once for each object of a request, and for no more than [`LIMIT`].
pub struct Remembering<'c> {
    cluster: &'c dyn Cluster,
    asked: Cell<Vec<Asked>>,
}

impl<'c> Remembering<'c> {
    /// A cluster that remembers what `cluster` answered.
    pub fn new(cluster: &'c dyn Cluster) -> Self {
        Remembering { cluster, asked: Cell::new(Vec::new()) }
    }
}

impl Cluster for Remembering<'_> {
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError> {
        let mut asked = self.asked.take();
        let known = asked.iter().find(|(question, _)| question == &[api_version, kind, name]);
        let answer = match known {
            Some((_, answer)) => answer.clone(),
            None if asked.len() == LIMIT => Err(LookupError::TooMany),
            None => {
                let answer = self.cluster.get(api_version, kind, name, members);
                asked.push(([api_version, kind, name].map(str::to_owned), answer.clone()));
                answer
            }
        };
        self.asked.set(asked);
        answer
    }
}
