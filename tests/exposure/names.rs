//! Every value that is printed by a name is read from that name.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use gaen::names::{Named, UnknownName};

fn are_read_as_written<T: Named + Debug + PartialEq + Display + FromStr<Err = UnknownName>>() {
    for value in T::VALUES {
        assert_eq!(value.to_string(), value.name());
        assert_eq!(value.name().parse(), Ok(*value));
    }
    let UnknownName { found, kind, names } = "no such name".parse::<T>().unwrap_err();
    assert_eq!((&*found, kind), ("no such name", T::KIND));
    assert!(names.into_iter().eq(T::VALUES.iter().map(|value| value.name())));
}

/// The name in JSON is the same name.
fn and_in_json<T>()
where
    T: Named + Debug + PartialEq + Display + FromStr<Err = UnknownName>,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    are_read_as_written::<T>();
    for value in T::VALUES {
        let json = serde_json::to_value(value).unwrap();
        assert_eq!(json, value.name());
        assert_eq!(serde_json::from_value::<T>(json).unwrap(), *value);
    }
}

#[test]
fn every_name_is_read_as_the_value_that_wrote_it() {
    are_read_as_written::<gaen::matching::DropReason>();
    {
        are_read_as_written::<gaen::export::SkipReason>();
        are_read_as_written::<gaen::export::IgnoredValue>();
    }
    are_read_as_written::<gaen::store::ImportSkip>();
    {
        are_read_as_written::<gaen::cocoa::LogFormat>();
        are_read_as_written::<gaen::exposure::Preset>();
    }
    {
        use gaen::{exposure, keys, lint};
        and_in_json::<gaen::Profile>();
        and_in_json::<keys::ReportType>();
        and_in_json::<keys::CalibrationConfidence>();
        and_in_json::<exposure::Infectiousness>();
        and_in_json::<exposure::Hidden>();
        and_in_json::<exposure::Operator>();
        and_in_json::<exposure::Bucket>();
        and_in_json::<exposure::WindowVerdict>();
        and_in_json::<exposure::RiskVerdict>();
        and_in_json::<exposure::RevisionOutcome>();
        and_in_json::<exposure::ChangeCode>();
        and_in_json::<exposure::View>();
        and_in_json::<lint::Severity>();
        and_in_json::<lint::LintCode>();
    }
}
