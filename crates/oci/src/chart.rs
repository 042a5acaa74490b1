//! A Helm chart as a registry holds it, so that `helm install oci://…` takes it from where the modules are.
//!
//! <https://helm.sh/docs/topics/registries/>. The package is the same bytes for the same files: no times, no owners.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};

use bytes::Bytes;
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::OciImageManifest;
use serde::Deserialize;

use crate::image::{Blob, Image, canonical};
use crate::module::{is_repository_name, is_tag};
use crate::tarball::tar;

const CONFIG_TYPE: &str = "application/vnd.cncf.helm.config.v1+json";
/// The type of the layer that holds the package.
pub(crate) const LAYER_TYPE: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// The most bytes that a package unpacks into. Ours has some ten thousand.
const LARGEST: u64 = 64 << 20;

/// What is read of the chart's metadata.
#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    sources: Vec<String>,
}

/// A chart that can be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    name: String,
    version: String,
    annotations: BTreeMap<String, String>,
    config: Bytes,
    package: Bytes,
}

impl Chart {
    /// Packages the files of a chart; `metadata` is the content of its `Chart.yaml`, as JSON.
    ///
    /// # Errors
    ///
    /// Metadata without a name and a version, and a path that does not go into a package.
    pub fn package(metadata: &[u8], files: &BTreeMap<&str, String>) -> io::Result<Self> {
        let name = read(metadata)?.name;
        let entries = files.iter().map(|(path, text)| (format!("{name}/{path}"), text.clone().into())).collect();
        let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
        gzip.write_all(&tar(&entries)?)?;
        Self::of(metadata.to_vec().into(), gzip.finish()?.into())
    }

    /// A chart of what a registry or an archive has of it.
    pub(crate) fn of(config: Bytes, package: Bytes) -> io::Result<Self> {
        let metadata = read(&config)?;
        // The version is the tag, as it is: no letter stands before it as before a module's.
        let is_tag = is_tag(&metadata.version) && !metadata.version.starts_with(['.', '-']);
        if !is_repository_name(&metadata.name) || !is_tag {
            let (name, version) = (&metadata.name, &metadata.version);
            return Err(io::Error::other(format!(
                "no registry takes a chart of name {name:?} and version {version:?}"
            )));
        }
        let mut annotations = BTreeMap::from([
            ("org.opencontainers.image.title".to_owned(), metadata.name.clone()),
            ("org.opencontainers.image.version".to_owned(), metadata.version.clone()),
            ("org.opencontainers.image.description".to_owned(), metadata.description),
        ]);
        if let Some(source) = metadata.sources.into_iter().next() {
            annotations.insert("org.opencontainers.image.source".to_owned(), source);
        }
        // Whatever else it is, it must be whole. Few bytes can unpack into more than any memory holds, so nothing of it is kept,
        // and it ends somewhere.
        let unpacked = io::copy(&mut GzDecoder::new(package.as_ref()).take(LARGEST + 1), &mut io::sink())?;
        if unpacked > LARGEST {
            return Err(io::Error::other(format!("a chart's package unpacks into more than {} MiB", LARGEST >> 20)));
        }
        Ok(Self { name: metadata.name, version: metadata.version, annotations, config, package })
    }

    /// Its name, which is the last part of its repository.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version, which is the tag that Helm asks for.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The package: `NAME-VERSION.tgz`.
    pub fn bytes(&self) -> &Bytes {
        &self.package
    }

    pub(crate) fn image(&self) -> Image {
        let layer = Blob::new(self.package.clone());
        let config = Blob::new(self.config.clone());
        let manifest = OciImageManifest::build(
            &[ImageLayer::new(layer.bytes.clone(), LAYER_TYPE.to_owned(), None)],
            &Config::new(config.bytes.clone(), CONFIG_TYPE.to_owned(), None),
            Some(self.annotations.clone()),
        );
        Image {
            name: self.name.clone(),
            tag: self.version.clone(),
            is_module: false,
            manifest: Blob::new(canonical(&manifest)),
            blobs: vec![layer, config],
        }
    }
}

fn read(metadata: &[u8]) -> io::Result<Metadata> {
    serde_json::from_slice(metadata).map_err(io::Error::other)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn chart() -> Chart {
        let files = BTreeMap::from([("Chart.yaml", "name: c\n".to_owned()), ("templates/a.yaml", String::new())]);
        Chart::package(br#"{"apiVersion":"v2","name":"c","version":"1.0.0"}"#, &files).unwrap()
    }

    #[test]
    fn a_package_holds_its_files_below_the_charts_name_and_nothing_of_the_machine() {
        assert_eq!(chart(), chart());
        let package = chart();
        assert_eq!(&package.bytes()[4..8], [0; 4], "the time");
        let mut tar = tar::Archive::new(GzDecoder::new(package.bytes().as_ref()));
        let paths = tar.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string());
        assert_eq!(paths.collect::<Vec<_>>(), ["c/Chart.yaml", "c/templates/a.yaml"]);
    }

    #[test]
    fn the_manifest_is_of_the_types_that_helm_asks_for() {
        let manifest: serde_json::Value = serde_json::from_slice(&chart().image().manifest.bytes).unwrap();
        assert_eq!(manifest["config"]["mediaType"], CONFIG_TYPE);
        assert_eq!(manifest["layers"][0]["mediaType"], LAYER_TYPE);
        assert_eq!(chart().image().tag, "1.0.0");
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let whole = chart();
        let cut = whole.bytes().slice(..whole.bytes().len() - 9);
        assert!(Chart::of(whole.config.clone(), cut).is_err());
        assert!(Chart::of(Bytes::from_static(b"{}"), whole.bytes().clone()).is_err());
    }

    #[test]
    fn a_package_that_unpacks_without_end_is_refused() {
        let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
        let zeros = vec![0; 1 << 20];
        (0..=LARGEST >> 20).for_each(|_| gzip.write_all(&zeros).unwrap());
        let bomb = gzip.finish().unwrap();
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        let refused = Chart::of(chart().config, bomb.into()).unwrap_err().to_string();
        assert!(refused.contains("more than 64 MiB"), "{refused}");
    }

    #[test]
    fn a_name_or_version_that_leads_elsewhere_is_refused() {
        for (name, version) in
            [("../other", "1.0.0"), ("a/b", "1.0.0"), ("C", "1"), ("", "1"), ("c", "1:2"), ("c", ""), ("c", "-1")]
        {
            let metadata = serde_json::json!({"name": name, "version": version}).to_string();
            let refused = Chart::of(metadata.into(), chart().package).unwrap_err().to_string();
            assert!(refused.contains("no registry takes"), "{name} {version}: {refused}");
        }
    }
}
