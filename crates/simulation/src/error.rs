//! The end of a simulation without a world.

use gaen::export::WriteError;
use gaen::time::TimeError;

use crate::options::OptionsError;

/// Why there is no world.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// There can be no such world.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// A clock left the times that have interval numbers.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// The exports could not be made.
    #[error(transparent)]
    Export(#[from] WriteError),
    /// Reports can only change where there is a key server.
    #[error("revised is {percent}, and there is no key server in this world")]
    NoServer {
        /// The value of the option.
        percent: u64,
    },
    /// A report did not go through.
    #[error("publishing failed: {detail}")]
    Publish {
        /// What went wrong.
        detail: String,
    },
}
