//! What everybody heard, and what a search finds of it, as two tables in Parquet.
//!
//! Columns have the names and types of the package for Python, and `phone` beside them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gaen::export::{ReadOptions, Trust, UnverifiedExport};
use gaen::matching::HeardMetadata;
use gaen::{DiagnosisKey, Match, Matcher, Sighting, SightingIndex};
use parquet::basic::{Compression, Encoding};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use rayon::prelude::*;

use crate::files::FilesError;
use crate::population::Population;
use crate::truth::KeyTruth;

/// The table of what everybody heard.
pub const SIGHTINGS_TABLE: &str = "sightings.parquet";
/// The table of what a search finds of it.
pub const MATCHES_TABLE: &str = "matches.parquet";

/// The columns of `sightings.parquet`: what Python's `Sightings.from_arrow` takes.
const SIGHTING: &str = "message sighting {
    required int64 phone;
    required binary rpi;
    required binary aem;
    required int64 rssi;
    required int64 time (TIMESTAMP(MILLIS,true));
    optional int64 previous_scan (TIMESTAMP(MILLIS,true));
}";

/// The columns of `matches.parquet`: those of Python's `Report.matches`.
const MATCH: &str = "message match {
    required int64 phone;
    required int64 file;
    required binary key;
    required int64 rolling_start_interval_number;
    required int64 rolling_period;
    required int64 interval;
    required int64 interval_start (TIMESTAMP(MILLIS,true));
    required int64 sighting;
    required int64 time (TIMESTAMP(MILLIS,true));
    required int64 rssi;
    required int64 tx_power;
    required int64 attenuation;
}";

/// How many phones share a group of rows. A reader that wants one phone skips the other groups, and 100,000 sightings
/// have few enough identifiers for a dictionary.
const PHONES: usize = 16;

impl Population {
    /// Writes both tables into this folder, which is there, and tells of each phone in turn: its number, how many
    /// sightings it heard, and of which keys. [`MATCHES_TABLE`] is complete last.
    ///
    /// The matches are what a search of each phone's sightings finds in the exports. The books of the world have no
    /// part in them.
    ///
    /// # Errors
    /// [`FilesError`] when there is such a table already, or it cannot be written.
    pub fn write_tables(
        &self,
        folder: &Path,
        mut tell: impl FnMut(usize, usize, &[KeyTruth]),
    ) -> Result<(), FilesError> {
        let files = self.verified_keys()?;
        let mut sightings = Table::create(folder.join(SIGHTINGS_TABLE), SIGHTING)?;
        let mut matches = Table::create(folder.join(MATCHES_TABLE), MATCH)?;
        let numbers: Vec<usize> = (0..self.options.people).collect();
        for group in numbers.chunks(PHONES) {
            let phones = group.par_iter().filter_map(|number| Phone::search(self, *number, &files).transpose());
            let phones: Vec<Phone> = phones.collect::<Result<_, _>>()?;
            sightings.add(sighting_columns(&phones))?;
            matches.add(match_columns(&phones))?;
            for phone in &phones {
                tell(phone.number, phone.index.sightings().len(), &phone.truth);
            }
        }
        sightings.finish()?;
        matches.finish()
    }

    /// The keys of each export, verified.
    fn verified_keys(&self) -> Result<Vec<Vec<DiagnosisKey>>, FilesError> {
        let trust = Trust::new(self.trusted_key());
        let keys = self.exports.iter().map(|export| {
            let export = UnverifiedExport::from_zip(&export.file.zip, &ReadOptions::default())?.verify(&trust)?;
            Ok(export.keys().to_vec())
        });
        keys.collect::<Result<_, gaen::export::ExportError>>().map_err(|error| unsearched(&error))
    }
}

/// One phone, and what a search finds.
struct Phone {
    number: usize,
    index: SightingIndex,
    matches: Vec<Match>,
    /// What the books of the world say of it.
    truth: Vec<KeyTruth>,
}

impl Phone {
    /// Searches for one phone; `None` if there is no phone of this number.
    fn search(population: &Population, number: usize, files: &[Vec<DiagnosisKey>]) -> Result<Option<Self>, FilesError> {
        let Some((person, truth)) = population.hear(number) else { return Ok(None) };
        let mut sightings = person.sightings;
        // A match names the position of its sighting. Readers of the table sort a phone's rows by the same columns.
        sightings.sort_by_key(|sighting| (sighting.time, sighting.rpi, sighting.rssi));
        let index = SightingIndex::exhaustive(sightings).map_err(|error| unsearched(&error))?;
        let mut search = Matcher::new(&index).search();
        for (file, keys) in files.iter().enumerate() {
            search.add(file, keys);
        }
        let matches = search.finish().matches;
        Ok(Some(Self { number, index, matches, truth }))
    }
}

