//! Each day: what was heard, how it was judged, and why.

use gaen::exposure::{DecisionRule, ScanExplanation, Verdict};
use gaen::time::UtcDay;
use maud::{Markup, html};

use super::ReportInput;
use super::bars;
use super::contact;
use super::facts::Facts;
use super::story::{Day, Story, signed};
use super::timeline::Zones;
use super::words::Words;

/// What to call a day in links.
pub(super) fn anchor(language: &dyn Words, day: UtcDay) -> String {
    format!("{}-{day}", language.code())
}

pub(super) fn days(input: &ReportInput<'_>, story: &Story<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    html! {
        @if story.days.is_empty() {
            p { (if story.is_searched { labels.no_days } else { labels.nothing_to_say }) }
        } @else {
            p { (labels.how_to_read) }
        }
        @for day in &story.days { (section(input, story, day, language)) }
    }
}

fn section(input: &ReportInput<'_>, story: &Story<'_>, day: &Day<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let (mark, anchor) = (day.mark, anchor(language, day.date));
    html! {
        section.day.(mark.class()) id=(anchor) aria-labelledby={ (anchor) "-heading" } {
            h3 id={ (anchor) "-heading" } { (language.day(day.date)) }
            p.range { (labels.on_your_clock) " " (language.range(day.date.local_range(input.offset))) }
            p.badge { span.sign aria-hidden="true" { (mark.sign()) } " " (language.mark(mark)) }
            p { (heard(input, day, language)) }
            p { (verdict(input, day, language)) }
            (values(input, day, language))
            @for contact in &day.contacts { (contact::contact(input, story, day.date, contact, language)) }
        }
    }
}

/// How long and how near.
fn heard(input: &ReportInput<'_>, day: &Day<'_>, language: &dyn Words) -> String {
    let zones = Zones::of(input.configuration);
    let mut durations = vec![0_i64; zones.thresholds.len() + 1];
    let mut add = |zone: usize, seconds: i64| {
        if let Some(sum) = durations.get_mut(zone) {
            *sum = sum.saturating_add(seconds);
        }
    };
    let total = if input.by_v1() {
        let exposures = day.contacts.iter().flat_map(|contact| &contact.exposures);
        let by_zone = exposures.clone().flat_map(|exposure| exposure.attenuation_durations.into_iter().enumerate());
        by_zone.for_each(|(zone, seconds)| add(zone, signed(seconds)));
        exposures.fold(0_i64, |sum, exposure| sum.saturating_add(signed(exposure.duration)))
    } else {
        let windows = day.contacts.iter().flat_map(|contact| &contact.windows);
        let mut scan = |scan: &ScanExplanation| add(scan.bucket as usize, scan.scan.seconds_since_last_scan);
        windows.flat_map(|window| &window.scans).for_each(&mut scan);
        day.seconds()
    };
    let durations = language.durations(&durations, &zones.thresholds, zones.names(language));
    language.heard(day.contacts.len(), total, &durations)
}

/// Whether the day is a reason to notify, and why.
fn verdict(input: &ReportInput<'_>, day: &Day<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let answer = |verdict| match verdict {
        Verdict::Notify => labels.day_notifies,
        Verdict::DoNotNotify => labels.day_does_not_notify,
        Verdict::NotJudged(_) => labels.day_not_judged,
    };
    match day.judged {
        Some(judged) => {
            let answer = answer(judged.verdict);
            let reason = language.reason(judged.code, &judged.text, &Facts::of_day(judged, day.risk_score()));
            html! { strong { (answer) } " " (reason) }
        }
        None => {
            // A day that does not count is no reason, but where nobody can say "no", nobody says it of a day.
            let not_judged = input.explanation.verdict.not_judged();
            let answer = answer(not_judged.map_or(Verdict::DoNotNotify, Verdict::NotJudged));
            html! { strong { (answer) } " " (labels.day_does_not_count) }
        }
    }
}

/// The values of the day against the rule.
fn values(input: &ReportInput<'_>, day: &Day<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let Some(judged) = day.judged else { return Markup::default() };
    let id = format!("{}-rule", anchor(language, day.date));
    let chart = match &input.configuration.rule {
        DecisionRule::RiskScore => {
            let exposures = day.contacts.iter().flat_map(|contact| &contact.exposures);
            let Some(best) = exposures.max_by(|a, b| a.product.total_cmp(&b.product)) else { return Markup::default() };
            bars::minimum(&id, best.product, best.minimum_risk_score, language)
        }
        _ if judged.conditions.is_empty() || judged.conditions.iter().any(|found| found.holds.is_none()) => {
            return Markup::default();
        }
        _ => bars::conditions(&id, &judged.conditions, language),
    };
    html! {
        figure.rule { figcaption { (labels.day_against_rule) } (chart) }
    }
}

/// The sign and the word for an outcome.
pub(super) fn outcome(yes: bool, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let (sign, word) = if yes { ("✓", labels.yes) } else { ("✕", labels.no) };
    html! { span aria-hidden="true" { (sign) } " " strong { (word) } }
}
