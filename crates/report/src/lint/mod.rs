//! Likely faults in a configuration and in files, by profile, as a document.

mod japanese;

use std::cmp::Reverse;
use std::io::{self, Write};

use gaen::Profile;
use gaen::exposure::Configuration;
use gaen::lint::{InspectedFile, Lint, LintOptions, Place, Severity, lint_configuration, lint_files};
use serde::Serialize;

use crate::Language;
use crate::document::Document;
use crate::problem::with_details;
use crate::text::style::{BAD, BOLD, CAUTION, DIM};
use crate::text::{counted, printable};

/// A lint, and the profiles that have it.
#[derive(Debug, Serialize)]
struct ProfilesLint {
    #[serde(flatten)]
    lint: Lint,
    profiles: Vec<Profile>,
}

/// The lints of a configuration and of files, each once, with the profiles that have it.
#[derive(Debug, Serialize)]
pub struct LintDocument {
    profiles: Vec<Profile>,
    lints: Vec<ProfilesLint>,
    errors: usize,
    warnings: usize,
    notes: usize,
    #[serde(skip)]
    has_files: bool,
}

impl LintDocument {
    /// Lints these files and each profile's configuration, if there is one. `options` hold for all profiles, whatever
    /// profile they name.
    #[must_use]
    pub fn new(
        configurations: &[(Profile, Option<Configuration>)],
        files: &[InspectedFile],
        options: &LintOptions,
    ) -> Self {
        let mut lints: Vec<ProfilesLint> = Vec::new();
        for (profile, configuration) in configurations {
            let options = LintOptions { profile: *profile, ..options.clone() };
            let of_configuration =
                configuration.iter().flat_map(|configuration| lint_configuration(configuration, *profile));
            for lint in of_configuration.chain(lint_files(files, configuration.as_ref(), &options)) {
                match lints.iter_mut().find(|found| found.lint == lint) {
                    Some(found) if found.profiles.contains(profile) => {} // of a file that was given twice
                    Some(found) => found.profiles.push(*profile),
                    None => lints.push(ProfilesLint { lint, profiles: vec![*profile] }),
                }
            }
        }
        let position = |place: &Place| match place {
            Place::Field(_) => (0, 0),
            Place::File(name) => (1, files.iter().position(|file| file.name == *name).unwrap_or_default()),
            Place::Files(_) | Place::Sightings => (2, 0),
        };
        lints.sort_by_key(|ProfilesLint { lint, profiles }| {
            (position(&lint.place), lint.severity, lint.code, lint.place.clone(), Reverse(profiles.len()))
        });
        let count = |severity| lints.iter().filter(|found| found.lint.severity == severity).count();
        Self {
            profiles: configurations.iter().map(|(profile, _)| *profile).collect(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            lints,
            has_files: !files.is_empty(),
        }
    }

    /// Says each lint in this language, for a reader.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        if language == Language::Japanese {
            for ProfilesLint { lint, .. } in &mut self.lints {
                if let Some([meaning, advice]) = japanese::told(lint.code) {
                    lint.sentence = with_details(meaning, &lint.sentence);
                    lint.advice = advice;
                }
            }
        }
        self
    }

    /// How many lints are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors
    }

    fn print_lint(&self, ProfilesLint { lint, profiles }: &ProfilesLint, out: &mut dyn Write) -> io::Result<()> {
        let style = match lint.severity {
            Severity::Error => BAD,
            Severity::Warning => CAUTION,
            Severity::Note => DIM,
        };
        let field = match &lint.place {
            Place::Field(field) => format!("  {field}"),
            _ => String::new(),
        };
        let names: Vec<_> = profiles.iter().map(|profile| profile.name()).collect();
        let only = if *profiles == self.profiles { String::new() } else { format!("  [{}]", names.join(", ")) };
        writeln!(out, "  {style}{:<8}{style:#} {}{field}{only}", lint.severity.name(), lint.code.name())?;
        writeln!(out, "           {}", printable(&lint.sentence))?;
        writeln!(out, "           {DIM}{}{DIM:#}", lint.advice)
    }
}

impl Document for LintDocument {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut heading = None;
        for found in &self.lints {
            let place = match &found.lint.place {
                Place::Field(_) => "Configuration".to_owned(),
                other => other.to_string(),
            };
            if heading.as_ref() != Some(&place) {
                writeln!(out, "{BOLD}{}{BOLD:#}", printable(&place))?;
                heading = Some(place);
            }
            self.print_lint(found, out)?;
        }
        let Self { errors, warnings, notes, .. } = *self;
        let blank = if self.lints.is_empty() { "" } else { "\n" };
        let counts = [counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")].join(", ");
        let unverified = if self.has_files { " Nothing was verified." } else { "" };
        writeln!(out, "{blank}{counts}.{unverified}")
    }
}
