//! A number that tells nearly all texts apart: what compares each entry of a long setting with each other one looks at it first.

/// The fingerprint of a text, the same in every module and on every machine: FNV-1a of 32 bits, which is one line, while the standard
/// library's hash would be a kilobyte of each module. Texts that share one need not be the same.
pub fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn fingerprints_are_those_of_fnv() {
        // http://www.isthe.com/chongo/src/fnv/test_fnv.c
        let known = [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)];
        assert!(known.iter().all(|(text, sum)| fingerprint(text) == *sum));
    }
}
