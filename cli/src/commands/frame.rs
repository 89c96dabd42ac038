//! `gaen frame encode` and `gaen frame decode`.

use std::io::Write;

use clap::{Subcommand, ValueEnum};
use gaen::frame::{FrameError, FrameKind, HeardFrame, ServiceData};
use gaen::{AssociatedEncryptedMetadata, RollingProximityIdentifier};
use serde::Serialize;

use crate::error::Error;
use crate::{hex, output};

const EXAMPLES: &str = "\
Examples:
  gaen frame encode --rpi 8be6cd371c5c891604bfbe49df845096 --aem 72033874
  gaen frame decode 03036ffd17166ffd8be6cd371c5c891604bfbe49df84509672033874
  gaen frame decode --json --strict 02:01:1a:03:03:6f:fd:17:16:6f:fd:8b:e6:...";

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
        /// Whose frame: iOS sends flags first
        #[arg(long, value_enum, default_value_t = Platform::Ios)]
        platform: Platform,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Find the identifier in an advertisement
    #[command(after_long_help = EXAMPLES)]
    Decode {
        /// Accept nothing but a frame laid out exactly as iOS or Android sends it
        #[arg(long)]
        strict: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The advertisement in hexadecimal; spaces and colons do no harm
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

#[derive(Serialize)]
struct Decoded {
    rpi: RollingProximityIdentifier,
    aem: String,
    /// Nothing where the layout is neither platform's.
    platform: Option<FrameKind>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    match &args.command {
        Command::Encode { rpi, aem, platform, json } => {
            let data = ServiceData { rpi: *rpi, aem: *aem };
            let frame = match platform {
                Platform::Ios => data.ios_frame().to_vec(),
                Platform::Android => data.android_frame().to_vec(),
            };
            let encoded = Encoded { frame: hex::encode(&frame), length: frame.len() };
            if *json {
                return output::json(out, &encoded);
            }
            writeln!(out, "{}", encoded.frame)?;
        }
        Command::Decode { strict, json, advertisement } => {
            let digits: String =
                advertisement.concat().chars().filter(|sign| !sign.is_whitespace() && *sign != ':').collect();
            let frame = hex::decode(&digits).map_err(|why| Error::Usage(format!("the advertisement: {why}")))?;
            let decoded = decode(&frame, *strict).map_err(|error| Error::Input(error.to_string()))?;
            if *json {
                return output::json(out, &decoded);
            }
            let platform = match decoded.platform {
                Some(FrameKind::Ios) => "iOS",
                Some(FrameKind::Android) => "Android",
                None => "neither iOS's nor Android's layout",
            };
            writeln!(out, "RPI       {}\nAEM       {}\nPlatform  {platform}", decoded.rpi, decoded.aem)?;
        }
    }
    Ok(())
}

fn decode(frame: &[u8], strict: bool) -> Result<Decoded, FrameError> {
    let exact = ServiceData::decode_frame(frame);
    let platform = if strict { Some(exact?.0) } else { exact.ok().map(|(kind, _)| kind) };
    let heard = HeardFrame::decode(frame)?;
    Ok(Decoded { rpi: heard.rpi, aem: hex::encode(heard.aem), platform })
}
