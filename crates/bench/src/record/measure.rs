//! What is measured.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use std::thread;
use std::time::Duration;

use gaen::export::UnverifiedExport;
use gaen::matching::{Tier, TooManySightings};
use gaen::search::SearchOptions;
use gaen::stages::{KEYS, Stages};
use gaen::{DiagnosisKey, MatchReport, Matcher, RollingProximityIdentifier, SightingIndex};
use gaen_report::text::grouped;

use super::race::{Patience, Runner, race};
use super::{ArchiveFacts, Cost, FileStages, Record, Row, SearchCost, TierStages, TwoThreads};
use crate::archive::Archive;
use crate::baselines::{self, Crates, Naive};
use crate::clock::Summary;
use crate::cpu::Cpu;
use crate::file::{self, Authority};
use crate::{PLANTED, World, memory};

/// What to measure, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The tiers to measure.
    pub tiers: Vec<Tier>,
    /// The tier of the rows about files and the fortnight.
    pub best: Tier,
    /// How many keys to match.
    pub keys: usize,
    /// How many keys the file has.
    pub file_keys: usize,
    /// How many keys the files of the archive list together.
    pub archive_keys: usize,
    /// How many files the archive has.
    pub archive_files: usize,
    /// How many sightings to search, for each row of matching. At least one number.
    pub sightings: Vec<usize>,
    /// How long to measure each row, and how often to try.
    pub patience: Patience,
}

/// Nothing could be measured.
#[derive(Debug)]
#[non_exhaustive]
pub enum MeasureError {
    /// An index does not take that many sightings.
    TooManySightings(TooManySightings),
    /// A file to measure with could not be written or read.
    File(Box<dyn Error>),
}

impl fmt::Display for MeasureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManySightings(error) => error.fmt(f),
            Self::File(error) => write!(f, "a file to measure with: {error}"),
        }
    }
}

impl Error for MeasureError {}

impl Plan {
    /// Sightings for rows that have but one number of them.
    const SOME_SIGHTINGS: usize = 10_000;

    /// All tiers, with as many keys and as long as a record takes that is kept.
    #[must_use]
    pub fn full() -> Self {
        Self {
            tiers: Tier::available(),
            best: Tier::best(),
            keys: 100_000,
            file_keys: 1_000_000,
            archive_keys: 3_000_000,
            archive_files: 60,
            sightings: vec![1_000, 10_000, 100_000, 1_000_000],
            patience: Patience { time: Duration::from_millis(600), races: 8 },
        }
    }

    /// All tiers in under 20 seconds.
    #[must_use]
    pub fn quick() -> Self {
        // Nobody keeps what a debug build measures: it shows that the measuring works.
        let time = Duration::from_millis(if cfg!(debug_assertions) { 8 } else { 80 });
        Self {
            keys: 10_000,
            file_keys: 100_000,
            archive_keys: 200_000,
            archive_files: 10,
            patience: Patience { time, races: 1 },
            ..Self::full()
        }
    }

    /// How many steps the measuring has.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.sightings.len() + 5
    }

    /// The number of sightings of rows that have but one.
    fn some_sightings(&self) -> usize {
        if self.sightings.contains(&Self::SOME_SIGHTINGS) { Self::SOME_SIGHTINGS } else { self.sightings[0] }
    }
}

pub(super) fn record(plan: &Plan, mut begin: impl FnMut(&str)) -> Result<Record, MeasureError> {
    let Cpu { name: cpu, flags: cpu_flags } = Cpu::detect();

    // First of all, while there is no memory to be used again.
    begin("a file");
    let (file_rows, file_stages) = file_rows(plan).map_err(MeasureError::File)?;
    let mut rows = Vec::new();
    for sightings in &plan.sightings {
        begin(&format!("{} sightings", grouped(*sightings)));
        rows.extend(matching_rows(plan, *sightings)?);
    }
    begin("a fortnight");
    rows.push(fortnight_row(plan)?);
    rows.extend(file_rows);
    begin("an archive");
    let (archive_rows, archive) = archive_rows(plan).map_err(MeasureError::File)?;
    rows.extend(archive_rows);
    begin("stage by stage");
    let stages = plan.tiers.iter().filter_map(|tier| tier_stages(*tier, plan)).collect();
    begin("two threads");
    let two_threads = two_threads(plan)?;

    let mut clocks: Vec<f64> = rows.iter().map(|row| row.gigahertz).collect();
    clocks.sort_unstable_by(f64::total_cmp);
    Ok(Record {
        date: None,
        cpu,
        cpu_flags: cpu_flags.iter().map(|flag| (*flag).to_owned()).collect(),
        clock_ghz: rounded(clocks.get(clocks.len() / 2).copied().unwrap_or_default(), 2),
        tier: plan.best.name().to_owned(),
        tier_reason: plan.best.reason().to_owned(),
        tiers: Tier::available().into_iter().map(|tier| tier.name().to_owned()).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rows,
        stages,
        file_stages,
        archive: Some(archive),
        crates_use: Some(baselines::instructions(&cpu_flags)),
        two_threads,
    })
}

