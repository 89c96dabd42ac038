//! Files made to cost time or memory: each is as large as the [`Limits`] allow, or goes just beyond one of them.

use std::io::Cursor;
use std::iter::repeat_n;

use gaen::export::{
    ContainerRule, EXPORT_BIN, EXPORT_SIG, ExportError, HEADER, Limits, ReadOptions, UnverifiedExport, inspect,
};
use gaen::search::SearchOptions;
use gaen::time::RollingPeriod;
use gaen::{EnIntervalNumber, Matcher, RollingWindow, Sighting, SightingIndex, TemporaryExposureKey};

use crate::forged_zip::{Data, ForgedZip};

/// A file, and what is to become of it.
#[derive(Debug)]
pub struct Bomb {
    /// What it is.
    pub name: &'static str,
    /// Its bytes.
    pub file: Vec<u8>,
    /// How many bytes a reader without limits would get of it.
    pub inflates_to: u64,
    /// What [`Way::InMemory`] and [`Way::Inspect`] say of it.
    pub in_memory: Verdict,
    /// What [`Way::AddExport`] says of it.
    pub searched: Verdict,
}

/// What is said of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is within all limits.
    Ok,
    /// It is refused with this code, and these words in the error's text: the limit that it is beyond, if it is one.
    Refused(&'static str, &'static str),
}

/// A way to read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// [`UnverifiedExport`], which holds the file and its keys.
    InMemory,
    /// [`inspect`].
    Inspect,
    /// [`Search::add_export`](gaen::matching::Search::add_export), which does not.
    AddExport,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InMemory, Self::Inspect, Self::AddExport];

    /// Its name in a table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InMemory => "in memory",
            Self::Inspect => "`inspect`",
            Self::AddExport => "`add_export`",
        }
    }

    /// Reads a file in this way, without asking for a signature. The code and the text of its error.
    ///
    /// # Errors
    /// When it is refused.
    pub fn read(self, file: &[u8], limits: &Limits, index: &SightingIndex) -> Result<(), (&'static str, String)> {
        let options = ReadOptions { container: ContainerRule::Tolerant, limits: limits.clone(), ..Default::default() };
        let told = |error: ExportError| (error.code(), error.to_string());
        match self {
            Self::InMemory => UnverifiedExport::from_zip(file, &options)
                .and_then(|export| export.read_without_verifying())
                .map(drop)
                .map_err(told),
            Self::Inspect => {
                let report = inspect(file, &options);
                report.problem_code.zip(report.problem).map_or(Ok(()), Err)
            }
            Self::AddExport => Matcher::new(index)
                .search()
                .add_export(0, Cursor::new(file), &SearchOptions::unverified().reading(options))
                .map(drop)
                .map_err(told),
        }
    }
}

impl Bomb {
    /// What is to become of it when it is read in this way.
    #[must_use]
    pub const fn verdict(&self, way: Way) -> Verdict {
        match way {
            Way::InMemory | Way::Inspect => self.in_memory,
            Way::AddExport => self.searched,
        }
    }

    fn new(name: &'static str, file: Vec<u8>, inflates_to: u64, verdict: Verdict) -> Self {
        Self { name, file, inflates_to, in_memory: verdict, searched: verdict }
    }

    /// An export without signatures, of these pieces after the header.
    fn of<'p>(name: &'static str, pieces: impl IntoIterator<Item = &'p [u8]>, verdict: Verdict) -> Self {
        let export_bin = Data::deflated([&HEADER[..]].into_iter().chain(pieces));
        let inflates_to = export_bin.size;
        Self::new(name, export(&export_bin), inflates_to, verdict)
    }
}

/// All of them, for these limits, one after the other: some are large.
pub fn bombs(limits: &Limits) -> impl Iterator<Item = Bomb> {
    [
        much_too_long,
        signatures_much_too_long,
        longer_than_promised,
        shorter_than_promised,
        promise_of_2_to_the_64,
        shared_data,
        quoted_overlap,
        huge_directory,
        huge_file,
        open_groups,
        nested_messages,
        long_varint,
        long_varint_in_a_key,
        empty_keys,
        one_key_too_many,
        as_many_keys_as_allowed,
        other_values_in_every_key,
        one_heard_key,
        every_window_of_heard_keys,
        short_signatures,
        many_signatures,
        many_signature_infos,
        long_texts,
        long_key,
        long_region,
        short_unknown_fields,
        one_unknown_field,
    ]
    .into_iter()
    .map(|make: fn(&Limits) -> Bomb| make(limits))
}

/// When everybody was heard.
const INTERVAL: u32 = 2_659_300;

