//! A key as it stands in `export.bin`, read without taking memory for it.

use prost::{DecodeError, Message};

use super::proto::{self, Lenient, closed};
use crate::keys::{DaysSinceOnset, DiagnosisKey, ReportType, TransmissionRiskLevel, VariantOfConcern};
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow};

/// The fields of a `TemporaryExposureKey` message, good or bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RawKey<'b> {
    pub(super) key_data: Option<&'b [u8]>,
    pub(super) transmission_risk_level: Option<i32>,
    pub(super) rolling_start_interval_number: Option<i32>,
    pub(super) rolling_period: Option<i32>,
    pub(super) report_type: Option<i32>,
    pub(super) days_since_onset_of_symptoms: Option<i32>,
    pub(super) variant_of_concern: Option<i32>,
}

/// What stands before the value of a field: its number and wire type, in one byte.
mod tag {
    pub(super) const KEY_DATA: u8 = 0x0a;
    pub(super) const TRANSMISSION_RISK_LEVEL: u8 = 0x10;
    pub(super) const ROLLING_START_INTERVAL_NUMBER: u8 = 0x18;
    pub(super) const ROLLING_PERIOD: u8 = 0x20;
    pub(super) const REPORT_TYPE: u8 = 0x28;
    pub(super) const DAYS_SINCE_ONSET_OF_SYMPTOMS: u8 = 0x30;
    pub(super) const VARIANT_OF_CONCERN: u8 = 0x40;
}

/// The key in a message as servers write it: each field at most once, in the order of the numbers, in the fewest bytes,
/// a start of our time, and values that every profile takes as they are.
///
/// `None` says nothing of a message: [`decode`] reads every one. It is all straight, and a value goes from the message
/// to its place in the key by way of a register: what is stored in pieces and loaded whole has to wait.
#[inline(always)] // A key that goes through a call goes through memory.
pub(super) fn usual(message: &[u8]) -> Option<DiagnosisKey> {
    let [tag::KEY_DATA, 16, rest @ ..] = message else { return None };
    let (key_data, mut rest) = rest.split_first_chunk::<16>()?;
    let level = one_byte(tag::TRANSMISSION_RISK_LEVEL, 0..=8, &mut rest).map_or(0, i32::from);

    let [tag::ROLLING_START_INTERVAL_NUMBER, a, b, c, d, after @ ..] = rest else { return None };
    let start = u32::from_le_bytes([*a, *b, *c, *d]);
    // Four bytes, of which the first three go on.
    if start & 0x8080_8080 != 0x0080_8080 {
        return None;
    }
    let start = (start & 0x7f) | (start >> 1 & 0x3f80) | (start >> 2 & 0x001f_c000) | (start >> 3 & 0x0fe0_0000);

    rest = after;
    let period = match *rest {
        [tag::ROLLING_PERIOD, low @ 0x80..=0xff, 1, ref after @ ..] => {
            rest = after;
            low // The second byte is worth 128, which is also what marks the first.
        }
        _ => one_byte(tag::ROLLING_PERIOD, 1..=0x7f, &mut rest).unwrap_or(144),
    };
    let report_type = one_byte(tag::REPORT_TYPE, 0..=5, &mut rest).map_or(0, i32::from);
    let days = one_byte(tag::DAYS_SINCE_ONSET_OF_SYMPTOMS, 0..=28, &mut rest);
    let variant = one_byte(tag::VARIANT_OF_CONCERN, 0..=4, &mut rest).map_or(0, i32::from);
    if !rest.is_empty() {
        return None;
    }
    let period = RollingPeriod::new(period.into()).ok()?;
    Some(DiagnosisKey {
        key_data: (*key_data).into(),
        window: RollingWindow::new(EnIntervalNumber::new(start), period).ok()?,
        transmission_risk_level: TransmissionRiskLevel::new(level)?,
        report_type: ReportType::from_number(report_type),
        days_since_onset_of_symptoms: days.map(|days| zigzag(days.into())).and_then(DaysSinceOnset::new),
        variant_of_concern: VariantOfConcern::new(variant)?,
    })
}

/// The value of a field, if the field is there and takes one byte of these.
#[inline(always)]
fn one_byte(tag: u8, values: core::ops::RangeInclusive<u8>, rest: &mut &[u8]) -> Option<u8> {
    let [found, value, ref after @ ..] = **rest else { return None };
    (found == tag && values.contains(&value)).then(|| {
        *rest = after;
        value
    })
}

