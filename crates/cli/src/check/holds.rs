//! Whether a file that need not be a manifest holds an object: one in a chart's folder, or data of a kustomization.

use std::io::Read as _;
use std::path::Path;

use isolation_azure::is_of_azure_text;
use isolation_manifest::{Format, Part, Problem, decode, parts, read_part, scalars};

/// The keys of a test of `isolation test`.
const TEST: [&str; 3] = ["cluster", "expect", "object"];

/// How many bytes of a file are read to see whether it begins as a test does: it may be as long as it likes.
const HEAD: u64 = 4096;

/// Whether a file is a test of `isolation.yaml`: one document with the keys of a test and no other, which kubectl refuses.
pub fn is_test(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let head = decode(head).0;
    if read.is_err() || !keys_of_lines(&head).first().is_some_and(|key| TEST.contains(key)) {
        return false;
    }
    let Ok(bytes) = std::fs::read(path) else { return false };
    let document = isolation_manifest::value(&decode(bytes).0);
    let Ok(Some(document)) = document else { return false };
    let root = document.root();
    root.get("object").is_some() && root.entries().all(|(key, _)| TEST.contains(&key.as_ref()))
}

/// Whether there is an object in a file. What cannot be read may be one.
pub fn holds_object(path: &Path) -> bool {
    let Ok(bytes) = std::fs::read(path) else { return true };
    let (text, _) = decode(bytes);
    is_of_azure_text(&text) || parts(&text).iter().any(|part| is_object(&text, part))
}

fn is_object(text: &str, part: &Result<Part, Problem>) -> bool {
    let part = match part {
        Ok(part) => part,
        Err(problem) => {
            let rest = text.get(problem.span.start..).unwrap_or_default();
            return looks_like_object(rest.split("\n---").next().unwrap_or_default());
        }
    };
    let mut found = Vec::new();
    read_part(text, part, &mut found);
    let written = text.get(part.span.clone()).unwrap_or_default();
    found.iter().any(|found| match found {
        // Values of a chart may have `apiVersion` and `kind`. An object has metadata, too.
        Ok(object) => object.value().get("metadata").is_some(),
        // kubectl reads much that is refused here, such as a key that is given twice.
        Err(problem) => looks_like_object(written) && !is_template(written, part, problem),
    })
}

/// What ends a line to kubectl.
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// Whether the outermost keys of a document are those of an object or of a list of them, as far as that can be said of what
/// cannot be read.
fn looks_like_object(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let keys = if text.trim_start().starts_with('{') { keys_in_braces(text) } else { keys_of_lines(text) };
    let has = |key: &str| keys.contains(&key);
    has("apiVersion") && has("kind") && (has("metadata") || has("items"))
}

/// The key that this text ends with, without what may precede it: `? `, a tag or an anchor.
fn key(text: &str) -> Option<&str> {
    text.split_whitespace().next_back().map(|key| key.trim_matches(['"', '\'']))
}

/// The keys of lines that are indented as the first one is.
fn keys_of_lines(text: &str) -> Vec<&str> {
    let mut lines =
        text.split(BREAKS).filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '%']));
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first = lines.clone().next().map_or(0, indent);
    lines.by_ref().filter(|line| indent(line) == first).filter_map(|line| key(line.split(':').next()?)).collect()
}

/// The keys of the outermost braces.
fn keys_in_braces(text: &str) -> Vec<&str> {
    let (mut keys, mut depth, mut start, mut quote, mut before) = (Vec::new(), 0_usize, 0, None, ' ');
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some('"'), _) if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if before.is_whitespace() || matches!(before, '{' | '[' | ',' | ':') => quote = Some(c),
            (None, '{' | '[') => (depth, start) = (depth + 1, at + 1),
            (None, '}' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 1 => start = at + 1,
            (None, ':') if depth == 1 => {
                keys.extend(text.get(start..at).and_then(key));
                start = at;
            }
            _ => {}
        }
        before = c;
    }
    keys
}

