//! What can go wrong between here and a registry: each failure says so, and leaves nothing half pushed.

use std::net::TcpListener;

use crate::support::proxy::{Fault, Proxy};
use crate::support::registry::{PASSWORD, Running, Setup, USER, may_mount};
use crate::support::tls::Certificates;
use crate::support::{Notes, module, module_of, options, target};
use isolation_oci::{Credentials, Failure, Options, PushError, Silent, push};

/// Pushes a module in vain; gives the failure, after how many attempts, and the text.
fn failure(address: &str, options: &Options) -> (Failure, u32, String) {
    let error = push(&[module()], &target(address), options, Silent::shared()).unwrap_err();
    let text = error.to_string();
    let PushError::Failed { host, reference, attempts, failure, plain } = error else { panic!("{text}") };
    assert_eq!(host, address);
    assert_eq!(reference, format!("{address}/policies/aks/tiny:v0.1.0"));
    assert!(text.starts_with(&reference), "{text}");
    assert!(text.ends_with(&failure.fix(&host, plain)), "{text}");
    (failure, attempts, text)
}

#[test]
fn a_wrong_password() {
    let registry = Running::start(&Setup { password: true, ..Setup::default() });
    let credentials = Credentials::Password { user: USER.to_owned(), password: "wrong".to_owned() };
    let (failure, attempts, text) = failure(&registry.address, &Options { credentials, ..options() });
    assert_eq!((failure, attempts), (Failure::Unauthorized { user: Some(USER.to_owned()) }, 1));
    assert!(text.contains(&format!("user `pusher`). Run `docker login {}`", registry.address)), "{text}");
    assert_eq!(registry.tags(), [""; 0]);
}

#[test]
fn a_wrong_password_where_tokens_are_given() {
    let registry = Running::plain();
    let proxy = Proxy::with_gate(&registry.address, "other");
    let credentials = Credentials::Password { user: USER.to_owned(), password: "wrong".to_owned() };
    let (failure, attempts, text) = failure(&proxy.address, &Options { credentials, ..options() });
    assert_eq!((failure, attempts), (Failure::Unauthorized { user: Some(USER.to_owned()) }, 1), "{text}");
    assert_eq!(registry.tags(), [""; 0]);
}

