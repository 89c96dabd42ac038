//! What a verdict rests on, and when no verdict is possible.

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::matching::Sighting;
use crate::time::POSSIBLE_TIMES;

/// The answer to "is the user to be notified?". Missing files, sightings or clocks never become a "no": they have a
/// value of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Verdict {
    /// The rule asks for a notification.
    Notify,
    /// Everything was searched and judged, and the rule asks for none.
    DoNotNotify,
    /// No answer is possible, for this reason.
    NotJudged(NotJudged),
}

impl Verdict {
    /// Returns the name for programs: `notify`, `do_not_notify` or `not_judged`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::DoNotNotify => "do_not_notify",
            Self::NotJudged(_) => "not_judged",
        }
    }

    /// Joins the verdicts on two parts: one part that notifies is enough, and "do not notify" needs both parts. Of two
    /// parts that could not be judged, the first gives the reason.
    ///
    /// ```
    /// use gaen::exposure::{NotJudged, Verdict};
    ///
    /// let unknown = Verdict::NotJudged(NotJudged::NoReportType);
    /// assert_eq!(Verdict::DoNotNotify.or(unknown), unknown);
    /// assert_eq!(unknown.or(Verdict::Notify), Verdict::Notify);
    /// ```
    pub const fn or(self, other: Self) -> Self {
        if other.weight() > self.weight() { other } else { self }
    }

    /// Returns how much the verdict on a part says of the whole: `Notify` most, `DoNotNotify` least.
    pub(super) const fn weight(self) -> u8 {
        match self {
            Self::DoNotNotify => 0,
            Self::NotJudged(_) => 1,
            Self::Notify => 2,
        }
    }

    /// Returns why no answer is possible; `None` if there is an answer.
    #[must_use]
    pub const fn not_judged(self) -> Option<NotJudged> {
        match self {
            Self::NotJudged(reason) => Some(reason),
            Self::Notify | Self::DoNotNotify => None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notify => f.write_str("notify"),
            Self::DoNotNotify => f.write_str("do not notify"),
            Self::NotJudged(reason) => write!(f, "not judged, {reason} [{}]", reason.code()),
        }
    }
}

/// Joins the verdicts on all parts; `DoNotNotify` if there is no part.
impl FromIterator<Verdict> for Verdict {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        parts.into_iter().fold(Self::DoNotNotify, Self::or)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Writes the verdict, and why there is none.
#[cfg(feature = "serde")]
pub(super) fn with_reason<S: serde::Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeStruct;

    let reason = verdict.not_judged();
    let mut document = serializer.serialize_struct("Verdict", 3)?;
    document.serialize_field("verdict", verdict)?;
    document.serialize_field("code", &reason.map(NotJudged::code))?;
    document.serialize_field("reason", &reason.map(|reason| format!("{reason}")))?;
    document.end()
}

/// Why no answer is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NotJudged {
    /// No export file was given.
    NoFile,
    /// Every file that was given was rejected.
    NoUsableFile,
    /// No file was searched for any of the sightings that are stored now.
    FilesNotSearched,
    /// Files of a restored backup were not given again, so their matches do not count.
    FilesAwaited,
    /// There are no sightings.
    NoSightings,
    /// Every sighting has a time before 2019 or after 2099.
    ImpossibleTimes,
    /// The time to judge at is before 2019 or after 2099.
    ImpossibleNow,
    /// The time to judge at is before every sighting.
    NowBeforeSightings,
    /// A score or a condition of the rule is no number.
    NotANumber,
    /// A window has no day.
    NoDate,
    /// The rule needs the typical attenuation, which a scan does not have.
    NoTypicalAttenuation,
    /// The rule needs the minimum attenuation, which a scan does not have.
    NoMinAttenuation,
    /// The rule needs the report type, which a window does not have.
    NoReportType,
    /// The rule needs the infectiousness, which a window does not have.
    NoInfectiousness,
    /// The rule has no answer for the report type of a window. The app failed.
    ReportTypeNotJudged,
    /// A scan counts more seconds than a century has.
    ImpossibleSeconds,
    /// The rule reads the risk scores of version 1, which windows do not have.
    NoRiskScores,
}

impl NotJudged {
    /// Every reason.
    pub const ALL: [Self; 17] = [
        Self::NoFile,
        Self::NoUsableFile,
        Self::FilesNotSearched,
        Self::FilesAwaited,
        Self::NoSightings,
        Self::ImpossibleTimes,
        Self::ImpossibleNow,
        Self::NowBeforeSightings,
        Self::NotANumber,
        Self::NoDate,
        Self::NoTypicalAttenuation,
        Self::NoMinAttenuation,
        Self::NoReportType,
        Self::NoInfectiousness,
        Self::ReportTypeNotJudged,
        Self::ImpossibleSeconds,
        Self::NoRiskScores,
    ];

