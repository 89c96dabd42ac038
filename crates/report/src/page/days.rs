//! Each day: what was heard, how it was judged, and why.

use gaen::exposure::decision::Decides;
use gaen::exposure::{ScanExplanation, Verdict};
use gaen::time::UtcDay;
use maud::{Markup, html};

use super::ReportInput;
use super::facts::Facts;
use super::story::{Day, Story, signed};
use super::timeline::{Frame, Zones};
use super::words::{Words, each};
use super::{bars, contact};

/// What to call a day in links.
pub(super) fn anchor(day: UtcDay) -> String {
    day.to_string()
}

/// The days, once for all languages: numbers and charts are the same in each.
pub(super) fn days(input: &ReportInput<'_>, story: &Story<'_>, languages: &[&dyn Words]) -> Markup {
    let frame = Frame::new(input.configuration, story);
    let note = |language: &dyn Words| match (story.days.is_empty(), story.is_searched) {
        (false, _) => language.labels().how_to_read,
        (true, true) => language.labels().no_days,
        (true, false) => language.labels().nothing_to_say,
    };
    html! {
        p { (each(languages, |language| html! { (note(language)) })) }
        (frame.shared(languages))
        @for day in &story.days { (section(input, story, &frame, day, languages)) }
    }
}

fn section(
    input: &ReportInput<'_>,
    story: &Story<'_>,
    frame: &Frame,
    day: &Day<'_>,
    languages: &[&dyn Words],
) -> Markup {
    let (mark, anchor) = (day.mark, anchor(day.date));
    html! {
        section.day.(mark.class()) id=(anchor) aria-labelledby={ (anchor) "-heading" } {
            h3 id={ (anchor) "-heading" } { (each(languages, |language| html! { (language.day(day.date)) })) }
            p.range { (each(languages, |language| html! { (language.on_your_clock(day.date.local_range(input.offset))) })) }
            p.badge { span.sign aria-hidden="true" { (mark.sign()) } " " (each(languages, |language| html! { (language.mark(mark)) })) }
            div.about {
                div {
                    p { (each(languages, |language| html! { (heard(input, day, language)) })) }
                    p { (each(languages, |language| verdict(input, day, language))) }
                }
                (values(input, day, languages))
            }
            div.contacts {
                @for contact in &day.contacts { (contact::contact(input, story, frame, day.date, contact, languages)) }
            }
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
        let mut scan = |scan: &ScanExplanation| add(zones.place(scan.scan), scan.scan.seconds_since_last_scan);
        windows.flat_map(|window| &window.scans).for_each(&mut scan);
        day.seconds()
    };
    let durations = language.durations(&durations, &zones.thresholds, &zones.names(language));
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
            html! { strong { (answer) } (labels.sentence_separator) (reason) }
        }
        None => {
            // A day that does not count is no reason, but where nobody can say "no", nobody says it of a day.
            let not_judged = input.explanation.verdict.not_judged();
            let answer = answer(not_judged.map_or(Verdict::DoNotNotify, Verdict::NotJudged));
            html! { strong { (answer) } (labels.sentence_separator) (labels.day_does_not_count) }
        }
    }
}

/// The values of the day against the rule.
fn values(input: &ReportInput<'_>, day: &Day<'_>, languages: &[&dyn Words]) -> Markup {
    let Some(judged) = day.judged else { return Markup::default() };
    let chart = if let Decides::RiskScore { at_least } = input.configuration.rule.decides {
        let exposures = day.contacts.iter().flat_map(|contact| &contact.exposures);
        let Some(best) = exposures.max_by(|a, b| a.product.total_cmp(&b.product)) else { return Markup::default() };
        bars::minimum(best.product, best.minimum_risk_score.max(at_least.into()), languages)
    } else if judged.conditions.is_empty() || judged.conditions.iter().any(|found| found.holds.is_none()) {
        return Markup::default();
    } else {
        bars::conditions(&judged.conditions, languages)
    };
    html! {
        figure.rule {
            figcaption { (each(languages, |language| html! { (language.labels().day_against_rule) })) }
            (chart)
        }
    }
}
