//! The lints of configurations.

use gaen::Profile;
use gaen::exposure::decision::{
    Class, Decides, RiskRuleFile, Rule, Scores, Test, Value as Day, WeightedRange, WeightedRanges, When, WindowsRule,
};
use gaen::exposure::{
    AttenuationThresholds, DurationThresholds, Infectiousness, InfectiousnessMap, Operator, Preset, Score,
};
use gaen::keys::ReportType;
use gaen::lint::LintCode;

use crate::world::{Change, condition, high, histogram, scores, weight};

/// For each code what brings it about, and what just does not. Where one change is not enough to tell, several.
pub(crate) fn cases() -> Vec<(LintCode, Change, Change)> {
    use LintCode::*;
    let mut cases: Vec<(LintCode, Change, Change)> = vec![
        (RiskScoreUnreachable, |w| w.risk().minimum_risk_score = 257, |w| w.risk().minimum_risk_score = 256),
        (
            RiskScoreUnreachable,
            |w| {
                w.options.profile = Profile::AppleV1;
                w.risk().minimum_risk_score_full_range = Score::new(256.5).unwrap();
            },
            |w| w.risk().minimum_risk_score_full_range = Score::new(256.5).unwrap(), // Google has no such field
        ),
        (
            RiskScoreUnreachable,
            |w| {
                w.risk().minimum_risk_score = 65;
                w.stats().transmission_risk_level = histogram(&[(Some(0), 1000), (None, 999), (Some(9), 1)]);
            },
            |w| {
                w.risk().minimum_risk_score = 64;
                w.stats().transmission_risk_level = histogram(&[(Some(0), 1000), (None, 999), (Some(9), 1)]);
            },
        ),
        (
            ScoresNotMonotonic,
            |w| w.risk().days_scores = scores([4, 4, 4, 4, 4, 4, 5, 4]),
            |w| w.risk().days_scores = scores([4, 4, 4, 4, 4, 4, 4, 5]),
        ),
        (
            OnlyNearestScores,
            |w| w.risk().attenuation_scores = scores([0, 0, 0, 0, 1, 1, 1, 1]),
            |w| w.risk().attenuation_scores = scores([0, 0, 0, 1, 1, 1, 1, 1]),
        ),
        (
            AttenuationsCannotScore,
            |w| w.risk().attenuation_scores = scores([0, 1, 1, 1, 1, 1, 1, 1]),
            |w| w.risk().attenuation_scores = scores([1; 8]),
        ),
        (
            DurationsCannotScore,
            |w| w.risk().duration_scores = scores([0, 0, 1, 1, 1, 1, 1, 1]),
            |w| w.risk().duration_scores = scores([0, 1, 1, 1, 1, 1, 1, 1]), // no exposure is under five minutes
        ),
        (
            DaysCannotScore,
            |w| w.risk().days_scores = scores([0, 1, 1, 1, 1, 1, 1, 1]),
            |w| w.risk().days_scores = scores([1; 8]),
        ),
        (LevelsCannotScore, |w| w.risk().minimum_risk_score = 65, |w| w.risk().minimum_risk_score = 64),
        (
            ScoreUnreachable,
            |w| w.risk().duration_scores = scores([8, 1, 1, 1, 1, 1, 1, 1]),
            |w| w.risk().duration_scores = scores([1, 1, 1, 1, 1, 1, 1, 8]),
        ),
        (
            ScoreUnreachable,
            |w| {
                w.options.profile = Profile::AppleV1;
                w.risk().duration_scores = scores([8, 1, 1, 1, 1, 1, 1, 1]);
            },
            |w| {
                w.options.profile = Profile::AppleV1;
                w.risk().duration_scores = scores([1, 1, 1, 1, 1, 1, 1, 8]);
            },
        ),
        (
            BucketUnreachable,
            |w| w.configuration.daily_summaries.thresholds = AttenuationThresholds::new([50, 70, 148]).unwrap(),
            |w| w.configuration.daily_summaries.thresholds = AttenuationThresholds::new([50, 70, 147]).unwrap(),
        ),
        (
            BucketUnreachable,
            |w| {
                w.options.profile = Profile::AppleV1;
                w.configuration.daily_summaries.thresholds = AttenuationThresholds::new([0, 70, 90]).unwrap();
            },
            |w| w.configuration.daily_summaries.thresholds = AttenuationThresholds::new([0, 70, 90]).unwrap(),
        ),
        (
            BucketUnreachable,
            |w| w.risk().duration_thresholds = DurationThresholds::new([50, 50]).unwrap(),
            |w| w.risk().duration_thresholds = DurationThresholds::new([50, 51]).unwrap(),
        ),
        (
            WeightsNotMonotonic,
            |w| w.configuration.daily_summaries.bucket_weights = [1.0, 1.0, 0.5, 0.6].map(weight),
            |w| w.configuration.daily_summaries.bucket_weights = [1.0, 1.0, 0.5, 0.5].map(weight),
        ),
        (
            WeightsNotMonotonic,
            |w| w.configuration.daily_summaries.infectiousness_weights.high = weight(0.9),
            |w| w.configuration.daily_summaries.infectiousness_weights.high = weight(1.1),
        ),
        (
            WeightZero,
            |w| w.configuration.daily_summaries.bucket_weights[3] = weight(0.0),
            |w| w.configuration.daily_summaries.bucket_weights[3] = weight(0.01),
        ),
        (
            WeightZero,
            |w| w.configuration.daily_summaries.report_type_weights.self_report = weight(0.0),
            |w| w.configuration.daily_summaries.report_type_weights.recursive = weight(0.0), // never shown
        ),
        (
            WeightZero,
            |w| w.configuration.daily_summaries.infectiousness_weights.standard = weight(0.0),
            |w| w.configuration.daily_summaries.infectiousness_weights.high = weight(0.0), // no key has it
        ),
        (
            WindowScoreUnreachable,
            |w| w.configuration.daily_summaries.minimum_window_score = Score::new(21_000.5).unwrap(),
            |w| w.configuration.daily_summaries.minimum_window_score = Score::new(21_000.0).unwrap(),
        ),
        (
            WindowScoreUnreachable,
            |w| w.configuration.daily_summaries.bucket_weights = [0.0; 4].map(weight),
            |w| w.configuration.daily_summaries.bucket_weights = [0.0, 0.0, 0.0, 0.01].map(weight),
        ),
        (
            WindowScoreUnreachable,
            |w| w.stats().report_type = histogram(&[(Some(4), 1000), (Some(5), 1000)]),
            |w| {
                w.configuration.mapping.recursive_enabled = true;
                w.stats().report_type = histogram(&[(Some(4), 1000), (Some(5), 1000)]);
            },
        ),
        (
            WindowScoreImprobable,
            |w| w.configuration.daily_summaries.minimum_window_score = Score::new(2100.5).unwrap(),
            |w| w.configuration.daily_summaries.minimum_window_score = Score::new(2100.0).unwrap(),
        ),
        (
            InfectiousnessNoneEveryDay,
            |w| w.configuration.mapping.infectiousness = Some(InfectiousnessMap::from_fn(|_| Infectiousness::None)),
            |w| w.configuration.mapping.infectiousness = Some(high(0..=0)),
        ),
        (
            InfectiousnessMissingNone,
            |w| w.configuration.mapping.infectiousness_when_missing = Infectiousness::None,
            |w| w.configuration.mapping.infectiousness_when_missing = Infectiousness::High,
        ),
        (
            InfectiousnessSymmetric,
            |w| w.configuration.mapping.infectiousness = Some(high(-3..=3)),
            |w| w.configuration.mapping.infectiousness = Some(high(-3..=4)),
        ),
        (
            ReportTypeMissingUnknown,
            |w| w.configuration.mapping.report_type_when_missing = ReportType::Unknown,
            |w| w.configuration.mapping.report_type_when_missing = ReportType::Recursive,
        ),
    ];
    cases.extend(rule_cases());
    cases
}

