//! What a lint can be about.

use crate::names::named;

/// How bad the fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Severity {
    /// Something cannot work: nobody can be notified, or keys are lost.
    Error,
    /// Something works otherwise than most people would want.
    Warning,
    /// Something that one should know, and that may be meant so.
    Note,
}

named! {
    Severity, "severity":
    Error => "error",
    Warning => "warning",
    Note => "note",
}

/// The docstring of each code is its meaning, so that help and documentation say the same.
macro_rules! codes {
    ($(#[doc = $meaning:literal] $variant:ident, $name:literal, $severity:ident, $advice:literal;)+) => {
        /// What a lint is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum LintCode {
            $(#[doc = $meaning] $variant,)+
        }

        named! { LintCode, "lint code": $($variant => $name),+ }

        impl LintCode {
            /// How bad the fault is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// What the lint means, as a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning.trim_ascii(),)+ }
            }

            /// What to do about it.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)+ }
            }
        }
    };
}

codes! {
    /// The largest risk score of v1 is below the minimum, for all keys or for those of a file.
    RiskScoreUnreachable, "risk_score_unreachable", Error,
        "Lower the minimum, raise scores, or publish keys with a transmission risk level that scores.";
    /// A table of scores of v1 falls where it should rise.
    ScoresNotMonotonic, "scores_not_monotonic", Warning,
        "Order the scores from far to near, from short to long, from long ago to today, from low to high level.";
    /// Only attenuations of phones that all but touch can score in v1: up to 33 dB.
    OnlyNearestScores, "only_nearest_scores", Warning,
        "Give scores to greater attenuations: at one to two metres 50 to 70 dB are usual.";
    /// Some attenuations cannot score in v1.
    AttenuationsCannotScore, "attenuations_cannot_score", Note,
        "Nothing, if they are meant to be too far; otherwise raise their scores or lower the minimum.";
    /// Some durations cannot score in v1.
    DurationsCannotScore, "durations_cannot_score", Note,
        "Nothing, if they are meant to be too short; otherwise raise their scores or lower the minimum.";
    /// Exposures of some days cannot score in v1.
    DaysCannotScore, "days_cannot_score", Note,
        "Nothing, if they are meant to be too long ago; otherwise raise their scores or lower the minimum.";
    /// Some transmission risk levels cannot score in v1.
    LevelsCannotScore, "levels_cannot_score", Note,
        "Make sure that no key is published with such a level unless it is meant not to count.";
    /// The largest score of a table of v1 stands where no exposure comes to.
    ScoreUnreachable, "score_unreachable", Note,
        "Do not count on this score when choosing the minimum.";
    /// No attenuation falls between two thresholds.
    BucketUnreachable, "bucket_unreachable", Warning,
        "Choose thresholds from 0 to 147 dB that leave every bucket an attenuation.";
    /// Weights rise from near to far, or standard infectiousness weighs more than high.
    WeightsNotMonotonic, "weights_not_monotonic", Warning,
        "Order the weights, unless the nearest are meant to count less, as in COCOA's configuration.";
    /// A weight is 0, so what it weighs counts nothing.
    WeightZero, "weight_zero", Note,
        "Nothing, if it is meant not to count.";
    /// No exposure window can have a score that counts, for all keys or for those of a file.
    WindowScoreUnreachable, "window_score_unreachable", Error,
        "Raise the weights that are 0, or lower the minimum score of a window; for a file, publish keys that count.";
    /// A window reaches the minimum score only if a phone's scans overlap.
    WindowScoreImprobable, "window_score_improbable", Warning,
        "Lower the minimum score of a window: half an hour counts at most 2100 seconds times the weights.";
    /// Keys with days since onset have no infectiousness on any day.
    InfectiousnessNoneEveryDay, "infectiousness_none_every_day", Warning,
        "Give the days from about -2 to 10 an infectiousness.";
    /// Keys without days since onset have no infectiousness.
    InfectiousnessMissingNone, "infectiousness_missing_none", Warning,
        "Give missing days an infectiousness, unless every key is published with its days.";
    /// The infectiousness is the same before and after the onset of symptoms, though people are not.
    InfectiousnessSymmetric, "infectiousness_symmetric", Note,
        "People infect from two or three days before the onset to about ten after it: the map should not be symmetric.";
    /// Keys without a report type have no summaries, so they never count.
    ReportTypeMissingUnknown, "report_type_missing_unknown", Warning,
        "Map missing report types to one that counts, unless every key is published with its type.";
    /// A condition of the rule for a day that no day meets.
    ConditionUnreachable, "condition_unreachable", Error,
        "Change the operator or the value, or let the condition ask nothing (NOP).";
    /// No condition of the rule for a day asks anything, so nobody is notified.
    RuleAsksNothing, "rule_asks_nothing", Error,
        "Give at least one condition another operator than NOP.";
    /// A class of the rule that no day has: its conditions contradict each other, or earlier classes take its days.
    ClassUnreachable, "class_unreachable", Error,
        "Change its conditions, or put it before the classes that take its days.";
    /// Every day that is judged notifies, whatever its values.
    RuleAlwaysNotifies, "rule_always_notifies", Error,
        "Ask for more than 0.";
    /// A range or a filter of an app's own weights that nothing reaches.
    RangeUnreachable, "range_unreachable", Warning,
        "Take it out, or put it before the ranges that hold its numbers.";

    /// A louder sighting whose metadata is not believed took all scans of a key with it: as on Google's phones nothing counts.
    KeySilenced, "key_silenced", Warning,
        "Assess with the profile google-guarded too: somebody may have replayed an identifier with bent metadata.";
    /// A louder sighting whose metadata is not believed took a scan with it in v1, as on Google's phones.
    ScanSilenced, "scan_silenced", Warning,
        "Assess with the profile google-guarded too: somebody may have replayed an identifier with bent metadata.";
    /// The loudest sighting of a scan is not the nearest, and counts in v1 as on Google's phones.
    ScanDisplaced, "scan_displaced", Warning,
        "Assess with the profile google-guarded too: a phone sends an identifier with one power.";
    /// A clock stepped back between two scans, so that one counts negative seconds, as on Google's phones.
    SecondsNegative, "seconds_negative", Warning,
        "Assess with the profile google-guarded too, in which such a scan counts 0 seconds.";

    /// The file cannot be read, so no phone takes it.
    FileUnreadable, "file_unreadable", Error,
        "Make the file again; the sentence says which rule it breaks.";
    /// An entry is stored and its size follows it, so that readers of a stream cannot tell where it ends.
    SizeAfterStored, "size_after_stored", Warning,
        "Write the zip where one can go back, or deflate its entries: Java's ZipInputStream refuses it otherwise.";
    /// Nobody has signed the file.
    Unsigned, "unsigned", Error,
        "Sign the file: no phone takes it otherwise.";
    /// A signature by an algorithm that verifiers do not know, such as an informal name.
    AlgorithmUnsupported, "algorithm_unsupported", Error,
        "Write the object identifier of ECDSA with SHA-256: 1.2.840.10045.4.3.2.";
    /// ECDSA with SHA-512, which only Google's verifier allows, or an algorithm in export.bin that no verifier knows.
    AlgorithmUnusual, "algorithm_unusual", Warning,
        "Sign with ECDSA and SHA-256, and write its object identifier into both entries: 1.2.840.10045.4.3.2.";
    /// export.bin does not say who signed it.
    SignatureInfosMissing, "signature_infos_missing", Warning,
        "Repeat the signature info of each signature in export.bin: Google's verifier counts them.";
    /// The signature infos of export.bin and of export.sig differ.
    SignatureInfosDiffer, "signature_infos_differ", Warning,
        "Write the same signature infos into both, in the same order: Google's verifier counts them.";
    /// Several files that Android takes for one, so that it drops the keys of all but one.
    TakenForDuplicate, "taken_for_duplicate", Error,
        "Give each part of a split export its own end_timestamp, as Google's server does: the end plus the number of the part.";
    /// The same file was given more than once.
    FileRepeated, "file_repeated", Note,
        "Nothing: its keys count once.";
    /// Batch fields contradict each other or those of files of the same time.
    BatchInconsistent, "batch_inconsistent", Error,
        "Write batch_num 1 and batch_size 1 into every file.";
    /// A file that says it is one of several. iOS does not support such batches.
    BatchOfSeveral, "batch_of_several", Warning,
        "Write batch_num 1 and batch_size 1 into every file, and tell parts apart by end_timestamp.";
    /// Files of a batch are not there.
    BatchIncomplete, "batch_incomplete", Warning,
        "Give all files of the batch, if they are meant to be checked together.";
    /// A start or end of the file's time window is missing.
    WindowMissing, "window_missing", Warning,
        "Write start_timestamp and end_timestamp: apps and servers order files by them.";
    /// The file's time window ends before it starts.
    WindowReversed, "window_reversed", Error,
        "Write an end_timestamp after start_timestamp.";
    /// Keys begin after the end of the file's time window.
    KeysAfterWindow, "keys_after_window", Warning,
        "Do not publish keys of days to come; a key that is still broadcast can be replayed.";
    /// Keys are over 14 days older than the start of the file's time window.
    KeysTooOld, "keys_too_old", Warning,
        "Leave them out: phones keep what they heard for 14 days.";
    /// Keys of other days in a file that is meant to hold those of one UTC day.
    SeveralDays, "several_days", Warning,
        "Put the keys of each UTC day into a file of their own.";
    /// Fewer keys than hide who reported.
    TooFewKeys, "too_few_keys", Warning,
        "Wait for more keys, or add random ones with the metadata of real ones, as Google's server does up to 1000.";
    /// Keys that do not stand in the order of their bytes, which may tell who uploaded together.
    KeysNotSorted, "keys_not_sorted", Note,
        "Sort the keys by key_data, or make sure that they are shuffled.";
    /// Key bytes that stand in the file more than once.
    KeysRepeated, "keys_repeated", Note,
        "Publish a key once, with the longest period.";
    /// Keys that readers leave out: key_data is not 16 bytes, or the start is missing or negative.
    KeyInvalid, "key_invalid", Warning,
        "Publish keys of 16 bytes with a rolling_start_interval_number.";
    /// Keys that readers leave out: the period is not 1 to 144.
    PeriodInvalid, "period_invalid", Warning,
        "Write a rolling_period of 1 to 144, or none for 144.";
    /// Keys that are valid for less than a day.
    PeriodShort, "period_short", Note,
        "Nothing, if they were released on their own day or their phones cut days short.";
    /// Keys without a transmission risk level: Google's rules of v1 count them as 1, Apple's by the first score.
    LevelUnset, "level_unset", Note,
        "Write the level that the configuration of v1 gives a score.";
    /// Keys of levels that cannot reach the minimum risk score of v1, among others that can.
    LevelsBelowMinimum, "levels_below_minimum", Warning,
        "Publish keys with a level that scores, unless these are meant not to count.";
    /// Transmission risk levels that are not 0 to 8, which readers take for unset.
    LevelOutOfRange, "level_out_of_range", Warning,
        "Write a level of 1 to 8.";
    /// Keys without days since the onset of symptoms.
    DaysMissing, "days_missing", Note,
        "Write the days, unless the configuration's value for missing days is meant.";
    /// Days since onset that are not -14 to 14. One such key made Google's framework answer nothing for its whole file.
    DaysOutOfRange, "days_out_of_range", Error,
        "Write -14 to 14, or leave the field out.";
    /// Keys of days on which the configuration has no infectiousness: they count nothing.
    InfectiousnessNone, "infectiousness_none", Note,
        "Nothing, if those days are meant not to count; such keys need not be published.";
    /// Report types that the format does not know, which readers take for unknown.
    ReportTypeOutOfRange, "report_type_out_of_range", Warning,
        "Write a report type of 1 to 5.";
}