impl Row {
    fn new(name: &str, tier: Option<Tier>, world: &World, summary: &Summary) -> Self {
        Self {
            name: name.to_owned(),
            tier: tier.map(|tier| tier.name().to_owned()),
            sightings: world.sightings.len(),
            keys: world.keys.count,
            ns_per_key: rounded(summary.nanoseconds.low, 1),
            cycles_per_key: rounded(summary.cycles.low, 0),
            ratio_to_crates: None,
            ratio_to_naive: None,
            matches: world.matches(),
            ns_per_key_median: rounded(summary.nanoseconds.median, 1),
            cycles_per_key_median: rounded(summary.cycles.median, 0),
            samples: summary.samples,
            gigahertz: summary.gigahertz,
        }
    }

    /// How many times as fast this is as the baselines, which were measured at the same time.
    fn against(mut self, naive: &Summary, crates: &Summary) -> Self {
        let ratio = |to: &Summary| Some(rounded(to.nanoseconds.low / self.ns_per_key, 2));
        (self.ratio_to_naive, self.ratio_to_crates) = (ratio(naive), ratio(crates));
        self
    }
}

impl Cost {
    fn of(summary: &Summary) -> Self {
        Self { ns_per_key: rounded(summary.nanoseconds.low, 2), cycles_per_key: rounded(summary.cycles.low, 1) }
    }
}

/// A number without digits that mean nothing.
fn rounded(number: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (number * scale).round() / scale
}

fn index(world: &World) -> Result<SightingIndex, MeasureError> {
    SightingIndex::new(world.sightings.clone()).map_err(MeasureError::TooManySightings)
}

/// The baselines and all tiers in one world.
fn matching_rows(plan: &Plan, sightings: usize) -> Result<Vec<Row>, MeasureError> {
    let world = World::exhaustive(sightings, plan.keys);
    let summaries = against_baselines(&world, plan, &plan.tiers)?;
    let [naive, crates, tiers @ ..] = &summaries[..] else { return Ok(Vec::new()) };
    let mut rows = vec![Row::new("naive", None, &world, naive), Row::new("crates", None, &world, crates)];
    for (tier, summary) in plan.tiers.iter().zip(tiers) {
        let name = if *tier == Tier::SAFE { "gaen_safe" } else { "gaen" };
        rows.push(Row::new(name, Some(*tier), &world, summary));
    }
    Ok(rows.into_iter().map(|row| row.against(naive, crates)).collect())
}

fn fortnight_row(plan: &Plan) -> Result<Row, MeasureError> {
    let world = World::fortnight(plan.keys);
    let summaries = against_baselines(&world, plan, &[plan.best])?;
    let [naive, crates, gaen] = &summaries[..] else { unreachable!("three runners") };
    Ok(Row::new("gaen_fortnight", Some(plan.best), &world, gaen).against(naive, crates))
}

/// `naive`, `crates` and these tiers, side by side.
fn against_baselines(world: &World, plan: &Plan, tiers: &[Tier]) -> Result<Vec<Summary>, MeasureError> {
    const NAIVE_KEYS: usize = 500;
    const CRATES_KEYS: usize = 2000;

    let keys = world.keys.to_vec();
    let index = index(world)?;
    let naive = Naive::new(world);
    let mut crates = Crates::new(world);
    let mut runners = vec![
        baseline(&keys, NAIVE_KEYS, move |keys| naive.search(keys)),
        baseline(&keys, CRATES_KEYS, move |keys| crates.search(keys)),
    ];
    runners.extend(tiers.iter().map(|tier| matcher(world, &keys, Matcher::new(&index).tier(*tier))));
    Ok(race(runners, plan.patience))
}

/// Searches pieces of so many keys, and checks that the planted identifiers are found in all of them together.
fn baseline<'a>(
    keys: &'a [DiagnosisKey],
    piece_keys: usize,
    mut search: impl FnMut(&[DiagnosisKey]) -> usize + 'a,
) -> Runner<'a> {
    let pieces: Vec<_> = keys.chunks(piece_keys).collect();
    let mut found = 0;
    Runner::new(pieces.len(), move |number| {
        found = search(pieces[number]) + if number == 0 { 0 } else { found };
        assert!(number + 1 < pieces.len() || found == PLANTED, "{found} identifiers were found");
        pieces[number].len()
    })
}

