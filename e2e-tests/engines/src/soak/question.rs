//! What is asked, and what must be answered.

use std::path::Path;

use anyhow::{Context, Result, bail};
use isolation_cases::{Case, cases_of};
use serde_json::{Value, json};

use crate::compare::{verdict, why_skipped};
use crate::export::{id, policies};
use crate::http::Client;

/// The most that policy-server reads of a request, the limit of its web framework. It answers 413 to more.
const LARGEST: usize = 2 << 20;
/// What a padded request has around its padding, and more.
const AROUND: usize = 128;
/// Stands in a text where each request has its own.
const UID: &str = "00000000-soak-soak-soak-000000000000";

/// A text with the request's uid in it.
#[derive(Debug)]
struct Template {
    before: String,
    after: String,
}

impl Template {
    fn new(text: &str) -> Option<Self> {
        let (before, after) = text.split_once(UID)?;
        Some(Template { before: before.to_owned(), after: after.to_owned() })
    }

    fn with(&self, uid: &str) -> String {
        [&self.before, uid, &self.after].concat()
    }
}

/// How a request is made as large as can be. No policy reads the field that grows.
#[derive(Clone, Copy, Debug)]
pub enum Padding {
    /// One long text.
    Text,
    /// As many objects as there is room for.
    Objects,
}

/// The request of a case, whose answer is known.
#[derive(Debug)]
pub struct Question {
    url: String,
    review: Value,
    body: Template,
    answer: Template,
}

impl Question {
    /// The requests of all cases that policy-server can be asked. Each is asked once, and must be answered as the case expects.
    pub fn all(folder: &Path, server: &str) -> Result<Vec<Self>> {
        let client = Client::new();
        let mut questions = Vec::new();
        for policy in policies()? {
            for case in cases_of(&policy)? {
                if !case.is_about_settings() && why_skipped(folder, &case, "policy-server")?.is_none() {
                    let question = Self::ask(folder, server, &case, &client).with_context(|| case.name())?;
                    questions.push(question);
                }
            }
        }
        if questions.is_empty() {
            bail!("{} has no cases", folder.display());
        }
        Ok(questions)
    }

    fn ask(folder: &Path, server: &str, case: &Case, client: &Client) -> Result<Self> {
        let text = std::fs::read(folder.join(case.name()).join("review.json")).context("it was not exported")?;
        let mut review: Value = serde_json::from_slice(&text)?;
        *review.pointer_mut("/request/uid").context("the request has no uid")? = json!(UID);
        let text = review.to_string();
        let url = format!("{server}/validate/{}", id(case));
        let (status, answer) = client.post(&url, text.as_bytes())?;
        let answer = String::from_utf8(answer)?;
        if status != 200 {
            bail!("status {status}: {answer}");
        }
        let found = verdict(case, serde_json::from_str(&answer)?)?;
        if found != case.expected {
            bail!("expected\n{}found\n{found}", case.expected);
        }
        let body = Template::new(&text).context("the request has no uid")?;
        let answer = Template::new(&answer).context("the answer does not have the request's uid")?;
        Ok(Question { url, review, body, answer })
    }

    /// Where it is asked.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The request.
    pub fn body(&self, uid: &str) -> String {
        self.body.with(uid)
    }

    /// The request as large as can be, unless it has no object that could grow.
    pub fn padded(&self, uid: &str, padding: Padding) -> Option<String> {
        let room = LARGEST.checked_sub(self.body.with(uid).len() + AROUND)?;
        let mut review = self.review.clone();
        *review.pointer_mut("/request/uid")? = json!(uid);
        let metadata = review.pointer_mut("/request/object/metadata")?.as_object_mut()?;
        if metadata.contains_key("managedFields") {
            return None;
        }
        let fields = match padding {
            Padding::Text => vec![json!({"manager": "m".repeat(room)})],
            Padding::Objects => {
                let one = json!({"manager": "kubectl", "operation": "Update", "fieldsV1": {"f:metadata": {}}});
                let count = room / (one.to_string().len() + 1);
                vec![one; count]
            }
        };
        metadata.insert("managedFields".to_owned(), Value::Array(fields));
        Some(review.to_string())
    }

    /// Whether this is the answer: the same bytes, or the same members in another order.
    pub fn is_answered_by(&self, uid: &str, answer: &[u8]) -> bool {
        let expected = self.answer.with(uid);
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
        answer == expected.as_bytes() || read(answer).is_some_and(|answer| Some(answer) == read(expected.as_bytes()))
    }
}
