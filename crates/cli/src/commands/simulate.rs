//! `gaen simulate`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gaen::export::TrustedKey;
use gaen::time::{SECONDS_PER_DAY, UtcDay};
use gaen_report::document::Document;
use gaen_report::text::style::GOOD;
use gaen_report::text::{counted, grouped, hex, printable};
use gaen_simulation::{FilesError, KeyTruth, Options, PUBLIC_KEY_FILE, SimulatedExport, SimulationError, World};
use serde::Serialize;

use crate::error::Error;
use crate::progress::Steps;
use crate::{moment, output};

const EXAMPLES: &str = "\
Examples:
  gaen simulate --seed 1 -o world
  gaen simulate --seed 2 --people 200 --days 14 --diagnosed 10 --no-attacker -o quiet
  gaen simulate --seed 3 --revised 30 -o by-a-key-server
  gaen simulate --seed 4 --people 10000 --diagnosed 300 --parquet -o population
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

One person hears some 7,000 sightings in a fortnight. They take about a megabyte, on disk and in memory.

With --parquet there are no people/, encounters.jsonl and truth.json. What everybody heard is one table, and the command \
searches for each phone by itself:
  sightings.parquet           what each phone heard, with a column `phone`
  matches.parquet             what the search found, with a column `phone`; this file is complete last
The package for Python reads these columns: see the guide.";

/// Write a made-up world for tests: sightings, signed exports, and what really happened
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The seed of everything that happens by chance
    #[arg(long, value_name = "N")]
    seed: u64,

    /// How many people there are, 2 to 2000; with --parquet, 2 to 20000
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

    /// Write two tables in Parquet instead of files for each person. Needs a build with the feature `parquet`
    #[arg(long)]
    parquet: bool,

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
    /// Two tables stand for the files of each person.
    #[serde(skip)]
    parquet: bool,
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
    let summary = if args.parquet { population(&options, &args.output) } else { world(&options, &args.output) };
    output::document(out, &summary?, args.json)
}

/// Makes a world with files for each person.
fn world(options: &Options, folder: &Path) -> Result<Summary, Error> {
    let mut steps = Steps::of(options.people.saturating_add(1));
    let world = World::simulate(options, |person| steps.begin(&format!("person {person}"))).map_err(impossible)?;
    steps.begin("writing");
    world.write(folder).map_err(|error| unwritten(&error))?;
    steps.finish();

    let truth = &world.truth;
    let mut totals = Totals::new(truth.diagnoses.len(), truth.keys.len());
    for (person, keys) in world.people.iter().zip(&truth.matches) {
        totals.add(person.number, person.sightings.len(), keys);
    }
    let file = |person, name| in_folder(folder, world.person_folder(person).join(name));
    let most_exposed = totals.most_exposed.map(|(person, matches)| Exposed {
        person,
        sightings: file(person, "sightings.jsonl"),
        truth: file(person, "truth.json"),
        matches,
    });
    Ok(Summary { most_exposed, ..Summary::new(folder, options, &world.exports, &world.trusted_key(), &totals) })
}

/// Makes a world with two tables of everybody.
#[cfg(feature = "parquet")]
fn population(options: &Options, folder: &Path) -> Result<Summary, Error> {
    use gaen_simulation::{MATCHES_TABLE, Population, SIGHTINGS_TABLE};

    let population = Population::simulate(options).map_err(impossible)?;
    population.write_published(folder).map_err(|error| unwritten(&error))?;
    let mut steps = Steps::of(options.people);
    let mut totals = Totals::new(population.diagnoses.len(), population.keys.len());
    let tell = |person, sightings, keys: &[KeyTruth]| {
        steps.begin(&format!("person {person}"));
        totals.add(person, sightings, keys);
    };
    population.write_tables(folder, tell).map_err(|error| unwritten(&error))?;
    steps.finish();

    let most_exposed = totals.most_exposed.map(|(person, matches)| Exposed {
        person,
        sightings: in_folder(folder, SIGHTINGS_TABLE),
        truth: in_folder(folder, MATCHES_TABLE),
        matches,
    });
    let (exports, trusted) = (&population.exports, population.trusted_key());
    Ok(Summary { most_exposed, parquet: true, ..Summary::new(folder, options, exports, &trusted, &totals) })
}

