//! The document itself.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use cargo_metadata::Package;
use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::{Bom, SpecVersion, UrnUuid};
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use cyclonedx_bom::validation::Validate as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::workspace::{Crate, SbomError, Workspace};

impl Workspace {
    /// The document about a module or program, which is built from the package of this name.
    ///
    /// # Errors
    ///
    /// No such package, or what is linked into it states no readable licence.
    pub fn sbom(&self, name: &str, built: &[u8]) -> Result<Vec<u8>, SbomError> {
        let linked = self.linked(name)?;
        document(self, name, built, &linked)
    }
}

fn document(workspace: &Workspace, name: &str, built: &[u8], linked: &BTreeSet<Crate>) -> Result<Vec<u8>, SbomError> {
    let invalid = |cause: String| SbomError::Invalid { name: name.to_owned(), cause };
    let standard_library = standard_library(&workspace.compiler, &workspace.target);
    let standard_reference = standard_library.bom_ref.clone().unwrap_or_default();
    let mut root = None;
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for of in linked {
        let package = workspace.package(of).ok_or_else(|| SbomError::NoPackage(of.0.clone()))?;
        let mut uses: BTreeSet<Crate> = workspace.dependencies(package, linked);
        uses.remove(of);
        let mut uses: Vec<String> = uses.iter().map(|of| reference(workspace, of)).collect();
        if of.0 == name {
            root = Some(subject(package, built)?);
            uses.push(standard_reference.clone());
        } else {
            components.push(component(workspace, package, of)?);
        }
        dependencies.push(Dependency { dependency_ref: reference(workspace, of), dependencies: uses });
    }
    components.push(standard_library);
    dependencies.push(Dependency { dependency_ref: standard_reference, dependencies: Vec::new() });
    let mut bom = Bom {
        serial_number: None,
        metadata: Some(Metadata { component: root, ..Metadata::default() }),
        components: Some(Components(components)),
        dependencies: Some(Dependencies(dependencies)),
        spec_version: SpecVersion::V1_5,
        ..Bom::default()
    };
    let content = write(bom.clone()).map_err(invalid)?;
    // The same number means the same document.
    bom.serial_number = Some(UrnUuid::from(Uuid::new_v5(&Uuid::NAMESPACE_OID, &content)));
    let result = bom.validate_version(SpecVersion::V1_5);
    if !result.passed() {
        return Err(invalid(format!("{result:?}")));
    }
    write(bom).map_err(invalid)
}

fn write(bom: Bom) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    bom.output_as_json_v1_5(&mut bytes).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What the document is about: the package, and the bytes that are built from it.
fn subject(package: &Package, built: &[u8]) -> Result<Component, SbomError> {
    let (name, version) = (package.name.as_str(), package.version.to_string());
    let hash = Sha256::digest(built).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut component = Component::new(Classification::Application, name, &version, Some(generic(name, &version)));
    component.description = package.description.as_deref().map(NormalizedString::new);
    component.licenses = licenses(package)?;
    component.purl = purl(&format!("{}?checksum=sha256:{hash}", generic(name, &version)));
    component.hashes = sha256(&hash);
    Ok(component)
}

fn component(workspace: &Workspace, package: &Package, of: &Crate) -> Result<Component, SbomError> {
    let reference = reference(workspace, of);
    let mut component = Component::new(Classification::Library, &of.0, &of.1, Some(reference.clone()));
    component.description = package.description.as_deref().map(|text| NormalizedString::new(text.trim()));
    component.licenses = licenses(package)?;
    component.purl = purl(&reference);
    component.hashes = workspace.checksum(of).and_then(sha256);
    Ok(component)
}

/// Part of everything that is built, and of no lock file.
fn standard_library(version: &str, target: &str) -> Component {
    let reference = generic("rust-std", version);
    let mut component = Component::new(Classification::Library, "rust-std", version, Some(reference.clone()));
    let description = format!("The Rust standard library for {target}, with what the toolchain links into it");
    component.description = Some(NormalizedString::new(&description));
    component.licenses = Some(Licenses(vec![LicenseChoice::expression("MIT OR Apache-2.0")]));
    component.purl = purl(&reference);
    component
}

fn licenses(package: &Package) -> Result<Option<Licenses>, SbomError> {
    let Some(license) = &package.license else { return Ok(None) };
    let expression = SpdxExpression::parse_lax(license.clone())
        .map_err(|_| SbomError::License { package: package.name.to_string(), license: license.clone() })?;
    Ok(Some(Licenses(vec![LicenseChoice::Expression(expression)])))
}

fn sha256(hash: &str) -> Option<Hashes> {
    Some(Hashes(vec![Hash { alg: HashAlgorithm::SHA_256, content: HashValue(hash.to_owned()) }]))
}

/// A crate's package URL, which also is how the document refers to it. Crates of the workspace are not those that
/// crates.io may have under the same name, so they are not of the type `cargo`.
fn reference(workspace: &Workspace, of: &Crate) -> String {
    let (name, version) = of;
    if workspace.checksum(of).is_some() { format!("pkg:cargo/{name}@{version}") } else { generic(name, version) }
}

fn generic(name: &str, version: &str) -> String {
    format!("pkg:generic/{name}@{version}")
}

/// Package URLs write `+`, as versions have it, as `%2B`.
fn purl(text: &str) -> Option<Purl> {
    Purl::from_str(&text.replace('+', "%2B")).ok()
}
