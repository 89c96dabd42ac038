//! Searching export files, on one core or on all.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use gaen::Matcher;
use gaen::matching::Search;
use gaen_report::document::FileOutcome;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::Error;
use crate::exports::ExportSearcher;
use crate::progress::Bar;

/// How much of the machine a search takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Threads to search on. `None` is one for each core.
    pub(crate) threads: Option<u16>,
    /// Bytes in which the search remembers keys, so that a key that several files list is searched once. 0 is none.
    pub(crate) memory: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { threads: None, memory: Search::MEMORY }
    }
}

/// Searches these files piece by piece, so that their size does not matter. You get what became of each, and the search
/// with what was found.
pub(crate) fn through<'index>(
    matcher: Matcher<'index>,
    paths: &[PathBuf],
    searcher: &ExportSearcher<'_>,
    effort: Effort,
) -> Result<(Vec<FileOutcome>, Search<'index>), Error> {
    let pool = pool(effort.threads)?;
    let mut search = matcher.search();
    // One file hardly lists a key twice.
    if effort.memory > 0 && paths.len() > 1 {
        search = search.remembering(effort.memory);
    }
    let bar = Bar::through(paths);
    let outcomes = match pool {
        Some(pool) => searcher.search_all(&mut search, paths, &pool, |file, progress| bar.tell(file, progress)),
        None => {
            let paths = paths.iter().enumerate();
            let mut search_one = |(file, path): (usize, &PathBuf)| {
                searcher.search(&mut search, file, path, |progress| bar.tell(file, progress))
            };
            paths.map(&mut search_one).collect()
        }
    };
    bar.finish();
    Ok((outcomes, search))
}

/// The threads to search on; none beside this one when one is enough.
fn pool(threads: Option<u16>) -> Result<Option<ThreadPool>, Error> {
    let threads = threads.map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from);
    if threads == 1 {
        return Ok(None);
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map(Some).map_err(|error| Error::Input(format!("{threads} threads: {error}")))
}
