//! The days, a week a row.

use gaen::time::UtcDay;
use maud::{Markup, html};

use super::ReportInput;
use super::days::anchor;
use super::story::{Mark, Story};
use super::words::Words;

/// Days that are always shown: as far back as keys are published.
const SHOWN: u64 = 14;
/// Days before today that are shown when there is something; what is farther off is listed below all the same.
const MOST_BEFORE: u64 = 55;
/// Days after today, where clocks disagree.
const MOST_AFTER: u64 = 7;

pub(super) fn calendar(input: &ReportInput<'_>, story: &Story<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    let (first, last) = bounds(UtcDay::from_unix_seconds(input.now), story);
    let weeks = weeks(first, last, language);
    html! {
        p { (language.calendar_note(last, input.offset)) }
        table.calendar {
            caption.aside { (labels.calendar) }
            thead { tr {
                th scope="col" { span.aside { (labels.month) } }
                @for weekday in language.weekdays() { th scope="col" { (weekday) } }
            } }
            tbody {
                @for week in &weeks {
                    tr {
                        th scope="row" { (language.month(week)) }
                        @for day in week {
                            @match day {
                                Some(day) => (cell(*day, story, language)),
                                None => td {},
                            }
                        }
                    }
                }
            }
        }
        ul.legend {
            @for mark in story.marks() { li.(mark.class()) { span.sign aria-hidden="true" { (mark.sign()) } " " (language.mark(*mark)) } }
        }
    }
}

fn cell(day: UtcDay, story: &Story<'_>, language: &dyn Words) -> Markup {
    let mark = story.mark(day);
    let content = html! {
        span.date { (language.date_in_calendar(day.date())) }
        span.sign aria-hidden="true" { (mark.sign()) }
        span.word { (language.mark_word(mark)) }
    };
    html! {
        td.(mark.class()) {
            @match mark {
                Mark::Nothing | Mark::Signals | Mark::Unknown => div { (content) },
                Mark::NearMiss => a href={ "#" (language.code()) "-near-misses" } { (content) },
                _ => a href={ "#" (anchor(day)) } { (content) },
            }
        }
    }
}

/// The first and the last day that are shown.
fn bounds(today: UtcDay, story: &Story<'_>) -> (UtcDay, UtcDay) {
    let before = |days| today.checked_sub(days).unwrap_or(UtcDay::EPOCH);
    let after = today.checked_add(MOST_AFTER).unwrap_or(UtcDay::LAST);
    let marked = story.marked();
    let mut shown = marked.range(before(MOST_BEFORE)..=after);
    let first = shown.next().copied().unwrap_or(today);
    let last = shown.next_back().copied().unwrap_or(first);
    (first.min(before(SHOWN)), last.max(today))
}

/// The days from first to last, in weeks that begin as the language's do; nothing beside them.
fn weeks(first: UtcDay, last: UtcDay, language: &dyn Words) -> Vec<[Option<UtcDay>; 7]> {
    let mut weeks = Vec::new();
    let mut week = [None; 7];
    for day in (0..).map_while(|count| first.checked_add(count).filter(|day| *day <= last)) {
        let column = language.column(day);
        if column == 0 && day != first {
            weeks.push(week);
            week = [None; 7];
        }
        week[column] = Some(day);
    }
    weeks.push(week);
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn every_day_is_in_its_column() {
        let day = |text: &str| text.parse::<UtcDay>().unwrap();
        // A Thursday, and the Wednesday after the next.
        for (language, rows, column) in [(Language::English, 3, 3), (Language::Japanese, 3, 4)] {
            let weeks = weeks(day("2020-08-20"), day("2020-09-02"), language.words());
            assert_eq!(weeks.len(), rows);
            assert_eq!(weeks[0][column], Some(day("2020-08-20")));
            assert_eq!(weeks.iter().flatten().flatten().count(), 14);
        }
    }
}
