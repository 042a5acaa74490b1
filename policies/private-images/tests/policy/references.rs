//! Our reader of image references against the one of `oci-spec`, over generated and adversarial texts.
//!
//! Where the two differ on purpose, [`deliberate`] says why. The model is `distribution/reference` with the kubelet's
//! normalisation, which both read after; `oci-spec` does so in two places less exactly.

use std::collections::BTreeMap;
use std::str::FromStr;

use isolation::image::Reference;

type Parts = (String, String, Option<String>, Option<String>);

fn ours(text: &str) -> Option<Parts> {
    let reference = Reference::read(text).ok()?;
    let part = |part: Option<&str>| part.map(str::to_owned);
    Some((
        reference.registry.to_string(),
        reference.repository.to_string(),
        part(reference.tag),
        part(reference.digest),
    ))
}

fn theirs(text: &str) -> Option<Parts> {
    let reference = oci_spec::distribution::Reference::from_str(text).ok()?;
    let part = |part: Option<&str>| part.map(str::to_owned);
    Some((
        reference.registry().to_ascii_lowercase(),
        reference.repository().to_owned(),
        part(reference.tag()),
        part(reference.digest()),
    ))
}

/// Why the two may differ about a text.
fn deliberate(text: &str, ours: Option<&Parts>, theirs: Option<&Parts>) -> Option<&'static str> {
    let first = text.split_once('/').map(|(first, _)| first);
    let name = text.split('@').next().unwrap_or_default();
    match (ours, theirs) {
        (Some(a), Some(b))
            if a.2.is_none() && b.2.as_deref() == Some("latest") && b.3.is_none() && a.0 == b.0 && a.1 == b.1 =>
        {
            Some(
                "no tag: they fill in `latest`, we keep what was written, so that a rewritten reference stays the same",
            )
        }
        _ if first
            .is_some_and(|first| first.bytes().any(|b| b.is_ascii_uppercase()) && !first.contains(['.', ':'])) =>
        {
            Some("an upper-case first component: distribution and containerd take it for a host, they for a repository")
        }
        (Some(a), Some(b)) if a.0 == "docker.io" && b.0 == a.0 && a.1 == format!("library/{}", b.1) => {
            Some("docker.io in upper case: we expand the short name below it too")
        }
        (Some(_), None) if first.is_some_and(|first| first.starts_with('[')) => {
            Some("an IPv6 address: distribution takes it in brackets, they do not")
        }
        (None, Some(_)) if name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Some("64 hexadecimal digits: distribution refuses them as a name, since they are an image's id")
        }
        (None, Some(b)) if b.0.contains('_') => {
            Some("an underscore in a host: they check it as a repository, and no certificate holds such a name")
        }
        (None, Some(b)) if b.2.as_ref().is_some_and(|tag| !tag.is_ascii()) => {
            Some("a tag in another alphabet: their expression's word characters are Unicode's")
        }
        (None, Some(b)) if b.3.as_ref().is_some_and(|digest| digest.bytes().any(|b| matches!(b, b'A'..=b'F'))) => {
            Some("a digest in upper case: the runtimes' digest library takes lower case alone")
        }
        _ => None,
    }
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % bound
    }

    /// One of them; mostly one of the first four, which are good.
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let bound = if self.below(4) == 0 { from.len() } else { 4 };
        from[self.below(bound)]
    }
}

