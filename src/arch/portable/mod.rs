//! For every CPU: no instructions of AES or SHA-256, only tables and arithmetic.

mod hash;
mod search;

pub(super) use hash::rpiks;
pub(super) use search::search;
