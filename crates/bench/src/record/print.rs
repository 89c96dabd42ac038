//! What was measured, as a table.

use std::io::{self, Write};

use gaen_report::text::style::{BOLD, CAUTION, DIM};
use gaen_report::text::{counted, grouped, printable};

use super::{Record, Row, TierStages};

/// Identifiers of a key of a whole day.
const IDENTIFIERS: f64 = 144.0;

pub(super) fn print(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    let Record { cpu, cpu_flags, clock_ghz, tier, tier_reason, tiers, .. } = record;
    writeln!(out, "{BOLD}CPU{BOLD:#}    {}, {clock_ghz:.2} GHz, {}", printable(cpu), printable(&cpu_flags.join(" ")))?;
    writeln!(
        out,
        "{BOLD}Tiers{BOLD:#}  {}; {} is used below where none is named",
        printable(&tiers.join(", ")),
        printable(tier)
    )?;
    if !tier_reason.is_empty() {
        writeln!(out, "       {}: {}", printable(tier), printable(tier_reason))?;
    }

    if let Some(instructions) = &record.crates_use {
        writeln!(out, "{BOLD}Crates{BOLD:#} {}", printable(instructions))?;
    }

    let keys = record.rows.first().map_or(0, |row| row.keys);
    writeln!(out, "\n{BOLD}Matching{BOLD:#}  {} keys of 144 identifiers, one thread", grouped(keys))?;
    let mut sightings = None;
    for row in &record.rows {
        if row.name == "scan_zip" {
            writeln!(out, "\n{BOLD}A file{BOLD:#}  {} keys, one thread", grouped(row.keys))?;
            sightings = None;
        }
        if let (Some(archive), "archive") = (&record.archive, row.name.as_str()) {
            file_stages(record, out)?;
            writeln!(
                out,
                "\n{BOLD}An archive{BOLD:#}  {} listed keys, {} different ones, in {} files of {} MiB together, one thread",
                grouped(archive.keys),
                grouped(archive.different_keys),
                archive.files,
                archive.zip_bytes >> 20
            )?;
            sightings = None;
        }
        if sightings.is_none() {
            header(out)?;
        } else if sightings != Some(row.sightings) && row.name != "inflate" {
            writeln!(out)?;
        }
        sightings = Some(row.sightings);
        line(row, out)?;
    }
    if record.archive.is_none() {
        file_stages(record, out)?;
    }
    if !record.stages.is_empty() {
        stages(&record.stages, out)?;
    }

    match &record.two_threads {
        Some(two) => writeln!(
            out,
            "\n{BOLD}Two threads{BOLD:#}  {:.1} ns a key instead of {:.1}: {:.2} times as fast ({} sightings)",
            two.two_ns_per_key,
            two.one_ns_per_key,
            two.speedup,
            grouped(two.sightings)
        )?,
        None => writeln!(out, "\n{BOLD}Two threads{BOLD:#}  not measured: there is one core")?,
    }
    if let Some(doubt) = record.doubt() {
        writeln!(out, "\n{CAUTION}Noisy{CAUTION:#}  {doubt}.")?;
    }
    writeln!(out, "\nEvery row found what was planted, and nothing else.")?;
    Ok(())
}

fn header(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{DIM}{:<24}{:>10}{:>10}{:>10}{:>9}{:>10}{:>10}{:>8}{:>9}{DIM:#}",
        "", "sightings", "ns a key", "(median)", "cycles", "M keys/s", "M RPIs/s", "naive", "crates"
    )?;
    Ok(())
}

