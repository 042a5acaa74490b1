//! kubectl's answers: recorded ones, and how they are recorded.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::corpus::Text;

/// What kubectl makes of a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The text's name.
    pub text: String,
    /// The objects that it would send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Value>,
    /// What it says of the first thing that it does not take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// Where the answers are recorded.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kubectl/answers.jsonl");

/// The version that answered. Versions before 1.33 stop at the first thing behind JSON that is not JSON.
pub const VERSION: &str = "1.35";

/// A kubectl of that version: the one that `make test` installs, or one on the PATH.
pub fn kubectl() -> Option<&'static str> {
    let installed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/kubectl");
    [installed, "kubectl"].into_iter().find(|program| {
        let said = Command::new(program).args(["version", "--client"]).output();
        said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(&format!("v{VERSION}.")))
    })
}

/// The recorded answers.
pub fn recorded() -> Vec<Answer> {
    let text = std::fs::read_to_string(FILE).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Asks kubectl about every text that has no answer yet and records what it says. Delete the file to ask about all.
pub fn record(texts: &[Text]) {
    let mut answers: BTreeMap<String, Answer> =
        recorded().into_iter().map(|answer| (answer.text.clone(), answer)).collect();
    let new: Vec<&Text> = texts.iter().filter(|text| !answers.contains_key(&text.name)).collect();
    answers.extend(ask_all(&new).into_iter().map(|answer| (answer.text.clone(), answer)));
    let mut out = String::new();
    for text in texts {
        out.push_str(&serde_json::to_string(&answers[&text.name]).unwrap());
        out.push('\n');
    }
    std::fs::write(FILE, out).unwrap();
}

/// Asks kubectl about every text.
pub fn ask_all(texts: &[&Text]) -> Vec<Answer> {
    let program = kubectl().unwrap_or_else(|| panic!("asks kubectl {VERSION}, which is not here"));
    let share = texts.len().max(1).div_ceil(std::thread::available_parallelism().map_or(2, usize::from));
    std::thread::scope(|scope| {
        let threads: Vec<_> = texts
            .chunks(share)
            .map(|texts| scope.spawn(|| texts.iter().map(|text| ask(program, text)).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// An empty merge patch, applied without a cluster, prints each object as it was read.
fn ask(program: &str, text: &Text) -> Answer {
    let mut kubectl = Command::new(program)
        .args(["patch", "--local", "-f", "-", "--type=merge", "-p", "{}", "-o", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    kubectl.stdin.take().unwrap().write_all(&text.bytes).unwrap();
    let output = kubectl.wait_with_output().unwrap();
    let printed = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>();
    let objects = printed.map(Result::unwrap).collect();
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find(|line| !line.contains("no objects passed to patch"));
    // The object itself, which some messages repeat, says nothing about why.
    let refused = first.map(|line| line.split(" in '").next().unwrap_or(line).to_owned());
    Answer { text: text.name.clone(), objects, refused }
}
