//! English texts without numbers.

use crate::page::words::Labels;

pub(super) const LABELS: Labels = Labels {
    name: "English",
    language: "Language",
    title: "Exposure report",
    skip: "Skip to the report",
    contents: "Contents",
    made_by: "Made by ",
    yes: "yes",
    no: "no",
    unknown: "unknown",
    minus: "minus ",
    stepped_back: " (a clock stepped back)",
    comma: ", ",
    sentence_separator: " ",
    because: " ",
    brackets: [" (", ")"],

    notify: "By the rule: notify",
    do_not_notify: "By the rule: do not notify",
    not_judged: "This could not be judged",
    no_all_clear: "This is no all-clear: nobody can say from this whether there was a contact.",
    guarded: "Phones with Google's software of 2021 did so. A safer reading, the profile google-guarded, may answer \
              differently.",
    no_diagnosis: "This is not a diagnosis. It does not say whether anybody caught anything. Whatever this page says: \
                   if you feel ill or are worried, ask a doctor or your local health office.",
    three_results: "These are three separate results. A key can match without a score, and have a score without a \
                    notification; each “no” below has its first reason beside it.",
    matched: "Matched",
    scored: "Scored",
    notified: "Notified",

    basis: "What this rests on",
    as_of: "As of",
    configuration: "Configuration",
    made_as_of: "As of ",
    made_with: ", configuration ",
    rule: "Rule",
    thresholds: "Thresholds",
    weights: "Weight of a second",
    profile: "Rules followed",
    compared: "Compared with",
    view: "Shown",
    view_full: "Everything, with keys and exact times: for developers, not for passing on.",
    view_redacted: "Without keys and file names, times to the hour: safe to pass on.",

    calendar: "Calendar",
    month: "Month",
    days: "Day by day",
    no_days: "There is no day to tell of: no signal counts as a contact.",
    nothing_to_say: "Nobody can say: the verdict above tells why.",
    how_to_read: "In the charts a bar is one scan of this phone: the taller, the nearer. Its top is the typical \
                  attenuation, with its number below the bar; the thin line is the strongest signal; dashed lines are the \
                  thresholds. All charts have the same scale. The tables below have every number.",
    day_notifies: "A reason to notify.",
    day_does_not_notify: "No reason to notify.",
    day_does_not_count: "Nothing of this day counts towards the rule.",
    day_not_judged: "This day could not be judged.",
    day_against_rule: "The day against the rule",

    key: "Key",
    zones: ["very near", "near", "middling", "far"],
    zones_v1: ["near", "middling", "far"],
    axis_attenuation: "attenuation, dB (top = near)",
    axis_minutes: "minutes",
    numbers_heading: "In numbers",
    numbers: "Each window and each scan in numbers",
    by_v1: "The same by version 1 of the interface",
    contact: "Contact",
    began: "Began (your clock)",
    counts_for: "Counts for (min:s)",
    score_of_window: "Score, with weighted seconds × kind of report × infectiousness where these are not 1",
    scans: "Scans: after and counts for (min:s), typical/strongest attenuation (dB)",
    lasted: "Lasted (min:s)",
    durations_v1: "Near / middling / far (min:s)",
    factor_attenuation: "Attenuation (dB) → score",
    factor_days: "Days since → score",
    factor_duration: "Duration (min:s) → score",
    factor_transmission: "Transmission risk level → score",
    product: "Product, against the minimum",
    risk_score: "Risk score",

    near_misses: "Heard, but not counted",
    no_near_misses: "Nothing of the keys was heard beyond what is told above.",
    near_misses_note: "These signals carry identifiers of published keys, but a rule says that they are no contact. They \
                       had no part in the verdict.",
    when: "When",
    signals: "Signals",
    strongest: "Strongest",
    why_not: "Why not",

    files: "Files",
    file: "File",
    keys: "Keys",
    file_status: "Signature",
    verified: "verified",
    unverified: "not checked: anyone may have written it",
    rejected: "rejected: nothing of it was used",

    limits_heading: "What this cannot tell",
    limits: &[
        "How many metres it was. Attenuation is how much a signal weakens on its way; walls, pockets and bodies weaken \
         it too, and a thin wall may not.",
        "Whether you were infected, or are. A contact is a possibility, and many infections leave no trace here.",
        "Who it was, or where. Keys have no names and no places, and one person has a new key every day.",
        "What was not heard: phones without such an app, that were switched off, or whose owners reported nothing.",
        "What another phone would have said. Systems and versions differ; this page follows the one named above.",
    ],
    glossary_heading: "Words",
    glossary: &[
        (
            "Diagnosis key",
            "A random number from which a phone made the identifiers that it sent for one day. Its owner has \
                           published it after a positive result.",
        ),
        ("Signal", "An identifier, received by Bluetooth. It changes every ten minutes or so."),
        (
            "Attenuation",
            "Sending power minus received power, in decibels (dB). Small is near, large is far or covered.",
        ),
        (
            "Scan",
            "Phones listen for some seconds every few minutes; each scan stands for the time since the one before.",
        ),
        ("Exposure window", "At most half an hour of signals of one key."),
        ("Score", "Seconds, weighted by nearness, infectiousness and kind of report."),
        ("UTC", "World time. Keys and days are counted in it, so a day begins at another hour on your clock."),
    ],
};
