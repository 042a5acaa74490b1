//! The picture for the documentation: what a request costs, and how that grows.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::contender::{Contender, From, Question};

/// Colours that remain apart for those who see few, on white.
const NOW: RGBColor = RGBColor(0, 90, 181);
const OTHERS: RGBColor = RGBColor(140, 140, 140);
const CUSTOMARY: RGBColor = RGBColor(220, 50, 32);

const WIDTH: u32 = 1_000;
const HEIGHT: u32 = 400;
const FONT: (&str, i32) = ("sans-serif", 14);
const TITLE: (&str, i32) = ("sans-serif", 16);

/// Draws the picture: on the left the medians of the question `number` in times the floor's, on the right the medians over the
/// sizes of `growth`.
pub fn draw(
    path: &Path,
    contenders: &[Contender],
    number: usize,
    growth: &[(usize, Option<&&Question>)],
) -> Result<()> {
    let root = SVGBackend::new(path, (WIDTH, HEIGHT)).into_drawing_area();
    root.fill(&WHITE).map_err(failed)?;
    let (left, right) = root.split_horizontally(WIDTH * 54 / 100);
    bars(&left, contenders, number)?;
    lines(&right, contenders, growth)?;
    root.present().map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("the picture cannot be drawn: {error}")
}

type Area<'p> = DrawingArea<SVGBackend<'p>, plotters::coord::Shift>;

/// The colour of a contender, and whether it is drawn.
fn colour(contender: &Contender) -> Option<RGBColor> {
    match (contender.from, contender.policy.as_str()) {
        (From::Before, _) => None,
        (From::Now, _) => Some(NOW),
        (From::Outside, "customary") => Some(CUSTOMARY),
        (From::Outside, _) => Some(OTHERS),
    }
}

fn bars(area: &Area<'_>, contenders: &[Contender], number: usize) -> Result<()> {
    let floor = contenders.first().and_then(|floor| floor.times(number)).map_or(f64::NAN, |times| times.median());
    let mut bars: Vec<(String, f64, RGBColor)> = contenders
        .iter()
        .filter_map(|contender| {
            Some((contender.policy.clone(), contender.times(number)?.median() / floor, colour(contender)?))
        })
        .collect();
    bars.reverse();
    let most = bars.iter().map(|(_, value, _)| *value).fold(1.0, f64::max);
    let count = bars.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption("A request about a Pod of 7 KB, times the floor", TITLE)
        .margin(12)
        .x_label_area_size(24)
        .y_label_area_size(165)
        .build_cartesian_2d(0.0..most * 1.12, 0.0..count)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .y_labels(0)
        .x_label_formatter(&|value| format!("{value:.1}"))
        .label_style(FONT)
        .draw()
        .map_err(failed)?;
    for (at, (name, value, colour)) in bars.iter().enumerate() {
        let (low, high) = (at as f64 + 0.18, at as f64 + 0.82);
        let bar = Rectangle::new([(0.0, low), (*value, high)], colour.filled());
        chart.draw_series(std::iter::once(bar)).map_err(failed)?;
        let number = Text::new(format!("{value:.2}"), (value + most * 0.01, high - 0.12), FONT);
        chart.draw_series(std::iter::once(number)).map_err(failed)?;
        // Names stand beside the chart, where an axis of numbers has no room for them.
        let (_, y) = chart.backend_coord(&(0.0, high));
        area.draw(&Text::new(name.clone(), (14, y + 4), FONT)).map_err(failed)?;
    }
    Ok(())
}

fn lines(area: &Area<'_>, contenders: &[Contender], growth: &[(usize, Option<&&Question>)]) -> Result<()> {
    let questions: Vec<&Question> = growth.iter().filter_map(|(_, question)| question.copied()).collect();
    let drawn: Vec<_> = contenders
        .iter()
        .filter(|contender| {
            contender.from == From::Outside || contender.from == From::Now && contender.policy == "private-images"
        })
        .filter_map(|contender| {
            let points = growth.iter().zip(&questions);
            let points = points.filter_map(|((number, _), question)| {
                Some((question.bytes as f64 / 1e3, contender.times(*number)?.median() / 1e3))
            });
            Some((contender.policy.clone(), points.collect::<Vec<_>>(), colour(contender)?))
        })
        .collect();
    let all = || drawn.iter().flat_map(|(_, points, _)| points);
    let (width, height) = all().fold((1.0, 1.0), |(x, y): (f64, f64), point| (x.max(point.0), y.max(point.1)));
    let mut chart = ChartBuilder::on(area)
        .caption("Milliseconds over kilobytes of the request", TITLE)
        .margin(12)
        .x_label_area_size(24)
        .y_label_area_size(40)
        .build_cartesian_2d(0.0..width * 1.05, 0.0..height * 1.1)
        .map_err(failed)?;
    chart.configure_mesh().light_line_style(WHITE).label_style(FONT).draw().map_err(failed)?;
    for (name, points, colour) in drawn {
        let series = LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3);
        chart
            .draw_series(series)
            .map_err(failed)?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .label_font(FONT)
        .draw()
        .map_err(failed)
}
