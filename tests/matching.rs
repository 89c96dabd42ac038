//! The matcher against a deliberately plain one, on worlds full of edges.

#[path = "common/cases.rs"]
mod cases;

use std::collections::BTreeMap;

use gaen::keys::BluetoothMetadata;
use gaen::matching::{DropReason, HeardMetadata, Tier};
use gaen::time::RollingPeriod;
use gaen::{
    DiagnosisKey, EnIntervalNumber, Matcher, Profile, RollingProximityIdentifier, RollingWindow, Sighting,
    SightingIndex, TemporaryExposureKey,
};
use proptest::prelude::*;

/// (source, key, interval, sighting, tx power, attenuation, whether it stands for its scan)
type PlainMatch = (usize, DiagnosisKey, u32, usize, i8, u8, bool);

/// The rules read from the specification, one after the other, comparing every identifier with every sighting.
fn plain_match(
    sources: &[Vec<DiagnosisKey>],
    sightings: &[Sighting],
    profile: Profile,
) -> (Vec<PlainMatch>, BTreeMap<&'static str, u64>) {
    let mut matches: Vec<Vec<PlainMatch>> = Vec::new();
    let mut dropped = BTreeMap::new();
    let mut done = Vec::new();
    let last_counts = matches!(profile, Profile::AppleV1 | Profile::DocumentedV2);
    let mut all: Vec<_> =
        sources.iter().enumerate().flat_map(|(source, keys)| keys.iter().map(move |key| (source, key))).collect();
    if last_counts {
        all.reverse();
    }
    for (source, key) in all {
        let is_hidden = last_counts && matches.iter().any(|found| found[0].1.key_data == key.key_data);
        if is_hidden || done.contains(&(key.key_data, key.window)) {
            continue;
        }
        done.push((key.key_data, key.window));
        let tek = TemporaryExposureKey::from_bytes(*key.key_data.as_bytes());
        let mut accepted = Vec::new();
        for interval in key.window.intervals() {
            let rpi = tek.identifier_key().identifier(interval);
            let mut heard: Vec<usize> = (0..sightings.len()).filter(|i| sightings[*i].rpi == rpi).collect();
            heard.sort_by_key(|i| (sightings[*i].time, *i));
            let r = i128::from(interval.as_u32());
            let time = |i: usize| i128::from(sightings[i].time);
            let metadata = |i: usize| plain_metadata(&tek, &sightings[i], profile);
            let mut drop = |heard: &mut Vec<usize>, keep: &dyn Fn(usize) -> Result<(), &'static str>| {
                heard.retain(|i| match keep(*i) {
                    Ok(()) => true,
                    Err(reason) => {
                        *dropped.entry(reason).or_default() += 1;
                        false
                    }
                });
            };
            let in_window = |i| {
                if time(i) < 600 * (r - 12) || time(i) >= 600 * (r + 13) { Err("clock_window") } else { Ok(()) }
            };
            let good = |i| metadata(i).map(|_| ());

            drop(&mut heard, &in_window);
            if matches!(profile, Profile::AppleV1 | Profile::DocumentedV2) {
                drop(&mut heard, &good);
            }
            let Some(first) = heard.first().map(|i| time(*i)) else { continue };
            drop(&mut heard, &|i| if time(i) - first > 1200 { Err("replay") } else { Ok(()) });
            if profile == Profile::GoogleGuarded {
                drop(&mut heard, &good);
            }
            let mut scans: Vec<Vec<usize>> = Vec::new();
            for i in heard {
                match scans.last_mut() {
                    Some(scan) if time(i) - time(*scan.last().unwrap()) <= 25 => scan.push(i),
                    _ => scans.push(vec![i]),
                }
            }
            for mut scan in scans {
                let mut stands = scan[0];
                for i in &scan {
                    let better = match profile {
                        Profile::Google => sightings[*i].rssi > sightings[stands].rssi,
                        _ => metadata(*i).unwrap().1 < metadata(stands).unwrap().1,
                    };
                    stands = if better { *i } else { stands };
                }
                drop(&mut scan, &good);
                accepted.extend(scan.into_iter().map(|i| (time(i), interval, i, metadata(i).unwrap(), i == stands)));
            }
        }
        accepted.sort();
        let found = |(_, interval, i, (power, attenuation), stands): (_, EnIntervalNumber, _, _, _)| {
            (source, *key, interval.as_u32(), i, power, attenuation, stands)
        };
        if !accepted.is_empty() {
            matches.push(accepted.into_iter().map(found).collect());
        }
    }
    if last_counts {
        matches.reverse();
    }
    (matches.concat(), dropped)
}

