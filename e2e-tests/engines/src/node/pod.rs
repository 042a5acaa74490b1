//! One pod: its program, and what the API server is told of it.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Options;
use super::kubectl::Kubectl;
use super::volumes::{Mounts, list, text};

/// How long a program that ended is left alone before it is started again.
const PAUSE: Duration = Duration::from_secs(3);

/// How often its probe may fail before a pod is not ready any more.
const FAILURES: u32 = 3;

/// A pod that this node has taken.
#[derive(Debug)]
pub struct Running {
    pod: Value,
    folder: PathBuf,
    address: String,
    proxy: Option<String>,
    append: Vec<String>,
    child: Option<Child>,
    ready: bool,
    failures: u32,
    told: Option<Value>,
    restarts: u32,
    again: Option<Instant>,
    over: bool,
    bound: bool,
    ending: bool,
}

/// Whether the program of the pod is on the PATH.
pub fn runs_here(pod: &Value) -> bool {
    let program = program(pod);
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(&program).is_file()))
}

/// The last part of the command, or else of the image without its tag.
fn program(pod: &Value) -> String {
    let container = &pod["spec"]["containers"][0];
    let whole = match list(&container["command"]).first() {
        Some(command) => text(command),
        None => text(&container["image"]).split('@').next().unwrap_or_default(),
    };
    let last = whole.rsplit('/').next().unwrap_or_default();
    last.split(':').next().unwrap_or_default().to_owned()
}

impl Running {
    /// The pod, not yet started.
    pub fn new(pod: &Value, folder: &Path, address: &str, proxy: &str, options: &Options) -> Self {
        let folder = folder.join(text(&pod["metadata"]["namespace"])).join(text(&pod["metadata"]["name"]));
        let own =
            options.append.iter().filter_map(|text| text.split_once('=')).filter(|(name, _)| *name == program(pod));
        Running {
            append: own.map(|(_, argument)| argument.to_owned()).collect(),
            pod: pod.clone(),
            folder,
            address: address.to_owned(),
            proxy: options.proxied.contains(&program(pod)).then(|| proxy.to_owned()),
            child: None,
            ready: false,
            failures: 0,
            told: None,
            restarts: 0,
            again: None,
            over: false,
            bound: false,
            ending: false,
        }
    }

    /// NAMESPACE/NAME
    pub fn name(&self) -> String {
        format!("{}/{}", text(&self.pod["metadata"]["namespace"]), text(&self.pod["metadata"]["name"]))
    }

    /// Its address, where it is ready to be asked.
    pub fn ready(&self) -> Option<&str> {
        (self.ready && !self.ending).then_some(self.address.as_str())
    }

    /// It was deleted: nobody is led to it any more.
    pub fn is_ending(&mut self) {
        self.ending = true;
    }