fn rule_cases() -> Vec<(LintCode, Change, Change)> {
    use LintCode::*;
    use Operator::*;
    fn with(change: impl FnOnce(&mut RiskRuleFile)) -> RiskRuleFile {
        let mut rule = RiskRuleFile { score_sum: condition(AtLeast, 1350.0), ..RiskRuleFile::default() };
        change(&mut rule);
        rule
    }
    fn classes(thresholds: [f64; 2]) -> Rule {
        let class = |(rank, threshold)| Class {
            name: format!("class {rank}"),
            rank,
            notifies: true,
            when: When::All(vec![Test::at_least(Day::ScoreSum, threshold)]),
        };
        let mut rule = Rule::any_score();
        if let Decides::Windows(windows) = &mut rule.decides {
            windows.classes = (1..).zip(thresholds).map(class).collect();
        }
        rule
    }
    fn ranges(ranges: &[&str]) -> Rule {
        let mut rule = Preset::CovidAlert.configuration(Profile::Google).rule;
        let weight = Score::new(1.0).unwrap();
        let weighted = |range: &&str| WeightedRange { range: range.parse().unwrap(), weight };
        if let Decides::Windows(WindowsRule { scores: Scores::Weighted(weighing), .. }) = &mut rule.decides {
            weighing.ranges = WeightedRanges::new(ranges.iter().map(weighted).collect()).unwrap();
        }
        rule
    }
    vec![
        (
            ClassUnreachable,
            |w| w.configuration.rule = classes([900.0, 1350.0]),
            |w| w.configuration.rule = classes([1350.0, 900.0]),
        ),
        (
            RuleAlwaysNotifies,
            |w| w.configuration.rule = classes([900.0, 0.0]),
            |w| w.configuration.rule = classes([900.0, 0.5]),
        ),
        (
            RangeUnreachable,
            |w| w.configuration.rule = ranges(&["[0, 63]", "[10, 50)"]),
            |w| w.configuration.rule = ranges(&["[0, 63]", "[10, 64]"]),
        ),
        (RuleAsksNothing, |w| w.rule(RiskRuleFile::default()), |w| w.rule(with(|_| ()))),
        (
            ConditionUnreachable,
            |w| w.rule(with(|rule| rule.score_sum = condition(LessThan, 0.0))),
            |w| w.rule(with(|rule| rule.score_sum = condition(AtMost, 0.0))),
        ),
        (
            ConditionUnreachable,
            |w| w.rule(with(|rule| rule.score_sum = condition(AtLeast, f64::NAN))),
            |w| w.rule(with(|rule| rule.score_sum = condition(Nop, f64::NAN))),
        ),
        (
            ConditionUnreachable,
            |w| w.rule(with(|rule| rule.seconds = condition(Equal, 90.0))),
            |w| w.rule(with(|rule| rule.seconds = condition(AtLeast, 900.0))),
        ),
        (
            ConditionUnreachable,
            |w| w.rule(with(|rule| rule.weighted_duration_average = condition(MoreThan, 1.1))),
            |w| w.rule(with(|rule| rule.weighted_duration_average = condition(AtLeast, 1.0))),
        ),
        (
            ConditionUnreachable,
            |w| {
                w.configuration.daily_summaries.bucket_weights = [0.5; 4].map(weight);
                w.rule(with(|rule| rule.weighted_duration_average = condition(AtLeast, 0.6)));
            },
            |w| {
                // Rounded up to the minute, a single minute counts 1 a second.
                w.options.profile = Profile::DocumentedV2;
                w.configuration.daily_summaries.bucket_weights = [0.5; 4].map(weight);
                w.rule(with(|rule| rule.weighted_duration_average = condition(AtLeast, 0.6)));
            },
        ),
        (
            ConditionUnreachable,
            |w| w.rule(with(|rule| rule.attenuation_max = condition(MoreThan, 148.0))),
            |w| w.rule(with(|rule| rule.attenuation_max = condition(AtLeast, 148.0))),
        ),
        (
            ConditionUnreachable,
            |w| w.rule(with(|rule| rule.attenuation_min = condition(Equal, 45.5))),
            |w| w.rule(with(|rule| rule.attenuation_min = condition(Equal, 45.0))),
        ),
        (
            ConditionUnreachable,
            |w| {
                w.rule(with(|rule| {
                    rule.attenuation_min = condition(MoreThan, 60.0);
                    rule.attenuation_max = condition(AtMost, 60.0);
                }));
            },
            |w| {
                w.rule(with(|rule| {
                    rule.attenuation_min = condition(AtLeast, 60.0);
                    rule.attenuation_max = condition(AtMost, 60.0);
                }));
            },
        ),
    ]
}
