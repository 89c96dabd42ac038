//! `list.json`: the list of the files on COCOA's server.

use super::error::DocumentError;
use super::json::{self, Node};
use crate::time::{RETENTION_DAYS, UtcDay};

/// One file on the server.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ListEntry {
    /// The region, such as `440`.
    pub region: String,
    /// The address of the file, as the list says. Anyone may have written it.
    pub url: String,
    /// When the server made the file: Unix time in **milliseconds**.
    #[serde(rename = "created")]
    pub created_millis: u64,
}

impl ListEntry {
    /// Returns the number of the file: `366` of `.../440/366.zip`. The server numbers files as it makes them.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        let name = self.url.rsplit('/').next()?;
        name.strip_suffix(".zip")?.parse().ok()
    }
}

/// `<region>/list.json`, with its entries in their order there.
///
/// Source: COCOA's client, which reads `region`, `url` and `created`.
///
/// ```
/// use gaen::cocoa::ExportList;
///
/// let list = ExportList::read(br#"[{"region":"440","url":"https://example.org/440/1.zip","created":1597676425134}]"#)?;
/// assert_eq!(list.newer_than(0).count(), 1);
/// assert_eq!(list.newer_than(1_597_676_425_134).count(), 0);
/// # Ok::<(), gaen::cocoa::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportList {
    /// The entries of the list.
    pub entries: Vec<ListEntry>,
}

impl ExportList {
    /// For how many days a file stays in the list after the end of its keys.
    pub const DAYS: u64 = RETENTION_DAYS;

    /// Reads a list, and ignores other fields.
    ///
    /// # Errors
    /// [`DocumentError`] if the list is no array of such entries, or over
    /// [`MAX_DOCUMENT_BYTES`](super::MAX_DOCUMENT_BYTES).
    pub fn read(document: &[u8]) -> Result<Self, DocumentError> {
        let value = json::document(document)?;
        let entry = |node: Node<'_>| {
            Ok(ListEntry {
                region: node.needed("region")?.label()?,
                url: node.needed("url")?.text()?.to_owned(),
                created_millis: node.needed("created")?.count()?,
            })
        };
        Ok(Self { entries: Node::root(&value).items()?.map(entry).collect::<Result<_, _>>()? })
    }

    /// Returns the files that are newer than the last processed one, as COCOA's client chose them.
    ///
    /// COCOA moved its mark when it had downloaded a file. If the processing then failed, the file was lost for ever.
    /// Move your mark after you have matched the file.
    pub fn newer_than(&self, last_processed_millis: u64) -> impl Iterator<Item = &ListEntry> {
        self.entries.iter().filter(move |entry| entry.created_millis > last_processed_millis)
    }

    /// `true` if the server still lists a file with this `end_timestamp` at this moment, both in Unix seconds. A file
    /// leaves the list when its end is more than 14 days before the last midnight UTC.
    #[must_use]
    pub fn still_lists(end_timestamp: u64, now: u64) -> bool {
        let oldest = UtcDay::from_unix_seconds(now).checked_sub(Self::DAYS).map_or(0, UtcDay::start);
        end_timestamp >= oldest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[
        {"region":"440","url":"https:\/\/example.org\/c19r\/440\/118.zip","created":1597676425134},
        {"region":440,"url":"https://example.org/c19r/440/119.zip?x","created":1597762825000,"note":1}]"#;

    #[test]
    fn a_list_is_read() {
        let list = ExportList::read(LIST.as_bytes()).unwrap();
        assert_eq!(list.entries[0].url, "https://example.org/c19r/440/118.zip");
        assert_eq!(list.entries.iter().map(ListEntry::number).collect::<Vec<_>>(), [Some(118), None]);
        let newer: Vec<_> = list.newer_than(1_597_676_425_134).map(|entry| entry.created_millis).collect();
        assert_eq!(newer, [1_597_762_825_000]);
        assert_eq!(ExportList::read(b"[]").unwrap().entries, []);
    }

    #[test]
    fn what_is_no_list() {
        for (text, error) in [
            ("{}", "the document is an object with nothing in it: expected an array"),
            ("[1]", "[0] has no region"),
            (r#"[{"region":"440","url":"x","created":1},{"region":"440","created":1}]"#, "[1] has no url"),
            (r#"[{"region":"440","url":"x","created":-1}]"#, "[0].created is -1: expected a whole number, 0 or more"),
            (r#"[{"region":"440","url":7,"created":1}]"#, "[0].url is 7: expected a text"),
        ] {
            assert_eq!(ExportList::read(text.as_bytes()).unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn files_leave_the_list_at_midnight() {
        let end = "2020-08-21".parse::<UtcDay>().unwrap().start();
        let now = |text: &str, seconds: u64| text.parse::<UtcDay>().unwrap().start() + seconds;
        assert!(ExportList::still_lists(end, now("2020-09-04", 0)));
        assert!(ExportList::still_lists(end, now("2020-09-04", 86_399)));
        assert!(!ExportList::still_lists(end, now("2020-09-05", 0)));
        assert!(ExportList::still_lists(0, 0));
    }
}