/// The same with a matcher. Its pieces are larger, since it works on the keys of a day together.
fn matcher<'a>(world: &'a World, keys: &'a [DiagnosisKey], matcher: Matcher<'a>) -> Runner<'a> {
    const PIECE_KEYS: usize = 50_000;

    let pieces: Vec<_> = keys.chunks(PIECE_KEYS).collect();
    let mut reports: Vec<MatchReport> = Vec::new();
    Runner::new(pieces.len(), move |number| {
        if number == 0 {
            reports.clear();
        }
        reports.push(matcher.match_keys(pieces[number]));
        if number + 1 == pieces.len() {
            world.check(&reports);
        }
        pieces[number].len()
    })
}

/// From a file on disk to verified matches, and the least that any reader of it has to do.
fn file_rows(plan: &Plan) -> Result<([Row; 2], FileStages), Box<dyn Error>> {
    let world = World::exhaustive(plan.some_sightings(), plan.file_keys);
    let count = world.keys.count;
    let authority = Authority::new();
    let trust = authority.trust();
    let zip = tempfile::NamedTempFile::new()?;
    authority.write(world.keys.iter(), zip.as_file())?;
    let open = || zip.reopen().map(BufReader::<File>::new);
    let index = SightingIndex::new(world.sightings.clone())?;
    let matcher = Matcher::new(&index).tier(plan.best);

    // A file that was written and read a moment ago is read again: an error here is a fault of the machine.
    let search = || {
        let (keys, report) = file::search(&matcher, open().expect("the file is there"), &trust).expect("it is signed");
        assert_eq!(keys, count as u64, "not all keys were read");
        world.check([&report]);
    };
    let (scan_peak_bytes, ()) = memory::peak_of(search);

    let bytes = std::fs::read(zip.path())?;
    let export = UnverifiedExport::from_zip(&bytes, &file::any_size())?;
    let (algorithm, signature) = authority.sign(&file::sha256(b"gaen"))?;
    let public_key = authority.public_key();
    let mut runners = vec![
        Runner::new(1, |_| {
            search();
            count
        }),
        Runner::new(1, |_| {
            let inflated = open().and_then(file::inflate).expect("the file is there");
            assert_eq!(inflated, export.export_bin().len() as u64, "not all was inflated");
            count
        }),
        Runner::new(1, |_| {
            assert_eq!(file::sha256(export.export_bin()), export.export_sha256());
            count
        }),
        Runner::new(1, |_| {
            let contents = export.read_without_verifying().expect("it could be read before");
            assert_eq!(contents.keys.len(), count, "not all keys were parsed");
            count
        }),
        Runner::new(1, |_| {
            assert!(public_key.verifies(b"gaen", &signature, algorithm));
            1
        }),
    ];
    let signature = race(runners.split_off(4), plan.patience.a_quarter());
    let summaries = race(runners, plan.patience);
    let ([search, inflate, hash, parse], [signature]) = (&summaries[..], &signature[..]) else {
        unreachable!("five runners")
    };
    let stages = FileStages {
        keys: count,
        zip_bytes: bytes.len(),
        inflate: Cost::of(inflate),
        hash: Cost::of(hash),
        parse: Cost::of(parse),
        signature_us: rounded(signature.nanoseconds.low / 1000.0, 1),
        scan_peak_bytes,
    };
    let inflate = Row { sightings: 0, matches: 0, ..Row::new("inflate", None, &world, inflate) };
    Ok(([Row::new("scan_zip", Some(plan.best), &world, search), inflate], stages))
}

/// From the files of an archive on disk to verified matches, by a search that remembers keys and by one that does not.
fn archive_rows(plan: &Plan) -> Result<([Row; 2], ArchiveFacts), Box<dyn Error>> {
    let archive = Archive::new(plan.some_sightings(), plan.archive_keys, plan.archive_files);
    let (world, listed) = (&archive.world, archive.listed());
    let authority = Authority::new();
    let trust = authority.trust();
    let mut zips = Vec::new();
    for keys in archive.files() {
        let zip = tempfile::NamedTempFile::new()?;
        authority.write(keys, zip.as_file())?;
        zips.push(zip);
    }
    let zip_bytes = zips.iter().map(|zip| Ok(zip.as_file().metadata()?.len())).sum::<Result<u64, std::io::Error>>()?;
    let index = SightingIndex::new(world.sightings.clone())?;
    let matcher = Matcher::new(&index).tier(plan.best);
    let options = SearchOptions::verified_by(&trust).reading(file::any_size());
    let search_all = |mut search: gaen::matching::Search<'_>| {
        let mut keys = 0;
        for (source, zip) in zips.iter().enumerate() {
            let zip = BufReader::new(zip.reopen().expect("the file is there"));
            keys += search.add_export(source, zip, &options).expect("it is signed").keys;
        }
        assert_eq!(keys, listed as u64, "not all keys were read");
        world.check([&search.finish()]);
        listed
    };
    let runners = vec![
        Runner::new(1, |_| search_all(matcher.search().remembering(gaen::matching::Search::MEMORY))),
        Runner::new(1, |_| search_all(matcher.search())),
    ];
    let summaries = race(runners, plan.patience);
    let [remembering, forgetting] = &summaries[..] else { unreachable!("two runners") };
    let row = |name, summary| Row { keys: listed, ..Row::new(name, Some(plan.best), world, summary) };
    let facts = ArchiveFacts { files: zips.len(), keys: listed, different_keys: world.keys.count, zip_bytes };
    Ok(([row("archive", remembering), row("archive_forgetting", forgetting)], facts))
}

