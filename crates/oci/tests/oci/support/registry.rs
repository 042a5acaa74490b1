//! An instance of `docker-registry` on loopback, with a store of its own, for as long as a test runs.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Once;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::tls::Certificates;

pub const USER: &str = "pusher";
pub const PASSWORD: &str = "correct horse";
/// `htpasswd -nbB -C 5 pusher 'correct horse'`
const HTPASSWD: &str = "pusher:$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";

/// What a test wants of its registry.
#[derive(Default)]
pub struct Setup<'a> {
    pub tls: Option<&'a Certificates>,
    pub password: bool,
    pub read_only: bool,
    /// Whether it takes itself for one without TLS, as it does behind a proxy that does not tell.
    pub plain_addresses: bool,
    /// The size of its disk, in bytes. Needs root, to mount it.
    pub disk: Option<usize>,
}

pub struct Running {
    pub address: String,
    pub directory: TempDir,
    child: Child,
    mounted: Option<PathBuf>,
}

impl Running {
    pub fn plain() -> Self {
        Self::start(&Setup::default())
    }

    pub fn start(setup: &Setup<'_>) -> Self {
        install();
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("store");
        fs::create_dir(&store).unwrap();
        let mounted = setup.disk.map(|bytes| mount(&store, bytes));
        loop {
            // Somebody else may take the port in between; then it is another one's turn.
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let configuration = directory.path().join("config.yml");
            fs::write(&configuration, yaml(setup, directory.path(), &store, port)).unwrap();
            let log = File::create(directory.path().join("log")).unwrap();
            let mut child = Command::new("docker-registry")
                .args(["serve".as_ref(), configuration.as_os_str()])
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap();
            let address = format!("127.0.0.1:{port}");
            if answers(&mut child, &address) {
                return Self { address, directory, child, mounted };
            }
        }
    }

    /// The tags that are visible, of all repositories, as the store has them.
    pub fn tags(&self) -> Vec<String> {
        let mut found = Vec::new();
        let repositories = self.directory.path().join("store/docker/registry/v2/repositories");
        collect_tags(&repositories, &repositories, &mut found);
        found.sort();
        found
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(path) = &self.mounted {
            let _ = Command::new("umount").arg(path).status();
        }
    }
}

fn collect_tags(root: &Path, directory: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if directory.ends_with("_manifests/tags") {
            let repository = directory.parent().unwrap().parent().unwrap().strip_prefix(root).unwrap();
            found.push(format!("{}:{}", repository.display(), path.file_name().unwrap().display()));
        } else {
            collect_tags(root, &path, found);
        }
    }
}

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../e2e-tests/registry/install.sh");
        let status = Command::new(script).status().unwrap();
        assert!(
            status.success(),
            "these tests push to a real registry: run `{script}` as root, or install docker-registry"
        );
    });
}

/// Root alone may mount; the tests that need it say so and pass by.
pub fn may_mount() -> bool {
    let user = Command::new("id").arg("-u").output().unwrap();
    let root = user.stdout.trim_ascii() == b"0";
    if !root {
        eprintln!("skipped: a full disk takes root, to mount a small one");
    }
    root
}

fn mount(store: &Path, bytes: usize) -> PathBuf {
    let size = format!("size={bytes}");
    let status = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(store).status().unwrap();
    assert!(status.success(), "no small disk could be mounted on {}", store.display());
    store.to_owned()
}

fn yaml(setup: &Setup<'_>, directory: &Path, store: &Path, port: u16) -> String {
    let mut text = format!(
        "version: 0.1\nlog: {{level: warn, accesslog: {{disabled: true}}}}\n\
         storage:\n  filesystem: {{rootdirectory: {}}}\n",
        store.display()
    );
    if setup.read_only {
        text.push_str("  maintenance: {readonly: {enabled: true}}\n");
    }
    text.push_str(&format!("http:\n  addr: 127.0.0.1:{port}\n  secret: for-tests\n"));
    if setup.plain_addresses {
        text.push_str(&format!("  host: http://127.0.0.1:{port}\n"));
    }
    if let Some(tls) = setup.tls {
        let (certificate, key) = (directory.join("tls.crt"), directory.join("tls.key"));
        fs::write(&certificate, &tls.certificate).unwrap();
        fs::write(&key, &tls.key).unwrap();
        text.push_str(&format!("  tls: {{certificate: {}, key: {}}}\n", certificate.display(), key.display()));
    }
    if setup.password {
        let passwords = directory.join("htpasswd");
        fs::write(&passwords, HTPASSWD).unwrap();
        text.push_str(&format!("auth:\n  htpasswd: {{realm: tests, path: {}}}\n", passwords.display()));
    }
    text
}

/// Whether it took the port.
fn answers(child: &mut Child, address: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if TcpStream::connect(address).is_ok() {
            return true;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("docker-registry does not answer on {address}")
}
