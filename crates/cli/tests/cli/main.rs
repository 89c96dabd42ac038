//! Runs the command as its users do, and looks at what it prints, writes and returns.

mod app;
mod bench;
mod command_line;
mod desk;
mod documents;
mod exports;
mod exposures;
mod fault_vectors;
mod forms;
mod japanese;
#[cfg(target_os = "linux")]
mod killed;
#[cfg(target_os = "linux")]
mod lasting;
mod lint;
mod log;
mod matching;
mod publish;
mod report;
mod report_types;
mod sightings;
mod simulate;
mod store;
mod tools;
mod windows;
mod world;

use std::ffi::OsStr;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, str};

use serde_json::Value;

/// What a run of the command did.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs the command in this folder, without a terminal.
fn gaen_with_input<A: AsRef<OsStr>>(folder: &Path, args: &[A], input: impl AsRef<[u8]>) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gaen"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    match child.stdin.take().unwrap().write_all(input.as_ref()) {
        // A command that refuses its options may be gone by now.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written.unwrap(),
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let run = Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains('\u{1b}'), "no colours and no progress in a pipe: {text}");
    }
    run
}

fn gaen<A: AsRef<OsStr>>(folder: &Path, args: &[A]) -> Run {
    gaen_with_input(folder, args, "")
}

impl Run {
    /// The one document of `--json`.
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }

    /// It worked, and had nothing to complain about.
    #[track_caller]
    fn ok(self) -> Self {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        self
    }

    /// It failed with this code and a message that contains all of these.
    #[track_caller]
    fn failed(self, code: i32, mentions: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
        for text in mentions {
            assert!(self.stderr.contains(text), "{text:?} is not in: {}", self.stderr);
        }
        self
    }
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}
