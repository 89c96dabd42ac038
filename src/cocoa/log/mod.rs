//! The logs of exposure checks that phones and the app export. The content tells which log it is.

mod distinct;
mod hash;
mod languages;
mod timestamp;

use serde_json::Value;

pub use distinct::{DistinctMatches, MatchedHash};
pub use hash::LoggedHash;
pub use timestamp::{CheckTime, TimeReading};

use super::error::DocumentError;
use super::exposure_data::ExposureData;
use super::json::{self, Node};
use crate::names::named;

/// A log of any kind.
///
/// ```
/// use gaen::cocoa::{ExposureLog, LogFormat};
///
/// let log = ExposureLog::read(
///     br#"{"Hash":"2E363DA3EFBF64A65C5DAAE8A5525FD43F7D53B733923E23A61C715EB2879217","MatchCount":1,"KeyCount":7,
///          "AppBundleIdentifier":"jp.go.mhlw.covid19radar","Timestamp":"2020-09-06 00:21:25 +0900"}"#,
/// )?;
/// assert_eq!(log.format, LogFormat::Entry);
/// assert_eq!((log.entries[0].keys, log.entries[0].matches), (Some(7), Some(1)));
/// // When the phone checked the file. When the contact was, the log does not say.
/// assert_eq!(log.entries[0].checked.as_ref().and_then(|time| time.checked_at()), Some(1_599_319_285));
/// # Ok::<(), gaen::cocoa::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExposureLog {
    /// The kind of the log.
    pub format: LogFormat,
    /// The build of the phone's system (iOS).
    pub build: Option<String>,
    /// The kind of phone (iOS).
    pub device: Option<String>,
    /// How many checks the log has. A check is a call of the app, if the log groups files by calls.
    pub checks: usize,
    /// One entry for each hash, with what the phone found for it, in the order of the log.
    pub entries: Vec<LogEntry>,
    /// The app's own record, which has no checks. `None` unless the format is [`LogFormat::CocoaExposureData`].
    pub exposure_data: Option<ExposureData>,
}

/// The kinds of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LogFormat {
    /// iOS 13.5 and 13.6, `ExportVersion` 1: one entry a file.
    IosV1,
    /// iOS 13.7 and later, `ExportVersion` 2: one entry a check, with its files.
    IosV2,
    /// Android's `all-exposure-checks.json`: one entry a call, with one hash over all its files.
    Android,
    /// COCOA's `exposure_data.json`, or one of its two lists.
    CocoaExposureData,
    /// A single entry of an iOS log.
    Entry,
}

named! {
    LogFormat, "log format":
    IosV1 => "ios_v1",
    IosV2 => "ios_v2",
    Android => "android",
    CocoaExposureData => "cocoa_exposure_data",
    Entry => "entry",
}

/// One hash of a log, with what the phone found for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// The place of the entry in the document, such as `ExposureChecks[2].Files[0]`.
    pub place: String,
    /// When the phone **checked** the file, not when a contact was.
    pub checked: Option<CheckTime>,
    /// The hash of the file or call that was checked.
    pub hash: LoggedHash,
    /// How many keys were checked. `None` if the log does not say.
    pub keys: Option<u64>,
    /// How many keys matched. **`None` is unknown, not 0**: iOS omits the number for apps of EN v2.
    pub matches: Option<u64>,
    /// The app that asked for the check: its identifier on iOS, its name on Android.
    pub app: Option<String>,
}

impl LogEntry {
    /// `true` if the app is COCOA, by its identifier on iOS or one of its names on Android.
    #[must_use]
    pub fn is_of_cocoa(&self) -> bool {
        self.app.as_deref().is_some_and(|app| {
            app == "jp.go.mhlw.covid19radar"
                || ["COCOA", "COVID-19 Contact App", "接触確認アプリ"].iter().any(|name| app.contains(name))
        })
    }

    /// `true` if the entry says 0 keys in the log of Android. Some builds of Google Play services wrote 0 for checks of
    /// full files. The number of matches is then as uncertain.
    #[must_use]
    pub fn counts_may_be_wrong(&self) -> bool {
        self.hash.of == HashOf::Call && self.keys == Some(0)
    }
}

/// The bytes over which a hash of a log is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashOf {
    /// One file's `export.bin`.
    File,
    /// The `export.bin` of all files of a call, one after the other.
    Call,
}

impl ExposureLog {
    /// `true` if an entry has one hash over all files of a call. Such files are found by
    /// [`FileIndexBuilder::with_calls`](super::FileIndexBuilder::with_calls).
    #[must_use]
    pub fn has_calls(&self) -> bool {
        self.entries.iter().any(|entry| entry.hash.of == HashOf::Call)
    }

