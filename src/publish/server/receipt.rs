//! What a key server answers to an upload.

use rand_core::CryptoRng;

use crate::publish::answer::{AnswerCode, PublishAnswer};
use crate::publish::certificate::{CertificateError, CertifiedReport};
use crate::publish::check::Violation;
use crate::publish::hmac::HmacKeyError;
use crate::publish::padding::padding;
use crate::publish::request::{RequestError, RevisionToken};

/// What a key server has taken of an upload.
#[derive(Debug)]
pub struct Receipt {
    /// The number of keys that the server did not have.
    pub inserted: usize,
    /// The number of keys whose report has changed.
    pub revised: usize,
    /// The number of keys that change nothing. Either the server has them already, or the upload withdraws keys that
    /// the server never had.
    pub unchanged: usize,
    /// The rules that the upload breaks, with the keys that the server left out.
    pub violations: Vec<Violation>,
    /// The token with which the device may revise these keys.
    pub token: RevisionToken,
}

impl Receipt {
    /// Makes the answer to the device, with padding.
    #[must_use]
    pub fn to_answer<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> PublishAnswer {
        let (keys, others): (Vec<_>, Vec<_>) = self.violations.iter().partition(|violation| violation.key.is_some());
        let error_message = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        PublishAnswer {
            revision_token: Some(RevisionToken::new(self.token.expose_secret().to_owned())),
            inserted_exposures: self.inserted as u64,
            code: (!keys.is_empty()).then_some(AnswerCode::PartialFailure),
            error_message,
            padding: padding(rng),
            warnings: others.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Why a key server has taken nothing of an upload. The server is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The body of the request is not an upload.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The certificate does not verify.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The secret of the HMAC cannot be used.
    #[error(transparent)]
    HmacKey(#[from] HmacKeyError),
    /// The certificate is for other keys.
    #[error("the certificate is not for these keys: its tekmac is another")]
    OtherKeys,
    /// The upload as a whole breaks rules, or the server takes none of its keys.
    #[error("{}", .violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rules {
        /// Every broken rule.
        violations: Vec<Violation>,
    },
    /// The server has a key already, and the upload has no token.
    #[error("a key is published already, and the upload has no revision token")]
    NoToken,
    /// The token is not for the key, or the key came with another start or period.
    #[error("the revision token is not for these keys")]
    InvalidToken,
    /// A key was revised before. A key can be revised only once.
    #[error("a key was revised before")]
    AlreadyRevised,
    /// The published report cannot become the report of the certificate.
    #[error("a report that is {from} cannot become {to}")]
    Transition {
        /// The report that is published.
        from: CertifiedReport,
        /// The report of the certificate.
        to: CertifiedReport,
    },
}

impl Refusal {
    /// The code of the answer.
    #[must_use]
    pub const fn code(&self) -> AnswerCode {
        match self {
            Self::Certificate(_) | Self::HmacKey(_) | Self::OtherKeys => AnswerCode::CertificateInvalid,
            Self::Request(_) | Self::Rules { .. } => AnswerCode::BadRequest,
            Self::NoToken => AnswerCode::MissingRevisionToken,
            Self::InvalidToken => AnswerCode::InvalidRevisionToken,
            Self::AlreadyRevised => AnswerCode::KeyAlreadyRevised,
            Self::Transition { .. } => AnswerCode::InvalidReportTypeTransition,
        }
    }

    /// Makes the answer to the device, with padding.
    #[must_use]
    pub fn to_answer<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> PublishAnswer {
        PublishAnswer { error_message: self.to_string(), code: Some(self.code()), ..PublishAnswer::to_chaff(rng) }
    }
}
