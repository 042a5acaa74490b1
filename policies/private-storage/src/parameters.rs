//! The parameters of a class or volume, read as the drivers read them.
//!
//! The drivers lower-case every key (`strings.ToLower` in Go) and then go through the parameters in no order at all. So
//! `NetworkEndpointType` is `networkEndpointType`, and of two keys that differ only in case either may win. Values are
//! taken as they are, blanks included.

use std::borrow::Cow;

use isolation::json::Kind;
use isolation::{Findings, Spot, Value};

use crate::colliding_parameters;

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter<'d> {
    key: Cow<'d, str>,
    /// Where it stands.
    pub value: Value<'d>,
    /// What it says; empty for `null`, as Go reads it.
    pub text: Cow<'d, str>,
    /// Whether it is a string at all. What is not is reported once and judged no further.
    is_read: bool,
}

/// All parameters of a class or volume.
#[derive(Debug)]
pub struct Parameters<'d> {
    holder: Value<'d>,
    member: &'static str,
    list: Vec<Parameter<'d>>,
}

/// The lower case of a letter as Go has it. Two letters outside ASCII have one inside: the Kelvin sign and the dotted I.
fn lower(letter: char) -> char {
    match letter {
        '\u{212A}' => 'k',
        '\u{130}' => 'i',
        letter => letter.to_ascii_lowercase(),
    }
}

fn folded(key: &str) -> impl Iterator<Item = char> + '_ {
    key.chars().map(lower)
}

impl<'d> Parameters<'d> {
    /// The parameters that `holder` has under the key `member`. Reports what is not a string, and keys that collide.
    pub fn read(findings: &mut Findings, holder: Value<'d>, member: &'static str) -> Self {
        let mut list = Vec::new();
        for (key, value) in findings.object(holder, member).into_iter().flat_map(|members| members.entries()) {
            let is_read = value.is_null() || findings.expect(value, Kind::String);
            list.push(Parameter { key, value, text: value.as_str().unwrap_or_default(), is_read });
        }
        let mut order: Vec<&Parameter<'d>> = list.iter().collect();
        order.sort_unstable_by(|a, b| folded(&a.key).cmp(folded(&b.key)).then_with(|| a.key.cmp(&b.key)));
        for pair in order.windows(2) {
            if let [first, second] = pair
                && folded(&first.key).eq(folded(&second.key))
            {
                colliding_parameters::report(first, second, findings);
            }
        }
        Parameters { holder, member, list }
    }

    /// Every parameter that a driver takes for `name`. Where there is more than one, any of them may be the one that counts.
    pub fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Parameter<'d>> + 'p {
        self.list.iter().filter(move |parameter| parameter.is_read && parameter.is(name))
    }

    /// The same without those that are empty, which the drivers take for absent.
    pub fn given<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Parameter<'d>> + 'p {
        self.all(name).filter(|parameter| !parameter.text.is_empty())
    }

    /// Whether nothing is said of `name`, not even something that cannot be read.
    pub fn lacks(&self, name: &str) -> bool {
        !self.list.iter().any(|parameter| parameter.is(name) && !(parameter.is_read && parameter.text.is_empty()))
    }

    /// Where the parameter `name` would stand.
    pub fn missing(&self, name: &str) -> Spot<'d> {
        Spot::missing(self.holder, &[self.member, name])
    }

    /// Whether the volumes are mounted with NFS. The drivers know these words in lower case only; either driver refuses
    /// the words that only the other one knows.
    pub fn is_nfs(&self) -> bool {
        let is_nfs = |parameter: &Parameter<'_>| matches!(&*parameter.text, "nfs" | "aznfs" | "nfsv3");
        self.all("protocol").next().is_some() && self.all("protocol").all(is_nfs)
    }

    /// The storage account that is named.
    pub fn account(&self) -> Option<&Parameter<'d>> {
        self.given("storageAccount").next()
    }
}

impl Parameter<'_> {
    fn is(&self, name: &str) -> bool {
        folded(&self.key).eq(folded(name))
    }

    /// The key as it is written.
    pub fn key(&self) -> &str {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isolation::Document;

    #[test]
    fn keys_are_read_in_any_case_as_go_lowers_them() {
        let text =
            br#"{"parameters": {"NETWORKendpointtype": "a", "networ\u212Aendpo\u0130nttype": "b", "server ": "c"}}"#;
        let document = Document::read(text).unwrap();
        let mut findings = Findings::new(document.root());
        let parameters = Parameters::read(&mut findings, document.root(), "parameters");
        let seen: Vec<_> = parameters.all("networkEndpointType").map(|parameter| &*parameter.text).collect();
        assert_eq!(seen, ["a", "b"]);
        assert_eq!(parameters.all("server").count(), 0);
        assert_eq!(findings.denials(), 1);
    }
}
