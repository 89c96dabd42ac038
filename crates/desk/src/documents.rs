//! The documents, as the command prints them, and the report.

use std::str::FromStr;

use gaen::Profile;
use gaen::cocoa::{ExposureLog, FileIndexBuilder};
use gaen::export::{ReadOptions, inspect};
use gaen::lint::{InspectedFile, LintOptions};
use gaen::time::{UtcDay, UtcOffset};
use gaen_app::{Choice, Observer, json};
use gaen_report::Language;
use gaen_report::document::Files;
use gaen_report::exposures::ExposuresDocument;
use gaen_report::inspect::Inspection;
use gaen_report::judge::JudgeDocument;
use gaen_report::lint::LintDocument;
use gaen_report::log::{FilesInHand, LogDocument, Options};
use gaen_report::matching::MatchDocument;
use gaen_report::page::{ReportInput, render};
use gaen_report::read::{self, ReadError, WindowFile};

use crate::content::Content;
use crate::desk::Desk;
use crate::error::Error;
use crate::item::Item;
use crate::settings::{RuleChoice, Settings};
use crate::words;

/// The most bytes of inflated files that are held to find Android's calls of several files. The command holds 1 GiB; a
/// document says if some files were left out.
const MOST_CALL_BYTES: usize = 128 << 20;

/// A document that the command prints with `--json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// Which sightings are of published keys: `gaen match`.
    Match,
    /// Windows, days, scores and the verdict: `gaen exposures`.
    Exposures,
    /// Why: `gaen explain`; with `--redacted`, unless the settings ask for everything.
    Explain,
    /// What a log of exposure checks says: `gaen log`.
    Log,
    /// What rules say of exposure windows: `gaen judge`.
    Judge,
    /// What export files are made of: `gaen inspect`.
    Inspect,
    /// Likely faults in a configuration and in export files: `gaen lint`.
    Lint,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Match, Self::Exposures, Self::Explain, Self::Log, Self::Judge, Self::Inspect, Self::Lint];

    /// The name of the kind, which is that of the command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Exposures => "exposures",
            Self::Explain => "explain",
            Self::Log => "log",
            Self::Judge => "judge",
            Self::Inspect => "inspect",
            Self::Lint => "lint",
        }
    }
}

/// Reads the name.
impl FromStr for DocumentKind {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let names = Self::ALL.map(Self::name).join(", ");
        let unknown = || Error::new("unknown_document", format!("there is no document {name:?}: there are {names}"));
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(unknown)
    }
}

impl Desk {
    /// Writes a document as the command prints it for the same files, byte for byte. `id` is the file that it is about:
    /// the log, the windows, the configuration, or the one export file; with `None` it is the first, or for `inspect`
    /// all.
    ///
    /// `observer` is told how far a search is. Where the same files were searched before, none is needed.
    ///
    /// # Errors
    /// [`Error`], with a code; `missing` if the desk lacks something that the document needs.
    pub fn document(
        &mut self,
        kind: DocumentKind,
        settings: &Settings,
        id: Option<u32>,
        observer: &mut impl Observer,
    ) -> Result<String, Error> {
        let written = self.written(kind, settings, id, None, observer);
        written.map_err(|error| error.told_in(settings.language))
    }

    /// Writes a document for a page to show. It has the fields of [`document`](Self::document), and sentences in the
    /// language of the settings: lints, problems of files, and reasons of days and verdicts. What the command says of
    /// its options is said of dropping files.
    ///
    /// ```
    /// use gaen_desk::{Desk, DocumentKind, NoObserver, Settings};
    ///
    /// let mut desk = Desk::new();
    /// desk.add("day-1.zip", std::fs::read("../../demo/day-1.zip")?)?;
    /// let settings = Settings::read(r#"{"language": "ja"}"#)?;
    /// let lints = desk.shown(DocumentKind::Lint, &settings, None, &mut NoObserver)?;
    /// assert!(lints.contains("診断キーが少なく"), "{lints}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`document`](Self::document).
    pub fn shown(
        &mut self,
        kind: DocumentKind,
        settings: &Settings,
        id: Option<u32>,
        observer: &mut impl Observer,
    ) -> Result<String, Error> {
        let written = self.written(kind, settings, id, Some(settings.language), observer);
        written.map_err(|error| error.told_in(settings.language))
    }

