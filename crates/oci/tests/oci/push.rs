//! What a push does to a real registry.

use std::fs;

use crate::support::proxy::Proxy;
use crate::support::registry::{PASSWORD, Running, Setup, USER};
use crate::support::tls::Certificates;
use crate::support::{Notes, get, module, module_of, options, target};
use isolation_oci::{Credentials, Module, Options, Outcome, Silent, push};

#[test]
fn what_was_pushed_can_be_pulled_by_tag_and_by_digest() {
    let registry = Running::plain();
    let module = module_of("tiny", "0.1.0", 100_000);
    let notes = Notes::shared();
    let published = push(std::slice::from_ref(&module), &target(&registry.address), &options(), notes.clone()).unwrap();
    let published = &published[0];
    assert_eq!(published.by_tag(), format!("{}/policies/aks/tiny:v0.1.0", registry.address));
    assert_eq!(published.outcome(), &Outcome::New);
    assert_eq!(published.module_uri(), target(&registry.address).module_uri(&module), "known before it is there");
    assert_eq!(
        published.module_uri(),
        format!("registry://{}/policies/aks/tiny@{}", registry.address, published.digest())
    );

    let by_digest = get(&registry.address, &format!("/v2/policies/aks/tiny/manifests/{}", published.digest()));
    assert_eq!(by_digest, get(&registry.address, "/v2/policies/aks/tiny/manifests/v0.1.0"));
    let manifest: serde_json::Value = serde_json::from_slice(&by_digest.1).unwrap();
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v1+json");
    assert_eq!(manifest["layers"][0]["mediaType"], "application/vnd.wasm.content.layer.v1+wasm");
    assert_eq!(
        manifest["annotations"]["org.opencontainers.image.source"],
        "https://github.com/network-isolation-policies/policies"
    );
    assert_eq!(manifest["annotations"].get("io.kubewarden.policy.usage"), None);
    let layer = manifest["layers"][0]["digest"].as_str().unwrap();
    let (status, bytes) = get(&registry.address, &format!("/v2/policies/aks/tiny/blobs/{layer}"));
    assert!(status == 200 && bytes == *module.bytes(), "what comes back is not what was pushed");

    let sent = module.bytes().len() as u64 + 2;
    assert_eq!(*notes.sent.lock().unwrap(), sent, "the module and the empty configuration");
    assert_eq!(*notes.published.lock().unwrap(), [published.by_digest()]);
}

#[test]
fn pushing_again_changes_nothing_and_sends_nothing() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    let modules = [module(), module_of("other", "1.2.3", 10)];
    let first = push(&modules, &target(&proxy.address), &options(), Silent::shared()).unwrap();
    let writes = proxy.writes().len();
    assert!(writes > 0);
    let second = push(&modules, &target(&proxy.address), &options(), Silent::shared()).unwrap();
    assert_eq!(proxy.writes().len(), writes, "{:?}", proxy.writes());
    assert!(second.iter().all(|published| published.outcome() == &Outcome::AlreadyThere));
    let digests = |list: &[isolation_oci::Published]| list.iter().map(|p| p.by_digest()).collect::<Vec<_>>();
    assert_eq!(digests(&first), digests(&second));
}

#[test]
fn manifests_go_last_and_contents_that_are_there_stay() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    let modules = [module(), module_of("other", "1.2.3", 10)];
    push(&modules, &target(&proxy.address), &options(), Silent::shared()).unwrap();
    let is_manifest: Vec<bool> = proxy.writes().iter().map(|request| request.contains("/manifests/")).collect();
    let first = is_manifest.iter().position(|manifest| *manifest).unwrap();
    assert_eq!(is_manifest.len() - first, 2);
    assert!(is_manifest[first..].iter().all(|manifest| *manifest), "{:?}", proxy.writes());

    // A new version: the empty configuration is already there.
    let before = proxy.writes().len();
    push(&[module_of("tiny", "0.2.0", 10)], &target(&proxy.address), &options(), Silent::shared()).unwrap();
    assert_eq!(proxy.writes().len() - before, 3, "{:?}", &proxy.writes()[before..]);
}

