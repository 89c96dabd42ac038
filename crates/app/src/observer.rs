//! What a search tells while it works.

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The position of the file among those given.
    pub file: usize,
    /// The number of files given.
    pub files: usize,
    /// Bytes of this file's `export.bin` that were read.
    pub bytes: u64,
    /// Bytes of this file's `export.bin` in all, as the file says.
    pub total_bytes: u64,
    /// Keys that were found in this file.
    pub keys: u64,
}

/// What an observer answers: whether a search goes on.
///
/// It is no `bool`: in some languages a method that forgets to return a value returns a false one, and a search that
/// nobody meant to stop would end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Next {
    /// The search goes on.
    #[default]
    Continue,
    /// The search stops. The report then says that it is partial.
    Stop,
}

/// Is told how far a search is, at least at every MiB of a file and at its end.
pub trait Observer {
    /// Says whether the search goes on.
    fn progress(&mut self, progress: Progress) -> Next;
}

impl<F: FnMut(Progress) -> Next> Observer for F {
    fn progress(&mut self, progress: Progress) -> Next {
        self(progress)
    }
}

/// Never stops a search.
#[derive(Clone, Copy, Debug)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn progress(&mut self, _: Progress) -> Next {
        Next::Continue
    }
}

/// An observer that may fail, as one of another language may. Its first failure stops the search, and
/// [`outcome`](Self::outcome) hands the failure out.
///
/// ```
/// use gaen_app::{FallibleObserver, Next, Observer, Progress};
///
/// let mut observer = FallibleObserver::new(|progress: Progress| if progress.file == 0 { Ok(Next::Continue) } else { Err("no") });
/// let at = |file| Progress { file, files: 2, bytes: 0, total_bytes: 0, keys: 0 };
/// assert_eq!(observer.progress(at(0)), Next::Continue);
/// assert_eq!(observer.progress(at(1)), Next::Stop);
/// assert_eq!(observer.outcome("a report"), Err("no"));
/// ```
#[derive(Debug)]
pub struct FallibleObserver<F, E> {
    ask: F,
    failure: Option<E>,
}

impl<E, F: FnMut(Progress) -> Result<Next, E>> FallibleObserver<F, E> {
    /// Asks this function whether a search goes on.
    pub fn new(ask: F) -> Self {
        Self { ask, failure: None }
    }

    /// What the search came to, unless the observer failed.
    ///
    /// # Errors
    /// What the observer failed with.
    pub fn outcome<T>(self, found: T) -> Result<T, E> {
        self.failure.map_or(Ok(found), Err)
    }
}

impl<E, F: FnMut(Progress) -> Result<Next, E>> Observer for FallibleObserver<F, E> {
    fn progress(&mut self, progress: Progress) -> Next {
        (self.ask)(progress).unwrap_or_else(|failure| {
            self.failure = Some(failure);
            Next::Stop
        })
    }
}