/// Tokens of `az acr login` last for three hours.
#[test]
fn a_stored_token_that_expired() {
    let registry = Running::plain();
    let proxy = Proxy::with_gate(&registry.address, "other");
    let docker = registry.directory.path().join("config.json");
    let stored = format!(r#"{{"auths": {{"{}": {{"identitytoken": "old"}}}}}}"#, proxy.address);
    std::fs::write(&docker, stored).unwrap();
    let (_, attempts, text) = failure(&proxy.address, &Options { credentials: Credentials::File(docker), ..options() });
    assert!(text.contains("may have expired") && text.contains("docker login"), "{text}");
    assert_eq!(attempts, 1);
}

/// base64 of `pusher:correct horse`
const BASIC: &str = "cHVzaGVyOmNvcnJlY3QgaG9yc2U=";

fn pusher() -> Options {
    let credentials = Credentials::Password { user: USER.to_owned(), password: PASSWORD.to_owned() };
    Options { credentials, ..options() }
}

/// Its words are all that the client tells of a token service's answer.
#[test]
fn a_token_service_that_fails_is_not_a_wrong_password() {
    for (status, answer, attempts, words) in [
        (500, r#"{"errors":[{"code":"UNKNOWN","message":"unknown error"}]}"#, 3, "the registry failed: UNKNOWN"),
        (429, r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}"#, 3, "the rate of requests: TOOMANY"),
        (503, "no healthy upstream: Service Unavailable", 3, "the registry failed: no healthy upstream"),
        (502, "<html><title>502 Bad Gateway</title></html>", 3, "the registry failed: <html><title>502 Bad Gateway"),
        (
            403,
            r#"{"errors":[{"code":"DENIED","message":"token denied."}]}"#,
            1,
            "denies the push: DENIED: token denied. Let",
        ),
        (403, "<html>Blocked by policy</html>", 1, "gives no token: <html>Blocked by policy</html>. Run `docker login"),
        (500, "oops", 1, "gives no token: oops. Run `docker login"),
        (200, "<html>login</html>", 1, "gives no token: its answer is not one: "),
        (401, "Unauthorized", 1, "refuses the user name or password (user `pusher`)"),
        (
            401,
            r#"{"details":"incorrect username or password"}"#,
            1,
            "refuses the user name or password (user `pusher`)",
        ),
        (401, "", 1, "refuses the user name or password (user `pusher`)"),
    ] {
        let registry = Running::plain();
        let proxy = Proxy::with_gate(&registry.address, BASIC);
        proxy.fail("GET", "/token", usize::MAX, Fault::Answer(status, answer));
        let (_, tries, text) = failure(&proxy.address, &pusher());
        assert!(text.contains(words) && tries == attempts, "{status} {answer}: {text}");
        assert_eq!(registry.tags(), [""; 0]);
    }
}

#[test]
fn a_token_service_that_recovers_is_waited_for() {
    let registry = Running::plain();
    let proxy = Proxy::with_gate(&registry.address, BASIC);
    proxy.fail("GET", "/token", 4, Fault::Answer(503, "<html>503 Service Unavailable</html>"));
    let notes = Notes::shared();
    push(&[module()], &target(&proxy.address), &pusher(), notes.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(registry.tags(), ["policies/aks/tiny:v0.1.0"]);
    assert!(!notes.retries.lock().unwrap().is_empty());
}

#[test]
fn a_token_service_that_cannot_be_reached() {
    let registry = Running::plain();
    let closed = closed();
    let proxy = Proxy::with_tokens_at(&registry.address, &closed);
    let (failure, attempts, text) = failure(&proxy.address, &pusher());
    assert!(matches!(failure, Failure::Elsewhere { .. }), "{text}");
    assert!(text.contains(&format!("at {closed}, to which the registry refers, the host cannot be reached")), "{text}");
    assert_eq!(attempts, 1);
}

/// `error="insufficient_scope"`, <https://distribution.github.io/distribution/spec/auth/token/>: the token is given, and does
/// not suffice.
#[test]
fn a_user_who_may_only_pull_where_tokens_are_given() {
    let answer = r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#;
    for (method, path) in [("POST", "/uploads/"), ("PUT", "/manifests/")] {
        let registry = Running::plain();
        let proxy = Proxy::with_gate(&registry.address, BASIC);
        proxy.fail(method, path, usize::MAX, Fault::Answer(401, answer));
        let (failure, attempts, text) = failure(&proxy.address, &pusher());
        assert_eq!((failure, attempts), (Failure::NarrowToken, 1), "{text}");
        assert!(text.contains("Let this user push there"), "{text}");
        assert_eq!(registry.tags(), [""; 0]);
    }
}

/// A user who may push but not pull sees no tag, and pushes.
#[test]
fn a_user_who_may_only_push_where_tokens_are_given() {
    let answer = r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#;
    let registry = Running::plain();
    let proxy = Proxy::with_gate(&registry.address, BASIC);
    for method in ["HEAD", "GET"] {
        proxy.fail(method, "/policies/", usize::MAX, Fault::Answer(401, answer));
    }
    push(&[module()], &target(&proxy.address), &pusher(), Silent::shared()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(registry.tags(), ["policies/aks/tiny:v0.1.0"]);
}

#[test]
fn no_credentials() {
    let registry = Running::start(&Setup { password: true, ..Setup::default() });
    let (failure, attempts, text) = failure(&registry.address, &options());
    assert_eq!((failure, attempts), (Failure::Unauthorized { user: None }, 1));
    assert!(text.contains("none are stored"), "{text}");
}

#[test]
fn a_certificate_of_an_unknown_authority() {
    let tls = Certificates::for_loopback();
    let registry = Running::start(&Setup { tls: Some(&tls), ..Setup::default() });
    let (failure, attempts, text) = failure(&registry.address, &Options { plain_http: false, ..options() });
    assert!(matches!(failure, Failure::Untrusted(_)), "{text}");
    assert_eq!(attempts, 1);
    assert!(text.contains("`--ca-file`"), "{text}");
}

#[test]
fn a_certificate_for_another_name() {
    let tls = Certificates::for_names(&["registry.example"]);
    let registry = Running::start(&Setup { tls: Some(&tls), ..Setup::default() });
    let ca_file = registry.directory.path().join("ca.pem");
    std::fs::write(&ca_file, &tls.authority).unwrap();
    let options = Options { plain_http: false, ca_file: Some(ca_file), ..options() };
    let (failure, _, text) = failure(&registry.address, &options);
    assert!(matches!(failure, Failure::Tls(_)) && text.contains("registry.example"), "{text}");
}

#[test]
fn http_where_https_is_expected() {
    let registry = Running::plain();
    let (failure, attempts, text) = failure(&registry.address, &Options { plain_http: false, ..options() });
    assert_eq!((failure, attempts), (Failure::NoTls, 1), "{text}");
}

#[test]
fn https_where_http_is_expected() {
    for answer in [
        "Client sent an HTTP request to an HTTPS server.\n",
        "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>",
        "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
    ] {
        let registry = Running::plain();
        let proxy = Proxy::before(&registry.address);
        for method in ["HEAD", "GET", "POST"] {
            proxy.fail(method, "/v2/", usize::MAX, Fault::Answer(400, answer));
        }
        let (failure, attempts, text) = failure(&proxy.address, &options());
        assert_eq!((failure, attempts), (Failure::OnlyTls, 1), "{text}");
        assert!(text.ends_with("Leave out `--plain-http`"), "{text}");
    }
}

/// What is there may lie at a host that no way leads to; what is to be sent there must have one.
#[test]
fn a_host_that_the_registry_refers_to_and_that_is_not_there() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    let closed = closed();
    proxy.fail("HEAD", "/blobs/", usize::MAX, Fault::Redirect(closed.clone()));
    push(&[module()], &target(&proxy.address), &options(), Silent::shared()).unwrap_or_else(|error| panic!("{error}"));

    let modules = [module_of("other", "0.1.0", 10)];
    proxy.fail("POST", "/uploads/", usize::MAX, Fault::Locate(closed.clone()));
    let text = push(&modules, &target(&proxy.address), &options(), Silent::shared()).unwrap_err().to_string();
    assert!(text.contains(&format!("at {closed}, to which the registry refers, the host cannot be reached")), "{text}");
    assert!(text.ends_with(&format!("`curl -v {closed}/` must return an answer")), "{text}");
}

/// A proxy terminates TLS, and the registry behind it does not know.
#[test]
fn an_address_without_tls_of_a_registry_with_tls() {
    let tls = Certificates::for_loopback();
    let registry = Running::start(&Setup { tls: Some(&tls), plain_addresses: true, ..Setup::default() });
    let ca_file = registry.directory.path().join("ca.pem");
    std::fs::write(&ca_file, &tls.authority).unwrap();
    let options = Options { plain_http: false, ca_file: Some(ca_file), ..options() };
    let (failure, attempts, text) = failure(&registry.address, &options);
    assert_eq!((failure, attempts), (Failure::PlainAddress(format!("http://{}", registry.address)), 1), "{text}");
    assert!(text.contains("X-Forwarded-Proto"), "{text}");
}

#[test]
fn a_file_of_certificates_that_is_none() {
    let directory = tempfile::tempdir().unwrap();
    let ca_file = directory.path().join("ca.pem");
    let connect = || {
        let options = Options { ca_file: Some(ca_file.clone()), ..options() };
        push(&[module()], &target("127.0.0.1:9"), &options, Silent::shared()).unwrap_err().to_string()
    };
    assert!(connect().contains("ca.pem cannot be read"));
    std::fs::write(&ca_file, "hello").unwrap();
    assert!(connect().contains("no `BEGIN CERTIFICATE`"));
    std::fs::write(&ca_file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").unwrap();
    assert!(connect().contains("cannot be read"), "{}", connect());
}

/// A host that nothing answers at.
fn closed() -> String {
    format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap())
}

#[test]
fn a_host_that_is_not_there() {
    let (failure, attempts, text) = failure(closed().trim_start_matches("http://"), &options());
    assert!(matches!(failure, Failure::Unreachable(_)) && text.contains("refused"), "{text}");
    assert_eq!(attempts, 1);
}

#[test]
fn a_name_that_does_not_resolve() {
    let (failure, _, text) = failure("registry.invalid", &options());
    assert!(
        matches!(failure, Failure::Unreachable(_)) && text.contains("curl -v http://registry.invalid/v2/"),
        "{text}"
    );
}

#[test]
fn a_host_that_is_no_registry() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    for method in ["GET", "HEAD", "POST"] {
        proxy.fail(method, "/v2/", usize::MAX, Fault::Answer(404, "<html>nginx</html>"));
    }
    let (failure, attempts, text) = failure(&proxy.address, &options());
    assert!(matches!(failure, Failure::NoRegistry(_)), "{text}");
    assert_eq!(attempts, 1);
}

/// The answer of Amazon's registry, which creates no repository by itself; Azure's and the Distribution registry do.
#[test]
fn a_repository_that_is_missing() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    let answer = r#"{"errors":[{"code":"NAME_UNKNOWN","message":"The repository with name 'policies/aks/tiny' does not exist"}]}"#;
    proxy.fail("POST", "/blobs/uploads/", usize::MAX, Fault::Answer(404, answer));
    let (failure, attempts, text) = failure(&proxy.address, &options());
    assert!(matches!(failure, Failure::NoRepository(_)), "{text}");
    assert_eq!(attempts, 1);
    assert!(text.contains("does not exist") && text.contains("Create the repository"), "{text}");
    assert_eq!(registry.tags(), [""; 0]);
}

#[test]
fn a_registry_that_takes_nothing() {
    let registry = Running::start(&Setup { read_only: true, ..Setup::default() });
    let (failure, attempts, text) = failure(&registry.address, &options());
    assert!(matches!(failure, Failure::ReadOnly(_)), "{text}");
    assert_eq!(attempts, 1);
}

/// The answers of Harbor and of Amazon's registry.
#[test]
fn a_tag_that_may_not_move() {
    for (status, answer) in [
        (
            412,
            r#"{"errors":[{"code":"PRECONDITION","message":"Failed to process request due to 'tiny:v0.1.0' configured as immutable."}]}"#,
        ),
        (
            400,
            r#"{"errors":[{"code":"TAG_INVALID","message":"The image tag 'v0.1.0' already exists in the 'tiny' repository and cannot be overwritten because the repository is immutable."}]}"#,
        ),
    ] {
        let registry = Running::plain();
        let proxy = Proxy::before(&registry.address);
        proxy.fail("PUT", "/manifests/", usize::MAX, Fault::Answer(status, answer));
        let (failure, attempts, text) = failure(&proxy.address, &options());
        assert!(matches!(failure, Failure::ReadOnly(_)), "{text}");
        assert!(text.contains("immutable. Push to"), "{text}");
        assert_eq!(attempts, 1);
    }
}

/// Azure's answer to every request of a machine that its network rules do not know, whoever the user is.
#[test]
fn a_registry_whose_network_rules_refuse_the_machine() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    let answer = r#"{"errors":[{"code":"DENIED","message":"client with IP '192.0.2.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#;
    for method in ["GET", "HEAD", "POST"] {
        proxy.fail(method, "/v2/", usize::MAX, Fault::Answer(403, answer));
    }
    let (failure, attempts, text) = failure(&proxy.address, &pusher());
    assert!(matches!(&failure, Failure::Firewall(_)) && attempts == 1, "{text}");
    assert!(text.contains("to grant access. Add its address to the network rules of"), "{text}");
    assert!(failure.fix("myacr.azurecr.io", false).contains("`az acr network-rule add --name myacr --ip-address"));
}

