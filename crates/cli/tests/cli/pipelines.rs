//! What is offered for pipelines, run as a runner would: the steps of the GitHub Action, the script of the GitLab component, the
//! steps of the template for Azure Pipelines, and the hook for pre-commit.

#![cfg(unix)]
// A helper of tests is a test to everybody but clippy.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The PATH with the command line on it.
fn path() -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_isolation")).parent().unwrap();
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
}

/// A repository with a Pod that breaks a rule, and one that does not, in folders whose names have blanks.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let pod = |image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{{name: web, image: {image}}}]}}\n"
        )
    };
    for (name, text) in [
        ("isolation.yaml", "registries: [myacr.azurecr.io]\n".to_owned()),
        ("my pods/bad.yaml", pod("nginx")),
        ("good/pod.yaml", pod("myacr.azurecr.io/nginx:1")),
        ("temp/.keep", String::new()),
    ] {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

/// Exit status and both outputs of a script in this folder.
fn run(shell: &[&str], script: &str, folder: &Path, env: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg("-c").arg(script).current_dir(folder).env("PATH", path());
    command.envs(env.iter().copied());
    let out = command.output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap(), text)
}

fn read(file: &str) -> Vec<Value> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    text.split("\n---\n").map(|document| yaml_serde::from_str(document).unwrap()).collect()
}

/// The steps of the action with these inputs, as GitHub's runner runs `shell: sh`.
fn action(folder: &Path, inputs: &[(&str, &str)]) -> (i32, String) {
    let action = read("action.yml").remove(0);
    let temp = folder.join("temp");
    let file = |name: &str| temp.join(name).display().to_string();
    let (output, summary, paths) = (file("output"), file("summary"), file("path"));
    let mut seen = String::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert_eq!(step["shell"], "sh");
        let env: Vec<(String, String)> = step["env"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| {
                let expression = value.as_str().unwrap().trim_start_matches("${{ ").trim_end_matches(" }}");
                let value = expression.split(" || ").find_map(|name| match name.strip_prefix("inputs.") {
                    Some(name) => {
                        assert!(action["inputs"][name].is_object(), "{name} is an input");
                        let given = inputs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
                        let value =
                            given.unwrap_or_else(|| action["inputs"][name]["default"].as_str().unwrap().to_owned());
                        Some(value).filter(|value| !value.is_empty())
                    }
                    None => Some(root().display().to_string()).filter(|_| name == "github.action_path"),
                });
                (key.clone(), value.unwrap_or_default())
            })
            .collect();
        let mut env: Vec<(&str, &str)> = env.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let temp = temp.display().to_string();
        env.extend([
            ("RUNNER_TEMP", temp.as_str()),
            ("GITHUB_OUTPUT", &output),
            ("GITHUB_STEP_SUMMARY", &summary),
            ("GITHUB_PATH", &paths),
        ]);
        let (status, text) = run(&["sh", "-e"], step["run"].as_str().unwrap(), folder, &env);
        seen.push_str(&text);
        if status != 0 {
            return (status, seen);
        }
    }
    (0, seen)
}

#[test]
fn the_action_annotates_lines_and_writes_a_summary_and_sarif() {
    let folder = repository();
    let (status, text) = action(folder.path(), &[("paths", "my pods\ngood\n")]);
    assert_eq!(status, 1, "{text}");
    assert!(text.starts_with("::error file=my pods/bad.yaml,line=4,"), "{text}");
    let output = fs::read_to_string(folder.path().join("temp/output")).unwrap();
    let sarif = fs::read_to_string(output.trim().strip_prefix("sarif=").unwrap()).unwrap();
    assert!(sarif.contains("\"NI101\""));
    let summary = fs::read_to_string(folder.path().join("temp/summary")).unwrap();
    assert!(summary.starts_with("### Network isolation"), "{summary}");
    let (status, text) = action(folder.path(), &[("paths", "good")]);
    assert_eq!(status, 0, "{text}");
    // An argument with a blank is one argument, and nothing in an input is run.
    let (status, text) =
        action(folder.path(), &[("paths", "good"), ("arguments", "--exclude=$(touch temp/run) *.x\n--fail-on=warn")]);
    assert!(status == 0 && !folder.path().join("temp/run").exists(), "{text}");
}

#[test]
fn the_component_for_gitlab_leaves_a_test_report() {
    let folder = repository();
    let [spec, jobs] = <[Value; 2]>::try_from(read("templates/isolation.yml")).unwrap();
    let script = |paths: &str| {
        let lines = jobs["network-isolation"]["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap());
        let mut script = lines.collect::<Vec<_>>().join("\n");
        for (name, input) in spec["spec"]["inputs"].as_object().unwrap() {
            let value = if name == "paths" { paths } else { input["default"].as_str().unwrap() };
            script = script.replace(&format!("$[[ inputs.{name} ]]"), value);
        }
        assert!(!script.contains("$[["), "{script}");
        script
    };
    let (status, text) = run(&["sh", "-e"], &script("'my pods' good"), folder.path(), &[]);
    assert_eq!(status, 1, "{text}");
    let report = jobs["network-isolation"]["artifacts"]["reports"]["junit"].as_str().unwrap();
    let report = fs::read_to_string(folder.path().join(report)).unwrap();
    assert!(report.contains("tests=\"2\" failures=\"1\""), "{report}");
    assert_eq!(run(&["sh", "-e"], &script("good"), folder.path(), &[]).0, 0);
}

#[test]
fn the_template_for_azure_pipelines_leaves_a_test_report() {
    let folder = repository();
    let template = read("templates/azure-pipelines.yml").remove(0);
    let temp = folder.path().join("temp").display().to_string();
    let mut last = (0, String::new());
    for step in template["steps"].as_array().unwrap() {
        let Some(script) = step["bash"].as_str() else { continue };
        let mut script = script.to_owned();
        for parameter in template["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let value = if name == "paths" { "'my pods' good" } else { parameter["default"].as_str().unwrap() };
            script = script.replace(&format!("${{{{ parameters.{name} }}}}"), value);
        }
        last = run(&["bash"], &script, folder.path(), &[("AGENT_TEMPDIRECTORY", &temp)]);
    }
    assert_eq!(last.0, 1, "{}", last.1);
    let published = template["steps"][2]["inputs"]["testResultsFiles"].as_str().unwrap();
    let report = published.replace("$(Agent.TempDirectory)", &temp);
    assert!(fs::read_to_string(report).unwrap().contains("failures=\"1\""));
}

/// What is installed is the release that the sources are of.
#[test]
fn the_templates_name_this_release() {
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    for file in ["action.yml", "templates/isolation.yml", "templates/azure-pipelines.yml"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        for (_, rest) in text.match_indices("v0.").map(|(at, _)| text.split_at(at)) {
            assert!(rest.starts_with(version), "{file}: {}", rest.lines().next().unwrap());
        }
    }
}

#[test]
fn pre_commit_runs_the_hook() {
    if Command::new("pre-commit").arg("--version").output().is_err() {
        eprintln!("skipped: pre-commit is not on the PATH (pip install pre-commit)");
        return;
    }
    let script = root().join("e2e-tests/pre-commit.sh");
    let out = Command::new("sh").arg(script).env("PATH", path()).output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && text.ends_with("pre-commit: ok\n"), "{text}");
}
