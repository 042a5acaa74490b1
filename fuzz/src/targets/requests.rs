//! Admission requests: every policy answers whatever it is called with, in a form that engines take, within bounds, and the
//! same each time; what is not JSON is never accepted; how the request is written changes nothing, and neither does a field
//! that no policy judges.

use anyhow::{Result, bail, ensure};
use isolation_all_policies::{Entry, POLICIES};
use serde_json::Value;

use crate::answers::{Answer, answer, settings_are_valid, shown};
use crate::random::Random;
use crate::target::{Target, change_text, choosing};
use crate::{mutate, rewrite, seeds};

/// A policy and what it is called with.
pub const TARGET: Target = Target {
    name: "requests",
    check,
    change: |data, random| change_text(data, random, change),
    seeds: || Ok(seeds::all()?.iter().map(|seed| choosing(seed.policy, &seed.payload)).collect()),
    longest: 16384,
};

fn change(text: &str, random: &mut Random) -> Option<String> {
    match random.below(8) {
        0 => mutate::text(text, random),
        1 => Some(rewrite::otherwise(text, random)),
        _ => mutate::json(text, random),
    }
}

fn check(data: &[u8]) -> Result<()> {
    let Some((first, payload)) = data.split_first() else { return Ok(()) };
    let Some(entry) = POLICIES.get(usize::from(*first) % POLICIES.len()) else { return Ok(()) };
    let cluster = String::from_utf8_lossy(payload);
    let found = answer(entry, payload, &cluster)?;
    let value = serde_json::from_slice::<Value>(payload);
    if found.accepted && value.is_err() {
        bail!("{} accepts what is not JSON\n{}", entry.name, shown(payload));
    }
    settings_are_valid(entry, payload)?;
    let (Ok(text), Ok(value)) = (std::str::from_utf8(payload), value) else { return Ok(()) };
    let mut random = Random::new(payload.len() as u64);
    written_otherwise(entry, text, &cluster, &found, &mut random)?;
    in_another_order(entry, value, &cluster, &mut random)
}

/// Blanks and escapes mean nothing.
fn written_otherwise(entry: &Entry, text: &str, cluster: &str, found: &Answer, random: &mut Random) -> Result<()> {
    let other = rewrite::otherwise(text, random);
    let answered = answer(entry, other.as_bytes(), cluster)?;
    ensure!(answered.same(found), "{} answers\n{found:?}\nand\n{answered:?}\nto\n{other}", entry.name);
    Ok(())
}

/// The order of keys means nothing, and neither does a key that no API knows.
fn in_another_order(entry: &Entry, mut value: Value, cluster: &str, random: &mut Random) -> Result<()> {
    // Read and written once, it names no key twice any more.
    let plain = value.to_string();
    let found = answer(entry, plain.as_bytes(), cluster)?;
    let turned = rewrite::turned(&value);
    let answered = answer(entry, turned.as_bytes(), cluster)?;
    ensure!(
        (found.accepted, found.refusing()) == (answered.accepted, answered.refusing()),
        "{} answers\n{found:?}\nand, with keys in another order,\n{answered:?}\nto\n{turned}",
        entry.name
    );
    if let Some(object) =
        value.get_mut("request").and_then(|request| request.get_mut("object")).filter(|_| !found.accepted)
    {
        mutate::add_unknown(object, random);
        let payload = value.to_string();
        if answer(entry, payload.as_bytes(), cluster)?.accepted {
            bail!("{} accepts\n{payload}\nthough it rejects\n{plain}", entry.name);
        }
    }
    Ok(())
}
