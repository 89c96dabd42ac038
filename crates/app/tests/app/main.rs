//! The facade as a binding calls it.

mod demo;
mod files;
#[cfg(feature = "store")]
mod store;
