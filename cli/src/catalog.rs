//! Every policy: its module, its rules, its settings.

use isolation::Policy;
use isolation::policy::tables;
use isolation::rule::Page;
use isolation::settings::Setting;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A policy's module and its rules for custom resources, as they were when this program was built.
#[derive(Debug)]
pub struct Embedded {
    /// The policy's name.
    pub name: &'static str,
    /// The module.
    pub module: &'static [u8],
    /// The text of `custom-resources.yml`; empty where there is none.
    pub families: &'static str,
}

/// What is known of a policy natively. Verdicts come from the modules; this is for explaining them.
#[derive(Debug)]
pub struct Entry {
    /// The policy's name.
    pub name: &'static str,
    /// The pages of its rules.
    pub pages: &'static [Page],
    /// The tables of its settings.
    pub settings: fn() -> [&'static [Setting]; 2],
}

const fn entry<P: Policy>(pages: &'static [Page]) -> Entry {
    Entry { name: P::NAME, pages, settings: tables::<P> }
}

/// Every policy, in the order of their rules' ids.
pub const POLICIES: &[Entry] = &[
    entry::<private_images::PrivateImages>(private_images::PAGES),
    entry::<internal_load_balancers::InternalLoadBalancers>(internal_load_balancers::PAGES),
    entry::<private_storage::PrivateStorage>(private_storage::PAGES),
    entry::<supported_extensions::SupportedExtensions>(supported_extensions::PAGES),
];

/// The policy of this name.
pub fn policy(name: &str) -> Option<&'static Entry> {
    POLICIES.iter().find(|entry| entry.name == name)
}

/// The page of the rule with this id.
pub fn page(id: &str) -> Option<(&'static Entry, &'static Page)> {
    let mut pages = POLICIES.iter().flat_map(|entry| entry.pages.iter().map(move |page| (entry, page)));
    pages.find(|(_, page)| page.rule.id.eq_ignore_ascii_case(id) || page.rule.name.eq_ignore_ascii_case(id))
}

impl Entry {
    /// Whether the policy has a setting of this key.
    pub fn has_setting(&self, key: &str) -> bool {
        (self.settings)().iter().any(|table| table.iter().any(|setting| setting.key == key))
    }
}
