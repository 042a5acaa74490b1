//! Rejects extensions with a missing or impossible type.
//!
//! ## Why it matters
//!
//! An extension without a type cannot be compared with a list. The next reader of a type might drop or fold a space, a
//! line break or a letter of another script: ` microsoft.dapr` would not be Dapr here, but would be in Azure.
//!
//! ## What it does
//!
//! Rejects an extension without a type, and a type that contains anything but ASCII letters and digits, `.`, `-` and
//! `_`.
//!
//! ## Fields
//!
//! Those of `unsupported-extension`. A Crossplane resource may have its type in either tree.
//!
//! ## Instead
//!
//! Write the type as Azure names it: `microsoft.azuremonitor.containers`.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Whether an extension of that type exists.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/cluster-extensions>

use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{FieldRef, Findings, Rule, Value};

use crate::list;

/// The rule.
pub const RULE: Rule = Rule { id: "NI403", name: "unreadable-type", since: "0.1.0" };

const FIX: &str = "Write the type as Azure names it, as in extensionType: microsoft.azuremonitor.containers";

/// Reports an impossible type, with the position of the bad character, which may look like any other letter.
pub fn report(named_type: Value<'_>, text: &str, findings: &mut Findings) {
    if is_placeholder(text) {
        return findings.deny(&RULE, named_type, PLACEHOLDER, FIX);
    }
    let what = match text.chars().position(|c| !list::may_hold(c)) {
        Some(at) => {
            let at = (at + 1).to_string();
            ["not the type of an extension: character ", &at, " is not one of a-z, A-Z, 0-9, . - _"].concat()
        }
        None => "an extension type cannot be empty".to_owned(),
    };
    findings.deny(&RULE, named_type, what, FIX);
}

/// Reports an `extension` without a type in any of `holders`.
pub fn report_missing(extension: Value<'_>, holders: &[&[&str]], findings: &mut Findings) {
    let mut keys = holders.first().copied().unwrap_or_default().to_vec();
    keys.push("extensionType");
    let what = "an extension without a type cannot be judged";
    findings.deny(&RULE, FieldRef::missing(extension, &keys), what, FIX);
}
