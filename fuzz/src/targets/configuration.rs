use std::sync::LazyLock;

use gaen::Profile;
use gaen::cocoa::{DocumentError, read_configuration, read_risk_rule};
use gaen::exposure::{Configuration, DecisionRule, Encounter, VendorConfiguration, assess_encounters};

use super::judging::check_lints;
use crate::generate::{self, World};

/// A document of a configuration or a rule: what is read is within the limits, so that it can be judged by, and it is
/// written and read again as the same; what a lint says cannot score does not.
pub fn configuration(data: &[u8]) {
    if let Err(error) = read_risk_rule(data) {
        check_error(&error);
    }
    for profile in Profile::ALL {
        match read_configuration(data, profile) {
            Ok(configuration) => {
                check(&configuration, profile);
                if let Ok(rule) = read_risk_rule(data) {
                    check(&Configuration { rule: DecisionRule::Daily(rule), ..configuration }, profile);
                }
            }
            Err(error) => check_error(&error),
        }
    }
}

fn check_error(error: &DocumentError) {
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control) && text.chars().count() < 1000, "{text:?}");
}

/// Of some keys, whatever a generator makes of a few bytes.
static ENCOUNTERS: LazyLock<Vec<Encounter>> = LazyLock::new(|| {
    let bytes: Vec<u8> = (0..4000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let world: World = generate::from_bytes(&bytes).unwrap();
    let encounters: Vec<_> = world.contacts.iter().map(|contact| contact.encounter()).collect();
    assert!(encounters.iter().map(|encounter| encounter.beacons.len()).sum::<usize>() > 20);
    encounters
});

fn check(configuration: &Configuration, profile: Profile) {
    for days in 0..3 {
        let now = 1_601_164_800 + days * 5 * 86_400;
        check_lints(&assess_encounters(&ENCOUNTERS, configuration, profile, now), configuration, profile);
    }
    let text = serde_json::to_string(&VendorConfiguration::new(configuration)).unwrap();
    let vendors: VendorConfiguration = serde_json::from_str(&text).unwrap();
    let again = vendors.configuration(profile).unwrap();
    // These have no place in what is written.
    let again = Configuration { rule: configuration.rule.clone(), ..again };
    assert_eq!(format!("{:?}", without_a_place(again, configuration)), format!("{configuration:?}"));
}

fn without_a_place(mut again: Configuration, configuration: &Configuration) -> Configuration {
    again.daily_summaries.minimum_window_score = configuration.daily_summaries.minimum_window_score;
    again.risk.minimum_risk_score = configuration.risk.minimum_risk_score;
    again.risk.weights = configuration.risk.weights;
    again
}
