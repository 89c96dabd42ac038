//! One exposure window: attenuation against time, with the thresholds of the rule that decides.
//!
//! All windows of a page have the same scales, so that they can be compared. What they share is drawn once, as a
//! [`Frame`].

use std::collections::BTreeSet;

use gaen::exposure::decision::{Attenuation, Decides, Scores, Weighing, WindowsRule};
use gaen::exposure::{Configuration, ScanExplanation, ScanInstance, Weight, WindowExplanation};
use maud::{Markup, html};

use super::draw::{Drawing, Path, WIDTH, apart, float};
use super::story::Story;
use super::words::Words;

const LEFT: f64 = 34.0;
const RIGHT: f64 = WIDTH - 72.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 176.0;
const HEIGHT: f64 = 224.0;
/// The least width of a bar with a number below it.
const ROOM: f64 = 17.0;
/// The width of a gap that comes of rounding: half a minute.
const ROUNDED: f64 = 4.0;
/// Seconds that every chart spans at least: a window of half an hour, and the time that its first scan stands for.
const SPAN: u64 = 2100;

/// The classes of attenuation that a rule knows.
pub(super) struct Zones {
    /// The largest attenuation of each class but the farthest, dB, from near to far.
    pub(super) thresholds: Vec<u8>,
    /// What a second weighs in each class; empty if the rule weighs no seconds.
    pub(super) weights: Vec<f64>,
    /// The attenuation of a scan that chooses its class.
    attenuation: Attenuation,
}

impl Zones {
    /// The classes of the rule that decides.
    pub(super) fn of(configuration: &Configuration) -> Self {
        let typical = |thresholds: &[u8], weights| {
            let (thresholds, attenuation) = (thresholds.to_vec(), Attenuation::Typical);
            Self { thresholds, weights, attenuation }
        };
        match &configuration.rule.decides {
            Decides::RiskScore { .. } => typical(&configuration.risk.duration_thresholds.as_array(), Vec::new()),
            Decides::Windows(WindowsRule { scores: Scores::Weighted(weighing), .. }) => Self::of_ranges(weighing),
            Decides::Windows(WindowsRule { scores: Scores::NhsDistance(_), .. }) => {
                Self { thresholds: Vec::new(), weights: Vec::new(), attenuation: Attenuation::Minimum }
            }
            Decides::Windows(WindowsRule { scores: Scores::DailySummaries, .. }) => {
                let daily = &configuration.daily_summaries;
                typical(&daily.thresholds.as_array(), daily.bucket_weights.map(Weight::factor).to_vec())
            }
        }
    }

    /// The attenuations that an app's own ranges weigh alike. Attenuations in no range weigh nothing.
    fn of_ranges(weighing: &Weighing) -> Self {
        let ranges = weighing.ranges.as_slice();
        let weight = |place: usize| ranges.get(place).map(|weighted| weighted.weight.as_f64());
        let (mut thresholds, mut weights, mut last) = (Vec::new(), Vec::new(), None);
        for attenuation in 0..=u8::MAX {
            let place = weighing.ranges.place(attenuation);
            if last != Some(place) {
                thresholds.extend(attenuation.checked_sub(1));
                weights.push(place.and_then(weight).unwrap_or_default());
                last = Some(place);
            }
        }
        Self { thresholds, weights, attenuation: weighing.attenuation }
    }

    /// The place of the class of this scan.
    pub(super) fn place(&self, scan: ScanInstance) -> usize {
        let attenuation = match self.attenuation {
            Attenuation::Typical => scan.typical_attenuation,
            Attenuation::Minimum => scan.min_attenuation,
        };
        let nearest = self.thresholds.iter().position(|threshold| attenuation <= *threshold);
        nearest.unwrap_or(self.thresholds.len())
    }

    /// What they are called, from near to far. There are names for two to four classes.
    pub(super) fn names(&self, language: &dyn Words) -> Vec<&'static str> {
        let labels = language.labels();
        let [near, _, far] = labels.zones_v1;
        match self.thresholds.len() {
            1 => vec![near, far],
            2 => labels.zones_v1.to_vec(),
            3 => labels.zones.to_vec(),
            _ => Vec::new(),
        }
    }
}

/// The scales of all timelines of a page, and what is drawn only once for all of them.
pub(super) struct Frame {
    zones: Zones,
    /// From which attenuation to which, dB.
    range: [f64; 2],
    /// How many seconds the charts span. Most pages have one span; a scan that stands for hours needs another.
    spans: BTreeSet<u64>,
}

