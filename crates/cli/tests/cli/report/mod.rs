//! The page of `gaen report`: well formed, self-contained, silent about what is not to be told, the same every time.
//!
//! `.ci/browser` opens the pages that these tests leave behind.

mod html;
mod week;

use std::fs;

use base64ct::{Base64, Encoding};
use gaen::exposure::PlatformConfiguration;
use gaen::exposure::Preset;
use gaen::keys::BluetoothMetadata;
use gaen::{EnIntervalNumber, Profile};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Run, gaen};
use html::{Element, Page};
use week::{FIRST_DAY, HOSTILE, NOW, Week};

/// Writes a page of the week and reads it.
fn page(week: &Week, name: &str, args: &[&str]) -> String {
    write(week, name, args, &["week.zip"]).ok();
    fs::read_to_string(week.folder.join(name)).unwrap()
}

/// Writes a page of these files.
fn write(week: &Week, name: &str, args: &[&str], files: &[&str]) -> Run {
    let common = ["report", "--trust", "440-v1=week.pem", "--now", NOW, "--force", "-o", name];
    gaen(&week.folder, &[&common[..], args, &["--"], files].concat())
}

/// Writes a page where a file was rejected, and reads it.
fn page_of(week: &Week, name: &str, args: &[&str], files: &[&str]) -> String {
    write(week, name, args, files).failed(1, &["rejected"]);
    fs::read_to_string(week.folder.join(name)).unwrap()
}

/// `-o -` writes the page itself, byte by byte, and nothing beside it.
#[test]
fn a_page_may_go_to_standard_output() {
    let week = Week::new("report_stdout");
    let title = "a\u{1b}[1mb\u{9b}31m";
    let expected = page(&week, "page.html", &[&COCOA[..], &["--title", title]].concat());
    let args = ["report", "--trust", "440-v1=week.pem", "--now", NOW, "--title", title, "-o", "-"];
    let run = gaen(&week.folder, &[&args[..], &COCOA, &["week.zip"]].concat()).ok();
    assert!(expected.contains("<html") && run.stdout == expected);
    assert!(!week.folder.join("-").exists());
    // What was rejected is in the page, and in the exit code.
    let run = gaen(&week.folder, &[&args[..], &COCOA, &["week.zip", "missing.zip"]].concat());
    assert!(run.failed(1, &["1 of 2 files rejected"]).stdout.ends_with("</html>"));
}

const COCOA: [&str; 4] = ["--sightings", "week.jsonl", "--preset", "cocoa-v2"];

#[test]
fn pages_are_well_formed_and_self_contained() {
    let week = Week::new("report_pages");
    let heard = COCOA[..2].to_vec();
    let silence = ["--sightings", "silence.jsonl"];
    for (name, text) in [
        ("not-judged.html", page_of(&week, "not-judged.html", &silence, &[HOSTILE])),
        ("left-out.html", page_of(&week, "left-out.html", &silence, &["week.zip", HOSTILE])),
    ] {
        check(name, &text);
    }
    for (name, args) in [
        ("cocoa-v2.html", COCOA.to_vec()),
        ("full.html", [&COCOA[..], &["--full", "--language", "ja,en"]].concat()),
        ("cocoa-v1.html", [&heard[..], &["--preset", "cocoa-v1.1.4"]].concat()),
        ("any-score.html", [&heard[..], &["--title", "2020年8月 <b>&"]].concat()),
        ("west.html", [&heard[..], &["--profile", "documented-v2", "--utc-offset", "-03:30"]].concat()),
        ("silence.html", silence.to_vec()),
    ] {
        check(name, &page(&week, name, &args));
    }
}

fn check(name: &str, text: &str) {
    let page = Page::parse(text);
    assert!(!text.contains("://"), "{name} points to somewhere");
    for element in ["script", "link", "img", "iframe", "object", "base", "form"] {
        assert!(page.all(element).is_empty(), "{name}: {element}");
    }
    for attribute in ["style", "src", "onclick", "xmlns"] {
        assert!(page.with_attribute(attribute).is_empty(), "{name}: {attribute}");
    }
    let [style] = &page.all("style")[..] else { panic!("{name}: not one style") };
    let hash = Base64::encode_string(&Sha256::digest(style.text()));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    assert!(
        page.with_attribute("http-equiv").iter().any(|meta| meta.attribute("content").as_deref() == Some(&*policy)),
        "{name}"
    );

    let ids: Vec<_> = page.with_attribute("id").iter().filter_map(|element| element.attribute("id")).collect();
    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{name}: an id occurs twice");
    for link in page.all("a") {
        let target = link.attribute("href").unwrap();
        assert!(ids.iter().any(|id| target == format!("#{id}")), "{name}: {target}");
    }
    for header in page.all("th") {
        assert!(header.attribute("scope").is_some(), "{name}: {}", header.text());
    }
    for svg in page.all("svg") {
        // Texts and tables say what is drawn.
        assert_eq!(svg.attribute("aria-hidden").as_deref(), Some("true"), "{name}");
    }
}

