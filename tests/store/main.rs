//! A store loses nothing, doubles nothing, and says what a search of everything in one go would say.

#[path = "../common/signed.rs"]
mod signed;
#[path = "../common/zips.rs"]
mod zips;

mod backup;
mod faults;
mod google;
mod hostile_import;
mod image;
mod import;
mod killed;
mod ledger;
mod model;
mod opening;
mod own_keys;
mod resume;
mod world;
