//! The page in a real browser: Chromium, where it is installed. What the filter shows is read from the page's own tree.
use std::path::Path;
use std::process::Command;

use crate::support::{Given, document, shop};
use isolation_readiness::formats;

/// The name of the browser, if it is there.
fn browser() -> Option<&'static str> {
    let is_there =
        |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(is_there)
}

/// The tree of a page after its script has run.
fn tree(browser: &str, folder: &Path, page: &Path, view: &str) -> String {
    tree_at(browser, folder, page, view, (1280, 900), 2_000)
}

/// The same in a window of this size, after so many milliseconds of the page's own time.
fn tree_at(
    browser: &str,
    folder: &Path,
    page: &Path,
    view: &str,
    (width, height): (u32, u32),
    milliseconds: u32,
) -> String {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--dump-dom"])
        .arg(format!("--virtual-time-budget={milliseconds}"))
        .arg(format!("--window-size={width},{height}"))
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

/// A page with one more script, whose result is in the element `result`. The page's own policy admits no script but its own,
/// so it goes.
fn with_script(page: &str, script: &str) -> String {
    let (before, policy) = page.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let (_, behind) = policy.split_once('>').unwrap();
    let script = format!(
        "<script>{script}\naddEventListener('load', async () => {{ const made = document.createElement('p'); \
         const result = await look(); made.id = 'result'; made.textContent = JSON.stringify(result); document.body.append(made); }});</script></body>"
    );
    format!("{before}{}", behind.replacen("</body>", &script, 1))
}

/// What that script has found.
fn result(tree: &str) -> serde_json::Value {
    let (_, rest) = tree.split_once("<p id=\"result\">").unwrap_or_else(|| panic!("the script did not end"));
    let text = rest.split_once("</p>").unwrap().0;
    serde_json::from_str(&text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).unwrap()
}

/// The page of the documentation's example.
fn example() -> String {
    let document = document(&Given { objects: &shop(), azure: Some("before"), ..Given::default() });
    let mut bytes = Vec::new();
    formats::html::write(&document, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// By axe-core, which `make test-web` installs: keyboard, roles, names, contrast, on a desk and on a phone, light and dark.
#[test]
fn everybody_can_read_it() {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/node_modules/axe-core/axe.min.js");
    let (Some(browser), Ok(axe)) = (browser(), std::fs::read_to_string(axe)) else {
        eprintln!("skipped: no Chromium or no axe-core is installed (make test-web installs them)");
        return;
    };
    let look = "const look = async () => { document.querySelectorAll('details').forEach((details) => { details.open = true; }); \
                return (await axe.run()).violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.html}`)); };";
    let folder = tempfile::tempdir().unwrap();
    let light = with_script(&example(), &format!("{axe}\n{look}"));
    let dark = light.replace("(prefers-color-scheme: dark)", "(min-width: 0)");
    for (name, page, size) in
        [("light", &light, (1280, 900)), ("dark", &dark, (1280, 900)), ("phone", &light, (390, 844))]
    {
        let file = folder.path().join(format!("{name}.html"));
        std::fs::write(&file, page).unwrap();
        let found = result(&tree_at(browser, folder.path(), &file, "", size, 60_000));
        assert_eq!(found, serde_json::json!([]), "{name}");
    }
}

/// The rules for paper hold on a screen as wide as a sheet of A4 between its margins: nothing is folded, and nothing would have
/// to be scrolled into sight.
#[test]
fn paper_hides_nothing() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no Chromium is installed, so the page was not printed");
        return;
    };
    let look = "const look = async () => { dispatchEvent(new Event('beforeprint')); \
                document.body.style.width = '182mm'; \
                const cut = [...document.querySelectorAll('main *')].filter((element) => \
                getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1 \
                || element.getBoundingClientRect().right > document.body.getBoundingClientRect().right + 1); \
                return [cut.map((element) => element.outerHTML.slice(0, 200)), document.querySelectorAll('details:not([open])').length]; };";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.html");
    std::fs::write(&file, with_script(&example(), look).replace("@media print", "@media all")).unwrap();
    let found = result(&tree_at(browser, folder.path(), &file, "", (1280, 900), 10_000));
    assert_eq!(found, serde_json::json!([[], 0]));
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
    formats::html::write(&document, &mut bytes).unwrap();
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
