//! `gaen sweep`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ArgGroup;
use gaen::SightingIndex;
use gaen::export::ReadOptions;
use gaen::exposure::decision::WindowSet;
use gaen::exposure::sweep::{Axis, Person, sweep};
use gaen::time::UtcDay;
use gaen_report::judge::Named;
use gaen_report::read;
use gaen_report::sweep::{Facts, SweepDocument};
use gaen_report::text::moment;

use crate::error::Error;
use crate::exports::{self, ExportSearcher};
use crate::files::{self, NewFile, Readers};
use crate::inputs::{self, MostSightings};
use crate::judged_by::JudgedBy;
use crate::trust::{self, NamedKeyFile};
use crate::{assess, output};

const EXAMPLES: &str = "\
Examples:
  gaen sweep windows.json --preset cocoa-v2 --vary score_sum=300..3000:100 --vary weight.2=1,1.5,2,2.5 --svg days.svg
  gaen sweep --world world --preset cocoa-v2 --vary score_sum=300..3000:300 > sweep.csv

The same windows are judged under every combination of the values. CSV has a row for each: the days that notify, and with \
a simulated world how right they are. `right` days had a contact, `false_alarms` had none, `missed` had one, could be \
judged and do not notify. Precision is right / (right + false_alarms), recall is right / (right + missed).

--vary takes PARAMETER=FROM..TO:STEP, both ends included, or PARAMETER=A,B,C:
  threshold.N            where range N of attenuations ends, dB; the nearest is 1
  weight.N               what a second in range N weighs
  infectiousness.NAME    the factor of standard or high
  report_type.NAME       the factor of a report type, such as self_report
  minimum_window_score   the smallest score with which a window counts
  score_sum              the number with which the rule compares score_sum, or any other value that it names;
                         CLASS.score_sum where several classes do";

/// Judge exposure windows under a grid of thresholds and weights
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
#[command(group(ArgGroup::new("data").args(["windows", "world"]).required(true).multiple(false)))]
pub(crate) struct Args {
    #[command(flatten)]
    judged_by: JudgedBy,

    /// Vary a number of the configuration; may be repeated
    #[arg(long, value_name = "PARAMETER=VALUES", required = true)]
    vary: Vec<Axis>,

    /// The time of the judgement, Unix seconds or ISO 8601 [default: as for `gaen judge`; the end of a world]
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    now: Option<u64>,

    /// The exposure windows, `-` for standard input
    #[arg(value_name = "WINDOWS")]
    windows: Option<PathBuf>,

    /// Judge all people of a world that `gaen simulate` made, and compare with the truth
    #[arg(long, value_name = "DIR")]
    world: Option<PathBuf>,

    /// In a world, the fewest minutes of a day within two metres that make a contact
    #[arg(long, value_name = "MINUTES", default_value_t = 15, requires = "world")]
    contact_minutes: u32,

    /// Also draw the days notified over one or two parameters
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Overwrite the file of --svg
    #[arg(long, requires = "svg")]
    force: bool,

    /// Print JSON instead of CSV
    #[arg(long)]
    json: bool,
}

impl Args {
    /// What the command has written by the time that it prints anything.
    pub(super) fn what_stays(&self) -> Option<&'static str> {
        self.svg.is_some().then_some("the drawing is written")
    }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    let [base] = &args.judged_by.read_some()?[..] else {
        return Err(Error::Usage("a sweep varies one configuration: give one --preset or --config".to_owned()));
    };
    if args.svg.is_some() && args.vary.len() > 2 {
        return Err(Error::Usage("--svg draws one or two parameters: give --vary at most twice".to_owned()));
    }
    let (people, today) = match (&args.world, &args.windows) {
        (Some(world), _) => of_world(args, world, base)?,
        (None, Some(windows)) => {
            let (file, today) = inputs::windows(windows, args.now)?;
            let person = |windows| Person { windows: WindowSet::new(windows), truth: None };
            (file.cases.into_iter().map(|case| person(case.windows)).collect(), today)
        }
        (None, None) => (Vec::new(), UtcDay::EPOCH), // the group of the arguments requires one
    };
    let Named { name, profile, configuration, .. } = base;
    let rows = sweep(&people, configuration, *profile, &args.vary, today);
    let rows = rows.map_err(|error| Error::Input(format!("{name}: {error}")))?;
    let windows = people.iter().map(|person| person.windows.len()).sum();
    let facts = Facts { configuration: name, profile: *profile, today, people: people.len(), windows };
    let document = SweepDocument::new(&facts, &args.vary, &rows);
    if let (Some(path), Some(svg)) = (&args.svg, document.heat_map()) {
        let file = NewFile { path: path.clone(), bytes: svg.as_bytes(), readers: Readers::Usual };
        files::write(&[file], args.force)?;
    }
    if args.json {
        return output::json(out, &document);
    }
    let mut csv = csv::Writer::from_writer(out);
    let written = csv.write_record(document.header()).and_then(|()| {
        document.records().try_for_each(|record| csv.write_record(record))?;
        Ok(csv.flush()?)
    });
    written.map_err(|error| match error.into_kind() {
        // As it came: a reader that leaves early is no fault.
        csv::ErrorKind::Io(error) => Error::Output(error, None),
        other => Error::Output(io::Error::other(format!("{other:?}")), None),
    })
}

/// The windows of all people of a world, with the days on which they really had a contact.
fn of_world(args: &Args, world: &Path, base: &Named) -> Result<(Vec<Person>, UtcDay), Error> {
    let (name, input) = inputs::open(&world.join("truth.json"))?;
    let now = args.now.map_or_else(|| read::world_end(&name, input), Ok)?;
    let keys: Vec<NamedKeyFile> = files::in_folder(world, "pem")?
        .iter()
        .filter_map(|path| format!("{}={}", path.file_stem()?.to_str()?, path.display()).parse().ok())
        .collect();
    let trust = trust::trust(&keys, false)?;
    let Some(trust) = &trust else { return Err(Error::Input(format!("{}: no public key: no world", world.display()))) };
    let paths = files::exports(&[world.join("exports")]);
    let mut people = Vec::new();
    for folder in files::folders(&world.join("people"))? {
        let index =
            SightingIndex::exhaustive(inputs::sightings(&[folder.join("sightings.jsonl")], MostSightings::default())?);
        let index = index.map_err(|error| Error::Input(error.to_string()))?;
        let options = ReadOptions { profile: base.profile, ..ReadOptions::default() };
        let options = options.for_sightings(index.sightings().len());
        let searcher = ExportSearcher::new(options, Some(trust));
        let found = assess::in_files(&index, &paths, &searcher, base.profile)?;
        exports::fail_if_any_rejected(&found.files)?;
        let (name, input) = inputs::open(&folder.join("truth.json"))?;
        let near = read::near_seconds(&name, input)?;
        let least = u64::from(args.contact_minutes) * 60;
        let truth: BTreeSet<_> =
            near.into_iter().filter(|(_, seconds)| *seconds >= least).map(|(day, _)| day).collect();
        let windows = found.assess(&base.configuration, now).windows.iter().collect();
        people.push(Person { windows, truth: Some(truth) });
    }
    Ok((people, UtcDay::from_unix_seconds(now)))
}
