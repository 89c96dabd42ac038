//! What it costs to read files that were made to cost much: a table for `docs/reliability.md`.

use std::fs;

use gaen::export::Limits;
use gaen_bench::bombs::{Bomb, Way, bombs, heard};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let (limits, index) = (Limits::default(), heard());
    let each = |unit: &str| Way::ALL.map(|way| format!("{unit}, {}", way.name())).join(" | ");
    println!("| file | bytes | inflates to | outcome | {} | {} |", each("CPU ms"), each("peak MiB"));
    println!("|---|---:|---:|---|---:|---:|---:|---:|---:|---:|");
    for Bomb { name, file, inflates_to, .. } in bombs(&limits) {
        let mut outcomes = Vec::new();
        let (mut times, mut peaks) = (Vec::new(), Vec::new());
        for way in Way::ALL {
            let (before, start) = (ALLOCATOR.current_usage(), cpu_nanoseconds());
            ALLOCATOR.reset_peak_usage();
            let outcome = way.read(&file, &limits, &index);
            let (peak, time) = (ALLOCATOR.peak_usage() - before, cpu_nanoseconds() - start);
            times.push(format!("{:.1}", time as f64 / 1e6));
            peaks.push(format!("{:.1}", peak as f64 / f64::from(1 << 20)));
            let outcome = outcome.map_or_else(|(code, text)| told(code, &text), |()| "`ok`".to_owned());
            if !outcomes.contains(&outcome) {
                outcomes.push(outcome);
            }
        }
        let outcome = outcomes.join("; searched: ");
        println!(
            "| {name} | {} | {inflates_to} | {outcome} | {} | {} |",
            file.len(),
            times.join(" | "),
            peaks.join(" | ")
        );
    }
}

/// An error's code, and the limit that it is about: in parentheses at the end of its text.
fn told(code: &str, text: &str) -> String {
    let limit = text.strip_suffix(')').and_then(|text| text.rsplit('(').next());
    limit.map_or_else(|| format!("`{code}`"), |limit| format!("`{code}` ({limit})"))
}

/// How long this thread has run: unlike the time on the wall, it does not depend on what else does. 0 where the system
/// does not tell.
fn cpu_nanoseconds() -> u64 {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    statistics.split_whitespace().next().and_then(|running| running.parse().ok()).unwrap_or_default()
}
