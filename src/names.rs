//! Names of objects, as the API server accepts them.

/// Whether an object can have this name. Names are compared as they are: what no object is called matches nothing, a pattern too.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>
pub fn is_object_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 253
        && text.split('.').all(|label| {
            let ends = [label.bytes().next(), label.bytes().next_back()];
            ends.iter().all(|end| end.is_some_and(is_letter))
                && label.bytes().all(|byte| is_letter(byte) || byte == b'-')
        })
}