#[test]
fn a_user_who_may_not_push() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    let answer = r#"{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}"#;
    proxy.fail("POST", "/blobs/uploads/", usize::MAX, Fault::Answer(403, answer));
    let (failure, _, text) = failure(&proxy.address, &options());
    assert!(matches!(failure, Failure::Denied(_)), "{text}");
}

#[test]
fn a_full_disk() {
    if !may_mount() {
        return;
    }
    let registry = Running::start(&Setup { disk: Some(128 * 1024), ..Setup::default() });
    let modules = [module(), module_of("big", "0.1.0", 400_000)];
    let error = push(&modules, &target(&registry.address), &options(), Silent::shared()).unwrap_err();
    let text = error.to_string();
    let PushError::Failed { failure, attempts, .. } = error else { panic!("{text}") };
    assert!(matches!(failure, Failure::Full(_)), "{text}");
    assert_eq!(attempts, 1, "it does not pass by itself");
    assert!(text.contains("/policies/aks/big:v0.1.0") && text.contains("Free space"), "{text}");
    assert_eq!(registry.tags(), [""; 0], "not even the module that fits is visible");
}

#[test]
fn an_upload_that_is_truncated_once_is_sent_again() {
    for fault in [Fault::Halve, Fault::Break] {
        let registry = Running::plain();
        let proxy = Proxy::before(&registry.address);
        proxy.fail("PUT", "/blobs/uploads/", 1, fault);
        let notes = Notes::shared();
        push(&[module_of("tiny", "0.1.0", 500_000)], &target(&proxy.address), &options(), notes.clone())
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(notes.retries.lock().unwrap().len(), 1);
        assert_eq!(registry.tags(), ["policies/aks/tiny:v0.1.0"]);
    }
}

