//! What is not rewritten comes back as it was, over many generated objects; and what was rewritten is left alone.

use cached_images::CachedImages;
use isolation::cluster::NoCluster;
use isolation::policy;
use serde_json::Value;

/// Numbers from a seed: the same objects in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// Values that a reader might print otherwise than it found them, and some that look like references.
const VALUES: &[&str] = &[
    "1.0e5",
    "1E+2",
    "-0",
    "-0.0",
    "0.10",
    "12345678901234567890123",
    "true",
    "null",
    "\"\"",
    r#""\u0041\/\ud83d\ude00""#,
    "\"é\u{2028}\u{7f}\"",
    r#""nginx:1.27""#,
    r#""{\"image\":\"nginx\"}""#,
    "[]",
    "{ }",
    "[ 1 , [ ] ]",
    r#"{"image":"nginx","containers":[{"image":"nginx"}]}"#,
];

/// References as they are written in JSON, and what becomes of them.
const REFERENCES: &[(&str, &str)] = &[
    (r#""nginx""#, r#""myacr.azurecr.io/hub/library/nginx""#),
    (r#""docker.io/org/app:1""#, r#""myacr.azurecr.io/hub/org/app:1""#),
    (r#""ng\u0069nx:\u0031.27""#, r#""myacr.azurecr.io/hub/library/nginx:1.27""#),
    (r#""docker.io\/library\/nginx""#, r#""myacr.azurecr.io/hub/library/nginx""#),
    (r#""quay.io/a/b:1""#, r#""quay.io/a/b:1""#),
    (r#""myacr.azurecr.io/hub/library/nginx""#, r#""myacr.azurecr.io/hub/library/nginx""#),
    (r#""not a reference \u00e9""#, r#""not a reference \u00e9""#),
    (r#""""#, r#""""#),
    ("null", "null"),
];

/// What writes a part of both texts.
type Write<'w> = &'w dyn Fn(&mut Pair, &mut Random);

/// Two texts that grow side by side: an object, and what is to become of it.
#[derive(Default)]
struct Pair {
    before: String,
    after: String,
}

impl Pair {
    fn both(&mut self, text: &str) {
        self.before.push_str(text);
        self.after.push_str(text);
    }

    fn space(&mut self, random: &mut Random) {
        self.both(random.of(&["", "", "", " ", "\n  ", "\t\r\n"]));
    }

    fn reference(&mut self, random: &mut Random) {
        let (before, after) = REFERENCES[random.below(REFERENCES.len())];
        self.before.push_str(before);
        self.after.push_str(after);
    }

    /// An object with these members in any order, among members that nobody knows.
    fn object(&mut self, random: &mut Random, members: &[(&str, Write<'_>)]) {
        self.both("{");
        let mut left: Vec<_> = members.iter().collect();
        let strangers = random.below(3);
        let mut written = 0;
        while !left.is_empty() || written < members.len() + strangers {
            if written > 0 {
                self.both(",");
            }
            self.space(random);
            if !left.is_empty() && (random.below(2) == 0 || written >= strangers) {
                let (key, write) = left.remove(random.below(left.len()));
                self.both(&format!("\"{key}\""));
                self.space(random);
                self.both(":");
                self.space(random);
                write(self, random);
            } else {
                self.both(&format!("\"x{written}\\u0021\":{}", random.of(VALUES)));
            }
            written += 1;
            self.space(random);
        }
        self.both("}");
    }

    fn list(&mut self, random: &mut Random, write: Write<'_>) {
        self.both("[");
        for index in 0..random.below(4) {
            self.both(if index > 0 { "," } else { "" });
            self.space(random);
            write(self, random);
        }
        self.both("]");
    }
}

fn container(pair: &mut Pair, random: &mut Random) {
    pair.object(
        random,
        &[("image", &Pair::reference), ("name", &|pair, random| pair.both(random.of(&["\"a\"", "\"b\""])))],
    );
}

fn volume(pair: &mut Pair, random: &mut Random) {
    pair.object(
        random,
        &[
            ("image", &|pair, random| pair.object(random, &[("reference", &Pair::reference)])),
            ("rbd", &|pair, _| pair.both(r#"{"image":"nginx"}"#)),
        ],
    );
}

fn pod_spec(pair: &mut Pair, random: &mut Random) {
    pair.object(
        random,
        &[
            ("containers", &|pair, random| pair.list(random, &container)),
            ("initContainers", &|pair, random| pair.list(random, &container)),
            ("volumes", &|pair, random| pair.list(random, &volume)),
        ],
    );
}

fn deployment(random: &mut Random) -> Pair {
    let mut pair = Pair::default();
    pair.object(
        random,
        &[
            ("apiVersion", &|pair, _| pair.both("\"apps/v1\"")),
            ("kind", &|pair, _| pair.both("\"Deployment\"")),
            ("metadata", &|pair, random| {
                pair.both(random.of(&["{}", "{\"name\":\"web\" , \"generation\":1.0}", "null"]))
            }),
            ("spec", &|pair, random| {
                pair.object(random, &[("template", &|pair, random| pair.object(random, &[("spec", &pod_spec)]))]);
            }),
        ],
    );
    pair
}

fn payload(object: &str) -> String {
    format!(
        r#"{{"request":{{"uid":"u","kind":{{"group":"apps","version":"v1","kind":"Deployment"}},"operation":"CREATE",
        "userInfo":{{}},"object": {object} }},"settings":{{"cacheRules":[{{"registry":"myacr.azurecr.io",
        "source":"docker.io/*","target":"hub/*"}}]}}}}"#
    )
}

/// The object as the policy hands it back, if it does.
fn rewritten(object: &str) -> Option<Value> {
    let answer = policy::validate::<CachedImages>(payload(object).as_bytes(), &NoCluster);
    assert_eq!(answer.rejection, None, "{object}");
    answer.rewritten
}

#[test]
fn everything_but_the_references_is_the_same() -> anyhow::Result<()> {
    let mut random = Random(20_260_801);
    let mut changed = 0;
    for _ in 0..3000 {
        let pair = deployment(&mut random);
        match rewritten(&pair.before) {
            Some(after) => {
                changed += 1;
                assert_eq!(after, serde_json::from_str::<Value>(&pair.after)?, "from\n{}", pair.before);
            }
            None => assert_eq!(pair.before, pair.after),
        }
        assert_eq!(rewritten(&pair.after), None, "a second run changed something:\n{}", pair.after);
    }
    assert!(changed > 1500, "only {changed} objects were rewritten");
    Ok(())
}

#[test]
fn a_damaged_request_gets_an_answer() {
    let mut random = Random(7);
    let mut refused = 0;
    for _ in 0..4000 {
        let mut bytes = payload(&deployment(&mut random).before).into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes.truncate(at),
                1 => bytes[at] = b"\"{}[],:\\u0 \xff"[random.below(12)],
                _ => drop(bytes.remove(at)),
            }
            if bytes.is_empty() {
                break;
            }
        }
        let answer = policy::validate::<CachedImages>(&bytes, &NoCluster);
        refused += usize::from(answer.rejection.is_some());
    }
    assert!(refused > 1000, "only {refused} requests were refused");
}
