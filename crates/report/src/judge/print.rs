//! Answers as people read them: a row a day, a column a configuration.

use std::io::{self, Write};

use gaen::exposure::Verdict;
use gaen::time::UtcDay;

use super::words::{self, labels};
use super::{Answer, Case, JudgeDocument};
use crate::Language;
use crate::text::style::{BOLD, CAUTION, DIM, GOOD, UNKNOWN};
use crate::text::{columns, printable, printable_lines};

/// Columns of a day.
const DAY: usize = 10;

pub(super) fn print(document: &JudgeDocument, out: &mut dyn Write) -> io::Result<()> {
    let language = document.language;
    writeln!(out, "{DIM}{}{DIM:#}", words::judged_on(language, document.form, document.today))?;
    if !document.passed_over.is_empty() {
        let names: Vec<_> = document.passed_over.iter().map(|name| printable(name)).collect();
        writeln!(out, "{DIM}{}{DIM:#}", words::passed_over(language, &names.join(", ")))?;
    }
    for case in &document.cases {
        writeln!(out)?;
        self::case(case, document, out)?;
    }
    Ok(())
}

fn case(case: &Case, document: &JudgeDocument, out: &mut dyn Write) -> io::Result<()> {
    let language = document.language;
    if let Some(name) = &case.name {
        writeln!(out, "{BOLD}{}{BOLD:#}", printable(name))?;
    }
    writeln!(out, "{BOLD}{}{BOLD:#}", words::counted_windows(language, case.windows, &case.days))?;
    if !case.repaired_dates.is_empty() {
        writeln!(out, "  {CAUTION}{}{CAUTION:#}", words::repaired(language, case.repaired_dates.len()))?;
    }
    for missing in &case.missing {
        writeln!(out, "  {DIM}{}{DIM:#}", words::missing(language, missing, case.windows))?;
    }
    table(case, language, out)?;
    for answer in &case.answers {
        answer_line(answer, language, out)?;
        if document.is_compared {
            writeln!(out, "  {}", words::compared(language, answer.judgement.change.as_ref()))?;
        }
    }
    if document.is_explained {
        for answer in &case.answers {
            writeln!(out, "\n{BOLD}{}{BOLD:#}", printable(&answer.configuration))?;
            write!(out, "{}", printable_lines(&answer.judgement.to_string()))?;
        }
    }
    Ok(())
}

/// A row a day: its class and its score under each configuration.
fn table(case: &Case, language: Language, out: &mut dyn Write) -> io::Result<()> {
    if case.days.is_empty() {
        return Ok(());
    }
    let cells: Vec<Vec<String>> =
        case.answers.iter().map(|answer| case.days.iter().map(|day| cell(answer, *day, language)).collect()).collect();
    let widths = case.answers.iter().zip(&cells).map(|(answer, cells)| {
        let name = printable(&answer.configuration);
        let widest = cells.iter().map(|cell| columns(cell)).max().unwrap_or_default();
        widest.max(columns(&name))
    });
    let widths: Vec<usize> = widths.collect();
    write!(out, "  {DIM}{:<DAY$}", "UTC")?;
    for (answer, width) in case.answers.iter().zip(&widths) {
        padded(&printable(&answer.configuration), *width, out)?;
    }
    writeln!(out, "{DIM:#}")?;
    for (place, day) in case.days.iter().enumerate() {
        write!(out, "  {day:<DAY$}")?;
        for (cells, width) in cells.iter().zip(&widths) {
            padded(cells.get(place).map(String::as_str).unwrap_or_default(), *width, out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A gap, the text, and spaces up to the width.
fn padded(text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let gap = width.saturating_sub(columns(text));
    write!(out, "  {text}{:gap$}", "")
}

/// What a configuration says of a day: its class, and the score.
fn cell(answer: &Answer, day: UtcDay, language: Language) -> String {
    let Some(judged) = answer.judgement.day(day) else { return labels(language).not_counted.to_owned() };
    if judged.verdict.not_judged().is_some() {
        return labels(language).not_judged.to_owned();
    }
    let class = judged.class.as_deref().map_or_else(|| labels(language).no_class.into(), printable);
    format!("{class} {}", rounded(judged.totals.score_sum))
}

fn answer_line(answer: &Answer, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let name = printable(&answer.configuration);
    let place = answer.place.as_deref().map(printable);
    let who = words::who(language, &name, place.as_deref());
    let judgement = &answer.judgement;
    let class = judgement.class.as_ref().map(|class| (printable(&class.name), class.date));
    let said = words::answer(language, judgement.verdict, class.as_ref().map(|(name, date)| (&**name, *date)));
    match judgement.verdict {
        Verdict::Notify => writeln!(out, "{who}{CAUTION}{said}{CAUTION:#}"),
        Verdict::DoNotNotify => writeln!(out, "{who}{GOOD}{said}{GOOD:#}"),
        Verdict::NotJudged(_) => writeln!(out, "{who}{UNKNOWN}{said}{UNKNOWN:#}"),
    }
}

/// To the hundredth, without zeros that say nothing.
fn rounded(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
