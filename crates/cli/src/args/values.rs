//! What the options of several commands take.

/// What an option is for that names the configuration, with where it is looked for.
macro_rules! configuration {
    ($what:literal) => {
        concat!($what, " [default: isolation.yaml in the working directory, or above it up to the repository's root]")
    };
}
pub(crate) use configuration;

/// The name of a namespace, as the API server accepts it: a DNS label.
pub fn namespace(name: &str) -> Result<String, String> {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = (1..=63).contains(&name.len()) && name.bytes().all(is_inner);
    if is_name && !name.starts_with('-') && !name.ends_with('-') {
        Ok(name.to_owned())
    } else {
        Err("expected the name of a namespace: lower case letters, digits and `-`".to_owned())
    }
}
