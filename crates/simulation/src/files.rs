//! A world as a folder of files.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use gaen::export::PublicKey;
use gaen::keys::AssociatedEncryptedMetadata;
use gaen::matching::HeardMetadata;
use gaen::{RollingProximityIdentifier, Sighting};
use serde::Serialize;

use crate::attacker::Attacker;
use crate::diagnosis::Diagnosis;
use crate::exports::{PUBLIC_KEY_FILE, PublishedKey, SimulatedExport};
use crate::options::Options;
use crate::person::Person;
use crate::population::Population;
use crate::server::Report;
use crate::truth::{Contact, KeyTruth};
use crate::world::World;

impl World {
    /// Writes all files into this folder, which is made if it is not there. `truth.json` comes last: where it is, all
    /// the others are.
    ///
    /// # Errors
    /// [`FilesError`] when there is something in the folder already, or a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), FilesError> {
        Self::check_folder(folder)?;
        write_published(folder, &self.exports, &self.public_key)?;
        for (person, matches) in self.people.iter().zip(&self.truth.matches) {
            let own = folder.join(self.person_folder(person.number));
            create(&own.join("sightings.jsonl"), |out| person.write_sightings(out))?;
            let contacts = self.truth.contacts_of(person.number).collect();
            let truth = PersonTruth { person: person.number, matches, contacts };
            create(&own.join("truth.json"), |out| json(out, &truth))?;
        }
        create(&folder.join("encounters.jsonl"), |out| lines(out, self.truth.encounters.iter()))?;
        let truth = WorldTruth {
            options: &self.options,
            people: &self.people,
            diagnoses: &self.truth.diagnoses,
            reports: &self.truth.reports,
            keys: &self.truth.keys,
            attacker: self.truth.attacker.as_ref(),
        };
        create(&folder.join("truth.json"), |out| json(out, &truth))
    }

    /// Whether a world can be written into this folder: it is empty, or not there yet.
    ///
    /// # Errors
    /// [`FilesError`] when there is something in it, or when it cannot be looked into.
    pub fn check_folder(folder: &Path) -> Result<(), FilesError> {
        match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
            Ok(true) => Err(FilesError::NotEmpty { path: folder.to_owned() }),
            Ok(false) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(FilesError::File { path: folder.to_owned(), source }),
        }
    }

    /// The person whose phone heard most sightings that match, the first of several. `None` if nobody's did.
    #[must_use]
    pub fn most_exposed(&self) -> Option<usize> {
        let person = (0..self.people.len()).rev().max_by_key(|person| self.truth.matches_of(*person))?;
        (self.truth.matches_of(person) > 0).then_some(person)
    }

    /// The folder of one person inside the world's: `people/007`.
    #[must_use]
    pub fn person_folder(&self, number: usize) -> PathBuf {
        Path::new("people").join(format!("{number:03}"))
    }
}

impl Population {
    /// Writes the exports and the public key, as [`World::write`] does. The caller adds what people's phones heard, in
    /// a form of its own.
    ///
    /// # Errors
    /// [`FilesError`] when there is something in the folder already, or a file cannot be written.
    pub fn write_published(&self, folder: &Path) -> Result<(), FilesError> {
        World::check_folder(folder)?;
        write_published(folder, &self.exports, &self.public_key)
    }
}

fn write_published(folder: &Path, exports: &[SimulatedExport], public_key: &PublicKey) -> Result<(), FilesError> {
    let pem = public_key.to_pem();
    let pem = pem.map_err(|error| FilesError::PublicKey { detail: error.to_string() })?;
    create(&folder.join(PUBLIC_KEY_FILE), |out| out.write_all(pem.as_bytes()))?;
    for export in exports {
        create(&folder.join("exports").join(&export.file.name), |out| out.write_all(&export.file.zip))?;
    }
    Ok(())
}

impl Person {
    /// Writes what the person's phone has heard: the content of `sightings.jsonl`.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write_sightings(&self, out: &mut impl Write) -> io::Result<()> {
        lines(out, self.sightings.iter().filter_map(Line::of))
    }
}

/// A sighting as `gaen match` reads it.
#[derive(Serialize)]
struct Line {
    rpi: RollingProximityIdentifier,
    aem: AssociatedEncryptedMetadata,
    rssi: i8,
    time: u64,
    previous_scan: Option<u64>,
}

impl Line {
    /// Phones of this world send four bytes of metadata.
    fn of(sighting: &Sighting) -> Option<Self> {
        let HeardMetadata::Encrypted(aem) = sighting.aem else { return None };
        let Sighting { rpi, rssi, time, previous_scan, .. } = *sighting;
        Some(Self { rpi, aem, rssi, time, previous_scan })
    }
}

#[derive(Serialize)]
struct PersonTruth<'a> {
    person: usize,
    matches: &'a [KeyTruth],
    contacts: Vec<&'a Contact>,
}

#[derive(Serialize)]
struct WorldTruth<'a> {
    options: &'a Options,
    people: &'a [Person],
    diagnoses: &'a [Diagnosis],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    reports: &'a [Report],
    keys: &'a [PublishedKey],
    attacker: Option<&'a Attacker>,
}

fn create(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), FilesError> {
    let write = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut out = BufWriter::new(File::create_new(path)?);
        write(&mut out)?;
        out.flush()
    };
    write().map_err(|source| FilesError::File { path: path.to_owned(), source })
}

fn lines(out: &mut impl Write, rows: impl Iterator<Item = impl Serialize>) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn json(out: &mut impl Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

/// Why a world was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// A world does not mix with anything else.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A file or a folder could not be written, or not looked into.
    #[error("{}: {source}", path.display())]
    File {
        /// The path of the file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The public key could not be encoded.
    #[error("the public key: {detail}")]
    PublicKey {
        /// What went wrong.
        detail: String,
    },
    /// A table could not be written.
    #[cfg(feature = "parquet")]
    #[error("{}: {source}", path.display())]
    Table {
        /// The path of the table.
        path: PathBuf,
        /// What the writer of Parquet says.
        source: parquet::errors::ParquetError,
    },
    /// The world's own exports could not be searched.
    #[cfg(feature = "parquet")]
    #[error("the search: {detail}")]
    Search {
        /// What went wrong.
        detail: String,
    },
}