/// Transmit power and attenuation, or why they are not believed.
fn plain_metadata(tek: &TemporaryExposureKey, sighting: &Sighting, profile: Profile) -> Result<(i8, u8), &'static str> {
    let HeardMetadata::Encrypted(aem) = sighting.aem else { return Err("aem_length") };
    let power = tek.metadata_key().decrypt(&sighting.rpi, aem).tx_power();
    let attenuation = (i32::from(power) - i32::from(sighting.rssi)).max(0);
    let weakest = if profile == Profile::AppleV1 { -60 } else { -50 };
    if power < weakest || power > 20 {
        Err("power")
    } else if profile == Profile::AppleV1 && attenuation == 0 {
        Err("zero_attenuation")
    } else {
        Ok((power, u8::try_from(attenuation).unwrap()))
    }
}

fn fast_match(
    sources: &[Vec<DiagnosisKey>],
    sightings: &[Sighting],
    index: &SightingIndex,
    profile: Profile,
    tier: Tier,
) -> (Vec<PlainMatch>, BTreeMap<&'static str, u64>) {
    let mut search = Matcher::new(index).profile(profile).tier(tier).search();
    for (source, keys) in sources.iter().enumerate() {
        // In pieces of odd sizes: how keys are handed over means nothing.
        for piece in keys.chunks(3) {
            search.add(source, piece);
        }
    }
    let report = search.finish();
    let matches = report.matches.iter().map(|found| {
        assert_eq!((found.time, found.rssi), (sightings[found.sighting].time, sightings[found.sighting].rssi));
        let power = found.metadata.tx_power();
        let interval = found.interval.as_u32();
        (found.source, found.key, interval, found.sighting, power, found.attenuation, found.stands_for_scan)
    });
    (matches.collect(), report.drop_reasons().iter().map(|(reason, count)| (reason.name(), count)).collect())
}

fn window(start: u32, period: u32) -> RollingWindow {
    RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::new(period).unwrap()).unwrap()
}

/// One identifier that a phone heard: of which key, in which of its intervals, how far off.
#[derive(Clone, Debug)]
struct Planted {
    key: prop::sample::Index,
    interval: prop::sample::Index,
    drift: i64,
    second: u64,
    /// Each so many seconds after the first.
    heard: Vec<(u64, Reading)>,
}

/// What was heard, and with which faults.
#[derive(Clone, Debug)]
struct Reading {
    rssi: i8,
    power: i8,
    aem_len: usize,
}

fn planted() -> impl Strategy<Value = Planted> {
    let reading = (
        prop_oneof![prop::sample::select(vec![-128_i8, 127, 20, -50]), any::<i8>()],
        prop_oneof![2 => prop::sample::select(vec![-61_i8, -60, -51, -50, 20, 21]), 1 => any::<i8>(), 2 => -50..21_i8],
        prop_oneof![8 => Just(4_usize), 1 => 0..8_usize],
    );
    let reading = reading.prop_map(|(rssi, power, aem_len)| Reading { rssi, power, aem_len });
    let later = prop::sample::select(vec![0_u64, 0, 1, 25, 26, 600, 1199, 1200, 1201, 5000]);
    (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        prop_oneof![2 => prop::sample::select(vec![-13_i64, -12, 12, 13]), 1 => -12..13_i64],
        prop_oneof![Just(0_u64), Just(599), 0..600_u64],
        prop::collection::vec((later, reading), 1..6),
    )
        .prop_map(|(key, interval, drift, second, heard)| Planted { key, interval, drift, second, heard })
}