/// Calls `with` with the key in this message.
///
/// Whatever is out of the ordinary in a message goes to `prost` ([`Lenient`]), whose answer or error is the answer.
#[inline]
pub(super) fn decode<T>(message: &[u8], with: impl FnOnce(&RawKey<'_>) -> T) -> Result<T, DecodeError> {
    match RawKey::ordinary(message) {
        Some(key) => Ok(with(&key)),
        None => Lenient::decode(message).map(|Lenient(key)| with(&RawKey::from(&key))),
    }
}

impl<'b> RawKey<'b> {
    /// The key in a message whose fields all have tags of one byte and the wire type that they should have.
    #[inline]
    fn ordinary(mut rest: &'b [u8]) -> Option<Self> {
        let mut key = Self::default();
        while let Some((&tag, after)) = rest.split_first() {
            rest = after;
            match tag {
                tag::KEY_DATA => key.key_data = Some(bytes(&mut rest)?),
                tag::TRANSMISSION_RISK_LEVEL => key.transmission_risk_level = Some(int32(&mut rest)?),
                tag::ROLLING_START_INTERVAL_NUMBER => key.rolling_start_interval_number = Some(int32(&mut rest)?),
                tag::ROLLING_PERIOD => key.rolling_period = Some(int32(&mut rest)?),
                tag::REPORT_TYPE => {
                    key.report_type = closed(key.report_type, int32(&mut rest)?, &proto::REPORT_TYPES);
                }
                tag::DAYS_SINCE_ONSET_OF_SYMPTOMS => key.days_since_onset_of_symptoms = Some(sint32(&mut rest)?),
                tag::VARIANT_OF_CONCERN => {
                    key.variant_of_concern = closed(key.variant_of_concern, int32(&mut rest)?, &proto::VARIANTS);
                }
                _ => skip(tag, &mut rest)?,
            }
        }
        Some(key)
    }
}

impl<'b> From<&'b proto::TemporaryExposureKey> for RawKey<'b> {
    fn from(key: &'b proto::TemporaryExposureKey) -> Self {
        Self {
            key_data: key.key_data.as_deref(),
            transmission_risk_level: key.transmission_risk_level,
            rolling_start_interval_number: key.rolling_start_interval_number,
            rolling_period: key.rolling_period,
            report_type: key.report_type,
            days_since_onset_of_symptoms: key.days_since_onset_of_symptoms,
            variant_of_concern: key.variant_of_concern,
        }
    }
}

/// Passes a field that the format does not know.
fn skip(tag: u8, rest: &mut &[u8]) -> Option<()> {
    let (number, wire_type) = (tag >> 3, tag & 7);
    if !matches!(number, 7 | 9..=15) {
        return None;
    }
    match wire_type {
        0 => varint(rest).map(|_| ()),
        1 => take(rest, 8).map(|_| ()),
        2 => bytes(rest).map(|_| ()),
        5 => take(rest, 4).map(|_| ()),
        _ => None,
    }
}

fn take<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

fn bytes<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = varint(rest)?;
    take(rest, usize::try_from(length).ok()?)
}

