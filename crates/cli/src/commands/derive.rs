//! `gaen derive`.

use std::io::{self, Write};

use gaen::keys::{AssociatedEncryptedMetadata, BluetoothMetadata};
use gaen::time::RollingPeriod;
use gaen::{EnIntervalNumber, RollingProximityIdentifier, RollingWindow, TemporaryExposureKey};
use gaen_report::document::Document;
use gaen_report::text::style::BOLD;
use gaen_report::text::{hex, utc};
use serde::Serialize;

use crate::error::Error;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  gaen derive --tek 75c734c6dd1a782de7a965da5eb93125 --start 2642976
  gaen derive --tek 75c734c6dd1a782de7a965da5eb93125 --start 2642976 \\
      --metadata 40080000 --json

Other users of the machine see a key on a command line, and the shell keeps it. Derive only keys that are published \
or for tests.";

/// Derive the keys and identifiers of a Temporary Exposure Key
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The key: 32 hexadecimal digits
    #[arg(long, value_name = "HEX", value_parser = hex::decode_exactly::<16>)]
    tek: [u8; 16],

    /// The rolling_start_interval_number of the key
    #[arg(long, value_name = "N")]
    start: u32,

    /// The rolling_period of the key, 1 to 144
    #[arg(long, value_name = "N", default_value = "144", value_parser = rolling_period)]
    period: RollingPeriod,

    /// Metadata to encrypt beside each identifier: 8 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    metadata: Option<BluetoothMetadata>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn rolling_period(text: &str) -> Result<RollingPeriod, String> {
    let intervals: u32 = text.parse().map_err(|_| "not a whole number".to_owned())?;
    RollingPeriod::new(intervals).map_err(|error| error.to_string())
}

#[derive(Serialize)]
struct Derived {
    tek: String,
    #[serde(flatten)]
    window: RollingWindow,
    rpik: String,
    aemk: String,
    rpis: Vec<Broadcast>,
}

#[derive(Serialize)]
struct Broadcast {
    interval: EnIntervalNumber,
    rpi: RollingProximityIdentifier,
    aem: Option<AssociatedEncryptedMetadata>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let window = RollingWindow::new(EnIntervalNumber::new(args.start), args.period)
        .map_err(|error| Error::Usage(format!("--start and --period: {error}")))?;
    output::document(out, &derive(&args.tek, window, args.metadata), args.json)
}

fn derive(tek: &[u8; 16], window: RollingWindow, metadata: Option<BluetoothMetadata>) -> Derived {
    let key = TemporaryExposureKey::from_bytes(*tek);
    let (rpik, aemk) = (key.identifier_key(), key.metadata_key());
    let broadcast = |interval| {
        let rpi = rpik.identifier(interval);
        Broadcast { interval, rpi, aem: metadata.map(|metadata| aemk.encrypt(&rpi, metadata)) }
    };
    Derived {
        tek: hex::encode(tek),
        window,
        rpik: hex::encode(rpik.expose_secret()),
        aemk: hex::encode(aemk.expose_secret()),
        rpis: window.intervals().map(broadcast).collect(),
    }
}

impl Document for Derived {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { tek, window, rpik, aemk, rpis } = self;
        let (start, end) = (window.start(), window.end());
        let (from, to) = (utc::minute(start.unix_seconds()), utc::minute(end.unix_seconds()));
        writeln!(out, "TEK     {tek}\nRPIK    {rpik}\nAEMK    {aemk}")?;
        writeln!(out, "Window  {start} + {}: {from} to {to} UTC\n", window.period())?;
        writeln!(out, "{BOLD}{:<10}  {:<16}  {:<32}  AEM{BOLD:#}", "Interval", "UTC", "RPI")?;
        for Broadcast { interval, rpi, aem } in rpis {
            let aem = aem.map_or_else(|| "-".to_owned(), |aem| aem.to_string());
            writeln!(out, "{:<10}  {}  {rpi}  {aem}", interval.as_u32(), utc::minute(interval.unix_seconds()))?;
        }
        Ok(())
    }
}
