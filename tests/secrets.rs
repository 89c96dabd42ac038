//! What a device keeps secret is not printed, and is gone from memory once it is dropped.

use gaen::device::CurrentKey;
use gaen::keys::{AssociatedEncryptedMetadataKey, RollingProximityIdentifierKey};
use gaen::{EnIntervalNumber, KeyRing, TemporaryExposureKey};
use rand::SeedableRng;
use rand::rngs::StdRng;

const SECRET: [u8; 16] =
    [0xa7, 0x5c, 0x13, 0xe9, 0x42, 0xd8, 0x6b, 0xf1, 0x3e, 0x90, 0x2d, 0xc5, 0x78, 0xb4, 0x0f, 0x61];

/// Whether a text shows the bytes in any of the ways in which bytes are commonly shown.
fn shows(text: &str, bytes: &[u8]) -> bool {
    let text = text.to_lowercase().replace([' ', '\n', '_'], "");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let prefixed = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect::<Vec<_>>().join(",");
    let spread = bytes.iter().map(|byte| format!("{byte:x}")).collect::<Vec<_>>().join(",");
    [hex, decimal, prefixed, spread].iter().any(|shown| text.contains(shown.get(..12).unwrap()))
}

#[test]
fn the_search_for_bytes_finds_them() {
    for text in [format!("{SECRET:?}"), format!("{SECRET:x?}"), format!("{SECRET:#04x?}")] {
        assert!(shows(&text, &SECRET), "{text}");
    }
}

#[test]
fn debug_shows_no_byte_of_a_secret() {
    let tek = TemporaryExposureKey::from_bytes(SECRET);
    let (rpik, aemk) = (tek.identifier_key(), tek.metadata_key());
    for (text, bytes) in [
        (format!("{tek:?} {tek:#?}"), tek.expose_secret()),
        (format!("{rpik:?} {rpik:#?}"), rpik.expose_secret()),
        (format!("{aemk:?} {aemk:#?}"), aemk.expose_secret()),
    ] {
        assert!(text.contains("redacted") && !shows(&text, bytes), "{text}");
    }

    let mut ring = KeyRing::new();
    let current = ring.rotate(1_601_121_600, &mut StdRng::seed_from_u64(1)).unwrap();
    assert!(matches!(current, CurrentKey::Generated(_)));
    let (shown, key) = (format!("{current:?} {current:#?}"), *current.key().key().expose_secret());
    assert!(!shows(&shown, &key), "{shown}");
    assert!(!shows(&format!("{ring:?} {ring:#?} {:?}", ring.keys().next()), &key));
}

#[cfg(feature = "export")]
#[test]
fn debug_shows_no_byte_of_a_signing_key() {
    let signer = gaen::export::Signer::generate("440", "v1", &mut StdRng::seed_from_u64(1));
    let pem = signer.to_pkcs8_pem().unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let shown = format!("{signer:?} {signer:#?}");
    assert!(shown.contains("440-v1") && shown.contains("redacted"));
    assert!(
        shown.len() < 80 && !base64.as_bytes().windows(8).any(|part| shown.as_bytes().windows(8).any(|s| s == part))
    );
}

