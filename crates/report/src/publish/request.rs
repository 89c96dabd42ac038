//! What a device is about to send.

use std::io::{self, Write};

use gaen::publish::{ExposureKey, HeldKey, KeyMac, Release};
use serde::Serialize;

use super::check::HeldRow;
use crate::document::Document;
use crate::text::style::GOOD;
use crate::text::{counted, printable};

/// The HMAC of keys, to be certified.
#[derive(Debug, Serialize)]
pub struct HmacDocument {
    keys: usize,
    tekmac: String,
    held: Vec<HeldRow>,
}

impl HmacDocument {
    /// The HMAC of these keys. `held` are the keys that a ring does not let go.
    #[must_use]
    pub fn new(keys: &[ExposureKey], mac: &KeyMac, held: &[HeldKey]) -> Self {
        Self { keys: keys.len(), tekmac: mac.to_base64(), held: held.iter().map(HeldRow::from).collect() }
    }
}

impl Document for HmacDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        self.held.iter().try_for_each(|held| held.print(out))?;
        writeln!(out, "tekmac    {}  of {}", self.tekmac, counted(self.keys, "key"))
    }
}

/// The certificate of an HMAC.
#[derive(Debug, Serialize)]
pub struct CertifyDocument {
    /// The certificate.
    pub certificate: String,
    /// The first Unix second at which it is not valid any more.
    pub expires_at: u64,
}

impl Document for CertifyDocument {
    /// The certificate alone, for a file.
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.certificate)
    }
}

/// A request that was written.
#[derive(Debug, Serialize)]
pub struct RequestDocument {
    path: String,
    size: usize,
    keys: usize,
    embargoed: usize,
    held: Vec<HeldRow>,
}

impl RequestDocument {
    /// The request at this path, of these keys, of what a ring let go.
    #[must_use]
    pub fn new(path: String, size: usize, keys: usize, release: &Release) -> Self {
        let held = release.held().iter().map(HeldRow::from).collect();
        Self { path, size, keys, embargoed: release.embargoed().len(), held }
    }
}

impl Document for RequestDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let (path, size) = (printable(&self.path), counted(self.size, "byte"));
        writeln!(out, "{GOOD}wrote{GOOD:#} {path}  {size}  (secret)")?;
        let keys = counted(self.keys, "key");
        writeln!(out, "      {keys}, {} of them within the embargo", self.embargoed)?;
        self.held.iter().try_for_each(|held| held.print(out))
    }
}