#[test]
fn an_upload_that_is_always_truncated() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    proxy.fail("PUT", "/blobs/uploads/", usize::MAX, Fault::Halve);
    let (failure, attempts, text) = failure(&proxy.address, &options());
    assert!(matches!(failure, Failure::Altered(_)), "{text}");
    assert_eq!(attempts, 3);
    assert!(text.contains("3 times in a row") && text.contains("truncates uploads"), "{text}");
    assert_eq!(registry.tags(), [""; 0]);
}

#[test]
fn a_connection_that_always_breaks() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    proxy.fail("PUT", "/blobs/uploads/", usize::MAX, Fault::Break);
    let (failure, attempts, text) = failure(&proxy.address, &options());
    assert!(matches!(failure, Failure::Interrupted(_)), "{text}");
    assert_eq!(attempts, 3);
    assert_eq!(registry.tags(), [""; 0]);
}

#[test]
fn answers_that_pass_are_waited_for() {
    let busy = r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}"#;
    for (method, path, retries) in [
        // The client asks a second time by itself, with GET.
        ("HEAD", "/manifests/", 0),
        ("HEAD", "/blobs/", 2),
        ("POST", "/uploads/", 2),
        ("PUT", "/uploads/", 2),
        ("PUT", "/manifests/", 2),
    ] {
        let registry = Running::plain();
        let proxy = Proxy::before(&registry.address);
        proxy.fail(method, path, 1, Fault::Answer(503, "<html>upstream</html>"));
        proxy.fail(method, path, 1, Fault::Answer(429, busy));
        let notes = Notes::shared();
        let pushed = push(&[module()], &target(&proxy.address), &options(), notes.clone());
        pushed.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        assert_eq!(notes.retries.lock().unwrap().len(), retries, "{method} {path}");
        assert_eq!(registry.tags(), ["policies/aks/tiny:v0.1.0"]);
    }
}

