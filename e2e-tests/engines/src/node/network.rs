//! Services: whoever connects to the address of one is connected to one of its pods that are ready.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;
use serde_json::Value;

use super::pod::Running;
use super::volumes::{list, text};

/// The pods' addresses behind each address of a Service.
type Routes = Arc<Mutex<BTreeMap<String, Vec<String>>>>;
/// The address of a Service by `NAME.NAMESPACE.svc`.
type Names = Arc<Mutex<BTreeMap<String, String>>>;

/// What connects.
#[derive(Debug)]
pub struct Network {
    routes: Routes,
    names: Names,
    listening: Mutex<BTreeSet<String>>,
    proxy: String,
}

impl Network {
    /// Starts the proxy that knows Services by name.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let proxy = format!("http://{}", listener.local_addr()?);
        let names = Names::default();
        let known = Arc::clone(&names);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let known = Arc::clone(&known);
                thread::spawn(move || tunnel(client, &known));
            }
        });
        Ok(Network { routes: Routes::default(), names, listening: Mutex::default(), proxy })
    }

    /// The proxy's address.
    pub fn proxy(&self) -> &str {
        &self.proxy
    }

    /// Takes over what Services and pods there are now.
    pub fn route<'a>(&self, services: &[&Value], pods: impl Iterator<Item = &'a Running> + Clone) {
        let (mut routes, mut names) = (BTreeMap::new(), BTreeMap::new());
        for service in services {
            let (namespace, address) = (text(&service["metadata"]["namespace"]), text(&service["spec"]["clusterIP"]));
            let Some(selector) = service["spec"]["selector"].as_object().filter(|_| address.starts_with("127.")) else {
                continue;
            };
            names.insert(format!("{}.{namespace}.svc", text(&service["metadata"]["name"])), address.to_owned());
            let behind = pods.clone().filter(|pod| {
                let metadata = &pod.pod()["metadata"];
                text(&metadata["namespace"]) == namespace
                    && selector.iter().all(|(key, value)| metadata["labels"][key] == *value)
            });
            for port in list(&service["spec"]["ports"]) {
                let of =
                    behind.clone().filter_map(|pod| Some(format!("{}:{}", pod.ready()?, target(pod.pod(), port)?)));
                routes.insert(format!("{address}:{}", port["port"]), of.collect());
            }
        }
        for address in routes.keys() {
            self.listen(address);
        }
        *self.routes.lock().unwrap_or_else(PoisonError::into_inner) = routes;
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = names;
    }

    fn listen(&self, address: &str) {
        if !self.listening.lock().unwrap_or_else(PoisonError::into_inner).insert(address.to_owned()) {
            return;
        }
        let listener = match TcpListener::bind(address) {
            Ok(listener) => listener,
            Err(error) => return eprintln!("{address}: {error}"),
        };
        let (routes, address) = (Arc::clone(&self.routes), address.to_owned());
        thread::spawn(move || {
            for (turn, client) in listener.incoming().flatten().enumerate() {
                let known =
                    routes.lock().unwrap_or_else(PoisonError::into_inner).get(&address).cloned().unwrap_or_default();
                // Where there is none, the connection is closed.
                let Some(pod) = known.get(turn % known.len().max(1)).cloned() else { continue };
                thread::spawn(move || TcpStream::connect(pod).and_then(|server| relay(client, server)));
            }
        });
    }
}

/// The port of a pod that a Service's port leads to.
fn target(pod: &Value, port: &Value) -> Option<u64> {
    match &port["targetPort"] {
        Value::String(name) => {
            let containers = list(&pod["spec"]["containers"]).iter();
            let found =
                containers.flat_map(|container| list(&container["ports"])).find(|port| text(&port["name"]) == name)?;
            found["containerPort"].as_u64()
        }
        number => number.as_u64().or_else(|| port["port"].as_u64()),
    }
}

/// `CONNECT NAME.NAMESPACE.svc:PORT HTTP/1.1`
fn tunnel(client: TcpStream, names: &Names) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let wanted = line.split(' ').nth(1).unwrap_or_default();
    while reader.read_line(&mut String::new())? > 2 {}
    let (host, port) = wanted.rsplit_once(':').unwrap_or_default();
    let address = names.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned();
    let mut client = client;
    match address.map(|address| TcpStream::connect(format!("{address}:{port}"))) {
        Some(Ok(server)) => {
            client.write_all(b"HTTP/1.1 200 connected\r\n\r\n")?;
            relay(client, server)
        }
        _ => client.write_all(b"HTTP/1.1 502 no such Service\r\n\r\n"),
    }
}

/// Passes on what either says until it has said all.
fn relay(client: TcpStream, server: TcpStream) -> io::Result<()> {
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let there = thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    let _ = io::copy(&mut from_server, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Write);
    let _ = there.join();
    Ok(())
}
