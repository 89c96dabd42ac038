//! What apps were configured with, and how they decided.

pub(crate) mod apps;
pub(crate) mod cocoa;
pub(crate) mod cwa;
pub(crate) mod enx;

use alloc::string::String;
use core::fmt;

use super::configuration::rule::Platform;
use super::configuration::{Configuration, RiskConfiguration};
use crate::names::named;
use crate::profile::Profile;
use cocoa::Cocoa;
use cwa::Version;

/// An app with everything that it was configured with, its rule included.
///
/// Apps whose two phones decided differently have a preset for each. [`about`](Self::about) says where a preset was
/// read, and what in it was guessed or never run.
///
/// ```
/// use gaen::Profile;
/// use gaen::exposure::Preset;
///
/// let configuration = Preset::CocoaV1_1_4.configuration(Profile::Google);
/// assert_eq!(configuration.risk.minimum_risk_score, 21);
/// assert_eq!("cocoa-v1.1.4".parse(), Ok(Preset::CocoaV1_1_4));
/// assert!(Preset::CwaIos.about().source.starts_with("corona-warn-app/cwa-app-ios 02c629b6"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// Google's defaults; any score notifies.
    Google,
    /// Apple's defaults; any score notifies.
    Apple,
    /// COCOA 1.0.0 to 1.1.2, from 2020-06-19: every table 1 to 8, minimum 1.
    CocoaV1_0_0,
    /// COCOA 1.1.3: attenuation scores 0 above 33 dB, minimum 1.
    CocoaV1_1_3,
    /// COCOA 1.1.4 to 1.4.1: durations under 20 minutes count nothing, minimum 21.
    CocoaV1_1_4,
    /// COCOA's server file of 2022 for 1.x: levels 1 and 2 count nothing.
    CocoaV1Server2022,
    /// COCOA 2.0.0 and later: exposure windows, and the risk rule.
    CocoaV2,
    /// Corona-Warn-App (Germany) on Android, with the parameters from 1.15 on.
    CwaAndroid,
    /// Corona-Warn-App (Germany) on Android, with the parameters before 1.15.
    CwaAndroidBefore1_15,
    /// Corona-Warn-App (Germany) on iPhones, with the parameters from 1.15 on.
    CwaIos,
    /// Corona-Warn-App (Germany) on iPhones, with the parameters before 1.15.
    CwaIosBefore1_15,
    /// Exposure Notifications Express: Google's reference app with its sample classes.
    Enx,
    /// SwissCovid (Switzerland) on Android: the rule and the defaults of DP-3T.
    SwissCovidAndroid,
    /// SwissCovid (Switzerland) on iPhones: the rule and the defaults of DP-3T.
    SwissCovidIos,
    /// Radar COVID (Spain) on Android: the rule of DP-3T.
    RadarCovid,
    /// CoronaMelder (Netherlands).
    CoronaMelder,
    /// Koronavilkku (Finland) on Android.
    KoronavilkkuAndroid,
    /// Koronavilkku (Finland) on iPhones.
    KoronavilkkuIos,
    /// Smittestopp (Norway).
    SmittestoppNo,
    /// Smitte|stop (Denmark).
    SmittestopDk,
    /// eRouska (Czechia) on iPhones.
    ERouska,
    /// The apps of PathCheck (several states).
    PathCheck,
    /// COVID Alert (Canada).
    CovidAlert,
    /// Immuni (Italy), version 1 of Exposure Notification.
    ImmuniV1,
    /// NHS COVID-19 (England and Wales) on Android, version 2 of Exposure Notification.
    NhsAndroid,
    /// NHS COVID-19 (England and Wales) on iPhones, version 2 of Exposure Notification.
    NhsIos,
}

