//! The report that docs/readiness.md compares with: what the command prints today of the cluster as it was.
//!
//! `make bless` writes it.

use std::path::Path;
use std::process::Command;

/// When the first report was made, which the second one names.
const CREATED: &str = "1794124800";

#[test]
fn the_first_report_is_what_the_command_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let before = |name: &str| format!("docs/readiness/before/{name}");
    let azure = ["aks", "acr", "cache-rules", "private-endpoints", "subnet", "extensions"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
    command.args(["report", "--output", "json"]).current_dir(&root).env("SOURCE_DATE_EPOCH", CREATED);
    for part in azure {
        command.arg(format!("--{part}")).arg(before(&format!("{part}.json")));
    }
    let output = command.arg(before("shop.yaml")).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let file = root.join(before("report.json"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &printed).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed, "`make bless` writes {}", file.display());
}
