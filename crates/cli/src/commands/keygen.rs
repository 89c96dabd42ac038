//! `gaen keygen`.

use std::io::Write;
use std::path::PathBuf;

use gaen::export::Signer;
use gaen_report::text::printable;
use gaen_report::text::style::GOOD;

use crate::error::Error;
use crate::files::{self, NewFile, Readers};

const EXAMPLES: &str = "\
Examples:
  Write test-440.private.pem and test-440.public.pem:
  gaen keygen --id 440 --version v1 -o test-440

The private key signs exports (gaen export --sign). Whoever has it can publish keys in your name. The public key is \
what readers trust (gaen verify --trust).";

/// Make a key pair for signing exports
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The name of the key in signatures, in most countries the mobile country code
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    id: String,

    /// The version of the key, such as v1
    #[arg(long)]
    version: String,

    /// How the names of both files begin
    #[arg(short, long, value_name = "PREFIX")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let failed = |error: &dyn std::error::Error| Error::Input(error.to_string());
    let signer = Signer::generate(&args.id, &args.version, &mut rand::rng());
    let private_pem = signer.to_pkcs8_pem().map_err(|error| failed(&error))?;
    let public_pem = signer.public_key().to_pem().map_err(|error| failed(&error))?;

    let path = |ending: &str| {
        let mut path = args.output.clone().into_os_string();
        path.push(ending);
        PathBuf::from(path)
    };
    let (private, public) = (path(".private.pem"), path(".public.pem"));
    let private_file = NewFile { path: private.clone(), bytes: private_pem.as_bytes(), readers: Readers::Owner };
    let public_file = NewFile { path: public.clone(), bytes: public_pem.as_bytes(), readers: Readers::Usual };
    files::write(&[private_file, public_file], false)?;

    let name = format!("{}-{}", args.id, args.version);
    let (private, public) = (private.to_string_lossy(), public.to_string_lossy());
    let (name, private, public) = (printable(&name), printable(&private), printable(&public));
    writeln!(out, "{GOOD}wrote{GOOD:#} {private}  (secret)\n{GOOD}wrote{GOOD:#} {public}\n")?;
    writeln!(out, "sign with    gaen export --sign {name}={private} ...")?;
    writeln!(out, "verify with  gaen verify --trust {name}={public} ...")?;
    Ok(())
}
