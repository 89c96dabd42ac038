//! What follows from a log, in plain words.

use super::document::{Document, Entry, Exposures, Matched};
use super::files::FileFound;
use crate::output::{counted, grouped};

/// A sentence or a few for each thing that can be said, the most important one first.
pub(super) fn of(document: &Document) -> Vec<String> {
    if let Some(exposures) = &document.exposure_data {
        return self::exposures(exposures);
    }
    let distinct = &document.distinct_matches;
    let mut said: Vec<_> = distinct.hashes.iter().map(|matched| self::matched(document, matched)).collect();
    if distinct.hashes.len() > 1 {
        let (least, most) = (distinct.keys_at_least, distinct.keys_at_most);
        said.push(if least == most {
            format!("In all, {} matched. What was checked again counts once.", different(least))
        } else {
            format!(
                "In all, from {} to {} matched: the log does not say which of the matches are the same.",
                grouped(least),
                different(most)
            )
        });
    }
    if distinct.hashes.is_empty() && distinct.unknown == 0 {
        said.push(match document.entries.len() {
            0 => "Nothing was checked, as far as this log goes back.".to_owned(),
            1 => "Nothing matched in the one entry of this log.".to_owned(),
            entries => format!("Nothing matched in the {} entries of this log.", grouped(entries)),
        });
    }
    if distinct.unknown > 0 {
        said.push(format!(
            "Whether a key matched is not logged in {} of {} entries: iOS leaves it out for apps of EN v2. That is unknown; \
             it is not \"none\".",
            grouped(distinct.unknown),
            grouped(document.entries.len()),
        ));
    }
    if !distinct.hashes.is_empty() {
        said.push(
            "A match need not be a contact in the app. Matched, scored and notified are three things. Matched: the phone \
             had heard a key of the file, however far away or short. Scored: the app's configuration gave that a score, \
             which may be 0. Notified: the app shows a contact only from its minimum score on; COCOA's was 1 until app \
             1.1.3 and 21 from app 1.1.4. iOS itself could announce a match of which the app then showed nothing."
                .to_owned(),
        );
    }
    if !document.calls_complete {
        said.push(
            "Not all files were searched for calls of several files: those beyond 1 GiB were left out.".to_owned(),
        );
    }
    said
}

fn different(keys: u64) -> String {
    format!("{} different {}", grouped(keys), if keys == 1 { "key" } else { "keys" })
}

/// Of one hash with a match.
fn matched(document: &Document, matched: &Matched) -> String {
    let entries: Vec<&Entry> = matched.entries.iter().filter_map(|at| document.entries.get(*at)).collect();
    let Some(entry) = entries.first() else { return String::new() };
    let what = if entry.hash_of == "call" { "check" } else { "file" };
    let of = entry.keys.map_or(String::new(), |keys| format!(" of {}", counted(keys, "key")));
    let mut said = format!("{} of a {what}{of} matched.", counted(matched.matches, "key"));
    let times: Vec<_> = entries.iter().filter_map(|entry| entry.checked.as_ref()).map(|time| &time.text).collect();
    match times[..] {
        [] => {}
        [time] => said += &format!(" It was checked {time}; that is not the time of the contact."),
        [first, .., last] => {
            let between = if times.len() == 2 { "and" } else { "to" };
            said += &format!(
                " The same {what} was checked {} times with this match ({first} {between} {last}): that is one match, and \
                 none of these is the time of the contact.",
                times.len()
            );
        }
    }
    let files: Vec<&FileFound> = entry.files.iter().filter_map(|at| document.files.get(*at)).collect();
    said += " ";
    said += &day(document, entry, &files);
    said
}

/// On which day the contact was.
fn day(document: &Document, entry: &Entry, files: &[&FileFound]) -> String {
    if let [FileFound { path, utc_day: Some(day), local_range: Some(range), .. }] = files {
        return format!("The file is {path}: the contact was on UTC day {day}, that is {range}.");
    }
    let first = files.iter().filter_map(|file| file.first_day).min();
    let last = files.iter().filter_map(|file| file.last_day).max();
    let which = match files {
        [] => String::new(),
        [file] => format!("The file is {}", file.path),
        [first, .., last] => format!("It was of {} files, {} to {}", files.len(), first.path, last.path),
    };
    if let (Some(first), Some(last)) = (first, last) {
        let (start, end) = (first.local_range(document.utc_offset).start, last.local_range(document.utc_offset));
        let days =
            if first == last { format!("on UTC day {first}") } else { format!("on a UTC day from {first} to {last}") };
        return format!("{which}: the contact was {days}, that is {start} to {} (UTC{}).", end.end, end.offset);
    }
    let unknown = "On which day the contact was cannot be told from the log without the file";
    match entry.found {
        "not_a_hash" => format!("{unknown}, and no file can be found by the hash {:?}.", entry.hash),
        "not_searched" => format!("{unknown}: give --exports."),
        "not_among_these" => {
            let searched = document.files.iter().filter(|file| file.error.is_none()).count();
            format!("{unknown}, and it is not among these files ({} searched).", grouped(searched))
        }
        _ => format!("{unknown}: the files found have no keys."),
    }
}

/// Of the app's own record.
fn exposures(exposures: &Exposures) -> Vec<String> {
    let mut said = Vec::new();
    match &exposures.days[..] {
        [] => said.push("No contact is on record.".to_owned()),
        days => {
            let list: Vec<_> = days.iter().map(|day| day.utc_day.to_string()).collect();
            said.push(format!("Contacts are on record of {}: {}.", utc_days(days.len()), list.join(", ")));
        }
    }
    let truncated = exposures.days.iter().filter(|day| day.date_was_truncated).count();
    if truncated > 0 {
        said.push(format!(
            "For {} the record holds only the lower 32 bits of the milliseconds, often negative. Of all midnights from 2020 \
             to 2099 one alone ends in these bits, and that is the day given.",
            utc_days(truncated)
        ));
    }
    if exposures.without_day > 0 {
        said.push(format!("{} cannot be given a day.", counted(exposures.without_day, "record")));
    }
    if !exposures.days.is_empty() {
        said.push(
            "A contact on record need not have been notified: the app did that from a score on, and below it shows \
             nothing."
                .to_owned(),
        );
    }
    said
}

fn utc_days(count: usize) -> String {
    counted(count, "UTC day")
}
