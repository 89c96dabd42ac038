//! What follows from a log, in plain words.

use crate::Language;
use gaen::cocoa::LogFormat;

use super::document::{Entry, Exposures, LogDocument, Matched, ranges};
use super::files::FileFound;
use super::words::{self, NoDay};

/// A sentence or a few for each thing that can be said, the most important one first.
pub(super) fn of(document: &LogDocument) -> Vec<String> {
    let language = document.language;
    if let Some(exposures) = &document.exposure_data {
        return self::exposures(language, exposures);
    }
    let distinct = &document.distinct_matches;
    let entries = document.entries.len();
    let doubtful = document.entries.iter().filter(|entry| entry.doubtful).count();
    let mut said: Vec<_> = distinct.hashes.iter().map(|matched| self::matched(document, matched)).collect();
    let lacks_its_file = |entry: &Entry| matches!(entry.found, "not_searched" | "not_among_these");
    let matched = || distinct.hashes.iter().flat_map(|hash| &hash.entries).filter_map(|at| document.entries.get(*at));
    if document.on_a_page && matched().any(lacks_its_file) {
        said.push(words::drop_files(language).to_owned());
    }
    if distinct.hashes.len() > 1 {
        said.push(words::in_all(language, distinct.keys_at_least, distinct.keys_at_most));
    }
    let judged = entries - doubtful;
    if distinct.hashes.is_empty() && distinct.unknown == 0 && (judged > 0 || entries == 0) {
        said.push(words::no_match(language, judged, entries));
    }
    said.extend(contradiction(document));
    let counted_wrongly = document.entries.iter().filter(|entry| entry.doubtful && entry.hash_of == "call").count();
    if counted_wrongly > 0 {
        said.push(words::doubtful(language, counted_wrongly, entries));
    }
    let ios = document.kind != LogFormat::Android;
    if distinct.unknown > 0 {
        said.push(words::not_logged(language, distinct.unknown, entries, ios));
    }
    if !distinct.hashes.is_empty() {
        let cocoa = matched().any(|entry| entry.cocoa);
        said.push(words::three_things(language, cocoa, ios));
    }
    if !document.calls_complete {
        said.push(words::incomplete(language, document.on_a_page).to_owned());
    }
    said
}

/// The first hash whose files have another number of keys than the log, and how many such hashes there are.
fn contradiction(document: &LogDocument) -> Option<String> {
    let mut hashes: Vec<&str> = Vec::new();
    let mut first = None;
    for entry in &document.entries {
        let (Some(logged), Some(in_files)) = (entry.keys, entry.keys_in_files) else { continue };
        if logged != in_files && !hashes.contains(&entry.hash.as_str()) {
            hashes.push(&entry.hash);
            first.get_or_insert((entry, logged, in_files));
        }
    }
    let (entry, logged, in_files) = first?;
    let files: Vec<_> = files(document, entry).iter().map(|file| file.path.as_str()).collect();
    Some(words::contradiction(document.language, logged, in_files, &files.join(", "), hashes.len()))
}

fn files<'d>(document: &'d LogDocument, entry: &Entry) -> Vec<&'d FileFound> {
    entry.files.iter().filter_map(|at| document.files.get(*at)).collect()
}

/// Of one hash with a match.
fn matched(document: &LogDocument, matched: &Matched) -> String {
    let language = document.language;
    let entries: Vec<&Entry> = matched.entries.iter().filter_map(|at| document.entries.get(*at)).collect();
    let Some(entry) = entries.first() else { return String::new() };
    let call = entry.hash_of == "call";
    let times: Vec<_> = entries.iter().filter_map(|entry| entry.checked.as_ref()).map(|time| &time.text).collect();
    let said = [
        words::matched(language, matched.matches, entry.keys, call, document.on_a_page),
        words::checked(language, &times, call),
        day(document, &entries, entry),
    ];
    said.concat()
}

/// On which day the contact was: on the clocks of all entries that tell of it.
fn day(document: &LogDocument, entries: &[&Entry], entry: &Entry) -> String {
    let language = document.language;
    let files = files(document, entry);
    let days = match files[..] {
        [FileFound { utc_day: Some(day), .. }] => Some([*day, *day]),
        _ => {
            let first = files.iter().filter_map(|file| file.first_day).min();
            let last = files.iter().filter_map(|file| file.last_day).max();
            first.zip(last).map(|(first, last)| [first, last])
        }
    };
    if let Some(days) = days {
        let mut clocks = Vec::new();
        for clock in entries.iter().flat_map(|entry| &entry.clocks) {
            if !clocks.contains(clock) {
                clocks.push(*clock);
            }
        }
        let names: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        return words::contact(language, &names, days, &ranges(&clocks, days));
    }
    let why = match entry.found {
        "not_a_hash" => NoDay::NotAHash(&entry.hash),
        "not_searched" => NoDay::NotSearched { on_a_page: document.on_a_page },
        "not_among_these" => {
            NoDay::NotAmong { searched: document.files.iter().filter(|file| file.error.is_none()).count() }
        }
        _ => NoDay::NoKeys,
    };
    words::no_day(language, &why)
}

/// Of the app's own record.
fn exposures(language: Language, exposures: &Exposures) -> Vec<String> {
    let days: Vec<_> = exposures.days.iter().map(|day| day.utc_day).collect();
    let mut said = vec![words::days_on_record(language, &days)];
    let truncated = exposures.days.iter().filter(|day| day.date_was_truncated).count();
    if truncated > 0 {
        said.push(words::truncated(language, truncated));
    }
    if exposures.without_day > 0 {
        said.push(words::without_day(language, exposures.without_day));
    }
    if !days.is_empty() {
        said.push(words::not_notified(language).to_owned());
    }
    said
}
