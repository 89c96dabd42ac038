//! What can be known of the words and the colours without a report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gaen::exposure::NotJudged;
use gaen::matching::DropReason;

use super::facts::Facts;
use super::shell::STYLE;
use super::story::Counts;
use crate::Language;

/// All of `src/exposure`, tests aside.
fn exposure_sources() -> String {
    fn read(folder: &Path, sources: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, sources);
            } else {
                let source = fs::read_to_string(path).unwrap();
                sources.push_str(source.split("#[cfg(test)]\nmod tests").next().unwrap());
            }
        }
    }
    let mut sources = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/exposure"), &mut sources);
    sources
}

/// The names that follow on this text, in quotes.
fn quoted_after<'s>(source: &'s str, text: &str) -> Vec<&'s str> {
    let quoted = |rest: &'s str| rest.trim_start().strip_prefix('"')?.split('"').next();
    source.split(text).skip(1).filter_map(quoted).collect()
}

/// Every code that a reason of the library can have.
fn codes() -> BTreeSet<String> {
    let sources = exposure_sources();
    let mut codes: BTreeSet<_> = quoted_after(&sources, "Reason::new(").into_iter().collect();
    // The constructors of a reason; those of weaknesses are checked below.
    let reasons = sources.split("impl Reason {").nth(1).unwrap().split("fn silenced()").next().unwrap();
    codes.extend(quoted_after(reasons, "Self::new("));
    assert!(codes.len() > 15, "{codes:?}");
    // The list in the documentation of `DecisionReason::code`.
    let reason = sources.split("pub struct DecisionReason {").nth(1).unwrap().split("pub code").next().unwrap();
    let list = reason.rsplit("pub verdict").next().unwrap();
    codes.extend(list.split('`').skip(1).step_by(2).filter(|code| !code.contains("::")));
    assert!(codes.contains("condition_not_met") && codes.contains("risk_score"), "{codes:?}");
    codes.extend(NotJudged::ALL.map(NotJudged::code));
    codes.into_iter().map(str::to_owned).chain(DropReason::ALL.map(|reason| reason.name().to_owned())).collect()
}

#[test]
fn every_reason_has_a_sentence_in_every_language() {
    for language in Language::ALL {
        let words = language.words();
        let mut sentences = BTreeSet::new();
        for code in codes() {
            let sentence = words.known_reason(&code, &Facts::default());
            let sentence = sentence.unwrap_or_else(|| panic!("no {} sentence for {code}", words.code()));
            let end = if language == Language::Japanese { '。' } else { '.' };
            assert!(sentence.ends_with(end), "{sentence}");
            let is_japanese = sentence.contains(|sign| matches!(sign, '\u{3041}'..='\u{9fff}'));
            assert_eq!(language == Language::Japanese, is_japanese, "{sentence}");
            assert!(sentences.insert(sentence), "{code} is not told apart");
        }
    }
}

/// Each weakness that the library names, and each kind of key that is not shown.
#[test]
fn every_weakness_has_a_sentence_in_every_language() {
    let sources = exposure_sources();
    let told = sources.split("fn silenced()").nth(1).unwrap();
    let codes = quoted_after(told.split("silenced.into_iter()").next().unwrap(), "Self::new(");
    assert_eq!(codes, ["key_silenced", "scan_silenced", "scan_displaced", "seconds_negative"]);
    for language in Language::ALL {
        let words = language.words();
        let sentences: BTreeSet<_> = codes.iter().map(|code| words.weakness(code, 7).unwrap()).collect();
        assert!(sentences.len() == codes.len() && sentences.iter().all(|sentence| sentence.contains('7')));
        assert_eq!(words.weakness("new_code", 7), None);
        let counts = Counts { withdrawn: 2, unused: 3, other_period: 4, ..Counts::default() };
        let [withdrawn, unused, other_period] = &words.unshown(&counts)[..] else { panic!("not three sentences") };
        assert!(withdrawn.contains('2') && unused.contains('3') && other_period.contains('4'));
    }
}

#[test]
fn a_reason_without_a_sentence_is_told_in_the_words_of_the_library() {
    for language in Language::ALL {
        assert_eq!(language.words().reason("new_code", "its text", &Facts::default()), "its text");
    }
}

/// The colours of a scheme by name: of the light one, and the same as the dark one changes it.
fn schemes() -> [BTreeMap<&'static str, [f64; 3]>; 2] {
    let (light, dark) = STYLE.split_once("prefers-color-scheme: dark").unwrap();
    let dark = dark.split_once("\n}").unwrap().0;
    let colours = |part: &'static str| {
        let pairs = part.split("--").skip(1).filter_map(|pair| pair.split(';').next()?.split_once(": #"));
        pairs.map(|(name, hex)| {
            let channel = |place: usize| f64::from(u8::from_str_radix(&hex[place..place + 2], 16).unwrap());
            (name, [0, 2, 4].map(channel))
        })
    };
    let light: BTreeMap<_, _> = colours(light).collect();
    let mut both = light.clone();
    let dark: BTreeMap<_, _> = colours(dark).collect();
    assert!(light.keys().eq(dark.keys()), "both schemes have the same colours");
    both.extend(dark);
    [light, both]
}

/// The contrast of WCAG 2: 1 to 21.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|channel| match channel / 255.0 {
            dark @ ..=0.04045 => dark / 12.92,
            light => ((light + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn colours_can_be_told_apart() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
    const TEXT: [(&str, &[&str]); 10] = [
        ("unknown", &["unknown-card"]),
        ("text", &["page", "card", "notify-card", "fine-card", "unknown-card", "zone-0", "zone-1", "zone-2", "zone-3"]),
        ("quiet", &["page", "card"]),
        ("link", &["page", "card"]),
        ("page", &["text"]),
        ("notify", &["notify-card"]),
        ("fine", &["fine-card"]),
        ("scored", &["scored-card"]),
        ("matched", &["matched-card"]),
        ("missed", &["missed-card"]),
    ];
    // What is drawn needs less than text does.
    const DRAWN: [(&str, &[&str]); 5] = [
        ("scan", &["page", "zone-2", "zone-3"]),
        ("threshold", &["zone-0", "zone-1", "zone-2", "zone-3", "scan", "page"]),
        ("strongest", &["zone-0", "zone-1", "zone-2", "zone-3"]),
        ("holds", &["zone-2"]),
        ("notify", &["zone-2", "page"]),
    ];
    for colours in schemes() {
        for (pairs, least) in [(&TEXT[..], 4.5), (&DRAWN[..], 3.0)] {
            for (above, below) in pairs.iter().flat_map(|(above, all)| all.iter().map(move |below| (above, below))) {
                let found = contrast(colours[above], colours[below]);
                assert!(found >= least, "{above} on {below}: {found:.2}, needed are {least}");
            }
        }
    }
}
