//! What lies on the desk, and what it can answer, for a page to show.

use gaen::exposure::Preset;
use gaen_report::Language;
use gaen_report::text::printable;
use serde::Serialize;

use crate::answers::Answer;
use crate::content::{Content, Windows};
use crate::desk::{Desk, MOST_BYTES};
use crate::export::file_to_search;
use crate::item::{Checked, Item, Signer, TrustedName};
use crate::material::moments_of;
use crate::settings::{RuleChoice, Settings};
use crate::words;

/// What lies on the desk, and what it can answer. Its sentences are in the language of the settings.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The files, in the order in which they came.
    pub items: Vec<ItemView>,
    /// The questions, and what is missing for their answers.
    pub answers: Vec<Answer>,
    /// What judges now.
    pub rules: Vec<RuleView>,
    /// The first moment that a file says, Unix seconds.
    pub earliest_now: Option<u64>,
    /// The latest moment that a file says, Unix seconds: the time of the judgement if the settings have none.
    pub suggested_now: Option<u64>,
    /// The built-in configurations.
    pub presets: Vec<PresetView>,
    /// Bytes of all files together.
    pub bytes: usize,
    /// The most bytes of all files together.
    pub most_bytes: usize,
}

/// A file on the desk.
#[derive(Clone, Debug, Serialize)]
pub struct ItemView {
    /// The number by which the file is called.
    pub id: u32,
    /// Its name, with its control characters escaped.
    pub name: String,
    /// What it is, for programs.
    pub kind: &'static str,
    /// What it is, in words.
    pub label: &'static str,
    /// What it says, a line each.
    pub says: Vec<String>,
    /// Why it cannot be read.
    pub error: Option<Problem>,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// The name of the fault, for programs.
    pub code: &'static str,
    /// What was found, where, and which rule it broke.
    pub message: String,
}

/// What judges.
#[derive(Clone, Debug, Serialize)]
pub struct RuleView {
    /// The name in documents.
    pub name: String,
    /// Notes on values that were guessed, or read and never run.
    pub notes: Vec<&'static str>,
    /// Why it cannot judge.
    pub error: Option<Problem>,
}

/// A built-in configuration.
#[derive(Clone, Debug, Serialize)]
pub struct PresetView {
    /// The name in settings.
    pub name: &'static str,
    /// The app, where it was used, and its platform.
    pub label: String,
}

impl Desk {
    /// Says what lies on the desk and what it can answer. It checks the signatures of files that it did not check
    /// before.
    ///
    /// Overviews are cheap, except for the first one after a file or a public key came.
    pub fn overview(&mut self, settings: &Settings) -> Overview {
        self.check_signatures();
        let moments = self.moments();
        Overview {
            items: self.items.iter().map(|item| self.view(item, settings.language)).collect(),
            answers: self.answers(settings),
            rules: self.rules(settings),
            earliest_now: moments.first().copied(),
            suggested_now: moments.last().copied(),
            presets: Preset::ALL
                .map(|preset| PresetView { name: preset.name(), label: words::title(settings.language, preset) })
                .into(),
            bytes: self.items.iter().fold(0, |sum, item| sum.saturating_add(item.size)),
            most_bytes: MOST_BYTES,
        }
    }

