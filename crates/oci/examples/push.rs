//! `push HOST[/PREFIX] FILE.wasm…`: pushes modules over plain HTTP and prints their references, one a line. For trying a
//! registry on loopback; `isolation publish` is for the others.

use std::error::Error;
use std::path::Path;

use isolation_oci::{Module, Options, Registry, Silent, push};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let registry: Registry = arguments.next().ok_or("give HOST[/PREFIX], then modules")?.parse()?;
    let modules = arguments.map(|path| Module::read(Path::new(&path))).collect::<Result<Vec<_>, _>>()?;
    let options = Options { plain_http: true, ..Options::default() };
    for published in push(&modules, &registry, &options, Silent::shared())? {
        println!("{published}");
    }
    Ok(())
}
