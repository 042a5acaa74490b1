//! The tutorial, up to where it needs a cluster: in an empty folder, its files are saved and its commands run.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What stands between the fences of a page.
struct Block<'t> {
    language: &'t str,
    /// The paragraph above it.
    before: &'t str,
    text: &'t str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let parts: Vec<_> = page.split("```").collect();
    (parts.chunks_exact(2))
        .filter_map(|pair| {
            let (language, text) = pair[1].split_once('\n')?;
            Some(Block { language, before: pair[0].trim_end().rsplit("\n\n").next()?, text })
        })
        .collect()
}

#[test]
fn the_tutorial_prints_what_it_says() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tutorial.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut saved, mut ran) = (0, 0);
    for Block { language, before, text } in blocks(&page) {
        match language {
            "yaml" => {
                let name = before.split('`').find(|word| word.ends_with(".yaml")).unwrap();
                fs::write(folder.path().join(name), text).unwrap();
                saved += 1;
            }
            "console" => {
                let (command, expected) = text.split_once('\n').unwrap();
                let mut words = command.strip_prefix("$ isolation ").unwrap().split(' ');
                let mut isolation = Command::new(env!("CARGO_BIN_EXE_isolation"));
                let output =
                    isolation.args(&mut words).current_dir(folder.path()).env("COLUMNS", "100").output().unwrap();
                let printed = [output.stderr, output.stdout].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
                assert_eq!(printed, expected, "{command}");
                ran += 1;
            }
            _ => {}
        }
    }
    assert_eq!((saved, ran), (2, 4));
}
