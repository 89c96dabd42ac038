//! Charts: SVG that belongs to the page, with its colours from the page's style sheet.
//!
//! Coordinates are whole units: [`WIDTH`] of them are at least 280 px on every screen, so a unit is hardly more than a
//! pixel.

use std::fmt::{Display, Write};

use maud::{Markup, PreEscaped, Render, html};

/// The width of every chart. Its height is the chart's own matter; on the page both are scaled.
pub(super) const WIDTH: f64 = 340.0;

/// From the middle of a digit to that of the next.
const DIGIT: f64 = 8.0;

/// Shapes and texts, in the order in which they are drawn.
#[derive(Default)]
pub(super) struct Drawing(String);

impl Drawing {
    pub(super) fn rectangle(mut self, class: &str, [x, y, width, height]: [f64; 4]) -> Self {
        let [x, y, width, height] = [x, y, width.max(0.0), height.max(0.0)].map(f64::round);
        self.put(format_args!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#));
        self
    }

    pub(super) fn line(mut self, class: &str, from: [f64; 2], to: [f64; 2]) -> Self {
        let [[x1, y1], [x2, y2]] = [from, to].map(|point| point.map(f64::round));
        self.put(format_args!(r#"<path class="{class}" d="M{x1} {y1}L{x2} {y2}"/>"#));
        self
    }

    pub(super) fn path(mut self, class: &str, path: &Path) -> Self {
        if !path.0.is_empty() {
            self.put(format_args!(r#"<path class="{class}" d="{}"/>"#, path.0));
        }
        self
    }

    /// Text that begins, ends or has its middle at this point, as `class` says (`start`, `end`, `middle`).
    pub(super) fn text(mut self, class: &str, [x, y]: [f64; 2], text: impl Display) -> Self {
        let [x, y] = [x, y].map(f64::round);
        let text = html! { (text.to_string()) }.into_string();
        self.put(format_args!(r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#));
        self
    }

    /// Short numbers in one row, each around its place; `class` says how high the row is.
    ///
    /// It is one text with a place for each digit, a third as long as a text for each number.
    pub(super) fn row(mut self, class: &str, numbers: &[(f64, u8)]) -> Self {
        let (mut places, mut digits) = (Vec::new(), String::new());
        for (middle, number) in numbers {
            let number = number.to_string();
            let first = middle - DIGIT / 2.0 * float(number.len().saturating_sub(1) as u64);
            places.extend((0..number.len()).map(|digit| (first + DIGIT * float(digit as u64)).round().to_string()));
            digits += &number;
        }
        if !digits.is_empty() {
            self.put(format_args!(r#"<text class="{class}" x="{}">{digits}</text>"#, places.join(" ")));
        }
        self
    }

    /// What is drawn under this name elsewhere on the page, for readers of one language if one is named.
    pub(super) fn shared(mut self, id: &str, language: Option<&str>) -> Self {
        let language = language.map(|code| format!(r#" lang="{code}""#)).unwrap_or_default();
        self.put(format_args!(r##"<use href="#{id}"{language}/>"##));
        self
    }

    /// Gives all of it a name, for [`shared`](Self::shared).
    pub(super) fn named(self, id: &str) -> Self {
        Self(format!(r#"<g id="{id}">{}</g>"#, self.0))
    }

    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _ = self.0.write_fmt(shape);
    }
}

impl Render for Drawing {
    fn render(&self) -> Markup {
        PreEscaped(self.0.clone())
    }
}

/// A path, from whole unit to whole unit.
#[derive(Default)]
pub(super) struct Path(String);

impl Path {
    /// A bar that stands on `bottom`; one that begins where the one before ended goes on from there.
    pub(super) fn bar(&mut self, from: f64, to: f64, top: f64, bottom: f64) {
        let [from, to, top, bottom] = [from, to, top, bottom].map(f64::round);
        if !self.0.ends_with(&format!("H{from}V{bottom}")) {
            let _ = write!(self.0, "M{from} {bottom}");
        }
        let _ = write!(self.0, "V{top}H{to}V{bottom}");
    }

    /// A level line.
    pub(super) fn level(&mut self, from: f64, to: f64, height: f64) {
        let _ = write!(self.0, "M{} {}H{}", from.round(), height.round(), to.round());
    }
}

/// As a coordinate.
pub(super) fn float(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Positions for labels, from top to bottom, moved so that none covers another.
pub(super) fn apart(wanted: &[f64], least: f64, bottom: f64) -> Vec<f64> {
    let mut places: Vec<f64> = Vec::new();
    for place in wanted {
        let above = places.last().map_or(f64::NEG_INFINITY, |above| above + least);
        places.push(place.max(above));
    }
    let mut below = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(below);
        below = *place - least;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_cover_each_other() {
        assert_eq!(apart(&[0.0, 5.0, 40.0], 10.0, 50.0), [0.0, 10.0, 40.0]);
        assert_eq!(apart(&[45.0, 46.0, 47.0], 10.0, 50.0), [30.0, 40.0, 50.0]);
    }

    #[test]
    fn bars_that_touch_are_one_line() {
        let mut path = Path::default();
        path.bar(0.0, 10.2, 5.0, 20.0);
        path.bar(10.2, 20.0, 7.0, 20.0);
        path.bar(30.0, 40.0, 5.0, 20.0);
        assert_eq!(path.0, "M0 20V5H10V20V7H20V20M30 20V5H40V20");
    }

    #[test]
    fn text_is_escaped() {
        assert!(Drawing::default().text("start", [0.0; 2], "<b>&").0.contains(">&lt;b&gt;&amp;</text>"));
    }
}
