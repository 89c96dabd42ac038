//! What is said without numbers.

/// The texts of a page in one language.
pub(crate) struct Labels {
    /// What the language is called in it.
    pub(crate) name: &'static str,
    /// "Language".
    pub(crate) language: &'static str,
    pub(crate) title: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) contents: &'static str,
    /// Before the name of the program.
    pub(crate) made_by: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) unknown: &'static str,
    /// Before a number of minutes that is negative, and after it.
    pub(crate) minus: &'static str,
    pub(crate) stepped_back: &'static str,
    /// Between the parts of a sentence.
    pub(crate) comma: &'static str,
    /// Between two sentences.
    pub(crate) sentence_separator: &'static str,
    /// Between an answer and its reason.
    pub(crate) because: &'static str,
    /// Around what is said by the way.
    pub(crate) brackets: [&'static str; 2],

    // The verdict.
    pub(crate) notify: &'static str,
    pub(crate) do_not_notify: &'static str,
    pub(crate) not_judged: &'static str,
    pub(crate) no_all_clear: &'static str,
    /// That a safer reading may answer differently.
    pub(crate) guarded: &'static str,
    pub(crate) no_diagnosis: &'static str,
    pub(crate) three_results: &'static str,
    pub(crate) matched: &'static str,
    pub(crate) scored: &'static str,
    pub(crate) notified: &'static str,

    // What it rests on.
    pub(crate) basis: &'static str,
    pub(crate) as_of: &'static str,
    pub(crate) configuration: &'static str,
    /// Before the time of the verdict, and before the name of the configuration after it.
    pub(crate) made_as_of: &'static str,
    pub(crate) made_with: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) thresholds: &'static str,
    pub(crate) weights: &'static str,
    pub(crate) profile: &'static str,
    pub(crate) compared: &'static str,
    pub(crate) view: &'static str,
    pub(crate) view_full: &'static str,
    pub(crate) view_redacted: &'static str,

    // Days.
    pub(crate) calendar: &'static str,
    pub(crate) month: &'static str,
    pub(crate) days: &'static str,
    pub(crate) no_days: &'static str,
    pub(crate) nothing_to_say: &'static str,
    pub(crate) how_to_read: &'static str,
    pub(crate) day_notifies: &'static str,
    pub(crate) day_does_not_notify: &'static str,
    pub(crate) day_does_not_count: &'static str,
    pub(crate) day_not_judged: &'static str,
    pub(crate) day_against_rule: &'static str,

    // Contacts.
    pub(crate) key: &'static str,
    /// Immediate, near, medium and other.
    pub(crate) zones: [&'static str; 4],
    /// Near, middle and far.
    pub(crate) zones_v1: [&'static str; 3],
    pub(crate) axis_attenuation: &'static str,
    pub(crate) axis_minutes: &'static str,
    // Their numbers, in tables.
    pub(crate) numbers_heading: &'static str,
    pub(crate) numbers: &'static str,
    pub(crate) by_v1: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) began: &'static str,
    pub(crate) counts_for: &'static str,
    pub(crate) score_of_window: &'static str,
    pub(crate) scans: &'static str,
    pub(crate) lasted: &'static str,
    pub(crate) durations_v1: &'static str,
    pub(crate) factor_attenuation: &'static str,
    pub(crate) factor_days: &'static str,
    pub(crate) factor_duration: &'static str,
    pub(crate) factor_transmission: &'static str,
    pub(crate) product: &'static str,
    pub(crate) risk_score: &'static str,

    // What was not counted.
    pub(crate) near_misses: &'static str,
    pub(crate) no_near_misses: &'static str,
    pub(crate) near_misses_note: &'static str,
    pub(crate) when: &'static str,
    pub(crate) signals: &'static str,
    pub(crate) strongest: &'static str,
    pub(crate) why_not: &'static str,

    // Files.
    pub(crate) files: &'static str,
    pub(crate) file: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) file_status: &'static str,
    pub(crate) verified: &'static str,
    pub(crate) unverified: &'static str,
    pub(crate) rejected: &'static str,

    // The rest.
    pub(crate) limits_heading: &'static str,
    pub(crate) limits: &'static [&'static str],
    pub(crate) glossary_heading: &'static str,
    /// Terms and what they mean.
    pub(crate) glossary: &'static [(&'static str, &'static str)],
}
