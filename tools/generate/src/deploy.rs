//! `deploy/`: what an operator copies. The list for Hauler that carries a release across an air gap, and the chart as Argo CD
//! and Flux deploy it.
//!
//! What is not ours in it is pinned to one release of Kubewarden, the one that the suites ran.

use anyhow::{Context, Result};
use isolation_all_policies::POLICIES;
use isolation_deploy::chart;

use crate::GeneratedFile;
use crate::release::Release;

/// Kubewarden's release, its chart's version, and where its images are.
const KUBEWARDEN: &str = "v1.37.2";
const KUBEWARDEN_CHART: &str = "6.0.2";

/// The files.
///
/// # Errors
///
/// Metadata that is not right.
pub fn files(release: &Release) -> Result<Vec<GeneratedFile>> {
    let version = release.version.as_str();
    Ok(vec![
        GeneratedFile { path: "deploy/hauler.yaml".into(), text: hauler(version)? },
        GeneratedFile { path: "deploy/argo-cd.yaml".into(), text: argo_cd(version) },
        GeneratedFile { path: "deploy/flux.yaml".into(), text: flux(version) },
    ])
}

fn hauler(version: &str) -> Result<String> {
    let first = POLICIES.first().context("there are no policies")?.metadata()?;
    let source = first.annotation("io.kubewarden.policy.source").to_owned();
    let (registry, _) =
        first.annotation("io.kubewarden.policy.ociUrl").rsplit_once('/').context("an ociUrl has a host")?;
    let registry = registry.to_owned();
    let mut modules = String::new();
    for entry in POLICIES {
        let metadata = entry.metadata()?;
        let url = metadata.annotation("io.kubewarden.policy.ociUrl");
        modules += &format!("    - name: {url}:v{version}\n");
    }
    let controller = ["audit-scanner", "controller", "policy-server"].map(|image| {
        format!(
            "    - name: ghcr.io/kubewarden/adm-controller/{image}:{KUBEWARDEN}\n      certificate-identity-regexp: \
             https://github.com/kubewarden/adm-controller/.github/workflows/release.yml@refs/tags/{KUBEWARDEN}\n"
        )
    });
    Ok(format!(
        "\
# Written by `make generate`. All that a network isolated cluster needs of release {version}, for Hauler:
#
#   hauler store sync --filename hauler.yaml          where the internet can be reached
#   hauler store save --filename isolation.tar.zst
#   hauler store load --filename isolation.tar.zst    inside
#   hauler store copy registry://myacr.azurecr.io
#
# https://docs.hauler.dev. Hauler verifies the signatures when it syncs, and carries them along.
apiVersion: content.hauler.cattle.io/v1
kind: Images
metadata:
  name: network-isolation-policies
  annotations:
    hauler.dev/certificate-oidc-issuer: https://token.actions.githubusercontent.com
    hauler.dev/certificate-identity-regexp: {source}/.github/workflows/release.yml@refs/tags/v{version}
spec:
  images:
{modules}\
---
apiVersion: content.hauler.cattle.io/v1
kind: Charts
metadata:
  name: network-isolation-policies
spec:
  charts:
    - name: {name}
      repoURL: oci://{registry}
      version: {version}
---
# Kubewarden itself.
apiVersion: content.hauler.cattle.io/v1
kind: Images
metadata:
  name: kubewarden
  annotations:
    hauler.dev/certificate-oidc-issuer: https://token.actions.githubusercontent.com
spec:
  images:
{controller}\
---
# Run once by Kubewarden's chart, when it is uninstalled. Nobody signs this image.
apiVersion: content.hauler.cattle.io/v1
kind: Images
metadata:
  name: kubewarden-not-signed
spec:
  images:
    - name: ghcr.io/rancher/kuberlr-kubectl:v8.1.1
---
apiVersion: content.hauler.cattle.io/v1
kind: Charts
metadata:
  name: kubewarden
spec:
  charts:
    - name: admission-controller
      repoURL: https://charts.kubewarden.io
      version: {KUBEWARDEN_CHART}
",
        name = chart::NAME,
        controller = controller.concat(),
    ))
}

fn argo_cd(version: &str) -> String {
    format!(
        "\
# Written by `make generate`. The chart from your own registry, deployed by Argo CD. Its repository needs credentials that
# may read `policies/*`: `argocd repo add myacr.azurecr.io/policies --type helm --enable-oci --name policies`.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: network-isolation-policies
  namespace: argocd
spec:
  project: default
  source:
    repoURL: myacr.azurecr.io/policies
    chart: {name}
    targetRevision: {version}
    helm:
      releaseName: isolation
      # The content of isolation.yaml.
      valuesObject:
        registry: myacr.azurecr.io/policies
        mode: monitor
        registries: [myacr.azurecr.io]
  destination:
    server: https://kubernetes.default.svc
    namespace: kubewarden
  syncPolicy:
    automated:
      # Policies and families that are disabled go.
      prune: true
      selfHeal: true
    syncOptions:
      - ServerSideApply=true
",
        name = chart::NAME
    )
}

fn flux(version: &str) -> String {
    format!(
        "\
# Written by `make generate`. The chart from your own registry, deployed by Flux.
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: {name}
  namespace: kubewarden
spec:
  interval: 1h
  url: oci://myacr.azurecr.io/policies/{name}
  # The controllers' own identity at Azure; or a secretRef with a token of the registry.
  provider: azure
  ref:
    semver: {version}
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: isolation
  namespace: kubewarden
spec:
  interval: 1h
  releaseName: isolation
  chartRef:
    kind: OCIRepository
    name: {name}
  # An upgrade that fails goes back to what was there, but a policy that already protects stays so.
  upgrade:
    remediation:
      retries: 3
      strategy: rollback
  # The content of isolation.yaml.
  values:
    registry: myacr.azurecr.io/policies
    mode: monitor
    registries: [myacr.azurecr.io]
",
        name = chart::NAME
    )
}