#[test]
fn a_tag_that_moves_is_told() {
    let registry = Running::plain();
    let target = target(&registry.address);
    let old = push(&[module()], &target, &options(), Silent::shared()).unwrap();
    let new = push(&[module_of("tiny", "0.1.0", 11)], &target, &options(), Silent::shared()).unwrap();
    assert_eq!(new[0].outcome(), &Outcome::Replaced(old[0].digest().to_owned()));
    assert_ne!(new[0].digest(), old[0].digest());
}

#[test]
fn a_password_and_a_certificate_of_ones_own() {
    let tls = Certificates::for_loopback();
    let registry = Running::start(&Setup { tls: Some(&tls), password: true, ..Setup::default() });
    let ca_file = registry.directory.path().join("ca.pem");
    // A bundle, as operators have them: the one that counts is not the first.
    let other = Certificates::for_loopback().authority;
    fs::write(&ca_file, format!("# the company's authorities\n{other}{}", tls.authority)).unwrap();
    let docker = registry.directory.path().join("config.json");
    // base64 of `pusher:correct horse`
    let auth = format!(r#"{{"auths": {{"{}": {{"auth": "cHVzaGVyOmNvcnJlY3QgaG9yc2U="}}}}}}"#, registry.address);
    fs::write(&docker, auth).unwrap();
    let password = Credentials::Password { user: USER.to_owned(), password: PASSWORD.to_owned() };
    for (credentials, outcome) in [(Credentials::File(docker), Outcome::New), (password, Outcome::AlreadyThere)] {
        let options = Options { plain_http: false, ca_file: Some(ca_file.clone()), credentials, ..options() };
        let published = push(&[module()], &target(&registry.address), &options, Silent::shared()).unwrap();
        assert_eq!(published[0].outcome(), &outcome);
    }
    assert_eq!(registry.tags(), ["policies/aks/tiny:v0.1.0"]);
}

/// base64 of `pusher:correct horse`
const BASIC: &str = "cHVzaGVyOmNvcnJlY3QgaG9yc2U=";

#[test]
fn a_registry_that_gives_tokens_gets_one_asked_for_each_repository() {
    let registry = Running::plain();
    let proxy = Proxy::with_gate(&registry.address, BASIC);
    let credentials = Credentials::Password { user: USER.to_owned(), password: PASSWORD.to_owned() };
    let options = Options { credentials, ..options() };
    let modules = [module(), module_of("other", "1.2.3", 10)];
    push(&modules, &target(&proxy.address), &options, Silent::shared()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(registry.tags().len(), 2);
    for name in ["tiny", "other"] {
        let scope = format!("scope=repository%3Apolicies%2Faks%2F{name}%3Apull%2Cpush");
        assert!(proxy.requests().iter().any(|request| request.contains(&scope)), "{:?}", proxy.requests());
    }
}

/// What `az acr login` stores is a token to be exchanged, which Azure takes as the password of a user of zeros.
#[test]
fn the_token_of_az_acr_login_is_used() {
    let registry = Running::plain();
    // base64 of `00000000-0000-0000-0000-000000000000:a-refresh-token`
    let basic = "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOmEtcmVmcmVzaC10b2tlbg==";
    let proxy = Proxy::with_gate(&registry.address, basic);
    let docker = registry.directory.path().join("config.json");
    let stored =
        format!(r#"{{"auths": {{"{}": {{"auth": "MDA6", "identitytoken": "a-refresh-token"}}}}}}"#, proxy.address);
    fs::write(&docker, stored).unwrap();
    let options = Options { credentials: Credentials::File(docker), ..options() };
    push(&[module()], &target(&proxy.address), &options, Silent::shared()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(registry.tags(), ["policies/aks/tiny:v0.1.0"]);
}

#[test]
fn the_built_modules_can_be_pushed() {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist");
    if !fs::exists(dist).unwrap() {
        eprintln!("skipped: there is no dist/, which `make` fills");
        return;
    }
    let modules = Module::read_all(dist.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let registry = Running::plain();
    let published = push(&modules, &target(&registry.address), &options(), Silent::shared()).unwrap();
    assert_eq!(registry.tags().len(), modules.len());
    assert!(published.iter().all(|published| published.outcome() == &Outcome::New));
}
