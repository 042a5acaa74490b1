//! The core's YAML reader, held against a complete one: what ours accepts, it reads the same.

use isolation::yaml::to_json;
use serde_json::Value;

/// Compares the two readers. Whether ours accepted, or how they disagree.
fn agree(text: &str) -> Result<bool, String> {
    let Ok(json) = to_json(text) else { return Ok(false) };
    let ours: Value = serde_json::from_str(&json).map_err(|error| format!("{text:?} became {json:?}: {error}"))?;
    match yaml_serde::from_str::<Value>(text) {
        Ok(theirs) if ours == theirs => Ok(true),
        Ok(theirs) => Err(format!("{text:?} is {ours} to ours, {theirs} to the other")),
        // Ours leaves finding a key that is named twice to what reads the JSON.
        Err(error) if error.to_string().contains("duplicate entry") => Ok(true),
        Err(error) => Err(format!("only ours accepts {text:?}: {error}")),
    }
}

#[test]
fn both_readers_agree_on_every_case_file() -> Result<(), Box<dyn std::error::Error>> {
    let (mut read, mut all) = (0, 0);
    for policy in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/e2e-tests/cases"))? {
        for file in std::fs::read_dir(policy?.path())? {
            let text = std::fs::read_to_string(file?.path())?;
            // The answers hold block scalars, which ours refuses.
            let head = text.split("\nexpect:").next().unwrap_or_default();
            all += 1;
            read += usize::from(agree(head)?);
        }
    }
    println!("{read} of {all}");
    assert!(read > all / 2, "{read} of {all}");
    Ok(())
}

#[test]
fn both_readers_agree_on_texts_of_every_shape() {
    // Words that YAML 1.1 and 1.2 read differently stand in the core's own tests.
    let pieces = [
        "a",
        "b: ",
        "c:",
        "- ",
        "-",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ",",
        "'it''s'",
        "\"q\\n\"",
        " # x",
        "#",
        "1",
        "2.5",
        "true",
        "null",
        "~",
        ":",
        ": ",
        "d: e",
        "\n- ",
        "'",
        "\"",
        "x y",
        "---\n",
        "\t",
        "\n\n",
        "f: {g: h}",
        "? ",
        "&",
        "*",
        "!",
        "|",
        ">",
        "%",
        "@",
        "\\",
        "é",
        "-3",
        "<<: ",
    ];
    let mut seed: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut accepted = 0;
    let mut disagreements = Vec::new();
    for _ in 0..400_000 {
        let mut text = String::new();
        for _ in 0..(seed >> 20) % 12 + 1 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let index = (seed >> 33) as usize % pieces.len();
            text.push_str(pieces[index]);
        }
        match agree(&text) {
            Ok(read) => accepted += usize::from(read),
            Err(disagreement) => disagreements.push(disagreement),
        }
    }
    disagreements.sort_by_key(String::len);
    disagreements.truncate(20);
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    println!("{accepted} accepted");
    assert!(accepted > 20_000, "{accepted}");
}