/// Neither the green of "no" nor any word of calm, where nobody can say.
#[test]
fn where_nobody_can_say_the_page_says_so() {
    let week = Week::new("report_not_judged");
    let silence = ["--sightings", "silence.jsonl"];
    let judged = |language: &str, sightings: &str, files: &[&str], calm: &[&str], told: &[&str]| {
        let run = write(&week, "page.html", &["--sightings", sightings, "--language", language], files).failed(1, &[]);
        assert!(run.stdout.contains("\nCould not be judged: "), "{}", run.stdout);
        let page = Page::parse(&fs::read_to_string(week.folder.join("page.html")).unwrap());
        let text = page.all("main")[0].text();
        assert!(
            page.with_attribute("class").iter().any(|e| e.attribute("class").as_deref() == Some("verdict unknown"))
        );
        assert!(
            page.all("td").iter().all(|cell| cell.attribute("class").as_deref() != Some("nothing"))
                || sightings == "week.jsonl"
        );
        for sentence in told {
            assert!(text.contains(sentence), "{sentence} is not in: {text}");
        }
        for sentence in calm {
            assert!(!text.contains(sentence), "{sentence} is in: {text}");
        }
    };
    let english =
        ["do not notify", "No reason to notify", "no signal counts as a contact", "was heard beyond", "No signals"];
    let japanese = ["対象ではありません", "信号の記録がない", "受信していません", "数えた信号がない"];
    for (sightings, files, in_english, in_japanese) in [
        (
            "silence.jsonl",
            &[HOSTILE][..],
            &[
                "This could not be judged",
                "None of the files could be used, so nothing was searched.",
                "Of 1 file 1 could not be used",
                "This is no all-clear",
            ][..],
            &[
                "判定できませんでした",
                "使用できるファイルが一つもなかった",
                "ファイル1件のうち1件は使用できませんでした",
            ][..],
        ),
        (
            "nothing.jsonl",
            &["week.zip"],
            &["This could not be judged", "There is no record of what this phone heard."],
            &["判定できませんでした", "端末の受信記録がありません。", "接触がなかったという意味ではありません"],
        ),
    ] {
        judged("en", sightings, files, &english, in_english);
        judged("ja", sightings, files, &japanese, in_japanese);
    }
    // With one file that was searched the verdict stands, with what was left out.
    for (language, verdict, left_out) in [
        ("en", "By the rule: do not notify", "Of 2 files 1 could not be used; what they hold is not in this verdict."),
        ("ja", "判定：通知の対象ではありません", "ファイル2件のうち1件は使用できませんでした。"),
    ] {
        let args = [&silence[..], &["--language", language]].concat();
        let page = page_of(&week, "page.html", &args, &["week.zip", HOSTILE]);
        let page = Page::parse(&page);
        let cards = page.with_attribute("aria-labelledby");
        let card =
            cards.iter().find(|card| card.attribute("class").as_deref() == Some("verdict nothing")).unwrap().text();
        assert!(card.contains(verdict) && card.contains(left_out), "{card}");
    }
}

#[test]
fn a_redacted_page_tells_no_secrets() {
    let week = Week::new("report_redacted");
    let redacted = page(&week, "redacted.html", &COCOA);
    let full = page(&week, "full.html", &[&COCOA[..], &["--full"]].concat());
    for (number, key) in week.keys.iter().enumerate() {
        let tek = key.key_data.to_string();
        assert!(!redacted.contains(&tek));
        // Neither the key that was withdrawn nor the one of which nothing counts is in a full page.
        assert_eq!(full.contains(&tek), ![5, 6].contains(&number), "{number}");
    }
    let heard = fs::read_to_string(week.folder.join("week.jsonl")).unwrap();
    for sighting in heard.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        for secret in [sighting["rpi"].as_str().unwrap(), sighting["aem"].as_str().unwrap()] {
            assert!(!redacted.contains(secret) && !full.contains(secret));
        }
    }
    // The first contact began at 12:02 UTC.
    assert!(!redacted.contains("21:02") && full.contains("21:02"));
    assert!(!redacted.contains("week.zip") && full.contains("week.zip"));
    // Nothing of the key that was withdrawn, which alone was heard on 29 August.
    assert!(!full.contains("id=\"2020-08-29\"") && !redacted.contains("id=\"2020-08-29\""));
    assert!(full.contains("id=\"2020-08-27\""));
}

