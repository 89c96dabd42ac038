//! The desk: files in memory, and what a search of them found.

use bytes::Bytes;
use gaen::Profile;
use gaen::matching::Helpers;
use gaen_app::Report;
use gaen_report::text::grouped;

use crate::content::Content;
use crate::error::Error;
use crate::item::Item;
use crate::recognise;

/// The most bytes of all files on a desk together: 256 MiB.
pub const MOST_BYTES: usize = 256 << 20;

/// Files that somebody dropped, what each is, and the documents that follow from them.
#[derive(Debug, Default)]
pub struct Desk {
    pub(crate) items: Vec<Item>,
    last_id: u32,
    /// The last search, so that documents of the same findings search once.
    pub(crate) found: Option<(SearchKey, Report)>,
    pub(crate) helpers: Option<Box<dyn Helpers>>,
}

/// What a search depends on besides the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SearchKey {
    pub(crate) profile: Profile,
    pub(crate) verify: bool,
}

impl Desk {
    /// An empty desk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on, searches have helpers elsewhere, such as other workers of a page. Documents stay the same.
    pub fn helped_by(&mut self, helpers: impl Helpers + 'static) {
        self.helpers = Some(Box::new(helpers));
    }

    /// Puts a file on the desk, and returns the number by which it is called. `name` is what documents and errors call
    /// it.
    ///
    /// ```
    /// use gaen_desk::{Desk, Settings};
    ///
    /// let mut desk = Desk::new();
    /// let id = desk.add("anything", std::fs::read("../../demo/day-1.zip")?)?;
    /// let overview = desk.overview(&Settings::default());
    /// assert_eq!((overview.items[0].id, overview.items[0].kind), (id, "export_zip"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `desk_full` if all files together would be over [`MOST_BYTES`]. A broken or unknown file is no error: the
    /// overview says what it is.
    pub fn add(&mut self, name: impl Into<String>, file: Vec<u8>) -> Result<u32, Error> {
        let held = self.items.iter().fold(file.len(), |sum, item| sum.saturating_add(item.size));
        if held > MOST_BYTES {
            let (held, most) = (grouped(held), grouped(MOST_BYTES));
            let message = format!("with this file the desk would hold {held} bytes, over the limit of {most}");
            return Err(Error::new("desk_full", message));
        }
        let full = || Error::new("desk_full", "no further number for a file is left");
        self.last_id = self.last_id.checked_add(1).ok_or_else(full)?;
        let (name, size, file) = (name.into(), file.len(), Bytes::from(file));
        let content = recognise::content(&name, &file);
        let is_held = !content.is_private() && !matches!(content, Content::Sightings(_));
        let file = if is_held { file } else { Bytes::new() };
        self.items.push(Item { id: self.last_id, name, size, file, content, checked: None });
        self.found = None;
        Ok(self.last_id)
    }

    /// Takes a file off the desk. `false` if none has this number.
    pub fn remove(&mut self, id: u32) -> bool {
        let before = self.items.len();
        self.items.retain(|item| item.id != id);
        self.found = None;
        self.items.len() < before
    }

    /// The file of this number.
    pub(crate) fn item(&self, id: u32) -> Result<&Item, Error> {
        let missing = || Error::new("no_such_item", format!("no file on the desk has the number {id}"));
        self.items.iter().find(|item| item.id == id).ok_or_else(missing)
    }

    /// An earlier file with the same content.
    pub(crate) fn twin(&self, item: &Item) -> Option<&Item> {
        let earlier = self.items.iter().take_while(|other| other.id != item.id);
        earlier.filter(|other| other.size == item.size).find(|other| match (&other.content, &item.content) {
            (Content::Sightings(Ok(other)), Content::Sightings(Ok(own))) => own == other,
            _ => !item.file.is_empty() && other.file == item.file,
        })
    }
}
