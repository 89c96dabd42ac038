//! Keys and files in the forms in which people have them: each is read, or named.

use std::fs;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding};

use crate::{folder, gaen};

/// `openssl req -x509` for the test key A.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBgzCCASmgAwIBAgIUAVPX6Gb5ln1Y5orr0/rnW+VXDc4wCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLZ2Flbi10ZXN0LWEwIBcNMjYxMTI4MjMzMDAxWhgPMjEyNjEx
MDQyMzMwMDFaMBYxFDASBgNVBAMMC2dhZW4tdGVzdC1hMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEnTRqq+FGbbUAZ0muUlH3WRKiM2tQIlQPKfHb3JjqMjYsEpa3
Anu1khTVlxd7fMkOzHKuvqJymxYYC7qJyHyHV6NTMFEwHQYDVR0OBBYEFNc+b2c+
2XBc0NpnxQCNS7HghWN8MB8GA1UdIwQYMBaAFNc+b2c+2XBc0NpnxQCNS7HghWN8
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhALYDqXN5Waujq1NQ
ydSJnpTxc7gYkpYEopYtavPIhMbtAiBQokWKeRELKcjwKCmJj3k2ySG1FT1Mty6k
iqhJsJIZNw==
-----END CERTIFICATE-----
";

/// `openssl ec` of the same.
const SEC1: &str = "\
-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIAoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKoAoGCCqGSM49
AwEHoUQDQgAEnTRqq+FGbbUAZ0muUlH3WRKiM2tQIlQPKfHb3JjqMjYsEpa3Anu1
khTVlxd7fMkOzHKuvqJymxYYC7qJyHyHVw==
-----END EC PRIVATE KEY-----
";

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-vectors/exports")
}

