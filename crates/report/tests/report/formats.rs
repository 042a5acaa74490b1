//! The formats that other programs read, held against what these programs accept.

// A helper of tests is a test to everybody but clippy.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use isolation_report::{
    Allowed, Base, Change, Context, Edit, Finding, Fix, Format, Location, NotEvaluated, Note, ObjectRef, Place,
    Problem, Report, RuleInfo, RuleRef, Rules, Severity, Skipped, Source, Subject,
};
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use serde_json::{Value, json};

/// A report that has everything, with texts that are markup in one format or the other.
fn report() -> Report {
    let text = "kind: Pod\nmetadata:\n  name: a\nspec:\n  image: \"ä::x,|%<b>\"\n---\nkind: Pod\n";
    let source = Arc::new(Source::new("deploy/a b.yaml", text));
    let stdin = Arc::new(Source::new("<stdin>", "kind: Pod\n"));
    let whole = Place::new(&source, 0..text.find("---").unwrap());
    let at = text.find('"').unwrap();
    let object = ObjectRef { api_version: "v1".into(), kind: "Pod".into(), namespace: "shop".into(), name: "a".into() };
    let finding = |rule: &str, severity, path: &str, value: Option<&str>, place: Place| Finding {
        policy: "private-images".into(),
        rule: (!rule.is_empty()).then(|| RuleRef { id: rule.into(), name: Some("public-registry") }),
        severity,
        object: object.clone(),
        subject: whole.clone(),
        location: Location { path: path.into(), place: place.clone() },
        value: value.map(str::to_owned),
        whole: None,
        part: Vec::new(),
        missing: false,
        what: "is | wrong\n::error::@octocat \u{1b}[31m <script>".into(),
        fix: Some(Fix {
            text: "Write \"b\"".into(),
            change: Some(Change { to: Some("b".into()), safe: true, edit: Some(Edit { place, text: "b\n".into() }) }),
        }),
        notes: vec!["a note".into()],
    };
    let image = Place::new(&source, at..at + 5);
    Report {
        is_located: true,
        findings: vec![
            finding("NI101", Severity::Deny, "spec.containers[0].image", Some("ä::x,|%<b>"), image.clone()),
            finding("NI101", Severity::Deny, "spec.containers[1].image", Some("ä::x,|%<b>"), image.clone()),
            finding("NI102", Severity::Warn, "spec", None, image.clone()),
            finding("", Severity::Deny, "", None, Place::new(&source, 0..9)),
        ],
        not_evaluated: vec![NotEvaluated {
            place: Some(Place::new(&stdin, 0..4)),
            subject: String::new(),
            what: "no object".into(),
            help: String::new(),
        }],
        notes: vec![Note { place: None, what: "a note".into(), help: "Do it".into() }],
        allowed: vec![Allowed {
            finding: finding("NI101", Severity::Deny, "spec", None, image.clone()),
            reason: "the vendor".into(),
            place: image.clone(),
            in_source: true,
        }],
        known: vec![finding("NI102", Severity::Deny, "spec", None, image.clone())],
        gone: vec!["NI101 Pod shop/c".into()],
        problems: vec![Problem {
            severity: Severity::Deny,
            place: image.clone(),
            what: "expired".into(),
            help: String::new(),
        }],
        subjects: vec![
            Subject { object: object.clone(), place: whole.clone() },
            Subject {
                object: ObjectRef { name: "b".into(), ..object },
                place: Place::new(&source, text.len() - 10..text.len()),
            },
        ],
        sources: vec![source, stdin],
        forgotten: 0,
        objects: 2,
        policies: vec!["private-images".into()],
        unjudged: BTreeMap::from([("ConfigMap".into(), 2)]),
        skipped: vec![Skipped {
            name: "deploy/values.yaml".into(),
            why: "the values of a chart".into(),
            could_matter: false,
        }],
    }
}

fn context() -> Context {
    let rule = RuleInfo {
        id: "NI101".into(),
        name: "public-registry".into(),
        policy: "private-images".into(),
        summary: "Rejects images.".into(),
        page: "Rejects images.\n\n## What it does\n".into(),
    };
    Context {
        rules: Rules::new([rule]),
        base: Base { here: "/src/shop".into(), root: "/src/shop".into() },
        colours: true,
        hyperlinks: false,
    }
}

