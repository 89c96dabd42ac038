//! The head of a report: the verdict, what it means, and what it rests on.

use gaen::exposure::Verdict;
use maud::{Markup, html};

use super::ReportInput;
use super::story::{Mark, Story};
use super::timeline::Zones;
use super::words::Words;
use crate::text::printable;

pub(super) fn verdict(input: &ReportInput<'_>, story: &Story<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let counts = &story.counts;
    let verdict = input.explanation.verdict;
    let (mark, headline) = match verdict {
        Verdict::Notify => (Mark::Notify, labels.notify),
        Verdict::DoNotNotify => (Mark::Nothing, labels.do_not_notify),
        Verdict::NotJudged(_) => (Mark::Unknown, labels.not_judged),
    };
    let not_judged = verdict.not_judged();
    // What was not searched for was not counted either.
    let known = |text: String, is_known: bool| if is_known { text } else { labels.unknown.to_owned() };
    html! {
        section.verdict.(mark.class()) aria-labelledby={ (language.code()) "-verdict" } {
            h2 id={ (language.code()) "-verdict" } {
                @if verdict != Verdict::DoNotNotify { span.sign aria-hidden="true" { (mark.sign()) } " " }
                (headline)
            }
            div.told {
            p { (language.meaning(verdict, counts)) }
            @for sentence in language.unshown(counts) { p { strong { (sentence) } } }
            @if !story.weaknesses.is_empty() {
                @for (weakness, keys) in &story.weaknesses {
                    p { strong { (language.weakness(weakness.code, *keys).unwrap_or_else(|| weakness.text.clone())) } }
                }
                p { (labels.guarded) }
            }
            @if not_judged.is_some() { p { (labels.no_all_clear) } }
            @for sentence in language.left_out(input.explanation.basis.files) { p { strong { (sentence) } } }
            @if input.explanation.assumed_scans.assumed > 0 { p { (language.assumed(input.explanation.assumed_scans)) } }
            p { (labels.no_diagnosis) }
            }
            dl.results {
                div { dt { (labels.matched) } dd { (known(language.keys(counts.matched), story.is_searched)) } }
                div { dt { (labels.scored) } dd { (known(language.keys(counts.scored), story.is_searched)) } }
                div { dt { (labels.notified) } dd { (known(language.days(counts.notify_days), not_judged.is_none())) } }
            }
            p.quiet { (labels.three_results) }
        }
    }
}

/// For when, and by which configuration.
pub(super) fn made(input: &ReportInput<'_>, language: &dyn Words) -> Markup {
    html! {
        (language.labels().made_as_of) (as_of(input, language))
        @if let Some(name) = input.configuration_name { (language.labels().made_with) code { (printable(name)) } }
    }
}

fn as_of(input: &ReportInput<'_>, language: &dyn Words) -> String {
    language.moment(input.offset.local(input.now), input.offset)
}

/// By which rules, from what, and when.
pub(super) fn basis(input: &ReportInput<'_>, story: &Story<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let zones = Zones::of(input.configuration);
    html! {
        dl.basis {
            dt { (labels.as_of) } dd { (as_of(input, language)) }
            @if let Some(name) = input.configuration_name { dt { (labels.configuration) } dd { code { (printable(name)) } } }
            dt { (labels.rule) } dd { (language.rule(input.configuration)) }
            @if !zones.thresholds.is_empty() {
                dt { (labels.thresholds) } dd { (language.thresholds(&zones.thresholds)) }
            }
            @if !zones.weights.is_empty() && !zones.names(language).is_empty() {
                dt { (labels.weights) }
                dd { (language.weights(&zones.thresholds, &zones.weights, &zones.names(language))) }
            }
            dt { (labels.profile) } dd { (language.profile(input.explanation.profile)) }
            dt { (labels.compared) } dd { (language.compared(story.counts.compared, input.explanation.basis.files.used)) }
            dt { (labels.view) } dd { (if input.is_full() { labels.view_full } else { labels.view_redacted }) }
        }
    }
}
