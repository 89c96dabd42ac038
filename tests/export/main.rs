//! Files: written, verified, read in memory and searched as a stream; broken, hostile and real ones.
#![cfg(feature = "export")]

#[path = "../common/cases.rs"]
mod cases;
#[path = "../common/halting.rs"]
mod halting;
#[path = "../common/signed.rs"]
mod signed;
mod vectors;
#[path = "../common/zips.rs"]
mod zips;

mod bit_flips;
mod faults;
mod files;
mod hostile;
#[cfg(all(feature = "publish", feature = "exposure"))]
mod publish;
#[cfg(feature = "serde")]
mod real;
mod search;