/// An index in which each key that is one byte sixteen times was heard once.
///
/// # Panics
/// Never: there are 256 sightings.
#[must_use]
pub fn heard() -> SightingIndex {
    let sightings = (0..=u8::MAX).map(|byte| {
        let (key, interval) = (TemporaryExposureKey::from_bytes([byte; 16]), EnIntervalNumber::new(INTERVAL));
        Sighting::new(key.identifier_key().identifier(interval), &[0; 4], -60, interval.unix_seconds())
    });
    SightingIndex::new(sightings.collect()).expect("few sightings")
}

/// A zip with this `export.bin` and no signatures.
fn export(export_bin: &Data) -> Vec<u8> {
    ForgedZip::default().with(EXPORT_BIN, export_bin).with(EXPORT_SIG, &Data::stored(Vec::new())).end()
}

/// A zip with an `export.bin` without keys and this `export.sig`.
fn signed_by(export_sig: &Data) -> Vec<u8> {
    ForgedZip::default().with(EXPORT_BIN, &Data::stored(HEADER.to_vec())).with(EXPORT_SIG, export_sig).end()
}

/// So many zeros, in pieces.
fn zeros<'z>(count: u64) -> impl Iterator<Item = &'z [u8]> {
    static PIECE: [u8; 1 << 16] = [0; 1 << 16];
    let whole = usize::try_from(count >> 16).expect("it fits into memory");
    let rest = (count & 0xffff) as usize;
    repeat_n(&PIECE[..], whole).chain([&PIECE[..rest]])
}

/// What there is room for after the header.
fn room(limits: &Limits) -> usize {
    usize::try_from(limits.export_bin_bytes).expect("it fits into memory") - HEADER.len()
}

/// A number in five bytes, whatever it is.
fn varint(value: u32) -> [u8; 5] {
    let group = |shift: u32| (value >> shift & 0x7f) as u8 | 0x80;
    [group(0), group(7), group(14), group(21), (value >> 28) as u8]
}

/// A field of bytes with a length in five bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("less than 4 GiB");
    [&[number << 3 | 2][..], &varint(length), bytes].concat()
}

fn much_too_long(limits: &Limits) -> Bomb {
    let verdict = Verdict::Refused("entry_too_large", "(export_bin_bytes)");
    Bomb::of(
        "`export.bin` inflates to four times its limit, by a factor of 1,000",
        zeros(4 * limits.export_bin_bytes),
        verdict,
    )
}

fn signatures_much_too_long(limits: &Limits) -> Bomb {
    let sig = Data::deflated(zeros(1024 * limits.export_sig_bytes));
    let verdict = Verdict::Refused("entry_too_large", "(export_sig_bytes)");
    Bomb::new("`export.sig` inflates to a thousand times its limit", signed_by(&sig), sig.size, verdict)
}

fn longer_than_promised(limits: &Limits) -> Bomb {
    let mut bin = Data::deflated([&HEADER[..]].into_iter().chain(zeros(4 * limits.export_bin_bytes)));
    let inflates_to = std::mem::replace(&mut bin.size, 20);
    let verdict = Verdict::Refused("zip_damaged", "larger than its declared");
    Bomb::new("the same with a promise of 20 bytes", export(&bin), inflates_to, verdict)
}

fn shorter_than_promised(limits: &Limits) -> Bomb {
    let mut bin = Data::deflated([&HEADER[..]]);
    bin.size = limits.export_bin_bytes;
    let verdict = Verdict::Refused("zip_damaged", "bytes, found 16");
    Bomb::new("16 bytes with a promise of as many as allowed", export(&bin), 16, verdict)
}

fn promise_of_2_to_the_64(_: &Limits) -> Bomb {
    let mut bin = Data::deflated([&HEADER[..]]);
    bin.size = u64::MAX;
    let verdict = Verdict::Refused("entry_too_large", "18446744073709551615 bytes");
    Bomb::new("16 bytes with a promise of 2^64 - 1 (zip64)", export(&bin), 16, verdict)
}

fn shared_data(limits: &Limits) -> Bomb {
    let data = Data::deflated([&HEADER[..]].into_iter().chain(zeros(limits.export_sig_bytes - 16)));
    let file = ForgedZip::default().with(EXPORT_BIN, &data).with_alias_of_the_first(EXPORT_SIG, &data).end();
    let verdict = Verdict::Refused("signature_list_malformed", "");
    Bomb::new("both entries are the same bytes of the zip", file, 2 * data.size, verdict)
}

/// How an unknown field begins that is as long as there is room for.
fn unknown_start(limits: &Limits) -> Vec<u8> {
    let length = u32::try_from(room(limits) - 6).expect("less than 4 GiB");
    [&[0x4a][..], &varint(length)].concat()
}