fn line(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    // Millions a second.
    let keys = 1e3 / row.ns_per_key.max(f64::MIN_POSITIVE);
    let times = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.2} x"));
    writeln!(
        out,
        "{:<24}{:>10}{:>10.1}{:>10}{:>9.0}{keys:>10.3}{:>10.0}{:>8}{:>9}{}",
        printable(&row.label()),
        if row.sightings > 0 { grouped(row.sightings) } else { String::new() },
        row.ns_per_key,
        format!("({:.0})", row.ns_per_key_median),
        row.cycles_per_key,
        keys * IDENTIFIERS,
        times(row.ratio_to_naive),
        times(row.ratio_to_crates),
        noise(row),
    )?;
    Ok(())
}

/// The mark of a row that other work on the machine disturbed.
fn noise(row: &Row) -> &'static str {
    if row.is_noisy() { "  noisy" } else { "" }
}

/// Every row of `now` beside the same row of an earlier record.
pub(super) fn compare(now: &Record, then: &Record, name: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{BOLD}Compared{BOLD:#}  with {}, version {}", printable(name), printable(&then.version))?;
    if now.cpu != then.cpu {
        writeln!(out, "It is of another CPU, {}: compare the ratios to `crates` alone.", printable(&then.cpu))?;
    }
    writeln!(
        out,
        "{DIM}{:<24}{:>10}{:>10}{:>10}{:>10}{:>13}{:>11}{DIM:#}",
        "", "sightings", "ns then", "ns now", "faster", "crates then", "crates now"
    )?;
    let mut missing = 0_usize;
    for row in &now.rows {
        let Some(before) = then.rows.iter().find(|before| before.is_like(row)) else {
            missing += 1;
            continue;
        };
        let times = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.2} x"));
        writeln!(
            out,
            "{:<24}{:>10}{:>10.1}{:>10.1}{:>10}{:>13}{:>11}{}",
            printable(&row.label()),
            grouped(row.sightings),
            before.ns_per_key,
            row.ns_per_key,
            times(Some(before.ns_per_key / row.ns_per_key)),
            times(before.ratio_to_crates),
            times(row.ratio_to_crates),
            if before.is_noisy() { "  noisy then" } else { noise(row) },
        )?;
    }
    if missing > 0 {
        writeln!(
            out,
            "{} not in both: measured with other numbers of keys or sightings, or with another tier.",
            counted(missing, "row")
        )?;
    }
    Ok(())
}

fn file_stages(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    let stages = &record.file_stages;
    for (name, cost) in [("inflate", stages.inflate), ("SHA-256", stages.hash), ("parse", stages.parse)] {
        if name != "inflate" {
            let cycles = cost.cycles_per_key;
            writeln!(out, "{name:<24}{:>10}{:>10.1}{:>10}{cycles:>9.0}", "", cost.ns_per_key, "")?;
        }
    }
    write!(out, "Its signature takes {:.0} us to check", stages.signature_us)?;
    if let Some(bytes) = stages.scan_peak_bytes {
        write!(out, "; a search of its {} KiB held {} KiB at most", stages.zip_bytes >> 10, grouped(bytes >> 10))?;
    }
    writeln!(out, ".")?;
    Ok(())
}

fn stages(tiers: &[TierStages], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{BOLD}Stage by stage{BOLD:#}  cycles a key")?;
    write!(out, "{DIM}{:<24}{:>10}{:>10}", "", "HKDF", "AES")?;
    for search in tiers.first().map_or(&[][..], |tier| &tier.search) {
        write!(out, "{:>18}", format!("probe {}", grouped(search.sightings)))?;
    }
    writeln!(out, "{DIM:#}")?;
    for tier in tiers {
        let (hash, aes) = (tier.hash.cycles_per_key, tier.search_nothing.cycles_per_key);
        write!(out, "{:<24}{hash:>10.0}{aes:>10.0}", printable(&tier.tier))?;
        for search in &tier.search {
            write!(out, "{:>18}", format!("{:+.0}", search.probe_cycles_per_key))?;
        }
        writeln!(out)?;
    }
    writeln!(
        out,
        "AES includes the probe of a filter in which nothing is; the others are of one day of the sightings."
    )?;
    Ok(())
}
