//! What a registry's answer, or its silence, means to the person who pushes.

use std::error::Error as _;
use std::io;

use oci_client::errors::{OciDistributionError, OciEnvelope, OciErrorCode};
use reqwest::{StatusCode, Url};
use thiserror::Error;

/// The user name under which an Azure registry takes a refresh token as password.
pub(crate) const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";

/// What passes by itself, of the statuses that gateways and token services answer with.
const PASSING: [StatusCode; 5] = [
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

/// How a registry is asked.
pub(crate) struct Asked {
    /// The registry's host.
    pub host: String,
    /// Whom requests are sent as.
    pub user: Option<String>,
    /// Whether they are sent without TLS.
    pub plain: bool,
}

impl Asked {
    fn unauthorized(&self) -> Failure {
        Failure::Unauthorized { user: self.user.clone() }
    }

    fn is_host_of(&self, url: &Url) -> bool {
        let scheme = if self.plain { "http" } else { "https" };
        Url::parse(&format!("{scheme}://{}", self.host)).is_ok_and(|own| own.origin() == url.origin())
    }
}

/// What went wrong between here and the registry. The texts are clauses; [`Failure::fix`] says what to do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Failure {
    /// No connection comes about.
    #[error("the host cannot be reached: {0}")]
    Unreachable(String),
    /// There is a connection, but no known authority has signed the host's certificate.
    #[error("the host's certificate is not trusted: {0}")]
    Untrusted(String),
    /// The certificate is for another name, or expired, or TLS fails otherwise.
    #[error("the TLS handshake failed: {0}")]
    Tls(String),
    /// The host speaks HTTP where HTTPS was expected.
    #[error("the host does not speak TLS")]
    NoTls,
    /// The host speaks HTTPS where HTTP was expected.
    #[error("the host speaks TLS and was asked without")]
    OnlyTls,
    /// The registry speaks HTTPS and gives an address for HTTP.
    #[error("the registry refers to {0}, which is without TLS")]
    PlainAddress(String),
    /// The registry refers to another host, and no connection to that comes about.
    #[error("at {address}, to which the registry refers, {cause}")]
    Elsewhere {
        /// The other host, with its scheme.
        address: String,
        /// What is wrong with it: a clause.
        cause: String,
    },
    /// The host did not answer in time.
    #[error("the host did not answer in time")]
    Timeout,
    /// A connection ended in the middle.
    #[error("the connection broke: {0}")]
    Interrupted(String),
    /// The registry did not receive what was sent.
    #[error("the upload was truncated or altered on the way: {0}")]
    Altered(String),
    /// The registry wants other credentials than were sent; `None`: none were.
    #[error("{}", match user {
        Some(user) if user == TOKEN_USER => "the registry refuses the token stored for it, which may have expired".to_owned(),
        Some(user) => format!("the registry refuses the user name or password (user `{user}`)"),
        None => "the registry requires credentials, and none are stored for it".to_owned(),
    })]
    Unauthorized {
        /// The user name that was sent.
        user: Option<String>,
    },
    /// The service that gives tokens gives none, and it is not clear that the credentials are the reason.
    #[error("the registry's token service gives no token: {0}")]
    NoToken(String),
    /// There is a token, and it does not suffice: registries that give tokens tell so who may only pull.
    #[error("the registry gives this user a token that does not allow the push")]
    NarrowToken,
    /// The registry is closed to the machine that pushes, whoever does.
    #[error("the registry's network rules refuse this machine: {0}")]
    Firewall(String),
    /// The credentials are good but do not allow this.
    #[error("the registry denies the push: {0}")]
    Denied(String),
    /// The registry has no such repository and does not create it.
    #[error("the registry has no such repository: {0}")]
    NoRepository(String),
    /// What answers is no registry.
    #[error("no registry answers at this host: {0}")]
    NoRegistry(String),
    /// The registry accepts no push at all, or not over this tag.
    #[error("the registry accepts no push here: {0}")]
    ReadOnly(String),
    /// The registry's disk, or the quota, is full.
    #[error("the registry has no space left: {0}")]
    Full(String),
    /// Something on the way, or the registry, limits the size of a request.
    #[error("a module is larger than the limit: {0}")]
    TooLarge(String),
    /// Too many requests.
    #[error("the registry limits the rate of requests: {0}")]
    Busy(String),
    /// The registry, or a gateway before it, failed.
    #[error("the registry failed: {0}")]
    Server(String),
    /// The registry stored another manifest than was sent.
    #[error("the registry serves {stored} where {sent} was pushed")]
    Rewritten {
        /// The digest that was pushed.
        sent: String,
        /// The digest that is served.
        stored: String,
    },
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// Whether trying again may help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Timeout | Self::Interrupted(_) | Self::Altered(_) | Self::Busy(_) | Self::Server(_))
    }

    /// What to do about it, as one sentence without a full stop.
    /// `plain` says whether it was asked without TLS.
    pub fn fix(&self, host: &str, plain: bool) -> String {
        let scheme = if plain { "http" } else { "https" };
        match self {
            Self::Unreachable(_) | Self::Timeout => {
                format!(
                    "Check the name, the route and the firewall: `curl -v {scheme}://{host}/v2/` must return an answer"
                )
            }
            Self::Untrusted(_) => {
                format!("Pass the CA certificate of {host}, as PEM, with `--ca-file`")
            }
            Self::Tls(_) => format!("Check the certificate: `openssl s_client -connect {}`", with_port(host)),
            Self::NoTls => {
                format!("Enable TLS on {host}; or, if you trust the network, pass `--plain-http`")
            }
            Self::OnlyTls => "Leave out `--plain-http`".to_owned(),
            Self::PlainAddress(_) => {
                format!(
                    "Let the proxy before {host} set `X-Forwarded-Proto: https`, or configure the registry's own address"
                )
            }
            Self::Elsewhere { address, .. } => {
                format!("Open the way to that host, too: `curl -v {address}/` must return an answer")
            }
            Self::Interrupted(_) => format!("Try again; the partial upload is not visible in {host}"),
            Self::Altered(_) => format!("Look for a proxy or firewall on the way to {host} that truncates uploads"),
            Self::Unauthorized { .. } => format!("Run `docker login {host}`{}", az(host)),
            Self::NoToken(_) => {
                format!("Run `docker login {host}`{}; if that succeeds, read the log of the token service", az(host))
            }
            Self::NarrowToken => {
                format!("Let this user push there{}; if it may, run `docker login {host}`{}", acr_push(host), az(host))
            }
            Self::Firewall(_) => {
                let add = acr(host).map(|name| format!(" (`az acr network-rule add --name {name} --ip-address …`)"));
                format!(
                    "Add its address to the network rules of {host}{}, or push from a machine in the registry's network",
                    add.unwrap_or_default()
                )
            }
            Self::Denied(_) => format!("Let this user push there{}", acr_push(host)),
            Self::NoRepository(_) => {
                format!("Create the repository (or its project) in {host}, or push under a prefix that exists")
            }
            Self::NoRegistry(_) => {
                format!("Check host and port: `curl {scheme}://{host}/v2/` must answer like a registry")
            }
            Self::ReadOnly(_) => {
                format!("Push to the registry that {host} replicates, or remove its write lock (or that of the tag)")
            }
            Self::Full(_) => format!("Free space in {host}, or raise the quota, and push again"),
            Self::TooLarge(_) => format!("Raise the limit of the proxy or gateway before {host}"),
            Self::Busy(_) => "Try again in a few minutes".to_owned(),
            Self::Server(_) => format!("Read the log of {host}, then try again"),
            Self::Rewritten { .. } => {
                format!(
                    "Push to a registry that stores manifests unchanged; {host} does not, so digests cannot be pinned"
                )
            }
            Self::Other(_) => format!("Read the log of {host}"),
        }
    }

    /// Reads an error of the client.
    pub(crate) fn of(error: OciDistributionError, asked: &Asked) -> Self {
        match error {
            OciDistributionError::RequestError(error) => Self::of_request(&error, asked),
            OciDistributionError::UnauthorizedError { .. } => asked.unauthorized(),
            // Nothing but a token service is the reason of these.
            OciDistributionError::AuthenticationFailure(answer) => Self::of_token_service(&answer, asked),
            OciDistributionError::RegistryTokenDecodeError(text) => {
                Self::NoToken(format!("its answer is not one: {text}"))
            }
            OciDistributionError::ServerError { code: 401, .. } => asked.unauthorized(),
            OciDistributionError::ServerError { message, url, .. } if wants_tls(&message) => match Url::parse(&url) {
                Ok(url) if !asked.plain => Self::PlainAddress(url.origin().ascii_serialization()),
                _ => Self::OnlyTls,
            },
            OciDistributionError::ServerError { code, message, .. } => Self::of_answer(code, &message),
            OciDistributionError::RegistryError { envelope, .. } => match envelope.errors.first().map(|e| &e.code) {
                Some(OciErrorCode::Unauthorized) => asked.unauthorized(),
                _ => Self::of_envelope(400, &envelope),
            },
            OciDistributionError::IoError(error) => Self::Interrupted(error.to_string()),
            OciDistributionError::DigestError(error) => Self::Altered(error.to_string()),
            other => Self::Other(other.to_string()),
        }
    }

    /// What a token service says instead of giving a token. The client hands on its words, but not the status, of which
    /// gateways write the name.
    fn of_token_service(answer: &str, asked: &Asked) -> Self {
        if let Ok(envelope) = serde_json::from_str::<OciEnvelope>(answer) {
            return match envelope.errors.first().map(|error| &error.code) {
                None | Some(OciErrorCode::Unauthorized) => asked.unauthorized(),
                Some(_) => Self::of_envelope(500, &envelope),
            };
        }
        let text = answer.to_ascii_lowercase();
        let named = |status: &&StatusCode| {
            status.canonical_reason().is_some_and(|reason| text.contains(&reason.to_ascii_lowercase()))
        };
        if let Some(status) = PASSING.iter().find(named) {
            return Self::of_status(status.as_u16(), None, first_line(answer));
        }
        let words = ["unauthorized", "authorization required", "authentication", "credential", "password"];
        if matches!(text.trim(), "" | "{}") || words.iter().any(|word| text.contains(word)) {
            return asked.unauthorized();
        }
        Self::NoToken(first_line(answer).to_owned())
    }

    /// A request that got no answer, which the registry may have sent elsewhere.
    fn of_request(error: &reqwest::Error, asked: &Asked) -> Self {
        let failure = Self::of_cause(error);
        let Some(url) = error.url().filter(|_| error.status().is_none()) else { return failure };
        let address = url.origin().ascii_serialization();
        if url.scheme() == "http" && !asked.plain {
            Self::PlainAddress(address)
        } else if failure.is_transient() || asked.is_host_of(url) {
            failure
        } else {
            Self::Elsewhere { address, cause: failure.to_string() }
        }
    }

    /// The cause that says something is the innermost.
    fn of_cause(error: &reqwest::Error) -> Self {
        if let Some(status) = error.status() {
            return Self::of_answer(status.as_u16(), "");
        }
        let mut innermost = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            innermost = error.to_string();
            if let Some(tls) = tls_error(error) {
                return match tls {
                    rustls::Error::InvalidMessage(_) => Self::NoTls,
                    rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => {
                        Self::Untrusted("it is signed by an authority that this system does not trust".to_owned())
                    }
                    tls => Self::Tls(tls.to_string()),
                };
            }
            cause = error.source();
        }
        if error.is_timeout() && !error.is_connect() {
            Self::Timeout
        } else if error.is_connect() {
            Self::Unreachable(innermost)
        } else {
            Self::Interrupted(innermost)
        }
    }

    /// An answer that is not success.
    fn of_answer(status: u16, body: &str) -> Self {
        if let Ok(envelope) = serde_json::from_str::<OciEnvelope>(body) {
            return Self::of_envelope(status, &envelope);
        }
        Self::of_status(status, None, &format!("{status} {}", first_line(body)))
    }

    /// An answer in the form that the distribution specification asks for.
    fn of_envelope(status: u16, envelope: &OciEnvelope) -> Self {
        let text: Vec<String> = envelope.errors.iter().map(describe).collect();
        let text = first_line(&text.join("; ")).to_owned();
        Self::of_status(status, envelope.errors.first().map(|error| &error.code), &text)
    }

    fn of_status(status: u16, code: Option<&OciErrorCode>, text: &str) -> Self {
        let text = text.trim().to_owned();
        if status == 507 || says_full(&text) {
            return Self::Full(text);
        }
        let lower = text.to_ascii_lowercase();
        // Azure: `client with IP '…' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`
        // <https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access>
        if lower.contains("client with ip") && lower.contains("not allowed access") {
            return Self::Firewall(text);
        }
        // Harbor answers 412 and Amazon's registry 400; both have the word.
        if lower.contains("immutable") {
            return Self::ReadOnly(text);
        }
        match (code, status) {
            (Some(OciErrorCode::NameUnknown | OciErrorCode::NotFound), _) => Self::NoRepository(text),
            (Some(OciErrorCode::Denied), _) | (_, 403) => Self::Denied(text),
            (Some(OciErrorCode::Unsupported), _) | (_, 405 | 409) => Self::ReadOnly(text),
            (Some(OciErrorCode::Toomanyrequests), _) | (_, 429) => Self::Busy(text),
            (
                Some(
                    OciErrorCode::DigestInvalid
                    | OciErrorCode::SizeInvalid
                    | OciErrorCode::BlobUploadInvalid
                    | OciErrorCode::BlobUploadUnknown,
                ),
                _,
            ) => Self::Altered(text),
            (Some(_), 404) => Self::NoRepository(text),
            (None, 404) => Self::NoRegistry(text),
            (_, 413) => Self::TooLarge(text),
            (_, 408) => Self::Timeout,
            (_, 500..) => Self::Server(text),
            _ => Self::Other(text),
        }
    }
}