/// A ring, its release, the upload, the server that holds the key back: none shows the key or what publishes it.
#[cfg(feature = "publish")]
#[test]
fn debug_shows_nothing_of_what_is_published_before_its_time() {
    use gaen::keys::TransmissionRiskLevel;
    use gaen::publish::{Consent, HmacKey, PublishRequest, Rules, Upload, check, release};

    let (mut rng, noon) = (StdRng::seed_from_u64(5), 1_601_121_600);
    let mut ring = KeyRing::new();
    let key = *ring.rotate(noon - 3600, &mut rng).unwrap().key().key().expose_secret();
    let released = release(&mut ring, noon, &Consent::given(noon).with_today()).unwrap();
    let mut shown = format!("{released:?} {released:#?}");
    let keys = released.upload(&Rules::GOOGLE, |_| TransmissionRiskLevel::UNSET);
    let secret = HmacKey::from_base64("c2VjcmV0c2VjcmV0c2VjcmV0").unwrap();
    shown += &format!("{keys:?} {:?} {secret:?}", check(keys.as_slice(), None, noon, &Rules::GOOGLE));
    let request = PublishRequest::new(keys, "org.example", "certificate".to_owned(), &secret, &mut rng);
    let body = request.to_json().unwrap();
    let upload = Upload::from_json(body.as_bytes()).unwrap();
    shown += &format!("{request:?} {upload:?} {:?}", upload.keys());
    let base64 = <base64ct::Base64 as base64ct::Encoding>::encode_string(&key);
    assert!(body.contains(&base64) && body.contains(secret.expose_secret()) && body.contains("certificate"));
    for hidden in [&base64, secret.expose_secret(), "certificate"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
    assert!(!shows(&shown, &key), "{shown}");
    let broken = body.replace("\"rollingPeriod\":72", &format!("\"rollingPeriod\":\"{base64}\""));
    assert!(*body != broken, "nothing was replaced");
    assert!(!Upload::from_json(broken.as_bytes()).unwrap_err().to_string().contains(&base64));
}

#[test]
fn secrets_compare_by_value() {
    let tek = TemporaryExposureKey::from_bytes(SECRET);
    assert!(tek == TemporaryExposureKey::from_bytes(SECRET));
    assert!(tek != TemporaryExposureKey::from_bytes([0; 16]));
    assert!(tek.identifier_key() == RollingProximityIdentifierKey::from_bytes(*tek.identifier_key().expose_secret()));
    assert!(tek.metadata_key() != AssociatedEncryptedMetadataKey::from_bytes([0; 16]));
}

/// Reads this process's memory where a dropped value was: through the kernel, so that no unsafe code is needed.
#[cfg(target_os = "linux")]
mod after_drop {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use super::*;

    /// How often the secret stands in memory where `value` was, before and after it was dropped.
    fn copies<T>(value: Box<T>) -> (usize, usize) {
        let place = (std::ptr::from_ref(&*value).addr() as u64, size_of::<T>());
        copies_of(&SECRET[8..], place, value)
    }

    /// The same of eight bytes at an address and so many bytes from there.
    fn copies_of<T>(secret: &[u8], (address, len): (u64, usize), value: T) -> (usize, usize) {
        let memory = File::open("/proc/self/mem").unwrap();
        let count = || {
            let mut bytes = vec![0; len];
            memory.read_exact_at(&mut bytes, address).unwrap();
            let found = bytes.windows(8).filter(|window| *window == secret).count();
            bytes.fill(0);
            found
        };
        let before = count();
        drop(value);
        (before, count())
    }

    /// Sixteen in a row: an allocator writes its own notes over the first bytes of what is given back to it.
    fn sixteen<T>(make: impl Fn([u8; 16]) -> T) -> Box<[T; 16]> {
        Box::new(std::array::from_fn(|_| make(SECRET)))
    }

    #[test]
    fn a_plain_array_stays_in_memory() {
        let (before, after) = copies(sixteen(|bytes| bytes));
        assert!(before == 16 && after > 8, "this test would see a secret that was not wiped: {before}, {after}");
    }

    #[test]
    fn keys_are_wiped() {
        assert_eq!(copies(sixteen(TemporaryExposureKey::from_bytes)), (16, 0));
        assert_eq!(copies(sixteen(RollingProximityIdentifierKey::from_bytes)), (16, 0));
        assert_eq!(copies(sixteen(AssociatedEncryptedMetadataKey::from_bytes)), (16, 0));
    }

    /// Where a value points to memory with these bytes near: each word of the value is tried as an address.
    #[cfg(feature = "publish")]
    fn pointed_at<T>(value: &T, secret: &[u8]) -> (u64, usize) {
        const NEAR: usize = 48;

        let memory = File::open("/proc/self/mem").unwrap();
        let mut words = vec![0; size_of::<T>()];
        memory.read_exact_at(&mut words, std::ptr::from_ref(value).addr() as u64).unwrap();
        let has_secret = |address: &u64| {
            let mut bytes = vec![0; NEAR];
            memory.read_exact_at(&mut bytes, *address).is_ok() && bytes.windows(8).any(|window| window == secret)
        };
        let address = words.chunks_exact(8).map(|word| u64::from_ne_bytes(word.try_into().unwrap())).find(has_secret);
        (address.expect("a pointer to the secret"), NEAR)
    }

    /// Fills the allocator's list of freed pieces of this size. It writes its notes over 16 bytes of the pieces in the
    /// list, and over eight of the others.
    #[cfg(feature = "publish")]
    fn fill_the_list<T>() {
        drop((0..16).map(|_| Box::new(std::hint::black_box(std::mem::MaybeUninit::<T>::uninit()))).collect::<Vec<_>>());
    }

    /// A key of an upload, one that a server has checked, and one of a device that was given up before its time.
    #[cfg(feature = "publish")]
    #[test]
    fn keys_that_are_to_be_published_are_wiped() {
        use gaen::keys::DiagnosisKey;
        use gaen::publish::{Consent, ExposureKey, Rules, check, release};
        use gaen::time::{RollingPeriod, RollingWindow};

        let window = RollingWindow::new(EnIntervalNumber::new(2_668_464), RollingPeriod::FULL_DAY).unwrap();
        let key = DiagnosisKey::new(SECRET, window);
        let base64 = <base64ct::Base64 as base64ct::Encoding>::encode_string(&SECRET);
        let (text, bytes) = (&base64.as_bytes()[16..], &SECRET[8..]);
        let plain = Box::new(key);
        fill_the_list::<DiagnosisKey>();
        assert_eq!(copies_of(bytes, pointed_at(&plain, bytes), plain), (1, 1), "this test would see it");

        let upload = ExposureKey::of(&key).unwrap();
        assert_eq!(copies_of(text, pointed_at(&upload, text), upload), (1, 0));

        let checked = check(&[ExposureKey::of(&key).unwrap()], None, 1_601_121_600, &Rules::GOOGLE);
        let place = pointed_at(checked.keys().next().unwrap(), bytes);
        fill_the_list::<DiagnosisKey>();
        assert_eq!(copies_of(bytes, place, checked), (1, 0));

        let mut ring = KeyRing::new();
        let noon = 1_601_121_600;
        let own = *ring.rotate(noon - 3600, &mut StdRng::seed_from_u64(6)).unwrap().key().key().expose_secret();
        let released = release(&mut ring, noon, &Consent::given(noon).with_today()).unwrap();
        let place = pointed_at(&released.embargoed()[0], &own[8..]);
        fill_the_list::<DiagnosisKey>();
        assert_eq!(copies_of(&own[8..], place, released), (1, 0));
    }

    #[cfg(feature = "publish")]
    #[test]
    fn what_lets_somebody_publish_is_wiped() {
        use gaen::publish::{HmacKey, ProcessingNumber, RevisionToken};

        let text = "73519264";
        let numbers: Box<[ProcessingNumber; 16]> = Box::new(std::array::from_fn(|_| text.parse().unwrap()));
        let place = (std::ptr::from_ref(&*numbers).addr() as u64, size_of_val(&*numbers));
        assert_eq!(copies_of(text.as_bytes(), place, numbers), (16, 0));

        // The end of a text, over whose start an allocator writes.
        let base64 = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";
        let place = |text: &str| (text.as_ptr().addr() as u64 + 40, 8);
        let key = HmacKey::from_base64(base64).unwrap();
        assert_eq!(copies_of(&base64.as_bytes()[40..], place(key.expose_secret()), key), (1, 0));
        let token = RevisionToken::new(base64.to_owned());
        assert_eq!(copies_of(&base64.as_bytes()[40..], place(token.expose_secret()), token), (1, 0));
        let plain = base64.to_owned();
        assert_eq!(copies_of(&base64.as_bytes()[40..], place(&plain), plain), (1, 1), "this test would see it");
    }
}

#[test]
fn a_key_ring_gives_out_what_it_broadcast() {
    let mut ring = KeyRing::new();
    let now = 1_601_121_600;
    let rpi = {
        let current = ring.rotate(now, &mut StdRng::seed_from_u64(2)).unwrap();
        current.key().key().identifier_key().identifier(EnIntervalNumber::from_unix_seconds(now).unwrap())
    };
    let published = ring.release(now + 86_400);
    assert_eq!(published[0].identifier_key().interval_of(&rpi), EnIntervalNumber::from_unix_seconds(now).ok());
}

/// The one way by which a type could be got around: text. The fields of the two have different names.
#[cfg(feature = "serde")]
#[test]
fn a_stored_key_is_not_read_as_a_published_one() {
    let mut ring = KeyRing::new();
    let current = ring.rotate(1_601_121_600, &mut StdRng::seed_from_u64(3)).unwrap();
    let own = serde_json::to_string(current.key()).unwrap();
    assert!(serde_json::from_str::<gaen::device::OwnKey>(&own).is_ok());
    let error = serde_json::from_str::<gaen::DiagnosisKey>(&own).unwrap_err();
    assert!(error.to_string().contains("missing field `key_data`"), "{error}");
}

/// What does not become a key is told without a digit of it.
#[cfg(feature = "serde")]
#[test]
fn an_error_shows_no_digit_of_a_stored_key() {
    let mut ring = KeyRing::new();
    let _ = ring.rotate(1_601_121_600, &mut StdRng::seed_from_u64(4)).unwrap();
    let stored = serde_json::to_string(&ring).unwrap();
    let key = *ring.keys().next().unwrap().key().expose_secret();
    let hex = base16ct::lower::encode_string(&key);
    assert!(stored.contains(&hex));
    for broken in [&hex[..31], &hex[1..], &format!("{hex}0"), &format!("{}x", &hex[..31]), ""] {
        let error = serde_json::from_str::<KeyRing>(&stored.replace(&hex, broken)).unwrap_err().to_string();
        assert!(!shows(&error, &key) && error.contains("hexadecimal"), "{error}");
    }
    let number = stored.replace(&format!("{hex:?}"), "7");
    let error = serde_json::from_str::<KeyRing>(&number).unwrap_err().to_string();
    assert!(error.contains("expected 32 hexadecimal digits"), "{error}");
}