/// Says that this build cannot write tables, before anything is made.
#[cfg(not(feature = "parquet"))]
fn population(_: &Options, _: &Path) -> Result<Summary, Error> {
    Err(Error::Usage("--parquet: this command is built without Parquet; `--features parquet` adds it".to_owned()))
}

fn impossible(error: SimulationError) -> Error {
    match error {
        SimulationError::Options(error) => Error::Usage(error.to_string()),
        error => Error::Input(error.to_string()),
    }
}

fn unwritten(error: &FilesError) -> Error {
    match error {
        FilesError::NotEmpty { .. } => Error::Input(format!("{error}: give --output a folder of its own")),
        error => Error::Input(error.to_string()),
    }
}

fn in_folder(folder: &Path, inner: impl AsRef<Path>) -> String {
    folder.join(inner).to_string_lossy().into_owned()
}

/// Numbers over all people.
struct Totals {
    diagnosed: usize,
    published_keys: usize,
    sightings: usize,
    matches: usize,
    relayed_matches: usize,
    dropped: usize,
    /// The first person with most matches, and how many there are; `None` if nobody has any.
    most_exposed: Option<(usize, usize)>,
}

impl Totals {
    /// Nobody has heard anything.
    fn new(diagnosed: usize, published_keys: usize) -> Self {
        Self { diagnosed, published_keys, sightings: 0, matches: 0, relayed_matches: 0, dropped: 0, most_exposed: None }
    }

    /// Adds what one person heard, and of which keys.
    fn add(&mut self, person: usize, sightings: usize, keys: &[KeyTruth]) {
        let matches = keys.iter().map(|key| key.accepted.len()).sum();
        self.sightings += sightings;
        self.matches += matches;
        self.relayed_matches += keys.iter().flat_map(|key| &key.accepted).filter(|sent| sent.relayed).count();
        self.dropped += keys.iter().map(|key| key.dropped.len()).sum::<usize>();
        if self.most_exposed.map_or(0, |(_, most)| most) < matches {
            self.most_exposed = Some((person, matches));
        }
    }
}

impl Summary {
    /// What the files of each person and the tables have in common.
    fn new(
        folder: &Path,
        options: &Options,
        exports: &[SimulatedExport],
        trusted: &TrustedKey,
        totals: &Totals,
    ) -> Self {
        let written = exports.iter().map(|export| Written {
            path: in_folder(folder, Path::new("exports").join(&export.file.name)),
            keys: export.file.keys,
            padding: export.file.padding,
            size: export.file.zip.len(),
            export_sha256: hex::encode(&export.file.export_sha256),
        });
        Self {
            path: folder.to_string_lossy().into_owned(),
            options: options.clone(),
            trust: format!("{}={}", trusted.name(), in_folder(folder, PUBLIC_KEY_FILE)),
            exports: written.collect(),
            sightings: totals.sightings,
            diagnosed: totals.diagnosed,
            published_keys: totals.published_keys,
            matches: totals.matches,
            relayed_matches: totals.relayed_matches,
            dropped: totals.dropped,
            most_exposed: None,
            parquet: false,
        }
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
        match &self.most_exposed {
            None => {}
            Some(exposed) if self.parquet => {
                let folder = Path::new(&*printable(&self.path)).to_owned();
                let path = |name: &str| folder.join(name).display().to_string();
                let (key, exports) = (path(PUBLIC_KEY_FILE), path("exports/*.zip"));
                let (sightings, matches) = (printable(&exposed.sightings), printable(&exposed.truth));
                let program = "python bindings/python/examples/duckdb_population.py";
                writeln!(out, "\nmatch       {program} --key {key} --expected {matches} {sightings} {exports}")?;
            }
            Some(exposed) => {
                let (sightings, truth) = (printable(&exposed.sightings), printable(&exposed.truth));
                let (trust, path) = (printable(&self.trust), printable(&self.path));
                let exports = Path::new(&*path).join("exports");
                writeln!(
                    out,
                    "\nmatch       gaen match --sightings {sightings} --trust {trust} {}",
                    exports.display()
                )?;
                writeln!(out, "compare to  {truth}")?;
                // The world ends then.
                let now = UtcDay::from_unix_seconds(self.options.start + self.options.days * SECONDS_PER_DAY);
                let inputs = format!("--sightings {sightings} --trust {trust}");
                writeln!(out, "report      gaen report {inputs} --now {now} -o report.html {}", exports.display())?;
            }
        }
        Ok(())
    }
}
