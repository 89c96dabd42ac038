//! What is linted: a configuration and a file without a fault, to be changed.

use gaen::export::{
    ExportBinReport, FileReport, Histogram, KeyStatistics, SignatureEntry, SignatureInfo, SignatureReport, ZipEntry,
};
use gaen::exposure::decision::RiskRuleFile;
use gaen::exposure::{
    Condition, Configuration, Infectiousness, InfectiousnessMap, Operator, RiskConfiguration, RiskScores, Weight,
};
use gaen::lint::{InspectedFile, Lint, LintOptions, lint};

/// 2020-08-20 00:00 UTC.
pub(crate) const DAY: u64 = 1_597_881_600;
pub(crate) const START: i32 = 2_663_136;

/// What is linted together.
pub(crate) struct World {
    pub(crate) configuration: Configuration,
    pub(crate) files: Vec<InspectedFile>,
    pub(crate) options: LintOptions,
}

impl World {
    pub(crate) fn risk(&mut self) -> &mut RiskConfiguration {
        &mut self.configuration.risk
    }

    pub(crate) fn bin(&mut self) -> &mut ExportBinReport {
        self.files[0].report.export_bin.as_mut().unwrap()
    }

    pub(crate) fn sig(&mut self) -> &mut SignatureEntry {
        &mut self.files[0].report.export_sig.as_mut().unwrap().signatures[0]
    }

    pub(crate) fn stats(&mut self) -> &mut KeyStatistics {
        &mut self.bin().keys_stats
    }

    pub(crate) fn rule(&mut self, rule: RiskRuleFile) {
        self.configuration.rule = rule.rule();
    }

    /// Adds what the zip's directory says of an entry.
    pub(crate) fn entry(&mut self, method: &str, data_descriptor: bool) {
        let (name, method) = ("export.bin".into(), method.into());
        let entry = ZipEntry { name, size: 1, compressed: 1, method, data_descriptor, sha256: None };
        self.files[0].report.zip_entries.push(entry);
    }

    /// Another file, like the first but for its name and contents.
    pub(crate) fn another(&mut self) -> &mut ExportBinReport {
        let mut copy = self.files[0].clone();
        copy.name = format!("{}.zip", self.files.len());
        copy.report.export_bin.as_mut().unwrap().sha256 = copy.name.clone();
        self.files.push(copy);
        self.files.last_mut().unwrap().report.export_bin.as_mut().unwrap()
    }

    pub(crate) fn lint(&self) -> Vec<Lint> {
        lint(&self.configuration, &self.files, &self.options)
    }
}

pub(crate) fn histogram(values: &[(Option<i32>, u64)]) -> Histogram {
    Histogram(values.iter().copied().collect())
}

pub(crate) fn signature_info() -> SignatureInfo {
    SignatureInfo {
        app_bundle_id: None,
        android_package: None,
        verification_key_version: Some("v1".into()),
        verification_key_id: Some("440".into()),
        signature_algorithm: Some("1.2.840.10045.4.3.2".into()),
    }
}

/// A file of 2000 keys without a fault.
pub(crate) fn good_file() -> InspectedFile {
    let all = |value: Option<i32>| histogram(&[(value, 2000)]);
    let keys_stats = KeyStatistics {
        rolling_period: all(None),
        report_type: all(Some(1)),
        transmission_risk_level: all(Some(4)),
        days_since_onset_of_symptoms: all(Some(0)),
        rolling_start_day: all(Some(START)),
        key_data_lengths: [(16, 2000)].into(),
        rolling_start_min: Some(START),
        rolling_start_max: Some(START),
        sorted_by_key_data: true,
        ..KeyStatistics::default()
    };
    let bin = ExportBinReport {
        sha256: "0.zip".into(),
        header_ok: true,
        start_timestamp: Some(DAY),
        end_timestamp: Some(DAY + 86_400),
        region: Some("440".into()),
        batch_num: Some(1),
        batch_size: Some(1),
        signature_infos: vec![signature_info()],
        keys: 2000,
        keys_stats,
        ..ExportBinReport::default()
    };
    let signature = SignatureEntry {
        signature_info: signature_info(),
        batch_num: Some(1),
        batch_size: Some(1),
        signature_hex: String::new(),
        signature_len: 70,
    };
    let report = FileReport {
        container: Some("zip"),
        export_bin: Some(bin),
        export_sig: Some(SignatureReport { signatures: vec![signature], ..SignatureReport::default() }),
        sig_info_matches_bin: Some(true),
        ..FileReport::default()
    };
    InspectedFile { name: "0.zip".into(), report }
}

pub(crate) fn good() -> World {
    World { configuration: Configuration::default(), files: vec![good_file()], options: LintOptions::default() }
}

pub(crate) fn scores(scores: [u8; 8]) -> RiskScores {
    RiskScores::new(scores).unwrap()
}

pub(crate) fn weight(factor: f64) -> Weight {
    Weight::new(factor).unwrap()
}

pub(crate) fn condition(op: Operator, threshold: f64) -> Condition {
    Condition { op, threshold }
}

/// A map in which these days are high, and others none.
pub(crate) fn high(days: std::ops::RangeInclusive<i8>) -> InfectiousnessMap {
    InfectiousnessMap::from_fn(|day| if days.contains(&day) { Infectiousness::High } else { Infectiousness::None })
}

/// A change that brings a lint about, or just does not.
pub(crate) type Change = fn(&mut World);