fn quoted_overlap(limits: &Limits) -> Bomb {
    let data = Data::deflated([&HEADER[..], &unknown_start(limits)].into_iter().chain(zeros(room(limits) as u64 - 6)));
    let quotes = limits.entries - 2;
    let zip = ForgedZip::default().with(EXPORT_SIG, &Data::stored(Vec::new())).with_quotes(quotes, EXPORT_BIN, &data);
    let inflates_to = data.size * (limits.entries as u64 - 1);
    Bomb::new(
        "entries that quote each other, all over the same data; two are read",
        zip.end(),
        inflates_to,
        Verdict::Ok,
    )
}

fn huge_directory(limits: &Limits) -> Bomb {
    /// Of a header with a name of four bytes.
    const BYTES: u64 = 50;
    const END: u64 = 200;
    let mut zip = ForgedZip::default();
    for number in 0..u32::try_from((limits.file_bytes - END) / BYTES).expect("a number of four bytes") {
        zip.list(&number.to_le_bytes(), &Data::stored(Vec::new()), 0);
    }
    // A zip begins with a local header.
    let file = [b"PK\x03\x04", &zip.end()[..]].concat();
    Bomb::new(
        "a directory of as many entries as there is room for",
        file,
        0,
        Verdict::Refused("too_many_entries", "(entries)"),
    )
}

fn huge_file(limits: &Limits) -> Bomb {
    let unknown = vec![0; usize::try_from(limits.file_bytes).expect("it fits into memory")];
    let data = Data::stored([&HEADER[..], &unknown].concat());
    let verdict = Verdict::Refused("file_too_large", "(file_bytes)");
    Bomb::new("a file that is too long as it is", export(&data), data.size, verdict)
}

fn open_groups(limits: &Limits) -> Bomb {
    let groups = vec![0x4b; room(limits)];
    let verdict = Verdict::Refused("protobuf_malformed", "recursion limit");
    Bomb::of("groups within groups, as many as there is room for", [&groups[..]], verdict)
}

fn nested_messages(limits: &Limits) -> Bomb {
    let room = u32::try_from(room(limits)).expect("less than 4 GiB");
    let mut messages = Vec::new();
    for depth in 1..=room / 6 {
        messages.push(0x4a);
        messages.extend(varint(room / 6 * 6 - 6 * depth));
    }
    Bomb::of("lengths within lengths, as many as there is room for", [&messages[..]], Verdict::Ok)
}

fn long_varint(_: &Limits) -> Bomb {
    let number = [&[0x20], &[0x80; 5_000][..], &[1]].concat();
    Bomb::of("a number of 5,000 bytes", [&number[..]], Verdict::Refused("protobuf_malformed", "invalid varint"))
}

fn long_varint_in_a_key(_: &Limits) -> Bomb {
    let key = field(7, &[&[0x20], &[0x80; 5_000][..], &[1]].concat());
    Bomb::of("a number of 5,000 bytes in a key", [&key[..]], Verdict::Refused("protobuf_malformed", "invalid varint"))
}

fn empty_keys(limits: &Limits) -> Bomb {
    let keys = [0x3a, 0].repeat(limits.keys);
    Bomb::of("as many keys as allowed, all empty and left out", [&keys[..]], Verdict::Ok)
}

fn one_key_too_many(limits: &Limits) -> Bomb {
    let keys = [0x3a, 0].repeat(room(limits) / 2);
    let verdict = Verdict::Refused("too_many_keys", "(keys)");
    Bomb::of("as many empty keys as there is room for", [&keys[..]], verdict)
}

/// A key field of this window, as short as one can be.
fn key(key_data: [u8; 16], window: RollingWindow) -> Vec<u8> {
    let [low, high, ..] = varint(window.period().as_u32());
    let start = varint(window.start().as_u32());
    [&[0x3a, 27, 0x0a, 16][..], &key_data, &[0x18], &start, &[0x20, low, high & 0x7f]].concat()
}

/// The windows that hold the interval: 10,440.
fn windows() -> impl Iterator<Item = RollingWindow> {
    (1..=144).flat_map(|period| {
        (0..period).map(move |before| {
            let period = RollingPeriod::new(period).expect("at most a day");
            RollingWindow::new(EnIntervalNumber::new(INTERVAL - before), period).expect("far from the last interval")
        })
    })
}

/// As many keys as there may be and is room for, each made of its number.
fn keys(limits: &Limits, key: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    let most = limits.keys.min(room(limits) / key(0).len());
    (0..u32::try_from(most).expect("less than 2^32 keys")).flat_map(key).collect()
}

