//! A reader for files that are read in one pass. The fuzz target `search` takes it too.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// A reader that gives a few bytes at a time, another number each time, and is interrupted now and then.
pub(crate) struct Halting<'f> {
    file: Cursor<&'f [u8]>,
    turn: usize,
}

impl<'f> Halting<'f> {
    /// `turn` varies how the reader halts.
    pub(crate) fn new(file: &'f [u8], turn: usize) -> Self {
        Self { file: Cursor::new(file), turn }
    }
}

impl Read for Halting<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        if self.turn.is_multiple_of(11) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let most = (self.turn * 37 % 5000 + 1).min(buf.len());
        self.file.read(&mut buf[..most])
    }
}

impl Seek for Halting<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
