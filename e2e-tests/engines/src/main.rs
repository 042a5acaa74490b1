//! `real-engines`: what stands between the cases and Kubewarden's own engines. The suites in `e2e-tests/bats` call it; the
//! engines are called by the suites.

mod compare;
mod dispatch;
mod export;
mod http;
mod load;
mod node;
mod send;
mod session;
mod soak;
mod webhooks;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use node::Options;

#[derive(Debug, Parser)]
#[command(about = "The cases in the form that real engines take, and their answers compared")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write every case as FOLDER/POLICY/CASE: request, settings, and what kwctl is to be called with. FOLDER/policies.yml
    /// makes policy-server serve each of them as POLICY--CASE.
    Export {
        /// The folder, which is made.
        folder: PathBuf,
        /// Where the annotated modules are.
        #[arg(long, default_value = "dist")]
        modules: PathBuf,
    },
    /// Post every exported case to a policy-server and keep the answers as FOLDER/POLICY/CASE/NAME.json.
    Send {
        /// The folder of the exported cases.
        folder: PathBuf,
        /// The server: http://127.0.0.1:3000
        #[arg(long)]
        server: String,
        /// What is asked of it: validate or audit.
        #[arg(long, default_value = "validate")]
        endpoint: String,
        /// The answers' name.
        #[arg(long)]
        answers: String,
    },
    /// Compare the answers FOLDER/POLICY/CASE/NAME.json with the ones that the cases expect.
    Compare {
        /// The folder of the exported cases.
        folder: PathBuf,
        /// The policy; all of them where it is not given.
        #[arg(long)]
        policy: Option<String>,
        /// The answers' name. kwctl's are what it prints, with what it complains of as NAME.err.
        #[arg(long)]
        answers: String,
    },
    /// Post the same requests again and again, hold all answers to one against the first, and print how fast it was.
    Load {
        /// The address: http://127.0.0.1:3000/validate/private-images
        url: String,
        /// Files with AdmissionReviews, sent in turn.
        #[arg(required = true)]
        reviews: Vec<PathBuf>,
        /// How many requests.
        #[arg(long, default_value_t = 10_000)]
        requests: usize,
        /// How many at a time.
        #[arg(long, default_value_t = 4)]
        connections: usize,
    },
    /// Post the requests of all exported cases in random order, some grown to 2 MiB, hold every answer against the expected one,
    /// and print latencies and how the server's memory developed.
    Soak {
        /// The folder of the exported cases.
        folder: PathBuf,
        /// The server: http://127.0.0.1:3000
        #[arg(long)]
        server: String,
        /// How many requests.
        #[arg(long, default_value_t = 10_000)]
        requests: u64,
        /// How many at a time.
        #[arg(long, default_value_t = 2)]
        connections: usize,
        /// What the order follows from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// One of how many requests is large.
        #[arg(long, default_value_t = 500)]
        large: u64,
        /// The server's process, to measure its memory.
        #[arg(long)]
        process: Option<u32>,
    },
    /// Run the pods of a cluster without nodes, until FOLDER/stop exists: programs from the PATH in place of containers.
    Node {
        /// Who the node is: an administrator.
        #[arg(long)]
        kubeconfig: PathBuf,
        /// Where pods have their volumes and logs, as FOLDER/NAMESPACE/NAME.
        folder: PathBuf,
        /// An argument that a program gets behind its own, as PROGRAM=ARGUMENT.
        #[arg(long)]
        append: Vec<String>,
        /// A program that is told of the proxy: one that asks Services by their names.
        #[arg(long)]
        proxied: Vec<String>,
    },
    /// Write the policies and the requests of e2e-tests/dispatch to a folder: policies.json and requests.
    Dispatch {
        /// The folder.
        folder: PathBuf,
        /// The module that the policies run: registry://127.0.0.1:5000/policies/private-images:v0.2.0
        #[arg(long)]
        module: String,
    },
    /// Compare what policy-server logged while the API server answered those requests, FOLDER/NAME.log and FOLDER/NAME.refused,
    /// with e2e-tests/dispatch/api-server.yaml.
    Dispatched {
        /// The folder.
        folder: PathBuf,
        /// Write the record instead.
        #[arg(long)]
        record: bool,
    },
    /// Print the webhook configurations that send a policy's requests to a policy-server, as Kubewarden's controller would.
    Webhooks {
        /// Where the API server finds policy-server: https://127.0.0.1:3000
        #[arg(long)]
        server: String,
        /// The certificate that policy-server's was signed with.
        #[arg(long)]
        ca: PathBuf,
        /// The policies' metadata.yml
        #[arg(required = true)]
        metadata: Vec<PathBuf>,
    },
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Export { folder, modules } => export::run(&folder, &modules),
        Command::Send { folder, server, endpoint, answers } => send::run(&folder, &server, &endpoint, &answers),
        Command::Compare { folder, policy, answers } => compare::run(&folder, policy.as_deref(), &answers),
        Command::Load { url, reviews, requests, connections } => load::run(&url, &reviews, requests, connections),
        Command::Soak { folder, server, requests, connections, seed, large, process } => {
            soak::run(&folder, &server, &soak::Options { requests, connections, seed, large, process })
        }
        Command::Node { kubeconfig, folder, append, proxied } => {
            node::run(&kubeconfig, &folder, &Options { append, proxied })
        }
        Command::Dispatch { folder, module } => dispatch::write(&folder, &module),
        Command::Dispatched { folder, record } => dispatch::compare(&folder, record),
        Command::Webhooks { server, ca, metadata } => webhooks::run(&server, &ca, &metadata),
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
