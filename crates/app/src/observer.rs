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
/// It is no `bool`: in some languages a method that forgets to return a value returns a false one, and a search that nobody
/// meant to stop would end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Next {
    /// Go on.
    #[default]
    Continue,
    /// Stop. The report then says that it is partial.
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
