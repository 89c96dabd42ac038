//! Why not, in English.

use gaen::exposure::decision::JudgedDay;

use crate::page::facts::Facts;
use crate::page::words::{Marks, Words, with_conditions};

use super::English;

pub(super) fn reason(code: &str, facts: &Facts) -> Option<String> {
    let number = |number| English.number(number);
    let Facts { attenuation, days, most_days, transmission_risk_level: level, .. } = facts;
    let minutes = English.duration(facts.seconds);
    Some(match code {
        "clock_window" => {
            "It was heard over two hours before or after its owner's phone sent it: a clock was wrong, or \
                           somebody recorded it and sent it again."
                .into()
        }
        "replay" => "It was heard over 20 minutes after it was first heard, so perhaps recorded and sent again.".into(),
        "aem_length" => "The part of the signal that tells its sending power is damaged.".into(),
        "power" => "It claims a sending power that is not believable.".into(),
        "zero_attenuation" => "It arrived as strong as it was sent, which these rules do not believe.".into(),
        "not_heard" => "None of its identifiers was heard.".into(),
        "not_matched" => "Nothing that was heard of it counts.".into(),
        "report_type" => {
            format!(
                "Its report is of a kind that is not added up by day ({}).",
                super::terms::report_type(facts.report_type)
            )
        }
        "too_long_ago" => format!("It was more than {most_days} days ago."),
        "below_minimum_window_score" => {
            format!("Its score of {} is below the minimum of {}.", number(facts.score), number(facts.minimum))
        }
        "infectiousness_none" => {
            "By the configuration its owner was not infectious on that day, so it has no weight.".into()
        }
        "no_duration" => "No time had passed since the scan before, so it has no duration.".into(),
        "weight_zero" => "The configuration gives it a weight of 0.".into(),
        "revoked" => "Its report was withdrawn.".into(),
        "recursive" => {
            "It is the key of somebody who was exposed, and the configuration does not ask for those.".into()
        }
        "other_period" => "The same key matched before, valid at another time, and a phone stores a key once.".into(),
        "key_silenced" => "Louder signals, whose sending power is not believed, took the place of all that was heard of it, so \
                           nothing of it counts. Phones with Google's software did so; somebody may have sent a changed copy."
            .into(),
        "infectiousness_none_ignored" => {
            "By the configuration its owner was not infectious on that day, and these rules ignore such keys.".into()
        }
        "report_type_none_ignored" => "Its report is of no kind, and these rules ignore such keys.".into(),
        "attenuation_score_zero" => format!("The configuration's score for {attenuation}\u{a0}dB is 0."),
        "days_score_zero" => format!("The configuration's score for {days} days ago is 0."),
        "duration_score_zero" => format!("The configuration's score for {minutes} is 0."),
        "transmission_score_zero" => format!("The configuration's score for transmission risk level {level} is 0."),
        "below_minimum_risk_score" => {
            format!("Its product of {} is below the minimum of {}.", number(facts.score), number(facts.minimum))
        }
        "no_day" => "It counts for no day.".into(),
        "no_exposure" => "There is no exposure to judge.".into(),
        "risk_score" => format!("The largest risk score of the day is {}.", number(facts.score)),
        "risk_score_zero" => "No exposure of the day has a risk score.".into(),
        "score" => format!("The scores of the day add up to {}, and any score will do.", number(facts.score)),
        "score_zero" => "The scores of the day add up to 0.".into(),
        "conditions_met" => {
            let met: Vec<_> = facts.met().map(|found| English.condition(found)).collect();
            match met.len() {
                0 => "The conditions of the rule are met.".into(),
                all if all == facts.conditions.len() => format!("All conditions are met: {}.", met.join("; ")),
                _ => format!("One of several conditions is enough. Met: {}.", met.join("; ")),
            }
        }
        "condition_not_met" => match facts.conditions.iter().find(|found| found.holds == Some(false)) {
            Some(not_met) => format!("Not met: {}.", English.condition(not_met)),
            None => "A condition of the rule is not met.".into(),
        },
        "no_file" => "No file of published keys was searched.".into(),
        "no_usable_file" => "None of the files could be used, so nothing was searched.".into(),
        "files_not_searched" => "What is stored was not yet searched for in any file.".into(),
        "files_awaited" => {
            "Files of a restored backup were not given again: what was found in them does not count yet.".into()
        }
        "no_sightings" => "There is no record of what this phone heard.".into(),
        "impossible_times" => "Every signal has a time before 2019 or after 2099. These times cannot be right.".into(),
        "impossible_now" => "The time to judge at is before 2019 or after 2099. It cannot be right.".into(),
        "now_before_sightings" => "The time to judge at is before every signal that was heard.".into(),
        "not_a_number" => "A score or a condition of the rule is no number.".into(),
        "rule_asks_nothing" => "The rule asks nothing, so no day meets it.".into(),
        "window_repeated" => "It is equal in every field to an earlier one of the day, which counts.".into(),
        "infectiousness_dropped" => "The app leaves out contacts with somebody of this infectiousness.".into(),
        "minutes_dropped" => "The app leaves it out because of its minutes at some attenuation.".into(),
        "level_dropped" => "The app leaves out contacts of this level of risk.".into(),
        "no_window_level" => "Its score has no level of risk.".into(),
        "risk_score_below" => format!("The largest risk score of the day is {}, which is too small for the app.", number(facts.score)),
        "class_without_notification" => "The day has a class because of which the app does not notify.".into(),
        "no_date" => "A contact has no day that can be read.".into(),
        "no_typical_attenuation" => "The rule needs the typical attenuation of each scan, which is not there.".into(),
        "no_min_attenuation" => "The rule needs the smallest attenuation of each scan, which is not there.".into(),
        "no_report_type" => "The rule needs the kind of the report, which is not there.".into(),
        "no_infectiousness" => "The rule needs the infectiousness, which is not there.".into(),
        "report_type_not_judged" => "The app has no answer for reports of this kind: it failed.".into(),
        "impossible_seconds" => "A scan counts more seconds than a century has.".into(),
        "no_risk_scores" => "The rule reads the risk scores of version 1, which are not there.".into(),
        _ => return None,
    })
}

/// Why a day has its class, with the values of the day.
pub(super) fn judged(day: &JudgedDay) -> Option<String> {
    let (said, are_met) = match day.code {
        "conditions_met" => ("The conditions are met", true),
        "class_without_notification" => ("The app does not notify because of this class", true),
        "condition_not_met" => ("Not met", false),
        code => return reason(code, &Facts { score: day.totals.score_sum, ..Facts::default() }),
    };
    let marks = Marks { before: ": ", after_class: ": ", between: "; ", between_classes: "; ", end: "." };
    Some(with_conditions(&English, said, day, are_met, &marks))
}