#[test]
fn what_comes_from_outside_is_escaped() {
    let week = Week::new("report_hostile");
    let args = ["report", "--trust", "440-v1=week.pem", "--now", NOW, "-o", "page.html", "--full", "--title", HOSTILE];
    let run = gaen(&week.folder, &[&args[..], &COCOA, &["--", "week.zip", HOSTILE]].concat());
    run.failed(1, &["1 of 2 files rejected"]);
    let text = fs::read_to_string(week.folder.join("page.html")).unwrap();
    let page = Page::parse(&text);
    assert!(page.all("script").is_empty() && !text.contains("<!--"));
    assert!(!text.contains('\u{202e}'));
    let shown = HOSTILE.replace('\u{202e}', "\\u{202e}");
    assert_eq!(page.all("title")[0].text(), shown);
    assert!(page.all("code").iter().any(|code| code.text() == shown));
    assert!(page.all("td").iter().any(|cell| cell.text().starts_with("rejected: nothing of it was used")));
}

#[test]
fn languages() {
    let week = Week::new("report_languages");
    let with = |languages: &str| page(&week, "page.html", &[&COCOA[..], &["--language", languages]].concat());
    for (languages, first, halves) in [("en", "en", 1), ("ja", "ja", 1), ("en,ja", "en", 2), ("ja,en,ja", "ja", 2)] {
        let page = Page::parse(&with(languages));
        assert_eq!(page.all("html")[0].attribute("lang").as_deref(), Some(first));
        let shown: Vec<_> = page.all("h1").iter().map(Element::text).collect();
        assert_eq!(shown.len(), halves, "{languages}");
        assert_eq!(shown[0], if first == "en" { "Exposure report" } else { "接触確認レポート" });
        assert_eq!(page.all("fieldset").len(), halves - 1, "one language needs no switch");
    }
    let (english, japanese) = (with("en"), with("ja"));
    for text in
        ["By the rule: notify", "Thursday 20 Aug 2020 (UTC day)", "20 Aug, 09:00 to 21 Aug 2020, 09:00 (UTC+09:00)"]
    {
        assert!(english.contains(text), "{text}");
    }
    for text in ["判定：通知の対象です", "2020年8月20日（木）", "日本時間：2020年8月20日 9:00から8月21日 9:00まで"]
    {
        assert!(japanese.contains(text), "{text}");
    }
    // Nothing of either is left untranslated.
    assert!(english.chars().all(|sign| !('\u{3041}'..='\u{9fff}').contains(&sign)));
    let body = Page::parse(&japanese).all("main")[0].text();
    let words: Vec<_> = body.split(|sign: char| !sign.is_ascii_alphabetic()).filter(|word| word.len() > 3).collect();
    assert!(words.iter().all(|word| ["Bluetooth", "Google", "cocoa", "COCOA"].contains(word)), "{words:?}");
}

#[test]
fn days_and_reasons() {
    let week = Week::new("report_days");
    let text = page(&week, "page.html", &[&COCOA[..], &["--language", "en"]].concat());
    for sentence in [
        "Not met: time of the day 10 min, asked is at least 15 min.",
        "By the configuration its owner was not infectious on that day, so it has no weight.",
        "It was heard over two hours before or after",
        "2 later windows of this key on this day: 1 h in all",
        "Signals of 2 diagnosis keys were heard, for 1 h 5 min in all: 20 min very near (up to 46\u{a0}dB)",
    ] {
        assert!(Page::parse(&text).all("main")[0].text().contains(sentence), "{sentence}");
    }
    let page = Page::parse(&text);
    let marks = |class: &str| {
        let cells = page.all("td");
        let of_class = cells.into_iter().filter(|cell| cell.attribute("class").as_deref() == Some(class));
        of_class.map(|cell| cell.text()).collect::<Vec<_>>()
    };
    assert_eq!(marks("notify"), ["20▲notify", "31▲notify"]);
    assert_eq!(marks("scored"), ["23◆score", "27◆score", "1 Sep◆score"]);
    assert_eq!(marks("matched"), ["25●heard"]);
    assert_eq!(marks("near-miss"), ["28○not counted"]);
    // Only of the day whose key was withdrawn are there signals beside; what they were is not told.
    assert_eq!(marks("signals"), ["29·no contact"]);
    assert_eq!(marks("nothing").len(), 7);
    // The rule of version 1 judges otherwise.
    let v1 = self::page(&week, "v1.html", &[&COCOA[..2], &["--preset", "cocoa-v1.1.4", "--language", "en"]].concat());
    for sentence in ["The largest risk score of the day is 28.", "Its product of 14 is below the minimum of 21."] {
        assert!(v1.contains(sentence), "{sentence}");
    }
}

