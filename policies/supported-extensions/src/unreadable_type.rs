//! Rejects extensions that do not say their type, or say what cannot be one.
//!
//! ## What it does
//!
//! Rejects an extension without a type, and a type that holds anything but letters and digits of ASCII, `.`, `-` and `_`.
//!
//! ## Why it matters
//!
//! An extension without a type cannot be compared with a list. A blank, a line break or a letter of another script might
//! be dropped or folded by what reads the type next, so that ` microsoft.dapr` would be no Dapr here and Dapr in Azure.
//!
//! ## Fields
//!
//! The same as `unsupported-extension`. A Crossplane resource may have its type in either tree.
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
use isolation::{Findings, Rule, Spot, Value};

use crate::list;

/// The rule.
pub const RULE: Rule = Rule { id: "NI403", name: "unreadable-type", since: "0.1.0" };

const FIX: &str = "Write the type as Azure names it, as in extensionType: microsoft.azuremonitor.containers";

/// Reports a type that cannot be one, with the position of what makes it so: it may look like any other letter.
pub fn report(named_type: Value<'_>, text: &str, findings: &mut Findings) {
    if is_placeholder(text) {
        return findings.deny(&RULE, named_type, PLACEHOLDER, FIX);
    }
    let what = match text.chars().position(|c| !list::may_hold(c)) {
        Some(at) => {
            let at = (at + 1).to_string();
            ["not the type of an extension: character ", &at, " is none of a-z, A-Z, 0-9 and . - _"].concat()
        }
        None => "an empty text is not the type of an extension".to_owned(),
    };
    findings.deny(&RULE, named_type, what, FIX);
}

/// Reports that `extension` names its type below none of `holders`.
pub fn report_missing(extension: Value<'_>, holders: &[&[&str]], findings: &mut Findings) {
    let mut keys = holders.first().copied().unwrap_or_default().to_vec();
    keys.push("extensionType");
    let what = "an extension that does not say its type cannot be judged";
    findings.deny(&RULE, Spot::missing(extension, &keys), what, FIX);
}
