//! `gaen frame encode` and `gaen frame decode`.

use std::io::{self, Write};

use clap::{Subcommand, ValueEnum};
use gaen::RollingProximityIdentifier;
use gaen::device::frame::{Capture, CaptureForm, FrameError, FrameKind, ServiceData};
use gaen::keys::AssociatedEncryptedMetadata;
use gaen_report::document::Document;
use gaen_report::text::hex;
use serde::Serialize;

use crate::error::Error;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  gaen frame encode --rpi 8be6cd371c5c891604bfbe49df845096 --aem 72033874
  gaen frame decode 03036ffd17166ffd8be6cd371c5c891604bfbe49df84509672033874
  gaen frame decode --json --strict 02:01:1a:03:03:6f:fd:17:16:6f:fd:8b:e6:...

decode reads an advertisement, an HCI event with one (hcidump --raw), a packet of the link layer, or the 20 bytes of \
service data.";

/// Encode or decode a Bluetooth advertisement
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the advertisement that carries an identifier
    #[command(after_long_help = EXAMPLES)]
    Encode {
        /// The identifier: 32 hexadecimal digits
        #[arg(long, value_name = "HEX")]
        rpi: RollingProximityIdentifier,
        /// The encrypted metadata: 8 hexadecimal digits
        #[arg(long, value_name = "HEX")]
        aem: AssociatedEncryptedMetadata,
        /// The platform whose frame to print; iOS sends flags first
        #[arg(long, value_enum, default_value_t = Platform::Ios)]
        platform: Platform,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Find the identifier in an advertisement
    #[command(after_long_help = EXAMPLES)]
    Decode {
        /// Accept only a frame laid out exactly as iOS or Android sends it
        #[arg(long)]
        strict: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The advertisement, or what a tool captured around it, in hexadecimal; spaces, commas, colons and 0x are
        /// ignored
        #[arg(required = true, value_name = "HEX")]
        advertisement: Vec<String>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Platform {
    Ios,
    Android,
}

#[derive(Serialize)]
struct Encoded {
    frame: String,
    length: usize,
}

impl Document for Encoded {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.frame)
    }
}

#[derive(Serialize)]
struct Decoded {
    rpi: RollingProximityIdentifier,
    aem: String,
    /// `None` if the layout is neither platform's.
    platform: Option<FrameKind>,
    /// In dBm. `None` unless the bytes are an HCI event.
    rssi: Option<i8>,
    form: CaptureForm,
}

impl Document for Decoded {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let platform = match (self.platform, self.form) {
            (Some(FrameKind::Ios), _) => "iOS",
            (Some(FrameKind::Android), _) => "Android",
            (None, CaptureForm::ServiceData) => "unknown: service data alone",
            (None, _) => "neither iOS's nor Android's layout",
        };
        writeln!(out, "RPI       {}\nAEM       {}\nPlatform  {platform}", self.rpi, self.aem)?;
        match self.rssi {
            Some(rssi) => writeln!(out, "RSSI      {rssi} dBm"),
            None => Ok(()),
        }
    }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    match &args.command {
        Command::Encode { rpi, aem, platform, json } => {
            let data = ServiceData { rpi: *rpi, aem: *aem };
            let frame = match platform {
                Platform::Ios => data.ios_frame().to_vec(),
                Platform::Android => data.android_frame().to_vec(),
            };
            output::document(out, &Encoded { frame: hex::encode(&frame), length: frame.len() }, *json)
        }
        Command::Decode { strict, json, advertisement } => {
            let frame =
                bytes(&advertisement.join(" ")).map_err(|why| Error::Usage(format!("the advertisement: {why}")))?;
            let decoded = decode(&frame, *strict).map_err(|error| Error::Input(error.to_string()))?;
            output::document(out, &decoded, *json)
        }
    }
}

/// The bytes of hexadecimal digits as tools print them. `hcidump` writes `>` before what was received.
fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let is_between = |sign: char| sign.is_whitespace() || ":-,;>{}[]()\"".contains(sign);
    let groups = text.split(is_between).map(|group| group.strip_prefix("0x").unwrap_or(group));
    hex::decode(&groups.collect::<String>())
}

fn decode(bytes: &[u8], strict: bool) -> Result<Decoded, FrameError> {
    if strict {
        let (kind, data) = ServiceData::decode_frame(bytes)?;
        let (platform, form) = (Some(kind), CaptureForm::Advertisement);
        return Ok(Decoded { rpi: data.rpi, aem: data.aem.to_string(), platform, rssi: None, form });
    }
    let capture = Capture::decode(bytes)?;
    let exact = capture.advertisement.and_then(|frame| ServiceData::decode_frame(frame).ok());
    Ok(Decoded {
        rpi: capture.heard.rpi,
        aem: hex::encode(capture.heard.aem),
        platform: exact.map(|(kind, _)| kind),
        rssi: capture.rssi,
        form: capture.form,
    })
}
