//! The header is what the source says, and holds every function that the source exports.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The crate whose header it is.
const GAEN_C: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../c");

/// The header as it has to be.
fn generated() -> String {
    let config = cbindgen::Config::from_file(format!("{GAEN_C}/cbindgen.toml")).unwrap();
    let bindings = cbindgen::Builder::new().with_crate(GAEN_C).with_config(config).generate().unwrap();
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).unwrap()
}

/// `GAEN_WRITE_HEADER=1 cargo test -p gaen-c-header` writes it.
#[test]
fn the_committed_header_is_what_the_source_says() {
    let path = Path::new(GAEN_C).join("include/gaen.h");
    if std::env::var_os("GAEN_WRITE_HEADER").is_some() {
        fs::write(&path, generated()).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap() == generated(),
        "include/gaen.h is not what cbindgen makes of the source"
    );
}

/// The names after this text.
fn names(text: &str, before: &str) -> BTreeSet<String> {
    let after = text.split(before).skip(1);
    let name = |rest: &str| rest.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
    after.map(name).collect()
}

/// cbindgen leaves out a function whose arguments it cannot say in C, and does not tell.
#[test]
fn every_exported_function_is_in_the_header() {
    let mut exported = BTreeSet::new();
    for entry in fs::read_dir(Path::new(GAEN_C).join("src")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let functions: BTreeSet<_> =
            names(&source, "extern \"C\" fn ").into_iter().filter(|name| !name.is_empty()).collect();
        let marks = source.matches("#[unsafe(no_mangle)]").count();
        assert_eq!(functions.len(), marks, "each exported function is marked, and only these: {functions:?}");
        exported.extend(functions);
    }
    let header = generated();
    let code: String = header.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])).collect();
    let declared: BTreeSet<_> = names(&code, "gaen_").into_iter().map(|name| format!("gaen_{name}")).collect();
    assert_eq!(exported, declared);
    assert!(exported.len() > 50, "{}", exported.len());
}
