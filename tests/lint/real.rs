//! Real files of real servers: `GAEN_REAL_EXPORTS` names the folder with them.

use gaen::Profile;
use gaen::export::ReadOptions;
use gaen::exposure::Configuration;
use gaen::lint::{InspectedFile, LintCode, LintOptions, lint, lint_files};

#[test]
fn real_files_have_the_lints_that_are_known_of_them() {
    let Some(folder) = std::env::var_os("GAEN_REAL_EXPORTS").map(std::path::PathBuf::from) else {
        eprintln!("GAEN_REAL_EXPORTS is not set: NO real file is linted");
        return;
    };
    let mut all = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "zip" || extension == "bin"));
    paths.sort();
    assert!(paths.len() >= 14, "{} files", paths.len());
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let inspected = InspectedFile::of(&name, &std::fs::read(&path).unwrap(), &ReadOptions::default());
        let lints = lint_files(std::slice::from_ref(&inspected), None, &LintOptions::default());
        let has = |code| lints.iter().any(|lint| lint.code == code);
        assert_eq!(has(LintCode::FileUnreadable), inspected.report.problem.is_some(), "{name}: {lints:#?}");
        assert_eq!(has(LintCode::FileUnreadable), name.contains("valueset"), "{name}: {lints:#?}");
        if name.starts_with("cocoa") {
            let one_day = LintOptions { one_day: true, ..LintOptions::default() };
            let lints = lint_files(std::slice::from_ref(&inspected), None, &one_day);
            let has = |code| lints.iter().any(|lint| lint.code == code);
            // COCOA did not pad, and filled in the infos that phones ask for.
            assert!(has(LintCode::TooFewKeys), "{name}: {lints:#?}");
            assert!(!has(LintCode::SeveralDays) && !has(LintCode::AlgorithmUnsupported), "{name}: {lints:#?}");
        }
        all.push(inspected);
    }
    for profile in Profile::ALL {
        let options = LintOptions { profile, ..LintOptions::default() };
        let lints = lint(&Configuration::default(), &all, &options);
        assert!(lints.iter().all(|lint| lint.sentence.len() < 400 && !lint.sentence.contains('\n')), "{lints:#?}");
    }
}
