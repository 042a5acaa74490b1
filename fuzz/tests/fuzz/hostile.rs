//! What must hold of every policy's answer, whatever it is called with.

use anyhow::{Context, Result, bail, ensure};
use isolation_all_policies::{Entry, POLICIES};
use isolation_fuzz::answers::{answer, settings_are_valid, shown};
use isolation_fuzz::random::Random;
use isolation_fuzz::{mutate, rewrite, seeds};
use serde_json::Value;

/// How often each case is mutated in each way: `FUZZ_ROUNDS`.
pub fn rounds() -> u64 {
    std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Calls `check` for every case and round, with numbers of its own, and says which input it was that failed.
fn for_each_round(salt: u64, check: impl Fn(&Entry, &str, &mut Random) -> Result<()>) -> Result<()> {
    for (number, seed) in seeds::all()?.iter().enumerate() {
        let entry = seed.entry().context("no policy")?;
        for round in 0..rounds() {
            let mut random = Random::new(salt << 56 | (number as u64) << 32 | round);
            check(entry, &seed.payload, &mut random)
                .with_context(|| format!("{} mutated, round {round}", seed.name))?;
        }
    }
    Ok(())
}

#[test]
fn a_broken_text_is_answered_and_not_accepted() -> Result<()> {
    for_each_round(1, |entry, text, random| {
        let payload = mutate::bytes(text, random);
        let answer = answer(entry, &payload, text)?;
        if answer.accepted && serde_json::from_slice::<Value>(&payload).is_err() {
            bail!("accepts what is not JSON\n{}", shown(&payload));
        }
        settings_are_valid(entry, &payload).map(|_| ())
    })
}

#[test]
fn strange_values_are_answered_by_every_policy() -> Result<()> {
    for_each_round(2, |entry, text, random| {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Ok(()) };
        let donor = random.one_of(seeds::all()?).value().unwrap_or_default();
        for _ in 0..=random.below(3) {
            mutate::value(&mut value, &donor, random);
        }
        let payload = value.to_string();
        if serde_json::from_str::<Value>(&payload).is_err() {
            return Ok(()); // Nested deeper than engines read.
        }
        answer(entry, payload.as_bytes(), text)?;
        // The others get it too: a policy is called with whatever its rules send.
        answer(random.one_of(POLICIES), payload.as_bytes(), &payload).map(|_| ())
    })
}

#[test]
fn settings_that_are_refused_accept_nothing() -> Result<()> {
    for_each_round(3, |entry, text, random| {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Ok(()) };
        let donor = value["settings"].clone();
        mutate::value(&mut value["settings"], &donor, random);
        let settings = value["settings"].to_string();
        let request = &value["request"];
        let judged = matches!(request["operation"].as_str(), Some("CREATE" | "UPDATE"))
            && request["object"]["metadata"].get("deletionTimestamp").is_none();
        let payload = value.to_string();
        let accepted = answer(entry, payload.as_bytes(), text)?.accepted;
        if !settings_are_valid(entry, settings.as_bytes())? && judged && accepted {
            bail!("{} accepts with settings that it refuses\n{payload}", entry.name);
        }
        Ok(())
    })
}

#[test]
fn the_same_written_otherwise_has_the_same_answer() -> Result<()> {
    for_each_round(4, |entry, text, random| {
        let plain = answer(entry, text.as_bytes(), text)?;
        let payload = rewrite::otherwise(text, random);
        let other = answer(entry, payload.as_bytes(), text)?;
        ensure!(other.same(&plain), "{} answers\n{plain:?}\nand\n{other:?}\nto\n{payload}", entry.name);
        Ok(())
    })
}

#[test]
fn what_is_added_beside_a_violation_does_not_hide_it() -> Result<()> {
    for_each_round(5, |entry, text, random| {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Ok(()) };
        // Read and written once, it names no key twice any more.
        let plain = value.to_string();
        if answer(entry, plain.as_bytes(), text)?.accepted {
            return Ok(());
        }
        mutate::add_unknown(&mut value["request"]["object"], random);
        let payload = value.to_string();
        if answer(entry, payload.as_bytes(), text)?.accepted {
            bail!("{} accepts\n{payload}\nthough it rejects\n{plain}", entry.name);
        }
        Ok(())
    })
}

/// What quotes a document in a string, or settings, quotes as much as a report takes.
#[test]
fn what_is_endless_is_quoted_in_part() -> Result<()> {
    let key = "k".repeat(100_000);
    let endless = format!("{key}: 1\n{key}: 2\n");
    let strings = isolation_fuzz::targets::strings::TARGET;
    for seed in (strings.seeds)()?.iter().step_by(3) {
        let mut data = seed.get(..2).context("a place has two bytes")?.to_vec();
        data.extend_from_slice(endless.as_bytes());
        (strings.check)(&data)?;
    }
    let settings: serde_json::Map<String, Value> = (0..3000).map(|at| (format!("{key:.200}{at}"), at.into())).collect();
    let payload = serde_json::json!({
        "request": {"uid": "u", "operation": "CREATE", "kind": {"group": "", "version": "v1", "kind": "Pod"}, "object": {}},
        "settings": settings,
    });
    for entry in POLICIES {
        ensure!(!answer(entry, payload.to_string().as_bytes(), "")?.accepted, "{}", entry.name);
        settings_are_valid(entry, payload["settings"].to_string().as_bytes())?;
    }
    Ok(())
}