named! {
    Preset, "preset":
    Google => "google",
    Apple => "apple",
    CocoaV1_0_0 => "cocoa-v1.0.0",
    CocoaV1_1_3 => "cocoa-v1.1.3",
    CocoaV1_1_4 => "cocoa-v1.1.4",
    CocoaV1Server2022 => "cocoa-v1-2022",
    CocoaV2 => "cocoa-v2",
    CwaAndroid => "cwa-android",
    CwaAndroidBefore1_15 => "cwa-android-before-1.15",
    CwaIos => "cwa-ios",
    CwaIosBefore1_15 => "cwa-ios-before-1.15",
    Enx => "enx",
    SwissCovidAndroid => "swisscovid-android",
    SwissCovidIos => "swisscovid-ios",
    RadarCovid => "radar-covid",
    CoronaMelder => "coronamelder",
    KoronavilkkuAndroid => "koronavilkku-android",
    KoronavilkkuIos => "koronavilkku-ios",
    SmittestoppNo => "smittestopp-no",
    SmittestopDk => "smittestop-dk",
    ERouska => "erouska",
    PathCheck => "pathcheck",
    CovidAlert => "covid-alert",
    ImmuniV1 => "immuni-v1",
    NhsAndroid => "nhs-android",
    NhsIos => "nhs-ios",
}

/// The origin of a preset: the app, and the files that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct About {
    /// The app, with the versions that the preset is of.
    pub app: &'static str,
    /// The place where the app was used.
    pub place: &'static str,
    /// The platform; `None` if the app decided alike on both.
    pub platform: Option<Platform>,
    /// The repository, the commit and the files that were read.
    pub source: &'static str,
    /// The day on which they were read, `YYYY-MM-DD`.
    pub read: &'static str,
    /// The notes on values that were guessed, or read and never run; empty if there are none.
    pub notes: &'static [&'static str],
}

impl About {
    /// Returns the app, where it was used, and its platform.
    #[must_use]
    pub fn title(&self) -> String {
        let Self { app, place, platform, .. } = self;
        match platform {
            Some(platform) => alloc::format!("{app} ({place}) on {platform}"),
            None => alloc::format!("{app} ({place})"),
        }
    }
}

/// Writes the title, where it was read, and what was guessed.
impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, from {}, read on {}", self.title(), self.source, self.read)?;
        self.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}

impl Preset {
    /// Returns what the app was configured with. Tables of version 1 may differ by profile.
    #[must_use]
    pub fn configuration(self, profile: Profile) -> Configuration {
        use Platform::{Android, Ios};
        match self {
            Self::Google => Configuration::default(),
            Self::Apple => Configuration { risk: RiskConfiguration::apple(), ..Configuration::default() },
            Self::CocoaV1_0_0 => cocoa::configuration(Cocoa::V1_0_0, profile),
            Self::CocoaV1_1_3 => cocoa::configuration(Cocoa::V1_1_3, profile),
            Self::CocoaV1_1_4 => cocoa::configuration(Cocoa::V1_1_4, profile),
            Self::CocoaV1Server2022 => cocoa::configuration(Cocoa::V1Server2022, profile),
            Self::CocoaV2 => cocoa::configuration(Cocoa::V2, profile),
            Self::CwaAndroid => cwa::preset(Android, Version::From1_15),
            Self::CwaAndroidBefore1_15 => cwa::preset(Android, Version::Before1_15),
            Self::CwaIos => cwa::preset(Ios, Version::From1_15),
            Self::CwaIosBefore1_15 => cwa::preset(Ios, Version::Before1_15),
            Self::Enx => enx::sample(),
            Self::SwissCovidAndroid => apps::dp3t("swisscovid", Android),
            Self::SwissCovidIos => apps::dp3t("swisscovid", Ios),
            Self::RadarCovid => apps::radar_covid(),
            Self::CoronaMelder => apps::coronamelder(),
            Self::KoronavilkkuAndroid => apps::koronavilkku(Android),
            Self::KoronavilkkuIos => apps::koronavilkku(Ios),
            Self::SmittestoppNo => apps::smittestop("smittestopp-no", [57, 68, 80], [2.0, 1.5, 0.0, 0.0]),
            Self::SmittestopDk => apps::smittestop("smittestop-dk", [57, 63, 73], [2.5, 2.0, 1.0, 0.0]),
            Self::ERouska => apps::erouska(),
            Self::PathCheck => apps::pathcheck(),
            Self::CovidAlert => apps::covid_alert(),
            Self::ImmuniV1 => apps::immuni(),
            Self::NhsAndroid => apps::nhs(Android),
            Self::NhsIos => apps::nhs(Ios),
        }
    }

