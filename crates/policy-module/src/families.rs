//! `custom-resources.yml`: rules for kinds that not every cluster has, family by family.
//!
//! They are kept out of `metadata.yml` because the audit scanner marks a policy errored when a rule names a resource that
//! the cluster does not have.

use serde::{Deserialize, Serialize};

use crate::error::MetadataError;
use crate::metadata::Rule;
use crate::strict;

/// Custom resources that come into a cluster together.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Family {
    /// A short name in lower case: `argo`.
    pub family: String,
    /// What the family is called by its makers.
    pub title: String,
    /// The rules that it needs.
    pub rules: Vec<Rule>,
}

/// Reads a `custom-resources.yml`.
///
/// # Errors
///
/// A key that does not exist or is missing, a name that is given twice, a rule that could match nothing.
pub fn families(text: &str) -> Result<Vec<Family>, MetadataError> {
    let (families, mut problems) = strict::read::<Vec<Family>>(text)?;
    for (index, family) in families.iter().enumerate() {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if family.family.is_empty() || !family.family.bytes().all(plain) {
            problems.push(format!("[{index}].family: {:?} is not a lower-case name", family.family));
        }
        if families[..index].iter().any(|earlier| earlier.family == family.family) {
            problems.push(format!("[{index}].family: {} is listed twice", family.family));
        }
        if family.title.is_empty() || family.rules.is_empty() {
            problems.push(format!("[{index}]: a family has a title and rules"));
        }
        for (number, rule) in family.rules.iter().enumerate() {
            rule.check(&format!("[{index}].rules[{number}]"), &mut problems);
        }
    }
    if problems.is_empty() { Ok(families) } else { Err(MetadataError::Problems(problems)) }
}
