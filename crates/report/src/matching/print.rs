//! What was found, as text.

use std::collections::BTreeSet;
use std::io::{self, Write};

use gaen::Match;

use super::MatchDocument;
use crate::document::FileStatus;
use crate::text::style::{BAD, BOLD, CAUTION, DIM, GOOD};
use crate::text::{counted, grouped, printable, utc};
use crate::{dropped, verdict};

pub(super) fn print(document: &MatchDocument, out: &mut dyn Write) -> io::Result<()> {
    document.print_files(out)?;
    document.print_matches(out)?;
    dropped::print(&document.dropped, out)?;
    document.print_result(out)?;
    verdict::print_shortcomings(document.basis.files, out)
}

impl MatchDocument {
    fn print_result(&self, out: &mut dyn Write) -> io::Result<()> {
        let keys = self.by_key().count() as u64;
        let matched: BTreeSet<_> = self.matches.iter().map(|found| found.sighting).collect();
        let sightings = counted(self.basis.sightings, "sighting");
        if let Some(reason) = self.not_judged() {
            verdict::print_not_judged(reason, out)
        } else if keys == 0 {
            writeln!(out, "{BOLD}No key matched any of {sightings}.{BOLD:#}")
        } else {
            writeln!(out, "{BOLD}{} matched {} of {sightings}.{BOLD:#}", counted(keys, "key"), grouped(matched.len()))
        }
    }

    fn by_key(&self) -> impl Iterator<Item = &[Match]> {
        self.matches.chunk_by(|a, b| (a.source, a.key) == (b.source, b.key))
    }

    fn print_files(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{BOLD}Files{BOLD:#}")?;
        for file in self.files.iter().filter(|file| file.path.is_some()) {
            let (style, status) = match file.status {
                FileStatus::Verified => (GOOD, "verified"),
                FileStatus::Unverified => (CAUTION, "unverified"),
                FileStatus::Rejected => (BAD, "rejected"),
                FileStatus::Known => (DIM, "known"),
            };
            let keys = match file.status {
                FileStatus::Rejected => String::new(),
                _ => counted(file.keys, "key"),
            };
            writeln!(out, "  {style}{status:<10}{style:#}  {keys:>12}  {}", printable(file.name()))?;
            let mut note = |text: &str| writeln!(out, "{:28}{}", "", printable(text));
            if !file.verified_by.is_empty() {
                note(&format!("signed by {}", file.verified_by.join(" and ")))?;
            }
            if file.revised_keys > 0 {
                note(&format!("{} (not searched for)", counted(file.revised_keys, "revised key")))?;
            }
            for (reason, count) in file.skipped_keys.iter() {
                note(&format!("{} skipped: {}", counted(count, "key"), reason.meaning()))?;
            }
            if let Some(error) = &file.error {
                note(error)?;
            }
        }
        let others = self.files.iter().filter(|file| file.path.is_none());
        let (files, keys) =
            others.fold((0_u64, 0_u64), |(files, keys), file| (files + 1, keys.saturating_add(file.keys)));
        if files > 0 {
            writeln!(
                out,
                "  {DIM}known{DIM:#}       {:>12}  in {} searched before",
                counted(keys, "key"),
                counted(files, "file")
            )?;
        }
        writeln!(out)
    }

    fn print_matches(&self, out: &mut dyn Write) -> io::Result<()> {
        for matches in self.by_key() {
            let Some(Match { source, key, .. }) = matches.first() else {
                continue;
            };
            let (start, end) = (key.window.start().unix_seconds(), key.window.end().unix_seconds());
            let tek = key.key_data;
            writeln!(out, "{BOLD}Key {tek}{BOLD:#}  {} to {}", utc::minute(start), utc::minute(end))?;
            if let Some(file) = self.files.get(*source).filter(|_| self.files.len() > 1) {
                writeln!(out, "  {DIM}in {}{DIM:#}", printable(file.name()))?;
            }
            writeln!(out, "  {DIM}UTC               interval       RSSI  attenuation{DIM:#}")?;
            for found in matches {
                let (time, interval) = (utc::minute(found.time), found.interval.as_u32());
                writeln!(out, "  {time}  {interval:>8}  {:>5} dBm  {:>8} dB", found.rssi, found.attenuation)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}