/// A folder with the public key A in PEM, a file that it signed, and A's key in DER.
fn with_key(name: &str) -> (PathBuf, Vec<u8>) {
    let folder = folder(name);
    for file in ["trusted-a.pem", "valid.zip"] {
        fs::copy(vectors().join(file), folder.join(file)).unwrap();
    }
    let pem = fs::read_to_string(folder.join("trusted-a.pem")).unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    (folder, Base64::decode_vec(&base64).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

#[test]
fn a_key_to_trust_is_read_in_every_form() {
    let (folder, der) = with_key("trust_forms");
    let trust = |form: &[u8]| {
        fs::write(folder.join("key"), form).unwrap();
        gaen(&folder, &["verify", "--trust=gaen-test-a-v1=key", "valid.zip"])
    };
    let point = &der[der.len() - 65..];
    let forms =
        [der.clone(), point.to_vec(), hex(&der).into(), hex(point).into(), Base64::encode_string(&point[1..]).into()];
    for form in forms {
        assert!(trust(&form).ok().stdout.starts_with("ok   valid.zip  verified by gaen-test-a-v1  3 keys"));
    }
    let run = trust(CERTIFICATE.as_bytes());
    assert_eq!(run.code, Some(0));
    let warning = "warning: key file key: a certificate: its key was taken; who issued it and whether it has expired is not \
                   checked\n";
    assert_eq!(run.stderr, warning);

    trust(SEC1.as_bytes())
        .failed(2, &["error: key file key: a private key, where a public one is wanted; `openssl pkey"]);
    trust(b"").failed(2, &["error: key file key: it is empty"]);
    trust(format!("{CERTIFICATE}{CERTIFICATE}").replace("AEnTRqq", "AEnTRqr").as_bytes()).failed(2, &["not a point"]);
    let zero = gaen(&folder, &["verify", "--trust=gaen-test-a-v1=/dev/zero", "valid.zip"]);
    if cfg!(unix) {
        zero.failed(2, &["error: key file /dev/zero: over 65536 bytes, the limit for a key file"]);
    }
}

#[test]
fn a_key_to_sign_by_is_read_by_the_same_reader() {
    let (folder, der) = with_key("sign_forms");
    let key = r#"{"tek": "75c734c6dd1a782de7a965da5eb93125", "rolling_start_interval_number": 2642976}"#;
    fs::write(folder.join("keys.jsonl"), key).unwrap();
    let sign = |form: &[u8]| {
        fs::write(folder.join("key"), form).unwrap();
        let args = ["export", "--keys=keys.jsonl", "--region=XX", "--start=1585785600", "--end=1585872000"];
        gaen(&folder, &[&args[..], &["--sign=gaen-test-a-v1=key", "-o", "out.zip", "--force"]].concat())
    };
    let base64: String = SEC1.lines().skip(4).filter(|line| !line.starts_with('-')).collect();
    for form in [SEC1.as_bytes().to_vec(), Base64::decode_vec(&base64).unwrap(), base64.into_bytes()] {
        sign(&form).ok();
        gaen(&folder, &["verify", "--trust=gaen-test-a-v1=trusted-a.pem", "out.zip"]).ok();
    }
    sign(&der).failed(2, &["error: key file key: a public key or a certificate, where a private key is wanted"]);
}

#[test]
fn a_header_that_is_nearly_one_is_told_what_is_wrong() {
    let folder = folder("headers");
    let expected = "not with the header \"EK Export v1    \"";
    for (header, fault) in [
        (&b"EK Export v1\0\0\0\0"[..], "(the padding is NUL)"),
        (b"EK Export v2    ", "(the version is another)"),
        (b"ek export v1    ", "(upper and lower case are others)"),
        (b"\xef\xbb\xbfEK Export v1    ", "(a byte order mark is in front)"),
    ] {
        fs::write(folder.join("export.bin"), [header, &[9, 0, 0, 0, 0, 0, 0, 0, 0]].concat()).unwrap();
        fs::copy(vectors().join("trusted-a.pem"), folder.join("a.pem")).unwrap();
        let text = gaen(&folder, &["inspect", "export.bin"]).failed(1, &["1 of 1 file with a problem"]).stdout;
        for part in ["header_missing: export.bin starts with \"", expected, fault, "file       bare export.bin, "] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("not a zip"), "{text}");
        let verified = gaen(&folder, &["verify", "--trust=a-v1=a.pem", "export.bin"]).failed(1, &[]).stdout;
        assert!(verified.contains("header_missing: ") && verified.contains(fault), "{verified}");
    }
    // Where the header is right, a zip is what is missing.
    fs::write(folder.join("export.bin"), b"EK Export v1    ").unwrap();
    let verified = gaen(&folder, &["verify", "--trust=a-v1=a.pem", "export.bin"]).failed(1, &[]).stdout;
    assert!(verified.contains("a bare export.bin; its signatures are in export.sig"), "{verified}");
}

#[test]
fn what_is_no_zip_is_named() {
    let (folder, _) = with_key("no_zips");
    let zip = Base64::encode_string(&fs::read(folder.join("valid.zip")).unwrap());
    for (file, kind) in [
        (&b"EK Export v1    \x09"[..], "(a bare export.bin; its signatures are in export.sig)"),
        (b"\x1f\x8b\x08\0", "(gzip)"),
        (b"SQLite format 3\0", "(a SQLite database)"),
        (b"-----BEGIN PUBLIC KEY-----", "(PEM, perhaps a key)"),
        (zip.as_bytes(), "(a zip in base64)"),
        (b"<!DOCTYPE html>", "(HTML or XML)"),
        (b"{\"code\":404}", "(JSON)"),
        (b"hello", "not a zip: the file starts with \"hello\"\n"),
    ] {
        fs::write(folder.join("file"), file).unwrap();
        let text = gaen(&folder, &["verify", "--trust=gaen-test-a-v1=trusted-a.pem", "file"]).failed(1, &[]).stdout;
        assert!(text.contains(kind) && text.starts_with("FAIL file  not_a_zip: "), "{text}");
    }
}

/// A folder in which `gaen export` has a key to sign by.
fn with_signer(name: &str) -> PathBuf {
    let folder = folder(name);
    fs::copy(vectors().join("private-a.pem"), folder.join("a.pem")).unwrap();
    folder
}

fn export(folder: &Path, more: &[&str]) -> crate::Run {
    let args = ["export", "--region=XX", "--start=1585785600", "--end=1585872000", "--sign=gaen-test-a-v1=a.pem"];
    gaen(folder, &[&args[..], more].concat())
}

#[test]
fn keys_to_export_are_read_in_every_form() {
    let folder = with_signer("keys_forms");
    let key = "10fb2c3d4e5f60718293a4b5c6d7e8f9";
    let ours = format!(
        r#"{{"tek":"{key}","rolling_start_interval_number":2660000,"rolling_period":100,"transmission_risk_level":3,
           "report_type":"confirmed_test","days_since_onset_of_symptoms":-5,"variant_of_concern":2}}"#
    );
    let base64 = "EPssPU5fYHGCk6S1xtfo+Q==";
    let protobuf = format!(
        r#"{{"keyData":"{base64}","transmissionRiskLevel":3,"rollingStartIntervalNumber":2660000,"rollingPeriod":100,
           "reportType":"CONFIRMED_TEST","daysSinceOnsetOfSymptoms":-5,"variantOfConcern":"VARIANT_TYPE_2"}}"#
    );
    let one_line = |text: &str| text.replace('\n', " ");
    let rest = r#""reportType":1,"daysSinceOnsetOfSymptoms":-5,"variantOfConcern":2"#;
    let server =
        format!(r#"{{"key":"{base64}","rollingStartNumber":2660000,"rollingPeriod":100,"transmissionRisk":3,{rest}}}"#);
    let android = format!(
        r#"{{"keyData":"{base64}","rollingStartNumber":2660000,"rollingPeriod":100,"transmissionRiskLevel":3,{rest}}}"#
    );
    let bytes = "[16,-5,44,61,78,95,96,113,-126,-109,-92,-75,-58,-41,-24,-7]";
    fs::write(folder.join("keys"), one_line(&ours)).unwrap();
    export(&folder, &["--keys=keys", "-o", "expected.zip"]).ok();
    for form in [
        ours.clone(),
        format!("[{ours},\n{ours}]"),
        format!("{ours}\n{ours}"),
        protobuf.clone(),
        format!("{{\"startTimestamp\": \"1601596800\", \"region\": \"XX\",\n \"keys\": [\n{protobuf}\n]\n}}"),
        format!("{{\"keys\": [{}]}}", protobuf.replace("VARIANT_TYPE_2\"", "VARIANT_TYPE_2\", \"unknown\": [1]")),
        format!("{{\"temporaryExposureKeys\": [{server}], \"regions\": [\"XX\"]}}"),
        format!("{{\"gaenKeys\": [{}], \"delayedKeyDate\": 1}}", android.replace("{\"key", "{\"fake\":0,\"key")),
        format!("\u{feff}[{android}]"),
        format!("[{}]", android.replace(&format!("\"{base64}\""), bytes)),
        android.replace("==", "").replace('+', "-"),
        format!(
            "keyData,rollingStartNumber,rollingPeriod,transmissionRiskLevel,reportType,daysSinceOnsetOfSymptoms,\
                 variantOfConcern\n{base64},2660000,100,3,CONFIRMED_TEST,-5,2\n"
        ),
    ] {
        fs::write(folder.join("keys"), &form).unwrap();
        export(&folder, &["--keys=keys", "-o", "out.zip", "--force"]).ok();
        let read = |name: &str| gaen(&folder, &["inspect", "--keys", "--json", name]).ok().json()["files"][0].clone();
        let (expected, found) = (read("expected.zip"), read("out.zip"));
        for key in found["keys_list"].as_array().unwrap() {
            assert_eq!(*key, expected["keys_list"][0], "{form}");
        }
        assert!(found["export_bin"]["keys"].as_u64() >= Some(1), "{form}");
    }
}

