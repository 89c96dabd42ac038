//! The lints of files.

use gaen::Profile;
use gaen::lint::LintCode;

use crate::world::{Change, DAY, START, high, histogram, scores, signature_info};

/// Of files by themselves and together.
pub(crate) fn file_cases() -> Vec<(LintCode, Change, Change)> {
    use LintCode::*;
    vec![
        (FileUnreadable, |w| w.files[0].report.problem = Some("torn".into()), |_| ()),
        (SizeAfterStored, |w| w.entry("stored", true), |w| (w.entry("stored", false), w.entry("deflate", true)).1),
        (
            Unsigned,
            |w| w.files[0].report.export_sig.as_mut().unwrap().signatures.clear(),
            |w| w.files[0].report.export_sig = None, // a bare export.bin has none
        ),
        (
            AlgorithmUnsupported,
            |w| w.sig().signature_info.signature_algorithm = Some("SHA256withECDSA".into()),
            |w| w.bin().signature_infos[0].signature_algorithm = Some("SHA256withECDSA".into()),
        ),
        (
            AlgorithmUnsupported,
            |w| w.sig().signature_info.signature_algorithm = None,
            |w| w.sig().signature_info.app_bundle_id = None,
        ),
        (
            AlgorithmUnusual,
            |w| w.bin().signature_infos[0].signature_algorithm = None,
            |w| w.sig().signature_info.signature_algorithm = None,
        ),
        (
            AlgorithmUnusual,
            |w| w.bin().signature_infos[0].signature_algorithm = Some("1.2.840.10045.4.3.4".into()),
            |w| w.bin().signature_infos[0].signature_algorithm = Some("1.2.840.10045.4.3.2".into()),
        ),
        (
            SignatureInfosMissing,
            |w| w.bin().signature_infos.clear(),
            |w| w.bin().signature_infos.push(signature_info()),
        ),
        (
            SignatureInfosDiffer,
            |w| w.files[0].report.sig_info_matches_bin = Some(false),
            |w| w.files[0].report.sig_info_matches_bin = None,
        ),
        (
            TakenForDuplicate,
            |w| _ = w.another(),
            |w| w.another().end_timestamp = Some(DAY + 86_401), // as Google's server does
        ),
        (TakenForDuplicate, |w| _ = w.another(), |w| w.another().region = Some("441".into())),
        (FileRepeated, |w| w.another().sha256 = "0.zip".into(), |w| _ = w.another()),
        (
            BatchInconsistent,
            |w| (w.bin().batch_num, w.bin().batch_size) = (Some(2), None),
            |w| (w.bin().batch_num, w.bin().batch_size) = (Some(1), None),
        ),
        (BatchInconsistent, |w| w.sig().batch_size = Some(2), |w| w.sig().batch_size = None),
        (BatchInconsistent, |w| w.another().batch_size = Some(2), |w| w.another().batch_size = None),
        (BatchOfSeveral, |w| w.bin().batch_size = Some(2), |w| w.bin().batch_size = None),
        (
            BatchIncomplete,
            |w| w.bin().batch_size = Some(2),
            |w| {
                w.bin().batch_size = Some(2);
                w.another().batch_num = Some(2);
            },
        ),
        (WindowMissing, |w| w.bin().end_timestamp = None, |w| w.bin().region = None),
        (WindowReversed, |w| w.bin().end_timestamp = Some(DAY - 1), |w| w.bin().end_timestamp = Some(DAY)),
        (
            KeysAfterWindow,
            |w| w.stats().rolling_start_max = Some(START + 144),
            |w| w.stats().rolling_start_max = Some(START + 143),
        ),
        (
            KeysTooOld,
            |w| w.stats().rolling_start_min = Some(START - 144 * 15 - 1),
            |w| w.stats().rolling_start_min = Some(START - 144 * 15),
        ),
        (
            SeveralDays,
            |w| {
                w.options.one_day = true;
                w.stats().rolling_start_day = histogram(&[(Some(START), 1999), (Some(START - 144), 1)]);
            },
            |w| w.stats().rolling_start_day = histogram(&[(Some(START), 1999), (Some(START - 144), 1)]),
        ),
        (TooFewKeys, |w| w.bin().keys = 999, |w| w.bin().keys = 1000),
        (TooFewKeys, |w| w.options.fewest_keys = 2001, |w| w.bin().keys = 0), // an empty file tells nothing
    ]
}