#[test]
fn every_condition_is_told_in_words() {
    let week = Week::new("report_rule");
    let rule = |conditions: &[(&str, &str, u32)]| {
        let condition =
            |(name, op, value): &(&str, &str, u32)| ((*name).to_owned(), json!({ "op": op, "value": value }));
        let rule: serde_json::Map<_, _> = conditions.iter().map(condition).collect();
        fs::write(week.folder.join("rule.json"), serde_json::Value::from(rule).to_string()).unwrap();
    };
    let told = |name: &str, language: &str, sentences: &[&str]| {
        let args = [&COCOA[..2], &["--rule", "rule.json", "--language", language]].concat();
        let text = page(&week, name, &args);
        let text = Page::parse(&text).all("main")[0].text();
        for sentence in sentences {
            assert!(text.contains(sentence), "{sentence} is not in: {text}");
        }
    };
    rule(&[
        ("DailySummary_DaySummary_ScoreSum", ">", 1350),
        ("DailySummary_DaySummary_WeightedDurationAverage", "<", 3),
        ("ExposureWindow_ScanInstance_SecondsSinceLastScanSum", "=", 1200),
        ("ExposureWindow_ScanInstance_TypicalAttenuationDb_Max", "<=", 70),
        ("ExposureWindow_ScanInstance_TypicalAttenuationDb_Min", ">=", 20),
    ]);
    let english = "score of the day more than 1,350; mean weight of a second less than 3; time of the day exactly 20 min; \
                   largest attenuation at most 70\u{a0}dB; smallest attenuation at least 20\u{a0}dB.";
    told("rule-en.html", "en", &[&format!("Notify because of a day on which: {english}")]);
    let japanese = "1日のスコアの合計が1,350超、かつ1秒あたりの重みの平均が3未満、かつ1日の時間の合計が20分ちょうど、\
                    かつ最大の減衰が70\u{a0}dB以下、かつ最小の減衰が20\u{a0}dB以上の日があれば通知します。";
    told("rule-ja.html", "ja", &[japanese]);
    rule(&[]);
    told("no-rule.html", "en", &["Never notify: the rule has no conditions."]);
}

/// What an app's own ranges weigh, and what any one of which notifies.
#[test]
fn the_rule_of_an_app_is_told_in_words() {
    let week = Week::new("report_app");
    for (preset, language, sentences) in [
        (
            "cwa-android",
            "en",
            [
                "Notify because of a day on which: score of the day at least 9; score of the day at most 99,999.",
                "very near (up to 62\u{a0}dB) × 0.8, near (up to 72\u{a0}dB) × 1, middling (up to 78\u{a0}dB) × 0.1, \
                 far (over 78\u{a0}dB) × 0",
            ],
        ),
        (
            "enx",
            "en",
            [
                "Notify because of a day on which: score of positive tests at least 2,700, or: score of positive tests at \
                 least 1, or: score of doctors' diagnoses at least 1, or: score of own reports at least 1.",
                "very near (up to 30\u{a0}dB) × 1.5, near (up to 50\u{a0}dB) × 1, middling (up to 60\u{a0}dB) × 0.5, \
                 far (over 60\u{a0}dB) × 0",
            ],
        ),
        (
            "enx",
            "ja",
            [
                "検査による陽性のスコアの合計が2,700以上、または検査による陽性のスコアの合計が1以上、\
                 または医師の診断のスコアの合計が1以上、または自己申告のスコアの合計が1以上の日があれば通知します。",
                "「至近」（30\u{a0}dBまで） × 1.5、「近い」（50\u{a0}dBまで） × 1、「中間」（60\u{a0}dBまで） × 0.5、\
                 「遠い」（60\u{a0}dB超） × 0",
            ],
        ),
    ] {
        let args = [&COCOA[..2], &["--preset", preset, "--language", language]].concat();
        let text = Page::parse(&page(&week, "app.html", &args)).all("main")[0].text();
        for sentence in sentences {
            assert!(text.contains(sentence), "{sentence} is not in: {text}");
        }
    }
}

