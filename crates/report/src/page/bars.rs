//! The values of a day against what the rule asks, as bars with their numbers above.

use gaen::exposure::ConditionFound;
use maud::{Markup, html};

use super::draw::{Drawing, WIDTH};
use super::words::{Words, each};

const BAR: f64 = 14.0;
/// The room above and below a bar.
const AROUND: f64 = 3.0;

/// A bar for each condition, with a line where it would just be met.
pub(super) fn conditions(conditions: &[ConditionFound], languages: &[&dyn Words]) -> Markup {
    html! {
        @for found in conditions {
            (bar(
                &each(languages, |language| html! { (language.found(found)) }),
                &each(languages, |language| html! { (language.asked(found)) }),
                [found.value, found.condition.threshold],
                found.holds == Some(true),
            ))
        }
    }
}

/// One bar: the largest risk score of a day against the minimum.
pub(super) fn minimum(score: f64, minimum: f64, languages: &[&dyn Words]) -> Markup {
    bar(
        &each(languages, |language| html! { (language.largest_product(score)) }),
        &each(languages, |language| html! { (language.at_least(minimum)) }),
        [score, minimum],
        score >= minimum,
    )
}

/// The texts say all that the bar shows.
fn bar(found: &Markup, asked: &Markup, [value, threshold]: [f64; 2], holds: bool) -> Markup {
    let largest = value.max(threshold).max(1.0) * 1.15;
    let across = |value: f64| (value.max(0.0) / largest).min(1.0) * WIDTH;
    let (sign, class) = if holds { ("✓", "value holds") } else { ("✕", "value fails") };
    let x = across(threshold);
    // The line has a ground of its own, as the bar may be as dark as the line.
    let drawing = Drawing::default()
        .rectangle("track", [0.0, AROUND, WIDTH, BAR])
        .rectangle(class, [0.0, AROUND, across(value), BAR])
        .line("halo", [x, AROUND], [x, AROUND + BAR])
        .line("threshold", [x, 0.0], [x, AROUND + BAR + AROUND]);
    html! {
        div.condition {
            p { (sign) " " (found) }
            p.quiet { (asked) }
            svg viewBox={ "0 0 " (WIDTH) " " (BAR + 2.0 * AROUND) } preserveAspectRatio="none" aria-hidden="true" { (drawing) }
        }
    }
}