/// The lower 32 bits: a negative number takes ten bytes, and nothing says that the upper half has to fit.
fn low_half(number: u64) -> u32 {
    let [a, b, c, d, ..] = number.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

fn int32(rest: &mut &[u8]) -> Option<i32> {
    varint(rest).map(|number| low_half(number).cast_signed())
}

fn sint32(rest: &mut &[u8]) -> Option<i32> {
    Some(zigzag(low_half(varint(rest)?)))
}

/// `0, -1, 1, -2, ..` as `0, 1, 2, 3, ..`.
fn zigzag(number: u32) -> i32 {
    let sign = if number & 1 == 0 { 0 } else { u32::MAX };
    ((number >> 1) ^ sign).cast_signed()
}

#[inline]
fn varint(rest: &mut &[u8]) -> Option<u64> {
    match **rest {
        [a @ 0..0x80, ref after @ ..] => {
            *rest = after;
            Some(a.into())
        }
        // The starts of our time take four bytes.
        [a, b @ 0x80..=0xff, c @ 0x80..=0xff, d @ 0..0x80, ref after @ ..] => {
            *rest = after;
            let [a, b, c, d] = [a, b, c, d].map(|byte| u64::from(byte & 0x7f));
            Some(a | b << 7 | c << 14 | d << 21)
        }
        _ => long_varint(rest),
    }
}

#[inline(never)]
fn long_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            // The tenth byte has room for one bit.
            return (shift < 63 || byte <= 1).then_some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

    use super::*;
    use crate::export::keys::diagnosis_key;
    use crate::profile::Profile;
    use crate::tally::Tally;

    /// The message without what Google's readers take for unknown: known fields of another wire type, and values of an
    /// enum that are none of its own and come after another value.
    fn without_unknown(message: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let (mut rest, mut kept, mut enums) = (message, Vec::new(), [false; 2]);
        while !rest.is_empty() {
            let start = rest;
            let (number, wire_type) = decode_key(&mut rest)?;
            let mut value = rest;
            skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
            let is_known = match number {
                1 => wire_type == WireType::LengthDelimited,
                2..=6 | 8 => wire_type == WireType::Varint,
                _ => false,
            };
            if is_known && matches!(number, 5 | 8) {
                let value = decode_varint(&mut value)? as i32;
                let (had, last) = if number == 5 { (&mut enums[0], 5) } else { (&mut enums[1], 4) };
                if *had && !(0..=last).contains(&value) {
                    continue;
                }
                *had = true;
            }
            if is_known {
                kept.extend_from_slice(&start[..start.len() - rest.len()]);
            }
        }
        Ok(kept)
    }

    /// A key that is read straight is, by the rules of every profile, the key that the loop reads. `true` if it is one.
    fn assert_as_the_loop(message: &[u8]) -> bool {
        let Some(key) = usual(message) else { return false };
        for profile in Profile::ALL {
            let mut ignored = Tally::new();
            let raw = RawKey::ordinary(message).expect("whatever is usual is ordinary");
            assert_eq!(diagnosis_key(&raw, profile, &mut ignored), Ok(key), "{message:?}");
            assert_eq!(ignored.total(), 0, "{message:?}");
        }
        true
    }

    /// What `decode` says of a message is what `prost` alone says of it without what is unknown.
    fn assert_as_prost(message: &[u8]) {
        assert_as_the_loop(message);
        let expected = without_unknown(message).and_then(|kept| proto::TemporaryExposureKey::decode(&*kept));
        let found = decode(message, |key| assert_eq!(*key, RawKey::from(expected.as_ref().unwrap()), "{message:?}"));
        assert_eq!(found.is_ok(), expected.is_ok(), "{message:?}: {found:?}");
        let slow = Lenient::<proto::TemporaryExposureKey>::decode(message).map(|Lenient(key)| key);
        assert_eq!(slow.ok(), expected.ok(), "{message:?}");
    }

    fn any_varint() -> impl Strategy<Value = Vec<u8>> {
        let of = |number: u64| {
            let mut bytes = Vec::new();
            prost::encoding::encode_varint(number, &mut bytes);
            bytes
        };
        prop_oneof![
            any::<u64>().prop_map(of),
            any::<i32>().prop_map(move |number| of(i64::from(number).cast_unsigned())),
            (0..300_u64).prop_map(of),
            (0..11_usize, any::<u8>()).prop_map(|(long, last)| [vec![0x80; long], vec![last]].concat()),
            (0..12_usize, any::<u8>()).prop_map(|(long, last)| [vec![0xff; long], vec![last]].concat()),
        ]
    }

    fn any_field() -> impl Strategy<Value = Vec<u8>> {
        let bytes = |range| {
            (prop::collection::vec(any::<u8>(), range), 0..3_i32).prop_map(|(bytes, off)| {
                let length = (i32::try_from(bytes.len()).unwrap() + off / 2).to_le_bytes()[0];
                [vec![length], bytes].concat()
            })
        };
        let tag = prop_oneof![
            prop::sample::select(vec![0x0a, 0x10, 0x18, 0x20, 0x28, 0x30, 0x40, 0x0a, 0x18]).prop_map(|tag| vec![tag]),
            any::<u8>().prop_map(|tag| vec![tag]),
            any_varint(),
        ];
        prop_oneof![
            6 => (prop::sample::select(vec![0x10, 0x18, 0x20, 0x28, 0x30, 0x40]), any_varint())
                .prop_map(|(tag, value)| [vec![tag], value].concat()),
            4 => bytes(16..17).prop_map(|bytes| [vec![0x0a], bytes].concat()),
            2 => bytes(0..20).prop_map(|bytes| [vec![0x0a], bytes].concat()),
            2 => (prop::sample::select(vec![0x28, 0x40]), 0..10_u8).prop_map(|(tag, value)| vec![tag, value]),
            2 => (tag, prop_oneof![any_varint(), bytes(0..20), prop::collection::vec(any::<u8>(), 0..12)])
                .prop_map(|(tag, value)| [tag, value].concat()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8192, ..ProptestConfig::default() })]

        #[test]
        fn any_fields_in_any_order_read_as_prost_reads_them(
            fields in prop::collection::vec(any_field(), 0..12),
            cut in prop::option::of(any::<prop::sample::Index>()),
            flip in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        ) {
            let mut message = fields.concat();
            if let (Some((at, bits)), false) = (flip, message.is_empty()) {
                let at = at.index(message.len());
                message[at] ^= bits;
            }
            let end = cut.map_or(message.len(), |cut| cut.index(message.len() + 1));
            assert_as_prost(&message[..end]);
        }

        /// Nearly what servers write: values up to the limits and over them, fields that are missing, twice or
        /// elsewhere.
        #[test]
        fn fields_in_their_order_read_as_the_loop_and_prost_read_them(
            key_data in prop::collection::vec(any::<u8>(), 15..18),
            start in prop_oneof![4 => 2_600_000..2_900_000_u64, 1 => any::<u64>(), 1 => 0..1_u64 << 29],
            values in [0..10_u64, 0..300, 0..7, 0..31, 0..6],
            present in any::<[bool; 5]>(),
            moved in prop::option::weighted(0.3, (any::<prop::sample::Index>(), any::<prop::sample::Index>())),
            bent in prop::option::weighted(0.3, (any::<prop::sample::Index>(), any::<u8>())),
        ) {
            let number = |tag: u8, value: u64| {
                let mut field = vec![tag];
                prost::encoding::encode_varint(value, &mut field);
                field
            };
            let optional = |field: usize, tag: u8| if present[field] { number(tag, values[field]) } else { Vec::new() };
            let key_data = [&[tag::KEY_DATA, key_data.len().to_le_bytes()[0]], &key_data[..]].concat();
            let mut fields = vec![
                key_data,
                optional(0, tag::TRANSMISSION_RISK_LEVEL),
                number(tag::ROLLING_START_INTERVAL_NUMBER, start),
                optional(1, tag::ROLLING_PERIOD),
                optional(2, tag::REPORT_TYPE),
                optional(3, tag::DAYS_SINCE_ONSET_OF_SYMPTOMS),
                optional(4, tag::VARIANT_OF_CONCERN),
            ];
            if let Some((from, to)) = moved {
                let field = fields[from.index(fields.len())].clone();
                fields.insert(to.index(fields.len() + 1), field);
            }
            let mut message = fields.concat();
            if let Some((at, bits)) = bent {
                let at = at.index(message.len());
                message[at] ^= bits;
            }
            assert_as_prost(&message);
        }

        #[test]
        fn any_bytes_read_as_prost_reads_them(message in prop::collection::vec(any::<u8>(), 0..60)) {
            assert_as_prost(&message);
        }
    }

    /// As Google's protobuf 7.36 for Python reads it, in both of its implementations.
    #[test]
    fn a_known_field_of_another_wire_type_is_unknown() {
        let expected = decode(&[0x10, 3, 0x18, 7], |key| format!("{key:?}")).unwrap();
        // Each field as a number, as eight bytes, as four, as bytes, and as a group around a number.
        for field in 1..=8_u8 {
            let of = |wire_type: u8, value: &[u8]| [&[field << 3 | wire_type], value].concat();
            let group = [&of(3, &[0x08, 1])[..], &[field << 3 | 4]].concat();
            let forms = [of(0, &[1]), of(1, &[1; 8]), of(2, &[1, 1]), of(5, &[1; 4]), group];
            let right = match field {
                1 => 2,
                7 => 9,
                _ => 0,
            };
            for wrong in forms.iter().filter(|form| form[0] & 7 != right) {
                let message = [&[0x10, 3][..], wrong, &[0x18, 7]].concat();
                assert_eq!(decode(&message, |key| format!("{key:?}")), Ok(expected.clone()), "{wrong:?}");
            }
        }
        assert!(decode(&[0x0c], |_| ()).is_err(), "the end of a group that was not begun");
        assert!(decode(&[0x2f, 1], |_| ()).is_err(), "there is no wire type 7");
    }

    /// As Google's protobuf 7.36 for Python reads it, but for the value that is kept to be counted.
    #[test]
    fn an_unknown_value_of_an_enum_leaves_the_value_before() {
        let read = |message: &[u8]| decode(message, |key| (key.report_type, key.variant_of_concern)).unwrap();
        assert_eq!(read(&[0x28, 1, 0x28, 9, 0x40, 2, 0x40, 5]), (Some(1), Some(2)));
        assert_eq!(read(&[0x28, 9, 0x28, 1, 0x40, 5, 0x40, 2]), (Some(1), Some(2)));
        assert_eq!(read(&[0x28, 1, 0x28, 3, 0x28, 6]), (Some(3), None));
        assert_eq!(read(&[0x28, 9, 0x40, 7]), (Some(9), Some(7)), "kept, to be counted");
        // The same, out of the ordinary: a tag of two bytes.
        assert_eq!(read(&[0xa8, 0, 1, 0x28, 9]), (Some(1), None));
    }

    #[test]
    fn keys_as_servers_write_them_are_read_straight() {
        let window = |start, period| {
            RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::new(period).unwrap()).unwrap()
        };
        let limits = [(0, 0, None, 0), (8, 5, DaysSinceOnset::new(-14), 4), (1, 1, DaysSinceOnset::new(14), 1)];
        for start in [1 << 21, 2_650_032, (1 << 28) - 1] {
            for period in [1, 127, 128, 143, 144] {
                for (level, report_type, days_since_onset_of_symptoms, variant) in limits {
                    let key = DiagnosisKey {
                        transmission_risk_level: TransmissionRiskLevel::new(level).unwrap(),
                        report_type: ReportType::from_number(report_type),
                        days_since_onset_of_symptoms,
                        variant_of_concern: VariantOfConcern::new(variant).unwrap(),
                        ..DiagnosisKey::new([7; 16], window(start, period))
                    };
                    let message = crate::export::keys::message(&key).unwrap();
                    assert_eq!(usual(&message.encode_to_vec()), Some(key));
                    // Some write a period of 144 and a 0, too.
                    let message = proto::TemporaryExposureKey {
                        rolling_period: Some(period.cast_signed()),
                        transmission_risk_level: Some(level),
                        ..message
                    };
                    let message = message.encode_to_vec();
                    assert_eq!(usual(&message), Some(key));
                    assert!(assert_as_the_loop(&message));
                }
            }
        }
        // Whatever depends on the profile, and whatever is counted, is not.
        let key = [&[tag::KEY_DATA, 16][..], &[7; 16], &[tag::ROLLING_START_INTERVAL_NUMBER, 0xf0, 0xde, 0xa1, 0x01]];
        assert!(assert_as_the_loop(&key.concat()));
        for more in [[0x20, 0], [0x28, 6], [0x30, 29], [0x40, 5], [0x20, 0x91], [0x38, 1]] {
            assert_eq!(usual(&[&key.concat()[..], &more].concat()), None, "{more:?}");
            assert_eq!(usual(&[&key.concat()[..], &more, &[1]].concat()), None, "{more:?}");
        }
    }

    #[test]
    fn an_ordinary_key_does_not_need_prost() {
        let key = proto::TemporaryExposureKey {
            key_data: Some(vec![7; 16].into()),
            transmission_risk_level: Some(-1),
            rolling_start_interval_number: Some(2_650_032),
            rolling_period: Some(144),
            report_type: Some(1),
            days_since_onset_of_symptoms: Some(i32::MIN),
            variant_of_concern: Some(4),
        };
        let message = key.encode_to_vec();
        assert_eq!(RawKey::ordinary(&message), Some(RawKey::from(&key)));
        let unknown =
            [&message[..], &[0x38, 1, 0x7a, 2, 3, 4, 0x49, 1, 2, 3, 4, 5, 6, 7, 8, 0x55, 1, 2, 3, 4]].concat();
        assert_eq!(RawKey::ordinary(&unknown), Some(RawKey::from(&key)));
    }
}
