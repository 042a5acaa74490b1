//! Changing YAML as people write it: line by line, with its own signs.

use crate::random::Random;

/// What YAML has a meaning for, and what readers of it have stumbled over.
const SIGNS: &[&str] = &[
    "&a ",
    "*a",
    "*a ",
    "<<: ",
    "!!str ",
    "!!binary ",
    "!t ",
    "| ",
    "|\n",
    ">-\n",
    "|2-\n",
    "|+\n",
    ">+ # c\n",
    "? ",
    "- ",
    "-\t",
    ": ",
    ":",
    " #",
    "# ",
    "'",
    "\"",
    "''",
    "{",
    "}",
    "[",
    "]",
    ",",
    "{}",
    "[]",
    "---\n",
    "--- # c\n",
    "...\n",
    "\t",
    " ",
    "  ",
    "\r\n",
    "\n",
    "\u{feff}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "~",
    "null",
    "true",
    "No",
    "0x1F",
    "1_000",
    "1e3",
    ".inf",
    "%YAML 1.1\n",
    "\\\n",
    "\\x41",
    "\\u0041",
    "\\N",
    "ü",
    "字",
    "😀",
    "a: 1\n",
    "nginx",
    "nginx:1.27",
    "image: nginx\n",
    "docker.io/library/",
    "@sha256:",
    "ignored: ignored # ignored\n",
];

/// A text in which one to three things are changed, line by line; none for an empty one.
pub fn change(text: &str, random: &mut Random) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let mut text = text.to_owned();
    for _ in 0..=random.below(3) {
        text = once(&text, random);
    }
    Some(text)
}

fn once(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if lines.is_empty() {
        return (*random.one_of(SIGNS)).to_owned();
    }
    let at = random.below(lines.len());
    let other = random.below(lines.len());
    match random.below(14) {
        0 => drop(lines.remove(at)),
        1 => {
            let copy = lines[other].clone();
            lines.insert(at, copy);
        }
        2 => lines.swap(at, other),
        3 => lines[at].insert_str(0, random.one_of::<&str>(&[" ", "  ", "\t", "- "])),
        4 => lines[at] = lines[at].trim_start_matches(' ').to_owned(),
        5 => {
            // A block of lines once more: another document, another item.
            let block: Vec<String> = lines.iter().skip(other).take(1 + random.below(12)).cloned().collect();
            drop(lines.splice(at..at, block));
        }
        6 => lines.insert(at, (*random.one_of(&["---\n", "# c\n", "\n", "...\n", "--- \n"])).to_owned()),
        7 => return text.replace('\n', "\r\n").replace("\r\r", "\r"),
        8 => return text.trim_end().to_owned(),
        9 => value(&mut lines[at], random),
        10 => value(&mut lines[at], random),
        _ => sign(&mut lines[at], random),
    }
    lines.concat()
}

/// Puts one of the signs somewhere into a line.
fn sign(line: &mut String, random: &mut Random) {
    let at = boundary(line, random.below(line.len() + 1));
    line.insert_str(at, random.one_of::<&str>(SIGNS));
}

/// Writes the value behind a key in another way.
fn value(line: &mut String, random: &mut Random) {
    let body = line.trim_end_matches(['\n', '\r']);
    let end = line.get(body.len()..).unwrap_or_default().to_owned();
    let Some((key, value)) = body.split_once(": ").map(|(key, value)| (key.to_owned(), value.to_owned())) else {
        return sign(line, random);
    };
    let indent = " ".repeat(key.len() - key.trim_start_matches([' ', '-']).len() + 2);
    let bare = value.trim_matches(['"', '\'']).to_owned();
    let written = match random.below(14) {
        0 => format!("'{}'", bare.replace('\'', "''")),
        1 => format!("\"{bare}\""),
        2 => format!("|-\n{indent}{bare}"),
        3 => format!(">-\n{indent}{bare}"),
        4 => format!("|\n{indent}{bare}\n"),
        5 => format!("&a {value}"),
        6 => "*a".to_owned(),
        7 => format!("{value} # {bare}"),
        8 => format!("\n{indent}{value}"),
        9 => format!("!!str {value}"),
        10 => format!("{{a: {value}, b: [{value}]}}"),
        11 => String::new(),
        12 => format!("\"{}\"", bare.chars().map(|c| format!("\\U{:08x}", c as u32)).collect::<String>()),
        _ => (*random.one_of(SIGNS)).to_owned(),
    };
    *line = format!("{key}: {written}{end}");
}

/// The next place at or before this byte where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_be_changed() {
        for text in ["a: b\n", "ü", "字: '😀'\r\n---\nb", "\n"] {
            let changed: Vec<_> = (0..300).filter_map(|seed| change(text, &mut Random::new(seed))).collect();
            assert_eq!(changed.len(), 300);
            assert!(changed.iter().filter(|other| *other != text).count() > 200);
        }
        assert_eq!(change("", &mut Random::new(1)), None);
    }
}
