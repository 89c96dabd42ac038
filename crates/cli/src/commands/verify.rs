//! `gaen verify`.

use std::io::Write;
use std::path::PathBuf;

use gaen::{Matcher, SightingIndex};
use gaen_report::document::{Document, FileStatus, Files};

use crate::error::Error;
use crate::exports::{self, ExportSearcher};
use crate::read_args::ReadArgs;
use crate::trust::{self, NamedKeyFile};
use crate::{files, output};

const EXAMPLES: &str = "\
Examples:
  gaen verify --trust 440-v1=cocoa.pem 440-366.zip 440-774.zip
  gaen verify --trust 440-v1=cocoa.pem --json *.zip | jq '.files[] | select(.error)'

  Rotation, one of the keys is enough:
  gaen verify --trust 262-v1=old.pem --trust 262-v2=new.pem *.zip

  Co-signing, both must have signed:
  gaen verify --trust 262-v1=a.pem --trust 263-v1=b.pem --require-all *.zip

The last `-` separates ID from VERSION; without a `-` there is no version. A key file holds one public key of P-256: \
PEM or DER, a certificate (verify takes its key, with a warning), or the 33, 64 or 65 bytes of the point. Each of \
these may also be in base64 or hexadecimal.";

/// Check who signed export files
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Trust this public key under this name; may be repeated, and then one signature is enough
    #[arg(long, required = true, value_name = "ID-VERSION=FILE")]
    trust: Vec<NamedKeyFile>,

    /// Require a signature by every trusted key
    #[arg(long)]
    require_all: bool,

    #[command(flatten)]
    read: ReadArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Export files (zip), or folders of them (their *.zip)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let trust = trust::trust(&args.trust, args.require_all)?;
    let searcher = ExportSearcher::new(args.read.options(), trust.as_ref());
    // Where nothing was heard, no key is looked for.
    let nothing = SightingIndex::new(Vec::new()).map_err(|error| Error::Input(error.to_string()))?;
    let mut search = Matcher::new(&nothing).search();
    let files = files::exports(&args.files);
    let outcomes = files.iter().enumerate().map(|(source, path)| searcher.search(&mut search, source, path, |_| {}));
    let mut rejected = 0;
    if args.json {
        let outcomes = Files { files: outcomes.collect() };
        rejected = outcomes.files.iter().filter(|outcome| outcome.status == FileStatus::Rejected).count();
        output::json(out, &outcomes)?;
    } else {
        for outcome in outcomes {
            outcome.print(out)?;
            rejected += usize::from(outcome.status == FileStatus::Rejected);
        }
    }
    exports::fail_if_rejected(rejected, files.len())
}
