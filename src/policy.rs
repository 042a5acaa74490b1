//! What a policy is, and how a call becomes an answer.

use crate::allowed_violations::{self, ALLOWED_VIOLATIONS};
use crate::cluster::{CachedCluster, Cluster};
use crate::finding::Findings;
use crate::json::{Document, Value};
use crate::request::{Operation, Request};
use crate::rule::Rule;
use crate::settings::{ENFORCEMENT, EXISTING, Reader, Setting, SettingsProblem, in_one_line};
use crate::verdict::Answer;

/// A policy: its settings, its rules, and how it judges.
pub trait Policy {
    /// The settings, read and checked.
    type Settings<'d>;

    /// The policy's name, which is the name of its module: `private-images`.
    const NAME: &'static str;

    /// Every rule of the policy.
    const RULES: &'static [&'static Rule];

    /// The settings that there are besides those of every policy.
    const SETTINGS: &'static [Setting];

    /// Reads the settings. Problems beyond the table's types go into the reader; what is returned beside a problem is not
    /// used.
    fn settings<'d>(reader: &mut Reader<'d>) -> Self::Settings<'d>;

    /// Judges `object`, which is the request's new object, or its old one where an update is compared with what was.
    /// Objects of kinds that the policy does not know are left alone.
    fn judge(
        request: &Request<'_>,
        object: Value<'_>,
        settings: &Self::Settings<'_>,
        cluster: &dyn Cluster,
        findings: &mut Findings,
    );

    /// Whether the policy may ask the cluster. The module of one that does not has no code for it, and engines that look
    /// for the capability do not find it.
    const LOOKS_UP: bool = false;

    /// Whether a deletion is judged too. Nearly always not.
    const JUDGES_DELETE: bool = false;
}

/// The settings of every policy.
const COMMON: &[Setting] = &[ENFORCEMENT, EXISTING, ALLOWED_VIOLATIONS];

/// The tables of all settings of a policy.
pub fn tables<P: Policy>() -> [&'static [Setting]; 2] {
    [P::SETTINGS, COMMON]
}

/// Answers the operation `validate`: the payload is `{"request": …, "settings": …}`.
pub fn validate<P: Policy>(payload: &[u8], cluster: &dyn Cluster) -> Answer {
    let document = match Document::read(payload) {
        Ok(document) => document,
        Err(unreadable) => return Answer::unreadable(&unreadable.to_string()),
    };
    let root = document.root();
    let Some(request) = root.field("request") else {
        return Answer::unreadable("the key `request` is missing");
    };
    match Request::read(request) {
        Ok(request) => judge::<P>(&request, root.get("settings"), cluster),
        Err(unread) => Answer::unreadable(&unread),
    }
}

/// The same for a request and settings that were read before, perhaps for several policies.
pub fn validate_tree<P: Policy>(request: Value<'_>, settings: Value<'_>, cluster: &dyn Cluster) -> Answer {
    match Request::read(request) {
        Ok(request) => judge::<P>(&request, Some(settings), cluster),
        Err(unread) => Answer::unreadable(&unread),
    }
}

/// Judges a request that was read.
pub fn judge<P: Policy>(request: &Request<'_>, settings: Option<Value<'_>>, cluster: &dyn Cluster) -> Answer {
    let object = match (request.operation, request.object, request.old_object) {
        // A connection changes no object.
        (Operation::Connect, ..) => return Answer::accepted(),
        (Operation::Delete, _, Some(old)) if P::JUDGES_DELETE => old,
        (Operation::Delete, ..) => return Answer::accepted(),
        (_, Some(object), _) => object,
        (_, None, _) => return Answer::unreadable("`request.object` is missing"),
    };
    let mut reader = Reader::new(settings, &tables::<P>());
    let enforce = reader.is("enforcement", "deny");
    let allows_existing = request.is_update() && reader.is("existing", "allow");
    let settings = P::settings(&mut reader);
    let exceptions = allowed_violations::read(&mut reader, P::RULES, Some(request));
    if let Err(problems) = reader.finish() {
        return Answer::misconfigured(&problems);
    }
    let cluster = &CachedCluster::new(cluster);
    let mut findings = Findings::new(object).with_exceptions(&exceptions);
    P::judge(request, object, &settings, cluster, &mut findings);
    if let Some(old) = request.old_object
        && findings.denials() > 0
        && (allows_existing || request.leaves_what_was_there())
    {
        let mut before = Findings::comparable(old).with_exceptions(&exceptions);
        P::judge(request, old, &settings, cluster, &mut before);
        findings = Findings::since(object, before).with_exceptions(&exceptions);
        P::judge(request, object, &settings, cluster, &mut findings);
    }
    if !enforce {
        findings.downgrade_to_warnings();
    }
    findings.sort();
    Answer::judged(request, findings)
}

/// Answers the operation `validate_settings`: the payload is the settings object itself.
///
/// # Errors
///
/// Every problem of the settings, one sentence each, in one line.
pub fn validate_settings<P: Policy>(payload: &[u8]) -> Result<(), String> {
    in_one_line(&settings_problems::<P>(payload))
}

/// What is wrong with settings, one by one; the payload is the settings object itself.
pub fn settings_problems<P: Policy>(payload: &[u8]) -> Vec<SettingsProblem> {
    let document;
    let settings = if payload.iter().all(u8::is_ascii_whitespace) {
        None
    } else {
        document = match Document::read(payload) {
            Ok(document) => document,
            Err(unreadable) => {
                return vec![SettingsProblem { path: "settings".to_owned(), what: unreadable.to_string() }];
            }
        };
        Some(document.root())
    };
    let mut reader = Reader::new(settings, &tables::<P>());
    P::settings(&mut reader);
    allowed_violations::read(&mut reader, P::RULES, None);
    reader.problems()
}