fn sighting_columns(phones: &[Phone]) -> Vec<Column> {
    let rows =
        || phones.iter().flat_map(|phone| phone.index.sightings().iter().map(|sighting| (phone.number, sighting)));
    let metadata = |sighting: &Sighting| match sighting.aem {
        HeardMetadata::Encrypted(aem) => aem.as_bytes().to_vec(),
        HeardMetadata::WrongLength(length) => vec![0; length],
    };
    vec![
        Column::Numbers(rows().map(|(phone, _)| number(phone)).collect()),
        Column::Bytes(rows().map(|(_, sighting)| sighting.rpi.as_bytes().to_vec().into()).collect()),
        Column::Bytes(rows().map(|(_, sighting)| metadata(sighting).into()).collect()),
        Column::Numbers(rows().map(|(_, sighting)| sighting.rssi.into()).collect()),
        Column::Numbers(rows().map(|(_, sighting)| millis(sighting.time)).collect()),
        Column::Perhaps(rows().map(|(_, sighting)| sighting.previous_scan.map(millis)).collect()),
    ]
}

fn match_columns(phones: &[Phone]) -> Vec<Column> {
    let rows = || phones.iter().flat_map(|phone| phone.matches.iter().map(|found| (phone.number, found)));
    let numbers = |value: fn(&Match) -> i64| Column::Numbers(rows().map(|(_, found)| value(found)).collect());
    vec![
        Column::Numbers(rows().map(|(phone, _)| number(phone)).collect()),
        numbers(|found| number(found.source)),
        Column::Bytes(rows().map(|(_, found)| found.key.key_data.as_bytes().to_vec().into()).collect()),
        numbers(|found| found.key.window.start().as_u32().into()),
        numbers(|found| found.key.window.period().as_u32().into()),
        numbers(|found| found.interval.as_u32().into()),
        numbers(|found| millis(found.interval.unix_seconds())),
        numbers(|found| number(found.sighting)),
        numbers(|found| millis(found.time)),
        numbers(|found| found.rssi.into()),
        numbers(|found| found.metadata.tx_power().into()),
        numbers(|found| found.attenuation.into()),
    ]
}

/// A position as a number, which is far below the limit.
fn number(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

/// Unix seconds, which are far below the limit, in the largest unit of Parquet.
fn millis(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)
}

/// A column of a group of rows.
enum Column {
    Numbers(Vec<i64>),
    /// `None` becomes null.
    Perhaps(Vec<Option<i64>>),
    Bytes(Vec<ByteArray>),
}

/// A file in Parquet that is being written.
struct Table {
    path: PathBuf,
    writer: SerializedFileWriter<File>,
}

impl Table {
    fn create(path: PathBuf, schema: &str) -> Result<Self, FilesError> {
        let file = File::create_new(&path).map_err(|source| FilesError::File { path: path.clone(), source })?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            // From one sighting to the next it is minutes.
            .set_column_dictionary_enabled("time".into(), false)
            .set_column_encoding("time".into(), Encoding::DELTA_BINARY_PACKED);
        let open = || {
            let schema = Arc::new(parse_message_type(schema)?);
            SerializedFileWriter::new(file, schema, Arc::new(properties.build()))
        };
        let writer = open().map_err(|source| FilesError::Table { path: path.clone(), source })?;
        Ok(Self { path, writer })
    }

    /// Adds a group of rows.
    fn add(&mut self, columns: Vec<Column>) -> Result<(), FilesError> {
        let add = || {
            let mut group = self.writer.next_row_group()?;
            for column in columns {
                let mut writer = group
                    .next_column()?
                    .ok_or_else(|| ParquetError::General("there are too many columns".to_owned()))?;
                match column {
                    Column::Numbers(values) => writer.typed::<Int64Type>().write_batch(&values, None, None)?,
                    Column::Perhaps(values) => {
                        let present: Vec<i16> = values.iter().map(|value| value.is_some().into()).collect();
                        let values: Vec<i64> = values.into_iter().flatten().collect();
                        writer.typed::<Int64Type>().write_batch(&values, Some(&present), None)?
                    }
                    Column::Bytes(values) => writer.typed::<ByteArrayType>().write_batch(&values, None, None)?,
                };
                writer.close()?;
            }
            group.close().map(drop)
        };
        add().map_err(|source| FilesError::Table { path: self.path.clone(), source })
    }

    fn finish(self) -> Result<(), FilesError> {
        let Self { path, writer } = self;
        writer.close().map(drop).map_err(|source| FilesError::Table { path, source })
    }
}

fn unsearched(error: &impl ToString) -> FilesError {
    FilesError::Search { detail: error.to_string() }
}
