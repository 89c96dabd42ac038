//! A walk over the top-level fields of `export.bin`, one at a time, so that limits hold before anything is collected.

use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, fixed64, int32, skip_field};

use super::HEADER;
use super::error::{ExportError, shown};

/// One field of `TemporaryExposureKeyExport`. Texts and nested messages are the bytes in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'b> {
    StartTimestamp(u64),
    EndTimestamp(u64),
    Region(&'b [u8]),
    BatchNum(i32),
    BatchSize(i32),
    SignatureInfo(&'b [u8]),
    Key(&'b [u8]),
    RevisedKey(&'b [u8]),
    Unknown(u32),
}

/// The list that a key stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Keys,
    RevisedKeys,
}

impl Field<'_> {
    /// Its number on the wire.
    pub(super) fn number(&self) -> u32 {
        match self {
            Self::StartTimestamp(_) => 1,
            Self::EndTimestamp(_) => 2,
            Self::Region(_) => 3,
            Self::BatchNum(_) => 4,
            Self::BatchSize(_) => 5,
            Self::SignatureInfo(_) => 6,
            Self::Key(_) => 7,
            Self::RevisedKey(_) => 8,
            Self::Unknown(number) => *number,
        }
    }
}

/// The fields of `export.bin` in the order in which they stand, from as much of it as is in memory.
///
/// What was passed is forgotten, and of what is unknown nothing is kept: a walk is as small at the end as at its start.
pub(super) struct Walk {
    /// Where it is, counted from the start of `export.bin`.
    offset: u64,
    /// How long `export.bin` is.
    total: u64,
    /// The longest field that is held in one piece.
    field_bytes: usize,
    /// Bytes of an unknown field that are still to be passed.
    to_pass: u64,
    /// The numbers of the groups that are open, at most as many as `prost` allows. They are always unknown.
    groups: Vec<u32>,
    /// Where the outermost of them begins.
    groups_start: u64,
}

/// A key and the number after it, a length or a value: two varints.
const LONGEST_START: usize = 20;

/// `prost`'s limit on groups within groups.
const MOST_GROUPS: usize = 100;

/// The message of a key (7) or a revised key (8) that comes next, if it is whole and its length takes one byte, and
/// what follows it.
#[inline(always)]
fn short_key(buf: &[u8], longest: usize) -> Option<(List, &[u8], &[u8])> {
    let [tag @ (0x3a | 0x42), length, rest @ ..] = buf else { return None };
    let length = usize::from(*length);
    let (message, rest) = rest.split_at_checked(length).filter(|_| length <= longest)?;
    Some((if *tag == 0x3a { List::Keys } else { List::RevisedKeys }, message, rest))
}

impl Walk {
    /// From the end of the header.
    pub(super) fn new(total: u64, field_bytes: usize) -> Self {
        let offset = HEADER.len() as u64;
        Self { offset, total, field_bytes, to_pass: 0, groups: Vec::new(), groups_start: 0 }
    }

    /// The next field and where it begins. `buf` holds what follows in `export.bin`, or as much of it as there is by
    /// now, and keeps what was not passed.
    ///
    /// Nothing at the end, or when more of `export.bin` is needed to go on: then as much as the limit on a field and
    /// a few bytes more are left in `buf` at most. Nothing comes after an error.
    #[inline]
    pub(super) fn next<'b>(&mut self, buf: &mut &'b [u8]) -> Result<Option<(u64, Field<'b>)>, ExportError> {
        if let Some((list, message, rest)) = self.longest_short().and_then(|longest| short_key(buf, longest)) {
            let offset = self.offset;
            self.pass(buf, rest);
            let field = match list {
                List::Keys => Field::Key(message),
                List::RevisedKeys => Field::RevisedKey(message),
            };
            return Ok(Some((offset, field)));
        }
        self.any_field(buf)
    }

    /// Passes keys and revised keys of up to 127 bytes as long as `take` takes their messages.
    #[inline]
    pub(super) fn short_fields(&mut self, buf: &mut &[u8], mut take: impl FnMut(List, &[u8]) -> Option<()>) {
        let Some(longest) = self.longest_short() else { return };
        let mut rest = *buf;
        while let Some((list, message, after)) = short_key(rest, longest) {
            if take(list, message).is_none() {
                break;
            }
            rest = after;
        }
        self.pass(buf, rest);
    }

    /// How long a key may be that is read straight; `None` within a field that is passed.
    #[inline]
    fn longest_short(&self) -> Option<usize> {
        (self.to_pass == 0 && self.groups.is_empty()).then(|| self.field_bytes.min(0x7f))
    }

    #[inline(never)]
    fn any_field<'b>(&mut self, buf: &mut &'b [u8]) -> Result<Option<(u64, Field<'b>)>, ExportError> {
        loop {
            self.pass_unknown(buf);
            let left = self.left();
            let is_between_fields = self.groups.is_empty();
            let needs_more = buf.len() < LONGEST_START && (buf.len() as u64) < left;
            if self.to_pass > 0 || needs_more || (left == 0 && is_between_fields) {
                return Ok(None);
            }
            let start = if is_between_fields { self.offset } else { self.groups_start };
            // What is not in memory yet.
            let beyond = left.saturating_sub(buf.len() as u64);
            let mut rest = *buf;
            let (number, wire_type) = decode_key(&mut rest).map_err(|e| malformed(start, &e))?;
            let field = match number {
                _ if !is_between_fields => self.in_group(number, wire_type, &mut rest, beyond)?,
                // As to Google's readers, a known field of another wire type is an unknown one.
                _ if known_wire_type(number) != Some(wire_type) => {
                    self.unknown(number, wire_type, &mut rest, beyond)?
                }
                1 => Some(Field::StartTimestamp(scalar(start, |v, c| fixed64::merge(wire_type, v, &mut rest, c))?)),
                2 => Some(Field::EndTimestamp(scalar(start, |v, c| fixed64::merge(wire_type, v, &mut rest, c))?)),
                4 => Some(Field::BatchNum(scalar(start, |v, c| int32::merge(wire_type, v, &mut rest, c))?)),
                5 => Some(Field::BatchSize(scalar(start, |v, c| int32::merge(wire_type, v, &mut rest, c))?)),
                3 | 6 | 7 | 8 => {
                    let Some(bytes) = self.in_one_piece(number, &mut rest, beyond)? else {
                        return Ok(None);
                    };
                    Some(match number {
                        3 => Field::Region(bytes),
                        6 => Field::SignatureInfo(bytes),
                        7 => Field::Key(bytes),
                        _ => Field::RevisedKey(bytes),
                    })
                }
                _ => self.unknown(number, wire_type, &mut rest, beyond)?,
            };
            self.pass(buf, rest);
            if let Some(field) = field {
                return Ok(Some((start, field)));
            }
        }
    }

    /// The bytes of a text or a nested message, if all of them are there.
    fn in_one_piece<'b>(&self, field: u32, rest: &mut &'b [u8], beyond: u64) -> Result<Option<&'b [u8]>, ExportError> {
        let offset = self.offset;
        let found = decode_varint(rest).map_err(|e| malformed(offset, &e))?;
        check_length(offset, found, rest, beyond)?;
        let limit = self.field_bytes;
        let length = usize::try_from(found).unwrap_or(usize::MAX);
        if length > limit {
            return Err(ExportError::FieldTooLong { field, offset, found, limit });
        }
        let Some((bytes, after)) = rest.split_at_checked(length) else {
            return Ok(None);
        };
        *rest = after;
        Ok(Some(bytes))
    }

    /// A field between others that the format does not know: what is short of it is passed, what is long is noted.
    fn unknown<'b>(
        &mut self,
        number: u32,
        wire_type: WireType,
        rest: &mut &[u8],
        beyond: u64,
    ) -> Result<Option<Field<'b>>, ExportError> {
        if wire_type == WireType::StartGroup {
            self.groups_start = self.offset;
            self.groups.push(number);
            return Ok(None);
        }
        self.leave_out(self.offset, number, wire_type, rest, beyond)?;
        Ok(Some(Field::Unknown(number)))
    }

    /// A field in a group; the group itself when this ends it.
    fn in_group<'b>(
        &mut self,
        number: u32,
        wire_type: WireType,
        rest: &mut &[u8],
        beyond: u64,
    ) -> Result<Option<Field<'b>>, ExportError> {
        let start = self.groups_start;
        let broken = |detail: &str| ExportError::ProtobufMalformed { offset: start, detail: detail.to_owned() };
        match wire_type {
            WireType::EndGroup if self.groups.pop() != Some(number) => Err(broken("unexpected end group tag")),
            WireType::EndGroup => Ok(self.groups.is_empty().then_some(Field::Unknown(number))),
            _ if self.groups.len() >= MOST_GROUPS => Err(broken("recursion limit reached")),
            WireType::StartGroup => {
                self.groups.push(number);
                Ok(None)
            }
            _ => self.leave_out(start, number, wire_type, rest, beyond).map(|()| None),
        }
    }

    /// Passes a value that nobody knows and that is no group.
    fn leave_out(
        &mut self,
        start: u64,
        number: u32,
        wire_type: WireType,
        rest: &mut &[u8],
        beyond: u64,
    ) -> Result<(), ExportError> {
        if wire_type != WireType::LengthDelimited {
            return skip_field(wire_type, number, rest, DecodeContext::default()).map_err(|e| malformed(start, &e));
        }
        let length = decode_varint(rest).map_err(|e| malformed(start, &e))?;
        check_length(start, length, rest, beyond)?;
        self.to_pass = length;
        Ok(())
    }

    fn left(&self) -> u64 {
        self.total.saturating_sub(self.offset)
    }

    /// Goes on to where `rest` begins.
    fn pass<'b>(&mut self, buf: &mut &'b [u8], rest: &'b [u8]) {
        let passed = buf.len().saturating_sub(rest.len());
        self.offset = self.offset.saturating_add(passed as u64);
        *buf = rest;
    }

    /// Goes on through an unknown field as far as it is in memory.
    fn pass_unknown(&mut self, buf: &mut &[u8]) {
        let passed = usize::try_from(self.to_pass).unwrap_or(usize::MAX).min(buf.len());
        self.to_pass = self.to_pass.saturating_sub(passed as u64);
        let rest = buf.get(passed..).unwrap_or_default();
        self.pass(buf, rest);
    }
}

