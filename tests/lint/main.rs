//! Every lint has a case that has it, and one just beside that has not.

mod configurations;
mod files;
mod heard;
mod reach;
mod real;
mod world;

use gaen::Profile;
use gaen::export::ReadOptions;
use gaen::exposure::{AttenuationThresholds, Configuration, DurationThresholds, RiskConfiguration};
use gaen::lint::{InspectedFile, Lint, LintCode, LintOptions, Place, Severity, lint_configuration, lint_files};

use world::{World, good, histogram, scores, weight};

#[test]
fn every_lint_has_a_case_and_one_beside_it() {
    let has = |world: &World, code: LintCode| world.lint().iter().any(|lint| lint.code == code);
    let cases = [configurations::cases(), files::file_cases(), files::key_cases()].concat();
    for (code, with, without) in &cases {
        let (mut bad, mut beside) = (good(), good());
        with(&mut bad);
        without(&mut beside);
        assert!(has(&bad, *code), "{} is not in {:#?}", code.name(), bad.lint());
        assert!(!has(&beside, *code), "{} is in {:#?}", code.name(), beside.lint());
    }
    for code in LintCode::ALL {
        let tested = cases.iter().map(|(tested, ..)| tested).chain(heard::CASES.iter().map(|(tested, ..)| tested));
        assert!(tested.into_iter().any(|tested| *tested == code), "{} has no case", code.name());
    }
}

#[test]
fn what_is_good_has_no_more_than_the_default_configuration() {
    let world = good();
    assert_eq!(world.lint(), []);
    assert_eq!(lint_files(&world.files, None, &world.options), []);
}

#[test]
fn codes_say_what_they_are() {
    for code in LintCode::ALL {
        for text in [code.meaning(), code.advice()] {
            assert!(
                text.ends_with('.') && text.starts_with(|first: char| first.is_uppercase())
                    || text.starts_with("export")
            );
        }
        let name = code.name();
        assert!(name.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_'));
        assert_eq!(serde_json::to_value(code).unwrap(), name);
    }
    assert!(LintCode::ALL.is_sorted());
}

#[test]
fn a_lint_is_a_line_that_says_where_it_is() {
    for (place, shown) in [
        (Place::Field("minimum_risk_score"), "minimum_risk_score"),
        (Place::File("1.zip".to_owned()), "1.zip"),
        (Place::Files(vec!["1.zip".to_owned(), "2.zip".to_owned()]), "1.zip, 2.zip"),
        (Place::Sightings, "sightings"),
    ] {
        let mut world = good();
        world.files[0].report.problem_code = Some("not_a_zip");
        world.files[0].report.problem = Some("no zip".to_owned());
        let lint = Lint { place, ..world.lint().remove(0) };
        let expected = format!("{}: {shown}: {} ({})", lint.severity.name(), lint.sentence, lint.code.name());
        assert_eq!(lint.to_string(), expected);
        assert!(expected.starts_with("error: ") && expected.ends_with(" (file_unreadable)"), "{expected}");
    }
}

/// COCOA 1.1.4 to 1.4.1: the tables of both platforms.
fn cocoa_2020() -> Configuration {
    let risk = RiskConfiguration {
        attenuation_scores: scores([1, 2, 3, 4, 5, 6, 7, 8]),
        days_scores: scores([1; 8]),
        duration_scores: scores([0, 0, 0, 0, 1, 1, 1, 1]),
        transmission_scores: scores([7; 8]),
        minimum_risk_score: 21,
        duration_thresholds: DurationThresholds::new([50, 70]).unwrap(),
        ..RiskConfiguration::default()
    };
    Configuration { risk, ..Configuration::default() }
}

#[test]
fn the_keys_that_could_notify_nobody_on_android() {
    let mut world = World { configuration: cocoa_2020(), ..good() };
    world.stats().transmission_risk_level = histogram(&[(Some(0), 2000)]);
    let errors = |world: &World| -> Vec<Lint> {
        world.lint().into_iter().filter(|lint| lint.severity == Severity::Error).collect()
    };
    let found = errors(&world);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, LintCode::RiskScoreUnreachable);
    assert_eq!(found[0].place, Place::File("0.zip".into()));
    let sentence = "maximum reachable score 8 is below the minimum 21: nothing can score (all keys are of level 0)";
    assert_eq!(found[0].sentence, sentence);
    world.options.profile = Profile::AppleV1;
    assert_eq!(errors(&world), []);
    world.options.profile = Profile::Google;
    world.stats().transmission_risk_level = histogram(&[(Some(4), 2000)]);
    assert_eq!(errors(&world), [], "what was changed in February 2021");
}