    /// Returns the name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoFile => "no_file",
            Self::NoUsableFile => "no_usable_file",
            Self::FilesNotSearched => "files_not_searched",
            Self::FilesAwaited => "files_awaited",
            Self::NoSightings => "no_sightings",
            Self::ImpossibleTimes => "impossible_times",
            Self::ImpossibleNow => "impossible_now",
            Self::NowBeforeSightings => "now_before_sightings",
            Self::NotANumber => "not_a_number",
            Self::NoDate => "no_date",
            Self::NoTypicalAttenuation => "no_typical_attenuation",
            Self::NoMinAttenuation => "no_min_attenuation",
            Self::NoReportType => "no_report_type",
            Self::NoInfectiousness => "no_infectiousness",
            Self::ReportTypeNotJudged => "report_type_not_judged",
            Self::ImpossibleSeconds => "impossible_seconds",
            Self::NoRiskScores => "no_risk_scores",
        }
    }
}

impl fmt::Display for NotJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoFile => "no export file was searched",
            Self::NoUsableFile => "none of the files could be used",
            Self::FilesNotSearched => "no file was searched for the sightings that are stored now",
            Self::FilesAwaited => "files of a restored backup were not given again",
            Self::NoSightings => "there are no sightings",
            Self::ImpossibleTimes => "every sighting has a time before 2019 or after 2099",
            Self::ImpossibleNow => "the time to judge at is before 2019 or after 2099",
            Self::NowBeforeSightings => "the time to judge at is before every sighting",
            Self::NotANumber => "a score or a condition is no number",
            Self::NoDate => "a window has no day that can be read",
            Self::NoTypicalAttenuation => {
                "the rule needs the typical attenuation of each scan, and a window does not have it"
            }
            Self::NoMinAttenuation => {
                "the rule needs the minimum attenuation of each scan, and a window does not have it"
            }
            Self::NoReportType => "the rule needs the report type, and a window does not have it",
            Self::NoInfectiousness => "the rule needs the infectiousness, and a window does not have it",
            Self::ReportTypeNotJudged => "the rule has no answer for the report type of a window",
            Self::ImpossibleSeconds => "a scan counts more seconds than a century has",
            Self::NoRiskScores => "the rule reads the risk scores of version 1, which windows do not have",
        })
    }
}

/// The numbers of files that were searched and that were not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SearchedFiles {
    /// Files that were searched, files without keys included.
    pub used: u64,
    /// Files that were rejected.
    pub rejected: u64,
    /// Files that a store has not searched for its newest sightings.
    pub outdated: u64,
    /// Files of restored backups that a store still waits for. While there are any, the verdict is never "do not
    /// notify".
    pub awaited: u64,
}

impl SearchedFiles {
    /// All given files were searched for all sightings.
    #[must_use]
    pub const fn all(used: u64) -> Self {
        Self { used, rejected: 0, outdated: 0, awaited: 0 }
    }

    /// Returns a sentence for each kind of file that was left out.
    pub fn shortcomings(self) -> impl Iterator<Item = String> {
        let Self { used, rejected, outdated, awaited } = self;
        let given = used.saturating_add(rejected);
        let counted = |files: u64| format!("{files} file{}", if files == 1 { "" } else { "s" });
        let of = |files| format!("of {}", counted(files));
        let rejected = (rejected > 0).then(|| format!("{} {rejected} could not be used", of(given)));
        let outdated = (outdated > 0)
            .then(|| format!("{} {outdated} not searched for the newest sightings", of(used.max(outdated))));
        let awaited = (awaited > 0).then(|| format!("{} of a restored backup not given again", counted(awaited)));
        rejected.into_iter().chain(outdated).chain(awaited)
    }
}

/// What a verdict rests on: the files that you searched and the sightings that you have. Matches alone cannot tell
/// either.
///
/// ```
/// use gaen::exposure::{Basis, NotJudged, SearchedFiles};
///
/// let heard = [];
/// let basis = Basis::new(SearchedFiles::all(14), &heard);
/// assert_eq!(basis.obstacle(1_601_251_200), Some(NotJudged::NoSightings));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Basis {
    /// The numbers of files.
    pub files: SearchedFiles,
    /// The number of sightings.
    pub sightings: u64,
    /// The earliest possible time of a sighting, Unix seconds; `None` if no sighting has one.
    pub first_sighting: Option<u64>,
    /// The latest possible time of a sighting, Unix seconds; `None` if no sighting has one.
    pub last_sighting: Option<u64>,
}

impl Basis {
    /// Makes the basis of a search of these files for these sightings.
    #[must_use]
    pub fn new(files: SearchedFiles, sightings: &[Sighting]) -> Self {
        Self::of_times(files, sightings.iter().map(|sighting| sighting.time))
    }

