//! Every value of the official test vectors, the pairs heard over the air, and random derivations made by another
//! program, through the public API.

use gaen::keys::{AssociatedEncryptedMetadata, BluetoothMetadata};
use gaen::matching::Tier;
use gaen::time::RollingPeriod;
use gaen::{
    DiagnosisKey, EnIntervalNumber, Matcher, RollingProximityIdentifier, RollingWindow, Sighting, SightingIndex,
    TemporaryExposureKey,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

fn vectors(name: &str) -> Value {
    let path = format!("{}/../test-vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}"))
}

fn number(value: &Value, field: &str) -> u32 {
    u32::try_from(value[field].as_u64().unwrap()).unwrap()
}

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let mut bytes = [0; N];
    base16ct::lower::decode(hex, &mut bytes).unwrap();
    bytes
}

fn tek(value: &Value) -> TemporaryExposureKey {
    TemporaryExposureKey::from_bytes(bytes(text(value, "tek")))
}

fn metadata(value: &Value) -> BluetoothMetadata {
    text(value, "metadata").parse().unwrap()
}

fn identifiers(key: &TemporaryExposureKey, start: u32, count: u32) -> Vec<RollingProximityIdentifier> {
    let mut rpis = vec![RollingProximityIdentifier::from_bytes([0; 16]); count as usize];
    key.identifier_key().identifiers(EnIntervalNumber::new(start), &mut rpis);
    rpis
}

#[test]
fn the_official_day() {
    let v = vectors("gaen-v1.2.json");
    let (key, start, period) = (tek(&v), number(&v, "start"), number(&v, "period"));
    let (rpik, aemk) = (key.identifier_key(), key.metadata_key());
    assert_eq!(*rpik.expose_secret(), bytes(text(&v, "rpik")));
    assert_eq!(*aemk.expose_secret(), bytes(text(&v, "aemk")));

    let (rpis, aems) = (v["rpis"].as_array().unwrap(), v["aems"].as_array().unwrap());
    assert_eq!((rpis.len(), aems.len(), period), (144, 144, 144));
    let day = identifiers(&key, start, period);
    for (offset, (rpi, aem)) in (0..).zip(rpis.iter().zip(aems)) {
        let interval = EnIntervalNumber::new(start + offset);
        let rpi: RollingProximityIdentifier = rpi.as_str().unwrap().parse().unwrap();
        let aem: AssociatedEncryptedMetadata = aem.as_str().unwrap().parse().unwrap();
        assert_eq!(day[offset as usize], rpi);
        assert_eq!(rpik.identifier(interval), rpi);
        assert_eq!(rpik.interval_of(&rpi), Some(interval));
        assert_eq!(aemk.encrypt(&rpi, metadata(&v)), aem);
        assert_eq!(aemk.decrypt(&rpi, aem), metadata(&v));
    }
}

#[test]
fn the_official_day_through_every_tier() {
    let v = vectors("gaen-v1.2.json");
    let start = number(&v, "start");
    let broadcasts = v["rpis"].as_array().unwrap().iter().zip(v["aems"].as_array().unwrap());
    let sightings = (0..).zip(broadcasts).map(|(offset, (rpi, aem))| {
        let aem: AssociatedEncryptedMetadata = aem.as_str().unwrap().parse().unwrap();
        let time = EnIntervalNumber::new(start + offset).unix_seconds();
        Sighting::new(rpi.as_str().unwrap().parse().unwrap(), aem.as_bytes(), -50, time)
    });
    let index = SightingIndex::new(sightings.collect()).unwrap();
    let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::FULL_DAY).unwrap();
    for tier in Tier::available() {
        let report = Matcher::new(&index).tier(tier).match_keys(&[DiagnosisKey::new(bytes(text(&v, "tek")), window)]);
        assert_eq!(report.matches.len(), 144, "{tier}");
        for (position, found) in report.matches.iter().enumerate() {
            assert_eq!(found.sighting, position);
            assert_eq!(found.interval.as_u32(), start + u32::try_from(position).unwrap());
            assert_eq!((found.metadata, found.attenuation), (metadata(&v), 58));
        }
    }
}

#[test]
fn pairs_heard_over_the_air() {
    let v = vectors("observed.json");
    let key = tek(&v);
    let observations = v["observations"].as_array().unwrap();
    assert_eq!(observations.len(), 3);
    for seen in observations {
        let interval = EnIntervalNumber::new(number(seen, "interval"));
        let rpi = text(seen, "rpi").parse().unwrap();
        assert_eq!(key.identifier_key().identifier(interval), rpi);
        assert_eq!(key.identifier_key().interval_of(&rpi), Some(interval));
        assert_eq!(key.metadata_key().decrypt(&rpi, text(seen, "aem").parse().unwrap()), metadata(seen));
    }
}

#[test]
fn derivations_of_another_program() {
    let v = vectors("derivations.json");
    let cases = v["cases"].as_array().unwrap();
    assert!(cases.len() >= 2000);
    for case in cases {
        let key = tek(case);
        let (start, period) = (number(case, "start"), number(case, "period"));
        let (identifier_key, metadata_key) = (key.identifier_key(), key.metadata_key());
        assert_eq!(*identifier_key.expose_secret(), bytes(text(case, "rpik")));
        assert_eq!(*metadata_key.expose_secret(), bytes(text(case, "aemk")));

        let rpis = identifiers(&key, start, period);
        let first_and_last = (rpis[0].to_string(), rpis[rpis.len() - 1].to_string());
        assert_eq!(first_and_last, (text(case, "first_rpi").into(), text(case, "last_rpi").into()));
        let (mut of_rpis, mut of_aems) = (Sha256::new(), Sha256::new());
        for rpi in &rpis {
            of_rpis.update(rpi.as_bytes());
            of_aems.update(metadata_key.encrypt(rpi, metadata(case)).as_bytes());
        }
        assert_eq!(<[u8; 32]>::from(of_rpis.finalize()), bytes(text(case, "rpis_sha256")), "{case}");
        assert_eq!(<[u8; 32]>::from(of_aems.finalize()), bytes(text(case, "aems_sha256")), "{case}");

        for (offset, rpi) in (0..).zip(&rpis) {
            let interval = EnIntervalNumber::new(start.wrapping_add(offset));
            assert_eq!(identifier_key.interval_of(rpi), Some(interval));
        }
    }
}