    /// `page` is the language of the page that shows the document. `None` writes the command's.
    fn written(
        &mut self,
        kind: DocumentKind,
        settings: &Settings,
        id: Option<u32>,
        page: Option<Language>,
        observer: &mut impl Observer,
    ) -> Result<String, Error> {
        let profile = settings.profile.unwrap_or_default();
        match kind {
            DocumentKind::Match => {
                let document = self.search(settings, observer)?.matches_document();
                Ok(json(&told(document, page, MatchDocument::told_in))?)
            }
            DocumentKind::Exposures => {
                let (judging, now) = (self.first_judging(settings, profile)?, self.now(settings)?);
                Ok(self.search(settings, observer)?.exposures_json(&judging.into(), now, false)?)
            }
            DocumentKind::Explain => {
                let (judging, now) = (self.first_judging(settings, profile)?, self.now(settings)?);
                let choice = Choice { redacted: !settings.full, ..Choice::default() };
                Ok(self.search(settings, observer)?.explanation_json(&judging.into(), now, &choice)?)
            }
            DocumentKind::Log => self.log(settings, id, page),
            DocumentKind::Judge => {
                let document = self.judge(settings, id, observer)?;
                Ok(json(&told(document, page, JudgeDocument::told_in))?)
            }
            DocumentKind::Inspect => self.inspect(settings, id, page),
            DocumentKind::Lint => {
                let document = self.lint(settings, id)?;
                Ok(json(&told(document, page, LintDocument::told_in))?)
            }
        }
    }

    /// Writes the page of `gaen report` for the same files, byte for byte. It opens in the language of the settings.
    ///
    /// # Errors
    /// Those of [`document`](Self::document).
    pub fn report(&mut self, settings: &Settings, observer: &mut impl Observer) -> Result<String, Error> {
        self.report_page(settings, observer).map_err(|error| error.told_in(settings.language))
    }

    fn report_page(&mut self, settings: &Settings, observer: &mut impl Observer) -> Result<String, Error> {
        let profile = settings.profile.unwrap_or_default();
        let (judging, now) = (self.first_judging(settings, profile)?, self.now(settings)?);
        let heard_on = self.heard_on();
        let findings = self.search(settings, observer)?.findings();
        let explanation = findings.explain(&judging.configuration, now, true);
        // A file's name says more than its reader may want to tell.
        let (explanation, name) = match settings.full {
            true => (explanation, Some(judging.name)),
            false => (explanation.redacted(), Some(judging.name).filter(|_| judging.is_built_in)),
        };
        let languages = match settings.language {
            Language::English => [Language::English, Language::Japanese],
            Language::Japanese => [Language::Japanese, Language::English],
        };
        Ok(render(&ReportInput {
            title: None,
            explanation: &explanation,
            configuration: &judging.configuration,
            configuration_name: name.as_deref(),
            now,
            offset: settings.utc_offset.unwrap_or(UtcOffset::JST),
            files: &findings.files,
            heard_on: &heard_on,
            languages: &languages,
        }))
    }

    /// The file of this number if it is of the kind, or the first of the kind.
    fn chosen(&self, id: Option<u32>, is_wanted: impl Fn(&Content) -> bool) -> Result<Option<&Item>, Error> {
        let Some(id) = id else { return Ok(self.items.iter().find(|item| is_wanted(&item.content))) };
        let item = self.item(id)?;
        match is_wanted(&item.content) {
            true => Ok(Some(item)),
            false => Err(Error::new("no_such_item", format!("{} is of another kind", item.name))),
        }
    }

    fn log(&self, settings: &Settings, id: Option<u32>, page: Option<Language>) -> Result<String, Error> {
        let missing = || Error::new("missing", words::no_log(settings.language));
        let item = self.chosen(id, |content| matches!(content, Content::Log(_)))?.ok_or_else(missing)?;
        let log = match &item.content {
            Content::Log(Ok(log)) => log,
            Content::Log(Err(error)) => return Err(Error::new(error.code(), format!("{}: {error}", item.name))),
            _ => return Err(missing()),
        };
        let files = self.files_in_hand(log);
        let (utc_offset, language) = (settings.utc_offset, settings.language);
        let options = Options { utc_offset, language, on_a_page: page.is_some() };
        let mut document = LogDocument::new(log, files.as_ref(), options);
        if !settings.rules.is_empty() && log.exposure_data.is_some() {
            document = document.judged(self.judged(item, settings)?);
        }
        Ok(json(&document)?)
    }

    /// The export files, by the hashes that a log may have for them; `None` without any.
    fn files_in_hand(&self, log: &ExposureLog) -> Option<FilesInHand> {
        let mut builder = match log.has_calls() {
            true => FileIndexBuilder::with_calls_within(MOST_CALL_BYTES),
            false => FileIndexBuilder::new(),
        };
        let (mut failed, mut any) = (Vec::new(), false);
        for item in self.items.iter().filter(|item| item.content.is_searched()) {
            any = true;
            let added = builder.add(&item.name, &item.file, &ReadOptions::default());
            failed.extend(added.err().map(|error| (item.name.clone(), error)));
        }
        any.then(|| FilesInHand { index: builder.build(), failed })
    }