    /// Ends the program of a deleted pod, and then tells the API server, which has kept the pod until now.
    pub fn end(&mut self, kubectl: &Kubectl) -> Result<()> {
        if self.ending {
            self.kill();
            kubectl.forget(text(&self.pod["metadata"]["namespace"]), text(&self.pod["metadata"]["name"]))?;
        }
        Ok(())
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The pod as it was taken.
    pub fn pod(&self) -> &Value {
        &self.pod
    }

    /// Starts the program where it does not run, asks whether it is ready, and tells the API server what changed.
    pub fn look_after(&mut self, kubectl: &Kubectl) -> Result<()> {
        if self.over || self.ending || self.again.is_some_and(|when| when > Instant::now()) {
            return Ok(());
        }
        match &mut self.child {
            None => {
                if !self.bound {
                    kubectl.bind(text(&self.pod["metadata"]["namespace"]), text(&self.pod["metadata"]["name"]))?;
                    self.bound = true;
                }
                let child = self.start(kubectl)?;
                self.child = Some(child);
                self.again = None;
            }
            Some(child) => match child.try_wait()? {
                Some(status) => self.ended(status),
                None => {
                    self.failures = if self.is_ready() { 0 } else { self.failures.saturating_add(1) };
                    self.ready = self.failures == 0 || (self.ready && self.failures < FAILURES);
                }
            },
        }
        let status = self.status();
        if self.told.as_ref() != Some(&status) {
            kubectl.set_status(
                text(&self.pod["metadata"]["namespace"]),
                text(&self.pod["metadata"]["name"]),
                &status,
            )?;
            self.told = Some(status);
        }
        Ok(())
    }

    fn ended(&mut self, status: ExitStatus) {
        self.child = None;
        self.ready = false;
        let policy = text(&self.pod["spec"]["restartPolicy"]);
        if policy == "Never" || (policy == "OnFailure" && status.success()) {
            self.over = true;
            self.told = None;
            self.restarts = u32::from(!status.success());
        } else {
            self.restarts += 1;
            self.again = Some(Instant::now() + PAUSE);
        }
    }

    fn start(&self, kubectl: &Kubectl) -> Result<Child> {
        fs::create_dir_all(&self.folder)?;
        let mounts = Mounts::make(&self.pod, &self.folder, kubectl)?;
        let namespace = text(&self.pod["metadata"]["namespace"]);
        let account = match text(&self.pod["spec"]["serviceAccountName"]) {
            "" => "default",
            account => account,
        };
        let kubeconfig = self.folder.join("kubeconfig");
        fs::write(&kubeconfig, kubectl.credentials(namespace, account)?)?;
        let container = &self.pod["spec"]["containers"][0];
        let log = File::options().create(true).append(true).open(self.folder.join("log"))?;
        let mut command = Command::new(program(&self.pod));
        command
            .current_dir(&self.folder)
            .env("KUBECONFIG", &kubeconfig)
            .env("HOME", &self.folder)
            .envs(self.proxy.as_ref().map(|proxy| ("HTTPS_PROXY", proxy)))
            .env("KUBEWARDEN_BIND_ADDRESS", &self.address)
            .stdin(std::process::Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        if let Some((rest, place)) = mounts.below("/tmp") {
            // A program that looks for its temporary files finds what is mounted among them.
            let temporary = if rest.is_empty() { place.to_owned() } else { self.folder.join("tmp") };
            if !rest.is_empty() {
                let link = temporary.join(rest);
                fs::create_dir_all(link.parent().unwrap_or(&temporary))?;
                let _ = std::os::unix::fs::symlink(place, &link);
            }
            command.env("TMPDIR", temporary);
        }
        for variable in list(&container["env"]) {
            let value = match text(&variable["valueFrom"]["fieldRef"]["fieldPath"]) {
                "" => text(&variable["value"]),
                path => text(self.pod.pointer(&format!("/{}", path.replace('.', "/"))).unwrap_or(&Value::Null)),
            };
            command.env(text(&variable["name"]), mounts.translate(value));
        }
        let command_line = list(&container["command"]).iter().skip(1).chain(list(&container["args"]));
        command.args(command_line.map(|argument| mounts.translate(text(argument))));
        command.args(&self.append);
        command.spawn().with_context(|| format!("{} does not start", program(&self.pod)))
    }

    /// Whether the probe of its first container is content. Without one it is ready as soon as it runs.
    fn is_ready(&self) -> bool {
        let probe = &self.pod["spec"]["containers"][0]["readinessProbe"]["httpGet"];
        let Some(port) = probe["port"].as_u64() else { return true };
        let answer = || -> Result<String> {
            let mut stream = TcpStream::connect(format!("{}:{port}", self.address))?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            write!(stream, "GET {} HTTP/1.0\r\n\r\n", text(&probe["path"]))?;
            let mut line = [0; 15];
            stream.read_exact(&mut line)?;
            Ok(String::from_utf8_lossy(&line).into_owned())
        };
        answer().is_ok_and(|line| line.contains(" 200"))
    }

    fn status(&self) -> Value {
        let phase = match (self.over, self.restarts) {
            (true, 0) => "Succeeded",
            (true, _) => "Failed",
            (false, _) => "Running",
        };
        let condition = |kind: &str| json!({"type": kind, "status": if self.ready { "True" } else { "False" }});
        json!({
            "phase": phase,
            "podIP": self.address,
            "podIPs": [{"ip": self.address}],
            "conditions": [condition("Ready"), condition("ContainersReady")],
            "containerStatuses": [{
                "name": self.pod["spec"]["containers"][0]["name"],
                "image": self.pod["spec"]["containers"][0]["image"],
                "imageID": "",
                "ready": self.ready,
                "restartCount": self.restarts,
            }],
        })
    }
}

/// A pod that is gone, or whose node is, takes its program along.
impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}
