//! Files in languages that others compile: what comes of them is judged, and they are not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use isolation_report::Note;

/// A language.
#[derive(Debug)]
struct Language {
    /// Endings of its files.
    endings: &'static [&'static str],
    /// What it is called.
    name: &'static str,
    /// How to get what is judged.
    help: &'static str,
    /// Endings of its files in JSON. Another file may have one, so they are read, and these are what is no manifest.
    in_json: &'static [&'static str],
    /// Whether what is made of a file stands beside it, with the ending `json`.
    is_built_beside: bool,
}

impl Language {
    /// Whether it is written in files of this name, in JSON.
    fn is_json(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.in_json.iter().any(|ending| name.ends_with(ending))
    }
}

const LANGUAGES: &[Language] = &[
    Language {
        endings: &["bicep"],
        name: "Bicep",
        in_json: &[],
        help: "Run az bicep build --file FILE and check the template that it writes",
        is_built_beside: true,
    },
    Language {
        endings: &["bicepparam"],
        name: "Bicep parameter",
        in_json: &[],
        help: "Run az bicep build-params --file FILE and check what it writes together with the template",
        is_built_beside: true,
    },
    Language {
        endings: &["tf", "tofu"],
        name: "Terraform",
        in_json: &[".tf.json", ".tofu.json", ".tfvars.json"],
        help: "Run terraform plan -out PLAN and terraform show -json PLAN > plan.json, and check plan.json",
        is_built_beside: false,
    },
];

fn language(path: &Path) -> Option<&'static Language> {
    let ending = path.extension()?.to_str()?;
    LANGUAGES.iter().find(|language| language.endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Whether a language is written in files of this name, in JSON: Terraform's, as CDKTF prints it.
/// <https://developer.hashicorp.com/terraform/language/syntax/json>
pub fn is_in_json(name: &str) -> bool {
    LANGUAGES.iter().any(|language| language.is_json(name))
}

/// Whether a file is written in one.
pub fn is_program(path: &Path) -> bool {
    language(path).is_some()
}

/// Why a file that somebody names is not read, where it is written in one.
pub fn why_not(path: &Path) -> Option<String> {
    let Language { name, help, .. } = language(path)?;
    Some(format!(
        "it is a {name} file, which is not read; {}",
        lower(&help.replace("FILE", &path.display().to_string()))
    ))
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// What is to be said of such files: one note for each language. What a template stands for that is built beside it is judged there, and
/// so are the modules below it.
pub fn notes(files: &[PathBuf]) -> Vec<Note> {
    let mut unread: BTreeMap<usize, Vec<&PathBuf>> = BTreeMap::new();
    for (at, language) in LANGUAGES.iter().enumerate() {
        let is_own = |file: &Path| self::language(file).is_some_and(|other| std::ptr::eq(other, language));
        let own = files.iter().filter(|file| is_own(file) || language.is_json(&file.to_string_lossy()));
        let (built, others): (Vec<_>, Vec<_>) =
            own.partition(|file| language.is_built_beside && file.with_extension("json").is_file());
        let is_below =
            |file: &&PathBuf| built.iter().filter_map(|built| built.parent()).any(|folder| file.starts_with(folder));
        unread.insert(at, others.into_iter().filter(|file| !is_below(file)).collect());
    }
    let note = |(at, files): (usize, Vec<&PathBuf>)| {
        let Language { name, help, .. } = LANGUAGES.get(at)?;
        // The others are mostly its modules.
        let main = files.iter().find(|file| file.file_stem().is_some_and(|stem| stem == "main"));
        let file = main.or(files.first())?.display().to_string();
        let what = match files.len() {
            1 => format!("a {name} file is not read: {file}"),
            number => format!("{number} {name} files are not read, such as {file}"),
        };
        Some(Note { place: None, what, help: help.replace("FILE", &file) })
    };
    unread.into_iter().filter_map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_note_tells_of_all_files_of_a_language() {
        let said = |files: &[&str]| {
            let files: Vec<_> = files.iter().map(PathBuf::from).collect();
            notes(&files).into_iter().map(|note| note.what).collect::<Vec<_>>()
        };
        assert_eq!(
            said(&["none/a.bicep", "none/main.bicep", "none/b.BICEP", "none/main.tf", "none/p.bicepparam"]),
            [
                "3 Bicep files are not read, such as none/main.bicep",
                "a Bicep parameter file is not read: none/p.bicepparam",
                "a Terraform file is not read: none/main.tf",
            ]
        );
        assert!(said(&["a.yaml", "bicep", "x.tfvars"]).is_empty());
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        std::fs::write(file("main.json"), "{}").unwrap();
        assert!(notes(&[file("main.bicep"), file("modules/net.bicep"), file("other.bicep")]).is_empty());
        assert_eq!(notes(&[file("main.tf")]).len(), 1);
        assert_eq!(
            said(&["none/cdk.tf.json", "none/main.TFVARS.json"]),
            ["2 Terraform files are not read, such as none/cdk.tf.json"]
        );
        assert!(is_in_json("a/cdk.tf.json") && !is_in_json("a/tf.json") && !is_program(Path::new("a/cdk.tf.json")));
        assert_eq!(
            why_not(Path::new("a/main.bicep")).as_deref(),
            Some(
                "it is a Bicep file, which is not read; run az bicep build --file a/main.bicep and check the template that it writes"
            )
        );
    }
}
