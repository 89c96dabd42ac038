//! What judges: a configuration with its rule.

use std::fmt::Display;

use gaen::Profile;
use gaen::cocoa::{DocumentError, read_configuration, read_rule};
use gaen::exposure::{Configuration, Preset};
use gaen_app::AppConfiguration;
use gaen_report::judge::Named;

use crate::content::Content;
use crate::desk::Desk;
use crate::error::Error;
use crate::item::Item;
use crate::settings::{RuleChoice, Settings};

/// A configuration as it judges, and what documents call it.
pub(crate) struct Judging {
    pub(crate) name: String,
    /// `true` if the name is not that of a file.
    pub(crate) is_built_in: bool,
    pub(crate) configuration: Configuration,
}

impl From<Judging> for AppConfiguration {
    fn from(judging: Judging) -> Self {
        Self::new(judging.name, judging.configuration)
    }
}

impl Desk {
    /// The choices that hold: those of the settings; without any, the first configuration and the first rule on the
    /// desk.
    pub(crate) fn choices(&self, settings: &Settings) -> Vec<RuleChoice> {
        if !settings.rules.is_empty() {
            return settings.rules.clone();
        }
        let first = |is_wanted: fn(&Content) -> bool| {
            self.items.iter().find(|item| is_wanted(&item.content)).map(|item| item.id)
        };
        vec![RuleChoice {
            preset: None,
            item: first(|content| matches!(content, Content::Configuration(Ok(_)))),
            rule: first(|content| matches!(content, Content::Rule)),
        }]
    }

    /// The configuration of a choice, as this profile reads it.
    pub(crate) fn judging(&self, choice: &RuleChoice, profile: Profile) -> Result<Judging, Error> {
        let (name, is_built_in, configuration) = match (choice.item, choice.preset) {
            (Some(id), _) => {
                let item = self.configuration(id)?;
                (item.name.clone(), false, read(item, |file| read_configuration(file, profile))?)
            }
            (None, Some(preset)) => (preset.to_string(), true, preset.configuration(profile)),
            (None, None) => (Preset::Google.to_string(), true, Configuration::default()),
        };
        let configuration = match choice.rule {
            Some(id) => Configuration { rule: read(self.rule(id)?, read_rule)?, ..configuration },
            None => configuration,
        };
        Ok(Judging { name, is_built_in, configuration })
    }

    /// The first choice that holds, as this profile reads it.
    pub(crate) fn first_judging(&self, settings: &Settings, profile: Profile) -> Result<Judging, Error> {
        self.judging(&self.choices(settings).first().cloned().unwrap_or_default(), profile)
    }

    /// All choices that hold, to judge windows. A preset without a profile judges by that of its platform.
    pub(crate) fn all_named(&self, settings: &Settings) -> Result<Vec<Named>, Error> {
        let named = |choice: &RuleChoice| match choice {
            RuleChoice { preset: Some(preset), rule: None, .. } => Ok(Named::preset(*preset, settings.profile)),
            RuleChoice { preset: None, item: None, rule: None } => Ok(Named::preset(Preset::Google, settings.profile)),
            choice => {
                let platform = choice.preset.map(Preset::profile).unwrap_or_default();
                let profile = settings.profile.unwrap_or(platform);
                let Judging { name, configuration, .. } = self.judging(choice, profile)?;
                Ok(Named { name, place: None, profile, configuration })
            }
        };
        self.choices(settings).iter().map(named).collect()
    }

    /// A configuration on the desk.
    pub(crate) fn configuration(&self, id: u32) -> Result<&Item, Error> {
        let item = self.item(id)?;
        match &item.content {
            Content::Configuration(Ok(_)) => Ok(item),
            Content::Configuration(Err(error)) => Err(Error::new(error.code(), format!("{}: {error}", item.name))),
            _ => Err(Error::new("no_such_item", format!("{} is no configuration", item.name))),
        }
    }

    fn rule(&self, id: u32) -> Result<&Item, Error> {
        let item = self.item(id)?;
        match &item.content {
            Content::Rule => Ok(item),
            _ => Err(Error::new("no_such_item", format!("{} is no rule", item.name))),
        }
    }
}

/// What a file says, or an error with its name.
fn read<T>(item: &Item, read: impl FnOnce(&[u8]) -> Result<T, DocumentError>) -> Result<T, Error> {
    let wrong = |error: DocumentError| Error::new(error.code(), format!("{}: {}", item.name, &error as &dyn Display));
    read(&item.file).map_err(wrong)
}
