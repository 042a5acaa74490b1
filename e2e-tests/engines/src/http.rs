//! Requests to a policy-server, over connections that stay open.

use std::time::Duration;

use anyhow::{Context, Result};
use ureq::Agent;

/// How long an answer may take. The server itself ends an evaluation that takes too long, and says so; this is for the server
/// that says nothing at all.
const PATIENCE: Duration = Duration::from_secs(120);

/// No answer is longer: the policies' own are bounded, and a patch is shorter than the object that it changes.
const ANSWER_BYTES: u64 = 16 << 20;

/// A client. One for each thread, so that none waits for another's connection.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
}

impl Client {
    /// A client that asks no proxy, whatever the environment says: the server is on loopback.
    pub fn new() -> Self {
        let config =
            Agent::config_builder().proxy(None).timeout_global(Some(PATIENCE)).http_status_as_error(false).build();
        Client { agent: config.into() }
    }

    /// Posts JSON; the status and the body of the answer.
    pub fn post(&self, url: &str, body: &[u8]) -> Result<(u16, Vec<u8>)> {
        let mut answer = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .send(body)
            .with_context(|| format!("{url} did not answer"))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES).read_to_vec();
        Ok((status, body.with_context(|| format!("the answer of {url} broke off"))?))
    }
}
