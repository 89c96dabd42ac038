//! The values of a day against what the rule asks, and the durations of an exposure of v1, as bars.

use gaen::exposure::{ConditionFound, ExposureExplanation};
use maud::Markup;

use super::draw::{Chart, WIDTH, float};
use super::story::signed;
use super::words::Words;

const ROW: f64 = 44.0;
const BAR: f64 = 14.0;

/// A value and what it is held against.
struct Row {
    found: String,
    asked: String,
    value: f64,
    threshold: f64,
    holds: bool,
}

/// A bar for each condition, with a line where it would just be met.
pub(super) fn conditions(id: &str, conditions: &[ConditionFound], language: &dyn Words) -> Markup {
    let row = |found: &ConditionFound| Row {
        found: language.found(found),
        asked: language.asked(found),
        value: found.value,
        threshold: found.condition.threshold,
        holds: found.holds == Some(true),
    };
    rows(id, &conditions.iter().map(row).collect::<Vec<_>>(), language)
}

/// One bar: the largest risk score of a day against the minimum.
pub(super) fn minimum(id: &str, score: f64, minimum: f64, language: &dyn Words) -> Markup {
    let (found, asked) = (language.largest_product(score), language.at_least(minimum));
    rows(id, &[Row { found, asked, value: score, threshold: minimum, holds: score >= minimum }], language)
}

fn rows(id: &str, rows: &[Row], language: &dyn Words) -> Markup {
    let texts: Vec<_> = rows.iter().map(|row| format!("{}: {}", row.found, row.asked)).collect();
    let height = rows.iter().map(|_| ROW).sum::<f64>();
    let labels = language.labels();
    let mut chart = Chart::new(id, height, labels.day_against_rule, &texts.join(labels.list_separator));
    let mut top = 0.0;
    for row in rows {
        let largest = row.value.max(row.threshold).max(1.0) * 1.15;
        let across = |value: f64| (value.max(0.0) / largest).min(1.0) * WIDTH;
        let (sign, class) = if row.holds { ("✓", "value holds") } else { ("✕", "value fails") };
        chart = chart.text("start", [0.0, top + 13.0], format_args!("{sign} {}", row.found));
        chart = chart.text("end quiet", [WIDTH, top + 13.0], &row.asked);
        chart = chart.rectangle("track", [0.0, top + 20.0, WIDTH, BAR]);
        chart = chart.rectangle(class, [0.0, top + 20.0, across(row.value), BAR]);
        let x = across(row.threshold);
        // On a ground of its own, as the bar may be as dark as the line.
        chart = chart.line("halo", [x, top + 20.0], [x, top + 20.0 + BAR]);
        chart = chart.line("threshold", [x, top + 17.0], [x, top + 23.0 + BAR]);
        top += ROW;
    }
    chart.markup()
}

/// How long an exposure of v1 was near, in the middle and far.
pub(super) fn durations(id: &str, exposure: &ExposureExplanation, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let text = language.durations(
        &exposure.attenuation_durations.map(signed),
        &exposure.attenuation_duration_thresholds,
        &labels.zones_v1,
    );
    let sum = exposure.attenuation_durations.iter().fold(0_u64, |sum, seconds| sum.saturating_add(*seconds)).max(1);
    let mut chart = Chart::new(id, 52.0, labels.durations, &text);
    let mut x = 0.0;
    for ((zone, seconds), name) in exposure.attenuation_durations.iter().enumerate().zip(labels.zones_v1) {
        let width = float(*seconds) / float(sum) * WIDTH;
        chart = chart.rectangle(&format!("share share-{zone}"), [x, 0.0, width, 22.0]);
        if *seconds > 0 {
            chart = chart.line("axis", [x, 0.0], [x, 26.0]);
            // Beside each other where there is room; else the words above have it.
            if width >= 70.0 {
                chart = chart.text("start", [x + 3.0, 38.0], name).text(
                    "start",
                    [x + 3.0, 51.0],
                    language.minutes(*seconds),
                );
            }
        }
        x += width;
    }
    chart.markup()
}
