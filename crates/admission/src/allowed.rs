//! What a run lets pass because somebody has allowed it: the exceptions of `isolation.yaml`, of comments and of annotations, and
//! what has to be known before one of them is called useless.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use isolation_all_policies::pages;
use isolation_report::{Circumstances, Exception, NaiveDate, Problem, RuleInfo, Rules, exceptions_in_comments};

use crate::configuration::{Configuration, ConfigurationError};
use crate::exceptions::in_annotations;
use crate::input::Input;

/// Every rule of the linked policies, with its page.
pub fn rules() -> Rules {
    Rules::new(pages().map(|(entry, page)| RuleInfo {
        id: page.rule.id.to_owned(),
        name: page.rule.name.to_owned(),
        policy: entry.map_or("", |entry| entry.name).to_owned(),
        summary: page.summary(),
        page: page.text(),
    }))
}

/// The exceptions in manifests: in comments and in objects' annotations, and what of them cannot be read.
#[derive(Debug, Default)]
pub struct InManifests {
    pub(crate) comments: (Vec<Exception>, Vec<Problem>),
    pub(crate) annotations: (Vec<Exception>, Vec<Problem>),
}

impl InManifests {
    /// Adds those of an input.
    pub fn add(&mut self, input: &Input) {
        let rules = read_once();
        let comments = input
            .sources
            .iter()
            .map(|source| exceptions_in_comments(source, rules, &|| isolation_manifest::scalars(&source.text)));
        comments.for_each(|more| extend(&mut self.comments, more));
        let annotations = input.items.iter().map(|item| in_annotations(item, rules));
        annotations.for_each(|more| extend(&mut self.annotations, more));
    }

    /// All exceptions, those of the configuration first, and what of the others cannot be read.
    ///
    /// # Errors
    ///
    /// An exception of the configuration that cannot be read.
    pub fn with(self, configuration: &Configuration) -> Result<(Vec<Exception>, Vec<Problem>), ConfigurationError> {
        let mut all = (configuration.exceptions(read_once())?, Vec::new());
        extend(&mut all, self.comments);
        extend(&mut all, self.annotations);
        Ok(all)
    }
}

fn extend(all: &mut (Vec<Exception>, Vec<Problem>), more: (Vec<Exception>, Vec<Problem>)) {
    all.0.extend(more.0);
    all.1.extend(more.1);
}

/// The rules. The page judges with every key that is pressed.
pub(crate) fn read_once() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(rules)
}

/// What there is to know of a run on this day in which these modules were asked, and those of `idle` had nothing to judge.
pub fn circumstances(
    namespace: &str,
    partial: bool,
    judged: &BTreeSet<&str>,
    idle: &BTreeSet<&str>,
    today: NaiveDate,
) -> Circumstances {
    let rules = |is_of: &dyn Fn(&str) -> bool| {
        let pages = pages().filter(|(entry, _)| is_of(entry.map_or("", |entry| entry.name)));
        pages.map(|(_, page)| page.rule.id.to_owned()).collect()
    };
    Circumstances {
        today,
        namespace: namespace.to_owned(),
        partial,
        deployed: false,
        judged: rules(&|policy| policy.is_empty() || judged.contains(policy)),
        idle: rules(&|policy| idle.contains(policy)),
    }
}
