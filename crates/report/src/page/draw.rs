//! Charts: SVG that belongs to the page, with its colours from the page's style sheet.

use std::fmt::Display;

use maud::{Markup, PreEscaped};
use svg::Document;
use svg::node::element::{Description, Line, Rectangle, Text, Title};

/// The width of every chart. Its height is the chart's own matter; on the page both are scaled.
pub(super) const WIDTH: f64 = 340.0;

/// A chart under construction.
pub(super) struct Chart(Document);

impl Chart {
    /// A chart of this height that is read out as `title` and `description`. `id` must not occur twice on the page.
    pub(super) fn new(id: &str, height: f64, title: &str, description: &str) -> Self {
        let mut document = Document::new()
            .set("viewBox", (0.0, 0.0, WIDTH, height))
            .set("role", "img")
            .set("aria-labelledby", format!("{id}-title {id}-description"))
            .add(Title::new(title).set("id", format!("{id}-title")))
            .add(Description::new().set("id", format!("{id}-description")).add(svg::node::Text::new(description)));
        // In HTML the element alone says that it is SVG.
        document.get_attributes_mut().remove("xmlns");
        Self(document)
    }

    pub(super) fn rectangle(self, class: &str, [x, y, width, height]: [f64; 4]) -> Self {
        let rectangle = Rectangle::new().set("class", class).set("x", cut(x)).set("y", cut(y));
        Self(self.0.add(rectangle.set("width", cut(width.max(0.0))).set("height", cut(height.max(0.0)))))
    }

    pub(super) fn line(self, class: &str, from: [f64; 2], to: [f64; 2]) -> Self {
        let [[x1, y1], [x2, y2]] = [from.map(cut), to.map(cut)];
        Self(self.0.add(Line::new().set("class", class).set("x1", x1).set("y1", y1).set("x2", x2).set("y2", y2)))
    }

    /// Text that begins, ends or has its middle at this point, as `class` says (`start`, `end`, `middle`).
    pub(super) fn text(self, class: &str, [x, y]: [f64; 2], text: impl Display) -> Self {
        Self(self.0.add(Text::new(text.to_string()).set("class", class).set("x", cut(x)).set("y", cut(y))))
    }

    pub(super) fn markup(self) -> Markup {
        PreEscaped(self.0.to_string())
    }
}

/// A tenth of a unit is less than anybody sees.
fn cut(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
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
}
