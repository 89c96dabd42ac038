//! What stands after the days: what was not counted, the files, the words, and what a report cannot tell.

use gaen::time::UtcDay;
use maud::{Markup, html};

use super::ReportInput;
use super::facts::Facts;
use super::story::{NearMiss, Story};
use super::words::Words;
use crate::document::FileStatus;
use crate::text::printable;

/// Sightings of keys that do not count, by hour and reason.
pub(super) fn near_misses(input: &ReportInput<'_>, story: &Story<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let when = |near_miss: &NearMiss<'_>| {
        let time = near_miss.hits.first().map(|hit| input.offset.local(hit.time));
        time.map(|time| if input.is_full() { language.time(time) } else { language.hour(time) }).unwrap_or_default()
    };
    let strongest = |near_miss: &NearMiss<'_>| {
        let attenuations = near_miss.hits.iter().filter_map(|hit| hit.attenuation);
        attenuations.min().map_or_else(|| labels.unknown.to_owned(), |attenuation| format!("{attenuation} dB"))
    };
    if story.near_misses.is_empty() {
        return html! { p { (if story.is_searched { labels.no_near_misses } else { labels.nothing_to_say }) } };
    }
    html! {
        p { (labels.near_misses_note) }
        div.scroll tabindex="0" role="region" aria-label=(labels.near_misses) {
            table.misses {
                thead { tr {
                    th scope="col" { (labels.when) }
                    th scope="col" { (labels.why_not) }
                    th scope="col" { (labels.signals) }
                    th scope="col" { (labels.strongest) }
                } }
                tbody {
                    @for near_miss in &story.near_misses {
                        tr {
                            th scope="row" { (when(near_miss)) }
                            td { (language.reason(near_miss.reason.code, &near_miss.reason.text, &Facts::default())) }
                            td { (near_miss.hits.len()) }
                            td { (strongest(near_miss)) }
                        }
                    }
                }
            }
        }
    }
}

/// The files, by name only in a full report.
pub(super) fn files(input: &ReportInput<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    html! {
        div.scroll tabindex="0" role="region" aria-label=(labels.files) {
            table {
                thead { tr {
                    th scope="col" { (labels.file) }
                    th scope="col" { (labels.keys) }
                    th scope="col" { (labels.file_status) }
                } }
                tbody {
                    @for (number, file) in (1_usize..).zip(input.files) {
                        tr {
                            th scope="row" {
                                @if input.is_full() { code { (printable(file.name())) } } @else { (language.file(number)) }
                            }
                            td { (language.count(file.keys)) }
                            td {
                                (match file.status {
                                    FileStatus::Verified | FileStatus::Known => labels.verified,
                                    FileStatus::Unverified => labels.unverified,
                                    FileStatus::Rejected => labels.rejected,
                                })
                                @if let Some(code) = file.error_code { (labels.brackets[0]) code { (code) } (labels.brackets[1]) }
                                // The text may quote what stands in the file.
                                @if let Some(error) = file.error.as_deref().filter(|_| input.is_full()) {
                                    br; (printable(error))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the words mean.
pub(super) fn glossary(language: &dyn Words) -> Markup {
    html! {
        dl.glossary {
            @for (term, meaning) in language.labels().glossary { dt { (term) } dd { (meaning) } }
        }
    }
}

/// What nobody should read into it.
pub(super) fn limits(input: &ReportInput<'_>, language: &dyn Words) -> Markup {
    let day = UtcDay::from_unix_seconds(input.now).local_range(input.offset);
    html! {
        ul {
            @for limit in language.labels().limits { li { (limit) } }
            li { (language.days_are_utc(day)) }
        }
    }
}
