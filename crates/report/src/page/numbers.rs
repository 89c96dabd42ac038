//! The windows and exposures of a day in numbers, which every language writes alike.

use std::iter;

use gaen::exposure::{
    Explanation, ExposureExplanation, FactorExplanation, KeyExplanation, ScanExplanation, WindowExplanation,
};
use gaen::time::UtcDay;
use maud::{Markup, PreEscaped, html};

use super::ReportInput;
use super::facts::Facts;
use super::story::{Contact, Day, Story, seconds, signed};
use super::words::{Labels, Words, each, hour_and_minute, number_text};

/// Sentences below a table, each once, with the number by which its rows name it.
#[derive(Default)]
struct Notes(Vec<Markup>);

impl Notes {
    /// The sign that leads to the sentence.
    fn sign(&mut self, sentence: Markup) -> Markup {
        let known = self.0.iter().position(|known| known.0 == sentence.0);
        let place = known.unwrap_or_else(|| {
            self.0.push(sentence);
            self.0.len() - 1
        });
        html! { sup { (place + 1) } }
    }

    fn list(&self) -> Markup {
        html! { @for (place, sentence) in self.0.iter().enumerate() { p { sup { (place + 1) } " " (sentence) } } }
    }
}

/// Both tables.
pub(super) fn numbers(input: &ReportInput<'_>, story: &Story<'_>, languages: &[&dyn Words]) -> Markup {
    html! {
        (windows(input, story, languages))
        (exposures(input, story, languages))
    }
}

/// Each window: when it began, what it counts, how it came to its score, and its scans.
fn windows(input: &ReportInput<'_>, story: &Story<'_>, languages: &[&dyn Words]) -> Markup {
    let mut table = Table::default();
    for day in &story.days {
        table.day(day);
        for (contact, window) in pairs(day, |contact| &contact.windows[..]) {
            let mut cells = vec![began(input, window.start), clock(seconds(window))];
            let mut notes = vec![None, None];
            if !input.by_v1() {
                cells.push(score(window, input.explanation));
                notes.push(window.reason.as_ref().map(|reason| {
                    let facts = Facts::of_window(window, input);
                    each(languages, |language| html! { (language.reason(reason.code, &reason.text, &facts)) })
                }));
            }
            cells.push(scans(window));
            table.row(contact, &cells, notes);
        }
    }
    let heads: &[Head] = if input.by_v1() {
        &[|l| l.contact, |l| l.began, |l| l.counts_for, |l| l.scans]
    } else {
        &[|l| l.contact, |l| l.began, |l| l.counts_for, |l| l.score_of_window, |l| l.scans]
    };
    table.markup("windows", |labels| labels.numbers, heads, languages)
}

/// Each exposure of version 1: how near for how long, its four factors, and their product.
fn exposures(input: &ReportInput<'_>, story: &Story<'_>, languages: &[&dyn Words]) -> Markup {
    let mut table = Table::default();
    for day in &story.days {
        table.day(day);
        for (contact, exposure) in pairs(day, |contact| &contact.exposures[..]) {
            let durations = exposure.attenuation_durations.map(|seconds| clock(signed(seconds)));
            let mut cells = vec![began(input, exposure.start), clock(signed(exposure.duration)), durations.join(" / ")];
            cells.extend(exposure.factors.iter().map(|factor| self::factor(factor, exposure, contact.key)));
            cells.extend([product(exposure), exposure.risk_score.to_string()]);
            let mut notes = vec![None; cells.len().saturating_sub(1)];
            notes.push(exposure.reason.as_ref().map(|reason| {
                let facts = Facts::of_exposure(exposure, contact.key);
                each(languages, |language| html! { (language.reason(reason.code, &reason.text, &facts)) })
            }));
            table.row(contact, &cells, notes);
        }
    }
    let heads: [Head; 10] = [
        |l| l.contact,
        |l| l.began,
        |l| l.lasted,
        |l| l.durations_v1,
        |l| l.factor_attenuation,
        |l| l.factor_days,
        |l| l.factor_duration,
        |l| l.factor_transmission,
        |l| l.product,
        |l| l.risk_score,
    ];
    table.markup("exposures", |labels| labels.by_v1, &heads, languages)
}

/// Each of something that contacts have, with its contact.
fn pairs<'d, 'a, T: 'a>(
    day: &'d Day<'a>,
    of: impl Fn(&'d Contact<'a>) -> &'d [&'a T],
) -> impl Iterator<Item = (&'d Contact<'a>, &'a T)> {
    day.contacts.iter().flat_map(move |contact| of(contact).iter().map(move |one| (contact, *one)))
}

/// The head of a column.
type Head = fn(&Labels) -> &'static str;

/// Rows by day. Tags that HTML lets end by themselves are left open: there are thousands of them.
#[derive(Default)]
struct Table {
    rows: String,
    /// The day whose rows come next, of which there are none yet.
    day: Option<UtcDay>,
    notes: Notes,
}

