//! Embeds the policies' modules that `make` has left in `dist/`. Where there are none the program is built all the same: it
//! judges by the policies that are linked into it, and has no modules to publish. Neither `cargo install`, an editor nor
//! clippy should need a build of everything.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut modules: Vec<_> = std::fs::read_dir(&dist)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    modules.retain(|path| path.extension().is_some_and(|ending| ending == "wasm"));
    modules.sort();
    let mut code = String::from("/// The modules that were there.\npub const EMBEDDED: &[Embedded] = &[\n");
    for module in modules {
        let name = module.file_stem().unwrap_or_default();
        let _ = writeln!(code, "    Embedded {{ name: {name:?}, bytes: include_bytes!({module:?}) }},");
    }
    code.push_str("];\n");
    let out = std::env::var("OUT_DIR").map(|out| Path::new(&out).join("embedded.rs"));
    match out.map(|out| std::fs::write(out, code)) {
        Ok(Ok(())) => {}
        other => println!("cargo::error=the list of modules cannot be written: {other:?}"),
    }
}
