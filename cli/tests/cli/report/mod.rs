//! The page of `gaen report`: well formed, self-contained, silent about what is not to be told, the same every time.
//!
//! `.ci/browser` opens the pages that these tests leave behind.

mod week;

use std::fs;

use crate::gaen;
use week::{HOSTILE, NOW, Week};

/// Writes a page of the week and reads it.
fn page(week: &Week, name: &str, args: &[&str]) -> String {
    let mut all = vec!["report", "--trust", "440-v1=week.pem", "--now", NOW, "--force", "-o", name];
    all.extend(args);
    all.extend(["--", "week.zip"]);
    gaen(&week.folder, &all).ok();
    fs::read_to_string(week.folder.join(name)).unwrap()
}

const HEARD: [&str; 2] = ["--sightings", "week.jsonl"];

#[test]
fn pages_for_the_browser() {
    let week = Week::new("report_pages");
    let with = |args: &[&'static str]| [&HEARD, args].concat();
    page(&week, "cocoa-v2.html", &with(&["--preset", "cocoa-v2"]));
    page(&week, "full.html", &with(&["--preset", "cocoa-v2", "--full", "--language", "ja,en"]));
    page(&week, "cocoa-v1.html", &with(&["--preset", "cocoa-v1.1.4"]));
    page(&week, "any-score.html", &with(&[]));
    page(&week, "silence.html", &["--sightings", "silence.jsonl"]);
}
