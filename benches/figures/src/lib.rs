//! What benchmarks say: medians, percentiles, and whether growth is linear.

/// Measurements of one thing, in order.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Orders the measurements.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Sample(values)
    }

    /// The measurement below which this part of all lies: 0.5 is the median. Not a number where nothing was measured.
    pub fn quantile(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
    }

    /// The median.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// A straight line through measurements, by least squares.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What everything costs, however small.
    pub start: f64,
    /// What each unit more costs.
    pub slope: f64,
    /// The coefficient of determination: 1 if the measurements lie on the line.
    pub r2: f64,
    /// How far the last point lies above the line, as a part of it: where it does, growth is faster than linear.
    pub excess: f64,
}

impl Line {
    /// The line through these points.
    pub fn through(points: &[(f64, f64)]) -> Self {
        let number = points.len() as f64;
        let mean = |value: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / number;
        let (x, y) = (mean(&|point| point.0), mean(&|point| point.1));
        let spread = mean(&|point| (point.0 - x).powi(2));
        let slope = mean(&|point| (point.0 - x) * (point.1 - y)) / spread;
        let start = y - slope * x;
        let off = |point: &(f64, f64)| point.1 - (start + slope * point.0);
        let r2 = 1.0 - mean(&|point| off(point).powi(2)) / mean(&|point| (point.1 - y).powi(2));
        let last = points.last().map_or(f64::NAN, |last| off(last) / (start + slope * last.0));
        Line { start, slope, r2, excess: last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_and_what_grows_faster_lies_above_it() {
        let line = Line::through(&[(1.0, 5.0), (2.0, 7.0), (4.0, 11.0)]);
        assert!((line.start - 3.0).abs() < 1e-9 && (line.slope - 2.0).abs() < 1e-9 && line.r2 > 0.999_999, "{line:?}");
        let square = Line::through(&[1.0, 2.0, 3.0, 4.0, 5.0].map(|x: f64| (x, x * x)));
        assert!(square.r2 < 0.98 && square.excess > 0.05, "{square:?}");
    }

    #[test]
    fn quantiles_are_measurements() {
        let sample = Sample::of([3.0, 1.0, 2.0, 5.0, 4.0]);
        assert_eq!((sample.median(), sample.quantile(0.99), sample.quantile(0.0)), (3.0, 5.0, 1.0));
        assert!(Sample::default().median().is_nan());
    }
}
