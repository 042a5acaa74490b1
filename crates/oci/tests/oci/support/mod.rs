//! A real registry, a proxy that misbehaves before it, and modules of a few bytes.

#![allow(dead_code)] // Each test file is a crate of its own and uses its part of this one.

pub mod proxy;
pub mod registry;
pub mod tls;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use isolation_oci::{Credentials, Failure, Module, Options, Progress, Registry, Retry};
use isolation_policy_module::{SECTION, with_section};

/// A module of nothing but its metadata and as much padding.
pub fn module_of(name: &str, version: &str, padding: usize) -> Module {
    let metadata = format!(
        r#"{{"rules":[],"mutating":false,"protocolVersion":"v1","annotations":{{
            "io.kubewarden.policy.title":"{name}",
            "io.kubewarden.policy.version":"{version}",
            "io.kubewarden.policy.source":"https://github.com/network-isolation-policies/policies",
            "io.kubewarden.policy.usage":"more than\none line"}}}}"#
    );
    let padded = with_section(b"\0asm\x01\0\0\0", "padding", &vec![b'x'; padding]);
    let bytes = with_section(&padded, SECTION, metadata.as_bytes());
    Module::from_bytes(name, bytes).unwrap_or_else(|error| panic!("{error}"))
}

pub fn module() -> Module {
    module_of("tiny", "0.1.0", 10)
}

/// Over plain HTTP, without credentials, with waits too short to notice.
pub fn options() -> Options {
    Options {
        plain_http: true,
        credentials: Credentials::Anonymous,
        retry: Retry { attempts: 3, first_wait: Duration::from_millis(5) },
        ..Options::default()
    }
}

pub fn target(address: &str) -> Registry {
    format!("{address}/policies/aks").parse().unwrap()
}

/// Status and body of a plain GET.
pub fn get(address: &str, path: &str) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    let accept = "application/vnd.oci.image.manifest.v1+json";
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer.split_off(end + 4))
}

/// Notes what a push tells.
#[derive(Default)]
pub struct Notes {
    pub sent: Mutex<u64>,
    pub retries: Mutex<Vec<Failure>>,
    pub published: Mutex<Vec<String>>,
}

impl Notes {
    pub fn shared() -> Arc<Self> {
        Arc::default()
    }
}

impl Progress for Notes {
    fn sent(&self, _name: &str, bytes: u64) {
        *self.sent.lock().unwrap() += bytes;
    }

    fn retry(&self, _name: &str, failure: &Failure, _wait: Duration) {
        self.retries.lock().unwrap().push(failure.clone());
    }

    fn published(&self, published: &isolation_oci::Published) {
        self.published.lock().unwrap().push(published.by_digest());
    }
}
