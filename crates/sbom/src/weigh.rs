//! How many bytes of code each crate has in a module that was built with its names.

use std::collections::BTreeMap;

use wasmparser::{KnownCustom, Name, Parser, Payload};

/// What a function belongs to whose name says no crate: the linker's own, and C's.
const OTHER: &str = "(none)";

/// The bytes of a module's code, by the crate in whose path the function is. A generic function counts for the crate that
/// wrote it, and an implementation of a foreign trait for the crate of the type.
///
/// # Errors
///
/// Bytes that are not a module, or a module without names.
pub fn weigh(module: &[u8]) -> Result<BTreeMap<String, usize>, String> {
    let mut sizes = Vec::new();
    let mut imported = 0;
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(|error| error.to_string())? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(|error| error.to_string())?;
                    imported += usize::from(matches!(import.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.range().len()),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(reader) = section.as_known() {
                    read_names(reader, &mut names)?;
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        return Err("the module contains no names; build it with CARGO_PROFILE_WASM_STRIP=debuginfo".to_owned());
    }
    let mut crates = BTreeMap::new();
    for (at, size) in sizes.into_iter().enumerate() {
        let of = names.get(&(imported + at)).map_or(OTHER, |name| owner(name));
        *crates.entry(of.to_owned()).or_default() += size;
    }
    Ok(crates)
}

fn read_names(reader: wasmparser::NameSectionReader<'_>, names: &mut BTreeMap<usize, String>) -> Result<(), String> {
    for subsection in reader {
        if let Name::Function(map) = subsection.map_err(|error| error.to_string())? {
            for naming in map {
                let naming = naming.map_err(|error| error.to_string())?;
                let name = format!("{:#}", rustc_demangle::demangle(naming.name));
                names.insert(usize::try_from(naming.index).map_err(|error| error.to_string())?, name);
            }
        }
    }
    Ok(())
}

/// The crate of a function's path: `serde_json::de::from_str`, `<alloc::string::String as core::fmt::Display>::fmt`.
fn owner(name: &str) -> &str {
    let path =
        name.trim_start_matches(['<', '&', '[', '(', '*', ' ']).trim_start_matches("mut ").trim_start_matches("dyn ");
    let end = path.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(path.len());
    match path.split_at(end) {
        (owner, rest) if !owner.is_empty() && rest.starts_with("::") => owner,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn a_function_belongs_to_the_crate_of_its_path() {
        assert_eq!(owner("serde_json::de::from_str"), "serde_json");
        assert_eq!(owner("<alloc::string::String as core::fmt::Display>::fmt"), "alloc");
        assert_eq!(owner("<&mut isolation::Value as core::fmt::Debug>::fmt"), "isolation");
        assert_eq!(owner("__rust_alloc"), "(none)");
        assert_eq!(owner("memcpy"), "(none)");
    }
}
