//! `gaen match`.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use gaen::exposure::Basis;
use gaen::matching::Tier;
use gaen::{Matcher, SightingIndex};
use gaen_report::matching::MatchDocument;
use gaen_report::verdict::searched;

use crate::error::Error;
use crate::exports::{self, ExportSearcher};
use crate::search::Effort;
use crate::search_args::{Heard, SearchArgs};
use crate::store_search::{IfMissing, Stored};
use crate::{moment, output, search};

const EXAMPLES: &str = r#"Examples:
  gaen match --sightings heard.jsonl --trust 440-v1=cocoa.pem 440-*.zip
  gaen match --sightings a.csv --sightings b.csv --trust 262-v1=old.pem --trust 262-v2=new.pem exports/
  gaen match --no-verify --json --sightings - export.bin < heard.jsonl

  All that the server lists, every day; what was searched before is not searched again:
  gaen match --store gaen.db --trust 440-v1=cocoa.pem 440-*.zip

A folder stands for its *.zip files, in the order of their names. Folders inside it are not searched.

Sightings are JSON lines
  {"rpi":"<32 hex digits>","aem":"<hex>","rssi":-60,"time":1601121592,
   "previous_scan":1601121292}
(each object on one line), or CSV with a header of the same names. `time` is in Unix seconds, from 2019 to 2099. `previous_scan` is the time of the scan before; without it a scan counts 120 s in v2. `rssi` is in dBm, from -127 to 20, and not 0: leave out identifiers heard without a signal strength. --max-sightings limits how much of a file is read.

With --json, `file` of a match is the position of its file in `files`. `sighting` is the position of its sighting among all sightings in the order given. Both count from 0.

By default `match` also counts identifiers heard more than two hours outside their interval: a wrong clock shows there. --fast skips them, and keys of days on which nothing was heard then cost nothing.

With --store the sightings come from a store (`gaen store import`). New files are searched for all stored sightings, known files only for new ones. A file with nothing left to search is only hashed. `match` prints all matches found so far, also those in files that you do not give now. Without files it searches nothing. A missing store is made. A store keeps what it finds, so it takes verified files only, by one profile. It searches on one thread, as --fast does, and does not count sightings outside the clock window. In JSON, the other files of the store follow in `files` without a path, and `sighting` is the number of the sighting in the store.

`match` reads files piece by piece, in little memory. It reads a pipe into memory first. An archive lists a key many times, thirty on average. If there are several files, `match` remembers keys of which nothing was heard, 32 bytes each, and does not search such a key again. --remember sets how much memory that may take; when it is full, new keys take the place of others. The output is the same.

Revised keys are counted and not searched. A rejected file contributes nothing: the other files are searched, and the exit code is 1."#;

/// Find which sightings came from the owners of published keys
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(super) search: SearchArgs,

    /// The time for the store's ledger, Unix seconds or ISO 8601 [default: the system's clock]
    #[arg(long, value_name = "TIME", value_parser = moment::parse, conflicts_with = "sightings")]
    now: Option<u64>,

    /// Look only near each sighting's time, and do not count sightings outside the clock window
    #[arg(long, conflicts_with = "store")]
    fast: bool,

    /// Search on N threads [default: one for each core]
    #[arg(long, conflicts_with = "store", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Remember keys without a match in N MiB of memory at most, so that a key that several files list is searched
    /// once. 0 turns this off. Affects speed only [default: 64]
    #[arg(long, conflicts_with = "store", value_name = "N", value_parser = clap::value_parser!(u32).range(..=1 << 20))]
    remember: Option<u32>,

    /// Search with these instructions of the CPU. Affects speed only. An unknown name lists the available tiers
    /// [default: the fastest]
    #[arg(long, conflicts_with = "store")]
    tier: Option<Tier>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let trust = args.search.trust()?;
    let index = if args.fast { SightingIndex::new } else { SightingIndex::exhaustive };
    let mut heard = args.search.heard(index, IfMissing::Make)?;
    let profile = args.search.profile(&heard);
    let document = match &mut heard {
        Heard::Sightings(index) => {
            let sightings = index.sightings().len();
            let matcher = Matcher::new(index).profile(profile).tier(args.tier.unwrap_or_else(Tier::best));
            let searcher = ExportSearcher::new(args.search.options(profile, sightings), trust.as_ref());
            let (files, search) = search::through(matcher, &args.search.files(), &searcher, args.effort())?;
            let basis = Basis::new(searched(&files), index.sightings());
            MatchDocument::new(files, search.finish(), basis)
        }
        Heard::Store(store) => {
            let now = args.now.unwrap_or_else(system_clock);
            let Stored { files, report, .. } = args.search.search_store(store, trust.as_ref(), now)?;
            let basis = store.basis(searched(&files).rejected)?;
            MatchDocument::new(files, report, basis)
        }
    };
    output::document(out, &document, args.json)?;
    exports::fail_if_any_rejected(document.files())?;
    exports::fail_if_not_judged(document.not_judged())
}

impl Args {
    fn effort(&self) -> Effort {
        let Self { threads, remember, .. } = *self;
        let bytes = |mebibytes: u32| usize::try_from(u64::from(mebibytes) << 20).unwrap_or(usize::MAX);
        Effort { threads, memory: remember.map_or(Effort::default().memory, bytes) }
    }
}

/// Unix seconds.
fn system_clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
