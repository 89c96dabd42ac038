//! Wrong usage, help, and readers that leave early.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::world::World;
use crate::{folder, gaen};

#[test]
fn wrong_usage_ends_with_2() {
    let world = World::new("usage");
    let sightings = ["match", "--sightings", "heard.jsonl"];
    for args in [
        &[][..],
        &["dance"],
        &[&sightings[..], &["--", "a.zip"]].concat(),
        &[&sightings[..], &["--no-verify"]].concat(),
        &["match", "--no-verify", "a.zip", "--sightings"],
        &[&sightings[..], &["--trust", "440-v1=440.pem", "--no-verify", "a.zip"]].concat(),
        &[&sightings[..], &["--no-verify", "--require-all", "a.zip"]].concat(),
        &["match", "--no-verify", "a.zip"],
        &[&sightings[..], &["--no-verify", "--threads", "0", "a.zip"]].concat(),
        &[&sightings[..], &["--no-verify", "--threads", "1025", "a.zip"]].concat(),
        &[&sightings[..], &["--no-verify", "--max-keys", "-1", "a.zip"]].concat(),
        &[&sightings[..], &["--no-verify", "--tier", "quantum", "a.zip"]].concat(),
        &["verify", "a.zip"],
        &["verify", "--trust", "440-v1", "a.zip"],
        &["verify", "--trust", "-v1=440.pem", "a.zip"],
        &["verify", "--trust", "440-v1=missing.pem", "a.zip"],
        &["verify", "--trust", "440-v1=heard.jsonl", "a.zip"],
        &["verify", "--trust", "440-v1=440.pem", "--profile", "nokia", "a.zip"],
        &["inspect"],
        &["derive", "--tek", "75c7", "--start", "1"],
        &["derive", "--tek", "75c734c6dd1a782de7a965da5eb93125", "--start", "1", "--period", "145"],
        &["derive", "--tek", "75c734c6dd1a782de7a965da5eb93125", "--start", "4294967295"],
        &["frame", "decode", "0g"],
        &["frame", "encode", "--rpi", "00", "--aem", "00000000"],
        &["publish", "--now", "2020-09-28"],
        &["publish", "--check", "a.json", "--hmac", "a.json", "--hmac-key", "k", "--now", "2020-09-28"],
        &["completions", "cmd"],
    ] {
        let run = gaen(&world.folder, args).failed(2, &[]);
        assert_eq!(run.stdout, "", "{args:?}");
        assert_ne!(run.stderr, "", "{args:?}");
    }
}

#[test]
fn an_unknown_tier_is_answered_with_those_that_there_are() {
    let args = ["match", "--sightings", "heard.jsonl", "--no-verify", "--tier", "quantum", "a.zip"];
    let names: Vec<_> = gaen::matching::Tier::available().into_iter().map(gaen::matching::Tier::name).collect();
    gaen(&folder("tier"), &args).failed(2, &["quantum", "--tier", &names.join(", ")]);
}

#[test]
fn every_command_has_help_with_examples() {
    let folder = folder("help");
    let commands = gaen(&folder, &["--help"]).ok().stdout;
    assert!(commands.contains("Exit codes: 0 done, 1"));
    for command in [
        "match",
        "exposures",
        "explain",
        "compare",
        "inspect",
        "lint",
        "log",
        "verify",
        "derive",
        "export",
        "keygen",
        "publish",
        "frame",
        "self-test",
        "simulate",
        "store",
        "bench",
        "completions",
    ] {
        assert!(commands.contains(&format!("\n  {command} ")), "{commands}");
        let help = gaen(&folder, &[command, "--help"]).ok().stdout;
        assert!(help.contains("\nExamples:\n"), "{help}");
    }
}

#[test]
fn a_reader_may_leave_early() {
    for args in [&["completions", "bash"][..], &["derive", "--tek=75c734c6dd1a782de7a965da5eb93125", "--start=1"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gaen"))
            .current_dir(Path::new(env!("CARGO_TARGET_TMPDIR")))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert!(output.status.success());
    }
}

/// A file that takes nothing is no closed pipe: what was to be told is lost, and that is said.
#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gaen")).arg("self-test").stdout(full).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.starts_with("error: standard output: "), "{error}");
}