/// The kernels one by one. `None` for the plain path, which has no stages.
fn tier_stages(tier: Tier, plan: &Plan) -> Option<TierStages> {
    /// As many as the matcher searches at once.
    const TILES: usize = 64;
    const PIECES: usize = 4;

    let keys: Vec<_> =
        crate::Keys { count: PIECES * TILES * KEYS }.iter().map(|key| *key.key_data.as_bytes()).collect();
    let tiles: Vec<[[u8; 16]; KEYS]> = keys.chunks_exact(KEYS).filter_map(|tile| tile.try_into().ok()).collect();
    let worlds: Vec<_> =
        plan.sightings.iter().map(|sightings| World::exhaustive(*sightings, World::FEWEST_KEYS)).collect();
    let days: Vec<_> = worlds.iter().map(World::identifiers_of_a_day).collect();
    let (start, _) = days.first()?;
    let kernels = |heard: &[RollingProximityIdentifier]| Stages::new(tier, *start, heard);

    let hash = kernels(&[])?;
    let mut searches = vec![kernels(&[])?];
    for (_, heard) in &days {
        searches.push(kernels(heard)?);
    }
    let identifier_keys: Vec<_> = tiles.iter().map(|tile| hash.hash(tile)).collect();
    let mut runners = vec![Runner::new(PIECES, |piece| {
        for tile in &tiles[piece * TILES..][..TILES] {
            black_box(hash.hash(black_box(tile)));
        }
        TILES * KEYS
    })];
    runners.extend(searches.into_iter().map(|mut search| {
        let identifier_keys = &identifier_keys;
        Runner::new(PIECES, move |piece| {
            black_box(search.search(black_box(&identifier_keys[piece * TILES..][..TILES])));
            TILES * KEYS
        })
    }));
    let summaries = race(runners, plan.patience.a_quarter());
    let [hash, nothing, searches @ ..] = &summaries[..] else { return None };
    let search = |(sightings, search): (&usize, &Summary)| SearchCost {
        sightings: *sightings,
        search: Cost::of(search),
        probe_cycles_per_key: rounded(search.cycles.low - nothing.cycles.low, 1),
    };
    Some(TierStages {
        tier: tier.name().to_owned(),
        hash: Cost::of(hash),
        search_nothing: Cost::of(nothing),
        search: plan.sightings.iter().zip(searches).map(search).collect(),
    })
}

/// All keys by one matcher, and half of them by each of two. `None` on a machine, or a part of one, with a single core.
fn two_threads(plan: &Plan) -> Result<Option<TwoThreads>, MeasureError> {
    if thread::available_parallelism().map_or(1, usize::from) < 2 {
        return Ok(None);
    }
    let world = World::exhaustive(plan.some_sightings(), plan.keys);
    let keys = world.keys.to_vec();
    let index = index(&world)?;
    let matcher = Matcher::new(&index).tier(plan.best);
    let (first, second) = keys.split_at(keys.len() / 2);
    let one = Runner::new(1, |_| {
        world.check([&matcher.match_keys(&keys)]);
        keys.len()
    });
    let two = Runner::new(1, |_| {
        let (first, second) = thread::scope(|scope| {
            let first = scope.spawn(|| matcher.match_keys(first));
            let second = matcher.match_keys(second);
            (first.join().expect("matching does not panic"), second)
        });
        world.check([&first, &second]);
        keys.len()
    });
    let summaries = race(vec![one, two], plan.patience);
    let [one, two] = &summaries[..] else { unreachable!("two runners") };
    Ok(Some(TwoThreads {
        sightings: world.sightings.len(),
        keys: keys.len(),
        one_ns_per_key: rounded(one.nanoseconds.low, 1),
        two_ns_per_key: rounded(two.nanoseconds.low, 1),
        speedup: rounded(one.nanoseconds.low / two.nanoseconds.low, 2),
    }))
}
