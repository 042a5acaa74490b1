//! Texts that are templates and not manifests.

use crate::problem::Problem;

/// Words that a template of Helm's begins with inside of its braces, or holds: what other templates do not have.
const OF_HELM: &[&str] = &[".Values", ".Release", ".Chart", ".Capabilities", ".Files", "include ", "toYaml"];

/// Words that any template of Go begins with.
const OF_GO: &[&str] = &["if ", "range ", "with ", "define ", "template ", "end", "else"];

/// What cannot be read, of a text that begins at `start`, says of a template that it is one: nothing else that can be said of
/// it helps.
pub(crate) fn explain(text: &str, start: usize, problem: Problem) -> Problem {
    let begins = |inside: &str, word: &str| {
        inside.strip_prefix(word).is_some_and(|rest| word.ends_with(' ') || !rest.starts_with(char::is_alphanumeric))
    };
    let inside = || {
        let rests = text.split("{{").skip(1);
        rests.map(|rest| rest.split("}}").next().unwrap_or_default().trim_matches(['-', ' ']))
    };
    let of_helm = |inside: &str| {
        OF_HELM.iter().any(|word| begins(inside, word) || (word.starts_with('.') && inside.contains(word)))
    };
    let (kind, help) = if inside().any(of_helm) {
        ("a Helm template", "Check the chart: `isolation check CHART` renders it")
    } else if inside().any(|inside| OF_GO.iter().any(|word| begins(inside, word)))
        || is_bare(text, problem.span.start.saturating_sub(start))
    {
        let help = "Render it first (`isolation check CHART` renders a Helm chart), or put the text in quotes if a \
                    controller replaces it";
        ("a template", help)
    } else {
        return problem;
    };
    Problem {
        what: format!("this is {kind} that was not rendered ({})", problem.what),
        help: help.to_owned(),
        ..problem
    }
}

/// Whether an expression of Go or Jinja is a value in the line at this byte, without quotes. In YAML it is a mapping whose key is
/// a mapping, which nobody means.
fn is_bare(text: &str, at: usize) -> bool {
    let at = text.floor_char_boundary(at);
    let (before, behind) = text.split_at(at);
    let from = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(from..at + behind.find('\n').unwrap_or(behind.len())).unwrap_or_default();
    ["{{", "{%"].iter().flat_map(|open| line.match_indices(open)).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default().trim_end();
        before.is_empty() || before.ends_with([':', '-', '[', ','])
    })
}

#[cfg(test)]
mod tests {
    use crate::read;

    #[test]
    fn what_is_not_rendered_is_told_from_what_is_misspelt() {
        let said = |text: &str| match read(text).found.pop().unwrap() {
            Err(problem) => problem.what.split(" (").next().unwrap_or_default().to_owned(),
            Ok(_) => "read".to_owned(),
        };
        let (helm, other) =
            ("this is a Helm template that was not rendered", "this is a template that was not rendered");
        let head = "apiVersion: v1\nkind: A\nmetadata:\n  name: ";
        for (text, what) in [
            ("{{ .Values.name }}", helm),
            ("{{ include \"name\" . }}", helm),
            ("{{ .Name }}", other),
            ("{{ $name }}", other),
            ("{{- .Name }}", other),
            ("{{ .Name }}-{{ .Tag }}", other),
            ("{{inputs.name}}", other),
            ("{{%AKS-CLUSTER%}}", other),
            ("a\n{% if x %}\nspec: {}\n{% endif %}", other),
            ("a\n{{ .More | indent 2 }}", other),
            ("a\n  labels: [b, {{ .Label }}]", other),
            ("a\n  labels:\n  - {{ .Label }}", other),
            ("a\n---\n{\"a\": {{ .More }}}", other),
            ("\"{{ .Name }}\"", "read"),
            ("a-{{ .Name }}", "read"),
            ("a\n  name: \"{{ $labels.name }} {{ .Name }}\"", "the key \"name\" is given twice"),
            ("a\n  note: \"{{ endpoint }}\"\n  b: [", "not YAML: unclosed bracket '['"),
        ] {
            assert_eq!(said(&format!("{head}{text}\n")), what, "{text}");
        }
        assert_eq!(said("{\"a\": {{ .More }}}"), other);
        assert_eq!(said("\u{feff}# é\n---\nname: {{ .Name }}\n"), other);
        assert_eq!(said("kind: A\n---\nname: {{ .Name }}\n"), other);
    }
}
