//! Reading our own files so that no key of them goes unread.

use isolation_document::typed;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yaml_serde::Value;

use crate::error::MetadataError;

/// Reads a value, and notes every key that it does not have and every key that it has and the text does not: what is read
/// is written again and compared with what was there.
///
/// # Errors
///
/// Not YAML, or a value of another type.
pub fn read<T: DeserializeOwned + Serialize>(text: &str) -> Result<(T, Vec<String>), MetadataError> {
    let written: Value = yaml_serde::from_str(text)?;
    let value: T = typed(&yaml_serde::from_value(written.clone())?)?;
    let mut problems = Vec::new();
    compare("", &written, &yaml_serde::to_value(&value)?, &mut problems);
    Ok((value, problems))
}

fn compare(at: &str, written: &Value, read: &Value, problems: &mut Vec<String>) {
    match (written, read) {
        (Value::Mapping(written), Value::Mapping(read)) => {
            let field = |key: &Value| {
                let key = key.as_str().unwrap_or("(a key that is not a string)");
                if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") }
            };
            for (key, value) in written {
                match read.get(key) {
                    Some(read) => compare(&field(key), value, read, problems),
                    None => problems.push(format!("{}: unknown key", field(key))),
                }
            }
            for (key, _) in read.iter().filter(|(key, _)| !written.contains_key(key)) {
                problems.push(format!("{}: is missing", field(key)));
            }
        }
        (Value::Sequence(written), Value::Sequence(read)) if written.len() == read.len() => {
            for (index, (written, read)) in written.iter().zip(read).enumerate() {
                compare(&format!("{at}[{index}]"), written, read, problems);
            }
        }
        _ => {}
    }
}