/// Of the keys in them.
pub(crate) fn key_cases() -> Vec<(LintCode, Change, Change)> {
    use LintCode::*;
    vec![
        (KeysNotSorted, |w| w.stats().sorted_by_key_data = false, |w| w.stats().sorted_by_key_data = true),
        (KeysRepeated, |w| w.stats().duplicate_key_data = 1, |w| w.stats().duplicate_key_data = 0),
        (
            KeyInvalid,
            |w| w.stats().key_data_lengths = [(15, 1), (16, 1999)].into(),
            |w| w.stats().key_data_lengths = [(16, 2000)].into(),
        ),
        (
            KeyInvalid,
            |w| w.stats().rolling_start_day = histogram(&[(None, 1), (Some(START), 1999)]),
            |w| w.stats().rolling_start_day = histogram(&[(Some(0), 1), (Some(START), 1999)]),
        ),
        (
            PeriodInvalid,
            |w| w.stats().rolling_period = histogram(&[(Some(145), 1)]),
            |w| w.stats().rolling_period = histogram(&[(Some(144), 1)]),
        ),
        (
            PeriodInvalid,
            |w| w.stats().rolling_period = histogram(&[(Some(0), 1)]),
            |w| {
                w.options.profile = Profile::AppleV1;
                w.stats().rolling_period = histogram(&[(Some(0), 1)]);
            },
        ),
        (
            PeriodInvalid,
            |w| w.bin().revised_keys_stats.rolling_period = histogram(&[(Some(-1), 1)]),
            |w| w.bin().revised_keys_stats.rolling_period = histogram(&[(Some(1), 1)]),
        ),
        (
            PeriodShort,
            |w| w.stats().rolling_period = histogram(&[(Some(143), 1)]),
            |w| w.stats().rolling_period = histogram(&[(None, 1), (Some(144), 1)]),
        ),
        (
            LevelUnset,
            |w| w.stats().transmission_risk_level = histogram(&[(None, 1), (Some(4), 1999)]),
            |w| w.stats().transmission_risk_level = histogram(&[(Some(1), 1), (Some(8), 1999)]),
        ),
        (
            LevelsBelowMinimum,
            |w| {
                w.risk().transmission_scores = scores([0, 0, 7, 7, 7, 7, 7, 7]);
                w.stats().transmission_risk_level = histogram(&[(Some(1), 1), (Some(4), 1999)]);
            },
            |w| {
                w.risk().transmission_scores = scores([0, 0, 7, 7, 7, 7, 7, 7]);
                w.stats().transmission_risk_level = histogram(&[(Some(3), 1), (Some(4), 1999)]);
            },
        ),
        (
            LevelOutOfRange,
            |w| w.stats().transmission_risk_level = histogram(&[(Some(9), 1), (Some(4), 1999)]),
            |w| w.stats().transmission_risk_level = histogram(&[(Some(8), 1), (Some(4), 1999)]),
        ),
        (
            DaysMissing,
            |w| w.stats().days_since_onset_of_symptoms = histogram(&[(None, 1), (Some(14), 1999)]),
            |w| w.stats().days_since_onset_of_symptoms = histogram(&[(Some(0), 1), (Some(14), 1999)]),
        ),
        (
            DaysOutOfRange,
            |w| w.stats().days_since_onset_of_symptoms = histogram(&[(Some(-15), 1), (Some(i32::MIN), 1)]),
            |w| w.stats().days_since_onset_of_symptoms = histogram(&[(Some(-14), 1), (Some(14), 1)]),
        ),
        (
            InfectiousnessNone,
            |w| {
                w.configuration.mapping.infectiousness = Some(high(-3..=10));
                w.stats().days_since_onset_of_symptoms = histogram(&[(Some(11), 1)]);
            },
            |w| {
                w.configuration.mapping.infectiousness = Some(high(-3..=10));
                w.stats().days_since_onset_of_symptoms = histogram(&[(Some(10), 1), (None, 1), (Some(15), 1)]);
            },
        ),
        (
            ReportTypeOutOfRange,
            |w| w.stats().report_type = histogram(&[(Some(6), 1), (Some(1), 1)]),
            |w| w.stats().report_type = histogram(&[(Some(5), 1), (Some(1), 1)]),
        ),
    ]
}
