//! A health authority with processing numbers and a key server: what people report goes their way, and comes out as
//! files.

use std::collections::BTreeMap;

use gaen::export::{ExportFile, PublicKey, Signer};
use gaen::keys::{DaysSinceOnset, KeyData, ReportType, TransmissionRiskLevel};
use gaen::publish::{
    BatchOptions, CertifiedReport, CheckedKey, Claims, HmacKey, Issuer, KeyMac, KeyServer, ProcessingNumber,
    PublishAnswer, PublishRequest, Refusal, RevisionToken, Rules, Upload, check,
};
use gaen::{DiagnosisKey, EnIntervalNumber};
use serde::Serialize;

use crate::diagnosis::Diagnosis;
use crate::error::SimulationError;
use crate::exports::{REGION, SimulatedExport, VERSION};
use crate::options::{DAY, Options};
use crate::phone::{GivenUp, Phone};
use crate::random::{Purpose, Random};

const HOUR: u64 = 3600;
const ISSUER: &str = "health.example";
const AUDIENCE: &str = "keys.example";

/// What one person reported, and whether that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The number of the person.
    pub person: usize,
    /// When the person reported: true time, Unix seconds.
    pub at: u64,
    /// What was reported.
    pub report: CertifiedReport,
    /// When and to what the report changed; `None` if it did not.
    pub revised: Option<Revision>,
}

/// A change of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Revision {
    /// When the report changed: true time, Unix seconds.
    pub at: u64,
    /// What the report became.
    pub report: CertifiedReport,
}

/// What people report, in the order of the people. Of those that will change, the first report is a doctor's diagnosis;
/// half of them turn into positive tests within eight hours, the others are withdrawn. `percent` of all change.
fn reports(diagnoses: &[Diagnosis], percent: u64, options: &Options) -> Vec<Report> {
    let mut random = Random::new(options.seed, Purpose::Revisions, 0);
    let report = |diagnosis: &Diagnosis| {
        let changes = random.percent(percent);
        let later = diagnosis.at + random.between(HOUR, 8 * HOUR);
        let to = if random.percent(50) { CertifiedReport::Confirmed } else { CertifiedReport::Negative };
        let report = match diagnosis.report_type {
            _ if changes => CertifiedReport::Likely,
            ReportType::SelfReport => CertifiedReport::UserReport,
            ReportType::ConfirmedClinicalDiagnosis => CertifiedReport::Likely,
            _ => CertifiedReport::Confirmed,
        };
        let revised = changes.then_some(Revision { at: later, report: to });
        Report { person: diagnosis.person, at: diagnosis.at, report, revised }
    };
    diagnoses.iter().filter(|diagnosis| diagnosis.publishes).map(report).collect()
}

/// The verification server: it gives each person with a diagnosis a number, and certifies once for a number.
struct Authority {
    signer: Signer,
    random: Random,
    given: Vec<(ProcessingNumber, CertifiedReport)>,
}

impl Authority {
    /// A number for this report, on a slip of paper: the authority keeps one of the two.
    fn number(&mut self, report: CertifiedReport) -> Option<ProcessingNumber> {
        let text = format!("{:08}", self.random.below(100_000_000));
        self.given.push((text.parse().ok()?, report));
        text.parse().ok()
    }

    /// The certificate for keys with this HMAC; `None` if the number was not given or was used.
    fn certify(&mut self, number: &ProcessingNumber, mac: KeyMac, onset: u64, now: u64) -> Option<String> {
        let position = self.given.iter().position(|(given, _)| given == number)?;
        let (_, report) = self.given.swap_remove(position);
        let claims = Claims {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            issued_at: now,
            expires_at: now + 900,
            not_before: None,
            mac,
            report,
            symptom_onset: EnIntervalNumber::from_unix_seconds(onset).ok().filter(|_| onset > 0),
        };
        claims.sign(VERSION, &self.signer).ok()
    }
}

/// All that stands between phones and files.
struct Servers {
    authority: Authority,
    keys: KeyServer,
    signer: Signer,
    random: Random,
    options: BatchOptions,
    files: Vec<ExportFile>,
}

/// What a phone has published.
struct Sent {
    keys: Vec<DiagnosisKey>,
    token: Option<RevisionToken>,
}

