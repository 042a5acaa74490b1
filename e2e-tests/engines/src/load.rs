//! The same requests again and again.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::http::Client;

pub fn run(url: &str, files: &[PathBuf], requests: usize, connections: usize) -> Result<()> {
    let reviews = files
        .iter()
        .map(|file| std::fs::read(file).with_context(|| format!("cannot read {}", file.display())))
        .collect::<Result<Vec<_>>>()?;
    let next = AtomicUsize::new(0);
    let first: Vec<Mutex<Option<Vec<u8>>>> = reviews.iter().map(|_| Mutex::default()).collect();
    let work = || -> Result<()> {
        let client = Client::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= requests {
                return Ok(());
            }
            let (Some(review), Some(first)) = (reviews.get(number % reviews.len()), first.get(number % reviews.len()))
            else {
                bail!("there is nothing to send");
            };
            let (status, body) = client.post(url, review)?;
            if status != 200 {
                bail!("request {number}: status {status}: {}", String::from_utf8_lossy(&body));
            }
            let mut first = first.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match first.as_ref() {
                None => *first = Some(body),
                Some(first) if *first == body => {}
                Some(first) => bail!(
                    "request {number} was answered {} where it was {} before",
                    String::from_utf8_lossy(&body),
                    String::from_utf8_lossy(first)
                ),
            }
        }
    };
    let start = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => bail!("a connection ended in a panic"),
        })
    })?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{requests} requests in {seconds:.1} s, {:.0} a second", requests as f64 / seconds);
    Ok(())
}
