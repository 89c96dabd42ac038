//! From matches to a decision: the rules of each platform, and what holds whatever was heard.

#[path = "../common/cases.rs"]
mod cases;
mod worlds;

mod compare;
mod documents;
mod edges;
mod names;
mod properties;
mod v1_rules;
