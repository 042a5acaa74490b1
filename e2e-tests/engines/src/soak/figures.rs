//! What a run measures: how long answers take, and how large the server is.

use std::time::Duration;

use anyhow::{Context, Result, bail};

/// The part of a run that warms the server up: it has every module in use before, and keeps what it needs from then on.
const WARM_UP: f64 = 0.1;

/// What was measured so far.
#[derive(Debug, Default)]
pub struct Figures {
    small: Vec<u32>,
    large: Vec<u32>,
    /// Requests answered, and kilobytes resident then.
    memory: Vec<(f64, f64)>,
}

/// Growth as a straight line through what was measured.
struct Fit {
    /// At the first request.
    begin: f64,
    /// With each request.
    slope: f64,
}

impl Figures {
    /// An answer came.
    pub fn answered(&mut self, took: Duration, large: bool) {
        let took = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        if large { self.large.push(took) } else { self.small.push(took) }
    }

    /// How many answers there are.
    pub fn count(&self) -> usize {
        self.small.len() + self.large.len()
    }

    /// Notes the size of the server now, from /proc: what it has allocated. Pages of files, such as compiled modules, come and go as
    /// the system likes.
    pub fn weigh(&mut self, process: u32) -> Result<()> {
        let file = format!("/proc/{process}/status");
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {file}"))?;
        let size =
            text.lines().find_map(|line| line.strip_prefix("RssAnon:")?.trim().strip_suffix(" kB")?.parse().ok());
        self.memory.push((self.count() as f64, size.with_context(|| format!("{file} has no RssAnon"))?));
        Ok(())
    }

    /// How long answers took.
    pub fn latencies(&self) -> String {
        [("as they are", &self.small), ("2 MiB", &self.large)].map(|(name, times)| latency(name, times)).join("; ")
    }

    /// How the server's size developed, unless it was not weighed.
    pub fn growth(&self) -> Option<String> {
        let steady = self.steady();
        let (first, last) = (steady.first()?, steady.last()?);
        let fit = fit(steady)?;
        let sizes = steady.iter().map(|(_, size)| *size);
        Some(format!(
            "{:.0} MiB after the first tenth, {:.0} at the end, between {:.0} and {:.0}; fit over {} samples: {:.0} MiB, {:+.2} for every 100,000 requests",
            mib(first.1),
            mib(last.1),
            mib(sizes.clone().fold(f64::MAX, f64::min)),
            mib(sizes.fold(0.0, f64::max)),
            steady.len(),
            mib(fit.begin),
            mib(fit.slope * 100_000.0),
        ))
    }

    /// # Errors
    ///
    /// A server that is larger in the last quarter, even when it is smallest, than it mostly was in the second: by more than
    /// a tenth. While it answers a large request it holds more, and keeps a part of that for the next, so neither single sizes nor
    /// a line through a short run tell of a leak.
    pub fn check_flat(&self) -> Result<()> {
        let part = |from: f64, to: f64| {
            let count = self.count() as f64;
            let within = |number: f64| number >= count * from && number < count * to;
            let mut sizes: Vec<f64> =
                self.memory.iter().filter(|(number, _)| within(*number)).map(|(_, size)| *size).collect();
            sizes.sort_by(f64::total_cmp);
            sizes
        };
        let (second, last) = (part(0.25, 0.5), part(0.75, f64::INFINITY));
        if let (Some(before), Some(after)) = (second.get(second.len() / 2), last.first())
            && *after > before * 1.1
        {
            bail!("the server grew from {:.0} MiB to {:.0} MiB at least", mib(*before), mib(*after));
        }
        Ok(())
    }

    fn steady(&self) -> &[(f64, f64)] {
        let begin = self.count() as f64 * WARM_UP;
        let at = self.memory.partition_point(|(number, _)| *number < begin);
        self.memory.get(at..).unwrap_or_default()
    }
}

fn mib(kilobytes: f64) -> f64 {
    kilobytes / 1024.0
}

/// Least squares.
fn fit(points: &[(f64, f64)]) -> Option<Fit> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let slope = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
    slope.is_finite().then_some(Fit { begin: y - slope * x, slope })
}

fn latency(name: &str, times: &[u32]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |part: f64| {
        let index = (times.len().saturating_sub(1)) as f64 * part;
        times.get(index.round() as usize).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    };
    format!("{} {name}: median {:.1} ms, p99 {:.1}, longest {:.0}", times.len(), at(0.5), at(0.99), at(1.0))
}

#[cfg(test)]
mod tests {
    use super::{Duration, Figures};

    /// A server of these sizes in megabytes, weighed after each of so many requests.
    fn weighed(sizes: impl Iterator<Item = f64>) -> Figures {
        let mut figures = Figures::default();
        for size in sizes {
            figures.answered(Duration::from_millis(1), false);
            figures.memory.push((figures.count() as f64, size * 1024.0));
        }
        figures
    }

    #[test]
    fn what_large_requests_need_is_no_leak() {
        let peaks = (0..100).map(|at| if at % 7 == 3 { 330.0 } else { 60.0 });
        assert!(weighed(peaks).check_flat().is_ok());
        // Nothing large at first, and a part is kept from then on.
        let later = (0..100).map(|at| if at < 30 { 24.0 } else { 119.0 });
        assert!(weighed(later).check_flat().is_ok());
    }

    #[test]
    fn a_leak_is_seen() {
        let leak = (0..100).map(|at| 60.0 + f64::from(at) * 0.5 + if at % 7 == 3 { 10.0 } else { 0.0 });
        assert!(weighed(leak).check_flat().is_err());
        assert!(weighed((0..100).map(|at| 60.0 + f64::from(at) * 0.1)).check_flat().is_ok());
    }
}
