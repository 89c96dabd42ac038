//! `gaen publish`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgGroup;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use gaen::cocoa::MAX_DOCUMENT_BYTES;
use gaen::keys::TransmissionRiskLevel;
use gaen::publish::{
    BatchOptions, CertifiedReport, Claims, Consent, ExposureKey, HeldKey, HmacKey, Issuer, KeyMac, KeyServer,
    PublishAnswer, PublishRequest, Refusal, Release, RevisionToken, Rules, UploadKeys, check, release, secret_json,
};
use gaen::{EnIntervalNumber, KeyRing};
use gaen_report::document::WrittenExport;
use gaen_report::publish::{
    BatchDocument, Batched, CertifyDocument, CheckDocument, HmacDocument, Input, ReceivedUpload, RequestDocument,
    received,
};
use rand::rngs::ThreadRng;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::files::{self, NewFile, Readers};
use crate::trust::NamedKeyFile;
use crate::{moment, output};

const EXAMPLES: &str = r#"Examples:
  May these keys be published, and why not the others?
  gaen publish --check keys.jsonl --now 2020-09-28

  A phone: the HMAC of what its key ring lets go, and the request with the certificate of that HMAC
  gaen publish --hmac ring.json --hmac-key secret.txt --consent --now 2020-09-28
  gaen publish --request ring.json --hmac-key secret.txt --consent --now 2020-09-28 \
      --health-authority org.example --certificate certificate.jwt -o request.json

  A verification server:
  gaen publish --certify TEKMAC --report confirmed --issuer health.example --audience keys.example \
      --sign v1=authority.private.pem --now 2020-09-28 > certificate.jwt

  A key server: signed files of all windows that are over
  gaen publish --batch uploads.jsonl --state server.json --region 440 --issuer health.example \
      --audience keys.example --trust v1=authority.public.pem --sign 440-v1=440.private.pem \
      --now 2020-09-28T12:00Z -o out/

Nothing is sent. A ring is a gaen::KeyRing as JSON. --hmac and --request take from it only keys whose embargo is over, with --today also today's, and store it before anything else: a released key is never broadcast again. Give both the same --now, because the certificate is for exactly these keys.

--check and --hmac also read an upload, a list of keys as uploads have it, or keys in any form of `gaen export`. UPLOADS has a JSON object a line: {"received_at": 1601251200, "upload": {..}}. The rules are those of Google's key server; --rules takes a JSON object with other numbers, such as {"most_keys": 14, "still_valid": "refused"}. A state forgets a key that has left or was withdrawn, once nobody can upload it again: by Google's rules 15 days after its end.

Rings, secrets, requests, tokens and a server's state are secret. They go to files that only you can read, never to standard output. A ring and a state are stored in the file from which they were read. No other file that a command reads is overwritten. --force overwrites an earlier request or answers; --batch replaces the index and export files of the same name."#;

/// The name of the list of files.
const INDEX: &str = "index.txt";

/// Publish a diagnosis: check keys, make the request, certify it, and make a key server's files
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
#[command(group(ArgGroup::new("step").required(true).args(["check", "hmac", "certify", "request", "batch"])))]
pub(crate) struct Args {
    /// Say which of these keys a key server would take: a ring, an upload, or keys
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,

    /// Print the HMAC of these keys, and write its secret if the file is not there
    #[arg(long, value_name = "FILE", requires = "hmac_key")]
    hmac: Option<PathBuf>,

    /// Print a certificate for this HMAC
    #[arg(long, value_name = "TEKMAC", requires_all = ["issuer", "audience", "sign", "report"])]
    certify: Option<String>,

    /// Write the request of what this ring lets go
    #[arg(long, value_name = "RING", requires_all = ["hmac_key", "certificate", "health_authority", "output"])]
    request: Option<PathBuf>,

