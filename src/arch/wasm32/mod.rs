//! WebAssembly with `simd128`: four keys side by side, then 256 identifiers in two registers a bit.
//!
//! A module cannot ask its engine what it has: an engine without `simd128` refuses the whole module. So this tier is
//! there if the crate is compiled with `-C target-feature=+simd128`. A page that has to run everywhere brings two
//! modules.

mod hash;
mod memory;
mod search;

pub(super) use hash::rpiks;
pub(super) use search::search;
