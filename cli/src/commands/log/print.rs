//! A log as people read it.

use std::io::{self, Write};

use super::document::{Document, Entry, Exposures};
use crate::output::{BOLD, CAUTION, DIM, GOOD, counted, grouped, printable};
use crate::utc;

pub(super) fn document(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#}", document.title())?;
    for (label, text) in [("build", &document.build), ("device", &document.device)] {
        if let Some(text) = text {
            writeln!(out, "  {label:<8}{}", printable(text))?;
        }
    }
    if let Some(exposures) = &document.exposure_data {
        self::exposures(exposures, out)?;
    } else {
        writeln!(out, "  {:<8}{}", "checks", grouped(document.checks))?;
        writeln!(out, "\n{BOLD}Checks{BOLD:#}  {DIM}when each was made, never when a contact was{DIM:#}")?;
        for entry in &document.entries {
            self::entry(document, entry, out)?;
        }
    }
    let failed: Vec<_> = document.files.iter().filter(|file| file.error.is_some()).collect();
    if !failed.is_empty() {
        writeln!(out, "\n{BOLD}Not searched{BOLD:#}  {DIM}no export files, or unreadable{DIM:#}")?;
        for file in failed {
            let (code, error) = (file.error_code.unwrap_or_default(), file.error.as_deref().unwrap_or_default());
            writeln!(out, "  {}  {code}: {}", printable(&file.path), printable(error))?;
        }
    }
    writeln!(out, "\n{BOLD}What it says{BOLD:#}")?;
    for said in &document.conclusion {
        paragraph(&printable(said), out)?;
    }
    Ok(())
}

fn entry(document: &Document, entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
    match &entry.checked {
        None => write!(out, "  at a time that is not logged")?,
        Some(checked) => {
            write!(out, "  {}", printable(&checked.text))?;
            match (checked.unix_seconds, checked.local, checked.local_without_offset) {
                (Some(seconds), Some(local), _) => {
                    let utc = utc::minute(seconds);
                    write!(out, "  {DIM}{utc} UTC, {local} at UTC{}{DIM:#}", document.utc_offset)?;
                }
                (_, _, Some(local)) => write!(out, "  {DIM}{local} where the phone was{DIM:#}")?,
                _ => write!(out, "  {DIM}a form of time that is not known{DIM:#}")?,
            }
        }
    }
    let keys = entry.keys.map_or("unknown number of keys".to_owned(), |keys| counted(keys, "key"));
    write!(out, "\n    {}, ", keys)?;
    match entry.matches {
        None => write!(out, "{CAUTION}matches unknown{CAUTION:#}")?,
        Some(0) => write!(out, "none matched")?,
        Some(matches) => write!(out, "{GOOD}{} matched{GOOD:#}", grouped(matches))?,
    }
    if let Some(app) = &entry.app {
        write!(out, ", for {}", printable(app))?;
    }
    let hash = printable(&entry.hash);
    let short: String = hash.chars().take(16).collect();
    let cut = if short.len() == hash.len() { "" } else { ".." };
    writeln!(out, "\n    {} {short}{cut}  {}", entry.hash_of, found(document, entry))
}

/// What the hash of an entry turned out to be.
fn found(document: &Document, entry: &Entry) -> String {
    let files: Vec<_> = entry.files.iter().filter_map(|at| document.files.get(*at)).collect();
    match files[..] {
        [] => match entry.found {
            "not_a_hash" => "is no hash".to_owned(),
            "not_searched" => "no files were given".to_owned(),
            _ => "not among these files".to_owned(),
        },
        [file] => {
            let day = match (file.utc_day, file.local_range, file.first_day.zip(file.last_day)) {
                (Some(day), Some(range), _) => format!(", UTC day {day}, {range}"),
                (_, _, Some((first, last))) => format!(", keys of UTC days {first} to {last}"),
                _ => String::new(),
            };
            format!("{}{day}", printable(&file.path))
        }
        [first, .., last] => {
            format!("{} to {}: {}", printable(&first.path), printable(&last.path), counted(files.len(), "file"))
        }
    }
}

fn exposures(exposures: &Exposures, out: &mut dyn Write) -> io::Result<()> {
    let data = &exposures.data;
    for (label, text) in [
        ("platform", &data.platform),
        ("system", &data.platform_version),
        ("model", &data.model),
        ("app", &data.app_version),
        ("made", &data.generated_at),
    ] {
        if let Some(text) = text {
            writeln!(out, "  {label:<10}{}", printable(text))?;
        }
    }
    writeln!(out, "\n{BOLD}Contacts on record{BOLD:#}  {DIM}by the UTC day of the contact{DIM:#}")?;
    for day in &exposures.days {
        let sums: Vec<_> = day.score_sums.iter().map(ToString::to_string).collect();
        let score = if sums.is_empty() { "no summary".to_owned() } else { format!("score {}", sums.join(" and ")) };
        let (windows, minutes) = (counted(day.windows, "window"), day.seconds / 60);
        writeln!(out, "  {}  {}", day.utc_day, day.local_range)?;
        writeln!(out, "    {windows}, {minutes} min {:02} s, {score}", day.seconds % 60)?;
    }
    Ok(())
}

/// Within 80 columns.
fn paragraph(text: &str, out: &mut dyn Write) -> io::Result<()> {
    const WIDTH: usize = 80;
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length <= WIDTH {
            write!(out, " {word}")?;
            column += 1 + length;
        } else {
            let (end, indent) = if column == 0 { ("", "- ") } else { ("\n", "  ") };
            write!(out, "{end}{indent}{word}")?;
            column = 2 + length;
        }
    }
    writeln!(out)
}
