//! Writes the Kotlin and Swift of a built library: `gaen-uniffi-bindgen LIBRARY CONFIGURATION kotlin|swift FOLDER`.
//!
//! The library must not be stripped: its symbols say what it exports.

use std::env;
use std::process::ExitCode;

use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [library, configuration, language, folder] = &arguments[..] else {
        eprintln!("usage: gaen-uniffi-bindgen LIBRARY CONFIGURATION kotlin|swift FOLDER");
        return ExitCode::FAILURE;
    };
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        other => {
            eprintln!("no language {other:?}: there are kotlin and swift");
            return ExitCode::FAILURE;
        }
    };
    let written = generate(GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: folder.into(),
        config_override: Some(configuration.into()),
        ..GenerateOptions::default()
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
