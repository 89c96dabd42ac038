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
    pub(crate) made_by: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) unknown: &'static str,
    /// Before a number of minutes that is negative, and after it.
    pub(crate) minus: &'static str,
    pub(crate) stepped_back: &'static str,
    pub(crate) list_separator: &'static str,

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
    pub(crate) rule: &'static str,
    pub(crate) thresholds: &'static str,
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
    pub(crate) on_your_clock: &'static str,
    pub(crate) day_notifies: &'static str,
    pub(crate) day_does_not_notify: &'static str,
    pub(crate) day_does_not_count: &'static str,
    pub(crate) day_not_judged: &'static str,
    pub(crate) day_against_rule: &'static str,

    // Contacts.
    pub(crate) key: &'static str,
    pub(crate) no_score: &'static str,
    pub(crate) by_v1: &'static str,
    pub(crate) durations: &'static str,
    /// Immediate, near, medium and other.
    pub(crate) zones: [&'static str; 4],
    /// Near, middle and far.
    pub(crate) zones_v1: [&'static str; 3],
    pub(crate) axis_attenuation: &'static str,
    pub(crate) axis_minutes: &'static str,
    pub(crate) scans: &'static str,
    pub(crate) scan_after: &'static str,
    pub(crate) scan_seconds: &'static str,
    pub(crate) scan_typical: &'static str,
    pub(crate) scan_strongest: &'static str,
    pub(crate) scan_zone: &'static str,
    pub(crate) scan_weighted: &'static str,
    pub(crate) factors: &'static str,
    pub(crate) factor: &'static str,
    pub(crate) value: &'static str,
    pub(crate) score: &'static str,
    pub(crate) product: &'static str,

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
