//! What was heard, whom to believe, and the files to search: the arguments of every command that searches.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{ArgGroup, Args};
use gaen::export::{ReadOptions, Trust};
use gaen::matching::TooManySightings;
use gaen::time::UtcDay;
use gaen::{Profile, Sighting, SightingIndex};

use crate::error::Error;
use crate::files;
use crate::inputs::{self, MostSightings};
use crate::read_args::ReadArgs;
use crate::store_search::{IfMissing, Stored};
use crate::stored::{self, Store};
use crate::trust::Authenticity;

#[derive(Debug, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("heard").args(["sightings", "store"]).required(true)))]
pub(crate) struct SearchArgs {
    /// Sightings: JSON lines or CSV, `-` for standard input; may be repeated
    #[arg(long, value_name = "FILE")]
    sightings: Vec<PathBuf>,

    #[command(flatten)]
    most: MostSightings,

    /// A store with sightings and earlier results, to which new results are added. See `gaen store`
    #[arg(long, value_name = "FILE", conflicts_with = "no_verify")]
    store: Option<PathBuf>,

    #[command(flatten)]
    authenticity: Authenticity,

    #[command(flatten)]
    read: ReadArgs,

    /// Export files (zip), or folders with their *.zip files. With --no-verify also bare export.bin. With --store there
    /// may be none
    #[arg(required_unless_present = "store", requires = "authenticity", value_name = "EXPORT")]
    exports: Vec<PathBuf>,
}

/// What was heard.
pub(crate) enum Heard {
    Sightings(SightingIndex),
    Store(Store),
}

impl Heard {
    /// The UTC days of the signals, of whatever phones. Times that cannot be are on no day.
    pub(crate) fn days(&self) -> Result<BTreeSet<UtcDay>, Error> {
        let days = |sightings: &[Sighting]| {
            let possible = sightings.iter().filter(|sighting| sighting.check().is_ok());
            possible.map(|sighting| UtcDay::from_unix_seconds(sighting.time)).collect()
        };
        Ok(match self {
            Self::Sightings(index) => days(index.sightings()),
            Self::Store(store) => days(&store.sightings()?),
        })
    }
}

impl SearchArgs {
    /// What was heard: sightings in this kind of index, or a store. Whether one that is missing may be made, the
    /// command says; without files there is nothing to make it for.
    pub(crate) fn heard(
        &self,
        index: fn(Vec<Sighting>) -> Result<SightingIndex, TooManySightings>,
        if_missing: IfMissing,
    ) -> Result<Heard, Error> {
        let Some(path) = &self.store else {
            let index = index(inputs::sightings(&self.sightings, self.most)?);
            return index.map(Heard::Sightings).map_err(|error| Error::Input(error.to_string()));
        };
        let if_missing = if self.exports.is_empty() { IfMissing::Fail } else { if_missing };
        stored::open_to_search(path, self.read.given_profile(), if_missing).map(Heard::Store)
    }

    /// The files to search.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files::exports(&self.exports)
    }

    /// What a search leaves behind, if it leaves anything.
    pub(crate) fn what_stays(&self) -> Option<&'static str> {
        let searched = self.store.is_some() && !self.exports.is_empty();
        searched.then_some("the files are searched, and what was found is in the store")
    }

    /// By whose rules: those that were asked for, or the store's.
    pub(crate) fn profile(&self, heard: &Heard) -> Profile {
        match heard {
            Heard::Sightings(_) => self.read.profile(),
            Heard::Store(store) => store.profile(),
        }
    }

    /// Whom to believe; nobody needs to be, where the user has given that up, and is warned.
    pub(crate) fn trust(&self) -> Result<Option<Trust>, Error> {
        self.authenticity.trust()
    }

    /// How files are read by this profile when they are searched for so many sightings.
    pub(crate) fn options(&self, profile: Profile, sightings: usize) -> ReadOptions {
        ReadOptions { profile, ..self.read.options() }.for_sightings(sightings)
    }

    /// Searches the files for what the store has not searched them for yet: all that it says then.
    pub(crate) fn search_store(&self, store: &mut Store, trust: Option<&Trust>, now: u64) -> Result<Stored, Error> {
        let options = ReadOptions { profile: store.profile(), ..self.read.options() };
        stored::search(store, &self.files(), trust, &options, now)
    }
}
