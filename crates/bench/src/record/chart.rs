//! What was measured, as a picture: nanoseconds a key against the number of sightings.

use gaen_report::text::grouped;
use svg::node::element::{Description, Path, Rectangle, TSpan, Text, Title};
use svg::{Document, Node};

use super::{Record, Row};

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 560.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = WIDTH - 188.0;
const TOP: f64 = 104.0;
const BOTTOM: f64 = HEIGHT - 62.0;

const TITLE: &str = "Nanoseconds a diagnosis key, with its 144 identifiers";
const LEGEND: &str = "Solid: the tiers of gaen. Dashed: baselines. Lower is faster; both axes are logarithmic.";

const CIRCLE: &str = "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z";
const SQUARE: &str = "m-4 -4h8v8h-8z";
const TRIANGLE: &str = "m0 -5.5l5 9.5h-10z";
const DOWN: &str = "m0 5.5l5 -9.5h-10z";
const DIAMOND: &str = "m0 -6l5.5 6l-5.5 6l-5.5 -6z";
const PLUS: &str = "m-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z";

/// Okabe and Ito's colours, darkened where they would be faint on white, each with a marker of its own.
const STYLES: [(&str, &str); 12] = [
    ("#5f5f5f", SQUARE),
    ("#b35300", TRIANGLE),
    ("#0072b2", CIRCLE),
    ("#00785a", DIAMOND),
    ("#a3487f", DOWN),
    ("#8a6d00", PLUS),
    ("#3f3fa0", SQUARE),
    ("#7a1f1f", CIRCLE),
    ("#1b7a8c", TRIANGLE),
    ("#1a1a1a", DIAMOND),
    ("#6b4a2b", DOWN),
    ("#9a2f2f", PLUS),
];

/// The rows of one baseline or one tier, by number of sightings.
struct Series<'a> {
    label: String,
    rows: Vec<&'a Row>,
}

/// One axis: where a value stands on it.
struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    fn at(&self, value: f64) -> f64 {
        self.from + (value.log10() - self.low) / (self.high - self.low) * (self.to - self.from)
    }
}

/// The picture: a panel for each record. `None` if no record has a row of matching.
pub(super) fn svg(records: &[Record]) -> Option<String> {
    let all: Vec<_> = records.iter().map(|record| (record, series(record))).collect();
    let rows = || all.iter().flat_map(|(_, series)| series).flat_map(|series| &series.rows);
    let x = horizontal(&rows().map(|row| float(row.sightings)).collect::<Vec<_>>())?;
    let y = vertical(&rows().map(|row| row.ns_per_key).collect::<Vec<_>>())?;
    let counts: Vec<_> = rows().map(|row| row.sightings).collect();
    let mut panels = all.iter().enumerate().map(|(number, (record, series))| {
        let mut page = page(record, series, number);
        grid(&mut page, &y, &x, counts.clone());
        lines(&mut page, record, series, &x, &y);
        labels(&mut page, record, series, &y);
        page
    });
    let picture = if all.len() == 1 {
        panels.next()?
    } else {
        let height = HEIGHT * float(all.len());
        let picture =
            Document::new().set("viewBox", (0.0, 0.0, WIDTH, height)).set("width", WIDTH).set("height", height);
        (0..)
            .zip(panels)
            .fold(picture, |picture, (number, panel)| picture.add(panel.set("y", HEIGHT * f64::from(number))))
    };
    Some(format!("{picture}\n"))
}

/// The baselines, then every tier, in the order of the record.
fn series(record: &Record) -> Vec<Series<'_>> {
    let mut all: Vec<Series<'_>> = Vec::new();
    let shown = |row: &&Row| ["naive", "crates", "gaen", "gaen_safe"].contains(&row.name.as_str()) && row.sightings > 0;
    for row in record.rows.iter().filter(shown) {
        let label = row.label();
        match all.iter_mut().find(|series| series.label == label) {
            Some(series) => series.rows.push(row),
            None => all.push(Series { label, rows: vec![row] }),
        }
    }
    all.iter_mut().for_each(|series| series.rows.sort_by_key(|row| row.sightings));
    all
}

