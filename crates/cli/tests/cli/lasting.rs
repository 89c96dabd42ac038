//! What stays done is told even where nothing can be printed.

use std::process::{Command, Stdio};

use age::secrecy::ExposeSecret;

use crate::gaen;
use crate::world::World;

/// Commands that leave something behind, each after those whose files it needs, and what they say of it where nothing
/// can be printed.
const LASTING: [(&str, &str); 18] = [
    ("keygen --id 442 --version v1 -o k", "both key files are written"),
    (
        "export --keys keys.jsonl --region 440 --start 2020-04-02 --end 2020-04-03 --sign 442-v1=k.private.pem -o o.zip",
        "the export files are written",
    ),
    ("simulate --seed 1 --people 2 --days 1 -o world", "the world is written"),
    ("store import gaen.db heard.jsonl", "the sightings are in the store"),
    (
        "match --store gaen.db --trust 440-v1=440.pem a.zip",
        "the files are searched, and what was found is in the store",
    ),
    ("explain --store gaen.db --now 2020-04-03 --trust 440-v1=440.pem a.zip", "the files are searched"),
    ("exposures --json --store gaen.db --now 2020-04-03 --trust 440-v1=440.pem a.zip", "the files are searched"),
    (
        "exposures --sightings heard.jsonl --now 2020-04-03 --trust 440-v1=440.pem --windows-out w.json a.zip",
        "the windows are written",
    ),
    (
        "exposures --store gaen.db --now 2020-04-03 --trust 440-v1=440.pem --windows-out w.json --force a.zip",
        "the files are searched, what was found is in the store, and the windows are written",
    ),
    ("sweep w.json --preset cocoa-v2 --vary score_sum=300,600 --svg w.svg", "the drawing is written"),
    ("report --sightings heard.jsonl --now 2020-04-03 --trust 440-v1=440.pem -o r.html a.zip", "the page is written"),
    ("store export gaen.db sightings -o s.jsonl", "the file is written"),
    ("store backup gaen.db --recipient RECIPIENT -o gaen.age", "the backup is written"),
    ("store restore other.db gaen.age --identity identity.txt", "the backup is in the store"),
    ("store purge gaen.db --now 2020-04-03", "what was due is erased"),
    ("publish --hmac ring.json --hmac-key h --consent --now 2020-09-28", "the secret and the ring are written"),
    ("publish --hmac ring.json --hmac-key h --consent --now 2020-09-28", "the ring is written"),
    ("publish --hmac keys.jsonl --hmac-key k --now 2020-04-03", "the secret is written"),
];

/// Runs each of them with this standard output: exit code and standard error.
fn lasting(name: &str, stdout: impl Fn() -> Stdio) -> Vec<(&'static str, &'static str, Option<i32>, String)> {
    let world = World::new(name);
    world.write("keys.jsonl", br#"{"tek":"01010101010101010101010101010101","rolling_start_interval_number":2642976}"#);
    let mut ring = gaen::KeyRing::new();
    let _ = ring.rotate(1_601_121_600, &mut rand::rng()).unwrap();
    world.write("ring.json", &serde_json::to_vec(&ring).unwrap());
    let identity = age::x25519::Identity::generate();
    world.write("identity.txt", identity.to_string().expose_secret().as_bytes());
    let run = |(line, done): (&'static str, &'static str)| {
        let arguments = line.replace("RECIPIENT", &identity.to_public().to_string());
        let mut command = Command::new(env!("CARGO_BIN_EXE_gaen"));
        let output = command.current_dir(&world.folder).args(arguments.split(' ')).stdout(stdout()).output().unwrap();
        (line, done, output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let outcomes = LASTING.map(run).to_vec();
    // It was all done indeed.
    for file in [
        "k.private.pem",
        "o.zip",
        "world/truth.json",
        "r.html",
        "s.jsonl",
        "gaen.age",
        "other.db",
        "w.json",
        "w.svg",
        "h",
    ] {
        assert!(world.folder.join(file).exists(), "{file}");
    }
    let look = gaen(&world.folder, &["store", "look", "gaen.db", "--json"]).ok().json();
    assert_eq!((&look["counts"]["sightings"], &look["counts"]["files"]), (&7.into(), &1.into()));
    outcomes
}

#[test]
fn what_was_done_is_told_where_nothing_can_be_printed() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap().into();
    for (line, done, code, error) in lasting("lasting_full", full) {
        let begins = error.starts_with("error: standard output: No space left");
        assert!(code == Some(1) && begins && error.contains(&format!("; but {done}")), "{line}: {code:?} {error}");
    }
    let closed = || std::io::pipe().unwrap().1.into();
    for (line, done, code, error) in lasting("lasting_closed", closed) {
        let told = error.starts_with(&format!("warning: standard output was closed early, but {done}"));
        assert!(code == Some(0) && told, "{line}: {code:?} {error}");
    }
    // With a secret that is there and keys that are in no ring, nothing is written.
    let world = World::new("lasting_hmac");
    world.write("keys.jsonl", br#"{"tek":"01010101010101010101010101010101","rolling_start_interval_number":2642976}"#);
    world.write("h", b"AQIDBAUGBwgJCgsMDQ4PEA==");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gaen"));
    let arguments = ["publish", "--hmac", "keys.jsonl", "--hmac-key", "h", "--now", "2020-04-03"];
    let output = command.current_dir(&world.folder).args(arguments).stdout(closed()).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
    // Without files nothing was searched, and nothing is said of it.
    let world = World::new("lasting_nothing");
    gaen(&world.folder, &["store", "import", "gaen.db", "heard.jsonl"]).ok();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gaen"));
    let output = command.current_dir(&world.folder).args(["match", "--store", "gaen.db"]).stdout(closed()).output();
    let error = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(!error.contains("closed early") && error.contains("no export file was searched"), "{error}");
}
