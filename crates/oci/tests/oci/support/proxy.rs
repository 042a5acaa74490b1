//! A proxy before the registry that does what networks and gateways do on a bad day.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What happens to a request.
#[derive(Clone)]
pub enum Fault {
    /// It gets this answer, and the registry hears nothing of it.
    Answer(u16, &'static str),
    /// It is sent to this host, where it gets no answer.
    Redirect(String),
    /// The registry's answer gives its address with this scheme and host.
    Locate(String),
    /// Half of its body is passed on, as if that were all.
    Halve,
    /// The connection breaks after half of its body.
    Break,
}

struct Planned {
    method: &'static str,
    path: &'static str,
    times: usize,
    fault: Fault,
}

/// A registry's gate that gives tokens, as Azure's has it.
#[derive(Clone)]
struct Gate {
    /// What `Authorization` must say to get a token.
    basic: &'static str,
    /// Where tokens are to be had, if not at the gate.
    realm: Option<String>,
}

const TOKEN: &str = "a-token";

#[derive(Clone)]
pub struct Proxy {
    pub address: String,
    gate: Option<Gate>,
    plan: Arc<Mutex<Vec<Planned>>>,
    /// `METHOD PATH` of each request, in order.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Passes everything on to `upstream`, until told otherwise.
    pub fn before(upstream: &str) -> Self {
        Self::start(upstream, None)
    }

    /// Lets through only who fetched a token, for which `Authorization` has to be `Basic` and this.
    pub fn with_gate(upstream: &str, basic: &'static str) -> Self {
        Self::start(upstream, Some(Gate { basic, realm: None }))
    }

    /// Sends everybody to this host for a token.
    pub fn with_tokens_at(upstream: &str, realm: &str) -> Self {
        Self::start(upstream, Some(Gate { basic: "", realm: Some(realm.to_owned()) }))
    }

    fn start(upstream: &str, gate: Option<Gate>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap().to_string(),
            gate,
            plan: Arc::default(),
            requests: Arc::default(),
        };
        let (shared, upstream) = (proxy.clone(), upstream.to_owned());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (proxy, upstream) = (shared.clone(), upstream.clone());
                thread::spawn(move || proxy.serve(client, &upstream));
            }
        });
        proxy
    }

    /// The next `times` requests of this method whose path has this part.
    pub fn fail(&self, method: &'static str, path: &'static str, times: usize, fault: Fault) {
        self.plan.lock().unwrap().push(Planned { method, path, times, fault });
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Those that change something.
    pub fn writes(&self) -> Vec<String> {
        let read = |request: &String| request.starts_with("GET ") || request.starts_with("HEAD ");
        self.requests().into_iter().filter(|request| !read(request)).collect()
    }

    fn fault(&self, method: &str, path: &str) -> Option<Fault> {
        let mut plan = self.plan.lock().unwrap();
        let planned = plan.iter_mut().find(|p| p.times > 0 && p.method == method && path.contains(p.path))?;
        planned.times -= 1;
        Some(planned.fault.clone())
    }

    /// One request a connection: what is kept short need not be parsed twice.
    fn serve(&self, client: TcpStream, upstream: &str) -> io::Result<()> {
        let mut reader = BufReader::new(client.try_clone()?);
        let mut head = String::new();
        while reader.read_line(&mut head)? > 2 {}
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
        if method.is_empty() {
            return Ok(());
        }
        self.requests.lock().unwrap().push(format!("{method} {path}"));
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(|n| n.trim().to_owned()))
            .map_or(0, |n| n.parse().unwrap());
        let mut body = vec![0; length];
        let fault = self.fault(&method, &path);
        if matches!(fault, Some(Fault::Break)) {
            reader.read_exact(&mut body[..length / 2])?;
            return client.shutdown(Shutdown::Both);
        }
        reader.read_exact(&mut body)?;
        let mut client = client;
        let stopped = self.gate.as_ref().and_then(|gate| gate.stops(&self.address, &path, &head));
        // What is planned for the token service is not done to it by the gate.
        if let Some((status, header, text)) = stopped.filter(|_| fault.is_none()) {
            answer(&mut client, status, &header, text)?;
            return client.shutdown(Shutdown::Write);
        }
        match fault {
            Some(Fault::Answer(status, text)) => {
                let challenge = self.gate.as_ref().filter(|_| status == 401).map(|gate| gate.challenge(&self.address));
                answer(&mut client, status, &challenge.unwrap_or_default(), text)?;
            }
            Some(Fault::Redirect(to)) => answer(&mut client, 307, &format!("Location: {to}{path}\r\n"), "")?,
            fault => {
                if matches!(fault, Some(Fault::Halve)) {
                    body.truncate(length / 2);
                }
                let mut stream = TcpStream::connect(upstream)?;
                for line in head.lines().filter(|line| !line.is_empty()) {
                    let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
                    if name != "content-length" && name != "connection" {
                        write!(stream, "{line}\r\n")?;
                    }
                }
                write!(stream, "Connection: close\r\nContent-Length: {}\r\n\r\n", body.len())?;
                stream.write_all(&body)?;
                if let Some(Fault::Locate(to)) = fault {
                    let mut answer = String::new();
                    stream.read_to_string(&mut answer)?;
                    let (before, location) = answer.split_once("Location: http://").unwrap();
                    let (_, path) = location.split_once("/v2/").unwrap();
                    write!(client, "{before}Location: {to}/v2/{path}")?;
                } else {
                    io::copy(&mut stream, &mut client)?;
                }
            }
        }
        client.shutdown(Shutdown::Write)
    }
}

impl Gate {
    /// The answer to a request that does not pass, or that asks for a token.
    fn stops(&self, address: &str, path: &str, head: &str) -> Option<(u16, String, &'static str)> {
        let authorization = head.lines().find_map(|line| line.strip_prefix("authorization: "));
        if path.starts_with("/token?") {
            let known = authorization == Some(&format!("Basic {}", self.basic));
            let (status, text) = if known { (200, r#"{"access_token": "a-token"}"#) } else { (401, "{}") };
            return Some((status, String::new(), text));
        }
        (authorization != Some(&format!("Bearer {TOKEN}"))).then(|| {
            let text = r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#;
            (401, self.challenge(address), text)
        })
    }

    fn challenge(&self, address: &str) -> String {
        let own = format!("http://{address}");
        let realm = self.realm.as_ref().unwrap_or(&own);
        format!("WWW-Authenticate: Bearer realm=\"{realm}/token\",service=\"{address}\"\r\n")
    }
}

fn answer(client: &mut TcpStream, status: u16, header: &str, text: &str) -> io::Result<()> {
    let size = text.len();
    write!(client, "HTTP/1.1 {status} Text\r\n{header}Content-Length: {size}\r\nConnection: close\r\n\r\n{text}")
}