fn horizontal(values: &[f64]) -> Option<Axis> {
    let (low, high) = limits(values)?;
    let (low, high) = (low.log10(), high.log10());
    let room = if high > low { 0.0 } else { 0.5 };
    Some(Axis { low: low - room, high: high + room, from: LEFT, to: RIGHT })
}

/// It begins and ends at a third of a decade.
fn vertical(values: &[f64]) -> Option<Axis> {
    let (low, high) = limits(values)?;
    let (low, high) = ((low.log10() * 3.0).floor() / 3.0, (high.log10() * 3.0).ceil() / 3.0);
    Some(Axis { low, high: if high > low { high } else { low + 1.0 }, from: BOTTOM, to: TOP })
}

fn limits(values: &[f64]) -> Option<(f64, f64)> {
    let low = values.iter().copied().reduce(f64::min)?;
    Some((low, values.iter().copied().fold(low, f64::max)))
}

fn page(record: &Record, series: &[Series<'_>], number: usize) -> Document {
    // No two elements of a picture may have the same name.
    let id = |name: &str| if number == 0 { name.to_owned() } else { format!("{name}-{}", number + 1) };
    let date = record.date.as_ref().map_or_else(String::new, |date| format!(", {date}"));
    let machine = format!("{}, {:.1} GHz, one thread{date}", record.cpu, record.clock_ghz);
    let in_words: Vec<_> = series.iter().map(Series::in_words).collect();
    Document::new()
        .set("viewBox", (0.0, 0.0, WIDTH, HEIGHT))
        .set("width", WIDTH)
        .set("height", HEIGHT)
        .set("font-family", "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif")
        .set("font-size", 13)
        .set("role", "img")
        .set("aria-labelledby", format!("{} {}", id("title"), id("description")))
        .add(Title::new(TITLE).set("id", id("title")))
        .add(Description::new().set("id", id("description")).add(svg::node::Text::new(in_words.join(" "))))
        .add(Rectangle::new().set("width", WIDTH).set("height", HEIGHT).set("fill", "#ffffff"))
        .add(text([LEFT, 34.0], TITLE, "#1a1a1a").set("font-size", 18).set("font-weight", 600))
        .add(text([LEFT, 56.0], machine, "#555555"))
        .add(text([LEFT, 75.0], LEGEND, "#555555"))
}

impl Series<'_> {
    /// The line for readers who do not see it.
    fn in_words(&self) -> String {
        let value = |row: &&Row| format!("{} ns at {} sightings", digits(row.ns_per_key), grouped(row.sightings));
        format!("{}: {}.", self.label, self.rows.iter().map(value).collect::<Vec<_>>().join(", "))
    }

    fn is_best(&self, record: &Record) -> bool {
        self.label == format!("gaen, {}", record.tier)
    }
}

/// 1, 2 and 5 of every decade across, each number of sightings along, and the axes.
fn grid(page: &mut Document, y: &Axis, x: &Axis, mut counts: Vec<usize>) {
    let mut decade = 10_f64.powf(y.low.floor());
    while decade.log10() <= y.high {
        for (step, colour) in [(1.0, "#c9c9c9"), (2.0, "#ececec"), (5.0, "#ececec")] {
            let value = decade * step;
            if (y.low - 1e-9..=y.high + 1e-9).contains(&value.log10()) {
                let at = cut(y.at(value));
                page.append(stroke(format!("M{LEFT} {at}H{RIGHT}"), colour));
                page.append(text([LEFT - 10.0, at + 4.5], digits(value), "#444444").set("text-anchor", "end"));
            }
        }
        decade *= 10.0;
    }
    counts.sort_unstable();
    counts.dedup();
    for count in counts {
        let at = cut(x.at(float(count)));
        page.append(stroke(format!("M{at} {TOP}V{BOTTOM}"), "#ececec"));
        page.append(text([at, BOTTOM + 22.0], grouped(count), "#444444").set("text-anchor", "middle"));
    }
    page.append(stroke(format!("M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"), "#888888"));
    let middle = f64::midpoint(LEFT, RIGHT);
    page.append(text([middle, HEIGHT - 16.0], "sightings in the index", "#333333").set("text-anchor", "middle"));
    let turned = format!("translate(20 {}) rotate(-90)", f64::midpoint(TOP, BOTTOM));
    page.append(text([0.0, 0.0], "ns a key", "#333333").set("transform", turned).set("text-anchor", "middle"));
}

