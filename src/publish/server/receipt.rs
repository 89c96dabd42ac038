//! What a key server says to an upload.

use rand_core::CryptoRng;

use crate::publish::answer::{AnswerCode, PublishAnswer};
use crate::publish::certificate::CertifiedReport;
use crate::publish::check::Violation;
use crate::publish::hmac::HmacKeyError;
use crate::publish::padding::padding;
use crate::publish::request::RevisionToken;

/// What became of an upload.
#[derive(Debug)]
pub struct Receipt {
    /// Keys that the server did not have.
    pub inserted: usize,
    /// Keys whose report has changed.
    pub revised: usize,
    /// Keys that change nothing: there already, or withdrawn and never there.
    pub unchanged: usize,
    /// The rules that the upload breaks.
    pub violations: Vec<Violation>,
    /// For the device: lets it revise these keys.
    pub token: RevisionToken,
}

impl Receipt {
    /// The answer to the device, with padding.
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

/// Why nothing of an upload was taken. The server is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The secret of the HMAC is none.
    #[error(transparent)]
    HmacKey(#[from] HmacKeyError),
    /// The certificate is for other keys.
    #[error("the certificate is not for these keys: its tekmac is another")]
    OtherKeys,
    /// The upload as a whole breaks rules, or none of its keys is taken.
    #[error("{}", .violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rules {
        /// The rules.
        violations: Vec<Violation>,
    },
    /// A key is there, and no token came.
    #[error("a key is published already, and the upload has no revision token")]
    NoToken,
    /// The token does not name the key, or the key came with another start or period.
    #[error("the revision token is not for these keys")]
    InvalidToken,
    /// A key can be revised once.
    #[error("a key was revised before")]
    AlreadyRevised,
    /// One report does not become the other.
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
            Self::HmacKey(_) | Self::OtherKeys => AnswerCode::CertificateInvalid,
            Self::Rules { .. } => AnswerCode::BadRequest,
            Self::NoToken => AnswerCode::MissingRevisionToken,
            Self::InvalidToken => AnswerCode::InvalidRevisionToken,
            Self::AlreadyRevised => AnswerCode::KeyAlreadyRevised,
            Self::Transition { .. } => AnswerCode::InvalidReportTypeTransition,
        }
    }

    /// The answer to the device, with padding.
    #[must_use]
    pub fn to_answer<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> PublishAnswer {
        PublishAnswer { error_message: self.to_string(), code: Some(self.code()), ..PublishAnswer::to_chaff(rng) }
    }
}
