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

#[derive(Clone)]
pub struct Proxy {
    pub address: String,
    plan: Arc<Mutex<Vec<Planned>>>,
    /// `METHOD PATH` of each request, in order.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Passes everything on to `upstream`, until told otherwise.
    pub fn before(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap().to_string(),
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
        match fault {
            Some(Fault::Answer(status, text)) => {
                let size = text.len();
                write!(client, "HTTP/1.1 {status} No\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n{text}")?;
            }
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
                io::copy(&mut stream, &mut client)?;
            }
        }
        client.shutdown(Shutdown::Write)
    }
}