impl Table {
    fn day(&mut self, day: &Day<'_>) {
        self.day = Some(day.date);
    }

    /// A row of what was heard of this contact; a note stands beside its cell.
    fn row(&mut self, contact: &Contact<'_>, cells: &[String], notes: Vec<Option<Markup>>) {
        if let Some(day) = self.day.take() {
            let columns = cells.len().saturating_add(1);
            let link = html! { a href={ "#" (day) } { (day) } }.into_string();
            self.rows += &format!(r#"<tbody><tr><th scope="rowgroup" colspan="{columns}">{link}"#);
        }
        self.rows += &format!(r#"<tr><th scope="row">{}"#, contact.number);
        for (cell, note) in cells.iter().zip(notes.into_iter().chain(iter::repeat(None))) {
            self.rows += "<td>";
            self.rows += &html! { (cell) }.into_string();
            if let Some(sentence) = note {
                self.rows += &self.notes.sign(sentence).into_string();
            }
        }
    }

    fn markup(self, id: &str, name: Head, heads: &[Head], languages: &[&dyn Words]) -> Markup {
        if self.rows.is_empty() {
            return Markup::default();
        }
        let say = |text: Head| each(languages, |language| html! { (text(language.labels())) });
        html! {
            details {
                summary id=(id) { (say(name)) }
                div.scroll tabindex="0" role="region" aria-labelledby=(id) {
                    table.numbers {
                        thead { tr { @for head in heads { th scope="col" { (say(*head)) } } } }
                        (PreEscaped(self.rows))
                    }
                }
                (self.notes.list())
            }
        }
    }
}

/// When it began on the reader's clock: the day of the month, and the minute or the hour.
fn began(input: &ReportInput<'_>, start: u64) -> String {
    let time = input.offset.local(start);
    let (month, day) = (time.date().month(), time.date().day());
    let (hour, minute) = hour_and_minute(time);
    let minute = if input.is_full() { format!(":{minute:02}") } else { " h".to_owned() };
    format!("{month:02}-{day:02} {hour:02}{minute}")
}

/// A duration as short as it can be told in minutes: `5`, `5:30`, `1 h 05`, `1 h 05:30`.
fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let minutes = match (seconds / 3600, seconds / 60 % 60) {
        (0, minutes) => minutes.to_string(),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    };
    match seconds % 60 {
        0 => format!("{sign}{minutes}"),
        seconds => format!("{sign}{minutes}:{seconds:02}"),
    }
}

/// The score, and how it came of the weighted seconds where the report type or the infectiousness changes them.
fn score(window: &WindowExplanation, explanation: &Explanation) -> String {
    let Some(score) = &window.score else {
        return explanation.score(window).map_or_else(|| "–".to_owned(), number_text);
    };
    let weights = [score.report_type_weight, score.infectiousness_weight];
    if weights.iter().all(|weight| weight.to_bits() == 1.0_f64.to_bits()) {
        return number_text(score.score);
    }
    let [report_type, infectiousness] = weights.map(number_text);
    let weighted = number_text(score.weighted_duration);
    format!("{} = {weighted} × {report_type} × {infectiousness}", number_text(score.score))
}

/// Each scan: the time since the first, the time that it counts for, its typical attenuation and its smallest.
fn scans(window: &WindowExplanation) -> String {
    let scan = |scan: &ScanExplanation| {
        let (after, counts) = (clock(signed(scan.offset)), clock(scan.scan.seconds_since_last_scan));
        match (scan.scan.typical_attenuation, scan.scan.min_attenuation) {
            (typical, strongest) if typical == strongest => format!("{after} {counts} {typical}"),
            (typical, strongest) => format!("{after} {counts} {typical}/{strongest}"),
        }
    };
    window.scans.iter().map(scan).collect::<Vec<_>>().join(", ")
}

/// What was looked up for a factor, and its score with its weight.
fn factor(factor: &FactorExplanation, exposure: &ExposureExplanation, key: &KeyExplanation) -> String {
    let value = match factor.name {
        "attenuation" => exposure.attenuation.to_string(),
        "days" => exposure.days.to_string(),
        "duration" => clock(signed(exposure.scored_duration)),
        _ => key.transmission_risk_level.to_string(),
    };
    let (score, weight) = (factor.factor.score, factor.factor.weight);
    let weight = if weight.to_bits() == 1.0_f64.to_bits() { String::new() } else { format!(" × {weight}") };
    format!("{value} → {score}{weight}")
}

/// The product, held against what it has to reach.
fn product(exposure: &ExposureExplanation) -> String {
    let sign = if exposure.product < exposure.minimum_risk_score { '<' } else { '≥' };
    format!("{} {sign} {}", number_text(exposure.product), number_text(exposure.minimum_risk_score))
}
