//! Volumes that name their storage themselves: PersistentVolumes, and volumes in pods.

use isolation::json::Kind;
use isolation::{Findings, Rule, Value};

use crate::claims::Judge;
use crate::drivers::{Driver, driver, host_parameter};
use crate::parameters::Parameters;
use crate::settings::Doubt;
use crate::{Settings, foreign_endpoint, hosts, inline_volume, public_endpoint, unproven_volume};

/// Judges a PersistentVolume.
pub fn persistent(object: Value<'_>, judge: Judge<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(object, "spec") else { return };
    let volume = Volume { holder: spec, inline: false, settings: judge.settings };
    volume.judge(findings);
}

/// Judges the volumes of a pod, of its template, or of a custom resource that hands them to one.
pub fn inline(volume: Value<'_>, judge: Judge<'_>, findings: &mut Findings) {
    if !findings.expect(volume, Kind::Object) {
        return;
    }
    if let Some(ephemeral) = findings.object(volume, "ephemeral") {
        claim_of(ephemeral, judge, findings);
    }
    let volume = Volume { holder: volume, inline: true, settings: judge.settings };
    volume.judge(findings);
}

/// Judges the `volumeClaimTemplate` of an ephemeral volume or of a workspace.
pub fn claim_of(holder: Value<'_>, judge: Judge<'_>, findings: &mut Findings) {
    if findings.expect(holder, Kind::Object)
        && let Some(claim) = findings.object(holder, "volumeClaimTemplate")
    {
        judge.claim(claim, findings);
    }
}

const ACCOUNT: &str = "nothing here proves that this account has a private endpoint";
const HOST: &str = "nothing here proves that this host is reached over a private endpoint";

/// A volume with its source under judgement.
struct Volume<'d, 's> {
    /// What has the members `csi`, `azureFile`, `nfs` and `mountOptions`.
    holder: Value<'d>,
    inline: bool,
    settings: &'s Settings<'s>,
}

impl<'d> Volume<'d, '_> {
    fn rule(&self) -> (&'static Rule, Doubt) {
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
            let what = "only a secret names the storage account of this share, so nothing proves a private endpoint";
            let listing = "Write it as csi with driver: file.csi.azure.com and storageAccount, and list that";
            self.doubt(share, what, listing, findings);
        }
        if let Some(nfs) = findings.object(self.holder, "nfs") {
            self.nfs(nfs, findings);
        }
    }

    fn csi(&self, csi: Value<'d>, findings: &mut Findings) {
        let Some((driver_value, text)) = findings.text(csi, "driver") else { return };
        if let Some(parameter) = host_parameter(&text) {
            return self.by_host(csi, parameter, findings);
        }
        let Some(Driver::File | Driver::Blob) = driver(&text) else { return };
        let before = findings.denials();
        let parameters = Parameters::read(findings, csi, "volumeAttributes");
        foreign_endpoint::check(&parameters, self.settings, findings);
        let account = parameters.account();
        let name = account.map(|account| &*account.text);
        foreign_endpoint::check_servers(&parameters, name, true, self.settings, findings);
        foreign_endpoint::check_mount_options(self.holder, self.settings, findings);
        for options in parameters.given("mountOptions") {
            foreign_endpoint::check_options(options.value, &options.text, self.settings, findings);
        }
        let handle = findings.text(csi, "volumeHandle").map(|(_, handle)| handle).unwrap_or_default();
        if findings.denials() > before || self.is_proven(&parameters, &handle) {
            return;
        }
        match (account.filter(|_| !self.inline), parameters.given("server").next()) {
            (Some(account), _) => self.doubt(account.value, ACCOUNT, "List it", findings),
            (None, Some(server)) => self.doubt(server.value, HOST, "List its account", findings),
            (None, None) => {
                let what = if self.inline {
                    "names no server, and a secret says which account it is, so nothing proves a private endpoint"
                } else {
                    "names neither an account nor a server that could be listed as private"
                };
                self.doubt(driver_value, what, "Write its storageAccount and list that", findings);
            }
        }
    }

    /// Whether something speaks for a private endpoint.
    fn is_proven(&self, parameters: &Parameters<'_>, handle: &str) -> bool {
        let settings = self.settings;
        if parameters.is_nfs() && settings.nfs_service_endpoint {
            return true;
        }
        let mut servers = parameters.given("server").peekable();
        let named = servers.peek().is_some();
        if named && servers.all(|server| hosts::is_listed(&server.text, settings)) {
            return true;
        }
        // A secret may name another account, and for a volume in a pod it is the secret that counts.
        if self.inline {
            return false;
        }
        if parameters.account().is_some() {
            return settings.lists_account_of(parameters);
        }
        // What the driver makes of a private class: its parameters, and perhaps the name of the private link. The account
        // is the second part of the handle.
        let mut types = parameters.all("networkEndpointType").peekable();
        let provisioned = types.peek().is_some() && types.all(public_endpoint::is_private);
        if provisioned && parameters.given("server").all(|server| hosts::is_private_link(&server.text)) {
            return true;
        }
        !named && handle.split('#').nth(1).is_some_and(|account| settings.lists_account(account))
    }

    fn nfs(&self, nfs: Value<'d>, findings: &mut Findings) {
        let Some((value, host)) = findings.text(nfs, "server") else { return };
        if !self.settings.nfs_service_endpoint && hosts::is_unproven(&host, self.settings) {
            self.doubt(value, HOST, "List its account", findings);
        }
    }

    /// Judges a volume of another driver, which may mount a share of Azure Files by its host.
    fn by_host(&self, csi: Value<'d>, parameter: &str, findings: &mut Findings) {
        let parameters = Parameters::read(findings, csi, "volumeAttributes");
        for source in parameters.given(parameter) {
            if hosts::is_unproven(hosts::host_of(&source.text), self.settings) {
                self.doubt(source.value, HOST, "List its account", findings);
            }
        }
    }

    /// Reports what may be public. `listing` begins the sentence that says what to list.
    fn doubt(&self, spot: Value<'_>, what: &str, listing: &str, findings: &mut Findings) {
        let (rule, doubt) = self.rule();
        if self.inline {
            let fix = "Use a claim of a class with networkEndpointType: privateEndpoint, or a server that the policy's \
                       setting servers lists";
            doubt.report(rule, spot, what, fix, findings);
        } else {
            let fix = [listing, " in the policy's setting storageAccounts once it has a private endpoint"].concat();
            doubt.report(rule, spot, what, &fix, findings);
        }
    }
}