/// The wire type of a field that the format knows.
fn known_wire_type(number: u32) -> Option<WireType> {
    match number {
        1 | 2 => Some(WireType::SixtyFourBit),
        4 | 5 => Some(WireType::Varint),
        3 | 6 | 7 | 8 => Some(WireType::LengthDelimited),
        _ => None,
    }
}

/// A field must end within `export.bin`, of which this much is in memory and so much beyond it.
fn check_length(start: u64, length: u64, rest: &[u8], beyond: u64) -> Result<(), ExportError> {
    if length > beyond.saturating_add(rest.len() as u64) {
        return Err(ExportError::ProtobufMalformed { offset: start, detail: "buffer underflow".to_owned() });
    }
    Ok(())
}

/// The error of a field that begins at this offset.
pub(super) fn malformed(offset: u64, error: &DecodeError) -> ExportError {
    ExportError::ProtobufMalformed { offset, detail: detail(error) }
}

/// What `prost` found, without the words that stand before all of its errors.
pub(super) fn detail(error: &DecodeError) -> String {
    let text = error.to_string();
    text.strip_prefix("failed to decode Protobuf message: ").unwrap_or(&text).to_owned()
}

/// Whether the 16 bytes of the header are there: the same container is used for other payloads without it.
pub(super) fn check_header(export_bin: &[u8]) -> Result<(), ExportError> {
    if export_bin.starts_with(HEADER) {
        return Ok(());
    }
    let head = export_bin.get(..HEADER.len()).unwrap_or(export_bin);
    Err(ExportError::HeaderMissing { found: shown(head), fault: header_fault(export_bin, head) })
}

