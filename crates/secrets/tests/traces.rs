//! What is left of a device's own key in the memory of a process that has dropped it: nothing.
//!
//! The process is `src/bin/traces`. It frees nothing, so that every block that was ever on the heap lies there as it
//! was left, and works far down its stack, so that it overwrites nothing there. All that it may write to is read from
//! outside, twice: while it holds its key, when the key has to be found, and after it has dropped it.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};

use aes::cipher::{Array, KeyInit};
use aes::{Aes128Dec, Aes128Enc};
use gaen::TemporaryExposureKey;
use gaen_secrets::Known;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

const OPERATIONS: [&str; 12] = [
    "generate",
    "from_bytes",
    "identifier_key",
    "metadata_key",
    "identifier",
    "identifiers",
    "interval_of",
    "metadata",
    "compare",
    "ring",
    "stored ring",
    "refused ring",
];

/// All that is as good as the key, in pieces of eight bytes as they may lie in memory, each with its name.
struct Needles(HashMap<u64, &'static str>);

impl Needles {
    fn of(seed: u64) -> Self {
        let mut needles = Self(HashMap::new());
        let key = key(seed);
        let tek = *key.expose_secret();
        let (rpik, aemk) = (*key.identifier_key().expose_secret(), *key.metadata_key().expose_secret());
        needles.add("TEK", &tek);
        needles.add("TEK in hexadecimal", base16ct::lower::encode_string(&tek).as_bytes());
        needles.add("RPIK", &rpik);
        needles.add("AEMK", &aemk);

        let (prk, hkdf) = Hkdf::<Sha256>::extract(None, &tek);
        needles.add("pseudorandom key", &prk);
        for (name, pad) in [("inner pad", 0x36), ("outer pad", 0x5c)] {
            needles.add(name, &prk.map(|byte| byte ^ pad));
        }
        needles.add("inner hash of the extraction", &Sha256::digest([&[0x36; 64], tek.as_slice()].concat()));
        for info in [b"EN-RPIK", b"EN-AEMK"] {
            let pad: Vec<u8> = prk.iter().copied().chain([0; 32]).map(|byte| byte ^ 0x36).collect();
            needles.add("inner hash of the expansion", &Sha256::digest([&pad, info.as_slice(), &[1]].concat()));
            let mut okm = [0; 32];
            hkdf.expand(info, &mut okm).unwrap();
            needles.add("the rest of the expanded block", &okm[16..]);
        }

        // In whatever form this build's back ends have them.
        let other = Hkdf::<Sha256>::new(None, &[1; 16]);
        needles.add_state("HMAC's states", &memory_of(&hkdf), &memory_of(&other));
        for key in [rpik, aemk] {
            let [ours, other] = [key, [1; 16]].map(|key| memory_of(&Aes128Enc::new(&Array::from(key))));
            needles.add_state("a round key", &ours, &other);
        }
        let [ours, other] = [rpik, [1; 16]].map(|key| memory_of(&Aes128Dec::new(&Array::from(key))));
        needles.add_state("a round key of the inverse", &ours, &other);
        needles
    }

    /// As bytes, and as SHA-256 has them in its words.
    fn add(&mut self, name: &'static str, secret: &[u8]) {
        let swapped: Vec<u8> = secret.chunks(4).flat_map(|word| word.iter().rev().copied()).collect();
        for piece in secret.chunks_exact(8).chain(swapped.chunks_exact(8)) {
            self.0.entry(u64::from_ne_bytes(piece.try_into().unwrap())).or_insert(name);
        }
    }

    /// What is the same for another key is no secret; and what has a zero byte may be a pointer or a count, or lie
    /// between the fields. Three in a hundred pieces of a secret are left out by that.
    fn add_state(&mut self, name: &'static str, state: &[u8], other: &[u8]) {
        for (piece, other) in state.chunks_exact(8).zip(other.chunks_exact(8)) {
            if piece != other && !piece.contains(&0) {
                self.0.entry(u64::from_ne_bytes(piece.try_into().unwrap())).or_insert(name);
            }
        }
    }

    /// Each piece that is in this memory, as often as it is there.
    fn find(&self, memory: &[u8]) -> impl Iterator<Item = u64> {
        let pieces = memory.windows(8).map(|window| u64::from_ne_bytes(window.try_into().unwrap()));
        pieces.filter(|piece| self.0.contains_key(piece))
    }

    /// Leaves out what a process has that holds another key.
    ///
    /// A hash state ends in a buffer that nobody has written to yet. In it lies what was on the stack of this process,
    /// and some of that is in every process.
    fn without_chance(mut self, operation: &str, other_seed: u64) -> Self {
        let mut run = Run::start(operation, other_seed);
        for stop in STOPS {
            for (_, pieces) in run.found_at(stop, &self) {
                for piece in pieces {
                    self.0.remove(&piece);
                }
            }
        }
        run.finish();
        self
    }

    /// How often each secret was found, by name and region.
    fn named(&self, found: &Found) -> HashMap<String, usize> {
        let mut named = HashMap::new();
        for (region, pieces) in found {
            for piece in pieces {
                *named.entry(format!("{} in {region}", self.0[piece])).or_default() += 1;
            }
        }
        named
    }
}

/// The pieces of secrets that were found, by region of memory.
type Found = HashMap<String, Vec<u64>>;

const STOPS: [&str; 2] = ["held", "dropped"];

fn key(seed: u64) -> TemporaryExposureKey {
    TemporaryExposureKey::generate(&mut Known::new(seed))
}

/// The bytes of a value of this process, read through the kernel.
fn memory_of<T>(value: &T) -> Vec<u8> {
    let mut bytes = vec![0; size_of::<T>()];
    let address = std::ptr::from_ref(value).expose_provenance() as u64;
    File::open("/proc/self/mem").unwrap().read_exact_at(&mut bytes, address).unwrap();
    bytes
}

/// A run of the program, stopped.
struct Run {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Run {
    fn start(operation: &str, seed: u64) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_traces"))
            .args([operation, &seed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits for a stop and reads all memory that the process may write to.
    fn found_at(&mut self, stop: &str, needles: &Needles) -> Found {
        assert_eq!(self.lines.next().unwrap().unwrap(), stop);
        let process = format!("/proc/{}", self.child.id());
        let memory = File::open(format!("{process}/mem")).unwrap();
        let mut found = Found::new();
        let (mut bytes, mut total) = (Vec::new(), 0);
        for line in fs::read_to_string(format!("{process}/maps")).unwrap().lines() {
            let mut fields = line.split_ascii_whitespace();
            let (range, access, name) = (fields.next().unwrap(), fields.next().unwrap(), fields.nth(3));
            if access.starts_with("rw") {
                let (start, end) = range.split_once('-').unwrap();
                let [start, end] = [start, end].map(|address| u64::from_str_radix(address, 16).unwrap());
                bytes.resize(usize::try_from(end - start).unwrap(), 0);
                memory.read_exact_at(&mut bytes, start).unwrap();
                let name = name.filter(|name| name.starts_with('[')).unwrap_or("other memory");
                found.entry(name.to_owned()).or_default().extend(needles.find(&bytes));
                total += bytes.len();
            }
        }
        assert!(total > 200_000, "{total} bytes are no heap and stack");
        self.child.stdin.as_ref().unwrap().write_all(b"\n").unwrap();
        found
    }

    fn finish(mut self) {
        assert!(self.child.wait().unwrap().success());
    }
}

/// What is found while the key is held and after it was dropped.
fn found(operation: &str) -> [HashMap<String, usize>; 2] {
    let seed = operation.bytes().fold(1, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte));
    let needles = Needles::of(seed).without_chance(operation, seed + 1);
    let mut run = Run::start(operation, seed);
    let found = STOPS.map(|stop| needles.named(&run.found_at(stop, &needles)));
    run.finish();
    found
}

#[test]
fn nothing_is_left_of_a_key_that_was_dropped() {
    let mut left = Vec::new();
    for operation in OPERATIONS {
        let [held, dropped] = found(operation);
        assert!(!held.is_empty(), "{operation}: a key that is held is not found, so the test would find none");
        println!("{operation}: held {held:?}, dropped {dropped:?}");
        if !dropped.is_empty() {
            left.push((operation, dropped));
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn what_is_left_on_purpose_is_found() {
    for (operation, name) in [
        ("leak: a copy on the stack", "TEK in [stack]"),
        ("leak: a copy that was freed", "TEK in [heap]"),
        ("leak: a text that grew", "TEK in hexadecimal in [heap]"),
    ] {
        let [_, dropped] = found(operation);
        println!("{operation}: {dropped:?}");
        assert!(dropped.contains_key(name), "{operation}: {dropped:?}");
    }
}
