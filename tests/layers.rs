//! The arrows between the crate's modules point one way: what lies below knows nothing of what lies above.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A module, the modules that it may use, and the features that it may ask for besides those of [`FOR_ALL`]: its own
/// features and those of modules below it.
///
/// A lower module that asks for a feature of an upper one knows what lies above it: it has another form for each user, and
/// nobody compiles all of them.
const LAYERS: [(&str, &[&str], &[&str]); 16] = [
    ("names", &[], &[]),
    ("time", &[], &[]),
    ("tally", &["names"], &[]),
    ("profile", &["names"], &[]),
    ("keys", &["names", "time"], &[]),
    ("arch", &["keys", "time"], &[]),
    ("device", &["time", "keys"], &[]),
    ("export", &["names", "time", "tally", "profile", "keys"], &["export"]),
    ("matching", &["names", "arch", "time", "tally", "profile", "keys"], &[]),
    ("stages", &["arch", "time", "keys", "matching"], &["stages"]),
    ("exposure", &["names", "time", "tally", "profile", "keys", "matching"], &["exposure"]),
    // Configurations are checked without files, files only where they can be read.
    ("lint", &["names", "time", "profile", "keys", "export", "exposure"], &["exposure", "export"]),
    ("search", &["keys", "export", "matching"], &["export"]),
    // A backup is a part of the store.
    (
        "store",
        &["names", "time", "tally", "profile", "keys", "device", "export", "matching", "exposure", "search"],
        &["store", "backup"],
    ),
    ("cocoa", &["names", "time", "keys", "export", "exposure", "profile"], &["cocoa"]),
    // It tests what is there.
    ("self_test", &["time", "profile", "keys", "export", "matching", "exposure"], &["export", "exposure"]),
];

/// Features of no module: what the build can do, and forms that any type may have.
const FOR_ALL: [&str; 4] = ["std", "alloc", "rayon", "serde"];

/// A crate of the workspace and the others that it may use. The crates that only measure and test are used by no other,
/// but for the benchmarks that the command offers.
const CRATES: [(&str, &[&str]); 7] = [
    ("gaen", &[]),
    ("gaen-report", &["gaen"]),
    ("gaen-simulation", &["gaen"]),
    ("gaen-bench", &["gaen", "gaen-simulation"]),
    ("gaen-secrets", &["gaen"]),
    ("gaen-guide", &["gaen"]),
    ("gaen-cli", &["gaen", "gaen-report", "gaen-simulation", "gaen-bench"]),
];

#[test]
fn each_crate_uses_only_what_lies_below_it() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert_eq!(packages.len(), CRATES.len(), "each crate has a place");
    let mut used = 0;
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let below = CRATES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name} has no place")).1;
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        for dependency in dependencies.filter(|dependency| dependency["path"].is_string()) {
            let dependency = dependency["name"].as_str().unwrap();
            assert!(below.contains(&dependency), "{name} uses {dependency}");
            used += 1;
        }
    }
    assert!(used >= CRATES.len(), "{used} uses");
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Each name that stands directly after this text in the code of a module, with its file and line.
fn named_after(text: &str, module: &str) -> Vec<(String, String, String)> {
    let folder = src().join(module);
    let path = if folder.is_dir() { folder } else { src().join(format!("{module}.rs")) };
    let mut found = Vec::new();
    for (file, source) in sources(&path) {
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            // `target_feature` is another word.
            for (at, _) in line.match_indices(text).filter(|(at, _)| !line[..*at].ends_with('_')) {
                let after = line[at + text.len()..].chars();
                let name = after.take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                found.push((file.clone(), line.to_owned(), name));
            }
        }
    }
    found
}

fn sources(path: &Path) -> Vec<(String, String)> {
    if path.is_dir() {
        fs::read_dir(path).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect()
    } else {
        vec![(path.display().to_string(), fs::read_to_string(path).unwrap())]
    }
}

#[test]
fn each_module_uses_only_what_lies_below_it() {
    let mut checked = 0;
    for (module, below, _) in LAYERS {
        for (file, line, name) in named_after("crate::", module) {
            assert!(name == module || below.contains(&name.as_str()), "{file} uses crate::{name}: {line}");
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked} uses");
    let known =
        |name: &str| name == "lib.rs" || LAYERS.iter().any(|(module, ..)| name.trim_end_matches(".rs") == *module);
    for entry in fs::read_dir(src()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known(&name), "{name} has no layer");
    }
}

#[test]
fn each_module_asks_only_for_features_of_its_own_or_below_it() {
    let mut checked = 0;
    for (module, _, features) in LAYERS {
        for (file, line, name) in named_after("feature = \"", module) {
            let is_known = FOR_ALL.contains(&name.as_str()) || features.contains(&name.as_str());
            assert!(is_known, "{file} asks for the feature {name}: {line}");
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked} features");
}

/// Every row of the table of behaviours names a test, and every test that it names is there.
#[test]
fn the_table_of_behaviours_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("docs/behaviours.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| **")).skip(1);
    let mut named = 0;
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        let [.., tests] = cells[..] else { panic!("{row}") };
        assert_eq!(cells.len(), 4, "behaviour, source, what is done and the tests: {row}");
        for named in row.split('`').skip(1).step_by(2) {
            let vector = format!("test-vectors/exports/{named}");
            let path = if named.ends_with(".zip") { vector.as_str() } else { named };
            let is_ours = named.ends_with(".zip") || named.starts_with("findings/");
            assert!(!is_ours || root.join(path).exists(), "there is no {path}");
        }
        for test in tests.split(',') {
            let (file, name) = test.trim().trim_matches('`').split_once("::").unwrap_or_else(|| panic!("{test}"));
            let source = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            // Its attribute stands between the end of what is before it and its name.
            let is_test = |at: usize| source[..at].rsplit('}').next().is_some_and(|before| before.contains("#[test]"));
            let found = source.match_indices(&format!("fn {name}(")).any(|(at, _)| is_test(at));
            assert!(found, "{file} has no test {name}");
            named += 1;
        }
    }
    assert!(named >= 80, "{named} tests");
}
