//! A made-up town to test Exposure Notification in: people with schedules, phones whose clocks are wrong, a radio with
//! noise, diagnoses, signed exports, an attacker, and a record of what really happened.
//!
//! ```
//! use gaen::export::{ReadOptions, Trust, UnverifiedExport};
//! use gaen::{Matcher, SightingIndex};
//! use gaen_simulation::{Options, World};
//!
//! let world = World::simulate(&Options { people: 12, days: 3, ..Options::new(1) }, |_| {})?;
//! let trust = Trust::new(world.trusted_key());
//! let index = SightingIndex::new(world.people[3].sightings.clone())?;
//! let mut search = Matcher::new(&index).search();
//! for (source, export) in world.exports.iter().enumerate() {
//!     let export = UnverifiedExport::from_zip(&export.file.zip, &ReadOptions::default())?.verify(&trust)?;
//!     search.add(source, export.keys());
//! }
//! let expected: usize = world.truth.matches[3].iter().map(|key| key.accepted.len()).sum();
//! assert_eq!(search.finish().matches.len(), expected);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The same [`Options`] give the same bytes on every machine, signatures included: all is drawn from ChaCha8 and
//! calculated in whole numbers.
//!
//! # What is synthetic
//!
//! Everything. The radio has the shape of a path-loss model with noise and bodies in between, but its numbers are made
//! up: no distance follows from a signal strength here that would follow from it in the real world. Nobody infects
//! anybody; who falls ill is drawn by lot. Nights are left out: phones are switched off then, and nobody is near
//! anybody.
//!
//! # What is wrong in this world
//!
//! Every clock is off by up to 5 s and 40 ppm. Every sixth is set wrong once a week, by minutes, hours or days, and
//! right again some time later: phones then send identifiers of another time, or the same ones twice. The attacker
//! records identifiers where those who will be ill spend most time, and sends them elsewhere after 1, 15, 120 and 240
//! minutes and at the same place after 20; the rules accept some of it. A phone may so hear itself. Every fifth who is
//! diagnosed publishes nothing, and what a phone sent after its owner published cannot be matched. One report in ten
//! does not say when symptoms began.
//!
//! # By a key server
//!
//! With [`Options::revised`], nobody's keys appear by themselves. The health authority gives each person with a
//! diagnosis a processing number. The phone asks its ring, gets a certificate for the number, and sends a request; a
//! key server makes files hour by hour. A share of the reports starts as a doctor's diagnosis, and within eight hours
//! becomes a positive test or is withdrawn. What is withdrawn before it has left is in no file, and is no published
//! key. A phone whose clock has jumped may keep keys back.
//!
//! # The files
//!
//! Times are Unix seconds. `time` and `previous_scan` of a sighting are those of the phone's clock; all other times are
//! true. A `person` is the number of one, a `sighting` the position of one in that person's file, a `key` the position
//! of one in `keys`, all from 0.
//!
//! | file | is |
//! |---|---|
//! | `people/007/sightings.jsonl` | what the phone of person 7 has heard, as `gaen match` reads it: `rpi`, `aem`, `rssi`, `time`, `previous_scan` |
//! | `people/007/truth.json` | `person`; `matches[]`, one for each published key that was heard: `key`, `accepted[]` of `sighting`, `interval`, `relayed`, and `dropped[]` of the same and `reason`, `clock_window` or `replay`; `contacts[]`: see [`Contact`] |
//! | `exports/*.zip` | the published keys, a file for each UTC day of keys, by COCOA's conventions |
//! | `440-v1.pem` | the public key that verifies them |
//! | `encounters.jsonl` | who was in one place with whom: see [`Encounter`] |
//! | `truth.json` | `options`; `people[]`: see [`Person`]; `diagnoses[]`: see [`Diagnosis`]; `reports[]`, only of a world with a key server: see [`Report`]; `keys[]`: `person` and the fields of [`gaen::DiagnosisKey`]; `attacker`: see [`Attacker`], or null |
//!
//! A [`Population`] has more people, and keeps nothing of what they heard. With the feature `parquet`,
//! `Population::write_tables` searches for each and writes two tables.
//!
//! The truth is bookkeeping. Who sent which identifier is written down when it is sent, and the two acceptance rules
//! that matter here are applied to that in a few plain lines; no identifier is looked up.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod attacker;
mod clock;
mod diagnosis;
mod error;
mod exports;
mod files;
mod meeting;
mod options;
mod person;
mod phone;
mod place;
mod population;
mod radio;
mod random;
mod resident;
mod rules;
mod sample;
mod scanner;
mod schedule;
mod server;
#[cfg(feature = "parquet")]
mod tables;
mod truth;
mod world;

pub use attacker::Attacker;
pub use clock::{Clock, Jump};
pub use diagnosis::Diagnosis;
pub use error::SimulationError;
pub use exports::{PUBLIC_KEY_FILE, PublishedKey, SimulatedExport};
pub use files::FilesError;
pub use meeting::Encounter;
pub use options::{Options, OptionsError};
pub use person::Person;
pub use phone::Model;
pub use place::{Place, PlaceKind};
pub use population::Population;
pub use rules::{BrokenRule, Dropped, Sent};
pub use sample::{NamedFiles, sample};
pub use server::{Report, Revision};
#[cfg(feature = "parquet")]
pub use tables::{MATCHES_TABLE, SIGHTINGS_TABLE};
pub use truth::{Contact, KeyTruth, Truth};
pub use world::World;
