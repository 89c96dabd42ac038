//! Which questions the desk can answer, and what is missing for the others.

use serde::Serialize;

use crate::content::Content;
use crate::desk::Desk;
use crate::error::Error;
use crate::item::Signer;
use crate::settings::{RuleChoice, Settings};
use crate::words;

/// A question that the desk can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerKind {
    /// The report: days, matches, explanation and verdict.
    Report,
    /// Which sightings are of published keys.
    Matches,
    /// What a log of exposure checks says.
    Log,
    /// What rules say of exposure windows.
    Windows,
    /// Likely faults in a configuration and in export files.
    Lint,
    /// What export files are made of.
    Inspect,
}

/// Whether a question can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The question.
    pub answer: AnswerKind,
    /// `true` if nothing is missing.
    pub ready: bool,
    /// What is missing, a sentence each.
    pub missing: Vec<String>,
    /// The names of the documents that answer it.
    pub documents: &'static [&'static str],
}

impl Desk {
    /// Each question, and what is missing for its answer.
    pub(crate) fn answers(&self, settings: &Settings) -> Vec<Answer> {
        let search = self.missing_for_a_search(settings);
        // What is wrong with the rule, or with the time, keeps a report from being written.
        let profile = settings.profile.unwrap_or_default();
        let told = |error: Error| error.told_in(settings.language).to_string();
        let rule = self.first_judging(settings, profile).err().map(told);
        let time = self.now(settings).err().filter(|_| search.is_empty()).map(told);
        let report: Vec<_> = search.iter().cloned().chain(rule).chain(time).collect();
        let rules = self.all_named(settings).err().map(told);
        let has = |is_wanted: &dyn Fn(&Content) -> bool| self.items.iter().any(|item| is_wanted(&item.content));
        let unless = |is_there: bool, missing: &str| if is_there { Vec::new() } else { vec![missing.to_owned()] };
        let (language, exports) = (settings.language, has(&Content::is_searched));
        let has_log = has(&|content| matches!(content, Content::Log(Ok(_))));
        let has_windows = has(&|content| matches!(content, Content::Windows(Ok(_))) || content.is_record());
        let lints = exports || self.choices(settings).first().is_some_and(|choice| *choice != RuleChoice::default());
        let mut windows = unless(has_windows || report.is_empty(), words::no_windows(language));
        windows.extend(rules);
        let answer =
            |answer, missing: Vec<String>, documents| Answer { answer, ready: missing.is_empty(), missing, documents };
        vec![
            answer(AnswerKind::Report, report.clone(), &["exposures", "explain"]),
            answer(AnswerKind::Matches, search.clone(), &["match"]),
            answer(AnswerKind::Log, unless(has_log, words::no_log(language)), &["log"]),
            answer(AnswerKind::Windows, windows, &["judge"]),
            answer(AnswerKind::Lint, unless(lints, words::nothing_to_lint(language)), &["lint"]),
            answer(AnswerKind::Inspect, unless(exports, words::no_export(language)), &["inspect"]),
        ]
    }

    /// What a search lacks, a sentence each. A broken file of sightings counts: without it the answer would be of less
    /// than was dropped.
    pub(crate) fn missing_for_a_search(&self, settings: &Settings) -> Vec<String> {
        let language = settings.language;
        let mut missing = Vec::new();
        let mut heard = false;
        for item in &self.items {
            match &item.content {
                Content::Sightings(Ok(_)) => heard = true,
                Content::Sightings(Err(_)) => missing.push(words::broken_sightings(language, &item.name)),
                _ => {}
            }
        }
        if !heard && missing.is_empty() {
            missing.push(words::no_sightings(language).to_owned());
        }
        if !self.items.iter().any(|item| item.content.is_searched()) {
            missing.push(words::no_export(language).to_owned());
        }
        if settings.verify && self.trusted_names().is_empty() {
            let signers: Vec<_> = self.signers().iter().map(Signer::text).collect();
            missing.push(words::no_public_key(language, &signers));
        }
        missing
    }
}
