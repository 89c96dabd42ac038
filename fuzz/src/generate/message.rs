//! Protobuf messages, right and wrong.

use arbitrary::Arbitrary;

/// No message becomes much longer than this, which is several times the buffer of a search.
const MOST_BYTES: usize = 50_000;

/// One field of a message.
#[derive(Arbitrary, Debug)]
pub(crate) enum Field {
    Number {
        number: Number,
        value: i64,
        padding: u8,
    },
    Small {
        number: Number,
        value: i8,
    },
    Zigzag {
        number: Number,
        value: i8,
    },
    Fixed64 {
        number: Number,
        value: u64,
    },
    Fixed32 {
        number: Number,
        value: u32,
    },
    Bytes {
        number: Number,
        value: Vec<u8>,
    },
    Text {
        number: Number,
        value: String,
    },
    Message {
        number: Number,
        fields: Vec<Field>,
    },
    Group {
        start: Number,
        fields: Vec<Field>,
        end: Option<Number>,
    },
    /// A message that says it is longer or shorter than it is.
    Liar {
        number: Number,
        length: i64,
        fields: Vec<Field>,
    },
    /// A key (field 7) or a revised key (field 8).
    Key {
        revised: bool,
        key_data: [u8; 16],
        start: u16,
        period: Option<u8>,
        more: Vec<Field>,
    },
    /// The same again and again.
    Repeat {
        times: u8,
        field: Box<Field>,
    },
    Raw {
        bytes: Vec<u8>,
    },
}

/// The number of a field: mostly a small one, sometimes none that the format allows.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) struct Number(u8);

impl Number {
    fn get(self) -> u64 {
        match self.0 {
            255 => u64::MAX >> 3,
            254 => 1 << 29,
            253 => (1 << 29) - 1,
            250..=252 => 0,
            245..=249 => u64::from(self.0) * 1000,
            small => 1 + u64::from(small % 18),
        }
    }
}

/// The bytes of these fields.
pub(crate) fn encode(fields: &[Field]) -> Vec<u8> {
    let mut out = Vec::new();
    encode_all(fields, &mut out);
    out
}

fn encode_all(fields: &[Field], out: &mut Vec<u8>) {
    fields.iter().for_each(|field| field.encode(out));
}

impl Field {
    fn encode(&self, out: &mut Vec<u8>) {
        if out.len() > MOST_BYTES {
            return;
        }
        match self {
            Self::Number { number, value, padding } => {
                tag(*number, 0, out);
                varint(value.cast_unsigned(), *padding, out);
            }
            Self::Small { number, value } => {
                tag(*number, 0, out);
                varint(i64::from(*value).cast_unsigned(), 0, out);
            }
            Self::Zigzag { number, value } => {
                tag(*number, 0, out);
                let zigzag = (i64::from(*value) << 1) ^ (i64::from(*value) >> 63);
                varint(zigzag.cast_unsigned(), 0, out);
            }
            Self::Fixed64 { number, value } => {
                tag(*number, 1, out);
                out.extend(value.to_le_bytes());
            }
            Self::Fixed32 { number, value } => {
                tag(*number, 5, out);
                out.extend(value.to_le_bytes());
            }
            Self::Bytes { number, value } => bytes(*number, value, out),
            Self::Text { number, value } => bytes(*number, value.as_bytes(), out),
            Self::Message { number, fields } => bytes(*number, &encode(fields), out),
            Self::Group { start, fields, end } => {
                tag(*start, 3, out);
                encode_all(fields, out);
                tag(end.unwrap_or(*start), 4, out);
            }
            Self::Liar { number, length, fields } => {
                tag(*number, 2, out);
                varint(length.cast_unsigned(), 0, out);
                encode_all(fields, out);
            }
            Self::Key { revised, key_data, start, period, more } => {
                let mut key = Vec::new();
                bytes(Number(0), key_data, &mut key);
                tag(Number(2), 0, &mut key);
                // Intervals of the years in which there were keys.
                varint(2_640_000 + u64::from(*start), 0, &mut key);
                if let Some(period) = period {
                    tag(Number(3), 0, &mut key);
                    varint(u64::from(*period), 0, &mut key);
                }
                encode_all(more, &mut key);
                bytes(Number(if *revised { 7 } else { 6 }), &key, out);
            }
            Self::Repeat { times, field } => {
                let start = out.len();
                field.encode(out);
                // Repeats within repeats would take for ever, so what is there once is copied.
                let once = start..out.len();
                for _ in 1..*times {
                    if out.len() > MOST_BYTES {
                        break;
                    }
                    out.extend_from_within(once.clone());
                }
            }
            Self::Raw { bytes } => out.extend(bytes),
        }
    }
}

fn tag(number: Number, wire_type: u64, out: &mut Vec<u8>) {
    varint(number.get() << 3 | wire_type, 0, out);
}

fn bytes(number: Number, value: &[u8], out: &mut Vec<u8>) {
    tag(number, 2, out);
    varint(value.len() as u64, 0, out);
    out.extend(value);
}

/// A number, with up to 15 bytes more than it needs.
fn varint(mut value: u64, padding: u8, out: &mut Vec<u8>) {
    let padding = padding.saturating_sub(240);
    while value > 0x7f {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0] | if padding > 0 { 0x80 } else { 0 });
    out.extend((0..padding).map(|number| if number + 1 < padding { 0x80 } else { 0 }));
}
