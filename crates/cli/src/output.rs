//! What reaches the terminal: documents, errors and warnings.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;
use anstyle::Style;
use gaen_report::document::{self, Document};
use gaen_report::text::printable;
use gaen_report::text::style::{BAD, CAUTION};
use serde::Serialize;

use crate::error::Error;

/// Standard output, without styles in a pipe or where `NO_COLOR` is set.
pub(crate) fn stdout() -> BufWriter<AutoStream<StdoutLock<'static>>> {
    BufWriter::new(AutoStream::auto(io::stdout().lock()))
}

/// Writes a document to standard output as it is: nothing in it is taken for a style.
pub(crate) fn bytes(document: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(document)?;
    out.flush()
}

/// Tells standard error why the command failed.
pub(crate) fn complain(why: &str) {
    say(BAD, "error", why);
}

/// Tells standard error what the user should know.
pub(crate) fn warn(message: &str) {
    say(CAUTION, "warning", message);
}

/// Where standard error is closed there is nobody left to tell.
fn say(style: Style, what: &str, message: &str) {
    let _ = writeln!(anstream::stderr(), "{style}{what}:{style:#} {}", printable(message));
}

/// Writes a document: as JSON for `--json`, or as text.
pub(crate) fn document(out: &mut dyn Write, document: &impl Document, as_json: bool) -> Result<(), Error> {
    Ok(if as_json { document::json(out, document) } else { document.print(out) }?)
}

/// A document as JSON, for a file.
pub(crate) fn json_bytes(document: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    document::json(&mut bytes, document)?;
    Ok(bytes)
}

/// The one document of `--json`.
pub(crate) fn json(out: &mut dyn Write, document: &impl Serialize) -> Result<(), Error> {
    Ok(document::json(out, document)?)
}
