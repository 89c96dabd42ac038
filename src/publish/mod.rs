//! Publishing a diagnosis: from a device's key ring to signed export files.
//!
//! ```text
//! KeyRing + time + Consent -> Release -> check -> HMAC -> certificate -> PublishRequest   (the phone)
//!     -> Upload -> KeyServer::receive -> KeyServer::batch -> ExportFiles                     (the server)
//! ```
//!
//! The module opens no connection, reads no clock and makes no randomness. Bodies of requests are texts. Times and
//! generators are arguments.
//!
//! - **A phone** asks its ring with [`release`]. Only keys that the ring lets go become a [`PublishRequest`]. A key
//!   within its embargo is an [`EmbargoedKey`]: it goes to a server that holds it back, and nowhere else.
//! - **[`check()`]** says what the server would say, before you send anything.
//! - **A server** is a [`KeyServer`]. It checks an [`Upload`] and its certificate by the same rules. Its batches let no
//!   key out before the embargo is over, by the server's own clock.
//! - **COCOA's** upload is a [`Submission`].
//!
//! ```
//! use gaen::export::{ReadOptions, Signer, Trust, UnverifiedExport};
//! use gaen::keys::TransmissionRiskLevel;
//! use gaen::publish::{
//!     BatchOptions, CertifiedReport, Claims, Consent, HmacKey, Issuer, KeyServer, PublishRequest, Rules, Upload, release,
//! };
//! use gaen::KeyRing;
//!
//! let mut rng = rand::rng();
//! let (mut ring, noon) = (KeyRing::new(), 1_601_121_600);
//! let _ = ring.rotate(noon, &mut rng)?;
//!
//! // The phone, a day later: what may go, and its HMAC.
//! let now = noon + 86_400;
//! let released = release(&mut ring, now, &Consent::given(now))?;
//! let keys = released.upload(&Rules::GOOGLE, |_| TransmissionRiskLevel::UNSET);
//! let secret = HmacKey::generate(&mut rng);
//! let mac = secret.mac(keys.as_slice());
//!
//! // The verification server certifies the HMAC.
//! let authority = Signer::generate("", "", &mut rng);
//! let claims = Claims {
//!     issuer: "health.example".into(),
//!     audience: "keys.example".into(),
//!     issued_at: now,
//!     expires_at: now + 900,
//!     not_before: None,
//!     mac,
//!     report: CertifiedReport::Confirmed,
//!     symptom_onset: None,
//! };
//! let certificate = claims.sign("v1", &authority)?;
//! let body = PublishRequest::new(keys, "org.example", certificate, &secret, &mut rng).to_json()?;
//!
//! // The key server.
//! let upload = Upload::from_json(body.as_bytes())?;
//! let issuer = Issuer::new("health.example", "keys.example", "v1", authority.public_key());
//! let mut server = KeyServer::new(Rules::GOOGLE);
//! let receipt = server.receive(&upload, &issuer, now, &mut rng)?;
//! assert_eq!(receipt.inserted, 1);
//!
//! // Three hours later the window is closed and old enough.
//! let signer = Signer::generate("440", "v1", &mut rng);
//! let files = server.batch(now + 3 * 3600, &BatchOptions::new("440"), [&signer], &mut rng)?;
//! let export = UnverifiedExport::from_zip(&files[0].zip, &ReadOptions::default())?;
//! let export = export.verify(&Trust::new(signer.trusted_key()))?;
//! assert_eq!((files[0].keys, export.keys().len()), (1, 1 + files[0].padding));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Source: Google's key server and its verification protocol; COCOA's client.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used))]

mod answer;
mod certificate;
mod check;
mod cocoa;
mod hmac;
mod number;
mod padding;
mod release;
mod request;
mod rules;
mod secret;
mod server;
mod upload_key;

pub use answer::{AnswerCode, PublishAnswer};
pub use certificate::{Certificate, CertificateError, CertifiedReport, Claims, Issuer};
pub use check::{BrokenRule, Checked, CheckedKey, Consequence, Violation, check};
pub use cocoa::{ClearText, OnsetDate, Platform, Submission, SubmissionFacts};
pub use hmac::{HmacKey, HmacKeyError, KeyMac};
pub use number::{ProcessingNumber, ProcessingNumberError};
pub use release::{Consent, EmbargoedKey, HeldKey, HeldReason, Release, release};
pub use request::{ChaffShape, PublishRequest, RequestError, RevisionToken, Upload, UploadKeys};
pub use rules::{Rules, StillValid};
pub use secret::secret_json;
pub use server::{BatchOptions, KeyServer, Receipt, Refusal};
pub use upload_key::ExposureKey;