/// Whether a file starts as `export.bin` does, with whatever header: it is none that should be a zip.
pub(super) fn is_export_bin(start: &[u8]) -> bool {
    const NAME: &[u8] = b"EK Export";
    let start = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start).trim_ascii_start();
    start.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME))
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What is wrong with a header, if it is nearly one.
fn header_fault(export_bin: &[u8], head: &[u8]) -> Option<&'static str> {
    const VERSION: &[u8] = b"EK Export v";
    const VERSION_1: &[u8] = b"EK Export v1";
    if !is_export_bin(export_bin) {
        return None;
    }
    Some(match head {
        _ if export_bin.starts_with(BYTE_ORDER_MARK) => "a byte order mark is in front",
        _ if head.trim_ascii_start().len() < head.len() => "blanks are in front",
        _ if head.eq_ignore_ascii_case(HEADER) => "upper and lower case are others",
        _ if HEADER.starts_with(head) => "it is cut off",
        _ => match head.strip_prefix(VERSION_1) {
            Some([0, 0, 0, 0]) => "the padding is NUL",
            Some([b'0'..=b'9' | b'.', ..]) => "the version is another",
            Some(_) => "the padding is another",
            None if head.starts_with(VERSION) => "the version is another",
            None => "the version is missing",
        },
    })
}

