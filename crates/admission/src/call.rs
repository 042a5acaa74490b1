//! A call of a policy, in the form that its judge reads.

use isolation::Value;
use isolation::json::{Builder, Document, json};

use crate::request::Request;

/// What a policy is called with: a request and the policy's settings.
#[derive(Debug)]
pub struct Call<'c, 'i> {
    request: &'c Request<'i>,
    settings: &'c Settings,
}

impl<'c, 'i> Call<'c, 'i> {
    pub(crate) fn new(request: &'c Request<'i>, settings: &'c Settings) -> Self {
        Call { request, settings }
    }

    /// The text of `{"request": …, "settings": …}`, for a module.
    pub fn payload(&self) -> Vec<u8> {
        self.request.payload(&self.settings.text)
    }

    /// The request and the settings as what a policy reads from that text, for one that is linked in. `None` if only the text
    /// has it: of an object that nests as deep as readers go.
    pub fn trees(&self) -> Option<(Value<'_>, Value<'_>)> {
        Some((self.request.tree()?.root(), self.settings.tree.as_ref()?.root()))
    }
}

/// The settings of a policy, read once for all of its calls.
#[derive(Debug)]
pub struct Settings {
    text: String,
    tree: Option<Document<'static>>,
}

impl Settings {
    pub(crate) fn new(settings: &serde_json::Value) -> Self {
        let text = settings.to_string();
        let mut builder = Builder::new("");
        let is_read = json::fill(&text, &mut builder).is_ok();
        Settings { tree: is_read.then(|| builder.finish()), text }
    }
}
