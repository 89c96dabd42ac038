//! One exposure window: attenuation against time, with the thresholds of the rule that decides.

use gaen::exposure::{Configuration, DecisionRule, ScanExplanation, WindowExplanation};
use maud::Markup;

use super::draw::{Chart, WIDTH, apart, float};
use super::words::Words;

const LEFT: f64 = 34.0;
const RIGHT: f64 = WIDTH - 72.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 196.0;
const HEIGHT: f64 = 234.0;

/// The classes of attenuation that a rule knows.
pub(super) struct Zones {
    /// What divides them, dB, from near to far.
    pub(super) thresholds: Vec<u8>,
}

impl Zones {
    /// Those of the rule that decides.
    pub(super) fn of(configuration: &Configuration) -> Self {
        let thresholds = match configuration.rule {
            DecisionRule::RiskScore => configuration.risk.duration_thresholds.as_array().to_vec(),
            _ => configuration.daily_summaries.thresholds.as_array().to_vec(),
        };
        Self { thresholds }
    }

    /// What they are called, from near to far.
    pub(super) fn names(&self, language: &dyn Words) -> &'static [&'static str] {
        let labels = language.labels();
        if self.thresholds.len() == 2 { &labels.zones_v1 } else { &labels.zones }
    }
}

/// Draws a window.
pub(super) fn timeline(id: &str, window: &WindowExplanation, zones: &Zones, language: &dyn Words) -> Markup {
    let labels = language.labels();
    // A scan tells of the time before it, so the window's time begins before its first scan.
    let before = window.scans.first().map_or(0, drawn);
    let end = window.scans.last().map_or(0, |scan| scan.offset.saturating_add(before)).max(300);
    let across = |seconds: u64| LEFT + float(seconds) / float(end) * (RIGHT - LEFT);
    let (near, far) = range(window, zones);
    let down = |attenuation: u8| TOP + (f64::from(attenuation) - near) / (far - near) * (BOTTOM - TOP);

    let title = language.timeline_title(super::story::seconds(window));
    let mut chart = Chart::new(id, HEIGHT, &title, &description(window, language));
    let thresholds: Vec<_> = zones.thresholds.iter().map(|threshold| down(*threshold)).collect();
    let edges: Vec<_> = [TOP].iter().chain(&thresholds).chain(&[BOTTOM]).copied().collect();
    for (zone, (edge, next)) in edges.iter().zip(edges.iter().skip(1)).enumerate() {
        chart = chart.rectangle(&format!("zone zone-{zone}"), [LEFT, *edge, RIGHT - LEFT, next - edge]);
    }
    for scan in &window.scans {
        let seconds = drawn(scan);
        let (from, to) = (scan.offset.saturating_add(before).saturating_sub(seconds), scan.offset + before);
        let (x, width) = (across(from), (across(to) - across(from)).max(2.0));
        let top = down(scan.scan.typical_attenuation);
        chart = chart.rectangle("scan", [x + 0.5, top, (width - 1.0).max(1.0), BOTTOM - top]);
        let strongest = down(scan.scan.min_attenuation);
        chart = chart.line("strongest", [x + 0.5, strongest], [x + width - 0.5, strongest]);
    }
    for threshold in &thresholds {
        chart = chart.line("threshold", [LEFT, *threshold], [RIGHT, *threshold]);
    }
    for (place, threshold) in apart(&thresholds, 13.0, BOTTOM).into_iter().zip(&zones.thresholds) {
        chart = chart.text("end strong", [LEFT - 5.0, place + 4.0], threshold);
    }
    let middles: Vec<_> =
        edges.iter().zip(edges.iter().skip(1)).map(|(edge, next)| f64::midpoint(*edge, *next)).collect();
    for (place, name) in apart(&middles, 13.0, BOTTOM).into_iter().zip(zones.names(language)) {
        chart = chart.text("start", [RIGHT + 5.0, place + 4.0], name);
    }
    chart = chart.text("start quiet", [2.0, 13.0], labels.axis_attenuation);
    chart = chart.line("axis", [LEFT, BOTTOM], [RIGHT, BOTTOM]);
    let step = if end > 3600 { end.div_ceil(6).next_multiple_of(600) } else { 300 };
    for tick in (0..=end / step).map(|tick| tick * step) {
        let x = across(tick);
        chart = chart.line("axis", [x, BOTTOM], [x, BOTTOM + 4.0]);
        chart = chart.text("middle", [x, BOTTOM + 18.0], tick / 60);
    }
    chart.text("middle quiet", [f64::midpoint(LEFT, RIGHT), BOTTOM + 34.0], labels.axis_minutes).markup()
}

/// The seconds that a scan is drawn with: none where the clock stepped back.
fn drawn(scan: &ScanExplanation) -> u64 {
    scan.scan.seconds_since_last_scan.try_into().unwrap_or(0)
}

/// From which attenuation to which it is drawn, dB: all of it, and the thresholds with some room around them.
fn range(window: &WindowExplanation, zones: &Zones) -> (f64, f64) {
    let nearest = window.scans.iter().map(|scan| scan.scan.min_attenuation);
    let farthest = window.scans.iter().map(|scan| scan.scan.typical_attenuation.saturating_add(4));
    let thresholds = || zones.thresholds.iter();
    let near = nearest.chain(thresholds().map(|threshold| threshold.saturating_sub(14))).min().unwrap_or(30);
    let far = farthest.chain(thresholds().map(|threshold| threshold.saturating_add(14))).max().unwrap_or(80);
    let (near, far) = (near / 5 * 5, far.div_ceil(5).saturating_mul(5).max(near.saturating_add(10)));
    (near.into(), far.into())
}

/// The same in words, for those who do not see it.
fn description(window: &WindowExplanation, language: &dyn Words) -> String {
    let scans = window
        .scans
        .iter()
        .map(|scan| language.scan(scan.scan.seconds_since_last_scan, scan.scan.typical_attenuation, scan.bucket));
    scans.collect::<Vec<_>>().join(language.labels().list_separator)
}
