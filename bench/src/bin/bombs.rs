//! What it costs to read files that were made to cost much: a table for `docs/reliability.md`.

use std::time::Instant;

use gaen::export::Limits;
use gaen_bench::bombs::{Bomb, Way, bombs, heard};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let (limits, index) = (Limits::default(), heard());
    println!("| file | bytes | inflates to | read by | outcome | limit | ms | peak MiB |");
    println!("|---|---:|---:|---|---|---|---:|---:|");
    for bomb in bombs(&limits) {
        for way in Way::ALL {
            let (before, start) = (ALLOCATOR.current_usage(), Instant::now());
            ALLOCATOR.reset_peak_usage();
            let outcome = way.read(&bomb.file, &limits, &index);
            let (peak, time) = (ALLOCATOR.peak_usage() - before, start.elapsed());
            let Bomb { name, file, inflates_to, .. } = &bomb;
            let (code, text) = outcome.err().unwrap_or(("ok", String::new()));
            // A limit stands in parentheses at the end of the error's text.
            let limit = text.strip_suffix(')').and_then(|text| text.rsplit('(').next()).unwrap_or("-");
            let subject = if way == Way::ALL[0] {
                format!("{name} | {} | {}", file.len(), inflates_to)
            } else {
                " | | ".to_owned()
            };
            let (ms, mib) = (time.as_secs_f64() * 1e3, peak as f64 / f64::from(1 << 20));
            println!("| {subject} | {} | `{code}` | {limit} | {ms:.1} | {mib:.1} |", way.name());
        }
    }
}