impl Frame {
    pub(super) fn new(configuration: &Configuration, story: &Story<'_>) -> Self {
        let zones = Zones::of(configuration);
        let contacts = story.days.iter().flat_map(|day| &day.contacts);
        let windows: Vec<_> = contacts.flat_map(|contact| contact.windows.iter().copied()).collect();
        Self { range: range(&windows, &zones), spans: windows.iter().map(|window| span(window)).collect(), zones }
    }

    /// What the timelines share, to stand before them. It is not seen where it stands.
    pub(super) fn shared(&self, languages: &[&dyn Words]) -> Markup {
        html! {
            @if !self.spans.is_empty() {
                svg.shared aria-hidden="true" {
                    @for span in &self.spans {
                        (self.ground().named(&ground(*span)))
                        @for language in languages {
                            (self.scale(*span, *language).named(&scale(*span, *language)))
                        }
                    }
                }
            }
        }
    }

    /// Draws a window. It is not read out: its numbers are in a table, which is.
    pub(super) fn timeline(&self, window: &WindowExplanation, languages: &[&dyn Words]) -> Markup {
        let span = span(window);
        let before = before(window);
        let across = |seconds: u64| across(seconds, span);
        let (mut bars, mut strongest, mut numbers) = (Path::default(), Path::default(), Vec::new());
        let mut reached = LEFT;
        for scan in &window.scans {
            let end = scan.offset.saturating_add(before);
            let (from, to) = (across(end.saturating_sub(drawn(scan))), across(end));
            // Phones round a scan's time to minutes, so that it may begin before the scan before ends, or a little
            // after.
            let from = if from < reached + ROUNDED { reached } else { from };
            let to = to.max(from + 2.0);
            reached = to;
            bars.bar(from, to, self.down(scan.scan.typical_attenuation), BOTTOM);
            if scan.scan.min_attenuation < scan.scan.typical_attenuation {
                strongest.level(from, to, self.down(scan.scan.min_attenuation));
            }
            if to - from >= ROOM {
                numbers.push((f64::midpoint(from, to), scan.scan.typical_attenuation));
            }
        }
        let mut drawing = Drawing::default().shared(&ground(span), None);
        drawing = drawing.path("scan", &bars).path("strongest", &strongest).row("below", &numbers);
        for language in languages {
            let lang = (languages.len() > 1).then(|| language.code());
            drawing = drawing.shared(&scale(span, *language), lang);
        }
        html! { svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } aria-hidden="true" { (drawing) } }
    }

    /// The classes of attenuation, behind the bars.
    fn ground(&self) -> Drawing {
        let edges = self.edges();
        edges.iter().zip(edges.iter().skip(1)).enumerate().fold(Drawing::default(), |drawing, (zone, (edge, next))| {
            drawing.rectangle(&format!("zone-{zone}"), [LEFT, *edge, RIGHT - LEFT, next - edge])
        })
    }

    /// Thresholds, axes and their names, before the bars.
    fn scale(&self, span: u64, language: &dyn Words) -> Drawing {
        let labels = language.labels();
        let thresholds: Vec<_> = self.zones.thresholds.iter().map(|threshold| self.down(*threshold)).collect();
        let mut drawing = Drawing::default();
        for threshold in &thresholds {
            drawing = drawing.line("threshold", [LEFT, *threshold], [RIGHT, *threshold]);
        }
        for (place, threshold) in apart(&thresholds, 13.0, BOTTOM).into_iter().zip(&self.zones.thresholds) {
            drawing = drawing.text("end strong", [LEFT - 5.0, place + 4.0], threshold);
        }
        let edges = self.edges();
        let middles: Vec<_> =
            edges.iter().zip(edges.iter().skip(1)).map(|(edge, next)| f64::midpoint(*edge, *next)).collect();
        for (place, name) in apart(&middles, 13.0, BOTTOM).into_iter().zip(self.zones.names(language)) {
            drawing = drawing.text("start", [RIGHT + 5.0, place + 4.0], name);
        }
        drawing = drawing.text("start quiet", [2.0, 13.0], labels.axis_attenuation);
        drawing = drawing.line("axis", [LEFT, BOTTOM], [RIGHT, BOTTOM]);
        drawing = drawing.text("start quiet", [RIGHT + 5.0, BOTTOM + 15.0], "dB");
        let step = if span > 3600 { span.div_ceil(6).next_multiple_of(600) } else { 300 };
        for tick in (0..=span / step).map(|tick| tick * step) {
            let x = across(tick, span);
            drawing = drawing.line("axis", [x, BOTTOM], [x, BOTTOM + 4.0]);
            drawing = drawing.text("middle quiet", [x, BOTTOM + 31.0], tick / 60);
        }
        drawing.text("start quiet", [RIGHT + 5.0 + 8.0, BOTTOM + 31.0], labels.axis_minutes)
    }

    /// The edges of the classes, from near to far.
    fn edges(&self) -> Vec<f64> {
        let thresholds = self.zones.thresholds.iter().map(|threshold| self.down(*threshold));
        std::iter::once(TOP).chain(thresholds).chain([BOTTOM]).collect()
    }

    /// How far down an attenuation is: what is near stands above.
    fn down(&self, attenuation: u8) -> f64 {
        let [near, far] = self.range;
        TOP + (f64::from(attenuation) - near) / (far - near) * (BOTTOM - TOP)
    }
}