#[test]
fn a_server_that_always_fails() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    proxy.fail("PUT", "/manifests/", usize::MAX, Fault::Answer(502, "<html>Bad Gateway</html>"));
    let (failure, attempts, text) = failure(&proxy.address, &options());
    assert!(matches!(failure, Failure::Server(_)), "{text}");
    assert_eq!(attempts, 3);
    assert!(text.contains("502 <html>Bad Gateway"), "{text}");
    assert_eq!(registry.tags(), [""; 0]);
}

#[test]
fn a_later_module_that_fails_leaves_no_earlier_one_visible() {
    let registry = Running::plain();
    let proxy = Proxy::before(&registry.address);
    proxy.fail("PUT", "other/blobs/uploads/", usize::MAX, Fault::Halve);
    let modules = [module(), module_of("other", "0.1.0", 10)];
    let error = push(&modules, &target(&proxy.address), &options(), Silent::shared()).unwrap_err().to_string();
    assert!(error.contains("/policies/aks/other:v0.1.0: "), "{error}");
    assert_eq!(registry.tags(), [""; 0]);
}

#[test]
fn two_modules_of_one_name() {
    let modules = [module(), module_of("tiny", "0.2.0", 10)];
    let error = push(&modules, &target("127.0.0.1:9"), &options(), Silent::shared()).unwrap_err().to_string();
    assert!(error.contains("two modules are named `tiny`"), "{error}");
}