/// Under such a rule no day is a reason to notify, whatever its score.
#[test]
fn a_rule_whose_only_class_is_silent_never_notifies() {
    let week = Week::new("report_silent");
    let class = json!({ "name": "heard", "rank": 1, "notifies": false,
        "when": { "all": [{ "of": "score_sum", "op": ">", "value": 0 }] } });
    let rule = json!({ "name": "app", "decides": { "windows": { "scores": "daily_summaries", "classes": [class] } } });
    fs::write(week.folder.join("rule.json"), rule.to_string()).unwrap();
    for (language, rule, verdict) in [
        ("en", "Never notify: no class of the rule notifies.", "By the rule: do not notify"),
        ("ja", "通知する区分が基準にないため、通知しません。", "判定：通知の対象ではありません"),
    ] {
        let args = [&COCOA[..2], &["--rule", "rule.json", "--language", language]].concat();
        let text = Page::parse(&page(&week, "silent.html", &args)).all("main")[0].text();
        assert!(text.contains(rule), "{rule} is not in: {text}");
        assert!(text.contains(verdict), "{verdict} is not in: {text}");
    }
}

/// Immuni asked for a risk score of 20, whatever the minimum of the configuration.
#[test]
fn an_app_that_asks_for_more_than_the_minimum_says_so() {
    let week = Week::new("report_immuni");
    for (language, rule, bar) in [
        ("en", "Notify when an exposure has a risk score of at least 20 (version 1, minimum 0).", "at least 20"),
        ("ja", "リスクスコアが20以上の接触があれば通知します（旧方式、最小値0）。", "20以上"),
    ] {
        let args = [&COCOA[..2], &["--preset", "immuni-v1", "--language", language]].concat();
        let page = Page::parse(&page(&week, "immuni.html", &args));
        let text = page.all("main")[0].text();
        assert!(text.contains(rule), "{rule} is not in: {text}");
        let quiet = page.all("p").into_iter().filter(|p| p.attribute("class").as_deref() == Some("quiet"));
        assert!(quiet.map(|p| p.text()).any(|asked| asked == bar), "{bar} is no bar's in: {text}");
    }
}

/// The second condition holds on no day.
#[test]
fn only_conditions_that_a_day_meets_are_told_as_met() {
    let week = Week::new("report_met");
    let any =
        json!([{ "of": "score_sum", "op": ">=", "value": 1 }, { "of": "maximum_score", "op": ">=", "value": 999_999 }]);
    let any_score = json!([{ "of": "score_sum", "op": ">", "value": 0 }]);
    let class = |name: &str, tests| json!({ "name": name, "rank": 1, "notifies": true, "when": { "any": tests } });
    for (classes, language, told) in [
        (vec![class("near", &any)], "en", "One of several conditions is enough. Met: score of the day "),
        (
            vec![class("near", &any)],
            "ja",
            "条件のうち一つを満たせば足ります。満たしている条件は次のとおりです。1日のスコアの合計",
        ),
        (vec![class("any", &any_score), class("near", &any)], "en", "The conditions of the rule are met."),
        (vec![class("any", &any_score), class("near", &any)], "ja", "基準の条件を満たしています。"),
    ] {
        let rule =
            json!({ "name": "app", "decides": { "windows": { "scores": "daily_summaries", "classes": classes } } });
        fs::write(week.folder.join("rule.json"), rule.to_string()).unwrap();
        let args = [&COCOA[..2], &["--rule", "rule.json", "--language", language]].concat();
        let text = Page::parse(&page(&week, "met.html", &args)).all("main")[0].text();
        assert!(text.contains(told), "{told} is not in: {text}");
        assert!(!text.contains("All conditions are met") && !text.contains("条件をすべて満たしています"), "{text}");
    }
}

/// Of the one that was heard by a phone whose clock was wrong, on 28 August.
#[test]
fn what_was_heard_and_not_counted_is_no_contact() {
    let week = Week::new("report_near_miss");
    let lines = fs::read_to_string(week.folder.join("week.jsonl")).unwrap();
    let is_of_the_day = |line: &&str| line.contains("\"time\":1598595") || line.contains("\"time\":1598596");
    let lines: Vec<_> = lines.lines().filter(is_of_the_day).collect();
    fs::write(week.folder.join("late.jsonl"), lines.join("\n")).unwrap();
    for (language, sentence) in [
        ("en", "Nothing that this phone heard counts as a contact. Some signals carry identifiers of published keys"),
        ("ja", "接触として数えた信号はありません。公開された診断キーの信号のうち、"),
    ] {
        let args = ["--sightings", "late.jsonl", "--preset", "cocoa-v2", "--language", language];
        let text = Page::parse(&page(&week, "page.html", &args)).all("main")[0].text();
        assert!(text.contains(sentence), "{sentence} is not in: {text}");
    }
}

