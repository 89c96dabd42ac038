//! `gaen derive`, `gaen frame`, `gaen self-test` and `gaen completions`.

use serde_json::{Value, json};

use crate::{folder, gaen};

const DERIVE: [&str; 5] = ["derive", "--tek", "75c734c6dd1a782de7a965da5eb93125", "--start", "2642976"];
const RPI: &str = "8be6cd371c5c891604bfbe49df845096";
const AEM: &str = "72033874";

#[test]
fn the_official_vector_is_derived() {
    let folder = folder("derive");
    let derived = gaen(&folder, &[&DERIVE[..], &["--metadata", "40080000", "--json"]].concat()).ok().json();
    let rpis = derived["rpis"].as_array().unwrap();
    assert_eq!(rpis.len(), 144);
    assert_eq!(rpis[0], json!({ "interval": 2_642_976, "rpi": RPI, "aem": AEM }));
    assert_eq!(
        rpis[143],
        json!({ "interval": 2_643_119, "rpi": "f431b62ecf443102ce4ed0407de54bd4", "aem": "1215e57e" })
    );
    let keys = json!({
        "tek": "75c734c6dd1a782de7a965da5eb93125", "rolling_start_interval_number": 2_642_976, "rolling_period": 144,
        "rpik": "185ad91db69ec7dd048960f1f3ba6175", "aemk": "d57c46af7a1d83965b9bed8bd152936a", "rpis": rpis,
    });
    assert_eq!(derived, keys);

    let short = gaen(&folder, &[&DERIVE[..], &["--period", "1", "--json"]].concat()).ok().json();
    assert_eq!(short["rpis"], json!([{ "interval": 2_642_976, "rpi": RPI, "aem": null }]));

    let text = gaen(&folder, &[&DERIVE[..], &["--metadata", "40080000"]].concat()).ok().stdout;
    assert!(text.contains(&format!("2642976     2020-04-02 00:00  {RPI}  {AEM}\n")), "{text}");
}

#[test]
fn frames_round_trip() {
    let folder = folder("frame");
    for (platform, length) in [("ios", 31), ("android", 28)] {
        let encode = ["frame", "encode", "--rpi", RPI, "--aem", AEM, "--platform", platform];
        let frame = gaen(&folder, &encode).ok().stdout;
        let frame = frame.trim_end();
        assert_eq!(frame.len(), 2 * length);
        let encoded = gaen(&folder, &[&encode[..], &["--json"]].concat()).ok().json();
        assert_eq!(encoded, json!({ "frame": frame, "length": length }));

        let decoded = json!({ "rpi": RPI, "aem": AEM, "platform": platform });
        let bytes: Vec<_> = (0..length).map(|byte| &frame[2 * byte..2 * byte + 2]).collect();
        for strict in [&["--strict", "--json"][..], &["--json"]] {
            for hex in [&[frame][..], &[&bytes.join(":")], &bytes] {
                let args = [&["frame", "decode"], strict, hex].concat();
                assert_eq!(gaen(&folder, &args).ok().json(), decoded);
            }
        }
    }
}

#[test]
fn other_advertisements_are_decoded_unless_strict() {
    let folder = folder("frame_other");
    let advertisement = format!("02 0a 04 15 16 6f fd {RPI} 09 09");
    let decoded = gaen(&folder, &["frame", "decode", "--json", &advertisement]).ok().json();
    assert_eq!(decoded, json!({ "rpi": RPI, "aem": "0909", "platform": Value::Null }));
    gaen(&folder, &["frame", "decode", "--strict", &advertisement])
        .failed(1, &["28 bytes (Android) or 31 bytes (iOS)"]);
    gaen(&folder, &["frame", "decode", "0201"]).failed(1, &["2 bytes, 1 are left"]);
}

#[test]
fn people_are_told_what_was_decoded() {
    let folder = folder("frame_text");
    let frame = |platform| {
        let encode = ["frame", "encode", "--rpi", RPI, "--aem", AEM, "--platform", platform];
        gaen(&folder, &encode).ok().stdout.trim_end().to_owned()
    };
    for (advertisement, platform) in [
        (frame("ios"), "iOS"),
        (frame("android"), "Android"),
        (format!("020a041716 6ffd{RPI}{AEM}"), "neither iOS's nor Android's layout"),
    ] {
        let text = gaen(&folder, &["frame", "decode", &advertisement]).ok().stdout;
        assert_eq!(text, format!("RPI       {RPI}\nAEM       {AEM}\nPlatform  {platform}\n"));
    }
}

#[test]
fn the_self_test_passes() {
    let text = gaen(&folder("self_test"), &["self-test"]).ok().stdout;
    assert_eq!(text, concat!("gaen ", env!("CARGO_PKG_VERSION"), "  ok\n"));
}

#[test]
fn there_are_completions_for_every_shell() {
    let folder = folder("completions");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = gaen(&folder, &["completions", shell]).ok().stdout;
        assert!(script.contains("--no-verify") || script.contains("no-verify"), "{shell}");
    }
}