/// The name of the ground of charts of this span.
fn ground(span: u64) -> String {
    if span == SPAN { "g".to_owned() } else { format!("g{span}") }
}

/// The name of the scale of charts of this span.
fn scale(span: u64, language: &dyn Words) -> String {
    if span == SPAN { language.code().to_owned() } else { format!("{}{span}", language.code()) }
}

/// How far to the right a time is.
fn across(seconds: u64, span: u64) -> f64 {
    LEFT + float(seconds) / float(span) * (RIGHT - LEFT)
}

/// The seconds that a scan is drawn with: none where the clock stepped back.
fn drawn(scan: &ScanExplanation) -> u64 {
    scan.scan.seconds_since_last_scan.try_into().unwrap_or(0)
}

/// A scan tells of the time before it, so a window's time begins so many seconds before its first scan.
fn before(window: &WindowExplanation) -> u64 {
    window.scans.first().map_or(0, drawn)
}

/// How many seconds a window's chart spans.
fn span(window: &WindowExplanation) -> u64 {
    let end = window.scans.last().map_or(0, |scan| scan.offset.saturating_add(before(window)));
    if end <= SPAN { SPAN } else { end.checked_next_multiple_of(1800).unwrap_or(end) }
}

/// From which attenuation to which is drawn, dB: all of it, and the thresholds with some room around them.
fn range(windows: &[&WindowExplanation], zones: &Zones) -> [f64; 2] {
    let scans = || windows.iter().flat_map(|window| &window.scans);
    let nearest = scans().map(|scan| scan.scan.min_attenuation);
    let farthest = scans().map(|scan| scan.scan.typical_attenuation.saturating_add(4));
    let thresholds = || zones.thresholds.iter();
    let near = nearest.chain(thresholds().map(|threshold| threshold.saturating_sub(14))).min().unwrap_or(30);
    let far = farthest.chain(thresholds().map(|threshold| threshold.saturating_add(14))).max().unwrap_or(80);
    let (near, far) = (near / 5 * 5, far.div_ceil(5).saturating_mul(5).max(near.saturating_add(10)));
    [near.into(), far.into()]
}

#[cfg(test)]
mod tests {
    use gaen::exposure::Preset;

    use super::*;

    /// One scan whose nearest beacon is in another class than its mean.
    #[test]
    fn a_rule_places_a_scan_by_its_own_attenuation() {
        let zones = |preset: Preset| Zones::of(&preset.configuration(preset.profile()));
        let scan = ScanInstance { min_attenuation: 60, typical_attenuation: 75, seconds_since_last_scan: 300 };
        let app = zones(Preset::CwaAndroid);
        assert_eq!((&app.thresholds[..], &app.weights[..]), (&[62, 72, 78][..], &[0.8, 1.0, 0.1, 0.0][..]));
        assert_eq!(app.place(scan), 0);
        let other = zones(Preset::Enx);
        assert_eq!((&other.thresholds[..], other.place(scan)), (&[30, 50, 60][..], 3));
        // A threshold belongs to what is nearer.
        let at = |attenuation| app.place(ScanInstance { min_attenuation: attenuation, ..scan });
        assert_eq!([62, 63, 72, 73, 78, 79].map(at), [0, 1, 1, 2, 2, 3]);
    }
}
