//! Running a tool and waiting for it no longer than a person would.

use std::ffi::OsString;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Why nothing was rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// None of the tools that could do it is installed.
    #[error("{}", missing(.tools))]
    Missing {
        /// The tools.
        tools: Vec<&'static str>,
        /// What to do: a sentence without full stop.
        help: &'static str,
    },
    /// The tool did not render the folder.
    #[error("{tool} failed: {said}")]
    Failed {
        /// The command.
        tool: String,
        /// The last of what it said.
        said: String,
    },
}

impl Failure {
    /// What to do; may be empty.
    pub fn help(&self) -> &'static str {
        match self {
            Failure::Missing { help, .. } => help,
            Failure::Failed { said, .. } if OF_VALUES.iter().any(|words| said.contains(words)) => VALUES,
            Failure::Failed { .. } => "",
        }
    }
}

/// What helm says where a template fails, or where values do not fit the chart's schema: the values are not those that it needs.
/// <https://github.com/helm/helm/blob/main/pkg/engine/engine.go>,
/// <https://github.com/helm/helm/blob/main/pkg/chart/common/util/values.go>
const OF_VALUES: &[&str] =
    &["execution error at (", "executing \"", "values don't meet the specifications of the schema"];

/// What to do then.
const VALUES: &str =
    "Give the chart the values that it needs: --values FILE, or --set KEY=VALUE with `check` and `images`";

/// How long a tool may take: a remote base or a chart in a registry is fetched meanwhile.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a tool says at most: its last words tell why it failed.
const SAID: usize = 2000;

/// Runs the first of the tools that is installed; what it prints.
pub(crate) fn run(tools: &[(&'static str, Vec<OsString>)], help: &'static str) -> Result<String, Failure> {
    for (tool, args) in tools {
        let spawned =
            Command::new(tool).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        match spawned {
            Ok(child) => return wait(tool, args, child),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::Failed { tool: (*tool).to_owned(), said: error.to_string() }),
        }
    }
    Err(Failure::Missing { tools: tools.iter().map(|(tool, _)| *tool).collect(), help })
}

fn wait(tool: &str, args: &[OsString], mut child: Child) -> Result<String, Failure> {
    let called = || {
        let first = args.first().map(|arg| arg.to_string_lossy().into_owned()).unwrap_or_default();
        format!("{tool} {first}")
    };
    let failed = |said: String| Failure::Failed { tool: called(), said };
    // Both are read at once: a tool that fills one pipe while the other is read never ends.
    let out = child.stdout.take().map(drain);
    let err = child.stderr.take().map(drain);
    let begin = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begin.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(format!("it did not finish within {} seconds", PATIENCE.as_secs())));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => return Err(failed(error.to_string())),
        }
    };
    let read = |thread: Option<JoinHandle<Vec<u8>>>| thread.and_then(|thread| thread.join().ok()).unwrap_or_default();
    let (out, err) = (read(out), read(err));
    if !status.success() {
        let said = String::from_utf8_lossy(&err);
        let said = in_one_line(&said);
        let from = said.char_indices().rev().nth(SAID).map_or(0, |(at, _)| at);
        let said = if said.is_empty() { status.to_string() } else { said[from..].to_owned() };
        return Err(failed(said));
    }
    String::from_utf8(out).map_err(|_| failed("its output is not UTF-8".to_owned()))
}

fn missing(tools: &[&str]) -> String {
    match tools {
        [one, other] => format!("neither {one} nor {other} is installed"),
        tools => format!("{} is not installed", tools.join(" or ")),
    }
}

/// What a tool said, without helm's advice to call it in another way than this does.
fn in_one_line(said: &str) -> String {
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("Use --debug flag"));
    lines.collect::<Vec<_>>().join("; ")
}

fn drain(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a pipe broke is all there is.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn a_chart_that_needs_values_is_told_from_one_that_is_broken() {
        let help = |said: &str| Failure::Failed { tool: "helm template".to_owned(), said: said.to_owned() }.help();
        for said in [
            "Error: execution error at (temporal/templates/a.yaml:1:4): No valid driver configured for default store",
            "Error: template: web/templates/a.yaml:1:4: executing \"web/templates/a.yaml\" at <.Values.a.b>: nil pointer \
             evaluating interface {}.b",
            "Error: values don't meet the specifications of the schema(s) in the following chart(s):; web:; - tag is required",
        ] {
            assert!(help(said).contains("--values FILE, or --set KEY=VALUE"), "{said}");
        }
        for said in
            ["Error: Chart.yaml file is missing", "Error: found in Chart.yaml, but missing in charts/ directory: a"]
        {
            assert_eq!(help(said), "", "{said}");
        }
    }
}
