//! `gaen publish`: the phone, the verification server and the key server, each by files alone.

use std::fs;
use std::path::{Path, PathBuf};

use gaen::KeyRing;
use serde_json::{Value, json};

use crate::documents::are_documented;
use crate::{Run, folder, gaen};

/// 2020-09-26 12:00 UTC.
const NOON: u64 = 1_601_121_600;
const DAY: u64 = 86_400;

/// A folder with a ring of three days, and the keys of a verification server and a key server.
struct Scene {
    folder: PathBuf,
}

impl Scene {
    fn new(name: &str) -> Self {
        let scene = Self { folder: folder(name) };
        let mut ring = KeyRing::new();
        for hour in 0..=48 {
            let _ = ring.rotate(NOON + hour * 3600, &mut rand::rng()).unwrap();
        }
        fs::write(scene.folder.join("ring.json"), serde_json::to_vec(&ring).unwrap()).unwrap();
        for (id, name) in [("v", "authority"), ("440", "server")] {
            gaen(&scene.folder, &["keygen", "--id", id, "--version", "1", "-o", name]).ok();
        }
        scene
    }

    fn run(&self, words: &str) -> Run {
        gaen(&self.folder, &["publish"].into_iter().chain(words.split(' ')).collect::<Vec<_>>())
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn ring(&self) -> KeyRing {
        serde_json::from_str(&self.read("ring.json")).unwrap()
    }

    /// The request of what the ring lets go, certified as this; with further words for the request.
    fn request(&self, report: &str, now: u64, more: &str) -> [Value; 3] {
        let json = |words: String| self.run(&words).ok().json();
        let hmac = json(format!("--hmac ring.json --hmac-key secret.txt --consent --today --now {now} --json"));
        let tekmac = hmac["tekmac"].as_str().unwrap();
        let certify = format!(
            "--certify {tekmac} --report {report} --issuer health.example --audience keys.example \
             --sign v-1=authority.private.pem --now {now} --json"
        );
        let certified = json(certify);
        fs::write(self.folder.join("certificate.jwt"), certified["certificate"].as_str().unwrap()).unwrap();
        let request = json(format!(
            "--request ring.json --hmac-key secret.txt --consent --today --health-authority org.example \
             --certificate certificate.jwt --now {now} -o request.json --force --json{more}"
        ));
        [hmac, certified, request]
    }

    /// What the key server makes of the request that lies there.
    fn batch(&self, received_at: u64, now: u64) -> Run {
        let upload: Value = serde_json::from_str(&self.read("request.json")).unwrap();
        let line = json!({ "received_at": received_at, "upload": upload });
        fs::write(self.folder.join("uploads.jsonl"), line.to_string()).unwrap();
        self.run(&format!(
            "--batch uploads.jsonl --state state.json --answers answers.jsonl --force --issuer health.example \
             --audience keys.example --trust v-1=authority.public.pem --sign 440-1=server.private.pem --region 440 \
             --now {now} -o out --json"
        ))
    }
}

fn mode(path: &Path) -> u32 {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777;
    #[cfg(not(unix))]
    0o600
}

#[test]
fn a_diagnosis_goes_from_a_ring_to_signed_files_and_is_withdrawn() {
    let scene = Scene::new("publish");
    let now = NOON + 2 * DAY;
    let [hmac, certified, request] = scene.request("likely", now, "");
    are_documented("gaen publish --hmac", std::slice::from_ref(&hmac));
    are_documented("gaen publish --certify", &[certified]);
    are_documented("gaen publish --request", std::slice::from_ref(&request));
    assert_eq!((&hmac["keys"], &request["keys"], &request["embargoed"]), (&json!(3), &json!(3), &json!(1)));
    assert!(scene.ring().keys().all(gaen::device::OwnKey::is_released), "the ring is stored");
    for file in ["secret.txt", "request.json", "ring.json"] {
        assert_eq!(mode(&scene.folder.join(file)), 0o600, "{file}");
    }

    let first = scene.batch(now, now + 2 * 3600).ok().json();
    assert_eq!(
        (&first["uploads"][0]["inserted"], &first["files"], &first["waiting"]),
        (&json!(3), &json!([]), &json!(3))
    );
    fs::write(scene.folder.join("uploads.jsonl"), "").unwrap();
    let again = scene.run(&format!(
        "--batch uploads.jsonl --state state.json --issuer health.example --audience keys.example \
         --trust v-1=authority.public.pem --sign 440-1=server.private.pem --region 440 --now {} -o out --json",
        now + 3 * 3600
    ));
    let again = again.ok().json();
    let [file] = &again["files"].as_array().unwrap()[..] else { panic!("{again}") };
    assert_eq!((&file["keys"], &again["waiting"]), (&json!(3), &json!(0)));
    let path = file["path"].as_str().unwrap();
    gaen(&scene.folder, &["verify", "--trust", "440-1=server.public.pem", path]).ok();
    assert_eq!(format!("out/{}", scene.read("out/index.txt")), path);

    // The phone kept the token. The test is negative.
    let answer: Value = serde_json::from_str(scene.read("answers.jsonl").trim()).unwrap();
    fs::write(scene.folder.join("token.txt"), answer["revisionToken"].as_str().unwrap()).unwrap();
    let later = now + 6 * 3600;
    scene.request("negative", later, " --revision-token token.txt");
    let revised = scene.batch(later, later + 3 * 3600).ok().json();
    are_documented("gaen publish --batch", &[first, again, revised.clone()]);
    assert_eq!((&revised["uploads"][0]["revised"], &revised["files"][0]["revised_keys"]), (&json!(3), &json!(3)));
    assert_eq!(scene.read("out/index.txt").lines().count(), 2);

    // Once more, without the token: nothing is taken.
    scene.request("confirmed", later, "");
    let refused = scene.batch(later, later).failed(1, &["1 of 1 uploads refused"]).json();
    assert_eq!(refused["uploads"][0]["code"], "missing_revision_token");
    let refused = scene.batch(later + 900, later + 900).failed(1, &[]).json();
    assert_eq!(refused["uploads"][0]["code"], "health_authority_verification_certificate_invalid");
}

#[test]
fn a_check_says_which_keys_go_and_why_the_others_do_not() {
    let scene = Scene::new("publish_check");
    let key = |key: &str, start: u64, period: i32| json!({ "key": key, "rollingStartNumber": start, "rollingPeriod": period });
    let good = "AQIDBAUGBwgJCgsMDQ4PEA==";
    let today = NOON / DAY * 144;
    let keys =
        json!([key(good, today - 144, 144), key("c2hvcnQ=", today, 144), key(good, today, 144), key(good, today, 0)]);
    fs::write(scene.folder.join("keys.json"), keys.to_string()).unwrap();
    let check = format!("--check keys.json --now {NOON}");
    let run = scene.run(&format!("{check} --json")).failed(1, &["2 of 4 keys would be taken"]);
    let found = run.json();
    let codes: Vec<_> =
        found["violations"].as_array().unwrap().iter().map(|found| (&found["key"], &found["code"])).collect();
    assert_eq!(codes, [(&json!(1), &json!("key_length")), (&json!(3), &json!("rolling_period"))]);
    let text = scene.run(&check).failed(1, &[]).stdout;
    for line in [
        "taken     key 0: 2668320 + 144, to be held back until 2020-09-26 02:00 UTC",
        "taken     key 2: 2668464 + 144, to be held back until 2020-09-27 02:00 UTC",
        "left out  key 1: 5 bytes of key data; a key has 16",
        "left out  key 3: rolling period 0; it is 1 to 144",
    ] {
        let line = line.strip_suffix(", to be held back until 2020-09-26 02:00 UTC").unwrap_or(line);
        assert!(text.lines().any(|found| found == line), "{line}\nis not in\n{text}");
    }
    assert!(!text.contains(good));

    fs::write(scene.folder.join("rules.json"), r#"{"most_keys":1}"#).unwrap();
    let few = scene.run(&format!("{check} --rules rules.json --json")).failed(1, &["0 of 4"]).json();
    assert_eq!(few["violations"][0]["consequence"], "nothing_taken");
    let ring = scene.run(&format!("--check ring.json --consent --now {} --json", NOON + 2 * DAY)).ok().json();
    assert_eq!((&ring["taken"], &ring["held"][0]["code"]), (&json!(2), &json!("embargo")));
    assert!(scene.ring().keys().all(|key| !key.is_released()), "asking releases nothing");
    are_documented("gaen publish --check", &[found, ring]);
}

/// A clock far ahead lets nothing go, and no key goes without its owner's consent.
#[test]
fn a_ring_gives_nothing_up_by_mistake() {
    let scene = Scene::new("publish_ring");
    let before = scene.read("ring.json");
    let hmac = format!("--hmac ring.json --hmac-key secret.txt --now {}", NOON + 2 * DAY);
    scene.run(&hmac).failed(2, &["--consent"]);
    let ahead = scene.run(&format!("--check ring.json --consent --now {} --json", NOON + 6 * DAY)).ok().json();
    let codes: Vec<_> = ahead["held"].as_array().unwrap().iter().map(|held| held["code"].as_str().unwrap()).collect();
    // Of the first key the ring has counted a day and its embargo.
    assert_eq!((codes, &ahead["taken"]), (vec!["clock_jumped"], &json!(2)));
    let request =
        "--request keys.json --hmac-key secret.txt --health-authority o --certificate c -o r --now 2020-09-28";
    fs::write(scene.folder.join("keys.json"), "[]").unwrap();
    scene.run(request).failed(1, &["a request is made of a key ring alone"]);
    assert_eq!(scene.read("ring.json"), before);
}

#[test]
fn an_error_shows_nothing_of_a_secret() {
    let scene = Scene::new("publish_secret");
    let secret = "c2VjcmV0c2VjcmV0";
    for (file, text, words) in [
        ("secret.txt", secret.to_owned(), "--hmac ring.json --hmac-key secret.txt --consent --now 2020-09-28"),
        (
            "ring.json",
            format!(r#"{{"keys":[{{"key":"{secret}"}}],"clock":{{"latest":null,"elapsed":0}}}}"#),
            "--check ring.json --consent --now 2020-09-28",
        ),
        (
            "u.json",
            format!(r#"{{"temporaryExposureKeys":[],"hmacKey":7,"{secret}":1}}"#),
            "--check u.json --now 2020-09-28",
        ),
        ("secret.txt", secret.to_owned(), "--check secret.txt --now 2020-09-28"),
        ("number.txt", secret.to_owned(), "--hmac number.txt --hmac-key h --now 2020-09-28"),
    ] {
        fs::write(scene.folder.join(file), text).unwrap();
        let run = scene.run(words).failed(1, &[file]);
        assert!(!run.stderr.contains(secret) && !run.stdout.contains(secret), "{}{}", run.stdout, run.stderr);
    }
}

/// The words of a request of the ring, to this file.
fn request(output: &str) -> String {
    format!(
        "--request ring.json --hmac-key secret.txt --consent --health-authority org.example --certificate certificate.jwt \
         --now {} -o {output}",
        NOON + 2 * DAY
    )
}

#[test]
fn no_file_is_lost_to_another() {
    let scene = Scene::new("publish_overwrite");
    scene.request("likely", NOON + 2 * DAY, "");
    let files = ["ring.json", "secret.txt", "certificate.jwt", "request.json"];
    let before = files.map(|file| scene.read(file));
    scene.run(&request("ring.json")).failed(2, &["ring.json", "--request", "would be lost"]);
    scene.run(&request("ring.json --force")).failed(2, &["would be lost"]);
    scene.run(&request("secret.txt --force")).failed(2, &["--hmac-key"]);
    scene.run(&request("./certificate.jwt --force")).failed(2, &["--certificate"]);
    scene.run(&request("request.json")).failed(1, &["request.json is there already and is not overwritten"]);
    let hmac = |ring: &str, key: &str| format!("--hmac {ring} --hmac-key {key} --consent --now {}", NOON + 2 * DAY);
    scene.run(&hmac("ring.json", "ring.json")).failed(2, &["would be lost"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("ring.json", scene.folder.join("link.json")).unwrap();
        scene.run(&request("link.json --force")).failed(2, &["would be lost"]);
    }
    assert_eq!(files.map(|file| scene.read(file)), before);
    no_file_is_lost_to_a_batch(&scene);
    scene.run(&request("other.json")).ok();
    scene.run(&request("other.json --force")).ok();

    // A ring behind a link is stored where it is, or the released keys would be broadcast again.
    #[cfg(unix)]
    {
        let mut ring = KeyRing::new();
        let _ = ring.rotate(NOON, &mut rand::rng()).unwrap();
        fs::write(scene.folder.join("ring.json"), serde_json::to_vec(&ring).unwrap()).unwrap();
        scene.run(&hmac("link.json", "secret.txt")).ok();
        assert!(scene.ring().keys().all(gaen::device::OwnKey::is_released));
        assert!(scene.folder.join("link.json").is_symlink());
    }
}

/// The words of a batch of the scene's uploads, with these files instead of its own.
fn batch(uploads: &str, sign: &str, more: &str) -> String {
    format!(
        "--batch {uploads} --issuer health.example --audience keys.example --trust v-1=authority.public.pem \
         --sign 440-1={sign} --region 440 --pad-to 0 --now {} {more}",
        NOON + 2 * DAY + 3 * 3600
    )
}

/// A batch writes an index, a state and export files over others of their names: none of these may be what it reads.
fn no_file_is_lost_to_a_batch(scene: &Scene) {
    let upload: Value = serde_json::from_str(&scene.read("request.json")).unwrap();
    let uploads = json!({ "received_at": NOON + 2 * DAY, "upload": upload }).to_string();
    fs::write(scene.folder.join("uploads.jsonl"), &uploads).unwrap();
    // The same keys make a file of the same name.
    let made = scene.run(&batch("uploads.jsonl", "server.private.pem", "-o first --json")).ok().json();
    let export =
        Path::new(made["files"][0]["path"].as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned();
    let folder = scene.folder.join("out");
    fs::create_dir_all(&folder).unwrap();
    let key = scene.read("server.private.pem");
    for name in ["index.txt", &export] {
        let path = folder.join(name);
        fs::write(&path, &key).unwrap();
        let own = batch("uploads.jsonl", &format!("out/{name}"), "-o ./out");
        scene.run(&own).failed(2, &[name, "also the file of --sign", "would be lost"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), key);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("out", scene.folder.join("linked")).unwrap();
            scene.run(&own.replace("-o ./out", "-o linked")).failed(2, &["also the file of --sign"]);
            assert_eq!(fs::read_to_string(&path).unwrap(), key);
            fs::remove_file(scene.folder.join("linked")).unwrap();
        }
        fs::write(&path, &uploads).unwrap();
        let own = batch(&format!("out/{name}"), "server.private.pem", "-o out");
        scene.run(&own).failed(2, &[name, "also the file of --batch"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), uploads);
        fs::remove_file(path).unwrap();
    }
    // Two names of a file in a folder that is not there yet.
    let state = batch("uploads.jsonl", "server.private.pem", "--state ./new/index.txt -o new");
    scene.run(&state).failed(2, &["--state", "also the file of the index"]);
    let answers = batch("uploads.jsonl", "server.private.pem", &format!("--answers out/{export} -o out"));
    scene.run(&answers).failed(2, &["--answers", "also the file of the export file"]);
    assert_eq!(fs::read_dir(&folder).unwrap().count() + fs::read_dir(scene.folder.join("new")).unwrap().count(), 0);
}

#[test]
fn no_secret_goes_to_standard_output() {
    let scene = Scene::new("publish_stdout");
    scene.request("likely", NOON + 2 * DAY, "");
    let from_a_pipe = request("r.json").replace("ring.json", "-");
    scene.run(&from_a_pipe).failed(2, &["--request -: a secret is kept in a file"]);
    scene.run(&request("-")).failed(2, &["--output -: a secret is kept in a file"]);
    let hmac = |ring: &str, key: &str| format!("--hmac {ring} --hmac-key {key} --consent --now {}", NOON + 2 * DAY);
    scene.run(&hmac("ring.json", "-")).failed(2, &["--hmac-key -"]);
    let ring = scene.read("ring.json");
    let words = hmac("-", "secret.txt");
    let words: Vec<_> = ["publish"].into_iter().chain(words.split(' ')).collect();
    crate::gaen_with_input(&scene.folder, &words, ring).failed(2, &["a ring is stored where it was read"]);
    for (state, answers, mentions) in [
        ("-", "a.jsonl", "--state -"),
        ("s.json", "-", "--answers -"),
        ("s.json", "s.json", "would be lost"),
        ("out/index.txt", "a.jsonl", "the index"),
    ] {
        let batch = format!(
            "--batch uploads.jsonl --state {state} --answers {answers} --issuer health.example --audience keys.example \
             --trust v-1=authority.public.pem --sign 440-1=server.private.pem --region 440 --now {NOON} -o out"
        );
        scene.run(&batch).failed(2, &[mentions]);
    }
    assert!(!scene.folder.join("-").exists());
}

#[test]
fn what_is_no_upload_is_answered_and_the_others_are_taken() {
    let scene = Scene::new("publish_lines");
    let now = NOON + 2 * DAY;
    scene.request("likely", now, "");
    let upload: Value = serde_json::from_str(&scene.read("request.json")).unwrap();
    let large = "A".repeat(65_536);
    let lines = [json!({ "keys": [] }), json!("text"), json!({ "padding": large }), upload]
        .map(|upload| json!({ "received_at": now, "upload": upload }).to_string());
    fs::write(scene.folder.join("uploads.jsonl"), lines.join("\n")).unwrap();
    let batch = |now: u64| {
        format!(
            "--batch uploads.jsonl --state state.json --answers answers.jsonl --issuer health.example \
             --audience keys.example --trust v-1=authority.public.pem --sign 440-1=server.private.pem --region 440 \
             --now {now} -o out --json"
        )
    };
    let taken = scene.run(&batch(now)).failed(1, &["3 of 4 uploads refused"]).json();
    let errors: Vec<_> =
        taken["uploads"].as_array().unwrap().iter().map(|upload| (&upload["code"], &upload["error"])).collect();
    let field = "not an upload: line 1, column 7: a field is missing, unknown or of another kind";
    assert_eq!(errors[0], (&json!("bad_request"), &json!(field)));
    assert!(errors[1].1.as_str().unwrap().starts_with("not an upload: "), "{errors:?}");
    assert!(errors[2].1.as_str().unwrap().contains("over the limit of 65536"), "{errors:?}");
    assert_eq!(errors[3], (&Value::Null, &Value::Null));
    scene.run(&batch(now)).failed(1, &["answers.jsonl is there already"]);

    // Once nobody can upload the keys again, the state forgets them and their files.
    fs::write(scene.folder.join("uploads.jsonl"), "").unwrap();
    let again = |now: u64| scene.run(&format!("{} --force", batch(now))).ok().json();
    // Every other day: longer pauses do not count for the embargo.
    for hours in [4, 30] {
        again(now + hours * 3600);
    }
    assert!(scene.read("state.json").contains("rolling_start"));
    again(now + 17 * DAY);
    let state: Value = serde_json::from_str(&scene.read("state.json")).unwrap();
    assert_eq!(
        (&state["keys"], &state["tokens"], &state["made"], &state["files"]),
        (&json!({}), &json!({}), &json!([]), &json!({}))
    );
}
