//! A file in hand: its names, and the day of its keys.

use super::sha256;
use crate::cocoa::convention::Convention;
use crate::export::{
    ContainerRule, ExportError, FileFacts, HEADER, ReadOptions, TemporaryExposureKeyExport, UnverifiedExport,
};
use crate::time::{RollingWindow, UtcDay};

/// A file in hand. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedFile {
    /// What people call the file, such as its path.
    pub name: String,
    /// SHA-256 of `export.bin`, which iOS logs.
    pub export_sha256: [u8; 32],
    /// SHA-256 of the zip, which microG logs. `None` for a bare `export.bin`.
    pub zip_sha256: Option<[u8; 32]>,
    /// The time window and the region of the file.
    pub facts: FileFacts,
    /// How many keys the file has.
    pub keys: u64,
    /// The comparison of the file with COCOA's convention. It says of which day all keys are, if they are of one day.
    pub convention: Convention,
    /// The first and the last day on which a key of the file was broadcast. `None` without keys. A match in the file is
    /// of one of these days, whatever server made the file.
    pub key_days: Option<(UtcDay, UtcDay)>,
}

impl IndexedFile {
    /// Reads a file.
    pub(super) fn read(
        name: &str,
        file: &[u8],
        options: &ReadOptions,
    ) -> Result<(Self, UnverifiedExport), ExportError> {
        let is_bare = file.starts_with(HEADER);
        let export = if is_bare {
            UnverifiedExport::from_parts(file.to_vec(), Vec::new(), options)
        } else {
            // Other entries beside the two change no hash of a log.
            let options = ReadOptions { container: ContainerRule::Tolerant, ..options.clone() };
            UnverifiedExport::from_zip(file, &options)
        }?;
        let contents = export.read_without_verifying()?;
        let indexed = Self {
            name: name.to_owned(),
            export_sha256: export.export_sha256(),
            zip_sha256: (!is_bare).then(|| sha256(file)),
            keys: contents.keys.len() as u64,
            convention: Convention::check(&contents),
            key_days: key_days(&contents),
            facts: contents.facts,
        };
        Ok((indexed, export))
    }

    /// The last number in the name of the file: 366 of `440-366.zip`, 9161 of `440/9161.zip`.
    pub(super) fn number(&self) -> Option<u64> {
        let name = self.name.rsplit(['/', '\\']).next()?;
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        let mut numbers = stem.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty());
        numbers.next_back()?.parse().ok()
    }
}

fn key_days(contents: &TemporaryExposureKeyExport) -> Option<(UtcDay, UtcDay)> {
    let windows = || contents.keys.iter().map(|key| key.window);
    let first = windows().map(RollingWindow::start).min()?;
    // The second before the end belongs to the last interval.
    let last = windows().map(|window| window.end().unix_seconds().saturating_sub(1)).max()?;
    Some((UtcDay::from(first), UtcDay::from_unix_seconds(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_file_is_the_last_in_its_name() {
        for (name, number) in [
            ("440-366.zip", Some(366)),
            ("a1/440/9161.zip", Some(9161)),
            ("C:\\files\\7.zip", Some(7)),
            ("1605818700-1605819000-0001-ff23e2.zip", Some(2)),
            ("export.bin", None),
            ("99999999999999999999.zip", None),
            ("", None),
        ] {
            let convention = Convention { day: None, deviations: Vec::new() };
            let file = IndexedFile {
                name: name.to_owned(),
                export_sha256: [0; 32],
                zip_sha256: None,
                facts: FileFacts::default(),
                keys: 0,
                convention,
                key_days: None,
            };
            assert_eq!(file.number(), number, "{name}");
        }
    }
}