fn key() -> impl Strategy<Value = DiagnosisKey> {
    // Few different bytes, so that keys share them with other starts and periods.
    let bytes = prop_oneof![any::<[u8; 16]>(), (0_u8..3).prop_map(|byte| [byte; 16])];
    let period = prop_oneof![Just(144_u32), Just(1), Just(143), 1..145_u32];
    let start = prop_oneof![
        4 => 2_650_000_u32..2_650_300,
        1 => (0_u32..3).prop_map(|day| 2_650_032 + day * 144),
        1 => 0_u32..30,
        1 => (u32::MAX - 300)..(u32::MAX - 144),
    ];
    (bytes, start, period).prop_map(|(bytes, start, period)| DiagnosisKey::new(bytes, window(start, period)))
}

fn sightings(keys: &[DiagnosisKey], planted: &[Planted], noise: &[[u8; 16]]) -> Vec<Sighting> {
    let mut sightings = Vec::new();
    for plant in planted {
        let key = keys[plant.key.index(keys.len())];
        let offset = plant.interval.index(key.window.period().as_usize());
        let interval = key.window.intervals().nth(offset).unwrap();
        let rpi = key.identifier_key().identifier(interval);
        let start = interval.unix_seconds().checked_add_signed(plant.drift * 600).unwrap_or_default() + plant.second;
        for (later, Reading { rssi, power, aem_len }) in &plant.heard {
            let mut aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(*power)).as_bytes().to_vec();
            aem.resize(*aem_len, 0);
            sightings.push(Sighting::new(rpi, &aem, *rssi, start + later));
        }
    }
    let heard =
        |rpi: &[u8; 16]| Sighting::new(RollingProximityIdentifier::from_bytes(*rpi), &rpi[..4], -70, 1_590_000_000);
    sightings.extend(noise.iter().map(heard));
    sightings
}

proptest! {
    #![proptest_config(cases::cases(300))]

    #[test]
    fn the_matcher_finds_what_the_plain_one_finds(
        sources in prop::collection::vec(prop::collection::vec(key(), 0..7), 1..4),
        planted in prop::collection::vec(planted(), 0..24),
        noise in prop::collection::vec(any::<[u8; 16]>(), 0..40),
        shuffle in any::<u64>(),
    ) {
        let keys: Vec<DiagnosisKey> = sources.concat();
        prop_assume!(!keys.is_empty());
        let mut sightings = sightings(&keys, &planted, &noise);
        sightings.sort_by_key(|sighting| sighting.time.wrapping_mul(shuffle | 1));
        for profile in Profile::ALL {
            let (plain, mut dropped) = plain_match(&sources, &sightings, profile);
            let exhaustive = SightingIndex::exhaustive(sightings.clone()).unwrap();
            let in_time = SightingIndex::new(sightings.clone()).unwrap();
            for tier in Tier::available() {
                let found = fast_match(&sources, &sightings, &exhaustive, profile, tier);
                prop_assert_eq!(&found, &(plain.clone(), dropped.clone()), "{}", tier);
            }
            // By time, the same, but for what was heard outside of the clock window: that is not looked at.
            dropped.remove("clock_window");
            for tier in Tier::available() {
                let found = fast_match(&sources, &sightings, &in_time, profile, tier);
                prop_assert_eq!(&found, &(plain.clone(), dropped.clone()), "{}", tier);
            }
        }
    }
}

// What is remembered is behind a lock, which needs the standard library.
#[cfg(feature = "std")]
proptest! {
    #![proptest_config(cases::cases(100))]

    /// The same keys again and again, in other windows, with other reports, in pieces of any size.
    #[test]
    fn a_search_that_remembers_finds_what_one_that_forgets_finds(
        pool in prop::collection::vec(key(), 1..12),
        pieces in prop::collection::vec(
            (0..4_usize, prop::collection::vec((any::<prop::sample::Index>(), 0..6_i32), 0..40)),
            1..8,
        ),
        planted in prop::collection::vec(planted(), 0..12),
        memory in prop::sample::select(vec![0_usize, 1 << 16, gaen::matching::Search::MEMORY]),
    ) {
        let sightings = sightings(&pool, &planted, &[]);
        for profile in Profile::ALL {
            for index in [SightingIndex::new, SightingIndex::exhaustive] {
                let index = index(sightings.clone()).unwrap();
                let mut forgetting = Matcher::new(&index).profile(profile).search();
                let mut remembering = Matcher::new(&index).profile(profile).search().remembering(memory);
                for (source, chosen) in &pieces {
                    let keys = chosen.iter().map(|(at, report_type)| {
                        DiagnosisKey { report_type: gaen::keys::ReportType::from_number(*report_type), ..*at.get(&pool) }
                    });
                    let keys: Vec<_> = keys.collect();
                    forgetting.add(*source, &keys);
                    remembering.add(*source, &keys);
                }
                prop_assert_eq!(remembering.finish(), forgetting.finish());
            }
        }
    }
}

