//! What the formats say about rules: their names, their pages, and where these can be read.

/// A rule as the formats need it. Who writes a report says which rules there are; a policy of somebody else has others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its id: `NI101`.
    pub id: String,
    /// Its name: `public-registry`.
    pub name: String,
    /// The policy that it belongs to; empty for what every policy has.
    pub policy: String,
    /// What it does, in one sentence.
    pub summary: String,
    /// Its page, in Markdown.
    pub page: String,
}

impl RuleInfo {
    /// Where the page of this version is on the web.
    pub fn url(&self) -> String {
        format!("{}/blob/v{}/docs/rules/{}.md", crate::REPOSITORY, crate::VERSION, self.id)
    }
}

/// All rules that are known.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<RuleInfo>);

impl Rules {
    /// These rules.
    pub fn new(rules: impl IntoIterator<Item = RuleInfo>) -> Self {
        Rules(rules.into_iter().collect())
    }

    /// The rule of this id.
    pub fn get(&self, id: &str) -> Option<&RuleInfo> {
        self.0.iter().find(|rule| rule.id == id)
    }

    /// The rule of this id or name, in any casing.
    pub fn find(&self, text: &str) -> Option<&RuleInfo> {
        self.0.iter().find(|rule| rule.id.eq_ignore_ascii_case(text) || rule.name.eq_ignore_ascii_case(text))
    }

    /// Ids and names, as one may write them.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|rule| [rule.id.as_str(), rule.name.as_str()])
    }
}