    /// Take these uploads as a key server does, and write its signed files and their index
    #[arg(long, value_name = "UPLOADS", requires_all = ["issuer", "audience", "trust", "sign", "region", "output"])]
    batch: Option<PathBuf>,

    /// The time, Unix seconds or ISO 8601
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    now: u64,

    /// The owner of the ring agrees to publish
    #[arg(long)]
    consent: bool,

    /// The owner also agrees to end today's key now, for a server that holds it back
    #[arg(long, requires = "consent")]
    today: bool,

    /// When symptoms began
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    onset: Option<u64>,

    /// The owner has been outside of the home region
    #[arg(long)]
    traveler: bool,

    /// The secret of the HMAC, in base64
    #[arg(long, value_name = "FILE")]
    hmac_key: Option<PathBuf>,

    /// The certificate of the HMAC
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,

    /// The token of an earlier answer, to revise what was published
    #[arg(long, value_name = "FILE")]
    revision_token: Option<PathBuf>,

    /// The health authority whose app publishes
    #[arg(long, value_name = "ID")]
    health_authority: Option<String>,

    /// What is reported
    #[arg(long, value_parser = report())]
    report: Option<CertifiedReport>,

    /// The name of the verification server
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,

    /// The name that it gives the key server
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,

    /// Trust certificates by this public key; may be repeated
    #[arg(long, value_name = "KEY=FILE")]
    trust: Vec<NamedKeyFile>,

    /// Sign with this private key: certificates, or files; may be repeated for files
    #[arg(long, value_name = "NAME=FILE")]
    sign: Vec<NamedKeyFile>,

    /// How long a certificate is valid, seconds
    #[arg(long, value_name = "N", default_value_t = 900)]
    valid: u64,

    /// The rules of the key server, JSON [default: the rules of Google's key server]
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,

    /// Go on with this state of the server, and store it
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Write the answers to the uploads, one a line
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,

    /// The region that files name
    #[arg(long)]
    region: Option<String>,

    /// Fill each file up to N keys, with made-up keys
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pad_to: usize,

    /// Add 0 to N more made-up keys to each file that is filled
    #[arg(long, value_name = "N", default_value_t = 100)]
    pad_random: u32,

    /// The request to write, or the folder for files
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Overwrite the request, or the answers
    #[arg(long)]
    force: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Takes the name of a report.
fn report() -> impl TypedValueParser<Value = CertifiedReport> {
    PossibleValuesParser::new(CertifiedReport::ALL.map(CertifiedReport::name))
        .try_map(|name| name.parse::<CertifiedReport>())
}

impl Args {
    /// What the command has done by the time that it prints anything. `--hmac` tells of it itself: a ring is known once
    /// it is read.
    pub(crate) fn what_stays(&self) -> Option<&'static str> {
        match (&self.request, &self.batch) {
            (Some(_), _) => Some("the ring and the request are written"),
            (_, Some(_)) => Some("the export files are written"),
            _ => None,
        }
    }

    /// Refuses to write a secret to standard output, or over a file that the command reads or also writes.
    fn check_paths(&self) -> Result<(), Error> {
        if let Some((option, _)) = self.secrets().iter().find(|(_, path)| path == Path::new("-")) {
            return Err(Error::Usage(format!("{option} -: a secret is kept in a file, and is not printed")));
        }
        self.check_lost(&[])
    }

    /// The secrets that are written, or stored where they were read, by their options.
    fn secrets(&self) -> Vec<(&'static str, PathBuf)> {
        let request = self.output.clone().filter(|_| self.request.is_some());
        let secrets = [
            ("--request", &self.request),
            ("--hmac-key", &self.hmac_key),
            ("--state", &self.state),
            ("--answers", &self.answers),
            ("--output", &request),
        ];
        secrets.into_iter().filter_map(|(option, path)| Some((option, path.clone()?))).collect()
    }

