//! The days notified over two parameters: a cell for each configuration, the darker the more.

use maud::{Markup, html};

use super::{ShownAxis, SweepDocument};
use crate::text::{counted, grouped};

/// What the cells of all columns, and of all rows, may take together, and a cell at most.
const CELLS: [f64; 2] = [880.0, 560.0];
const CELL: [f64; 2] = [64.0, 32.0];
/// Around the cells.
const LEFT: f64 = 96.0;
const TOP: f64 = 84.0;
const RIGHT: f64 = 24.0;
const BOTTOM: f64 = 84.0;
/// The width of a character of labels.
const LETTER: f64 = 7.5;
/// The smallest cell with a number in it.
const READABLE: [f64; 2] = [30.0, 16.0];
/// The colours of none and of the most: light and dark blue.
const COLOURS: [[f64; 3]; 2] = [[241.0, 246.0, 252.0], [8.0, 48.0, 107.0]];

pub(super) fn svg(document: &SweepDocument) -> Option<String> {
    let none = ShownAxis { parameter: String::new(), values: vec![0.0] };
    let (rows, columns) = match &document.axes[..] {
        [only] => (&none, only),
        [rows, columns] => (rows, columns),
        _ => return None,
    };
    let [width, height] =
        [(CELLS[0] / float(columns.values.len())).min(CELL[0]), (CELLS[1] / float(rows.values.len())).min(CELL[1])];
    let right = LEFT + width * float(columns.values.len());
    let bottom = TOP + height * float(rows.values.len());
    let (whole, high) = ((right + RIGHT).max(480.0), bottom + BOTTOM);
    let most = document.rows.iter().map(|row| row.notified_days).max().unwrap_or_default();
    let title = format!("Days notified by {}", document.configuration);
    let facts = format!(
        "{} of {}, judged on {}; from 0 to {} days",
        counted(document.windows, "exposure window"),
        if document.people == 1 { "1 person".to_owned() } else { format!("{} people", grouped(document.people)) },
        document.today,
        grouped(most)
    );
    let cell = |place: usize, notified: u64| {
        let column = place % columns.values.len();
        let row = place / columns.values.len();
        // The first row of values is at the bottom, as on any chart.
        let (x, y) = (LEFT + width * float(column), bottom - height * float(row.saturating_add(1)));
        let share = if most == 0 { 0.0 } else { ratio(notified, most) };
        let is_readable = width >= READABLE[0] && height >= READABLE[1];
        html! {
            rect x=(px(x)) y=(px(y)) width=(px(width)) height=(px(height)) fill=(colour(share)) {
                title { (label(columns, column)) @if !rows.parameter.is_empty() { ", " (label(rows, row)) } ": " (counted(notified, "day")) }
            }
            @if is_readable {
                text x=(px(x + width / 2.0)) y=(px(y + height / 2.0 + 4.0)) text-anchor="middle" fill=(if share > 0.5 { "#fff" } else { "#1a1a1a" }) {
                    (notified)
                }
            }
        }
    };
    let drawn = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", px(whole), px(high))) width=(px(whole)) height=(px(high))
            role="img" font-family="sans-serif" font-size="12" {
            title { (title) }
            desc { (facts) }
            rect width="100%" height="100%" fill="#fff" {}
            text x=(px(LEFT)) y="30" font-size="16" font-weight="bold" { (title) }
            text x=(px(LEFT)) y="50" { (facts) }
            @for (place, row) in document.rows.iter().enumerate() { (cell(place, row.notified_days)) }
            (labels_below(columns, width, bottom))
            @if !rows.parameter.is_empty() { (labels_beside(rows, height, bottom)) }
            text x=(px((LEFT + right) / 2.0)) y=(px(bottom + 52.0)) text-anchor="middle" font-weight="bold" { (columns.parameter) }
        }
    };
    Some(drawn.into_string() + "\n")
}

/// As many labels as there is room for.
fn labels_below(axis: &ShownAxis, width: f64, bottom: f64) -> Markup {
    let longest = axis.values.iter().map(|value| value.to_string().len()).max().unwrap_or_default();
    let every = every(LETTER * float(longest.saturating_add(2)), width);
    html! {
        @for (place, value) in axis.values.iter().enumerate().step_by(every) {
            text x=(px(LEFT + width * (float(place) + 0.5))) y=(px(bottom + 22.0)) text-anchor="middle" { (value) }
        }
    }
}

fn labels_beside(axis: &ShownAxis, height: f64, bottom: f64) -> Markup {
    let every = every(16.0, height);
    html! {
        @for (place, value) in axis.values.iter().enumerate().step_by(every) {
            text x=(px(LEFT - 8.0)) y=(px(bottom - height * (float(place) + 0.5) + 4.0)) text-anchor="end" { (value) }
        }
        text x=(px(LEFT)) y=(px(TOP - 10.0)) text-anchor="middle" font-weight="bold" { (axis.parameter) }
    }
}

fn label(axis: &ShownAxis, place: usize) -> String {
    let value = axis.values.get(place).map(ToString::to_string).unwrap_or_default();
    format!("{} {value}", axis.parameter)
}

/// Every how many cells there is room for a label.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 1 to the number of cells
fn every(label: f64, cell: f64) -> usize {
    (label / cell).ceil().max(1.0) as usize
}

fn colour(share: f64) -> String {
    let [light, dark] = COLOURS;
    let mixed: Vec<_> =
        light.iter().zip(dark).map(|(light, dark)| (light + (dark - light) * share).round().to_string()).collect();
    format!("rgb({})", mixed.join(","))
}

/// To the tenth of a pixel.
fn px(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

#[allow(clippy::cast_precision_loss)] // numbers of cells and days
fn float(count: usize) -> f64 {
    count as f64
}

#[allow(clippy::cast_precision_loss)] // numbers of days
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
