//! A grid of configurations: rows for tables, a document, and a heat map.

mod heat_map;

use gaen::Profile;
use gaen::exposure::sweep::{Axis, Row};
use gaen::time::UtcDay;
use serde::Serialize;

/// What a grid of configurations said: serialised, it is the document of `gaen sweep --json`.
#[derive(Debug, Serialize)]
pub struct SweepDocument {
    configuration: String,
    profile: Profile,
    today: UtcDay,
    people: usize,
    windows: usize,
    axes: Vec<ShownAxis>,
    rows: Vec<ShownRow>,
}

#[derive(Debug, Serialize)]
struct ShownAxis {
    parameter: String,
    values: Vec<f64>,
}

#[derive(Debug, Serialize)]
struct ShownRow {
    values: Vec<f64>,
    notified_days: u64,
    notified_people: u64,
    not_judged_days: u64,
    right: Option<u64>,
    false_alarms: Option<u64>,
    missed: Option<u64>,
    precision: Option<f64>,
    recall: Option<f64>,
}

/// What a sweep was made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The name of the configuration whose numbers were varied.
    pub configuration: &'a str,
    /// The profile by which days were summed up.
    pub profile: Profile,
    /// The day of the judgement.
    pub today: UtcDay,
    /// How many people the windows are of.
    pub people: usize,
    /// How many windows all of them have.
    pub windows: usize,
}

impl SweepDocument {
    /// Takes the rows of [`sweep`](gaen::exposure::sweep::sweep) over these axes.
    #[must_use]
    pub fn new(facts: &Facts<'_>, axes: &[Axis], rows: &[Row]) -> Self {
        let axis = |axis: &Axis| ShownAxis { parameter: axis.parameter().to_string(), values: axis.values().to_vec() };
        let row = |row: &Row| ShownRow {
            values: row.values.clone(),
            notified_days: row.notified_days,
            notified_people: row.notified_people,
            not_judged_days: row.not_judged_days,
            right: row.score.map(|score| score.right),
            false_alarms: row.score.map(|score| score.false_alarms),
            missed: row.score.map(|score| score.missed),
            precision: row.score.and_then(|score| score.precision()),
            recall: row.score.and_then(|score| score.recall()),
        };
        let Facts { configuration, profile, today, people, windows } = *facts;
        Self {
            configuration: configuration.to_owned(),
            profile,
            today,
            people,
            windows,
            axes: axes.iter().map(axis).collect(),
            rows: rows.iter().map(row).collect(),
        }
    }

    /// Returns the names of the columns: the parameters, then what was counted.
    #[must_use]
    pub fn header(&self) -> Vec<&str> {
        let mut header: Vec<_> = self.axes.iter().map(|axis| axis.parameter.as_str()).collect();
        header.extend(["notified_days", "notified_people", "not_judged_days"]);
        if self.has_truth() {
            header.extend(["right", "false_alarms", "missed", "precision", "recall"]);
        }
        header
    }

    /// Returns the fields of each row, in the order of the [`header`](Self::header). What cannot be computed is empty.
    pub fn records(&self) -> impl Iterator<Item = Vec<String>> {
        self.rows.iter().map(|row| {
            let mut record: Vec<_> = row.values.iter().map(ToString::to_string).collect();
            record.extend([row.notified_days, row.notified_people, row.not_judged_days].map(|count| count.to_string()));
            if self.has_truth() {
                let counts = [row.right, row.false_alarms, row.missed];
                record.extend(counts.map(|count| count.map(|count| count.to_string()).unwrap_or_default()));
                let shares = [row.precision, row.recall];
                record.extend(shares.map(|share| share.map(|share| format!("{share:.4}")).unwrap_or_default()));
            }
            record
        })
    }

    /// Draws the days notified over one or two parameters, as an SVG file. `None` for any other number of parameters.
    #[must_use]
    pub fn heat_map(&self) -> Option<String> {
        heat_map::svg(self)
    }

    fn has_truth(&self) -> bool {
        self.rows.iter().any(|row| row.right.is_some())
    }
}
