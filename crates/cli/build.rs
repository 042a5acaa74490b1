//! Embeds every policy's module.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut names: Vec<String> = std::fs::read_dir(root.join("policies"))
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    let mut code = String::from("/// Every policy's module.\npub const EMBEDDED: &[Embedded] = &[\n");
    for name in names {
        let policy = root.join("policies").join(&name);
        if !policy.join("metadata.yml").exists() {
            continue;
        }
        let module = root.join("dist").join(&name).with_extension("wasm");
        println!("cargo::rerun-if-changed={}", module.display());
        if !module.exists() {
            println!("cargo::error=dist/{name}.wasm is missing: build the modules first, with `make`");
            continue;
        }
        let _ = writeln!(code, "    Embedded {{ name: {name:?}, bytes: include_bytes!({module:?}) }},");
    }
    code.push_str("];\n");
    println!("cargo::rerun-if-changed={}", root.join("policies").display());
    let out = std::env::var("OUT_DIR").map(|out| Path::new(&out).join("embedded.rs"));
    match out.map(|out| std::fs::write(out, code)) {
        Ok(Ok(())) => {}
        other => println!("cargo::error=the list of modules cannot be written: {other:?}"),
    }
}