#[allow(clippy::needless_pass_by_value)] // as `map_err` hands it in
fn failed(error: impl ToString) -> SimulationError {
    SimulationError::Publish { detail: error.to_string() }
}

impl Servers {
    fn new(options: &Options) -> Self {
        let mut random = Random::new(options.seed, Purpose::KeyServer, 0);
        let [authority, signer] = ["", REGION].map(|id| Signer::generate(id, VERSION, random.generator()));
        let authority = Authority {
            signer: authority,
            random: Random::new(options.seed, Purpose::KeyServer, 1),
            given: Vec::new(),
        };
        let options = BatchOptions { pad_to: options.pad_to, pad_random: 0, ..BatchOptions::new(REGION) };
        let keys = KeyServer::new(Rules::GOOGLE);
        Self { authority, keys, signer, random, options, files: Vec::new() }
    }

    /// One person reports: number, HMAC, certificate, request, answer.
    fn report(
        &mut self,
        released: &GivenUp,
        report: CertifiedReport,
        onset: u64,
        token: Option<&RevisionToken>,
        now: u64,
    ) -> Result<Sent, SimulationError> {
        let keys = released.release.upload(&Rules::GOOGLE, |_| TransmissionRiskLevel::UNSET);
        // The app asks for the true time first: what the server would not take is not sent.
        let onset_interval = EnIntervalNumber::from_unix_seconds(onset).ok().filter(|_| onset > 0);
        let checked = check(keys.as_slice(), onset_interval, now, &Rules::GOOGLE);
        let taken: Vec<_> = checked.keys().map(CheckedKey::position).collect();
        if taken.is_empty() {
            return Ok(Sent { keys: Vec::new(), token: None });
        }
        let keys = keys.only(&checked);
        let secret = HmacKey::generate(self.random.generator());
        let number = self.authority.number(report).ok_or_else(|| failed("no number"))?;
        let certificate = self.authority.certify(&number, secret.mac(keys.as_slice()), onset, now);
        let certificate = certificate.ok_or_else(|| failed("no certificate"))?;
        let mut request = PublishRequest::new(keys, "org.example", certificate, &secret, self.random.generator());
        if let Some(token) = token {
            request = request.revises(token);
        }
        let body = request.to_json().map_err(failed)?;
        let answer = PublishAnswer::from_json(self.receive(body.as_bytes(), now)?.as_bytes()).map_err(failed)?;
        if !answer.is_published() {
            return Err(failed(answer.error_message));
        }
        let sent = released.keys.iter().enumerate().filter(|(position, _)| taken.contains(position));
        let keys = sent.map(|(_, key)| *key).collect();
        Ok(Sent { keys, token: answer.revision_token })
    }

    /// The key server's answer to the body of a request.
    fn receive(&mut self, body: &[u8], now: u64) -> Result<String, SimulationError> {
        let issuer = Issuer::new(ISSUER, AUDIENCE, VERSION, self.authority.signer.public_key());
        let generator = self.random.generator();
        let upload = Upload::from_json(body).map_err(Refusal::from);
        let answer = match upload.and_then(|upload| self.keys.receive(&upload, &issuer, now, generator)) {
            Ok(receipt) => receipt.to_answer(generator),
            Err(refusal) => refusal.to_answer(generator),
        };
        serde_json::to_string(&answer).map_err(failed)
    }

    /// The files of each full hour from this one on that lies before a true time. Gives the next hour.
    fn batches(&mut self, mut hour: u64, until: u64) -> Result<u64, SimulationError> {
        while hour < until {
            let files = self.keys.batch(hour, &self.options, [&self.signer], self.random.generator())?;
            self.files.extend(files);
            hour += HOUR;
        }
        Ok(hour)
    }
}

/// What happens at the key server at a moment.
enum Event {
    Reports,
    Revises,
}

/// A key on its way to a file, as the books have it.
struct Kept {
    key: DiagnosisKey,
    leaves: u64,
    is_withdrawn: bool,
}

/// When a key leaves that comes at this true time: its window is an hour from when it came, or from its end, and waits
/// for two hours.
fn leaves(key: &DiagnosisKey, now: u64) -> u64 {
    let end = key.window.end().unix_seconds();
    let from = if now < end { end + HOUR } else { now };
    from / HOUR * HOUR + 3 * HOUR
}

