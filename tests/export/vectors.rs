//! The files of `test-vectors/exports` and the readings of their manifest.

use gaen::Profile;
use gaen::export::{ContainerRule, ReadOptions, Trust, TrustSet, TrustedKey};
use serde_json::Value;

/// Where the files are.
pub(crate) fn folder() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../test-vectors/exports").to_owned()
}

/// What each of them is.
pub(crate) fn manifest() -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder() + "/manifest.json").unwrap()).unwrap()
}

/// Whom a reading trusts.
pub(crate) fn trust(manifest: &Value, reading: &Value) -> Trust {
    let key = |name: &Value| {
        let name = name.as_str().unwrap();
        let (id, version) = name.rsplit_once('-').unwrap();
        let pem = std::fs::read_to_string(format!("{}/{}", folder(), manifest["trust"][name].as_str().unwrap()));
        TrustedKey::new(id, version, pem.unwrap().parse().unwrap())
    };
    let mut sets = setting(manifest, reading, "trust").as_array().unwrap().iter().map(|set| {
        let mut keys = set.as_array().unwrap().iter().map(key);
        let first = TrustSet::new(keys.next().unwrap());
        keys.fold(first, TrustSet::and)
    });
    let first = Trust::new(sets.next().unwrap());
    let trust = sets.fold(first, Trust::or);
    if setting(manifest, reading, "raw_signatures") == true { trust.accept_raw_signatures() } else { trust }
}

fn setting<'v>(manifest: &'v Value, reading: &'v Value, name: &str) -> &'v Value {
    reading.get(name).unwrap_or(&manifest["defaults"][name])
}

/// How it reads.
pub(crate) fn options(manifest: &Value, reading: &Value) -> ReadOptions {
    ReadOptions {
        container: match setting(manifest, reading, "container").as_str() {
            Some("strict") => ContainerRule::Strict,
            Some("tolerant") => ContainerRule::Tolerant,
            other => panic!("container {other:?}"),
        },
        profile: match setting(manifest, reading, "profile").as_str() {
            Some("google") => Profile::Google,
            Some("apple") => Profile::AppleV1,
            other => panic!("profile {other:?}"),
        },
        ..ReadOptions::default()
    }
}
