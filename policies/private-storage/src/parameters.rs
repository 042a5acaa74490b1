//! The parameters of a class or volume, read as the drivers read them.
//!
//! The drivers lower-case every key (`strings.ToLower` in Go) and then read the parameters in random order. So
//! `NetworkEndpointType` is `networkEndpointType`, and of two keys that differ only in case either may win. Values are used
//! unchanged, including spaces.

use std::borrow::Cow;

use isolation::json::{Kind, in_order};
use isolation::{FieldRef, Findings, Value};

use crate::drivers::Driver;

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter<'d> {
    key: Cow<'d, str>,
    /// The value.
    pub value: Value<'d>,
    /// Its text; empty for `null`, as Go reads it.
    pub text: Cow<'d, str>,
    /// Whether it is a string. Any other type is reported once and not judged further.
    is_read: bool,
}

/// All parameters of a class or volume.
#[derive(Debug)]
pub struct Parameters<'d> {
    holder: Value<'d>,
    member: &'static str,
    list: Vec<Parameter<'d>>,
}

/// The keys that name the storage account. Azure Files knows only the first; Azure Blob reads both into one variable, in
/// random order.
pub const ACCOUNT_KEYS: [&str; 2] = ["storageAccount", "storageAccountName"];

/// Whether a protocol is NFS. The drivers know these words only in lower case; each driver refuses the words that only the
/// other knows.
pub fn is_nfs(protocol: &Parameter<'_>) -> bool {
    matches!(&*protocol.text, "nfs" | "aznfs" | "nfsv3")
}

/// The lower case of a letter in Go. Two letters outside ASCII have one inside: the Kelvin sign and the dotted I.
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
    /// The parameters that `holder` has under the key `member`. Reports what is not a string.
    pub fn read(findings: &mut Findings, holder: Value<'d>, member: &'static str) -> Self {
        let mut list: Vec<Parameter<'d>> = Vec::new();
        for (key, value) in findings.object(holder, member).into_iter().flat_map(|members| members.entries()) {
            let is_read = value.is_null() || findings.expect(value, Kind::String);
            list.push(Parameter { key, value, text: value.as_str().unwrap_or_default(), is_read });
        }
        Parameters { holder, member, list }
    }

    /// Each pair of adjacent parameters that are the same to a driver.
    pub fn collisions(&self) -> Vec<(&Parameter<'d>, &Parameter<'d>)> {
        let list = self.list.iter().enumerate();
        let sorted = in_order(list.map(|(at, parameter)| (folded(&parameter.key).collect::<String>(), at)).collect());
        let sorted: Vec<_> = sorted.into_iter().filter_map(|(_, at)| self.list.get(at)).collect();
        let mut pairs = Vec::new();
        for pair in sorted.windows(2) {
            if let [first, second] = *pair
                && first.is(&second.key)
            {
                pairs.push((first, second));
            }
        }
        pairs
    }

    /// Every parameter that a driver reads as `name`. If there are several, any of them may win.
    pub fn all<'p>(&'p self, name: &'p str) -> ParametersByName<'p, 'd> {
        ParametersByName { rest: self.list.iter(), name, empty_too: true }
    }

    /// The same without empty ones, which are absent to the drivers.
    pub fn given<'p>(&'p self, name: &'p str) -> ParametersByName<'p, 'd> {
        ParametersByName { rest: self.list.iter(), name, empty_too: false }
    }

    /// How many there are, of any name and type.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Whether `name` is not set, not even to something unreadable.
    pub fn lacks(&self, name: &str) -> bool {
        !self.list.iter().any(|parameter| parameter.is(name) && !(parameter.is_read && parameter.text.is_empty()))
    }

    /// The path of the parameter `name`, which is not set.
    pub fn missing(&self, name: &str) -> FieldRef<'d> {
        FieldRef::missing(self.holder, &[self.member, name])
    }

    /// Whether a volume with these parameters is mounted with NFS.
    pub fn is_nfs(&self) -> bool {
        self.all("protocol").next().is_some() && self.all("protocol").all(is_nfs)
    }

    /// Whether a class with these parameters creates NFS shares. Azure Files also accepts `fsType: nfs`, whatever the protocol
    /// is, and writes the protocol into the volume.
    pub fn makes_nfs(&self, driver: Driver) -> bool {
        let by_type = driver == Driver::File && self.all("fsType").next().is_some();
        self.is_nfs() || (by_type && self.all("fsType").all(|given| given.text == "nfs"))
    }

    /// The storage accounts that are named, under either key.
    pub fn accounts<'p>(&'p self) -> impl Iterator<Item = &'p Parameter<'d>> {
        ACCOUNT_KEYS.into_iter().flat_map(|key| self.given(key))
    }

    /// The storage account that is named.
    pub fn account(&self) -> Option<&Parameter<'d>> {
        self.accounts().next()
    }
}

/// The parameters of one name.
#[derive(Debug)]
pub struct ParametersByName<'p, 'd> {
    rest: std::slice::Iter<'p, Parameter<'d>>,
    name: &'p str,
    empty_too: bool,
}

impl<'p, 'd> Iterator for ParametersByName<'p, 'd> {
    type Item = &'p Parameter<'d>;

    // Every rule has such a loop; inlined, this body would be a tenth of the module.
    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let parameter = self.rest.next()?;
            if parameter.is_read && (self.empty_too || !parameter.text.is_empty()) && parameter.is(self.name) {
                return Some(parameter);
            }
        }
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
        assert_eq!(parameters.collisions().len(), 1);
    }
}