fn lines(page: &mut Document, record: &Record, series: &[Series<'_>], x: &Axis, y: &Axis) {
    for (series, (colour, marker)) in series.iter().zip(STYLES.iter().cycle()) {
        let place = |row: &&Row| format!("{} {}", cut(x.at(float(row.sightings))), cut(y.at(row.ns_per_key)));
        let places: Vec<_> = series.rows.iter().map(place).collect();
        let width = if series.is_best(record) { 3.5 } else { 2.0 };
        let mut line = stroke(format!("M{}", places.join("L")), colour).set("stroke-width", width);
        if !series.label.starts_with("gaen") {
            line = line.set("stroke-dasharray", "7 4");
        }
        page.append(line.set("stroke-linejoin", "round"));
        let markers: String = places.iter().map(|place| format!("M{place}{marker}")).collect();
        page.append(Path::new().set("d", markers).set("fill", *colour).set("stroke", "#ffffff"));
    }
}

/// Names and values at the ends of the lines. They make room for each other.
fn labels(page: &mut Document, record: &Record, series: &[Series<'_>], y: &Axis) {
    const GAP: f64 = 19.0;

    let with_style = series.iter().zip(STYLES.iter().cycle());
    let mut labels: Vec<_> = with_style
        .filter_map(|(series, (colour, _))| {
            let last = series.rows.last()?.ns_per_key;
            Some((y.at(last), digits(last), series, *colour))
        })
        .collect();
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut places: Vec<_> = labels.iter().map(|label| label.0).collect();
    for _ in 0..200 {
        for lower in 1..places.len() {
            let overlap = (GAP - (places[lower] - places[lower - 1])).max(0.0);
            places[lower - 1] -= overlap / 2.0;
            places[lower] += overlap / 2.0;
        }
    }
    for ((at, value, series, colour), place) in labels.into_iter().zip(places) {
        if (at - place).abs() > 1.0 {
            let [from, to] = [at, place].map(cut);
            page.append(stroke(format!("M{} {from}L{} {to}", RIGHT + 7.0, RIGHT + 16.0), colour));
        }
        let weight = if series.is_best(record) { 700 } else { 400 };
        let value = TSpan::new(value).set("fill", "#444444").set("font-weight", 400).set("dx", 8);
        let name = series.label.trim_start_matches("gaen, ").to_owned();
        page.append(text([RIGHT + 19.0, place + 4.5], name, colour).set("font-weight", weight).add(value));
    }
}

fn text([x, y]: [f64; 2], text: impl Into<String>, colour: &str) -> Text {
    Text::new(text).set("x", cut(x)).set("y", cut(y)).set("fill", colour)
}

fn stroke(path: String, colour: &str) -> Path {
    Path::new().set("d", path).set("fill", "none").set("stroke", colour)
}

/// Three digits are more than the noise leaves.
fn digits(value: f64) -> String {
    let scale = if value >= 1000.0 { 10_f64.powf(value.log10().floor() - 2.0) } else { 1.0 };
    let whole = format!("{:.0}", (value / scale).round() * scale);
    whole.parse::<u64>().map_or(whole, grouped)
}

/// A tenth of a unit is less than anybody sees.
fn cut(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[expect(clippy::cast_precision_loss, reason = "a place on a picture")]
fn float(number: usize) -> f64 {
    number as f64
}
