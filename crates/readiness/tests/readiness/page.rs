//! The page in a real browser: Chromium, where it is installed. What the filter shows is read from the page's own tree.
use std::path::Path;
use std::process::Command;

use crate::support::{Given, document, shop};
use isolation_readiness::forms;

/// The name of the browser, if it is there.
fn browser() -> Option<&'static str> {
    let is_there =
        |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(is_there)
}

/// The tree of a page after its script has run.
fn tree(browser: &str, folder: &Path, page: &Path, view: &str) -> String {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--virtual-time-budget=2000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}{view}", page.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The rows of the table of problems, and what is said of their number.
fn rows(tree: &str) -> (usize, String) {
    let between = |from: &str, to: &str| {
        let rest = tree.split_once(from).unwrap().1;
        rest.split_once(to).unwrap().0.to_owned()
    };
    let table = between("<tbody id=\"rows\">", "</tbody>");
    let count = between("id=\"count\"", "</p>");
    (table.matches("<tr>").count(), count.rsplit('>').next().unwrap().to_owned())
}

#[test]
fn the_filter_shows_what_the_address_says() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no Chromium is installed, so the page was not opened");
        return;
    };
    let document = document(&Given { objects: &shop(), azure: Some("before"), ..Given::default() });
    let all = document.problems.len();
    let number = |matches: &dyn Fn(&isolation_readiness::Problem) -> bool| {
        document.problems.iter().filter(|problem| matches(problem)).count()
    };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("shop.html");
    let mut bytes = Vec::new();
    forms::html::write(&document, &mut bytes).unwrap();
    std::fs::write(&page, bytes).unwrap();
    let shown = |view: &str| rows(&tree(browser, folder.path(), &page, view));

    assert_eq!(shown(""), (all, format!("{all} problems")));
    let images = number(&|problem| problem.theme == "images");
    assert!(images > 0 && images < all);
    assert_eq!(shown("#theme=images"), (images, format!("{images} of {all} problems")));
    let nginx = number(&|problem| problem.value.as_deref() == Some("nginx:1.27.3"));
    assert_eq!(shown("#q=nginx%20web&namespace=shop"), (nginx, format!("{nginx} of {all} problems")));
    assert_eq!(shown("#q=nothing-of-this-name"), (0, format!("0 of {all} problems")));
    let warnings = number(&|problem| problem.severity == isolation_readiness::Severity::Warns);
    let (count, said) = shown("#severity=may+break&sort=-rule");
    assert_eq!((count, said), (warnings, format!("{warnings} of {all} problems")));
    // An address of a place in the page is no filter, and unfolds what it names.
    let tree = tree(browser, folder.path(), &page, "#step-4");
    assert_eq!(rows(&tree).0, all);
    assert!(tree.contains("id=\"step-4\" open"), "the step is folded");
}
