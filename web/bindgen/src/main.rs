//! `isolation-bindgen MODULE FOLDER`: writes `isolation_bg.wasm` and the JavaScript that calls it, `isolation.js`, into the
//! folder.

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else { bail!("expected a module and a folder") };
    Bindgen::new()
        .input_path(module)
        .out_name("isolation")
        // One module that is handed its bytes: a page opened as a file may fetch nothing.
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .generate(folder)
        .with_context(|| format!("cannot write the JavaScript around {module}"))
}
