//! COCOA: its configurations, its files, and the logs of exposure checks.
#![cfg(feature = "cocoa")]

#[path = "../common/cases.rs"]
mod cases;

mod configuration;
mod decisions;
mod faults;
mod logs;
