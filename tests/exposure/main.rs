//! From matches to a decision: the rules of each platform, and what holds whatever was heard.
#![cfg(feature = "exposure")]

#[path = "../common/cases.rs"]
mod cases;
mod worlds;

mod compare;
#[cfg(feature = "serde")]
mod documents;
mod edges;
mod names;
mod properties;
mod v1_rules;
