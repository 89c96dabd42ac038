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

/// Searches these files piece by piece, how large they are does not matter: what became of each, and the search with what
/// was found. On so many threads; without a number one for each core.
pub(crate) fn through<'index>(
    matcher: Matcher<'index>,
    paths: &[PathBuf],
    searcher: &ExportSearcher<'_>,
    threads: Option<u16>,
) -> Result<(Vec<FileOutcome>, Search<'index>), Error> {
    let pool = pool(threads)?;
    let mut search = matcher.search();
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