/// Whether a document cannot be read because of what a template engine would replace: kubectl reads it no more than we do.
fn is_template(written: &str, part: &Part, problem: &Problem) -> bool {
    let at = problem.span.start.saturating_sub(part.span.start);
    let before = written.get(..at).unwrap_or_default();
    let start = before.rfind(BREAKS).map_or(0, |end| before.ceil_char_boundary(end + 1));
    // The braces may begin right before what is wrong.
    let line = written.get(start..).unwrap_or_default().split(BREAKS).next();
    let Some(line) = line.filter(|_| part.format == Format::Yaml) else { return false };
    let mut openings =
        ["{{", "{%"].iter().flat_map(|opening| line.match_indices(opening)).map(|(found, _)| start + found);
    let data = scalars(written);
    openings.any(|opening| opening <= at && !data.iter().any(|scalar| scalar.contains(&opening)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, text).unwrap();
        holds_object(&file)
    }

    const HEAD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";

    #[test]
    fn what_kubectl_may_read_is_an_object() {
        for text in [
            format!("{HEAD}spec:\n  a: 1\n  a: 2\n"),
            format!("{HEAD}...\n# end\nfoo: bar\n"),
            format!("--- # {{{{\n{HEAD}a: \"{{{{ .Values.a }}}}\"\na: 2\n"),
            format!("{HEAD}a: {{b: \"{{{{\", b: 1}}\n"),
            format!("\n  {}a: 1\n  a: 2\n", HEAD.replace('\n', "\n  ")),
            format!("a: b\n---\n{HEAD}a: [\n"),
            format!("{HEAD}a: 1\na: 2\n").replace('\n', "\r\n"),
            format!("# {{{{\n{HEAD}a: 1\na: 2\n").replace('\n', "\r"),
            "apiVersion: v1\nkind: List\nitems:\n- a: 1\n  a: 2\n".to_owned(),
            "{apiVersion: v1, \"kind\": Pod, metadata: {name: \"{a\"}, a: 1, a: 2}".to_owned(),
            r#"{"a": "\"{", "apiVersion": "v1", "kind": "Pod", "metadata": {"a": [1], "a": "{{"}}"#.to_owned(),
            "\"apiVersion\": v1\n? kind\n: Pod\n&a metadata : {a: 1, a: 2}\n".to_owned(),
        ] {
            assert!(holds(&text), "{text}");
        }
    }

    #[test]
    fn what_a_chart_may_hold_is_none() {
        for text in [
            "",
            "# nothing\n",
            "apiVersion: v2\nname: a\nversion: 1\nname: b\n",
            "extra:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\na: 1\na: 2\n",
            "kind: Pod\napiVersion: v1\na: 1\na: 2\n",
            r#"{"extra": {"apiVersion": "v1", "kind": "Pod", "metadata": {}}, "a": 1, "a": 2}"#,
            r#"[{"apiVersion": "v1", "kind": "Pod", "metadata": {}}]"#,
            r#"{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {}}"#,
            "apiVersion: v1\nkind: A\nmetadata: {name: {{ .Values.a }}}\n",
            "{{- if .Values.a }}\napiVersion: v1\nkind: A\nmetadata:\n  name: a\n{{- end }}\n",
            "apiVersion: v1\nkind: A\nmetadata:\n  {{- toYaml .a | indent 2 }}\n",
            "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  {{ .b }}: a\n",
            "apiVersion: v1\nkind: A\nmetadata:\n  name: {{ template \"a\" . }}\n",
            "apiVersion: v1\nkind: A\nmetadata:\n  {% if a %}\n  name: a\n  {% endif %}\n",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn a_test_has_the_keys_of_one_and_no_others() {
        let is = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("a.yaml");
            std::fs::write(&file, text).unwrap();
            is_test(&file)
        };
        let object = "object:\n  apiVersion: v1\n  kind: Pod\n";
        assert!(is(&format!("# why\n{object}expect:\n  accepted: true\n")));
        assert!(is(&format!("cluster: []\n{object}")) && is(object));
        for text in [
            "",
            "expect: {accepted: true}\n",
            // kubectl applies what is behind it, or takes it for an object.
            &format!("{object}---\n{HEAD}"),
            &format!("{object}apiVersion: v1\nkind: A\nmetadata: {{name: a}}\n"),
            &format!("{object}a: 1\n"),
            &format!("{object}object: 1\n"),
            HEAD,
        ] {
            assert!(!is(text), "{text}");
        }
    }

    #[test]
    fn what_azure_deploys_counts() {
        let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
        assert!(holds(&format!(r#"{{"$schema": "{schema}", "resources": []}}"#)));
        assert!(holds(r#"{"id": "/a", "type": "Microsoft.ContainerService/managedClusters"}"#));
        assert!(holds(r#"{"format_version": "1.2", "resource_changes": []}"#));
    }
}