fn as_many_keys_as_allowed(limits: &Limits) -> Bomb {
    let start = varint(INTERVAL - 144);
    // Five bytes are more than this number needs, so four are written.
    let start = [start[0], start[1], start[2], start[3] & 0x7f];
    let keys = keys(limits, |number| {
        let [a, b, c, d] = number.to_le_bytes();
        [&[0x3a, 23, 0x0a, 16, a, b, c, d][..], &[0xaa; 12], &[0x18], &start].concat()
    });
    Bomb::of("as many good keys as allowed, each another", [&keys[..]], Verdict::Ok)
}

fn other_values_in_every_key(limits: &Limits) -> Bomb {
    let keys = keys(limits, |number| {
        let numbers = [0x10, 0x18, 0x20, 0x28, 0x30].map(|tag| [&[tag][..], &varint(number)].concat()).concat();
        [&[0x3a, 36, 0x0a, 4][..], &number.to_le_bytes(), &numbers].concat()
    });
    Bomb::of("keys with other values in each field of each", [&keys[..]], Verdict::Ok)
}

fn one_heard_key(limits: &Limits) -> Bomb {
    let window = windows().last().expect("there are some");
    let keys = keys(limits, |_| key([7; 16], window));
    Bomb::of("one key that was heard, as often as allowed", [&keys[..]], Verdict::Ok)
}

fn every_window_of_heard_keys(limits: &Limits) -> Bomb {
    let number = u8::try_from(limits.candidates / windows().count() + 1).expect("few keys are enough");
    let keys: Vec<u8> =
        (0..number).flat_map(|byte| windows().flat_map(move |window| key([byte; 16], window))).collect();
    let searched = Verdict::Refused("too_many_candidates", "(candidates)");
    Bomb { searched, ..Bomb::of("a few keys that were heard, in every window there is", [&keys[..]], Verdict::Ok) }
}

fn short_signatures(limits: &Limits) -> Bomb {
    let most = usize::try_from(limits.export_sig_bytes).expect("it fits into memory") / 2;
    let sig = Data::deflated([&[0x0a, 0].repeat(most)[..]]);
    let verdict = Verdict::Refused("too_many_signatures", "(signatures)");
    Bomb::new("as many empty signatures as there is room for", signed_by(&sig), sig.size, verdict)
}

fn many_signatures(_: &Limits) -> Bomb {
    let sig = Data::deflated([&[0x0a, 0].repeat(100_000)[..]]);
    let verdict = Verdict::Refused("entry_too_large", "(export_sig_bytes)");
    Bomb::new("100,000 empty signatures", signed_by(&sig), sig.size, verdict)
}

fn many_signature_infos(_: &Limits) -> Bomb {
    let infos = [0x32, 0].repeat(100_000);
    let verdict = Verdict::Refused("too_many_signature_infos", "(signature_infos)");
    Bomb::of("100,000 empty signature infos", [&infos[..]], verdict)
}

fn long_texts(limits: &Limits) -> Bomb {
    // No byte of it is UTF-8: each becomes a character of three bytes.
    let info = field(6, &field(1, &vec![0xff; limits.field_bytes - 6]));
    let region = field(3, &vec![0xff; limits.field_bytes]);
    let infos = info.repeat(limits.signature_infos);
    let regions = region.repeat((room(limits) - infos.len()) / region.len());
    Bomb::of("the longest texts, in all signature infos and in many regions", [&infos[..], &regions], Verdict::Ok)
}

fn long_key(limits: &Limits) -> Bomb {
    let key = field(7, &field(1, &vec![7; limits.field_bytes]));
    let verdict = Verdict::Refused("field_too_long", "(field_bytes)");
    Bomb::of("a key that is too long", [&key[..]], verdict)
}

fn long_region(limits: &Limits) -> Bomb {
    let region = field(3, &vec![b'4'; room(limits) / 2]);
    let verdict = Verdict::Refused("field_too_long", "(field_bytes)");
    Bomb::of("a region of half of all bytes", [&region[..]], verdict)
}

fn short_unknown_fields(limits: &Limits) -> Bomb {
    let fields = [0x4a, 0].repeat(room(limits) / 2);
    Bomb::of("unknown fields, as many as there is room for", [&fields[..]], Verdict::Ok)
}

fn one_unknown_field(limits: &Limits) -> Bomb {
    let start = unknown_start(limits);
    let pieces = [&start[..]].into_iter().chain(zeros(room(limits) as u64 - 6));
    Bomb::of("one unknown field, as long as there is room for", pieces, Verdict::Ok)
}
