//! Files: written, verified, read in memory and searched as a stream; broken, hostile and real ones.

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
mod descriptors;
mod faults;
mod files;
mod hostile;
mod publish;
mod real;
mod search;