/// One key heard at one interval at the times given, with the power given.
fn one_key(times: &[u64], power: i8, rssi: i8, profile: Profile) -> (usize, Vec<(DropReason, u64)>) {
    let key = DiagnosisKey::new([9; 16], window(2_650_032, 144));
    let rpi = key.identifier_key().identifier(EnIntervalNumber::new(2_650_100));
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(power));
    let heard = times.iter().map(|time| Sighting::new(rpi, aem.as_bytes(), rssi, *time));
    let index = SightingIndex::exhaustive(heard.collect()).unwrap();
    let report = Matcher::new(&index).profile(profile).match_keys(&[key]);
    (report.matches.len(), report.drop_reasons().iter().collect())
}

const MIDDLE: u64 = 2_650_100 * 600;

#[test]
fn clocks_may_differ_by_twelve_intervals() {
    for (drift, kept) in [(-13, 0), (-12, 1), (12, 1), (13, 0)] {
        let time = MIDDLE.checked_add_signed(drift * 600).unwrap();
        let dropped = if kept == 1 { vec![] } else { vec![(DropReason::ClockWindow, 1)] };
        assert_eq!(one_key(&[time], 0, -60, Profile::Google), (kept, dropped), "{drift}");
    }
}

#[test]
fn a_search_that_is_appended_is_as_if_its_keys_had_been_given_next() {
    let interval = EnIntervalNumber::new(2_650_100);
    let key = |number: u8| DiagnosisKey::new([number; 16], window(2_650_032, 144));
    let heard = (0..8).map(|number| {
        let key = key(number);
        let rpi = key.identifier_key().identifier(interval);
        let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(8));
        Sighting::new(rpi, aem.as_bytes(), -60, MIDDLE)
    });
    let index = SightingIndex::new(heard.collect()).unwrap();
    // Some keys are in both sources; which of them stays is a matter of the profile.
    let (first, second): (Vec<_>, Vec<_>) = ((0..6).map(key).collect(), (3..12).rev().map(key).collect());
    for profile in Profile::ALL {
        let matcher = Matcher::new(&index).profile(profile);
        let (mut one, mut next) = (matcher.search(), matcher.search());
        one.add(1, &first);
        next.add(2, &second);
        one.append(next);
        let mut whole = matcher.search();
        whole.add(1, &first);
        whole.add(2, &second);
        let report = whole.finish();
        assert_eq!(report.matches.len(), 8, "{profile:?}");
        assert_eq!(one.finish(), report, "{profile:?}");
    }
}

/// When a clock may show what is no interval any more.
#[test]
fn the_last_identifier_is_heard_until_two_hours_after_it() {
    let key = DiagnosisKey::new([7; 16], window(u32::MAX - 144, 144));
    let rpi = key.identifier_key().identifier(EnIntervalNumber::new(u32::MAX - 1));
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
    let end = (u64::from(u32::MAX) + 12) * 600;
    for (time, matches) in [(end - 1, 1), (end, 0)] {
        let index = SightingIndex::new(vec![Sighting::new(rpi, aem.as_bytes(), -60, time)]).unwrap();
        assert_eq!(Matcher::new(&index).match_keys(&[key]).matches.len(), matches, "at {time}");
    }
}