#[test]
fn the_tables_that_only_phones_that_touch_could_reach() {
    let mut configuration = cocoa_2020();
    configuration.risk.attenuation_scores = scores([0, 0, 0, 0, 1, 1, 1, 1]);
    configuration.risk.minimum_risk_score = 1;
    for profile in Profile::ALL {
        let lints = lint_configuration(&configuration, profile);
        let lint = lints.iter().find(|lint| lint.code == LintCode::OnlyNearestScores).unwrap();
        assert_eq!(lint.sentence, "only attenuations up to 33 dB can score (minimum 1)");
        assert_eq!(lint.place, Place::Field("risk.attenuation_scores"));
    }
}

#[test]
fn cocoas_weights_are_told() {
    let mut configuration = Configuration::default();
    configuration.daily_summaries.thresholds = AttenuationThresholds::new([46, 60, 65]).unwrap();
    configuration.daily_summaries.bucket_weights = [1.0, 2.5, 1.3, 0.01].map(weight);
    let lints = lint_configuration(&configuration, Profile::Google);
    let sentences: Vec<_> = lints.iter().map(|lint| lint.sentence.as_str()).collect();
    let expected = "[1.0, 2.5, 1.3, 0.01] rises from 1 (immediate) to 2.5 (near): what is nearer counts less";
    assert_eq!(sentences, [expected]);
}

#[test]
fn ranges_are_told_in_words() {
    let sentence = |change: fn(&mut RiskConfiguration), code| {
        let mut configuration = Configuration::default();
        change(&mut configuration.risk);
        let lints = lint_configuration(&configuration, Profile::Google);
        lints.into_iter().find(|lint| lint.code == code).unwrap().sentence
    };
    for (scores_of, attenuations, days) in [
        ([4, 0, 0, 0, 0, 0, 0, 0], "over 73 dB", "of 14 days ago or more"),
        ([0, 0, 0, 4, 4, 0, 0, 0], "over 27 and up to 51 dB", "of 6 to under 10 days ago"),
        ([4, 0, 0, 0, 0, 0, 0, 4], "over 73 dB or up to 10 dB", "of 14 days ago or more or of under 2 days ago"),
    ] {
        let table = scores(scores_of);
        let mut configuration = Configuration::default();
        configuration.risk.attenuation_scores = table;
        configuration.risk.days_scores = table;
        let lints = lint_configuration(&configuration, Profile::Google);
        let find = |code| lints.iter().find(|lint| lint.code == code).unwrap().sentence.clone();
        let expected = format!("only attenuations {attenuations} can score (minimum 4)");
        assert_eq!(find(LintCode::AttenuationsCannotScore), expected);
        assert_eq!(find(LintCode::DaysCannotScore), format!("only exposures {days} can score (minimum 4)"));
    }
    let durations = |risk: &mut RiskConfiguration| risk.duration_scores = scores([0, 4, 0, 0, 4, 4, 4, 4]);
    let expected = "only durations up to 5 minutes or over 15 minutes can score (minimum 4)";
    assert_eq!(sentence(durations, LintCode::DurationsCannotScore), expected);
}

/// The reports of a real file, and of none.
#[test]
fn files_are_linted_as_they_stand() {
    let options = LintOptions::default();
    for (bytes, code) in [(&b""[..], LintCode::FileUnreadable), (b"<html>", LintCode::FileUnreadable)] {
        let inspected = InspectedFile::of("x", bytes, &ReadOptions::default());
        let lints = lint_files(&[inspected], None, &options);
        assert_eq!(lints.iter().map(|lint| lint.code).collect::<Vec<_>>(), [code]);
    }
    let demo = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/day-1.zip")).unwrap();
    let inspected = InspectedFile::of("day-1.zip", &demo, &ReadOptions::default());
    let lints = lint_files(&[inspected], None, &options);
    assert!(lints.iter().all(|lint| lint.severity != Severity::Error), "{lints:#?}");
    assert!(lints.iter().any(|lint| lint.sentence == "it has 120 keys, and should have 1000 at least"), "{lints:#?}");
}