#[test]
fn keys_that_cannot_be_read_are_refused_by_name() {
    let folder = with_signer("keys_refused");
    let refused = |text: &str, mentions: &[&str]| {
        fs::write(folder.join("keys"), text).unwrap();
        export(&folder, &["--keys=keys", "-o", "out.zip"]).failed(1, mentions);
        assert!(!folder.join("out.zip").exists());
    };
    let key = r#"{"keyData": "EPssPU5fYHGCk6S1xtfo+Q==", "rollingStartNumber": 2660000}"#;
    refused(r#"{"foo": 1}"#, &["keys, line 1: no tek, found foo"]);
    refused("{\n \"tek\": \"00\",\n", &["keys, line 3: the file ends within a JSON value"]);
    refused("{\n \"tek\": 00 }", &["keys, line 2: column 10: not JSON: invalid number"]);
    refused(&format!("{key}\n\n{{\"keyData\": \"AAAA\"}}"), &["keys, line 3: keyData is \"AAAA\": "]);
    refused(&format!("[{key}, 7]"), &["keys, [1]: not a JSON object: 7"]);
    refused(
        &format!("{{\"keys\": [{key}, {{\"keyData\": \"EPss\", \"rollingStartNumber\": 1}}]}}"),
        &["keys, keys[1], line 1: keyData is \"EPss\": 3 bytes of base64, expected 16"],
    );
    refused(&key.replace('}', ", \"rollingPeriod\": 0}"), &["rollingPeriod is 0: ", "leave it out for a whole day"]);
    refused(&key.replace("2660000", "1596000000"), &["rollingStartNumber is 1596000000: ", "Unix seconds?"]);
    refused(&key.replace("2660000", "6837408"), &["rollingStartNumber is 6837408: ", "after the year 2099"]);
    refused(&key.replace('}', ", \"fake\": 1}"), &["fake is set"]);
    refused(&key.replace('}', ", \"key_data\": \"00\"}"), &["key_data and keyData are one field"]);
    refused(&format!("{{\"revisedKeys\": [{key}]}}"), &["revisedKeys alone: give them by --revised-keys"]);
    refused(
        "TemporaryExposureKey<keyData: 00>",
        &["keys, line 1: the CSV header has no rolling_start_interval_number"],
    );
}

#[test]
fn a_document_has_revised_keys_too() {
    let folder = with_signer("keys_revised");
    let key =
        |first: char| format!(r#"{{"keyData": "{first}PssPU5fYHGCk6S1xtfo+Q==", "rollingStartNumber": 2660000}}"#);
    let document = format!("{{\"keys\": [{}], \"revisedKeys\": [{}, {}]}}", key('E'), key('F'), key('G'));
    fs::write(folder.join("keys.json"), document).unwrap();
    let run = export(&folder, &["--keys=keys.json", "-o", "1.zip"]);
    let warning = "warning: keys.json: revisedKeys has 2 keys, which --revised-keys takes, not --keys\n";
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), warning));
    export(&folder, &["--keys=keys.json", "--revised-keys=keys.json", "-o", "2.zip"]);
    let bin = gaen(&folder, &["inspect", "--json", "2.zip"]).ok().json()["files"][0]["export_bin"].clone();
    assert_eq!((bin["keys"].as_u64(), bin["revised_keys"].as_u64()), (Some(1), Some(2)));
    fs::write(folder.join("one.json"), format!("{{\"keys\": [{}]}}", key('E'))).unwrap();
    export(&folder, &["--keys=keys.json", "--revised-keys=one.json", "-o", "3.zip"]).failed(1, &["no revisedKeys"]);
}
