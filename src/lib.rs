//! Exposure Notification (GAEN v1.2), the Google/Apple protocol: from a phone's keys to the decision to notify its
//! user.
//!
//! # The way of the data
//!
//! ```text
//! TemporaryExposureKey -> identifiers on the air -> Sightings -> SightingIndex \
//!                                                                               Matcher -> Matches -> Decision
//! zip -> UnverifiedExport -> VerifiedExport -> DiagnosisKeys ------------------/
//! ```
//!
//! 1. A phone broadcasts identifiers of its own keys: a [`KeyRing`] holds each [`TemporaryExposureKey`], and
//!    [`device::frame`] makes the Bluetooth frame.
//! 2. A phone hears identifiers of others: each one is a [`Sighting`], and a [`SightingIndex`] holds all of them.
//! 3. A health authority publishes the keys of people who tested positive. [`export::UnverifiedExport`] opens such a
//!    file, and only [`verify`](export::UnverifiedExport::verify) hands out each [`DiagnosisKey`], in an
//!    [`export::VerifiedExport`].
//! 4. A [`Matcher`] finds the sightings of these keys. Each one becomes a [`Match`], or is counted with the reason why
//!    it does not count ([`MatchReport`]).
//! 5. [`exposure::assess`] turns matches into exposure windows, daily summaries, scores and an [`exposure::Decision`],
//!    as the phones did. [`exposure::explain`] says why.
//!
//! Google's and Apple's phones differ. A [`Profile`] says whose rules apply, and its table lists every difference.
//!
//! Beside this way: [`store`] keeps what a device must not lose in one SQLite file. [`lint`] finds faults in
//! configurations and files. [`cocoa`] reads the configurations and logs of Japan's app. [`publish`] takes a phone's
//! keys to signed files, with its owner's consent and after their embargo. [`self_test()`] checks a build against known
//! answers; call it when your app starts.
//!
//! # Broadcast
//!
//! ```
//! # #[cfg(feature = "alloc")] {
//! use gaen::device::frame::ServiceData;
//! use gaen::keys::{BluetoothMetadata, CalibrationConfidence};
//! use gaen::{EnIntervalNumber, KeyRing};
//!
//! let now = 1_601_110_800; // 2020-09-26 09:00 UTC
//! let mut ring = KeyRing::new();
//! let today = ring.rotate(now, &mut rand::rng())?;
//! let own = today.key();
//!
//! let rpi = own.key().identifier_key().identifier(EnIntervalNumber::from_unix_seconds(now)?);
//! let metadata = BluetoothMetadata::v1_1(-12, CalibrationConfidence::High);
//! let aem = own.key().metadata_key().encrypt(&rpi, metadata);
//! assert_eq!(ServiceData { rpi, aem }.android_frame().len(), 28);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Verify and match
//!
//! ```
//! # #[cfg(feature = "export")] {
//! use gaen::export::{ReadOptions, Trust, TrustedKey, UnverifiedExport};
//! use gaen::{Matcher, Sighting, SightingIndex};
//!
//! // You choose whom to trust, never the file.
//! let public_key = std::fs::read_to_string("demo/440-v1.pem")?.parse()?;
//! let trust = Trust::new(TrustedKey::new("440", "v1", public_key));
//!
//! let zip = std::fs::read("demo/day-1.zip")?;
//! let export = UnverifiedExport::from_zip(&zip, &ReadOptions::default())?.verify(&trust)?;
//!
//! let rpi = "a198b0cdb1f384a3c9eb497be66f2c72".parse()?;
//! let heard = Sighting::new(rpi, &[0xdd, 0xfd, 0xf2, 0x06], -62, 1_601_121_600);
//! let index = SightingIndex::new(vec![heard])?;
//! let report = Matcher::new(&index).match_keys(export.keys());
//! assert_eq!(report.matches[0].attenuation, 50);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Decide
//!
//! ```
//! # #[cfg(feature = "exposure")] {
//! use gaen::exposure::{Basis, Configuration, NotJudged, SearchedFiles, Verdict, assess};
//! use gaen::Profile;
//!
//! // Nothing matched. But nothing was heard either, so the answer is not "no".
//! let (matches, heard, now) = ([], [], 1_601_251_200);
//! let basis = Basis::new(SearchedFiles::all(2), &heard);
//! let assessment = assess(&matches, &basis, &Configuration::default(), Profile::Google, now);
//! assert_eq!(assessment.decision.verdict, Verdict::NotJudged(NotJudged::NoSightings));
//! # }
//! ```
//!
//! [`exposure`] begins with an example that ends in a notification.
//!
//! # Features
//!
//! Features only add. `std`, `export` and `exposure` are on by default.
//!
//! | feature | adds |
//! |---|---|
//! | `std` | the standard library and `alloc`; without it the crate is `no_std` |
//! | `alloc` | [`KeyRing`], [`SightingIndex`], [`Matcher`] |
//! | `export` | [`export`] and [`search`] |
//! | `exposure` | [`exposure`] and [`lint`] |
//! | `cocoa` | [`cocoa`]; brings `export`, `exposure` and `serde` |
//! | `publish` | [`publish`]; brings `export` and `serde` |
//! | `store` | [`store`]; brings `export` and `exposure` |
//! | `backup` | [`backup`]: encrypted backups in the format of `age`, with `store` those of a store; brings about 120 crates |
//! | `rayon` | searching on several cores: [`add_parallel`](matching::Search::add_parallel) and its like |
//! | `serde` | `Serialize` and `Deserialize` for keys, identifiers, times, sightings and matches; `Serialize` for reports |
//!
//! Without any feature there are keys, derivation, identifiers, metadata and frames, without an allocator.
//!
//! # Secrets
//!
//! A device's own keys are wiped when they are dropped, are compared in constant time, and never show a byte in
//! `Debug`. There is no conversion from an own key to a [`DiagnosisKey`] but `publish` and `release`. A
//! [`DiagnosisKey`] is public: the matcher uses its bytes as table indices and promises no constant time.
//!
//! # No clock
//!
//! The library reads no clock, no network and no environment. Times and random number generators are arguments. In
//! debug builds alone it reads the variable `GAEN_MASK_FEATURES`, which hides instructions of the CPU for tests.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![deny(missing_docs, unsafe_code)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]
#![warn(clippy::string_slice)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice,
        clippy::cast_possible_truncation,
        clippy::missing_panics_doc
    )
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "alloc")]
mod arch;
pub mod backup;
#[cfg(feature = "cocoa")]
pub mod cocoa;
pub mod device;
#[cfg(feature = "export")]
pub mod export;
#[cfg(feature = "exposure")]
pub mod exposure;
pub mod keys;
#[cfg(feature = "exposure")]
pub mod lint;
#[cfg(feature = "alloc")]
pub mod matching;
pub mod names;
pub mod profile;
#[cfg(feature = "publish")]
pub mod publish;
#[cfg(feature = "export")]
pub mod search;
pub mod self_test;
#[cfg(feature = "stages")]
#[doc(hidden)]
pub mod stages;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "alloc")]
pub mod tally;
pub mod time;

#[cfg(feature = "alloc")]
pub use device::KeyRing;
pub use keys::{DiagnosisKey, RollingProximityIdentifier, TemporaryExposureKey};
#[cfg(feature = "alloc")]
pub use matching::{Match, MatchReport, Matcher, Sighting, SightingIndex};
pub use profile::Profile;
pub use self_test::self_test;
pub use time::{EnIntervalNumber, RollingWindow};

/// Compiles and runs the example of the README.
#[cfg(all(doctest, feature = "exposure", feature = "export"))]
#[doc = include_str!("../README.md")]
struct Readme;
