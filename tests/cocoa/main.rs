//! COCOA: its configurations, its files, and the logs of exposure checks.

#[path = "../common/cases.rs"]
mod cases;

mod configuration;
mod convention;
mod decisions;
mod faults;
mod logs;