    /// What is only read, by its options.
    fn inputs(&self) -> Vec<(&'static str, PathBuf)> {
        let inputs = [
            ("--hmac", &self.hmac),
            ("--batch", &self.batch),
            ("--certificate", &self.certificate),
            ("--revision-token", &self.revision_token),
            ("--rules", &self.rules),
        ];
        let inputs = inputs.into_iter().filter_map(|(option, path)| Some((option, path.clone()?)));
        let trust = self.trust.iter().map(|key| ("--trust", key.path().to_owned()));
        let sign = self.sign.iter().map(|key| ("--sign", key.path().to_owned()));
        inputs.chain(trust).chain(sign).collect()
    }

    /// Refuses to write over a file that the command reads or also writes: these export files, the index, and secrets.
    fn check_lost(&self, exports: &[PathBuf]) -> Result<(), Error> {
        let folder = self.output.as_ref().filter(|_| self.batch.is_some());
        let mut written = self.secrets();
        written.extend(folder.map(|folder| ("the index", folder.join(INDEX))));
        written.extend(exports.iter().map(|path| ("the export file", path.clone())));
        let real = |(name, path): (&'static str, PathBuf)| (name, files::real(&path), path);
        let inputs: Vec<_> = self.inputs().into_iter().map(real).collect();
        let mut written = written.into_iter().map(real).collect::<Vec<_>>().into_iter();
        while let Some((name, file, path)) = written.next() {
            let mut others = written.as_slice().iter().chain(&inputs);
            if let Some((other, ..)) = others.find(|(_, other, _)| *other == file) {
                let path = path.display();
                return Err(Error::Usage(format!(
                    "{name} {path}: this is also the file of {other}, and would be lost"
                )));
            }
        }
        Ok(())
    }

    fn rules(&self) -> Result<Rules, Error> {
        let Some(path) = &self.rules else { return Ok(Rules::GOOGLE) };
        serde_json::from_slice(&files::document(path)?)
            .map_err(|error| Error::Usage(format!("--rules {}: {error}", path.display())))
    }

    fn onset(&self) -> Result<Option<EnIntervalNumber>, Error> {
        let onset = self.onset.map(EnIntervalNumber::from_unix_seconds).transpose();
        onset.map_err(|error| Error::Usage(format!("--onset: {error}")))
    }

    /// What a ring lets go.
    fn released(&self, ring: &mut KeyRing) -> Result<Release, Error> {
        if !self.consent {
            return Err(Error::Usage("a ring gives up keys only with their owner's consent: --consent".to_owned()));
        }
        let consent = Consent::given(self.now);
        let consent = if self.today { consent.with_today() } else { consent };
        release(ring, self.now, &consent).map_err(|error| Error::Usage(format!("--now: {error}")))
    }

    /// The keys of a release that a server of these rules takes.
    fn taken(&self, release: &Release, rules: &Rules) -> Result<UploadKeys, Error> {
        let keys = release.upload(rules, |_| TransmissionRiskLevel::UNSET);
        let checked = check(keys.as_slice(), self.onset()?, self.now, rules);
        Ok(keys.only(&checked))
    }

    /// The verification server that is believed.
    fn trusted_issuer(&self) -> Result<Issuer, Error> {
        let keys: Vec<_> = self.trust.iter().map(NamedKeyFile::trusted_key).collect::<Result<_, _>>()?;
        let [first, others @ ..] = &keys[..] else {
            return Err(Error::Usage("--trust KEY=FILE: whose certificates are believed?".to_owned()));
        };
        let (issuer, audience) = (self.issuer.clone().unwrap_or_default(), self.audience.clone().unwrap_or_default());
        let issuer = Issuer::new(issuer, audience, first.name(), first.public_key().clone());
        Ok(others.iter().fold(issuer, |issuer, key| issuer.or_key(key.name(), key.public_key().clone())))
    }

    /// The secret of the HMAC, if its file is there.
    fn secret(&self) -> Result<Option<HmacKey>, Error> {
        let Some(path) = self.hmac_key.as_deref().filter(|path| path.exists()) else { return Ok(None) };
        let secret = HmacKey::from_base64(text(path)?.trim());
        secret.map(Some).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
    }
}

/// A small text of a file. It may be a secret, and is wiped when dropped.
fn text(path: &Path) -> Result<Zeroizing<String>, Error> {
    files::small_text(path).map(Zeroizing::new).map_err(|error| Error::file(path, &error))
}

fn input(path: &Path) -> Result<Input, Error> {
    Input::read(&path.display().to_string(), &Zeroizing::new(files::document(path)?)).map_err(Error::Input)
}

/// Writes a file that only its owner can read.
fn secret_file(path: &Path, text: &str, overwrite: bool) -> Result<(), Error> {
    files::write(&[NewFile { path: path.to_owned(), bytes: text.as_bytes(), readers: Readers::Owner }], overwrite)
}

fn json(secret: &impl serde::Serialize) -> Result<Zeroizing<String>, Error> {
    secret_json(secret).map_err(|error| Error::Input(error.to_string()))
}

/// Stores a ring in the file from which it was read. A link to the file stays a link.
fn store_ring(path: &Path, ring: &KeyRing) -> Result<(), Error> {
    if !path.is_file() {
        return Err(Error::Usage(format!("{}: a ring is stored where it was read: give a file", path.display())));
    }
    secret_file(&files::real(path), &json(ring)?, true)
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    args.check_paths()?;
    let mut rng = rand::rng();
    if let Some(path) = &args.check {
        return run_check(args, path, out);
    }
    if let Some(path) = &args.hmac {
        return run_hmac(args, path, &mut rng, out);
    }
    if let Some(mac) = &args.certify {
        return run_certify(args, mac, out);
    }
    if let Some(path) = &args.request {
        return run_request(args, path, &mut rng, out);
    }
    args.batch.as_deref().map_or(Ok(()), |path| run_batch(args, path, &mut rng, out))
}

fn run_check(args: &Args, path: &Path, out: &mut dyn Write) -> Result<(), Error> {
    let rules = args.rules()?;
    let document = |keys: &[ExposureKey], onset: Option<EnIntervalNumber>, held: &[HeldKey]| {
        CheckDocument::new(keys, onset, args.now, &rules, held)
    };
    let onset = args.onset()?;
    let document = match input(path)? {
        Input::Ring(mut ring) => {
            // The ring is not stored: asking releases nothing.
            let release = args.released(&mut ring)?;
            let keys = release.upload(&rules, |_| TransmissionRiskLevel::UNSET);
            document(keys.as_slice(), onset, release.held())
        }
        Input::Upload(upload) => document(upload.keys(), onset.or(upload.symptom_onset()), &[]),
        Input::Keys(keys) => document(&keys, onset, &[]),
    };
    output::document(out, &document, args.json)?;
    if document.all_go() { Ok(()) } else { Err(Error::Input(document.fault())) }
}

fn run_hmac(args: &Args, path: &Path, rng: &mut ThreadRng, out: &mut dyn Write) -> Result<(), Error> {
    let known = args.secret()?;
    let secret = known.unwrap_or_else(|| HmacKey::generate(rng));
    let document = |keys: &[ExposureKey], held: &[HeldKey]| HmacDocument::new(keys, &secret.mac(keys), held);
    let (document, is_ring) = match input(path)? {
        Input::Ring(mut ring) => {
            let release = args.released(&mut ring)?;
            let keys = args.taken(&release, &args.rules()?)?;
            store_ring(path, &ring)?;
            (document(keys.as_slice(), release.held()), true)
        }
        Input::Upload(upload) => (document(upload.keys(), &[]), false),
        Input::Keys(keys) => (document(&keys, &[]), false),
    };
    let new = args.hmac_key.as_deref().filter(|path| !path.exists());
    if let Some(path) = new {
        secret_file(path, secret.expose_secret(), false)?;
    }
    let printed = output::document(out, &document, args.json).and_then(|()| Ok(out.flush()?));
    printed.map_err(|error| match (new, is_ring) {
        (Some(_), true) => error.after("the secret and the ring are written"),
        (Some(_), false) => error.after("the secret is written"),
        (None, true) => error.after("the ring is written"),
        (None, false) => error,
    })
}

fn run_certify(args: &Args, mac: &str, out: &mut dyn Write) -> Result<(), Error> {
    let mac = KeyMac::from_base64(mac);
    let mac = mac.ok_or_else(|| Error::Usage("--certify: expected base64 of 32 bytes".to_owned()))?;
    let [sign] = &args.sign[..] else {
        return Err(Error::Usage("--certify: one --sign KEY=FILE signs a certificate".to_owned()));
    };
    let signer = sign.signer()?;
    let claims = Claims {
        issuer: args.issuer.clone().unwrap_or_default(),
        audience: args.audience.clone().unwrap_or_default(),
        issued_at: args.now,
        expires_at: args.now.saturating_add(args.valid),
        not_before: None,
        mac,
        report: args.report.unwrap_or(CertifiedReport::Confirmed), // clap requires it
        symptom_onset: args.onset()?,
    };
    let certificate = claims.sign(&signer.trusted_key().name(), &signer);
    let certificate = certificate.map_err(|error| Error::Input(error.to_string()))?;
    output::document(out, &CertifyDocument { certificate, expires_at: claims.expires_at }, args.json)
}

fn run_request(args: &Args, path: &Path, rng: &mut ThreadRng, out: &mut dyn Write) -> Result<(), Error> {
    let Input::Ring(mut ring) = input(path)? else {
        return Err(Error::Input(format!("{}: a request is made of a key ring alone", path.display())));
    };
    let output = args.output.clone().unwrap_or_default();
    if !args.force {
        files::expect_none(&output)?;
    }
    let rules = args.rules()?;
    let secret = args.secret()?.ok_or_else(|| Error::Input("--hmac-key: there is no such file".to_owned()))?;
    let certificate = args.certificate.as_deref().map(text).transpose()?;
    let certificate = certificate.map(|text| text.trim().to_owned()).unwrap_or_default();
    let token =
        args.revision_token.as_deref().map(text).transpose()?.map(|token| RevisionToken::new(token.trim().into()));

    let release = args.released(&mut ring)?;
    let keys = args.taken(&release, &rules)?;
    let count = keys.as_slice().len();
    if count == 0 {
        return Err(Error::Input(format!("{}: no key may be published: see --check", path.display())));
    }
    let authority = args.health_authority.clone().unwrap_or_default();
    let mut request = PublishRequest::new(keys, authority, certificate, &secret, rng);
    if let Some(onset) = args.onset()? {
        request = request.symptom_onset(onset);
    }
    if args.traveler {
        request = request.traveler();
    }
    if let Some(token) = &token {
        request = request.revises(token);
    }
    let body = request.to_json().map_err(|error| Error::Input(error.to_string()))?;
    // What is released is stored before anybody else may have it.
    store_ring(path, &ring)?;
    secret_file(&output, &body, args.force)?;
    let document = RequestDocument::new(output.to_string_lossy().into_owned(), body.len(), count, &release);
    output::document(out, &document, args.json)
}

/// The server of the state, or a new one.
fn server(args: &Args) -> Result<KeyServer, Error> {
    let Some(path) = args.state.as_deref().filter(|path| path.exists()) else {
        return Ok(KeyServer::new(args.rules()?));
    };
    if args.rules.is_some() {
        return Err(Error::Usage("--rules: the state has its rules".to_owned()));
    }
    let bytes = Zeroizing::new(fs::read(path).map_err(|error| Error::file(path, &error))?);
    let place = |error: serde_json::Error| {
        format!("{}: not a state of a key server: line {}, column {}", path.display(), error.line(), error.column())
    };
    serde_json::from_slice(&bytes).map_err(|error| Error::Input(place(error)))
}

/// Takes one upload, and answers.
fn receive(
    server: &mut KeyServer,
    issuer: &Issuer,
    one: ReceivedUpload,
    rng: &mut ThreadRng,
) -> (Batched, PublishAnswer) {
    let at = one.received_at;
    let upload = one.upload.map_err(Refusal::from);
    match upload.and_then(|upload| server.receive(&upload, issuer, at, rng)) {
        Ok(receipt) => {
            let answer = receipt.to_answer(rng);
            (Batched::taken(at, &receipt, &answer), answer)
        }
        Err(refusal) => (Batched::refused(at, &refusal), refusal.to_answer(rng)),
    }
}

fn run_batch(args: &Args, path: &Path, rng: &mut ThreadRng, out: &mut dyn Write) -> Result<(), Error> {
    if let Some(answers) = args.answers.as_deref().filter(|_| !args.force) {
        files::expect_none(answers)?;
    }
    let mut server = server(args)?;
    let signers: Vec<_> = args.sign.iter().map(NamedKeyFile::signer).collect::<Result<_, _>>()?;
    let issuer = args.trusted_issuer()?;
    let name = path.display().to_string();
    let bytes = Zeroizing::new(files::document(path)?);
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Error::Input(format!("{name}: over {MAX_DOCUMENT_BYTES} bytes; give the uploads in parts")));
    }
    let uploads = received(&name, &bytes).map_err(Error::Input)?;
    let (uploads, answers): (Vec<_>, Vec<_>) =
        uploads.into_iter().map(|one| receive(&mut server, &issuer, one, rng)).unzip();

    let region = args.region.clone().unwrap_or_default();
    let options = BatchOptions { pad_to: args.pad_to, pad_random: args.pad_random, ..BatchOptions::new(region) };
    let made = server.batch(args.now, &options, &signers, rng).map_err(|error| Error::Input(error.to_string()))?;
    server.purge(args.now);
    let folder = args.output.clone().unwrap_or_default();
    fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, &error))?;
    // Again, because export files have their names now, and a folder that is there has one name alone.
    args.check_lost(&made.iter().map(|file| folder.join(&file.name)).collect::<Vec<_>>())?;

    let index = (folder.join(INDEX), server.index(args.now));
    let state = json(&server)?;
    let answers: Vec<_> = answers.iter().map(json).collect::<Result<_, _>>()?;
    let mut lines = Zeroizing::new(String::with_capacity(answers.iter().map(|line| line.len() + 1).sum()));
    answers.iter().for_each(|line| lines.extend([line.as_str(), "\n"]));
    let usual = |path: PathBuf, bytes| NewFile { path, bytes, readers: Readers::Usual };
    let mut new: Vec<_> = made.iter().map(|file| usual(folder.join(&file.name), file.zip.as_slice())).collect();
    new.push(usual(index.0.clone(), index.1.as_bytes()));
    for (path, text) in [(&args.state, &state), (&args.answers, &lines)] {
        let file =
            |path: &PathBuf| NewFile { path: files::real(path), bytes: text.as_bytes(), readers: Readers::Owner };
        new.extend(path.iter().map(file));
    }
    files::write(&new, true)?;

    let path = |path: PathBuf| path.to_string_lossy().into_owned();
    let document = BatchDocument {
        now: args.now,
        uploads,
        files: made.iter().map(|file| WrittenExport::new(path(folder.join(&file.name)), file)).collect(),
        index: path(index.0),
        waiting: server.waiting(),
    };
    output::document(out, &document, args.json)?;
    match document.refused() {
        0 => Ok(()),
        refused => Err(Error::Input(format!("{refused} of {} uploads refused", document.uploads.len()))),
    }
}
