//! The Rust snippets of the guide, compiled and run: `cargo test -p gaen-guide --doc`.

use std::error::Error;

use gaen::Sighting;

macro_rules! pages {
    ($($page:ident: $file:literal,)*) => {
        $(
            #[doc = include_str!(concat!("src/", $file))]
            pub mod $page {}
        )*
    };
}

pages! {
    introduction: "introduction.md",
    broadcast: "broadcast.md",
    hear: "hear.md",
    verify: "verify.md",
    matching: "match.md",
    decide: "decide.md",
    apps: "apps.md",
    explain: "explain.md",
    publish: "publish.md",
    store: "store.md",
    log: "log.md",
    lint: "lint.md",
    vectors: "vectors.md",
    benchmark: "benchmark.md",
    app: "app.md",
    platforms: "platforms.md",
}

/// What the imaginary phone of `demo/` heard. Goes to the repository's root first, from which snippets name their
/// files.
///
/// # Errors
/// The file is missing, or a line of it is no sighting.
pub fn heard() -> Result<Vec<Sighting>, Box<dyn Error>> {
    at_root()?;
    let read = |line| Ok(serde_json::from_str(line)?);
    std::fs::read_to_string("demo/sightings.jsonl")?.lines().map(read).collect()
}

/// Goes to the repository's root.
///
/// # Errors
/// It is not there any more.
pub fn at_root() -> std::io::Result<()> {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
