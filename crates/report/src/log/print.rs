//! A log as people read it.

use std::io::{self, Write};

use crate::Language;
use crate::document::Document;
use crate::text::{column, columns, grouped, printable, utc};

use super::document::{Entry, Exposures, LogDocument};
use super::words::{self, Labels};
use crate::text::style::{BOLD, CAUTION, DIM, GOOD};

pub(super) fn print(document: &LogDocument, out: &mut dyn Write) -> io::Result<()> {
    let labels = words::labels(document.language);
    writeln!(out, "{BOLD}{}{BOLD:#}", words::title(document.language, document.kind))?;
    for (label, text) in [(labels.build, &document.build), (labels.device, &document.device)] {
        if let Some(text) = text {
            fact(label, &printable(text), 8, out)?;
        }
    }
    if let Some(exposures) = &document.exposure_data {
        self::exposures(document.language, exposures, out)?;
    } else {
        fact(labels.checks, &grouped(document.checks), 8, out)?;
        heading(labels.checks_heading, out)?;
        for entry in &document.entries {
            self::entry(document, entry, out)?;
        }
    }
    if let Some(judged) = &document.judged {
        writeln!(out, "\n{BOLD}{}{BOLD:#}", labels.judged_heading)?;
        judged.print(out)?;
    }
    let failed: Vec<_> = document.files.iter().filter(|file| file.error.is_some()).collect();
    if !failed.is_empty() {
        heading(labels.not_searched_heading, out)?;
        for file in failed {
            let (code, error) = (file.error_code.unwrap_or_default(), file.error.as_deref().unwrap_or_default());
            writeln!(out, "  {}  {code}: {}", printable(&file.path), printable(error))?;
        }
    }
    writeln!(out, "\n{BOLD}{}{BOLD:#}", labels.conclusion_heading)?;
    for said in &document.conclusion {
        paragraph(&printable(said), out)?;
    }
    Ok(())
}

/// A label of at least so many columns, and what it names.
fn fact(label: &str, text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let gap = width.saturating_sub(columns(label));
    writeln!(out, "  {label}{:gap$}{}{text}", "", if gap == 0 { " " } else { "" })
}

fn heading([heading, note]: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{BOLD}{heading}{BOLD:#}  {DIM}{note}{DIM:#}")
}

fn entry(document: &LogDocument, entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
    let language = document.language;
    let labels = words::labels(language);
    match &entry.checked {
        None => write!(out, "  {}", labels.no_time)?,
        Some(checked) => {
            let when = match (checked.unix_seconds, checked.local.zip(checked.utc_offset), checked.local_without_offset)
            {
                (Some(seconds), Some((local, offset)), _) => {
                    words::moment(language, &utc::minute(seconds), local, offset)
                }
                (_, _, Some(local)) => words::phone_time(language, local),
                _ => labels.unknown_time.to_owned(),
            };
            write!(out, "  {}  {DIM}{when}{DIM:#}", printable(&checked.text))?;
        }
    }
    let separator = match language {
        Language::English => ", ",
        Language::Japanese => "、",
    };
    write!(out, "\n    {}{separator}", words::keys(language, entry.keys))?;
    let matches = words::matches(language, entry.matches);
    match entry.matches {
        _ if entry.doubtful => write!(out, "{CAUTION}{matches}{separator}{}{CAUTION:#}", labels.may_be_wrong)?,
        None => write!(out, "{CAUTION}{matches}{CAUTION:#}")?,
        Some(0) => write!(out, "{matches}")?,
        Some(_) => write!(out, "{GOOD}{matches}{GOOD:#}")?,
    }
    if let Some(app) = &entry.app {
        write!(out, "{}", words::for_app(language, &printable(app)))?;
    }
    let hash = printable(&entry.hash);
    let short: String = hash.chars().take(16).collect();
    let cut = if short.len() == hash.len() { "" } else { ".." };
    writeln!(out, "\n    {} {short}{cut}  {}", words::hash_of(language, entry.hash_of), found(document, entry, labels))
}

/// What the hash of an entry turned out to be.
fn found(document: &LogDocument, entry: &Entry, labels: &Labels) -> String {
    let language = document.language;
    let files: Vec<_> = entry.files.iter().filter_map(|at| document.files.get(*at)).collect();
    match files[..] {
        [] => match entry.found {
            "not_a_hash" => labels.no_hash.to_owned(),
            "not_searched" => labels.no_files.to_owned(),
            _ => labels.not_among.to_owned(),
        },
        [file] => {
            let path = printable(&file.path);
            match (file.utc_day, file.first_day.zip(file.last_day)) {
                (Some(day), _) => words::file_of_day(language, &path, day, &entry.ranges([day, day])),
                (None, Some((first, last))) => words::file_of_days(language, &path, first, last),
                (None, None) => path.into_owned(),
            }
        }
        [first, .., last] => {
            words::run_of_files(language, &printable(&first.path), &printable(&last.path), files.len())
        }
    }
}

fn exposures(language: Language, exposures: &Exposures, out: &mut dyn Write) -> io::Result<()> {
    let (data, labels) = (&exposures.data, words::labels(language));
    for (label, text) in [
        (labels.platform, &data.platform),
        (labels.system, &data.platform_version),
        (labels.model, &data.model),
        (labels.app, &data.app_version),
        (labels.made, &data.generated_at),
    ] {
        if let Some(text) = text {
            fact(label, &printable(text), 10, out)?;
        }
    }
    heading(labels.contacts_heading, out)?;
    for day in &exposures.days {
        writeln!(out, "  {}  {}", day.utc_day, words::range(language, &day.local_range))?;
        writeln!(out, "    {}", words::record(language, day.windows, day.seconds, &day.score_sums))?;
    }
    Ok(())
}

/// Within 80 columns. A line breaks at a space, and beside a Japanese character, unless a mark follows that may not
/// begin a line or precedes that may not end one.
fn paragraph(text: &str, out: &mut dyn Write) -> io::Result<()> {
    const WIDTH: usize = 80;
    let wide = |sign: char| column(sign) == 2;
    let mut pieces: Vec<String> = Vec::new();
    let mut before = ' ';
    for sign in text.chars() {
        let breaks = (before == ' ' || wide(before) || wide(sign)) && sign != ' ';
        let stays = "、。）」ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ".contains(sign) || "（「".contains(before);
        match pieces.last_mut() {
            Some(piece) if !breaks || stays => piece.push(sign),
            _ => pieces.push(sign.to_string()),
        }
        before = sign;
    }
    let mut column = 2;
    write!(out, "- ")?;
    for (at, piece) in pieces.iter().enumerate() {
        let length = columns(piece.trim_end());
        // The space before a piece stands at the end of the one before it.
        let space = usize::from(at > 0 && pieces[at - 1].ends_with(' ') && column > 2);
        if column > 2 && column + space + length > WIDTH {
            write!(out, "\n  ")?;
            column = 2;
        } else if space == 1 {
            write!(out, " ")?;
            column += 1;
        }
        write!(out, "{}", piece.trim_end())?;
        column += length;
    }
    writeln!(out)
}
