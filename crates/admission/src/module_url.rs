//! What the URL of a module says.

use isolation_policy_module::{Metadata, VERSION};

/// The name of the module that a URL means.
pub fn name_of(url: &str) -> &str {
    name_and_tag(url).0
}

/// The version that a URL asks for and the one that its module has, if they differ.
pub fn other_version<'m>(url: &str, metadata: &'m Metadata) -> Option<(String, &'m str)> {
    let (_, tag) = name_and_tag(url);
    let tag = tag?.trim_start_matches('v');
    let version = metadata.annotations.get(VERSION)?;
    (tag != version && tag.starts_with(|c: char| c.is_ascii_digit())).then(|| (tag.to_owned(), version.as_str()))
}

/// `registry://HOST/PATH/NAME:TAG@DIGEST`: the name, and the tag if there is one.
fn name_and_tag(url: &str) -> (&str, Option<&str>) {
    let last = url.rsplit_once('/').map_or(url, |(_, last)| last);
    let last = last.split_once('@').map_or(last, |(name, _)| name);
    let (name, tag) = last.split_once(':').map_or((last, None), |(name, tag)| (name, Some(tag)));
    (name.strip_suffix(".wasm").unwrap_or(name), tag)
}

#[cfg(test)]
mod tests {
    use super::name_and_tag;

    #[test]
    fn a_name_is_what_stands_last() {
        let cases = [
            ("registry://myacr.azurecr.io/policies/private-images:v0.1.0", ("private-images", Some("v0.1.0"))),
            ("registry://localhost:5000/private-images@sha256:0a1b", ("private-images", None)),
            ("myacr.azurecr.io/private-images:v1@sha256:0a1b", ("private-images", Some("v1"))),
            ("https://example.com/dist/private-images.wasm", ("private-images", None)),
            ("private-images", ("private-images", None)),
        ];
        for (url, expected) in cases {
            assert_eq!(name_and_tag(url), expected, "{url}");
        }
    }
}
