//! The arrows between the crate's modules point one way: what lies below knows nothing of what lies above.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A module, the modules that it may use, and the features that it may ask for besides those of [`FOR_ALL`]: its own
/// features and those of modules below it.
///
/// A lower module that asks for a feature of an upper one knows what lies above it: it has another form for each user,
/// and nobody compiles all of them.
const LAYERS: [(&str, &[&str], &[&str]); 18] = [
    ("names", &[], &[]),
    ("time", &[], &[]),
    ("tally", &["names"], &[]),
    ("backup", &[], &["backup"]),
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
    (
        "store",
        &["names", "time", "tally", "backup", "profile", "keys", "device", "export", "matching", "exposure", "search"],
        &["store", "backup"],
    ),
    ("publish", &["names", "time", "keys", "device", "export"], &["publish"]),
    ("cocoa", &["names", "time", "keys", "export", "exposure", "profile"], &["cocoa"]),
    // It tests what is there.
    ("self_test", &["time", "profile", "keys", "export", "matching", "exposure"], &["export", "exposure"]),
];

/// Features of no module: what the build can do, and forms that any type may have.
const FOR_ALL: [&str; 4] = ["std", "alloc", "rayon", "serde"];

/// A crate of the workspace and the others that it may use. The crates that only measure and test are used by no other,
/// but for the benchmarks that the command offers.
const CRATES: [(&str, &[&str]); 24] = [
    ("gaen", &[]),
    ("gaen-report", &["gaen"]),
    ("gaen-app", &["gaen", "gaen-report"]),
    // A binding knows the facade alone.
    ("gaen-c", &["gaen-app"]),
    ("gaen-c-header", &[]),
    ("gaen-python", &["gaen-app"]),
    // Its example is what the ratio of the border is measured against.
    ("gaen-uniffi", &["gaen", "gaen-app"]),
    ("gaen-uniffi-bindgen", &[]),
    // The page's desk, and self-tests.
    ("gaen-wasm", &["gaen-app", "gaen-desk", "gaen-wasm-border"]),
    ("gaen-wasm-backup", &["gaen-app", "gaen-wasm-border"]),
    ("gaen-wasm-store", &["gaen-app", "gaen-wasm-border"]),
    ("gaen-wasm-simulation", &["gaen-simulation", "gaen-wasm-border"]),
    ("gaen-wasm-border", &[]),
    ("gaen-wasm-kernels", &["gaen"]),
    ("gaen-wasm-bindgen", &[]),
    ("gaen-simulation", &["gaen"]),
    // The meaning behind a browser's page.
    ("gaen-desk", &["gaen", "gaen-report", "gaen-app"]),
    ("gaen-bench", &["gaen", "gaen-report", "gaen-simulation"]),
    ("gaen-benches", &["gaen", "gaen-bench"]),
    ("gaen-secrets", &["gaen"]),
    ("gaen-guide", &["gaen"]),
    ("gaen-examples", &["gaen"]),
    ("gaen-tests", &["gaen"]),
    // Its tests hold the documents of the facade and of the desk against what it prints.
    ("gaen-cli", &["gaen", "gaen-report", "gaen-simulation", "gaen-bench", "gaen-app", "gaen-desk"]),
];