    /// Makes the basis of a search of these files for sightings of these times, Unix seconds.
    #[must_use]
    pub fn of_times(files: SearchedFiles, times: impl IntoIterator<Item = u64>) -> Self {
        let mut basis = Self { files, sightings: 0, first_sighting: None, last_sighting: None };
        for time in times {
            basis.sightings = basis.sightings.saturating_add(1);
            if POSSIBLE_TIMES.contains(&time) {
                basis.first_sighting = Some(basis.first_sighting.map_or(time, |first| first.min(time)));
                basis.last_sighting = Some(basis.last_sighting.map_or(time, |last| last.max(time)));
            }
        }
        basis
    }

    /// Returns why "no sighting matched" cannot be said at any time; `None` if it can.
    #[must_use]
    pub const fn not_searched(&self) -> Option<NotJudged> {
        match self {
            Self { files: SearchedFiles { used: 0, rejected: 0, outdated: 0, .. }, .. } => Some(NotJudged::NoFile),
            Self { files: SearchedFiles { used: 0, rejected: 1.., .. }, .. } => Some(NotJudged::NoUsableFile),
            Self { sightings: 0, .. } => Some(NotJudged::NoSightings),
            Self { files: SearchedFiles { used: 0, .. }, .. } => Some(NotJudged::FilesNotSearched),
            Self { first_sighting: None, .. } => Some(NotJudged::ImpossibleTimes),
            Self { files: SearchedFiles { awaited: 1.., .. }, .. } => Some(NotJudged::FilesAwaited),
            _ => None,
        }
    }

    /// Returns why "do not notify" cannot be said at the time `now` in Unix seconds; `None` if it can.
    #[must_use]
    pub fn obstacle(&self, now: u64) -> Option<NotJudged> {
        self.not_searched().or_else(|| match self.first_sighting {
            _ if !POSSIBLE_TIMES.contains(&now) => Some(NotJudged::ImpossibleNow),
            Some(first) if now < first => Some(NotJudged::NowBeforeSightings),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEARD: u64 = 1_601_121_600;

    #[test]
    fn silence_has_a_reason() {
        use NotJudged::{
            FilesAwaited, FilesNotSearched, ImpossibleNow, ImpossibleTimes, NoFile, NoSightings, NoUsableFile,
            NowBeforeSightings,
        };
        let files = |used, rejected, outdated| SearchedFiles { used, rejected, outdated, awaited: 0 };
        let awaited = |files| SearchedFiles { awaited: 1, ..files };
        let milliseconds = HEARD * 1000;
        for (files, times, now, obstacle) in [
            (files(1, 0, 0), &[HEARD][..], HEARD, None),
            (files(1, 5, 0), &[HEARD], HEARD, None),
            (files(2, 0, 2), &[HEARD], HEARD, None),
            (files(0, 0, 0), &[HEARD], HEARD, Some(NoFile)),
            (files(0, 2, 0), &[HEARD], HEARD, Some(NoUsableFile)),
            (files(0, 0, 3), &[HEARD], HEARD, Some(FilesNotSearched)),
            (files(1, 0, 0), &[], HEARD, Some(NoSightings)),
            (awaited(files(1, 0, 0)), &[HEARD], HEARD, Some(FilesAwaited)),
            (awaited(files(0, 0, 0)), &[HEARD], HEARD, Some(NoFile)),
            (awaited(files(0, 0, 3)), &[HEARD], HEARD, Some(FilesNotSearched)),
            (files(0, 0, 0), &[], HEARD, Some(NoFile)),
            (files(1, 0, 0), &[0, milliseconds], HEARD, Some(ImpossibleTimes)),
            (files(1, 0, 0), &[0, HEARD, milliseconds], HEARD, None),
            (files(1, 0, 0), &[HEARD], 0, Some(ImpossibleNow)),
            (files(1, 0, 0), &[HEARD], milliseconds, Some(ImpossibleNow)),
            (files(1, 0, 0), &[HEARD, HEARD + 9], HEARD - 1, Some(NowBeforeSightings)),
            (files(1, 0, 0), &[HEARD + 9, HEARD], HEARD + 1, None),
        ] {
            let basis = Basis::of_times(files, times.iter().copied());
            assert_eq!(basis.obstacle(now), obstacle, "{basis:?} at {now}");
        }
    }

    #[test]
    fn the_years_2019_to_2099_are_possible() {
        let of = |time| Basis::of_times(SearchedFiles::all(1), [time]).not_searched();
        let start = |date: &str| date.parse::<crate::time::UtcDay>().unwrap().start();
        let impossible = Some(NotJudged::ImpossibleTimes);
        let (first, after) = (start("2019-01-01"), start("2100-01-01"));
        assert_eq!([first - 1, first, after - 1, after].map(of), [impossible, None, None, impossible]);
    }
}
