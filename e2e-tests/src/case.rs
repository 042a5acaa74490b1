//! Case files: finding and reading them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

/// One case.
#[derive(Debug)]
pub struct Case {
    /// The file.
    pub file: PathBuf,
    /// The text of the file up to the line `expect:`.
    pub head: String,
    /// The text of the file from the line `expect:` on; empty in a case that was never blessed.
    pub expected: String,
    /// What the file says.
    pub input: Input,
}

/// The keys of a case file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Input {
    /// The policy's settings.
    pub settings: Value,
    /// The object of the request.
    pub object: Option<Value>,
    /// The object before an update.
    pub old_object: Option<Value>,
    /// The operation, where it is not CREATE, or UPDATE with an old object.
    pub operation: Option<String>,
    /// The subresource.
    pub sub_resource: Option<String>,
    /// The name of the user that asks.
    pub user: Option<String>,
    /// A whole request.
    pub request: Option<Value>,
    /// The text of a payload.
    pub payload: Option<String>,
    /// The ids of the rules whose pages show this case.
    pub shows: Vec<String>,
    /// Objects that answer look-ups.
    pub cluster: Vec<Value>,
    /// The ids of the rules that look at this object and have nothing to say.
    pub passes: Vec<String>,
    /// The answer. It is compared as text; here it is only known as a key.
    #[serde(rename = "expect")]
    _expect: Value,
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    ///
    /// A file that is no case, with its name.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(file, &text).with_context(|| format!("{} is not a case", file.display()))
    }

    fn parse(file: &Path, text: &str) -> Result<Self> {
        if !text.starts_with("# ") {
            bail!("it must begin with a comment that says why it exists");
        }
        let input: Input = yaml_serde::from_str(text)?;
        let given = [input.object.is_some(), input.request.is_some(), input.payload.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            bail!("`object`, `request` and `payload` exclude each other");
        }
        let at = text.find("\nexpect:").map_or(text.len(), |at| at + 1);
        let (head, expected) = text.split_at(at);
        if expected.lines().skip(1).any(|line| !line.is_empty() && !line.starts_with([' ', '-', '#'])) {
            bail!("`expect` must be the last key");
        }
        let mut head = head.to_owned();
        if !head.ends_with('\n') {
            head.push('\n');
        }
        Ok(Case { file: file.to_owned(), head, expected: expected.to_owned(), input })
    }

    /// Whether the case asks for the validation of its settings alone.
    pub fn is_about_settings(&self) -> bool {
        self.input.object.is_none()
            && self.input.request.is_none()
            && self.input.payload.is_none()
            && self.input.old_object.is_none()
    }

    /// The case's name: its policy and file, without ending.
    pub fn name(&self) -> String {
        let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
        let folder = self.file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        format!("{folder}/{stem}")
    }
}

/// The folder of all cases.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// The cases of a policy, in the order of their names.
///
/// # Errors
///
/// A folder that is not there, or a file in it that is not a case.
pub fn cases_of(policy: &str) -> Result<Vec<Case>> {
    let folder = root().join(policy);
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    if let Some(stranger) = files.iter().find(|file| file.extension().is_none_or(|ending| ending != "yaml")) {
        bail!("{} is not a case: cases end in .yaml", stranger.display());
    }
    files.iter().map(|file| Case::read(file)).collect()
}