/// What Cargo says of each package of the workspace.
fn packages() -> Vec<serde_json::Value> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn each_crate_uses_only_what_lies_below_it() {
    let packages = packages();
    assert_eq!(packages.len(), CRATES.len(), "each crate has a place");
    let mut used = 0;
    for package in &packages {
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

/// The package of tests compiles the library's unit tests too. A feature that it does not have would leave some of them
/// out, and with another version of a dependency they would test something else.
#[test]
fn unit_tests_are_built_with_what_the_library_is_built_with() {
    let packages = packages();
    let named = |name: &str| packages.iter().find(|package| package["name"] == name).unwrap();
    let (library, tests) = (named("gaen"), named("gaen-tests"));

    let mut known: BTreeSet<_> = library["features"].as_object().unwrap().keys().map(String::as_str).collect();
    known.remove("default");
    let by_default = tests["features"]["default"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    assert_eq!(by_default.collect::<BTreeSet<_>>(), known);
    for name in known {
        assert_eq!(tests["features"][name], serde_json::json!([format!("gaen/{name}")]));
    }

    let theirs = tests["dependencies"].as_array().unwrap();
    for ours in library["dependencies"].as_array().unwrap() {
        let name = &ours["name"];
        let same = theirs.iter().find(|theirs| theirs["name"] == *name).unwrap_or_else(|| panic!("tests lack {name}"));
        for features in ours["features"].as_array().unwrap() {
            assert!(same["features"].as_array().unwrap().contains(features), "tests lack {name}/{features}");
        }
        assert_eq!((&same["req"], &same["target"]), (&ours["req"], &ours["target"]), "{name}");
    }
}

/// Files that read what lies outside of the process, each with the reason why it cannot leave that to the command. The
/// command is the one folder: reading arguments, files and the clock is what it is for.
const OUTSIDE: [(&str, &str); 25] = [
    ("crates/cli/src/", "the command"),
    ("bindings/python/src/files.rs", "a program names files by their paths"),
    ("bindings/uniffi/src/store.rs", "a backup is a file of its owner"),
    ("src/arch/detect.rs", "a variable hides features of the CPU in builds with debug assertions, for tests"),
    ("src/store/import/leveldb.rs", "a database of Google's framework is a folder"),
    ("src/store/schema.rs", "makes a store, which is a file of its owner"),
    ("src/store/untrusted.rs", "a database of another program is a file"),
    ("crates/app/src/export_file.rs", "other languages name files by their paths"),
    ("crates/app/src/own_keys.rs", "a generator that another language hands in could make weak keys"),
    ("crates/simulation/src/files.rs", "writes a world"),
    ("crates/simulation/src/tables.rs", "writes a world"),
    ("crates/bench/src/clock.rs", "measures time"),
    ("crates/bench/src/cpu.rs", "asks which CPU it measures"),
    ("crates/bench/src/lib.rs", "asks whether it is run as a test"),
    ("crates/bench/src/memory.rs", "measures memory"),
    ("crates/bench/src/record/measure.rs", "measures how long a file takes"),
    ("crates/bench/src/bin/bombs.rs", "a program that measures"),
    ("crates/bench/src/bin/border.rs", "a program that is measured"),
    ("crates/bench/src/bin/soak.rs", "a program that measures"),
    ("crates/bench/src/bin/store.rs", "a program that measures"),
    ("crates/secrets/src/bin/traces/main.rs", "a program that another one looks into"),
    ("crates/desk/src/tests.rs", "a test"),
    ("crates/report/src/kit/tests.rs", "a test"),
    ("crates/report/src/page/tests.rs", "a test"),
    ("src/arch/tests.rs", "a test"),
];

/// Clock, network, files, environment and the system's randomness.
const AMBIENT: [&str; 13] = [
    "SystemTime::now",
    "Instant::now",
    "std::net",
    "std::fs",
    "fs::read",
    "fs::write",
    "File::open",
    "File::create",
    "std::env::",
    "tempfile::",
    "OsRng",
    "SysRng",
    "rand::rng(",
];

#[test]
fn clock_network_files_and_randomness_are_read_in_the_command_alone() {
    let root = root();
    let mut used = std::collections::BTreeSet::new();
    for (file, text) in crates().flat_map(|folder| sources(&folder)) {
        let file = Path::new(&file).strip_prefix(root).unwrap().display().to_string();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if AMBIENT.iter().any(|name| line.contains(name)) {
                let is_place = |place: &str| file == place || place.ends_with('/') && file.starts_with(place);
                let known = OUTSIDE.iter().find(|(place, _)| is_place(place));
                used.insert(known.unwrap_or_else(|| panic!("{file} reads what lies outside: {line}")).0);
            }
        }
    }
    for (place, why) in OUTSIDE {
        assert!(used.contains(place), "{place} reads nothing from outside any more: {why}");
    }
}

/// The sources of each crate, those of the library last.
fn crates() -> impl Iterator<Item = PathBuf> {
    let root = root();
    let beside = ["crates", "bindings"].into_iter().flat_map(|room| fs::read_dir(root.join(room)).unwrap());
    beside.map(|entry| entry.unwrap().path().join("src")).filter(|folder| folder.is_dir()).chain([src()])
}

/// Files with `unsafe` code, each with its reason. Everywhere else the compiler refuses it.
const UNSAFE: [(&str, &str); 5] = [
    ("src/arch/", "instructions of a CPU"),
    ("crates/secrets/src/bin/traces/keep_freed.rs", "an allocator that keeps what it was given back"),
    ("crates/secrets/src/bin/constant_time/memcheck.rs", "requests to valgrind"),
    ("bindings/c/src/", "the border to C"),
    ("bindings/python/src/memory.rs", "buffers and Arrow streams of other libraries"),
];

#[test]
fn unsafe_code_stands_where_it_is_known() {
    let root = root();
    let mut used = BTreeSet::new();
    for (file, text) in crates().flat_map(|folder| sources(&folder)) {
        let file = Path::new(&file).strip_prefix(root).unwrap().display().to_string();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        if code.into_iter().any(|line| {
            ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"].iter().any(|word| line.contains(word))
        }) {
            let known = UNSAFE.iter().find(|(place, _)| file.starts_with(place));
            used.insert(known.unwrap_or_else(|| panic!("{file} has unsafe code")).0);
        }
    }
    for (place, why) in UNSAFE {
        assert!(used.contains(place), "{place} has no unsafe code any more: {why}");
    }
}

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn src() -> PathBuf {
    root().join("src")
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

/// Files that may use one another in a circle, by the ends of their paths, and why.
const CIRCLES: [(&str, &str); 1] =
    [("cli/src/args.rs", "clap derives the arguments of all commands here, and `completions` needs the whole")];

/// The parts of a file's path as a module: none for the root of a crate.
type Module = Vec<String>;

/// The paths that a tree of a `use` names: `super::{a::B, c}` names `super::a::B` and `super::c`.
fn paths(tree: &str) -> Vec<String> {
    let Some((stem, inner)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap().trim().to_owned()];
    };
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for sign in inner.rsplit_once('}').unwrap().0.chars() {
        depth += i32::from(sign == '{') - i32::from(sign == '}');
        match sign {
            ',' if depth == 0 => parts.push(String::new()),
            _ => parts.last_mut().unwrap().push(sign),
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts.iter().flat_map(|part| paths(&format!("{}{}", stem.trim(), part.trim()))).collect()
}

/// The paths that a file names, without those of its comments and tests: in a `use`, and in the midst of the code.
fn named(text: &str) -> (Vec<String>, Vec<String>) {
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let code: Vec<_> = code.lines().map(|line| line.split("//").next().unwrap()).collect();
    let (mut used, mut inline, mut lines) = (Vec::new(), Vec::new(), code.into_iter());
    while let Some(line) = lines.next() {
        let after_visibility = line
            .trim_start()
            .split_once("use ")
            .filter(|(before, _)| before.is_empty() || before.starts_with("pub") && !before.contains('{'));
        if let Some((_, tree)) = after_visibility {
            let mut tree = tree.to_owned();
            while !tree.contains(';') {
                tree.push_str(lines.next().unwrap().trim());
            }
            used.extend(paths(tree.trim_end_matches(';')));
            continue;
        }
        for start in ["super::", "crate::"] {
            for (at, _) in line.match_indices(start) {
                let path = &line[at..];
                let end = path.find(|sign: char| !sign.is_alphanumeric() && !":_".contains(sign));
                inline.push(path[..end.unwrap_or(path.len())].trim_end_matches(':').to_owned());
            }
        }
    }
    (used, inline)
}

/// The file in which the thing of this path lies, as seen from a module; through the names that files in between
/// hand on.
fn home(files: &BTreeMap<Module, (Vec<String>, Vec<String>)>, module: &[String], path: &str) -> Option<Module> {
    let mut base = module.to_vec();
    let mut parts: Vec<_> = path.split("::").map(str::to_owned).collect();
    match parts[0].as_str() {
        "crate" => base.clear(),
        "super" | "self" => {
            base.truncate(base.len() - parts.iter().filter(|part| *part == "super").count().min(base.len()));
        }
        child if files.contains_key(&[&base[..], &[child.to_owned()]].concat()) => {}
        _ => return None,
    }
    parts.retain(|part| !["crate", "super", "self"].contains(&part.as_str()));
    let full = [base, parts].concat();
    let found = (0..=full.len()).rev().map(|length| &full[..length]).find(|start| files.contains_key(*start))?;
    let (handed_on, rest) = (&files[found].0, &full[found.len()..]);
    let next = rest.first().and_then(|name| handed_on.iter().find(|path| path.rsplit("::").next() == Some(name)));
    next.filter(|next| **next != path).and_then(|next| home(files, found, next)).or_else(|| Some(found.to_vec()))
}

/// A module and its parts count as one here: its file may hand on what they hold, and they may use what it holds.
#[test]
fn no_files_use_one_another_in_a_circle() {
    let mut read = 0;
    for folder in crates() {
        let mut files = BTreeMap::new();
        for (path, text) in sources(&folder).into_iter().filter(|(path, _)| path.ends_with(".rs")) {
            let relative = Path::new(&path).strip_prefix(&folder).unwrap().with_extension("");
            let mut module: Module = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            module.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
            let is_allowed = CIRCLES.iter().any(|(allowed, _)| path.ends_with(allowed));
            files.insert(module, if is_allowed { Default::default() } else { named(&text) });
        }
        let uses = |module: &Module| -> BTreeSet<Module> {
            let (used, inline) = &files[module];
            let homes = used.iter().chain(inline).filter_map(|path| home(&files, module, path));
            homes.filter(|home| !home.starts_with(module) && !module.starts_with(home)).collect()
        };
        // What uses nothing that is left is in no circle.
        let mut left: BTreeMap<Module, BTreeSet<Module>> =
            files.keys().map(|file| (file.clone(), uses(file))).collect();
        read += left.values().map(BTreeSet::len).sum::<usize>();
        loop {
            let before = left.len();
            let all: BTreeSet<Module> = left.keys().cloned().collect();
            left.retain(|_, uses| !uses.is_disjoint(&all));
            if left.len() == before {
                break;
            }
        }
        assert!(left.is_empty(), "{}: a circle among {left:#?}", folder.display());
    }
    assert!(read > 300, "{read} uses");
}

/// Every row of the table of behaviours names a test, and every test that it names is there.
#[test]
fn the_table_of_behaviours_names_tests_that_exist() {
    let root = root();
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