#[test]
fn an_identifier_is_believed_for_1200_seconds() {
    let replay = vec![(DropReason::Replay, 1)];
    assert_eq!(one_key(&[MIDDLE, MIDDLE + 1200], 0, -60, Profile::Google), (2, vec![]));
    assert_eq!(one_key(&[MIDDLE + 1201, MIDDLE], 0, -60, Profile::Google), (1, replay.clone()));
    // What the clock window dropped is not the first.
    let early = MIDDLE - 12 * 600 - 1;
    let (kept, dropped) = one_key(&[early, early + 1, early + 1201], 0, -60, Profile::Google);
    assert_eq!((kept, dropped), (2, vec![(DropReason::ClockWindow, 1)]));
}

#[test]
fn each_platform_has_its_range_of_power() {
    for (power, google, apple) in
        [(-61, 0, 0), (-60, 0, 1), (-51, 0, 1), (-50, 1, 1), (20, 1, 1), (21, 0, 0), (127, 0, 0), (-128, 0, 0)]
    {
        assert_eq!(one_key(&[MIDDLE], power, -100, Profile::Google).0, google, "{power} dBm");
        assert_eq!(one_key(&[MIDDLE], power, -100, Profile::AppleV1).0, apple, "{power} dBm");
    }
}

#[test]
fn apple_drops_an_attenuation_of_zero() {
    assert_eq!(one_key(&[MIDDLE], -20, -20, Profile::Google), (1, vec![]));
    assert_eq!(one_key(&[MIDDLE], -20, -20, Profile::AppleV1), (0, vec![(DropReason::ZeroAttenuation, 1)]));
    assert_eq!(one_key(&[MIDDLE], -20, 127, Profile::AppleV1), (0, vec![(DropReason::ZeroAttenuation, 1)]));
    assert_eq!(one_key(&[MIDDLE], -20, -21, Profile::AppleV1), (1, vec![]));
}

#[test]
fn the_same_sighting_twice_counts_twice_and_the_same_key_twice_once() {
    assert_eq!(one_key(&[MIDDLE, MIDDLE], 0, -60, Profile::Google).0, 2);

    let key = DiagnosisKey::new([9; 16], window(2_650_032, 144));
    let longer = DiagnosisKey::new([9; 16], window(2_650_031, 144));
    let rpi = key.identifier_key().identifier(EnIntervalNumber::new(2_650_100));
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(0));
    let index = SightingIndex::new(vec![Sighting::new(rpi, aem.as_bytes(), -60, MIDDLE)]).unwrap();
    let mut search = Matcher::new(&index).search();
    search.add(4, &[key, longer]);
    search.add(5, &[key, longer, key]);
    let report = search.finish();
    let found: Vec<_> = report.matches.iter().map(|found| (found.source, found.key)).collect();
    assert_eq!(found, [(4, key), (4, longer)], "each (key, start, period) stands for itself");
}

#[test]
fn an_index_without_sightings_matches_nothing() {
    let index = SightingIndex::new(Vec::new()).unwrap();
    let report = Matcher::new(&index).match_keys(&[DiagnosisKey::new([0; 16], window(0, 144))]);
    assert!(report.matches.is_empty() && report.dropped.is_empty());
}

#[test]
fn identifiers_that_share_their_first_bytes_are_told_apart() {
    // An attacker can choose what is heard: a million look-alikes must not hide or make a match.
    let key = DiagnosisKey::new([9; 16], window(2_650_032, 144));
    let rpi = key.identifier_key().identifier(EnIntervalNumber::new(2_650_100));
    let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(0));
    let look_alike = |number: u32| {
        let mut bytes = *rpi.as_bytes();
        bytes[12..].copy_from_slice(&number.to_le_bytes());
        Sighting::new(RollingProximityIdentifier::from_bytes(bytes), aem.as_bytes(), -60, MIDDLE)
    };
    let mut heard: Vec<_> = (0..100_000).map(look_alike).filter(|sighting| sighting.rpi != rpi).collect();
    assert!(Matcher::new(&SightingIndex::new(heard.clone()).unwrap()).match_keys(&[key]).matches.is_empty());
    heard.insert(50_000, Sighting::new(rpi, aem.as_bytes(), -60, MIDDLE));
    let report = Matcher::new(&SightingIndex::new(heard).unwrap()).match_keys(&[key]);
    assert_eq!(report.matches.iter().map(|found| found.sighting).collect::<Vec<_>>(), [50_000]);
}