/// The TLS error inside an I/O error, however often it was wrapped. `source` skips such wrappings.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut inner = error.downcast_ref::<io::Error>()?.get_ref()?;
    while let Some(wrapped) = inner.downcast_ref::<io::Error>() {
        inner = wrapped.get_ref()?;
    }
    inner.downcast_ref()
}

/// A registry's own words. The message of an internal error says nothing, its detail does.
fn describe(error: &oci_client::errors::OciError) -> String {
    let code = serde_json::to_value(&error.code).ok().and_then(|code| code.as_str().map(str::to_owned));
    let text = match &error.detail {
        serde_json::Value::String(detail) if says_nothing(&error.message) => detail.clone(),
        serde_json::Value::Object(detail) if says_nothing(&error.message) && !detail.is_empty() => {
            error.detail.to_string()
        }
        _ => error.message.clone(),
    };
    format!("{}: {text}", code.unwrap_or_default())
}

fn says_nothing(message: &str) -> bool {
    message.is_empty() || message == "unknown error"
}

/// Whether an answer speaks of a full disk or quota. Registries say so with a 500 or a 403, and the Distribution registry
/// with no more than the number of the system's error, ENOSPC.
fn says_full(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["no space left", "\"err\":28", "quota"].iter().any(|sign| text.contains(sign))
}

/// Whether a server that speaks TLS tells that it was asked without: Go's, nginx, Apache.
fn wants_tls(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["http request to an https server", "http request was sent to https port", "plain http to an ssl-enabled server"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// Enough of a body to recognise who wrote it, without the full stop, as a clause.
fn first_line(text: &str) -> &str {
    let line = text.trim().lines().next().unwrap_or_default().trim_end_matches('.');
    line.char_indices().nth(300).map_or(line, |(end, _)| line.get(..end).unwrap_or(line))
}

fn with_port(host: &str) -> String {
    if host.contains(':') { host.to_owned() } else { format!("{host}:443") }
}

/// The name of an Azure registry, in each of Azure's clouds.
fn acr(host: &str) -> Option<&str> {
    [".azurecr.io", ".azurecr.cn", ".azurecr.us"].iter().find_map(|suffix| host.strip_suffix(suffix))
}

fn acr_push(host: &str) -> &'static str {
    if acr(host).is_some() { " (role AcrPush)" } else { "" }
}

fn az(host: &str) -> String {
    acr(host).map(|name| format!(" or `az acr login --name {name}`")).unwrap_or_default()
}
