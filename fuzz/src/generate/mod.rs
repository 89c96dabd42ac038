//! Inputs with more sense in them than bytes have.

mod database;
mod file;
mod message;
pub(crate) mod proto;
pub(crate) mod signer;
pub(crate) mod store;
mod world;

pub(crate) use database::database;
pub(crate) use file::{export_bin, file};
pub(crate) use message::{Field, encode};
pub(crate) use world::World;

use arbitrary::{Arbitrary, Unstructured};

/// The first interval of 2020-09-26 UTC, from which on things were heard.
const START: u32 = 2_668_464;

/// What these bytes stand for; nothing when there are too few of them.
pub(crate) fn from_bytes<'b, T: Arbitrary<'b>>(bytes: &'b [u8]) -> Option<T> {
    T::arbitrary_take_rest(Unstructured::new(bytes)).ok()
}
