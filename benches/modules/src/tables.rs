//! The tables, as Markdown.

use std::ops::Range;

use anyhow::Result;
use isolation_figures::Line;

use crate::contender::{Contender, From, Question};
use crate::cost;

fn floor(contenders: &[Contender]) -> Option<&Contender> {
    contenders.iter().find(|contender| contender.policy == "floor")
}

fn before<'c>(contenders: &'c [Contender], contender: &Contender) -> Option<&'c Contender> {
    let mut before = contenders.iter().filter(|other| other.from == From::Before && contender.from == From::Now);
    before.find(|other| other.policy == contender.policy)
}

/// What a module costs before it is asked anything, and what an instance takes.
pub fn sizes(contenders: &[Contender], question: &Question) -> Result<()> {
    println!(
        "| module | bytes | compile | memory of an instance, 7 KB | thousand instructions, 7 KB |\n\
         | --- | --- | --- | --- | --- |"
    );
    for contender in contenders {
        let payload = (question.payload)(&contender.policy).unwrap_or_default();
        let cost = cost::of(&contender.bytes, &payload)?;
        println!(
            "| {} | {} | {:.0} ms | {:.1} MiB | {} |",
            contender.name(),
            thousands(contender.bytes.len()),
            contender.compile.as_secs_f64() * 1e3,
            cost.memory as f64 / f64::from(1 << 20),
            cost.instructions / 1_000,
        );
    }
    println!();
    Ok(())
}

/// The times of some questions: median, 99 of 100, and the median to the floor's and to that of the same module before.
pub fn times(title: &str, contenders: &[Contender], questions: &[&Question], numbers: &Range<usize>) {
    let names: Vec<_> =
        numbers.clone().filter_map(|number| questions.get(number)).map(|question| &question.name).collect();
    println!("{title}: median and 99th of 100 in microseconds, times the floor, times 0.1.0\n");
    print!("| module |");
    names.iter().for_each(|name| print!(" {name} |"));
    println!("\n| --- |{}", " --- |".repeat(names.len()));
    for contender in contenders.iter().filter(|contender| contender.from != From::Before) {
        print!("| {} |", contender.name());
        for number in numbers.clone() {
            let Some(times) = contender.times(number) else {
                print!(" |");
                continue;
            };
            let median = times.median();
            let to = |other: Option<&Contender>| {
                let other = other.and_then(|other| other.times(number));
                other.map_or_else(|| "–".to_owned(), |other| format!("{:.2}", median / other.median()))
            };
            let (floor, before) = (to(floor(contenders)), to(before(contenders, contender)));
            print!(" {median:.0}, {:.0}; {floor}, {before} |", times.quantile(0.99));
        }
        println!();
    }
    println!();
}

/// How the time grows with the request: a line through the medians.
pub fn growth(contenders: &[Contender], questions: &[&Question], numbers: &Range<usize>) {
    println!("Growth with an accepted request: a line through the medians of five sizes\n");
    println!("| module | microseconds per KB | r2 | the largest, off the line |\n| --- | --- | --- | --- |");
    for contender in contenders.iter().filter(|contender| contender.from != From::Before) {
        let Line { slope, r2, excess, .. } = Line::through(&points(contender, questions, numbers));
        println!("| {} | {slope:.2} | {r2:.4} | {:+.1} % |", contender.name(), excess * 1e2);
    }
    println!();
}

/// Kilobytes and the median in microseconds.
pub fn points(contender: &Contender, questions: &[&Question], numbers: &Range<usize>) -> Vec<(f64, f64)> {
    let point = |number: usize| Some((questions.get(number)?.bytes as f64 / 1e3, contender.times(number)?.median()));
    numbers.clone().filter_map(point).collect()
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