    /// Reads a log of any kind, and ignores unknown fields. It also reads the `Files` or a single entry of an iOS log,
    /// and one of the lists of COCOA's record.
    ///
    /// # Errors
    /// [`DocumentError`] if the document is no log, if a value in it is of the wrong kind, or if it is over
    /// [`MAX_DOCUMENT_BYTES`](super::MAX_DOCUMENT_BYTES).
    pub fn read(document: &[u8]) -> Result<Self, DocumentError> {
        let value = json::document(document)?;
        let root = Node::root(&value);
        let unknown = || DocumentError::UnknownShape { found: json::shown(&value) };
        if !root.is_array() {
            return match () {
                () if root.has("ExposureChecks") => Self::ios(&root),
                () if root.has("Files") => Ok(Self::of_entries(LogFormat::IosV2, 1, files(&root)?)),
                () if root.has("exposure_windows") || root.has("daily_summaries") => {
                    ExposureData::of(root).map(Self::of_data)
                }
                () if root.has("Hash") => Ok(Self::of_entries(LogFormat::Entry, 1, vec![file(&root, None)?])),
                () if root.has("hash") => Ok(Self::of_entries(LogFormat::Android, 1, vec![call(&root)?])),
                () => Err(unknown()),
            };
        }
        let first = value.get(0);
        let has = |name| first.is_none_or(|first: &Value| first.get(name).is_some());
        match () {
            // An empty array, too: what Android exports where nothing was checked.
            () if has("hash") => {
                let calls = root.items()?.map(|node| call(&node)).collect::<Result<Vec<_>, _>>()?;
                Ok(Self::of_entries(LogFormat::Android, calls.len(), calls))
            }
            () if has("Hash") || has("Files") => Self::checks(&root),
            () if has("ScanInstances") => ExposureData::of_windows(root).map(Self::of_data),
            () if has("DaySummary") => ExposureData::of_summaries(root).map(Self::of_data),
            () => Err(unknown()),
        }
    }

    /// A whole log of iOS.
    fn ios(root: &Node<'_>) -> Result<Self, DocumentError> {
        let log = Self::checks(&root.needed("ExposureChecks")?)?;
        let empty_v1 = log.entries.is_empty()
            && root.field("ExportVersion").is_some_and(|version| version.count().is_ok_and(|version| version == 1));
        Ok(Self {
            format: if empty_v1 { LogFormat::IosV1 } else { log.format },
            build: root.optional("Build", |node| node.label())?,
            device: root.optional("DeviceProductType", |node| node.label())?,
            ..log
        })
    }

    /// What stands in `ExposureChecks` or `Files`: checks with files, or files.
    fn checks(list: &Node<'_>) -> Result<Self, DocumentError> {
        let (mut entries, mut checks, mut v1) = (Vec::new(), 0_usize, false);
        for item in list.items()? {
            checks = checks.saturating_add(1);
            if item.has("Files") {
                entries.extend(files(&item)?);
            } else {
                v1 |= item.has("RandomIDCount") || item.has("DataSource");
                entries.push(file(&item, None)?);
            }
        }
        Ok(Self::of_entries(if v1 { LogFormat::IosV1 } else { LogFormat::IosV2 }, checks, entries))
    }

    fn of_entries(format: LogFormat, checks: usize, entries: Vec<LogEntry>) -> Self {
        Self { format, build: None, device: None, checks, entries, exposure_data: None }
    }

    fn of_data(data: ExposureData) -> Self {
        Self { exposure_data: Some(data), ..Self::of_entries(LogFormat::CocoaExposureData, 0, Vec::new()) }
    }
}

/// The files of one check of iOS.
fn files(check: &Node<'_>) -> Result<Vec<LogEntry>, DocumentError> {
    check.list("Files", |node| file(&node, Some(check)))
}

/// One file of iOS, in either version. What it does not say itself, its check may.
fn file(node: &Node<'_>, check: Option<&Node<'_>>) -> Result<LogEntry, DocumentError> {
    let label = |name| match node.optional(name, |node| node.label())? {
        None => check.map_or(Ok(None), |check| check.optional(name, |node| node.label())),
        own => Ok(own),
    };
    let count = |name| node.optional(name, |node| node.count());
    let app = label("AppBundleIdentifier")?;
    let keys = count("KeyCount")?;
    Ok(LogEntry {
        place: node.path(),
        checked: label("Timestamp")?.map(CheckTime::new),
        hash: LoggedHash::new(node.needed("Hash")?.text()?, HashOf::File),
        keys: if keys.is_some() { keys } else { count("RandomIDCount")? },
        matches: count("MatchCount")?,
        app: if app.is_some() { app } else { label("DataSource")? },
    })
}

/// One call of Android.
fn call(node: &Node<'_>) -> Result<LogEntry, DocumentError> {
    Ok(LogEntry {
        place: node.path(),
        checked: node.optional("timestamp", |node| node.label())?.map(CheckTime::new),
        hash: LoggedHash::new(node.needed("hash")?.text()?, HashOf::Call),
        keys: node.optional("keyCount", |node| node.count())?,
        matches: node.optional("matchesCount", |node| node.count())?,
        app: node.optional("appName", |node| node.label())?,
    })
}