    fn judge(
        &mut self,
        settings: &Settings,
        id: Option<u32>,
        observer: &mut impl Observer,
    ) -> Result<JudgeDocument, Error> {
        let is_windows = |content: &Content| matches!(content, Content::Windows(_));
        let of_a_file = match id {
            Some(_) => self.chosen(id, |content| is_windows(content) || content.is_record())?,
            None => self.chosen(None, is_windows)?.or(self.chosen(None, Content::is_record)?),
        };
        if let Some(item) = of_a_file {
            return self.judged(item, settings);
        }
        if !self.missing_for_a_search(settings).is_empty() {
            return Err(Error::new("missing", words::no_windows(settings.language)));
        }
        // The windows of the matches, as the command writes and reads them.
        let profile = settings.profile.unwrap_or_default();
        let (judging, now) = (self.first_judging(settings, profile)?, self.now(settings)?);
        let findings = self.search(settings, observer)?.findings();
        let document = ExposuresDocument::new(findings, &judging.configuration, judging.name, now, None);
        let (name, file) = ("windows", json(&document.windows())?);
        self.judged_windows(name, file.as_bytes(), settings)
    }

    /// What the rules say of the windows of a file.
    fn judged(&self, item: &Item, settings: &Settings) -> Result<JudgeDocument, Error> {
        self.judged_windows(&item.name, &item.file, settings)
    }

    fn judged_windows(&self, name: &str, file: &[u8], settings: &Settings) -> Result<JudgeDocument, Error> {
        let wrong = |error: ReadError| Error::new("windows", error.to_string());
        let read = |today| read::windows(name, file, today);
        let given = settings.now.map(UtcDay::from_unix_seconds);
        let (windows, today) = match read(given) {
            // The file counts back from a day that nobody has given.
            Err(ReadError::NoToday { .. }) => {
                let today = UtcDay::from_unix_seconds(self.now(settings)?);
                (read(Some(today)).map_err(wrong)?, Some(today))
            }
            windows => (windows.map_err(wrong)?, given),
        };
        let no_day = || Error::new("missing", words::no_day(settings.language, name));
        let today = today.or_else(|| WindowFile::today(&windows)).ok_or_else(no_day)?;
        Ok(JudgeDocument::new(&windows, &self.all_named(settings)?, today))
    }

    fn inspect(&self, settings: &Settings, id: Option<u32>, page: Option<Language>) -> Result<String, Error> {
        let one = self.chosen(id, Content::is_searched)?;
        let missing = || Error::new("missing", words::no_export(settings.language));
        let one = one.ok_or_else(missing)?;
        let options = ReadOptions { profile: settings.profile.unwrap_or_default(), ..ReadOptions::default() };
        let inspected = self.items.iter().filter(|item| match id {
            Some(_) => item.id == one.id,
            None => item.content.is_searched(),
        });
        let inspection = |item: &Item| {
            let report = inspect(&item.file, &options);
            told(Inspection { path: item.name.clone(), report, lists: None }, page, Inspection::told_in)
        };
        Ok(json(&Files { files: inspected.map(inspection).collect() })?)
    }

    fn lint(&self, settings: &Settings, id: Option<u32>) -> Result<LintDocument, Error> {
        let mut choice = self.choices(settings).into_iter().next().unwrap_or_default();
        if let Some(id) = id {
            choice = RuleChoice { item: Some(self.configuration(id)?.id), preset: None, rule: None };
        }
        let is_given = choice != RuleChoice::default();
        let mut configurations = Vec::new();
        for profile in [Profile::Google, Profile::AppleV1] {
            match is_given.then(|| self.judging(&choice, profile)).transpose() {
                Ok(judging) => configurations.push((profile, judging.map(|judging| judging.configuration))),
                // A configuration for one platform is linted as that platform reads it.
                Err(error) if profile == Profile::AppleV1 && configurations.is_empty() => return Err(error),
                Err(_) => {}
            }
        }
        let options = ReadOptions::default();
        let files = self.items.iter().filter(|item| item.content.is_searched());
        let inspected = |item: &Item| InspectedFile { name: item.name.clone(), report: inspect(&item.file, &options) };
        let files: Vec<_> = files.map(inspected).collect();
        if files.is_empty() && !is_given {
            return Err(Error::new("missing", words::nothing_to_lint(settings.language)));
        }
        Ok(LintDocument::new(&configurations, &files, &LintOptions::default()))
    }
}

/// A document as a page tells it, or as it is.
fn told<D>(document: D, page: Option<Language>, told_in: fn(D, Language) -> D) -> D {
    match page {
        Some(language) => told_in(document, language),
        None => document,
    }
}