    /// Finds out which keys on the desk signed each export file.
    fn check_signatures(&mut self) {
        let names = self.trusted_names();
        let Ok(Some(keys)) = self.trusted_keys(&names) else {
            self.items.iter_mut().for_each(|item| item.checked = None);
            return;
        };
        let rules = gaen_app::SearchRules::verified_by(keys.clone(), gaen::Profile::default());
        let is_bare = |item: &&Item| matches!(item.content, Content::ExportBin(_) | Content::ExportSig(_));
        let bare: Vec<_> = self.items.iter().filter(is_bare).map(|item| item.id).collect();
        let mut checked = Vec::new();
        for item in &self.items {
            let (export, beside) = match &item.content {
                Content::ExportZip(export) => (export, Vec::new()),
                Content::ExportBin(export) => (export, bare.clone()),
                _ => continue,
            };
            let is_known = |checked: &Checked| checked.with == names && checked.beside == beside;
            if export.is_refused() || item.checked.as_ref().is_some_and(is_known) {
                continue;
            }
            let read = self
                .export(item, Some(&keys))
                .and_then(|file| Ok(gaen_app::summary(file_to_search(&item.name, &file), &rules)?));
            let signed_by = match read {
                Ok(summary) => {
                    let signed_by = summary.verified_by.clone();
                    if matches!(item.content, Content::ExportZip(_)) {
                        export.was_read(summary);
                    }
                    Ok(signed_by)
                }
                // Why nobody can read it is said already.
                Err(_) if export.says().is_err() => continue,
                Err(error) => Err(error),
            };
            checked.push((item.id, Checked { with: names.clone(), beside, signed_by }));
        }
        for (id, checked) in checked {
            if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
                item.checked = Some(checked);
            }
        }
    }

    fn rules(&self, settings: &Settings) -> Vec<RuleView> {
        let view = |choice: &RuleChoice| {
            let profile = settings.profile.unwrap_or_default();
            let notes = choice.preset.map(|preset| words::notes(settings.language, preset)).unwrap_or_default();
            match self.judging(choice, profile) {
                Ok(judging) => RuleView { name: judging.name, notes, error: None },
                Err(error) => {
                    let error = error.told_in(settings.language);
                    let problem = Problem { code: error.code(), message: error.to_string() };
                    RuleView { name: String::new(), notes, error: Some(problem) }
                }
            }
        };
        self.choices(settings).iter().map(view).collect()
    }

    fn view(&self, item: &Item, language: Language) -> ItemView {
        let fault = item.content.fault();
        ItemView {
            id: item.id,
            name: printable(&item.name).into_owned(),
            kind: item.content.kind(),
            label: words::label(language, &item.content),
            says: self.says(item, language),
            error: fault.map(|fault| Problem {
                code: fault.code,
                message: words::problem(language, fault.code, &printable(&fault.message)),
            }),
        }
    }

    fn says(&self, item: &Item, language: Language) -> Vec<String> {
        let mut says = self.says_alone(item, language);
        says.extend(self.twin(item).map(|twin| {
            let counts_once = matches!(item.content, Content::Sightings(_));
            words::twin(language, &printable(&twin.name), counts_once)
        }));
        says
    }

    /// What a file says, whatever else is there.
    fn says_alone(&self, item: &Item, language: Language) -> Vec<String> {
        match &item.content {
            Content::Log(Ok(log)) => words::log(language, log, &moments_of(&item.content)),
            Content::ExportZip(export) => {
                let Ok(summary) = export.says() else { return Vec::new() };
                vec![words::export(language, summary), self.signature(item, language)]
            }
            Content::ExportBin(export) => {
                let Ok(summary) = export.says() else { return Vec::new() };
                let mut says = vec![words::export(language, summary)];
                let signed = item.checked.as_ref().is_some_and(|checked| checked.signed_by.is_ok());
                says.push(if signed {
                    self.signature(item, language)
                } else {
                    words::unpaired_bin(language).to_owned()
                });
                says
            }
            Content::ExportSig(_) => {
                let mut says = vec![words::signatures(language, &texts(&item.signers()))];
                let bins = self.items.iter().any(|item| matches!(item.content, Content::ExportBin(_)));
                says.extend((!bins).then(|| words::unpaired_sig(language).to_owned()));
                says
            }
            Content::PublicKey(Ok(_)) => {
                let is_own = |name: &&TrustedName| name.item == item.id;
                let names: Vec<_> = self.trusted_names().iter().filter(is_own).map(|name| name.signer.text()).collect();
                let mut says = vec![words::public_key(language, &names, self.signers().is_empty())];
                says.extend(item.content.notes().iter().map(|note| words::key_note(language, *note)));
                says
            }
            Content::Sightings(Ok(sightings)) => vec![words::sightings(language, sightings)],
            Content::Windows(Ok(windows)) => vec![match windows {
                Windows::Dated(file) => words::windows(language, file),
                Windows::CountedBack => words::counted_back(language).to_owned(),
            }],
            Content::Unknown(looks) => vec![words::looks(language, *looks).to_owned()],
            Content::Configuration(Ok(rules)) => words::configuration(language, rules.rule.as_deref(), rules.read_by),
            Content::Rule => vec![words::rule(language).to_owned()],
            Content::Database(database) => words::database(language, *database),
            Content::Backup => vec![words::backup(language).to_owned()],
            content if content.is_private() => vec![words::private_key(language).to_owned()],
            _ => Vec::new(),
        }
    }

    /// Who signed an export file.
    fn signature(&self, item: &Item, language: Language) -> String {
        let names = texts(&item.signers());
        match item.checked.as_ref().map(|checked| &checked.signed_by) {
            None => words::signed(language, &names),
            Some(Ok(by)) => words::verified(language, by),
            Some(Err(error)) => {
                words::not_verified(language, &names, &words::problem(language, error.code(), &error.to_string()))
            }
        }
    }
}

fn texts(signers: &[Signer]) -> Vec<String> {
    signers.iter().map(Signer::text).collect()
}