/// What the week's phone heard on these days, by their numbers.
fn heard_on(week: &Week, days: &[u64]) -> Vec<Value> {
    let text = fs::read_to_string(week.folder.join("week.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| days.contains(&((line["time"].as_u64().unwrap() - FIRST_DAY) / 86_400))).collect()
}

/// The verdict's card and the whole of a page about these sightings; the page stays for a browser to open.
fn card(week: &Week, name: &str, sightings: &[Value], args: &[&str]) -> (String, String) {
    let lines: Vec<_> = sightings.iter().map(Value::to_string).collect();
    fs::write(week.folder.join("some.jsonl"), lines.join("\n")).unwrap();
    let text = page(week, name, &[&["--sightings", "some.jsonl"], args].concat());
    check(name, &text);
    let page = Page::parse(&text);
    let is_card = |card: &&Element| card.attribute("class").is_some_and(|class| class.starts_with("verdict "));
    let card = page.all("section").iter().find(is_card).unwrap().text();
    (card, page.all("main")[0].text())
}

#[track_caller]
fn tells(text: &str, sentences: &[&str], not: &[&str]) {
    for sentence in sentences {
        assert!(text.contains(sentence), "{sentence} is not in: {text}");
    }
    for sentence in not {
        assert!(!text.contains(sentence), "{sentence} is in: {text}");
    }
}

/// Louder copies, whose metadata nobody believes, silence the contact that is a reason to notify in the guarded
/// profile.
#[test]
fn what_a_louder_record_silenced_is_told_first() {
    let week = Week::new("report_silenced");
    let copy = |sighting: &Value| {
        let time = sighting["time"].as_u64().unwrap();
        let rpi = week.keys[0].identifier_key().identifier(EnIntervalNumber::from_unix_seconds(time).unwrap());
        let aem = week.keys[0].metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(21));
        json!({ "rpi": rpi, "aem": aem, "rssi": -10, "time": time, "previous_scan": time - 300 })
    };
    let heard: Vec<_> = heard_on(&week, &[0]).into_iter().take(30).collect();
    let all: Vec<_> = heard.iter().flat_map(|sighting| [sighting.clone(), copy(sighting)]).collect();
    for (language, told, guarded, calm) in [
        (
            "en",
            "Of 1 diagnosis key nothing counts: louder signals, ",
            "the profile google-guarded, may",
            "no day meets",
        ),
        (
            "ja",
            "診断キー1件は、送信の強さを信用できない、より強い信号が、",
            "（google-guarded）",
            "満たした日はありません",
        ),
    ] {
        let args = ["--preset", "cocoa-v2", "--language", language, "--profile"];
        let read =
            |profile| card(&week, &format!("silenced-{language}.html"), &all, &[&args[..], &[profile]].concat()).0;
        tells(&read("google-guarded"), &["1"], &[told, guarded, "google-guarded"]);
        tells(&read("google"), &[told, guarded], &[calm]);
        // One scan of ten: the others count, and the page says both.
        let some: Vec<_> = heard.iter().cloned().chain(heard[..3].iter().map(copy)).collect();
        let (card, _) =
            card(&week, &format!("silenced-scan-{language}.html"), &some, &[&args[..], &["google"]].concat());
        tells(
            &card,
            &[
                guarded,
                if language == "en" {
                    "Of 1 diagnosis key some scans do not count"
                } else {
                    "旧方式では数えていません"
                },
            ],
            &[told],
        );
    }
}

#[test]
fn negative_time_is_told_in_words() {
    let week = Week::new("report_negative");
    let mut heard: Vec<_> = heard_on(&week, &[7]);
    for sighting in &mut heard {
        sighting["previous_scan"] = json!(sighting["time"].as_u64().unwrap() + 750);
    }
    for (language, told, minutes, condition) in [
        ("en", "Of 1 diagnosis key some scans count negative time", "(a clock stepped back)", "time of the day minus "),
        ("ja", "時計が逆戻りしたため、マイナスの時間として差し引かれています", "（時計の逆戻り）", "マイナス"),
    ] {
        let args = ["--preset", "cocoa-v2", "--language", language, "--profile"];
        let read =
            |profile| card(&week, &format!("negative-{language}.html"), &heard, &[&args[..], &[profile]].concat());
        tells(&read("google-guarded").1, &[], &[told, minutes]);
        let (card, page) = read("google");
        tells(&card, &[told, "google-guarded"], &[]);
        tells(&page, &[minutes, condition], &["\u{2212}"]);
    }
}

/// The contact of 29 August, whose report was withdrawn.
#[test]
fn what_was_heard_and_withdrawn_is_not_called_silence() {
    let week = Week::new("report_withdrawn");
    for (language, told, calm) in [
        (
            "en",
            ["Signals of 1 diagnosis key were heard, but do not count: the report was withdrawn.", "Matched1 key"],
            ["Nothing that this phone heard comes", "Nothing heard", "Matched0"],
        ),
        (
            "ja",
            ["診断キー1件の信号を受信しましたが、登録が取り消されたため、数えません。", "一致診断キー1件"],
            ["照合した診断キーの信号は受信していません", "受信なし", "一致診断キー0件"],
        ),
    ] {
        let args = ["--preset", "cocoa-v2", "--language", language];
        let (card, page) = card(&week, &format!("withdrawn-{language}.html"), &heard_on(&week, &[9]), &args);
        tells(&card, &told, &[]);
        tells(&page, &[], &calm);
    }
}

/// The near and long contact of 20 August, 13 days before, where the configuration asks for 5.
#[test]
fn what_was_too_long_ago_is_told_as_that() {
    let week = Week::new("report_long_ago");
    let mut configuration = Preset::CocoaV2.configuration(Profile::Google);
    configuration.daily_summaries.days_since_exposure_threshold = 5;
    fs::write(
        week.folder.join("short.json"),
        serde_json::to_string(&PlatformConfiguration::new(&configuration)).unwrap(),
    )
    .unwrap();
    let heard = heard_on(&week, &[0]);
    for (language, told, calm) in [
        ("en", "were heard, but more than 5 days ago", ["so near", "no day meets"]),
        ("ja", "受信しましたが、5日より前のことで", ["近さと長さ", "満たした日はありません"]),
    ] {
        let (card, _) = card(
            &week,
            &format!("long-ago-{language}.html"),
            &heard,
            &["--config", "short.json", "--language", language],
        );
        tells(&card, &[told], &calm);
    }
    let args = ["exposures", "--trust", "440-v1=week.pem", "--now", NOW, "--sightings", "some.jsonl"];
    let text = gaen(&week.folder, &[&args[..], &["--config", "short.json", "week.zip"]].concat()).ok().stdout;
    let told = "\nDo not notify\n  every exposure was more than 5 days ago, which is not judged\n";
    assert!(text.ends_with(told), "{text}");
    // Without a limit of days the same contact is a reason to notify.
    configuration.daily_summaries.days_since_exposure_threshold = 0;
    fs::write(
        week.folder.join("long.json"),
        serde_json::to_string(&PlatformConfiguration::new(&configuration)).unwrap(),
    )
    .unwrap();
    let text = gaen(&week.folder, &[&args[..], &["--config", "long.json", "week.zip"]].concat()).ok().stdout;
    assert!(text.contains("\nNotify\n"), "{text}");
}

#[test]
fn the_rules_that_were_followed_are_named() {
    let week = Week::new("report_profile");
    for (profile, name) in [
        ("apple-v1", "Apple's, by its snippets of 2020"),
        ("documented-v2", "The documents of version 2 (not verified against a system)"),
    ] {
        let text = page(&week, "page.html", &[&COCOA[..], &["--profile", profile, "--language", "en"]].concat());
        assert!(Page::parse(&text).all("main")[0].text().contains(name), "{profile}");
    }
}

#[test]
fn the_same_again_and_never_over_another_file() {
    let week = Week::new("report_again");
    let first = page(&week, "page.html", &COCOA);
    assert_eq!(first, page(&week, "page.html", &COCOA));
    let args = ["report", "--trust", "440-v1=week.pem", "--now", NOW, "-o", "page.html"];
    let again = gaen(&week.folder, &[&args[..], &COCOA, &["--", "week.zip"]].concat());
    again.failed(1, &["page.html is there already and is not overwritten"]);
}

/// A simulated fortnight of one person, with a day at home for most of its keys.
#[test]
fn a_page_of_two_dozen_keys_is_small() {
    let folder = crate::folder("report_size");
    let args =
        ["simulate", "--seed", "7", "--people", "40", "--days", "10", "--diagnosed", "8", "-o", "world", "--json"];
    let world = gaen(&folder, &args).ok().json();
    let end = (world["options"]["start"].as_u64().unwrap() + 10 * 86_400).to_string();
    let heard = world["most_exposed"]["sightings"].as_str().unwrap();
    let common = ["--sightings", heard, "--trust", "440-v1=world/440-v1.pem", "--now", &end, "world/exports"];
    for preset in ["cocoa-v2", "cocoa-v1.1.4"] {
        gaen(&folder, &[&["report", "--preset", preset, "--force", "-o", "page.html"], &common[..]].concat()).ok();
        let text = fs::read_to_string(folder.join("page.html")).unwrap();
        assert!(text.len() <= 300_000, "{preset}: {} bytes", text.len());
        let page = Page::parse(&text);
        // Every contact, window and exposure is there, each once for both languages.
        let explained = gaen(&folder, &[&["explain", "--preset", preset, "--json"], &common[..]].concat()).ok().json();
        let keys = explained["keys"].as_array().unwrap();
        let sum = |field: &str| keys.iter().map(|key| key[field].as_array().unwrap().len()).sum::<usize>();
        assert!(keys.len() >= 24, "{} keys", keys.len());
        let is_contact = |head: &&Element| head.text().parse::<usize>().is_ok();
        assert_eq!(page.all("th").iter().filter(is_contact).count(), sum("windows") + sum("exposures"), "{preset}");
        assert!(page.all("figcaption").len() >= sum("windows"), "{preset}");
        let scans = keys.iter().flat_map(|key| key["windows"].as_array().unwrap());
        let scans: usize = scans.map(|window| window["scans"].as_array().unwrap().len()).sum();
        // Such as "0 5 57/49": after 0 minutes, 5 minutes, 57 dB and at the nearest 49.
        let is_scan = |cell: &&Element| {
            let text = cell.text();
            let first: Vec<_> = text.split(", ").next().unwrap_or_default().split(' ').collect();
            matches!(first[..], ["0", counts, decibels]
                if [counts, decibels].iter().all(|number| number.starts_with(|digit: char| digit.is_ascii_digit())))
        };
        let told: usize = page.all("td").iter().filter(is_scan).map(|cell| cell.text().split(", ").count()).sum();
        assert_eq!(told, scans, "{preset}");
    }
}

/// What Japanese text does not have: spaces and marks of half width between its characters.
#[test]
fn japanese_has_the_marks_of_japanese() {
    use crate::japanese::faults;

    for wrong in ["です。 次", "時刻： 9:00", "設定: 値", "分:秒", "一, 二", "判定 (時点)", "以上、 以下"]
    {
        assert!(!faults(wrong).is_empty(), "{wrong}");
    }
    for right in
        ["9:00から10:00まで", "8月20日 9:00", "重み × 感染性", "バージョン2", "（分：秒）\n次", "至近 46\u{a0}dB"]
    {
        assert_eq!(faults(right), Vec::<String>::new());
    }
    let week = Week::new("report_japanese");
    let heard = &COCOA[..2];
    let ja = ["--language", "ja"];
    for (args, files) in [
        (&["--preset", "cocoa-v2"][..], &["week.zip"][..]),
        (&["--preset", "cocoa-v2", "--full"], &["week.zip", HOSTILE]),
        (&["--preset", "cocoa-v1.1.4", "--utc-offset", "-03:30"], &["week.zip"]),
        (&["--profile", "google-guarded"], &["week.zip"]),
        (&[], &[HOSTILE]),
    ] {
        write(&week, "page.html", &[heard, &ja, args].concat(), files);
        let page = Page::parse(&fs::read_to_string(week.folder.join("page.html")).unwrap());
        let text = page.texts().join("\n");
        assert_eq!(faults(&text), Vec::<String>::new());
        for said in ["日次鍵", "接触符号"] {
            assert!(text.contains(said), "{said}");
        }
        // Where the clock is Japan's, it has a name.
        assert_eq!(text.contains("日本時間"), !args.contains(&"-03:30"), "{text}");
        assert_eq!(text.contains("現地の時刻"), args.contains(&"-03:30") && files != [HOSTILE]);
    }
    let text = Page::parse(&page(&week, "page.html", &[&COCOA[..], &ja].concat())).texts().join("\n");
    for said in ["対象外とした信号", "計上した時間", "感染性", "1時間5分"] {
        assert!(text.contains(said), "{said}");
    }
}

/// A day on which the phone heard only phones of which no key is published.
#[test]
fn a_day_with_signals_is_not_a_day_without() {
    let week = Week::new("report_signals");
    for (language, signals, nothing) in [("en", "20·no contact", "no signals"), ("ja", "20·接触なし", "記録なし")]
    {
        let page = Page::parse(&page(&week, "page.html", &["--sightings", "silence.jsonl", "--language", language]));
        let cells = page.all("td");
        let of = |class: &str| -> Vec<_> {
            let cells = cells.iter().filter(|cell| cell.attribute("class").as_deref() == Some(class));
            cells.map(Element::text).collect()
        };
        assert_eq!(of("signals"), [signals]);
        assert!(of("nothing").len() == 14 && of("nothing").iter().all(|cell| cell.ends_with(nothing)));
    }
}
