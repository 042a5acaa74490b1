//! Volumes that name their storage themselves: PersistentVolumes, and volumes in pods.

use isolation::json::Kind;
use isolation::placeholder::is_placeholder;
use isolation::{Document, Findings, Level, Rule, Value};

use crate::context::Context;
use crate::drivers::{self, Driver, driver, host_parameters};
use crate::parameters::{ACCOUNT_KEYS, Parameters};
use crate::{
    Settings, claims, colliding_parameters, foreign_endpoint, hosts, inline_volume, public_endpoint, unproven_volume,
};

/// Judges a PersistentVolume.
pub fn persistent(object: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(object, "spec") else { return };
    let options = findings.descend(object, &["metadata", "annotations"]);
    let options = options.and_then(|annotations| findings.text(annotations, OPTIONS)).map(|(value, _)| value);
    Volume { holder: spec, options, inline: false, settings: context.settings }.judge(findings);
}

/// Judges a volume of a pod, of a pod template, or of a custom resource that passes it to a pod.
pub fn inline(volume: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    if !findings.expect(volume, Kind::Object) {
        return;
    }
    if let Some(ephemeral) = findings.object(volume, "ephemeral") {
        claim_of(ephemeral, context, findings);
    }
    // With another secret or protocol it is another volume, which the update adds.
    findings.as_part_of(&[volume], |findings| {
        Volume { holder: volume, options: None, inline: true, settings: context.settings }.judge(findings);
    });
}

/// Judges the `volumeClaimTemplate` of an ephemeral volume or of a workspace.
pub fn claim_of(holder: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    if findings.expect(holder, Kind::Object)
        && let Some(claim) = findings.object(holder, "volumeClaimTemplate")
    {
        claims::claim(claim, context, findings);
    }
}

const ACCOUNT: &str = "nothing here proves that this account has a private endpoint";
const HOST: &str = "nothing here proves that this host is reached over a private endpoint";

/// The fix for a volume in a pod.
const INSTEAD: &str = "Use a claim of a class with networkEndpointType: privateEndpoint, or a server that the \
                       policy's setting servers lists";

/// The driver of Azure Blob before CSI.
const BLOB_FLEX_DRIVER: &str = "azure/blobfuse";

/// The annotation of a PersistentVolume with mount options, separated by commas. The kubelet prefers it to the field. Only
/// drivers inside the kubelet know it, of which NFS is the one that mounts from a host in its options.
/// <https://github.com/kubernetes/kubernetes/blob/master/pkg/volume/util/util.go> (`MountOptionFromSpec`)
const OPTIONS: &str = "volume.beta.kubernetes.io/mount-options";

/// A volume that is judged.
struct Volume<'d, 's> {
    /// The object with the members `csi`, `azureFile`, `nfs`, `iscsi`, `flexVolume` and `mountOptions`.
    holder: Value<'d>,
    /// The annotation with mount options.
    options: Option<Value<'d>>,
    inline: bool,
    settings: &'s Settings<'s>,
}

