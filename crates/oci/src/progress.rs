//! What a push tells while it runs, so that somebody on a slow line sees that it does.

use std::sync::Arc;
use std::time::Duration;

use crate::failure::Failure;
use crate::published::Published;

/// Told what happens, in order. All methods do nothing unless implemented.
pub trait Progress: Send + Sync {
    /// An upload of `bytes` begins. After [`retry`](Progress::retry) the same one begins again.
    fn upload(&self, name: &str, bytes: u64) {
        let _ = (name, bytes);
    }

    /// So many bytes more were handed to the connection.
    fn sent(&self, name: &str, bytes: u64) {
        let _ = (name, bytes);
    }

    /// Something failed that may pass; it is tried again after `wait`.
    fn retry(&self, name: &str, failure: &Failure, wait: Duration) {
        let _ = (name, failure, wait);
    }

    /// A policy is in the registry.
    fn published(&self, published: &Published) {
        let _ = published;
    }
}

/// Tells nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Silent {
    /// As calls take it.
    pub fn shared() -> Arc<dyn Progress> {
        Arc::new(Self)
    }
}

impl Progress for Silent {}