const HOSTS: &[&str] = &[
    "",
    "",
    "docker.io/",
    "index.docker.io/",
    "Docker.io/",
    "myacr.azurecr.io/",
    "MyAcr.azurecr.io/",
    "a.io:443/",
    "a.io:/",
    "a.io:x/",
    "localhost/",
    "localhost:5000/",
    "[::1]/",
    "[fd00::4]:5000/",
    "[::1/",
    "[]/",
    "[::g]/",
    "10.0.0.4/",
    "-a.io/",
    "a-.io/",
    "a..io/",
    "a_b.io/",
    ".io/",
    "a.io./",
    "Foo/",
    "https://",
    "a.io//",
    "a.io:443:1/",
    "user@a.io/",
    "xn--e1afmkfd.io/",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.io/",
];
const PATHS: &[&str] = &[
    "nginx",
    "library/nginx",
    "team/app",
    "a/b/c",
    "a__b",
    "a_b",
    "a___b",
    "a--b",
    "a---b",
    "a.b",
    "a..b",
    "a-",
    "-a",
    "_a",
    "a_",
    "a.",
    "A/b",
    "a/B",
    "",
    "/",
    "a/",
    "a//b",
    "a b",
    "a\u{0}b",
    "\u{430}",
    "a.b/c",
    "a%2fb",
    "..",
    "a/../b",
    "0",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
];
const TAGS: &[&str] =
    &["", "", ":1", ":latest", ":V1.2_3-4", ":", ":-1", ":.1", ":_1", ":a:b", ":1/2", ":a b", ":\u{430}"];
const DIGESTS: &[&str] = &[
    "",
    "",
    "",
    "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "@",
    "@sha256:",
    "@sha256:00",
    "@md5:d41d8cd98f00b204e9800998ecf8427e",
    "@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
    "@SHA256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
    "@sha384:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "@sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "@sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
];
/// Short texts to put in somewhere. Every printable ASCII character comes besides.
const SPLINTERS: &[&str] = &["/", ":", "@", ".", "__", "localhost", "sha256:", "é", "\u{200b}", "\t", "\n", "\u{0}"];

fn texts() -> impl Iterator<Item = String> {
    let mut numbers = Numbers(20260822);
    let long = (240..270).flat_map(|length| {
        let path = "a".repeat(length);
        [path.clone(), format!("a.io/{path}"), format!("a.io/b:{}", &path[..length - 130]), format!("docker.io/{path}")]
    });
    let made = (0..150_000).map(move |_| {
        let mut text = [HOSTS, PATHS, TAGS, DIGESTS].map(|part| numbers.pick(part)).concat();
        for _ in 0..numbers.below(3) {
            let mut at = numbers.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match numbers.below(4) {
                0 => text.insert_str(at, numbers.pick(SPLINTERS)),
                1 => text.insert(at, (b' ' + numbers.below(95) as u8) as char),
                _ => {}
            }
            if numbers.below(2) == 0 {
                continue;
            }
            if let Some(c) = text[at..].chars().next() {
                text.replace_range(at..at + c.len_utf8(), "");
            }
        }
        text
    });
    long.chain(made)
}

#[test]
fn both_readers_agree_but_where_we_say_why_not() {
    let mut reasons = BTreeMap::<&str, usize>::new();
    let (mut read, mut refused) = (0, 0);
    for text in texts() {
        let (ours, theirs) = (ours(&text), theirs(&text));
        if ours.is_some() {
            read += 1
        } else {
            refused += 1
        }
        if ours == theirs {
            continue;
        }
        match deliberate(&text, ours.as_ref(), theirs.as_ref()) {
            Some(reason) => *reasons.entry(reason).or_default() += 1,
            None => panic!("{text:?}\nours   {ours:?} {:?}\ntheirs {theirs:?}", Reference::read(&text).err()),
        }
    }
    println!("{read} read, {refused} refused; different: {reasons:#?}");
    assert!(read > 10_000 && refused > 10_000, "the texts are of both kinds: {read} read, {refused} refused");
    assert_eq!(reasons.len(), 8, "every reason is met: {reasons:#?}");
}

#[test]
fn the_position_of_a_bad_character_is_in_the_text() {
    for text in texts() {
        if let Err(error) = Reference::read(&text) {
            assert!(text.is_char_boundary(error.offset) && error.offset <= text.len(), "{text:?}: {error:?}");
        }
    }
}
