//! What the targets of configurations share.

use gaen::Profile;
use gaen::exposure::{Assessment, Configuration};
use gaen::lint::{LintCode, lint_configuration};

/// What a lint says cannot score does not, and lints may be printed.
pub(super) fn check_lints(assessment: &Assessment, configuration: &Configuration, profile: Profile) {
    for lint in lint_configuration(configuration, profile) {
        assert!(!lint.to_string().chars().any(char::is_control));
        match lint.code {
            LintCode::RiskScoreUnreachable => assert_eq!(assessment.v1.maximum_risk_score, 0),
            LintCode::WindowScoreUnreachable => {
                assert!(assessment.daily_summaries.iter().all(|day| day.day_total.score_sum == 0.0));
            }
            _ => {}
        }
    }
}
