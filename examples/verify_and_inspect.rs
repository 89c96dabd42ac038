//! Looks into export files and says whether they can be trusted.
//!
//! ```text
//! cargo run --example verify_and_inspect -- demo/day-1.zip
//! ```

use gaen::export::{PublicKey, ReadOptions, Trust, TrustedKey, UnverifiedExport, inspect};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo");
    let public_key: PublicKey = std::fs::read_to_string(format!("{demo}/440-v1.pem"))?.parse()?;
    let trust = Trust::new(TrustedKey::new("440", "v1", public_key));

    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        paths.push(format!("{demo}/day-1.zip"));
    }
    for path in paths {
        let file = std::fs::read(&path)?;
        let options = ReadOptions::default();

        // What stands in it, whoever wrote it.
        let report = inspect(&file, &options);
        println!("{path}: {} bytes, {}", report.file_size, report.container.unwrap_or("neither zip nor export.bin"));
        if let Some(bin) = &report.export_bin {
            println!("  region {:?}, {} keys, SHA-256 {}", bin.region, bin.keys, bin.sha256);
            println!("  risk levels {:?}", bin.keys_stats.transmission_risk_level.0);
        }

        // Whether to believe it. Every error has a sentence for people and a code for programs.
        match UnverifiedExport::from_zip(&file, &options).and_then(|export| export.verify(&trust)) {
            Ok(export) => println!("  verified by {}", export.verified_by().join(", ")),
            Err(error) => println!("  refused ({}): {error}", error.code()),
        }
    }
    Ok(())
}