    /// Returns the profile of the phone on which the app decided so. Apple published no code of version 2; iPhones'
    /// daily summaries are taken as [`Profile::AppleV1`] has them.
    #[must_use]
    pub const fn profile(self) -> Profile {
        match self {
            Self::Apple
            | Self::CwaIos
            | Self::CwaIosBefore1_15
            | Self::SwissCovidIos
            | Self::KoronavilkkuIos
            | Self::ERouska
            | Self::NhsIos => Profile::AppleV1,
            _ => Profile::Google,
        }
    }

    /// Returns where the preset comes from.
    #[must_use]
    pub const fn about(self) -> About {
        const READ: &str = "2026-11-28";
        const MAPPING: &str = "how the app read days since onset is not in the source; every day is standard here";
        const AGAIN: &str = "when the app told its user again was not read; every answer tells here";
        const MISSING: &str = "a key without days since onset is guessed as standard";
        const CWA_MAPPING: &[&str] =
            &[MAPPING, AGAIN, "phones merged equal windows (read, not run); the published cases count each, as here"];
        const CWA_BEFORE: &[&str] = &[
            MAPPING,
            AGAIN,
            "the value of a level is guessed: the level times 0.2",
            "that only the first minutes filter decides was read, not run",
        ];
        const CWA_IOS_BEFORE: &[&str] = &[MAPPING, AGAIN, "the value of a level is guessed: the level times 0.2"];
        const DP3T: &[&str] =
            &["the defaults of the SDK; a test of the app for iPhones has 53 and 60 dB", MAPPING, AGAIN];
        const fn about(app: &'static str, place: &'static str, source: &'static str) -> About {
            About { app, place, platform: None, source, read: READ, notes: &[] }
        }
        const fn on(platform: Platform, about: About) -> About {
            About { platform: Some(platform), ..about }
        }
        const fn noted(notes: &'static [&'static str], about: About) -> About {
            About { notes, ..about }
        }
        use Platform::{Android, Ios};
        const CWA_ANDROID: About = on(
            Android,
            about(
                "Corona-Warn-App from 1.15 on",
                "Germany",
                "corona-warn-app/cwa-app-android d98f9c20 risk/DefaultRiskLevels.kt; cwa-server c61d55f6 \
                 risk-calculation-parameters-1.15.yaml, risk-calculation-parameters.yaml, trl-value-mapping-1.15.yaml",
            ),
        );
        const CWA_IOS: About = on(
            Ios,
            about(
                "Corona-Warn-App from 1.15 on",
                "Germany",
                "corona-warn-app/cwa-app-ios 02c629b6 Risk/Calculation; cwa-server c61d55f6 \
                 risk-calculation-parameters-1.15.yaml, risk-calculation-parameters.yaml, trl-value-mapping-1.15.yaml",
            ),
        );
        const CWA_OLD: &str = "Corona-Warn-App before 1.15";
        const NHS: &str = "nihp-public/riskscore-kt-public 183c20ce; covid-19-app-android 7e546027 \
                           CalculateExposureRisk.kt; covid19-app-system 8c67d6e2 exposure-configuration.json";
        const COCOA: &str = "COCOA's public source and its server's files";
        match self {
            Self::Google => about("Google's defaults", "no app", "v1 and v2 API documents"),
            Self::Apple => about("Apple's defaults", "no app", "v1 and v2 API documents"),
            Self::CocoaV1_0_0 => about("COCOA 1.0.0 to 1.1.2", "Japan", COCOA),
            Self::CocoaV1_1_3 => about("COCOA 1.1.3", "Japan", COCOA),
            Self::CocoaV1_1_4 => about("COCOA 1.1.4 to 1.4.1", "Japan", COCOA),
            Self::CocoaV1Server2022 => about("COCOA's server file of 2022 for 1.x", "Japan", COCOA),
            Self::CocoaV2 => about("COCOA 2.0.0 and later", "Japan", COCOA),
            Self::CwaAndroid => noted(CWA_MAPPING, CWA_ANDROID),
            Self::CwaAndroidBefore1_15 => noted(CWA_BEFORE, About { app: CWA_OLD, ..CWA_ANDROID }),
            Self::CwaIos => noted(&[MAPPING, AGAIN], CWA_IOS),
            Self::CwaIosBefore1_15 => noted(CWA_IOS_BEFORE, About { app: CWA_OLD, ..CWA_IOS }),
            Self::Enx => about(
                "Exposure Notifications Express, reference app",
                "sample configuration",
                "google/exposure-notifications-android e44603b3 riskcalculation, app/configs/sample.json",
            ),
            Self::SwissCovidAndroid => noted(
                DP3T,
                on(
                    Android,
                    about(
                        "SwissCovid",
                        "Switzerland",
                        "DP-3T/dp3t-sdk-android 6566cebf ExposureWindowMatchingWorker.kt",
                    ),
                ),
            ),
            Self::SwissCovidIos => noted(
                DP3T,
                on(Ios, about("SwissCovid", "Switzerland", "DP-3T/dp3t-sdk-ios 002a66ec ExposureWindow.swift")),
            ),
            Self::RadarCovid => noted(
                &["the weights are those of DP-3T", MAPPING, AGAIN],
                on(
                    Android,
                    about("Radar COVID", "Spain", "RadarCOVID/radar-covid-android cf0f91ef SettingsDataMapper.kt"),
                ),
            ),
            Self::CoronaMelder => noted(
                &[MISSING],
                about(
                    "CoronaMelder",
                    "Netherlands",
                    "minvws/nl-covid19-notification-app-android 2395c1f2 RiskModel.kt, ExposureNotificationsRepository.kt; \
                 nl-covid19-notification-app-backend 2a4ab58e RiskCalculationParameters.json",
                ),
            ),
            Self::KoronavilkkuAndroid => on(
                Android,
                about(
                    "Koronavilkku",
                    "Finland",
                    "THLfi/koronavilkku-android 7bbc992e ExposureUpdateWorker.kt; koronavilkku-backend 0d8c5f0e R__3_*.sql",
                ),
            ),
            Self::KoronavilkkuIos => on(
                Ios,
                about(
                    "Koronavilkku",
                    "Finland",
                    "THLfi/koronavilkku-ios b9bef049; koronavilkku-backend 0d8c5f0e R__3_*.sql",
                ),
            ),
            Self::SmittestoppNo => noted(
                &["read, not run", MISSING],
                about(
                    "Smittestopp",
                    "Norway",
                    "folkehelseinstituttet/Fhi.Smittestopp.App 3a073458 ExposureDetectedHelper.cs; Fhi.Smittestopp.Backend \
                     0d40dbc1 appsettings*.json",
                ),
            ),
            Self::SmittestopDk => noted(
                &["read, not run", MISSING],
                about(
                    "Smitte|stop",
                    "Denmark",
                    "Sundhedsdatastyrelsen/Smittestop.Mobile da0adc71 ExposureDetectedHelper.cs; its Backend 7d3f0dd2 \
                     appsettings*.json",
                ),
            ),
            Self::ERouska => noted(
                &["read, not run", MAPPING, AGAIN],
                on(Ios, about("eRouska", "Czechia", "covid19cz/erouska-ios e5d98a2c ExposureEntities.swift")),
            ),
            Self::PathCheck => noted(
                &["read, not run", MAPPING, AGAIN],
                about("PathCheck's apps", "several states", "Path-Check/gaen-mobile 4f561d9e Scoring.swift"),
            ),
            Self::CovidAlert => noted(
                &[MAPPING, AGAIN],
                about("COVID Alert", "Canada", "cds-snc/covid-alert-app 3f79e220 ExposureNotificationService.ts"),
            ),
            Self::ImmuniV1 => noted(
                &[
                    "read, not run",
                    "its tables were served and are not in the source; they are Apple's defaults here",
                    "the first versions asked for 15 minutes at high risk too, which is left out here",
                ],
                about("Immuni", "Italy", "immuni-app/immuni-app-android 2c049593 ExposureManager.kt"),
            ),
            Self::NhsAndroid => noted(&[MISSING, AGAIN], on(Android, about("NHS COVID-19", "England and Wales", NHS))),
            Self::NhsIos => noted(&[MISSING, AGAIN], on(Ios, about("NHS COVID-19", "England and Wales", NHS))),
        }
    }
}
