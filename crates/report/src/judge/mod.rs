//! What apps would have said of exposure windows, side by side.
//!
//! ```
//! use gaen::exposure::Preset;
//! use gaen_report::judge::{JudgeDocument, Named};
//! use gaen_report::document::Document;
//! use gaen_report::read;
//!
//! let json = r#"[{"date": "2022-01-16", "report_type": "confirmed_test", "infectiousness": "high", "scan_instances":
//!     [{"typical_attenuation": 58, "min_attenuation": 55, "seconds_since_last_scan": 1200}]}]"#;
//! let windows = read::windows("windows.json", json.as_bytes(), None)?;
//! let apps = [Preset::CwaAndroid, Preset::CocoaV2].map(|preset| Named::preset(preset, None));
//! let document = JudgeDocument::new(&windows, &apps, "2022-01-17".parse()?);
//! let mut text = Vec::new();
//! document.print(&mut text)?;
//! assert!(String::from_utf8(text)?.contains("cocoa-v2"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod previous;
mod print;
mod words;

pub use previous::{Previous, PreviousError};

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io::{self, Write};

use gaen::Profile;
use gaen::exposure::decision::{Judge, Judgement, Kept, WindowSet};
use gaen::exposure::{Configuration, NotJudged, Preset};
use gaen::time::UtcDay;
use serde::Serialize;

use crate::document::Document;
use crate::read::{MissingField, WindowCase, WindowFile, WindowForm};
use crate::{Language, page};

/// A configuration with a name to show.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name of a preset, or the path of a file.
    pub name: String,
    /// Where the app was used; `None` if nobody knows.
    pub place: Option<String>,
    /// The profile by which windows are made and summed up.
    pub profile: Profile,
    /// The configuration.
    pub configuration: Configuration,
}

impl Named {
    /// Takes a preset. With `None` the profile is that of its platform.
    #[must_use]
    pub fn preset(preset: Preset, profile: Option<Profile>) -> Self {
        let (profile, about) = (profile.unwrap_or_else(|| preset.profile()), preset.about());
        Self {
            name: preset.name().to_owned(),
            place: Some(about.place.to_owned()).filter(|_| !matches!(preset, Preset::Google | Preset::Apple)),
            profile,
            configuration: preset.configuration(profile),
        }
    }
}

/// What each configuration says of the windows of a file: serialised, it is the document of `gaen judge --json`.
#[derive(Debug, Serialize)]
pub struct JudgeDocument {
    form: Option<WindowForm>,
    today: UtcDay,
    passed_over: BTreeSet<String>,
    cases: Vec<Case>,
    #[serde(skip)]
    language: Language,
    #[serde(skip)]
    is_explained: bool,
    /// `true` if there were answers of before to compare with.
    #[serde(skip)]
    is_compared: bool,
}

#[derive(Debug, Serialize)]
struct Case {
    name: Option<String>,
    windows: usize,
    days: Vec<UtcDay>,
    repaired_dates: Vec<usize>,
    missing: Vec<MissingField>,
    answers: Vec<Answer>,
}

#[derive(Debug, Serialize)]
struct Answer {
    configuration: String,
    place: Option<String>,
    profile: Profile,
    #[serde(flatten)]
    judgement: Judgement,
    /// What the app keeps of its answer. `None` if a day could not be judged.
    kept: Option<Kept>,
    /// Why there is no verdict, as a reader is told it. `None` in a document for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<String>,
}

impl JudgeDocument {
    /// Judges the windows of a file under these configurations, each case by itself.
    ///
    /// `today` is the day of the judgement: old windows do not count. See [`WindowFile::today`].
    #[must_use]
    pub fn new(file: &WindowFile, configurations: &[Named], today: UtcDay) -> Self {
        let Ok(document) = Self::judged::<Infallible>(file, configurations, today, |_, _| Ok(None));
        document
    }

    /// Judges the windows of a file as [`new`](Self::new) does, and compares each answer with the answer of before, as
    /// the app did before it told its user.
    ///
    /// # Errors
    /// [`PreviousError`] if an answer of before is missing, or could not judge every day.
    pub fn compared(
        file: &WindowFile,
        configurations: &[Named],
        today: UtcDay,
        previous: &Previous,
    ) -> Result<Self, PreviousError> {
        previous.has_cases(file.cases.len())?;
        let document = Self::judged(file, configurations, today, |place, name| previous.kept(place, name).map(Some))?;
        Ok(Self { is_compared: true, ..document })
    }

    /// `before` has the answer of before, for the place of the case and the name of the configuration.
    fn judged<'k, E>(
        file: &WindowFile,
        configurations: &[Named],
        today: UtcDay,
        before: impl Fn(usize, &str) -> Result<Option<&'k Kept>, E>,
    ) -> Result<Self, E> {
        let judges: Vec<_> =
            configurations.iter().map(|named| (named, Judge::new(&named.configuration, named.profile))).collect();
        let case = |(place, case): (usize, &WindowCase)| {
            let windows = WindowSet::new(case.windows.iter().cloned());
            let answer = |(named, judge): &(&Named, Judge)| {
                let judgement = judge.judge(&windows, today, before(place, &named.name)?);
                Ok(Answer {
                    configuration: named.name.clone(),
                    place: named.place.clone(),
                    profile: named.profile,
                    kept: judgement.kept(),
                    judgement,
                    told: None,
                })
            };
            Ok(Case {
                name: case.name.clone(),
                windows: windows.len(),
                days: windows.days().collect(),
                repaired_dates: case.repaired_dates.clone(),
                missing: case.missing(),
                answers: judges.iter().map(answer).collect::<Result<_, E>>()?,
            })
        };
        Ok(Self {
            form: file.form,
            today,
            passed_over: file.passed_over.clone(),
            cases: file.cases.iter().enumerate().map(case).collect::<Result<_, E>>()?,
            language: Language::English,
            is_explained: false,
            is_compared: false,
        })
    }

    /// Returns why a configuration could not judge a case; `None` if all could.
    #[must_use]
    pub fn not_judged(&self) -> Option<NotJudged> {
        let mut answers = self.cases.iter().flat_map(|case| &case.answers);
        answers.find_map(|answer| answer.judgement.verdict.not_judged())
    }

    /// Prints in this language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Says in this language why each day has its class, and why there is no verdict, for a reader.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        for answer in self.cases.iter_mut().flat_map(|case| &mut case.answers) {
            let not_judged = answer.judgement.verdict.not_judged();
            answer.told = not_judged.map(|reason| page::reason(language, reason.code(), &reason.to_string()));
            for day in &mut answer.judgement.days {
                day.text = page::reason_of_day(language, day);
            }
        }
        self
    }

    /// Prints every step after the answers, too.
    #[must_use]
    pub fn explained(self) -> Self {
        Self { is_explained: true, ..self }
    }
}

impl Document for JudgeDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        print::print(self, out)
    }
}
