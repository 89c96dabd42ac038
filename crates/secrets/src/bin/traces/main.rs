//! Makes, uses and drops keys that a test knows, and stops for the test to read this process's memory.
//!
//! Arguments: an operation and the seed of its key. It writes a line at each stop and goes on when it is sent one.

use std::hint::black_box;
use std::io::{Read, Write};
use std::process::ExitCode;

use gaen::device::CurrentKey;
use gaen::keys::BluetoothMetadata;
use gaen::{EnIntervalNumber, KeyRing, RollingProximityIdentifier, TemporaryExposureKey};
use gaen_secrets::Known;
use zeroize::{Zeroize, Zeroizing};

mod keep_freed;

#[global_allocator]
static ALLOCATOR: keep_freed::KeepFreed = keep_freed::KeepFreed;

const NOON: u64 = 1_601_121_600;
const RPI: RollingProximityIdentifier = RollingProximityIdentifier::from_bytes([9; 16]);

type Operation = (&'static str, fn(&mut Known));

/// What the test looks at, by name. Each stops once while it holds its secret.
const OPERATIONS: [Operation; 12] = [
    ("generate", |random| {
        let key = TemporaryExposureKey::generate(random);
        held(&key);
    }),
    ("from_bytes", |random| {
        let mut bytes = Zeroizing::new([0; 16]);
        rand_core::Rng::fill_bytes(random, &mut *bytes);
        let key = TemporaryExposureKey::from_bytes(*bytes);
        bytes.zeroize(); // where it is: `drop` would be given a copy
        held(&key);
    }),
    ("identifier_key", |random| {
        let key = TemporaryExposureKey::generate(random);
        let derived = key.identifier_key();
        held(&(&key, &derived));
    }),
    ("metadata_key", |random| {
        let key = TemporaryExposureKey::generate(random);
        let derived = key.metadata_key();
        held(&(&key, &derived));
    }),
    ("identifier", |random| {
        with_key(random, |key| {
            black_box(key.identifier_key().identifier(EnIntervalNumber::new(2_642_976)));
        });
    }),
    ("identifiers", |random| {
        with_key(random, |key| {
            let mut day = [RPI; 144];
            key.identifier_key().identifiers(EnIntervalNumber::new(2_642_976), &mut day);
            black_box(day);
        });
    }),
    ("interval_of", |random| {
        with_key(random, |key| {
            black_box(key.identifier_key().interval_of(&RPI));
        });
    }),
    ("metadata", |random| {
        with_key(random, |key| {
            let key = key.metadata_key();
            let encrypted = key.encrypt(&RPI, BluetoothMetadata::v1_0(-12));
            black_box(key.decrypt(&RPI, encrypted));
        });
    }),
    ("compare", |random| {
        with_key(random, |key| {
            black_box(*key == TemporaryExposureKey::generate(&mut Known::new(0)));
        });
    }),
    ("ring", |random| {
        let mut ring = KeyRing::new();
        for day in 0..40 {
            let now = NOON + day * 86_400;
            let current = ring.rotate(now, random).expect("long before the last interval");
            if day == 0 {
                assert!(matches!(current, CurrentKey::Generated(_)));
                held(&current);
            } else {
                // Other keys, so that the first is the one that is looked for; the last of them erase it.
                black_box(current.key().key().identifier_key().identifier(EnIntervalNumber::new(1)));
            }
        }
        ring.clear();
    }),
    ("stored ring", |random| {
        let mut ring = KeyRing::new();
        let _ = ring.rotate(NOON, random).expect("long before the last interval");
        let mut text = Zeroizing::new([0; 4096]);
        let len = store(&ring, &mut text[..]);
        drop(ring);
        let ring: KeyRing = serde_json::from_slice(&text[..len]).expect("it was written above");
        text.zeroize();
        held(&ring);
    }),
    ("refused ring", |random| {
        let mut ring = KeyRing::new();
        let _ = ring.rotate(NOON, random).expect("long before the last interval");
        let mut text = Zeroizing::new([0; 4096]);
        let len = store(&ring, &mut text[..]);
        let last_digit = br#"{"keys":[{"key":""#.len() + 31;
        text[last_digit] = b'x';
        assert!(serde_json::from_slice::<KeyRing>(&text[..len]).is_err());
        held(&ring);
    }),
];

/// What the test has to find, or it would find nothing elsewhere either.
const LEAKS: [Operation; 3] = [
    ("leak: a copy on the stack", |random| {
        with_key(random, |key| {
            let copy = black_box(*key.expose_secret());
            black_box(&copy);
        });
    }),
    ("leak: a copy that was freed", |random| {
        with_key(random, |key| drop(black_box(Box::new(*key.expose_secret()))));
    }),
    ("leak: a text that grew", |random| {
        let mut ring = KeyRing::new();
        let _ = ring.rotate(NOON, random).expect("long before the last interval");
        drop(Zeroizing::new(serde_json::to_string(&ring).expect("a ring has a text")));
        held(&ring);
    }),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (name, seed) = (arguments.next().unwrap_or_default(), arguments.next().and_then(|seed| seed.parse().ok()));
    let operation = OPERATIONS.iter().chain(&LEAKS).find(|(known, _)| *known == name);
    let (Some((_, operation)), Some(seed)) = (operation, seed) else {
        eprintln!("an operation and a seed; operations: {:?}", OPERATIONS.map(|(name, _)| name));
        return ExitCode::FAILURE;
    };
    deep(16, &mut || operation(&mut Known::new(seed)));
    stop("dropped");
    ExitCode::SUCCESS
}

/// Runs it far down the stack, so that what this program does afterwards overwrites nothing of what it leaves there.
#[inline(never)]
fn deep(levels: usize, run: &mut dyn FnMut()) {
    let room = black_box([0_u8; 4096]);
    match levels {
        0 => run(),
        _ => deep(levels - 1, run),
    }
    black_box(room);
}

/// Writes a ring into room that never grows, as an app has to. Returns the length of the text.
fn store(ring: &KeyRing, mut room: &mut [u8]) -> usize {
    let len = room.len();
    serde_json::to_writer(&mut room, ring).expect("it has room");
    len - room.len()
}

fn with_key(random: &mut Known, use_it: impl FnOnce(&TemporaryExposureKey)) {
    let key = TemporaryExposureKey::generate(random);
    use_it(&key);
    held(&key);
}

/// The secret is there: a stop at which the test has to find it.
fn held<T>(secret: &T) {
    black_box(secret);
    stop("held");
    black_box(secret);
}

fn stop(name: &str) {
    println!("{name}");
    std::io::stdout().flush().expect("the test reads it");
    std::io::stdin().read_exact(&mut [0]).expect("the test sends a byte");
}