/// The account in a PersistentVolume's handle, which counts where nothing else names one.
enum Handle<'d> {
    /// None: the handle does not have the form `resource-group#account#share`, and the driver ignores it.
    Silent,
    /// This account.
    Account(Value<'d>, String),
    /// A text that is not an account's name.
    NoAccount(Value<'d>, String),
}

impl<'d> Volume<'d, '_> {
    fn rule(&self) -> (&'static Rule, Level) {
        if self.inline {
            (&inline_volume::RULE, self.settings.inline_volumes)
        } else {
            (&unproven_volume::RULE, self.settings.static_volumes)
        }
    }

    fn judge(&self, findings: &mut Findings) {
        if let Some(csi) = findings.object(self.holder, "csi") {
            self.csi(csi, findings);
        }
        if let Some(share) = findings.object(self.holder, "azureFile") {
            foreign_endpoint::check_mount_options(self.holder, self.settings, findings);
            if let Some((value, text)) = findings.text(share, "shareName") {
                foreign_endpoint::check_name(value, &text, Driver::File, findings);
            }
            let what = "only a secret names the storage account of this share, so nothing proves a private endpoint";
            let listing = "Write it as csi with driver: file.csi.azure.com and storageAccount, and list that";
            self.doubt(share, what, listing, findings);
        }
        if let Some(nfs) = findings.object(self.holder, "nfs")
            && !self.settings.nfs_service_endpoint
        {
            if let Some((value, host)) = findings.text(nfs, "server") {
                self.by_host(value, &host, findings);
            }
            self.mount_options(findings);
            if let Some(options) = self.options {
                self.options(options, &options.as_str().unwrap_or_default(), findings);
            }
        }
        if let Some(iscsi) = findings.object(self.holder, "iscsi") {
            if let Some((value, portal)) = findings.text(iscsi, "targetPortal") {
                self.by_host(value, &portal, findings);
            }
            for portal in findings.list(iscsi, "portals") {
                if findings.expect(portal, Kind::String) {
                    self.by_host(portal, &portal.as_str().unwrap_or_default(), findings);
                }
            }
        }
        if let Some(flex) = findings.object(self.holder, "flexVolume") {
            self.flex(flex, findings);
        }
    }

    fn csi(&self, csi: Value<'d>, findings: &mut Findings) {
        let Some((driver_value, text)) = findings.text(csi, "driver") else { return };
        if let Some(names) = host_parameters(&text) {
            if text != drivers::NFS || !self.settings.nfs_service_endpoint {
                self.of_another_driver(csi, names, findings);
            }
            return;
        }
        let Some(driver @ (Driver::File | Driver::Blob)) = driver(&text) else { return };
        let before = findings.denials();
        let parameters = Parameters::read(findings, csi, "volumeAttributes");
        colliding_parameters::check(&parameters, Some(driver), findings);
        foreign_endpoint::check(&parameters, self.settings, findings);
        let account = parameters.account();
        let handle = if account.is_none() { self.handle(csi, findings) } else { Handle::Silent };
        let name = match &handle {
            Handle::Account(_, account) => Some(account.as_str()),
            Handle::NoAccount(value, text) => {
                foreign_endpoint::check_handle(*value, text, findings);
                None
            }
            Handle::Silent => account.map(|account| &*account.text),
        };
        foreign_endpoint::check_servers(&parameters, name, true, self.settings, findings);
        foreign_endpoint::check_mount_options(self.holder, self.settings, findings);
        for options in parameters.given("mountOptions") {
            foreign_endpoint::check_options(options.value, &options.text, self.settings, findings);
        }
        if !parameters.is_nfs() {
            foreign_endpoint::check_names(&parameters, driver, findings);
            if let Some(value) = csi.field("volumeHandle")
                && let Some(text) = value.as_str()
            {
                foreign_endpoint::check_name(value, &text, driver, findings);
            }
        }
        if findings.denials() > before || self.is_proven(&parameters, driver, &handle) {
            return;
        }
        match (account.filter(|_| !self.inline), parameters.given("server").next(), handle) {
            (Some(account), ..) if driver == Driver::File && parameters.given(ACCOUNT_KEYS[0]).next().is_none() => {
                let what = "Azure Files does not know this parameter, so nothing here names the account";
                self.doubt(account.value, what, "Write it as storageAccount and list it", findings);
            }
            (Some(account), ..) => self.doubt(account.value, ACCOUNT, "List it", findings),
            (None, Some(server), _) => self.doubt_host(server.value, &server.text, findings),
            (None, None, Handle::Account(handle, _)) => {
                let what = "nothing here proves that the account in this handle has a private endpoint";
                self.doubt(handle, what, "List the account", findings);
            }
            (None, None, Handle::NoAccount(handle, text)) => {
                let what = if is_placeholder(&text) {
                    "a placeholder that was not replaced, where the driver expects the account"
                } else {
                    "the second part is not an account's name, but the driver uses it as one"
                };
                self.doubt(handle, what, "Write volumeAttributes.storageAccount and list that", findings);
            }
            (None, None, Handle::Silent) => {
                let what = if self.inline {
                    "names no server, and only a secret names the account, so nothing proves a private endpoint"
                } else {
                    "names neither an account nor a server that could be listed as private"
                };
                self.doubt(driver_value, what, "Write its storageAccount and list that", findings);
            }
        }
    }

    /// Reads the handle as the drivers do, which expect at least two `#`.
    fn handle(&self, csi: Value<'d>, findings: &mut Findings) -> Handle<'d> {
        if self.inline {
            return Handle::Silent;
        }
        let Some((value, text)) = findings.text(csi, "volumeHandle") else { return Handle::Silent };
        let mut parts = text.split('#').skip(1);
        let (Some(account), Some(_)) = (parts.next(), parts.next()) else { return Handle::Silent };
        if account.is_empty() {
            Handle::Silent
        } else if hosts::is_account(account) {
            Handle::Account(value, account.to_owned())
        } else {
            Handle::NoAccount(value, account.to_owned())
        }
    }

    /// Whether something proves a private endpoint.
    fn is_proven(&self, parameters: &Parameters<'_>, driver: Driver, handle: &Handle<'_>) -> bool {
        let settings = self.settings;
        if parameters.is_nfs() && settings.nfs_service_endpoint {
            return true;
        }
        let mut servers = parameters.given("server").peekable();
        let named = servers.peek().is_some();
        if named && servers.all(|server| hosts::is_listed(&server.text, settings)) {
            return true;
        }
        // A secret may name another account, and for a volume in a pod the secret takes precedence.
        if self.inline {
            return false;
        }
        if parameters.account().is_some() {
            return settings.lists_account_of(parameters, driver);
        }
        let Handle::Account(_, account) = handle else {
            return matches!(handle, Handle::Silent) && self.is_provisioned(parameters);
        };
        self.is_provisioned(parameters) || (!named && settings.lists_account(account))
    }

    /// Whether a volume looks as the driver provisions it from a private class: its parameters, and perhaps the private link
    /// name.
    fn is_provisioned(&self, parameters: &Parameters<'_>) -> bool {
        let mut types = parameters.all("networkEndpointType").peekable();
        let is_private = types.peek().is_some() && types.all(public_endpoint::is_private);
        is_private && parameters.given("server").all(|server| hosts::is_private_link(&server.text, self.settings))
    }

    /// Judges a volume of another driver, which may mount Azure Storage by its host.
    fn of_another_driver(&self, csi: Value<'d>, names: &[&str], findings: &mut Findings) {
        let parameters = Parameters::read(findings, csi, "volumeAttributes");
        colliding_parameters::check(&parameters, None, findings);
        for (name, source) in names.iter().flat_map(|name| parameters.given(name).map(move |source| (name, source))) {
            if *name != drivers::PORTALS {
                self.by_host(source.value, &source.text, findings);
            } else if let Ok(portals) = Document::read(source.text.as_bytes()) {
                for portal in portals.root().items() {
                    self.by_host(source.value, &portal.as_str().unwrap_or_default(), findings);
                }
            } else {
                let what = "not a JSON list, so the hosts in it are unknown";
                let (rule, doubt) = self.rule();
                doubt.report(rule, source.value, what, "Write \"[]\", or a JSON list of portals", findings);
            }
        }
        for options in parameters.given("mountOptions") {
            self.options(options.value, &options.text, findings);
        }
        self.mount_options(findings);
    }

    /// Judges a flexible volume. Its options are specific to its driver, so every value is read as a host.
    fn flex(&self, flex: Value<'d>, findings: &mut Findings) {
        if let Some((value, driver)) = findings.text(flex, "driver")
            && driver == BLOB_FLEX_DRIVER
        {
            let what =
                "only a secret names the storage account of this container, so nothing proves a private endpoint";
            return self.doubt(
                value,
                what,
                "Write it as csi with driver: blob.csi.azure.com, and list its account",
                findings,
            );
        }
        for (_, value) in findings.object(flex, "options").into_iter().flat_map(|options| options.entries()) {
            if let Some(text) = value.as_str() {
                self.by_host(value, &text, findings);
            }
        }
    }

    fn mount_options(&self, findings: &mut Findings) {
        for options in findings.list(self.holder, "mountOptions") {
            if findings.expect(options, Kind::String) {
                self.options(options, &options.as_str().unwrap_or_default(), findings);
            }
        }
    }

    fn options(&self, value: Value<'_>, options: &str, findings: &mut Findings) {
        if let Some(host) = foreign_endpoint::unproven_host(options, self.settings) {
            self.doubt_host(value, host, findings);
        }
    }

    fn by_host(&self, value: Value<'_>, text: &str, findings: &mut Findings) {
        if hosts::is_unproven(text, self.settings) {
            self.doubt_host(value, text, findings);
        }
    }

    /// Reports an unlisted host in a text.
    fn doubt_host(&self, value: Value<'_>, text: &str, findings: &mut Findings) {
        let (rule, doubt) = self.rule();
        let fix = if self.inline { INSTEAD } else { hosts::how_to_vouch(text, self.settings) };
        doubt.report(rule, value, HOST, fix, findings);
    }

    /// Reports a volume that may be public. `listing` begins the sentence that says what to list.
    fn doubt(&self, field: Value<'_>, what: &str, listing: &str, findings: &mut Findings) {
        let (rule, doubt) = self.rule();
        if self.inline {
            doubt.report(rule, field, what, INSTEAD, findings);
        } else {
            let fix = [listing, " in the policy's setting storageAccounts once it has a private endpoint"].concat();
            doubt.report(rule, field, what, fix, findings);
        }
    }
}