/// A key as it has to stand in its file: with the report, and the days since the onset or since four days before the
/// report.
fn as_reported(key: &DiagnosisKey, report: CertifiedReport, onset: u64, now: u64) -> DiagnosisKey {
    let onset = if onset > 0 { onset } else { now - 4 * DAY };
    let day = |time: u64| (time / DAY).cast_signed();
    let days = day(key.window.start().unix_seconds()) - day(onset);
    DiagnosisKey {
        report_type: report.report_type(),
        transmission_risk_level: report.transmission_risk(),
        days_since_onset_of_symptoms: i32::try_from(days).ok().and_then(DaysSinceOnset::new),
        ..*key
    }
}

/// What people reported, the signed files, and the public key that verifies them.
pub(crate) type Published = (Vec<Report>, Vec<SimulatedExport>, PublicKey);

/// [`reports`], and [`publish`] for them.
pub(crate) fn report_and_publish(
    phones: &mut [Phone],
    diagnoses: &[Diagnosis],
    percent: u64,
    options: &Options,
) -> Result<Published, SimulationError> {
    let reports = reports(diagnoses, percent, options);
    let (exports, public_key) = publish(phones, diagnoses, &reports, options)?;
    Ok((reports, exports, public_key))
}

/// Lets everybody report, and the server make files hour by hour until the last embargo is over. Tells each phone what
/// was published. Gives the signed files and the public key that verifies them.
fn publish(
    phones: &mut [Phone],
    diagnoses: &[Diagnosis],
    reports: &[Report],
    options: &Options,
) -> Result<(Vec<SimulatedExport>, PublicKey), SimulationError> {
    let mut events = Vec::new();
    for report in reports {
        events.push((report.at, Event::Reports, report));
        events.extend(report.revised.map(|revision| (revision.at, Event::Revises, report)));
    }
    events.sort_by_key(|(at, ..)| *at);
    let mut servers = Servers::new(options);
    let mut tokens: BTreeMap<usize, RevisionToken> = BTreeMap::new();
    let mut books: BTreeMap<(usize, KeyData), Kept> = BTreeMap::new();
    let mut hour = options.start;
    for (now, event, report) in events {
        hour = servers.batches(hour, now)?;
        let person = report.person;
        let found = (phones.get(person), diagnoses.iter().find(|one| one.person == person));
        let (Some(phone), Some(diagnosis)) = found else { continue };
        let onset = if diagnosis.reports_onset { diagnosis.onset } else { 0 };
        let Some(released) = &phone.released else { continue };
        let certified = match (event, report.revised) {
            (Event::Revises, Some(revision)) => revision.report,
            _ => report.report,
        };
        let sent = servers.report(released, certified, onset, tokens.get(&person), now)?;
        tokens.extend(sent.token.map(|token| (person, token)));
        for key in sent.keys {
            let is_withdrawn = certified == CertifiedReport::Negative;
            let (key, leaves) = (as_reported(&key, certified, onset, now), leaves(&key, now));
            let kept = books.entry((person, key.key_data)).or_insert(Kept { key, leaves, is_withdrawn });
            // Afterwards everybody has it as it was.
            if now <= kept.leaves {
                (kept.key, kept.is_withdrawn) = (key, is_withdrawn);
            }
        }
    }
    // The last key ends a day after the world.
    servers.batches(hour, options.end() + 2 * DAY)?;

    for ((person, data), kept) in books.into_iter().filter(|(_, kept)| !kept.is_withdrawn) {
        if let Some(phone) = phones.get_mut(person) {
            phone.published.extend(phone.number(&data).map(|number| (number, kept.key)));
        }
    }
    for phone in phones {
        phone.published.sort_unstable_by_key(|(number, _)| *number);
    }
    let start = |file: &ExportFile| file.name.split('-').next().and_then(|start| start.parse::<u64>().ok());
    let export = |file: ExportFile| SimulatedExport { day: start(&file).unwrap_or_default() / DAY * DAY, file };
    Ok((servers.files.into_iter().map(export).collect(), servers.signer.public_key()))
}
