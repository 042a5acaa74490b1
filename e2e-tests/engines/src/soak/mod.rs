//! The cases' requests in random order, some of them as large as policy-server reads them, for as long as somebody wants. Every
//! answer must be the case's, and the server must not grow.

mod figures;
mod question;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::http::Client;
use figures::Figures;
use question::{Padding, Question};

/// So many wrong answers end the run.
const ENOUGH: usize = 20;
/// How many times a run says how it goes, and how many times the server is weighed.
const REPORTS: u64 = 100;
const WEIGHED: u64 = 2000;

/// How much is asked, and of whom.
#[derive(Debug)]
pub struct Options {
    /// How many requests.
    pub requests: u64,
    /// How many at a time.
    pub connections: usize,
    /// What the order follows from.
    pub seed: u64,
    /// One of how many requests is large.
    pub large: u64,
    /// The server's process, whose size is measured.
    pub process: Option<u32>,
}

/// What the connections have in common.
struct Run<'a> {
    options: &'a Options,
    questions: Vec<Question>,
    start: Instant,
    next: AtomicU64,
    figures: Mutex<Figures>,
    wrong: Mutex<Vec<String>>,
}

pub fn run(folder: &Path, server: &str, options: &Options) -> Result<()> {
    let questions = Question::all(folder, server)?;
    println!("{} cases, seed {}", questions.len(), options.seed);
    let run = Run {
        options,
        questions,
        start: Instant::now(),
        next: AtomicU64::new(0),
        figures: Mutex::default(),
        wrong: Mutex::default(),
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..options.connections.max(1)).map(|_| scope.spawn(|| run.connection())).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => bail!("a connection ended in a panic"),
        })
    })?;
    run.tell(0);
    let wrong = run.wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !wrong.is_empty() {
        bail!("{} requests were not answered as expected\n{}", wrong.len(), wrong.join("\n"));
    }
    run.figures.into_inner().unwrap_or_else(PoisonError::into_inner).check_flat()
}

impl Run<'_> {
    /// Asks until enough was asked.
    fn connection(&self) -> Result<()> {
        let client = Client::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.options.requests || lock(&self.wrong).len() >= ENOUGH {
                return Ok(());
            }
            if let Err(error) = self.ask(&client, number) {
                lock(&self.wrong).push(format!("request {number}: {error:#}"));
            }
            let every = |times: u64| (number + 1).is_multiple_of((self.options.requests / times).max(1));
            if let Some(process) = self.options.process
                && every(WEIGHED)
            {
                lock(&self.figures).weigh(process)?;
            }
            if every(REPORTS) {
                self.tell(number + 1);
            }
        }
    }

    /// Asks one of the questions, which one follows from the seed.
    fn ask(&self, client: &Client, number: u64) -> Result<()> {
        let random = mixed(self.options.seed.wrapping_add(number));
        let uid = format!("{:08x}-0000-4000-8000-{number:012x}", self.options.seed & 0xffff_ffff);
        let at = usize::try_from(random % self.questions.len() as u64)?;
        let Some(question) = self.questions.get(at) else { bail!("there is nothing to ask") };
        let padding = if random & (1 << 40) == 0 { Padding::Text } else { Padding::Objects };
        let large = if (random >> 41).is_multiple_of(self.options.large.max(1)) {
            question.padded(&uid, padding)
        } else {
            None
        };
        let is_large = large.is_some();
        let body = large.unwrap_or_else(|| question.body(&uid));
        let start = Instant::now();
        let (status, answer) = client.post(question.url(), body.as_bytes())?;
        let took = start.elapsed();
        if status != 200 || !question.is_answered_by(&uid, &answer) {
            let answer = String::from_utf8_lossy(&answer);
            let how = if is_large { format!("padded ({padding:?}), ") } else { String::new() };
            bail!("{}: {how}status {status}: {answer}", question.url());
        }
        lock(&self.figures).answered(took, is_large);
        Ok(())
    }

    /// Says how it goes. `asked` is how far the run is, or nothing at its end.
    fn tell(&self, asked: u64) {
        let figures = lock(&self.figures);
        let seconds = self.start.elapsed().as_secs_f64();
        let of = if asked == 0 { "answered as expected".to_owned() } else { format!("of {}", self.options.requests) };
        println!(
            "{} {of}, {} wrong, {seconds:.0} s, {:.0} a second, load average {}",
            figures.count(),
            lock(&self.wrong).len(),
            figures.count() as f64 / seconds,
            load_average(),
        );
        println!("  latency: {}", figures.latencies());
        if let Some(growth) = figures.growth() {
            println!("  memory: {growth}");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Of the last minute, where the system says so: latencies mean little without it.
fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|first| !first.is_empty()).unwrap_or("unknown").to_owned()
}

/// SplitMix64: https://prng.di.unimi.it/splitmix64.c
fn mixed(state: u64) -> u64 {
    let mut z = state.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
