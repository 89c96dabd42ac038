//! `gaen simulate`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gaen::time::{SECONDS_PER_DAY, UtcDay};
use gaen_report::document::Document;
use gaen_report::text::style::GOOD;
use gaen_report::text::{counted, grouped, hex, printable};
use gaen_simulation::{FilesError, Options, SimulationError, World};
use serde::Serialize;

use crate::error::Error;
use crate::progress::Steps;
use crate::{moment, output};

const EXAMPLES: &str = "\
Examples:
  gaen simulate --seed 1 -o world
  gaen simulate --seed 2 --people 200 --days 14 --diagnosed 10 --no-attacker -o quiet
  gaen simulate --seed 3 --revised 30 -o by-a-key-server
  gaen match --sightings world/people/007/sightings.jsonl \\
      --trust 440-v1=world/440-v1.pem world/exports

The same options give the same files, byte by byte. The world is made up: people live, work, travel and shop in a \
town. Their phones' clocks are wrong, and one attacker records identifiers and sends them elsewhere and later. \
Signal strengths are synthetic: they say nothing about real radio.

Files in DIR:
  people/007/sightings.jsonl  what person 7's phone heard, by its own clock
  people/007/truth.json       what a correct matcher accepts of it, what it drops and why;
                              and how long the person was near whom
  exports/*.zip               the published keys, signed, a file for each UTC day of keys
  440-v1.pem                  the public key that verifies them
  encounters.jsonl            who was in one place with whom, how near and how long
  truth.json                  options, people and clocks, diagnoses, published keys, attacker

One person hears some 7,000 sightings in a fortnight. They take about a megabyte, on disk and in memory.";

/// Write a made-up world for tests: sightings, signed exports, and what really happened
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The seed of everything that happens by chance
    #[arg(long, value_name = "N")]
    seed: u64,

    /// How many people there are, 2 to 2000
    #[arg(long, value_name = "N", default_value_t = Options::new(0).people)]
    people: usize,

    /// How many UTC days the world lasts, 1 to 28
    #[arg(long, value_name = "N", default_value_t = Options::new(0).days)]
    days: u64,

    /// The UTC midnight at which the world begins, as Unix seconds or a date
    #[arg(long, value_name = "TIME", value_parser = moment::parse, default_value_t = Options::new(0).start)]
    start: u64,

    /// How many people are diagnosed, of whom four in five publish their keys [default: one in ten, at least one]
    #[arg(long, value_name = "N")]
    diagnosed: Option<usize>,

    /// Leave out the attacker who replays identifiers
    #[arg(long)]
    no_attacker: bool,

    /// Fill every export up to N keys, with made-up keys
    #[arg(long, value_name = "N", default_value_t = 0)]
    pad_to: usize,

    /// Publish by processing numbers and a key server; PERCENT of the reports change later
    #[arg(long, value_name = "PERCENT")]
    revised: Option<u64>,

    /// The folder to write into; it must be empty or missing
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Summary {
    path: String,
    options: Options,
    trust: String,
    exports: Vec<Written>,
    sightings: usize,
    diagnosed: usize,
    published_keys: usize,
    matches: usize,
    relayed_matches: usize,
    dropped: usize,
    /// The person with most matches.
    most_exposed: Option<Exposed>,
}

#[derive(Serialize)]
struct Written {
    path: String,
    keys: usize,
    padding: usize,
    size: usize,
    export_sha256: String,
}

#[derive(Serialize)]
struct Exposed {
    person: usize,
    sightings: String,
    truth: String,
    matches: usize,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let options = Options {
        people: args.people,
        days: args.days,
        start: args.start,
        diagnosed: args.diagnosed,
        attacker: !args.no_attacker,
        pad_to: args.pad_to,
        revised: args.revised,
        ..Options::new(args.seed)
    };
    // Before anything takes long.
    World::check_folder(&args.output).map_err(|error| unwritten(&error))?;
    let mut steps = Steps::of(options.people.saturating_add(1));
    let world = World::simulate(&options, |person| steps.begin(&format!("person {person}")));
    let world = world.map_err(|error| match error {
        SimulationError::Options(error) => Error::Usage(error.to_string()),
        error => Error::Input(error.to_string()),
    })?;
    steps.begin("writing");
    world.write(&args.output).map_err(|error| unwritten(&error))?;
    steps.finish();

    output::document(out, &summary(world, &args.output), args.json)
}

fn unwritten(error: &FilesError) -> Error {
    match error {
        FilesError::NotEmpty { .. } => Error::Input(format!("{error}: give --output a folder of its own")),
        error => Error::Input(error.to_string()),
    }
}

fn summary(world: World, folder: &Path) -> Summary {
    let path = |inner: &Path| folder.join(inner).to_string_lossy().into_owned();
    let most_exposed = world.most_exposed().map(|person| Exposed {
        person,
        sightings: path(&world.person_folder(person).join("sightings.jsonl")),
        truth: path(&world.person_folder(person).join("truth.json")),
        matches: world.truth.matches_of(person),
    });
    let all = world.truth.matches.iter().flatten();
    Summary {
        path: folder.to_string_lossy().into_owned(),
        trust: format!("{}={}", world.trusted_key().name(), path(Path::new(&world.public_key_file()))),
        sightings: world.people.iter().map(|person| person.sightings.len()).sum(),
        diagnosed: world.truth.diagnoses.len(),
        published_keys: world.truth.keys.len(),
        matches: all.clone().map(|key| key.accepted.len()).sum(),
        relayed_matches: all.clone().flat_map(|key| &key.accepted).filter(|sent| sent.relayed).count(),
        dropped: all.map(|key| key.dropped.len()).sum(),
        most_exposed,
        exports: world
            .exports
            .iter()
            .map(|export| Written {
                path: path(&Path::new("exports").join(&export.file.name)),
                keys: export.file.keys,
                padding: export.file.padding,
                size: export.file.zip.len(),
                export_sha256: hex::encode(&export.file.export_sha256),
            })
            .collect(),
        options: world.options,
    }
}

impl Document for Summary {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Options { people, days, .. } = self.options;
        let sightings = counted(self.sightings, "sighting");
        writeln!(out, "{GOOD}wrote{GOOD:#} {}", printable(&self.path))?;
        writeln!(out, "      {} people for {}, {sightings}", grouped(people), counted(days, "day"))?;
        let (keys, files) = (counted(self.published_keys, "key"), counted(self.exports.len(), "export"));
        writeln!(out, "      {} diagnosed, {keys} published in {files}", grouped(self.diagnosed))?;
        let (matches, relayed) = (grouped(self.matches), grouped(self.relayed_matches));
        let dropped = grouped(self.dropped);
        writeln!(out, "      to be matched: {matches}, of which relayed: {relayed}; to be dropped: {dropped}")?;
        if let Some(exposed) = &self.most_exposed {
            let (sightings, truth) = (printable(&exposed.sightings), printable(&exposed.truth));
            let (trust, path) = (printable(&self.trust), printable(&self.path));
            let exports = Path::new(&*path).join("exports");
            writeln!(out, "\nmatch       gaen match --sightings {sightings} --trust {trust} {}", exports.display())?;
            writeln!(out, "compare to  {truth}")?;
            // The world ends then.
            let now = UtcDay::from_unix_seconds(self.options.start + self.options.days * SECONDS_PER_DAY);
            let inputs = format!("--sightings {sightings} --trust {trust}");
            writeln!(out, "report      gaen report {inputs} --now {now} -o report.html {}", exports.display())?;
        }
        Ok(())
    }
}
