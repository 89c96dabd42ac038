//! The facade as a binding calls it.

mod demo;
mod files;
