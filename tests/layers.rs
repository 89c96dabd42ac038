//! The arrows between the crate's modules point one way: what lies below knows nothing of what lies above.

use std::fs;
use std::path::Path;

/// Each module with those that it may use.
const LAYERS: [(&str, &[&str]); 16] = [
    ("names", &[]),
    ("time", &[]),
    ("tally", &["names"]),
    ("profile", &["names"]),
    ("keys", &["names", "time"]),
    ("arch", &["keys", "time"]),
    ("device", &["time", "keys"]),
    ("export", &["names", "time", "tally", "profile", "keys"]),
    ("matching", &["names", "arch", "time", "tally", "profile", "keys"]),
    ("stages", &["arch", "time", "keys", "matching"]),
    ("exposure", &["names", "time", "tally", "profile", "keys", "matching"]),
    ("lint", &["names", "time", "profile", "keys", "export", "exposure"]),
    ("scan", &["export", "matching"]),
    ("store", &["names", "time", "tally", "profile", "keys", "device", "export", "matching", "exposure"]),
    ("cocoa", &["names", "time", "keys", "export", "exposure", "profile"]),
    ("self_test", &["time", "profile", "keys", "export", "matching", "exposure"]),
];

fn sources(path: &Path) -> Vec<(String, String)> {
    if path.is_dir() {
        fs::read_dir(path).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect()
    } else {
        vec![(path.display().to_string(), fs::read_to_string(path).unwrap())]
    }
}

#[test]
fn each_module_uses_only_what_lies_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for (module, below) in LAYERS {
        let folder = root.join(module);
        let path = if folder.is_dir() { folder } else { root.join(format!("{module}.rs")) };
        for (file, text) in sources(&path) {
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                for (_, after) in line.match_indices("crate::").map(|(at, found)| line.split_at(at + found.len())) {
                    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    assert!(name == module || below.contains(&name.as_str()), "{file} uses crate::{name}: {line}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 40, "{checked} uses");
    let known =
        |name: &str| name == "lib.rs" || LAYERS.iter().any(|(module, _)| name.trim_end_matches(".rs") == *module);
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known(&name), "{name} has no layer");
    }
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