fn printed(format: Format) -> String {
    let mut bytes = Vec::new();
    format.write(&report(), &context(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn json(format: Format) -> Value {
    serde_json::from_str(&printed(format)).unwrap()
}

fn assert_valid(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Whoever names an object or a file decides neither where a terminal's cursor is nor which way a line is read.
#[test]
fn no_form_holds_what_moves_a_cursor_or_turns_a_line() {
    let harm = "\u{202e}\u{1b}[2J\u{200b}\u{e0041}";
    let mut report = report();
    let source = Arc::new(Source::new(format!("a{harm}\n.yaml"), "kind: Pod\n"));
    let place = Place::new(&source, 0..4);
    for finding in &mut report.findings {
        finding.object.name.push_str(harm);
        finding.object.namespace.push_str(harm);
        finding.location = Location { path: format!("a{harm}"), place: place.clone() };
        finding.subject = place.clone();
        finding.value = Some(harm.to_owned());
        finding.what.push_str(harm);
    }
    let object = ObjectRef { name: harm.to_owned(), ..ObjectRef::default() };
    report.subjects.push(Subject { object, place: place.clone() });
    report.allowed[0].reason.push_str(harm);
    report.gone.push(harm.to_owned());
    report.problems[0].what.push_str(harm);
    report.notes[0].what.push_str(harm);
    let subject = harm.to_owned();
    report.not_evaluated.push(NotEvaluated { place: Some(place), subject, what: harm.into(), help: harm.into() });
    report.sources.push(source);
    let mut plain = Vec::new();
    Format::Human.write(&report, &Context { colours: false, ..context() }, &mut plain).unwrap();
    let plain = String::from_utf8(plain).unwrap();
    assert!(!plain.contains(|c| c != '\n' && isolation_report::is_harmful(c)), "{plain}");
    for format in [Format::Human, Format::Json, Format::Sarif, Format::Junit, Format::Github, Format::Markdown] {
        let mut bytes = Vec::new();
        format.write(&report, &context(), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        // The format for people has colours of its own.
        let text = text.replace("\u{1b}[0m", "").replace("\u{1b}[1m", "");
        let is_colour = |rest: &str| rest.starts_with("[38;") || rest.starts_with("[9") || rest.starts_with("[3");
        let harmful = text.char_indices().find(|(at, c)| {
            *c != '\n'
                && isolation_report::is_harmful(*c)
                && !(format == Format::Human && *c == '\u{1b}' && is_colour(&text[at + 1..]))
        });
        assert_eq!(harmful, None, "{format:?}: {text}");
        if format == Format::Junit {
            assert!(text.lines().all(|line| !line.starts_with(".yaml")), "{text}");
        }
    }
}

/// Every format as it is, in a file each; `BLESS=1` writes them.
#[test]
fn every_form_prints_what_is_written_down() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (format, file) in [
        (Format::Human, "human.txt"),
        (Format::Json, "report.json"),
        (Format::Sarif, "report.sarif"),
        (Format::Junit, "junit.xml"),
        (Format::Github, "github.txt"),
        (Format::Markdown, "report.md"),
    ] {
        is_as_written(&folder.join(file), &printed(format));
    }
    // The same without colours.
    let mut plain = Vec::new();
    Format::Human.write(&report(), &Context { colours: false, hyperlinks: true, ..context() }, &mut plain).unwrap();
    let coloured = printed(Format::Human);
    let mut pieces = coloured.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    let behind = pieces.map(|piece| piece.split_once('m').unwrap().1);
    assert_eq!(String::from_utf8(plain).unwrap(), behind.fold(first, |text, piece| text + piece));
    // A terminal that makes links, and a run that is too long to be read to its end.
    let mut linked = Vec::new();
    Format::Human.write(&report(), &Context { hyperlinks: true, ..context() }, &mut linked).unwrap();
    let linked = String::from_utf8(linked).unwrap();
    let page =
        "\u{1b}]8;;https://github.com/network-isolation-policies/policies/blob/v0.2.0/docs/rules/NI101.md\u{1b}\\";
    assert_eq!(linked.matches(page).count(), 2, "{linked:?}");
    is_as_written(&folder.join("human-links.txt"), &linked);
    let mut long = report();
    let findings = std::mem::take(&mut long.findings);
    long.findings = findings.iter().flat_map(|finding| std::iter::repeat_n(finding.clone(), 20)).collect();
    let mut text = Vec::new();
    Format::Human.write(&long, &context(), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let table = text.split_once("By rule").map(|(_, table)| format!("By rule{table}")).unwrap_or_default();
    is_as_written(&folder.join("human-by-rule.txt"), &table);
}

fn is_as_written(file: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), text, "{}: BLESS=1 writes it", file.display());
}

/// The folder of a package, which is fetched as the dependency of tests/FOLDER/Cargo.toml.
fn package(folder: &str, name: &str) -> PathBuf {
    let manifest = format!("{}/tests/{folder}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
    let arguments = ["metadata", "--format-version", "1", "--locked", "--manifest-path", &manifest];
    let out = Command::new(env!("CARGO")).args(arguments).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == name).unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

/// The schema of the standard.
fn sarif_schema() -> Value {
    let text = std::fs::read_to_string(package("sarif", "serde-sarif").join("src/schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    // Its pattern for languages has a bracket too many, which only some engines of regular expressions overlook.
    for part in ["run", "toolComponent"] {
        schema["definitions"][part]["properties"]["language"].as_object_mut().unwrap().remove("pattern").unwrap();
    }
    schema
}

#[test]
fn sarif_is_what_the_standard_defines() {
    let document = json(Format::Sarif);
    assert_valid(&sarif_schema(), &document);

    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    assert_eq!(results[4]["baselineState"], "unchanged");
    assert_eq!(results[5]["suppressions"][0]["justification"], "the vendor");
    assert_eq!(results[0]["ruleId"], "NI101");
    let physical = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"], json!({"uri": "deploy/a%20b.yaml", "uriBaseId": "%SRCROOT%"}));
    assert_eq!(physical["region"]["startLine"], 5);
    for result in results.iter().filter(|result| result["ruleId"].is_string()) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let rule = &run["tool"]["driver"]["rules"][0];
    assert!(rule["helpUri"].as_str().unwrap().ends_with("/docs/rules/NI101.md"), "{rule}");
    // The same in another container of the same object is another result.
    let fingerprint = |index: usize| results[index]["partialFingerprints"]["isolationIdentity/v1"].as_str().unwrap();
    let (first, second) = (fingerprint(0), fingerprint(1));
    assert_eq!(first.split(':').next(), second.split(':').next());
    assert_ne!(first, second);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let fix = &results[0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(fix["artifactLocation"], physical["artifactLocation"]);
    assert_eq!(fix["replacements"][0]["deletedRegion"], physical["region"]);
    assert_eq!(fix["replacements"][0]["insertedContent"], json!({"text": "b\n"}));
}

#[test]
fn a_schema_refuses_what_is_not_sarif() {
    let mut document = json(Format::Sarif);
    document["runs"][0]["results"][0]["level"] = json!("fatal");
    assert!(!jsonschema::is_valid(&sarif_schema(), &document));
}

#[test]
fn a_fingerprint_survives_another_line_and_another_file() {
    let mut moved = report();
    let source = Arc::new(Source::new("other.yaml", "\n\n\n# moved\nkind: Pod\n"));
    moved.findings[0].location.place = Place::new(&source, 5..8);
    moved.findings[0].location.path = "spec.containers[7].image".into();
    let of = |report: &Report| {
        let document = isolation_report::sarif::document(report, &context());
        document["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert_eq!(of(&moved), of(&report()));
    moved.findings[0].value = Some("other".into());
    assert_ne!(of(&moved), of(&report()));
    // With what it is a part of, wherever that stands in its list.
    let part_of = |path: &str, value: &str| {
        let mut report = report();
        report.findings[0].part = vec![(path.into(), value.into())];
        of(&report)
    };
    assert_eq!(part_of("spec.volumes[0]", "1"), part_of("spec.volumes[1]", "1"));
    assert_ne!(part_of("spec.volumes[0]", "1"), part_of("spec.volumes[0]", "2"));
    assert_ne!(part_of("spec.tag", "1"), part_of("spec.chart", "1"));
    assert_ne!(part_of("spec.tag", "1"), of(&report()));
}

#[test]
fn json_is_what_its_schema_says() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/report.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let document = json(Format::Json);
    assert_valid(&schema, &document);
    assert_eq!(schema["$id"], document["$schema"]);
    let mut more = document;
    more["findings"][0]["colour"] = json!("red");
    assert!(!jsonschema::is_valid(&schema, &more), "a key that is not described is found");
}

/// What xmllint says of a text by Jenkins' schema, which GitLab and Azure DevOps follow; none if it is not installed.
fn by_jenkins_schema(text: &str) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("junit.xml");
    std::fs::write(&file, text).unwrap();
    let schema = package("junit", "junit-report").join("tests/JUnit.xsd");
    let output = Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&file).output();
    if output.is_err() {
        let insisted = std::env::var_os("REQUIRE_ENGINES").is_some_and(|value| value == "1");
        assert!(!insisted, "there is no xmllint: apt-get install libxml2-utils");
        eprintln!("skipped: there is no xmllint (apt-get install libxml2-utils)");
    }
    output.ok()
}

#[test]
fn junit_is_what_jenkins_defines() {
    let text = printed(Format::Junit);
    let Some(output) = by_jenkins_schema(&text) else { return };
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    // A report without anything, and one with only good news.
    for report in [Report::default(), Report { findings: vec![], problems: vec![], not_evaluated: vec![], ..report() }]
    {
        let mut bytes = Vec::new();
        Format::Junit.write(&report, &context(), &mut bytes).unwrap();
        let output = by_jenkins_schema(&String::from_utf8(bytes).unwrap()).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let wrong = text.replace("<testcase name=", "<testcase nom=");
    let output = by_jenkins_schema(&wrong).unwrap();
    assert!(!output.status.success(), "a schema that takes anything says nothing");
}

/// The elements of JUnit's XML that GitLab, Azure DevOps and Jenkins read: where each may stand, and what it must say.
const JUNIT: &[(&str, &str, &[&str])] = &[
    ("testsuites", "", &["tests", "failures", "errors"]),
    ("testsuite", "testsuites", &["name", "tests", "failures", "errors"]),
    ("testcase", "testsuite", &["name", "classname", "file"]),
    ("failure", "testcase", &["type", "message"]),
    ("error", "testcase", &["type", "message"]),
    ("system-out", "testcase", &[]),
];

/// The names of all members that a schema describes.
fn members(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(all) => {
            if let Some(Value::Object(properties)) = all.get("properties") {
                found.extend(properties.keys().cloned());
            }
            all.values().for_each(|schema| members(schema, found));
        }
        Value::Array(all) => all.iter().for_each(|schema| members(schema, found)),
        _ => {}
    }
}

#[test]
fn the_page_about_json_names_every_key() {
    let read = |name: &str| {
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap()
    };
    let page = read("docs/json.md");
    let mut keys = BTreeSet::new();
    members(&serde_json::from_str(&read("docs/schemas/report.schema.json")).unwrap(), &mut keys);
    let unnamed: Vec<_> = keys
        .iter()
        .filter(|key| ![format!("`{key}`"), format!(".{key}`")].iter().any(|name| page.contains(name)))
        .collect();
    assert!(keys.len() > 30 && unnamed.is_empty(), "docs/json.md does not name {unnamed:?}");
}

#[test]
fn junit_has_a_case_for_every_object_and_its_elements_stand_where_they_may() {
    let text = printed(Format::Junit);
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut open, mut seen) = (Vec::<String>::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap();
        let (start, empty) = match &event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
        let (_, parent, required) = JUNIT.iter().find(|(known, ..)| *known == name).unwrap();
        assert_eq!(open.last().map_or("", String::as_str), *parent, "{text}");
        let attribute = |key: &str| {
            let value = start
                .try_get_attribute(key)
                .unwrap()
                .map(|found| found.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned());
            value.unwrap_or_else(|| panic!("{name} has no {key}: {text}"))
        };
        required.iter().for_each(|key| drop(attribute(key)));
        match name.as_str() {
            "testsuites" => assert_eq!(["tests", "failures", "errors"].map(attribute), ["4", "2", "1"], "{text}"),
            "testcase" => seen.push((attribute("file"), attribute("name"))),
            _ => {}
        }
        if !empty {
            open.push(name);
        }
    }
    assert!(open.is_empty());
    let seen: Vec<_> = seen.iter().map(|(file, name)| (file.as_str(), name.as_str())).collect();
    let file = "deploy/a b.yaml";
    let stdin = "<stdin>";
    assert_eq!(seen, [(file, "Pod shop/a"), (file, "Pod shop/b"), (file, "exception on line 5"), (stdin, "line 1")]);
    // XML has no way to write this character.
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn an_annotation_of_github_is_one_line_whatever_a_manifest_holds() {
    let text = printed(Format::Github);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 4 + 1 + 1 + 1, "{text}");
    assert_eq!(
        lines[1].split("::").nth(1).unwrap(),
        "error file=deploy/a b.yaml,line=5,endLine=5,col=10,endColumn=14,title=NI101 public-registry"
    );
    assert!(lines[1].contains("%0A::error::@octocat"), "{}", lines[1]);
    assert!(lines[3].starts_with("::warning "));
    assert!(lines[5].starts_with("::error "));
    assert!(lines[6].starts_with("::notice "));
    assert!(!lines[7].starts_with("::"));
}

#[test]
fn a_row_of_markdown_is_one_line_and_the_table_has_an_end() {
    let text = printed(Format::Markdown);
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| **violation**")).collect();
    assert_eq!(rows.len(), 4, "{text}");
    assert!(rows[0].contains("[NI101 public-registry](https://") && !rows[0].contains("<script"), "{}", rows[0]);

    let mut long = report();
    long.findings = std::iter::repeat_n(long.findings[0].clone(), 1_000).collect();
    let mut bytes = Vec::new();
    Format::Markdown.write(&long, &context(), &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("more; see the log."), "{text}");
}
