//! What was heard of one key on one day, and what became of it.

use gaen::exposure::{ExposureExplanation, KeyExplanation, Outcome, WindowExplanation};
use gaen::time::UtcDay;
use maud::{Markup, html};

use super::ReportInput;
use super::bars;
use super::days::outcome;
use super::facts::Facts;
use super::story::{Contact, Story, seconds};
use super::timeline::{Zones, timeline};
use super::words::Words;

/// Windows of one key and day that are shown at once; a day at home has forty.
const SHOWN_WINDOWS: usize = 4;

pub(super) fn contact(
    input: &ReportInput<'_>,
    story: &Story<'_>,
    day: UtcDay,
    contact: &Contact<'_>,
    language: &dyn Words,
) -> Markup {
    let labels = language.labels();
    let key = contact.key;
    let id = format!("{}-{day}-{}", language.code(), contact.number);
    let by_v1 = input.by_v1();
    let exposures = html! {
        @for (number, exposure) in contact.exposures.iter().enumerate() {
            (v1(input, &format!("{id}-v1-{number}"), key, exposure, language))
        }
    };
    let mut windows = contact
        .windows
        .iter()
        .enumerate()
        .map(|(number, window)| window_figure(input, &format!("{id}-window-{number}"), window, language));
    let folded = contact.windows.get(SHOWN_WINDOWS..).unwrap_or_default();
    html! {
        article.contact aria-labelledby=(id) {
            h4 id=(id) { (language.contact(contact.number)) }
            p.quiet {
                @if key.date != day { (language.key_of(key.date.local_range(input.offset))) " " }
                (language.report(key))
                @if let Some(tek) = &key.tek { br; (labels.key) " " code { (tek) } }
            }
            ul.marks { (marks(input, story, key, language)) }
            @if by_v1 { (exposures) }
            div.windows { @for window in windows.by_ref().take(SHOWN_WINDOWS) { (window) } }
            @if contact.windows.len() > SHOWN_WINDOWS {
                details.more {
                    summary { (language.more_windows(folded.len(), folded.iter().fold(0, |sum: i64, window| sum.saturating_add(seconds(window))))) }
                    div.windows { @for window in windows { (window) } }
                }
            }
            @if !by_v1 && !contact.exposures.is_empty() {
                details { summary { (labels.by_v1) } (exposures) }
            }
        }
    }
}

/// Matched, scored, notified: three results, each with its own first reason for "no".
fn marks(input: &ReportInput<'_>, story: &Story<'_>, key: &KeyExplanation, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let by_v1 = input.by_v1();
    let scored = if by_v1 { &key.scored_v1 } else { &key.scored_v2 };
    let mark = |name: &str, result: &Outcome, facts: &Facts| {
        html! {
            li.(if result.yes { "yes" } else { "no" }) {
                span.name { (name) } " " (outcome(result.yes, language))
                @if let Some(reason) = &result.reason {
                    span.why { " " (language.reason(reason.code, &reason.text, facts)) }
                }
            }
        }
    };
    html! {
        (mark(labels.matched, &key.matched, &Facts::default()))
        (mark(labels.scored, scored, &Facts::of_outcome(scored, key, input.configuration)))
        (mark(labels.notified, &key.notified, &Facts::of_notified(&key.notified, key, &story.days)))
    }
}

fn window_figure(input: &ReportInput<'_>, id: &str, window: &WindowExplanation, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let zones = Zones::of(input.configuration);
    let start = input.offset.local(window.start);
    let by_v1 = input.by_v1();
    html! {
        figure.window {
            figcaption {
                (language.window(start, input.is_full(), seconds(window)))
                @if !by_v1 {
                    br;
                    @match &window.reason {
                        None => (language.window_score(&window.score)),
                        Some(reason) => {
                            (labels.no_score) " "
                            (language.reason(reason.code, &reason.text, &Facts::of_window(window, input.configuration)))
                        }
                    }
                }
            }
            (timeline(id, window, &zones, language))
            details {
                summary { (labels.scans) }
                (scans(window, by_v1, language))
            }
        }
    }
}

/// The timeline as a table.
fn scans(window: &WindowExplanation, by_v1: bool, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let zone = |scan: &gaen::exposure::ScanExplanation| labels.zones[scan.bucket as usize];
    html! {
        div.scroll tabindex="0" role="region" aria-label=(labels.scans) {
            table {
                thead { tr {
                    th scope="col" { (labels.scan_after) }
                    th scope="col" { (labels.scan_seconds) }
                    th scope="col" { (labels.scan_typical) }
                    th scope="col" { (labels.scan_strongest) }
                    @if !by_v1 {
                        th scope="col" { (labels.scan_zone) }
                        th scope="col" { (labels.scan_weighted) }
                    }
                } }
                tbody {
                    @for scan in &window.scans {
                        tr {
                            th scope="row" { (language.minutes(scan.offset)) }
                            td { (language.signed_minutes(scan.scan.seconds_since_last_scan)) }
                            td { (scan.scan.typical_attenuation) " dB" }
                            td { (scan.scan.min_attenuation) " dB" }
                            @if !by_v1 {
                                td { (zone(scan)) }
                                td { (language.weighted(scan)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// An exposure of v1 with its four factors.
fn v1(
    input: &ReportInput<'_>,
    id: &str,
    key: &KeyExplanation,
    exposure: &ExposureExplanation,
    language: &dyn Words,
) -> Markup {
    let labels = language.labels();
    let start = input.offset.local(exposure.start);
    let score = match &exposure.reason {
        None => language.risk_score(exposure.risk_score),
        Some(reason) => {
            let why = language.reason(reason.code, &reason.text, &Facts::of_exposure(exposure, key));
            format!("{} {why}", labels.no_score)
        }
    };
    html! {
        figure.exposure {
            figcaption { (language.exposure(start, input.is_full(), exposure.duration)) br; (score) }
            (bars::durations(id, exposure, language))
            table {
                caption { (labels.factors) }
                thead { tr {
                    th scope="col" { (labels.factor) }
                    th scope="col" { (labels.value) }
                    th scope="col" { (labels.score) }
                } }
                tbody {
                    @for factor in &exposure.factors {
                        tr {
                            th scope="row" { (language.factor(factor.name)) }
                            td { (language.factor_value(factor.name, exposure, key)) }
                            td {
                                (factor.factor.score)
                                @if factor.factor.weight.to_bits() != 1.0_f64.to_bits() { " × " (factor.factor.weight) }
                            }
                        }
                    }
                    tr.sum {
                        th scope="row" { (labels.product) }
                        td { (language.at_least(exposure.minimum_risk_score)) }
                        td { (language.number(exposure.product)) }
                    }
                }
            }
        }
    }
}
