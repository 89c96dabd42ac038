//! For every CPU: no instructions for AES or SHA-256, only arithmetic on plain numbers.

mod hash;
mod search;

pub(super) use hash::rpiks;
pub(super) use search::search;
