//! How to connect.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use crate::credentials::Credentials;

/// How a registry is reached. The default is HTTPS, the system's certificates and what `docker login` stored.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Speak HTTP: credentials and modules cross the network in the clear.
    pub plain_http: bool,
    /// A file of PEM certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Where user name and password come from.
    pub credentials: Credentials,
    /// The proxies on the way.
    pub proxies: Proxies,
    /// What is done about failures that may pass.
    pub retry: Retry,
}

/// Proxies on the way to a registry. The default is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For HTTP.
    pub http: Option<String>,
    /// For HTTPS.
    pub https: Option<String>,
    /// Hosts and domains that are reached directly, separated by commas.
    pub except: Option<String>,
}

impl Proxies {
    /// What `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say, in either case, as curl and kwctl read them.
    pub fn from_environment() -> Self {
        let variable = |name: &str| {
            let value = env::var(name.to_ascii_lowercase()).or_else(|_| env::var(name)).ok()?;
            (!value.trim().is_empty()).then(|| value.trim().to_owned())
        };
        Self { http: variable("HTTP_PROXY"), https: variable("HTTPS_PROXY"), except: variable("NO_PROXY") }
    }
}

/// How often and how patiently something is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Attempts in all, the first included.
    pub attempts: u32,
    /// The wait before the second attempt; each further one is twice as long.
    pub first_wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 5, first_wait: Duration::from_secs(1) }
    }
}

impl Retry {
    /// The wait after the failed attempt of this number, or none where it was the last.
    pub(crate) fn wait_after(&self, attempt: u32) -> Option<Duration> {
        (attempt < self.attempts).then(|| self.first_wait.saturating_mul(1 << (attempt - 1).min(10)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end() {
        let retry = Retry { attempts: 3, first_wait: Duration::from_secs(1) };
        let seconds: Vec<_> = (1..=3).map(|attempt| retry.wait_after(attempt).map(|wait| wait.as_secs())).collect();
        assert_eq!(seconds, [Some(1), Some(2), None]);
    }
}