/// A field's value by one of `prost`'s merging readers.
fn scalar<T: Default>(
    offset: u64,
    merge: impl FnOnce(&mut T, DecodeContext) -> Result<(), DecodeError>,
) -> Result<T, ExportError> {
    let mut value = T::default();
    merge(&mut value, DecodeContext::default()).map_err(|e| malformed(offset, &e))?;
    Ok(value)
}

/// The numbers and wire types of the fields of a message in memory, in order, as far as the first malformed one.
pub(super) fn field_keys(mut message: &[u8]) -> impl Iterator<Item = (u32, WireType)> {
    core::iter::from_fn(move || {
        let (number, wire_type) = decode_key(&mut message).ok()?;
        skip_field(wire_type, number, &mut message, DecodeContext::default()).ok()?;
        Some((number, wire_type))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Found = (Vec<(u64, u32)>, Result<(), u64>);

    /// Numbers of fields and where they begin, and where the malformed one begins: by `prost` alone, from memory.
    fn by_prost(message: &[u8]) -> Found {
        let mut rest = message;
        let mut found = Vec::new();
        while !rest.is_empty() {
            let offset = (HEADER.len() + message.len() - rest.len()) as u64;
            let mut field = || -> Result<u32, DecodeError> {
                let (number, wire_type) = decode_key(&mut rest)?;
                skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
                Ok(number)
            };
            match field() {
                Ok(number) => found.push((offset, number)),
                Err(_) => return (found, Err(offset)),
            }
        }
        (found, Ok(()))
    }

    /// The same by a walk that is given so many bytes at a time. Short fields of some lengths are left to `next`.
    fn by_walk(message: &[u8], step: usize) -> Found {
        let mut walk = Walk::new((HEADER.len() + message.len()) as u64, 1 << 20);
        let (mut found, mut start) = (Vec::new(), 0);
        for end in (step..message.len()).step_by(step).chain([message.len()]) {
            let mut buf = &message[start..end];
            loop {
                let mut offset = walk.offset;
                walk.short_fields(&mut buf, |list, message| {
                    let number = if list == List::Keys { 7 } else { 8 };
                    (message.len() % 5 != 4).then(|| found.push((offset, number)))?;
                    offset += 2 + message.len() as u64;
                    Some(())
                });
                match walk.next(&mut buf) {
                    Ok(None) => break,
                    Ok(Some((offset, field))) => found.push((offset, field.number())),
                    Err(ExportError::ProtobufMalformed { offset, .. }) => return (found, Err(offset)),
                    Err(error) => panic!("{error}"),
                }
            }
            start = end - buf.len();
        }
        assert_eq!(start, message.len(), "all of it was passed");
        (found, Ok(()))
    }

    fn assert_same(message: &[u8], step: usize) {
        assert_eq!(by_walk(message, step), by_prost(message), "{message:?} in steps of {step}");
    }

    fn any_message() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            (0..12_u8, 0..8_u8).prop_map(|(number, wire_type)| vec![number << 3 | wire_type]),
            prop::collection::vec(any::<u8>(), 0..12),
            prop::collection::vec(Just(0xff_u8), 0..11),
            (0..40_u8).prop_map(|length| [vec![0x3a, length], vec![7; usize::from(length)]].concat()),
            (0..40_u8).prop_map(|length| [vec![0x42, length], vec![7; usize::from(length)]].concat()),
            (0..40_u8).prop_map(|length| [vec![0x4a, length], vec![7; usize::from(length)]].concat()),
            prop::collection::vec(Just(0x4b_u8), 0..110),
            prop::collection::vec(Just(0x4c_u8), 0..110),
            Just(vec![0x80, 0x80, 0x01]),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

        #[test]
        fn a_walk_in_steps_finds_what_prost_finds_in_memory(message in any_message(), step in 1..64_usize) {
            assert_same(&message, step);
            assert_same(&message, message.len().max(1));
        }
    }

    #[test]
    fn a_known_field_of_another_wire_type_is_unknown() {
        for number in 1..=8_u8 {
            for (wire_type, value) in [(0, &[1][..]), (1, &[1; 8]), (2, &[1, 1]), (5, &[1; 4]), (3, &[number << 3 | 4])]
            {
                let message = [&[number << 3 | wire_type], value].concat();
                let mut walk = Walk::new((HEADER.len() + message.len()) as u64, 100);
                let found = walk.next(&mut message.as_slice()).unwrap().unwrap().1;
                let right = match number {
                    1 | 2 => 1,
                    4 | 5 => 0,
                    _ => 2,
                };
                assert_eq!(found == Field::Unknown(number.into()), wire_type != right, "{number} {wire_type}");
            }
        }
    }

    #[test]
    fn a_header_that_is_nearly_one_is_told_what_is_wrong() {
        for (start, expected) in [
            (&b"EK Export v1\0\0\0\0\x09"[..], Some("the padding is NUL")),
            (b"EK Export v1\t\t\t\t", Some("the padding is another")),
            (b"EK Export v1   \x09\x80", Some("the padding is another")),
            (b"EK Export v2    ", Some("the version is another")),
            (b"EK Export v1.5  ", Some("the version is another")),
            (b"EK Export v10   ", Some("the version is another")),
            (b"EK Export       ", Some("the version is missing")),
            (b"ek export v1    ", Some("upper and lower case are others")),
            (b"\xef\xbb\xbfEK Export v1    ", Some("a byte order mark is in front")),
            (b"\nEK Export v1    ", Some("blanks are in front")),
            (b"EK Export v1", Some("it is cut off")),
            (b"EK", None),
            (b"<!DOCTYPE html>", None),
        ] {
            let Err(ExportError::HeaderMissing { fault, .. }) = check_header(start) else {
                panic!("{start:?}");
            };
            assert_eq!(fault, expected, "{start:?}");
            assert_eq!(is_export_bin(start), expected.is_some(), "{start:?}");
        }
        assert_eq!(check_header(b"EK Export v1    \x09"), Ok(()));
    }

    #[test]
    fn groups_may_be_as_deep_as_prost_allows_and_no_deeper() {
        for depth in 1..104 {
            let groups = [vec![0x4b; depth], vec![0x4c; depth]].concat();
            let with_a_number = [vec![0x4b; depth], vec![0x50, 1], vec![0x4c; depth]].concat();
            for step in [1, 7, 1000] {
                assert_same(&groups, step);
                assert_same(&with_a_number, step);
            }
        }
    }

    #[test]
    fn a_field_longer_than_the_limit_is_refused_unless_it_is_unknown() {
        for (number, is_held) in [(3, true), (6, true), (7, true), (8, true), (9, false)] {
            for (length, fits) in [(300, true), (301, false)] {
                let message = [vec![number << 3 | 2, 0xac + u8::from(!fits), 2], vec![0; length]].concat();
                let mut walk = Walk::new((16 + message.len()) as u64, 300);
                let mut buf = message.as_slice();
                let found = walk.next(&mut buf).map(|field| field.map(|(_, field)| field.number()));
                let field = u32::from(number);
                let too_long = ExportError::FieldTooLong { field, offset: 16, found: 301, limit: 300 };
                assert_eq!(found, if fits || !is_held { Ok(Some(field)) } else { Err(too_long) });
            }
        }
    }
}
