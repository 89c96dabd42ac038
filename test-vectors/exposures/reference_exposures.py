"""A plain reference of the way from sightings to a decision.

    keys, sightings -> matches -> exposure windows -> daily summaries -> decision
                              \\-> v1 exposures and their risk -------> decision

It shares no code with the crate. One function is one rule, and nothing is fast: it is written to be read and to be
compared with. No clock is read, everything is an argument. All times are Unix seconds, all attenuations dB.

Integers are exact. Doubles are added one after the other in the order of the list, starting with 0.0; the built-in
`sum` is kept to integers, since from Python 3.12 on it adds doubles in another way.
"""

import sys
from dataclasses import dataclass
from math import ceil
from operator import attrgetter, eq, ge, gt, le, lt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import reference  # noqa: E402  (it lies in the folder above)

# Seconds where no unit stands; the README has a table of these with their sources.
DAY = 86400
INTERVAL = 600
CLOCK_WINDOW = 12  # intervals
REPLAY = 1200
SAME_SCAN = 25.5
NEW_WINDOW = 1800
UNKNOWN_SCAN = 120
LONGEST_SCAN = 5  # minutes
NEW_EXPOSURE = 600
HALF_SCAN_INTERVAL = 150
DURATION_STEP = 300
LONGEST_SUM = 1800
APPLE_SAME_SCAN = 4.0
APPLE_SCAN_INTERVAL = 150
APPLE_LONGEST_SCAN_INTERVAL = 304
APPLE_LONGEST_DURATION = 1800
APPLE_LARGEST_RISK = 255
SATURATED = 127  # dBm

UNKNOWN, CONFIRMED_TEST, CLINICAL, SELF_REPORT, RECURSIVE, REVOKED = range(6)
REPORT_TYPES = [
    "unknown",
    "confirmed_test",
    "confirmed_clinical_diagnosis",
    "self_report",
    "recursive",
    "revoked",
]
SUMMED_TYPES = [CONFIRMED_TEST, CLINICAL, SELF_REPORT, RECURSIVE]
NONE, STANDARD, HIGH = range(3)
INFECTIOUSNESS = ["none", "standard", "high"]
CALIBRATION = ["lowest", "low", "medium", "high"]
LOW = 1


# --- Settings: a profile says whose rules hold, a configuration what a health authority chose


@dataclass(frozen=True)
class Profile:
    name: str
    apple_rules: bool  # equal keys, the order of acceptance, and v1
    guarded: bool = False  # by Google's rules: bad metadata silences nobody, and no scan takes less than 0 s
    lowest_power: int = -50
    zero_is_dropped: bool = False
    period_zero_is_a_day: bool = False
    old_metadata_is_low: bool = False
    windows_of_none: bool = True
    windows_of_unknown: bool = True
    summaries_in_minutes: bool = False

    @property
    def negative_seconds(self) -> bool:
        """A clock that stepped back makes negative seconds."""
        return not self.apple_rules and not self.guarded


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("google", apple_rules=False),
        Profile("google_guarded", apple_rules=False, guarded=True),
        Profile(
            "apple_v1",
            apple_rules=True,
            lowest_power=-60,
            zero_is_dropped=True,
            period_zero_is_a_day=True,
            old_metadata_is_low=True,
        ),
        Profile(
            "documented_v2",
            apple_rules=True,
            old_metadata_is_low=True,
            windows_of_none=False,
            windows_of_unknown=False,
            summaries_in_minutes=True,
        ),
    )
}
HIGHEST_POWER = 20


@dataclass(frozen=True)
class Settings:
    profile: Profile
    recursive_enabled: bool
    report_type_when_missing: int
    infectiousness_when_missing: int
    infectiousness: dict[int, int] | None
    bucket_thresholds: list[int]
    bucket_weights: list[float]
    report_type_weights: dict[int, float]
    infectiousness_weights: dict[int, float]
    minimum_window_score: float
    days_threshold: int
    attenuation_scores: list[int]
    days_scores: list[int]
    duration_scores: list[int]
    transmission_scores: list[int]
    v1_weights: list[float]  # attenuation, days, duration, transmission; Apple's alone
    v1_thresholds: list[int]
    minimum_risk_score: int
    minimum_risk_score_full_range: float


def read_infectiousness(block: dict) -> dict[int, int] | None:
    """A map with 29 entries; null or absent is no map."""
    found = block.get("infectiousness_for_days_since_onset_of_symptoms")
    return None if found is None else {int(days): level for days, level in found.items()}


def google_settings(profile: Profile, configuration: dict) -> Settings:
    """The google_* blocks. Weights are factors; v1's `*_weight` fields are reserved and mean nothing."""
    v1 = configuration["google_exposure_config"]
    mapping = configuration["google_diagnosis_keys_data_mapping_config"]
    daily = configuration["google_daily_summaries_config"]
    return Settings(
        profile=profile,
        recursive_enabled=configuration.get("recursive_enabled", False),
        report_type_when_missing=mapping["report_type_when_missing"],
        infectiousness_when_missing=mapping["infectiousness_when_days_since_onset_missing"],
        infectiousness=read_infectiousness(mapping),
        bucket_thresholds=daily["attenuation_bucket_threshold_db"],
        bucket_weights=daily["attenuation_bucket_weights"],
        report_type_weights={
            CONFIRMED_TEST: daily["report_type_weights"]["ConfirmedTest"],
            CLINICAL: daily["report_type_weights"]["ConfirmedClinicalDiagnosis"],
            SELF_REPORT: daily["report_type_weights"]["SelfReport"],
            RECURSIVE: daily["report_type_weights"]["Recursive"],
        },
        infectiousness_weights={
            NONE: 0.0,
            STANDARD: daily["infectiousness_weights"]["Standard"],
            HIGH: daily["infectiousness_weights"]["High"],
        },
        minimum_window_score=daily["minimum_window_score"],
        days_threshold=daily["days_since_exposure_threshold"],
        attenuation_scores=v1["attenuation_scores"],
        days_scores=v1["days_since_last_exposure_scores"],
        duration_scores=v1["duration_scores"],
        transmission_scores=v1["transmission_risk_scores"],
        v1_weights=[1, 1, 1, 1],
        v1_thresholds=v1["duration_at_attenuation_thresholds"],
        minimum_risk_score=v1["minimum_risk_score"],
        minimum_risk_score_full_range=0.0,
    )


def apple_settings(profile: Profile, configuration: dict) -> Settings:
    """The apple_* blocks. Weights of v2 are percent, factor = percent / 100; there is no minimum window score."""
    v1 = configuration["apple_exposure_config_v1"]
    v2 = configuration["apple_exposure_config_v2"]
    return Settings(
        profile=profile,
        recursive_enabled=configuration.get("recursive_enabled", False),
        report_type_when_missing=v2["report_type_none_map"],
        infectiousness_when_missing=v2["infectiousness_when_days_since_onset_missing"],
        infectiousness=read_infectiousness(v2),
        bucket_thresholds=v2["attenuation_duration_thresholds"],
        bucket_weights=[
            v2["immediate_duration_weight"] / 100,
            v2["near_duration_weight"] / 100,
            v2["medium_duration_weight"] / 100,
            v2["other_duration_weight"] / 100,
        ],
        report_type_weights={
            CONFIRMED_TEST: v2["report_type_confirmed_test_weight"] / 100,
            CLINICAL: v2["report_type_confirmed_clinical_diagnosis_weight"] / 100,
            SELF_REPORT: v2["report_type_self_reported_weight"] / 100,
            RECURSIVE: v2["report_type_recursive_weight"] / 100,
        },
        infectiousness_weights={
            NONE: 0.0,
            STANDARD: v2["infectiousness_standard_weight"] / 100,
            HIGH: v2["infectiousness_high_weight"] / 100,
        },
        minimum_window_score=0.0,
        days_threshold=v2["DaysSinceLastExposureThreshold"],
        attenuation_scores=v1["attenuation_level_values"],
        days_scores=v1["days_since_last_exposure_level_values"],
        duration_scores=v1["duration_level_values"],
        transmission_scores=v1["transmission_risk_level_values"],
        v1_weights=[
            v1.get("attenuation_weight", 1),
            v1.get("days_since_last_exposure_weight", 1),
            v1.get("duration_weight", 1),
            v1.get("transmission_risk_weight", 1),
        ],
        v1_thresholds=v1.get("attenuation_duration_thresholds", [50, 70]),
        minimum_risk_score=v1["minimum_risk_score"],
        minimum_risk_score_full_range=v1["minimum_risk_score_full_range"],
    )


def read_settings(profile: Profile, configuration: dict) -> Settings:
    return (apple_settings if profile.apple_rules else google_settings)(profile, configuration)


# --- Keys and sightings


@dataclass(frozen=True)
class Key:
    index: int
    tek: bytes
    start: int
    period: int
    level: int
    report_type: int
    days_since_onset: int | None

    @property
    def identity(self):
        """Equal (tek, start, period) is the same key. It is also what keys are ordered by."""
        return self.tek, self.start, self.period


@dataclass(frozen=True)
class Sighting:
    index: int
    rpi: bytes
    aem: bytes
    rssi: int
    time: int
    previous_scan: int | None


def read_key(index: int, key: dict, profile: Profile) -> Key | None:
    """A period of 0 is 144 or makes the key useless. Values out of range are read as missing."""
    period = key["rolling_period"]
    if period == 0 and profile.period_zero_is_a_day:
        period = 144
    if period == 0:
        return None
    level, report_type = key["transmission_risk_level"], key["report_type"]
    days = key.get("days_since_onset_of_symptoms")
    return Key(
        index=index,
        tek=bytes.fromhex(key["tek"]),
        start=key["rolling_start_interval_number"],
        period=period,
        level=level if 0 <= level <= 8 else 0,
        report_type=report_type if UNKNOWN <= report_type <= REVOKED else UNKNOWN,
        days_since_onset=days if days is not None and -14 <= days <= 14 else None,
    )


def read_keys(keys: list[dict], profile: Profile) -> list[Key]:
    """The usable keys in the order given. By Google's rules the first of one identity counts, by Apple's the last of
    one TEK, whatever its start and period are."""
    counts = {}
    for index, raw in enumerate(keys):
        key = read_key(index, raw, profile)
        if key is not None and profile.apple_rules:
            counts[key.tek] = key
        elif key is not None:
            counts.setdefault(key.identity, key)
    return sorted(counts.values(), key=attrgetter("index"))


def read_sightings(sightings: list[dict]) -> list[Sighting]:
    """A previous scan that is absent or 0 is unknown."""
    return [
        Sighting(
            index=index,
            rpi=bytes.fromhex(sighting["rpi"]),
            aem=bytes.fromhex(sighting["aem"]),
            rssi=sighting["rssi"],
            time=sighting["time"],
            previous_scan=sighting.get("previous_scan") or None,
        )
        for index, sighting in enumerate(sightings)
    ]


# --- Matching: which sightings count, and why the others do not


@dataclass(frozen=True)
class Match:
    """A sighting that counts as an encounter with the owner of a key."""

    key: int
    interval: int
    sighting: int
    time: int
    previous_scan: int | None
    rssi: int
    metadata: bytes
    stands_for_scan: bool  # Google's alone

    @property
    def tx_power(self) -> int:
        return tx_power_of(self.metadata)

    @property
    def attenuation(self) -> int:
        return attenuation(self.tx_power, self.rssi)


def tx_power_of(metadata: bytes) -> int:
    """Byte 1, signed"""
    return int.from_bytes(metadata[1:2], signed=True)


def attenuation(tx_power: int, rssi: int) -> int:
    """max(tx_power - rssi, 0)"""
    return max(tx_power - rssi, 0)


def in_clock_window(time: int, interval: int) -> bool:
    """interval - 12 <= floor(t / 600) <= interval + 12"""
    return interval - CLOCK_WINDOW <= time // INTERVAL <= interval + CLOCK_WINDOW


def without_replays(sightings: list, drop) -> list:
    """Dropped is what comes more than 1200 s after the first of these sightings of one RPI."""
    kept = []
    for sighting in sightings:
        if sighting.time - sightings[0].time > REPLAY:
            drop("replay")
        else:
            kept.append(sighting)
    return kept


def scans(sightings: list) -> list[list]:
    """A gap of more than 25.5 s to the sighting before begins a scan."""
    found = []
    previous = None
    for sighting in sightings:
        if previous is None or sighting.time - previous > SAME_SCAN:
            found.append([])
        found[-1].append(sighting)
        previous = sighting.time
    return found


def loudest_of_scans(sightings: list[Sighting]) -> set[int]:
    """Of each scan the sighting of the largest RSSI, of equals the earliest. It stands for all of them in v1."""
    return {max(scan, key=attrgetter("rssi")).index for scan in scans(sightings)}


def nearest_of_scans(key: Key, sightings: list[Sighting]) -> set[int]:
    """Of each scan the sighting of the smallest attenuation, of equals the earliest."""

    def distance(sighting: Sighting) -> int:
        return attenuation(tx_power_of(decrypt(key, sighting)), sighting.rssi)

    return {min(scan, key=distance).index for scan in scans(sightings)}


def in_order(matches: list) -> list:
    """By time, interval, then position among the sightings."""
    return sorted(matches, key=attrgetter("time", "interval", "sighting"))


def fault_of_metadata(key: Key, sighting: Sighting, profile: Profile) -> str | None:
    """An AEM that has not 4 bytes, a transmit power out of bounds, or 0 dB where that does not count."""
    if len(sighting.aem) != 4:
        return "aem_length"
    tx_power = tx_power_of(decrypt(key, sighting))
    if not profile.lowest_power <= tx_power <= HIGHEST_POWER:
        return "power"
    if profile.zero_is_dropped and attenuation(tx_power, sighting.rssi) == 0:
        return "zero_attenuation"
    return None


def decrypt(key: Key, sighting: Sighting) -> bytes:
    return reference.aem(reference.aemk(key.tek), sighting.rpi, sighting.aem)


def accept(key: Key, interval: int, heard: list[Sighting], profile: Profile, dropped: dict) -> list[Match]:
    """The sightings of one RPI that count. Of the others, the first rule that each broke is counted in `dropped`.

    Google: clock window, replay, then scans, and only then the metadata: a loudest with bad metadata takes its scan
    with it. google_guarded: clock window, replay, metadata, then scans, whose nearest stands for them. Apple: clock window, metadata, replay.
    """

    def drop(reason: str) -> None:
        dropped[reason] = dropped.get(reason, 0) + 1

    def with_good_metadata(sightings: list[Sighting]) -> list[Sighting]:
        good = []
        for sighting in sightings:
            fault = fault_of_metadata(key, sighting, profile)
            if fault:
                drop(fault)
            else:
                good.append(sighting)
        return good

    in_window = []
    for sighting in sorted(heard, key=attrgetter("time", "index")):
        if in_clock_window(sighting.time, interval):
            in_window.append(sighting)
        else:
            drop("clock_window")

    if profile.apple_rules:
        good = without_replays(with_good_metadata(in_window), drop)
        standing = set()
    elif profile.guarded:
        good = with_good_metadata(without_replays(in_window, drop))
        standing = nearest_of_scans(key, good)
    else:
        fresh = without_replays(in_window, drop)
        standing = loudest_of_scans(fresh)
        good = with_good_metadata(fresh)

    return [
        Match(
            key=key.index,
            interval=interval,
            sighting=sighting.index,
            time=sighting.time,
            previous_scan=sighting.previous_scan,
            rssi=sighting.rssi,
            metadata=decrypt(key, sighting),
            stands_for_scan=sighting.index in standing,
        )
        for sighting in good
    ]


def match_keys(keys: list[Key], sightings: list[Sighting], profile: Profile) -> tuple[dict[int, list[Match]], dict]:
    """Key index -> its accepted sightings in order, for keys that have some; and how many were dropped, by reason.

    Every key is matched, also those that are not shown.
    """
    heard = {}
    for sighting in sightings:
        heard.setdefault(sighting.rpi, []).append(sighting)
    matches, dropped = {}, {}
    for key in keys:
        accepted = []
        for nth, rpi in enumerate(reference.rpis(reference.rpik(key.tek), key.start, key.period)):
            if rpi in heard:
                accepted += accept(key, key.start + nth, heard[rpi], profile, dropped)
        if accepted:
            matches[key.index] = in_order(accepted)
    return matches, dropped


# --- What is known of a key's owner


def report_type(key: Key, settings: Settings) -> int:
    """Unknown is read as the configuration says, which may be unknown again."""
    return settings.report_type_when_missing if key.report_type == UNKNOWN else key.report_type


def is_shown(key: Key, settings: Settings) -> bool:
    """Revoked keys never are; recursive ones where that is enabled. It holds for v1 and v2."""
    found = report_type(key, settings)
    return found != REVOKED and (found != RECURSIVE or settings.recursive_enabled)


def infectiousness(key: Key, settings: Settings) -> int:
    """map[days since onset]; without days, or without a map, the value for missing days."""
    if key.days_since_onset is None or settings.infectiousness is None:
        return settings.infectiousness_when_missing
    return settings.infectiousness[key.days_since_onset]


def has_windows(key: Key, matches: list[Match], settings: Settings) -> bool:
    """By Google's rules a key has windows only if it has an exposure in v1. In documented_v2 keys of infectiousness
    none, and those of no known report type, have none."""
    profile = settings.profile
    if not profile.apple_rules and not any(match.stands_for_scan for match in matches):
        return False
    return (profile.windows_of_none or infectiousness(key, settings) != NONE) and (
        profile.windows_of_unknown or report_type(key, settings) != UNKNOWN
    )


def calibration_confidence(metadata: bytes, profile: Profile) -> int:
    """Bits 3:2 of byte 0; with Apple's rules low where the version, bits 7:4, is before 1.1."""
    major, minor = metadata[0] >> 6, metadata[0] >> 4 & 3
    if profile.old_metadata_is_low and (major, minor) < (1, 1):
        return LOW
    return metadata[0] >> 2 & 3


# --- Exposure windows (v2)


def round_half_up(numerator: int, denominator: int) -> int:
    """floor(numerator / denominator + 1/2) = floor((2 numerator + denominator) / (2 denominator))"""
    return (2 * numerator + denominator) // (2 * denominator)


def seconds_since_last_scan(time: int, previous_scan: int | None, profile: Profile) -> int:
    """120 if unknown, else 60 * (floor(t / 60) - floor(previous / 60)), at most 5 minutes; at least 0 but in google"""
    if previous_scan is None:
        return UNKNOWN_SCAN
    minutes = min(time // 60 - previous_scan // 60, LONGEST_SCAN)
    return 60 * (minutes if profile.negative_seconds else max(minutes, 0))


def split_into_windows(matches: list[Match]) -> list[list[list[Match]]]:
    """Windows of scan instances of sightings.

    A window ends where t - its start >= 1800. Within it, a sighting belongs to the instance before if
    t - t_previous <= 25.5; in a window that has no instance yet, it begins one.
    """
    windows = []
    previous = None
    for match in matches:
        if not windows or match.time - windows[-1][0][0].time >= NEW_WINDOW:
            windows.append([])
        window = windows[-1]
        if window and match.time - previous <= SAME_SCAN:
            window[-1].append(match)
        else:
            window.append([match])
        previous = match.time
    return windows


def scan_instance(sightings: list[Match], profile: Profile) -> dict:
    first = sightings[0]
    attenuations = [match.attenuation for match in sightings]
    return {
        "typical_attenuation": round_half_up(sum(attenuations), len(attenuations)),
        "min_attenuation": min(attenuations),
        "seconds_since_last_scan": seconds_since_last_scan(first.time, first.previous_scan, profile),
    }


def windows_of_key(key: Key, matches: list[Match], settings: Settings) -> list[dict]:
    if not is_shown(key, settings) or not has_windows(key, matches, settings):
        return []
    windows = []
    for instances in split_into_windows(matches):
        first = instances[0][0]
        windows.append(
            {
                "tek": key.tek.hex(),
                "start": first.time,
                "date": date(first.time // DAY),
                "report_type": REPORT_TYPES[report_type(key, settings)],
                "infectiousness": INFECTIOUSNESS[infectiousness(key, settings)],
                "calibration_confidence": CALIBRATION[calibration_confidence(first.metadata, settings.profile)],
                "scan_instances": [scan_instance(sightings, settings.profile) for sightings in instances],
            }
        )
    return windows


def in_canonical_order(found: list[tuple[Key, dict]]) -> list[dict]:
    """By start, then the bytes of the key, its start and its period."""
    return [row for _, row in sorted(found, key=lambda pair: (pair[1]["start"], *pair[0].identity))]


def exposure_windows(keys: list[Key], matches: dict[int, list[Match]], settings: Settings) -> list[dict]:
    return in_canonical_order(
        [
            (key, window)
            for key in keys
            if key.index in matches
            for window in windows_of_key(key, matches[key.index], settings)
        ]
    )


def date(day: int) -> str:
    """YYYY-MM-DD of a day counted from 1970-01-01. Beyond 9999 the year simply has more digits."""
    months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    cycles, day = divmod(day, 146097)  # 400 years always have as many days
    year = 1970 + 400 * cycles
    while day >= (length := 366 if is_leap(year) else 365):
        year, day = year + 1, day - length
    month = 0
    while day >= (length := months[month] + (month == 1 and is_leap(year))):
        month, day = month + 1, day - length
    return f"{year:04}-{month + 1:02}-{day + 1:02}"


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


# --- Daily summaries (v2)


def bucket(typical_attenuation: int, thresholds: list[int]) -> int:
    """0 immediate if <= t0, 1 near if <= t1, 2 medium if <= t2, else 3 other"""
    for position, threshold in enumerate(thresholds):
        if typical_attenuation <= threshold:
            return position
    return 3


def weighted_duration(window: dict, settings: Settings) -> float:
    """0.0 + seconds of bucket 0 * its weight + ... + seconds of bucket 3 * its weight. The seconds are integers."""
    seconds = [0, 0, 0, 0]
    for instance in window["scan_instances"]:
        position = bucket(instance["typical_attenuation"], settings.bucket_thresholds)
        seconds[position] += instance["seconds_since_last_scan"]
    total = 0.0
    for of_bucket, weight in zip(seconds, settings.bucket_weights):
        total += of_bucket * weight
    return total


def window_score(window: dict, settings: Settings) -> float:
    """(weighted duration * weight of the report type) * weight of the infectiousness"""
    type_weight = settings.report_type_weights[REPORT_TYPES.index(window["report_type"])]
    infectiousness_weight = settings.infectiousness_weights[INFECTIOUSNESS.index(window["infectiousness"])]
    return weighted_duration(window, settings) * type_weight * infectiousness_weight


def is_too_old(day: int, now: int, settings: Settings) -> bool:
    """threshold > 0 and today - day > threshold"""
    return settings.days_threshold > 0 and now // DAY - day > settings.days_threshold


def makes_a_day(window: dict, now: int, settings: Settings) -> bool:
    """Not too old, and of a type from 1 to 4."""
    return (
        not is_too_old(window["start"] // DAY, now, settings)
        and REPORT_TYPES.index(window["report_type"]) in SUMMED_TYPES
    )


def summary_of_windows(windows: list[dict], settings: Settings) -> dict:
    """The sum and the maximum of the scores, and the sum of the weighted durations, which know no other weights."""
    summary = {"score_sum": 0.0, "maximum_score": 0.0, "weighted_duration_sum": 0.0}
    for window in windows:
        score = window_score(window, settings)
        summary["score_sum"] += score
        summary["maximum_score"] = max(summary["maximum_score"], score)
        summary["weighted_duration_sum"] += weighted_duration(window, settings)
    return summary


def summary_of_types(by_type: list[dict]) -> dict:
    """Of a day: the sums of the types' sums, the maximum of their maxima."""
    summary = {"score_sum": 0.0, "maximum_score": 0.0, "weighted_duration_sum": 0.0}
    for of_type in by_type:
        summary["score_sum"] += of_type["score_sum"]
        summary["maximum_score"] = max(summary["maximum_score"], of_type["maximum_score"])
        summary["weighted_duration_sum"] += of_type["weighted_duration_sum"]
    return summary


def as_reported(summary: dict, profile: Profile) -> dict:
    """In documented_v2 every number that is reported is ceil(x / 60) * 60; nothing is added after that."""
    if not profile.summaries_in_minutes:
        return summary
    return {name: float(ceil(value / 60) * 60) for name, value in summary.items()}


def daily_summary(day: int, windows: list[dict], settings: Settings) -> dict:
    """Of the windows with score >= the minimum. Without one it is a day of zeros, in which no type stands."""
    windows = [window for window in windows if window_score(window, settings) >= settings.minimum_window_score]
    by_type = {}
    for number in SUMMED_TYPES:
        of_type = [window for window in windows if window["report_type"] == REPORT_TYPES[number]]
        if of_type:
            by_type[REPORT_TYPES[number]] = summary_of_windows(of_type, settings)
    return {
        "date": date(day),
        **as_reported(summary_of_types(list(by_type.values())), settings.profile),
        "by_report_type": {name: as_reported(summary, settings.profile) for name, summary in by_type.items()},
    }


def daily_summaries(windows: list[dict], now: int, settings: Settings) -> list[dict]:
    """One for each day that has a window, whatever its score, the days ascending."""
    days = {}
    for window in windows:
        if makes_a_day(window, now, settings):
            days.setdefault(window["start"] // DAY, []).append(window)
    return [daily_summary(day, days[day], settings) for day in sorted(days)]


# --- v1: exposures and their risk


ATTENUATION_BOUNDS = [73, 63, 51, 33, 27, 15, 10]
DAYS_BOUNDS = [14, 12, 10, 8, 6, 4, 2]
DURATION_BOUNDS = [0, 5, 10, 15, 20, 25, 30]


def attenuation_index(value: int) -> int:
    """The first bound with a > {73, 63, 51, 33, 27, 15, 10}, else 7"""
    return next((i for i, bound in enumerate(ATTENUATION_BOUNDS) if value > bound), 7)


def days_index(days: int) -> int:
    """The first bound with days >= {14, 12, 10, 8, 6, 4, 2}, else 7"""
    return next((j for j, bound in enumerate(DAYS_BOUNDS) if days >= bound), 7)


def duration_index(duration: int) -> int:
    """The first bound with floor(duration / 60) <= {0, 5, 10, 15, 20, 25, 30}, else 7"""
    return next((k for k, bound in enumerate(DURATION_BOUNDS) if duration // 60 <= bound), 7)


def apple_duration_index(seconds: int) -> int:
    """The first bound with seconds / 60 <= {0, 5, 10, 15, 20, 25, 30}, else 7"""
    return next((k for k, bound in enumerate(DURATION_BOUNDS) if seconds <= 60 * bound), 7)


# Google's


def split_into_exposures(records: list[Match]) -> list[list[Match]]:
    """A gap of more than 600 s begins an exposure."""
    exposures = []
    for record in records:
        if not exposures or record.time - exposures[-1][-1].time > NEW_EXPOSURE:
            exposures.append([])
        exposures[-1].append(record)
    return exposures


def google_duration(first: int, last: int) -> int:
    """x = last - first + 300; m = x mod 300; x - m if m <= 150, else x + 300 - m"""
    x = last - first + DURATION_STEP
    m = x % DURATION_STEP
    return x - m if m <= DURATION_STEP // 2 else x + DURATION_STEP - m


def google_periods(points: list[tuple[int, int]], half_scan_interval: int) -> list[tuple[int, int]]:
    """(seconds, attenuation) of each period between the points (time, attenuation), and of half a scan interval before
    the first and after the last. The left point's attenuation holds. A point at the time of the one before is skipped.
    """
    first, last = points[0], points[-1]
    periods = []
    left = (first[0] - half_scan_interval, first[1])
    for point in [*points, (last[0] + half_scan_interval, last[1])]:
        if point[0] != left[0]:
            periods.append((point[0] - left[0], left[1]))
            left = point
    return periods


def weighted_attenuation(periods: list[tuple[int, int]]) -> int:
    """round-half-up(sum(a * d) / sum(d))"""
    return round_half_up(sum(seconds * value for seconds, value in periods), sum(seconds for seconds, _ in periods))


def google_attenuation_durations(periods: list[tuple[int, int]], thresholds: list[int]) -> list[int]:
    """Seconds with a < low, with low <= a < high, with a >= high"""
    low, high = thresholds
    return [
        sum(seconds for seconds, value in periods if value < low),
        sum(seconds for seconds, value in periods if low <= value < high),
        sum(seconds for seconds, value in periods if value >= high),
    ]


def google_days(key: Key, now: int) -> int:
    """(now - the key's start * 600) / 86400 without its fraction, which may be negative"""
    return int((now - key.start * INTERVAL) / DAY)


def google_risk(value: int, days: int, duration: int, level: int, settings: Settings) -> int:
    """attenuation score * days score * duration score * transmission factor; 0 if below the minimum"""
    transmission = 1 if level == 0 else settings.transmission_scores[level - 1]
    product = (
        settings.attenuation_scores[attenuation_index(value)]
        * settings.days_scores[days_index(days)]
        * settings.duration_scores[duration_index(duration)]
        * transmission
    )
    return product if product >= settings.minimum_risk_score else 0


def google_exposure(key: Key, records: list[Match], now: int, settings: Settings) -> dict:
    first, last = records[0].time, records[-1].time
    periods = google_periods([(record.time, record.attenuation) for record in records], HALF_SCAN_INTERVAL)
    duration, value = google_duration(first, last), weighted_attenuation(periods)
    risk = google_risk(value, google_days(key, now), duration, key.level, settings)
    return {
        "tek": key.tek.hex(),
        "start": first,
        "duration": duration,
        "attenuation_value": value,
        "attenuation_durations": google_attenuation_durations(periods, settings.v1_thresholds),
        "transmission_risk_level": key.level,
        "risk_score": risk,
        "risk_score_full_range": risk,
    }


def google_v1(keys: list[Key], matches: dict[int, list[Match]], now: int, settings: Settings) -> dict:
    """The exposures of each key, from the sightings that stand for their scans. Those of risk 0 stay in the list."""
    found = [
        (key, google_exposure(key, records, now, settings))
        for key in keys
        for records in split_into_exposures([match for match in matches[key.index] if match.stands_for_scan])
    ]
    exposures = in_canonical_order(found)
    sums = [sum(exposure["attenuation_durations"][n] for exposure in exposures) for n in range(3)]
    return {
        "days_of_risk": {key.start * INTERVAL // DAY for key, exposure in found if exposure["risk_score"] > 0},
        "exposures": exposures,
        **risks_of_call(exposures),
        "matched_key_count": len({key.index for key, _ in found}),
        "days_since_last_exposure": min((google_days(key, now) for key, _ in found), default=None),
        "attenuation_durations": [min(seconds, LONGEST_SUM) for seconds in sums],
    }


# Apple's


@dataclass
class Group:
    """What was heard within 4.0 s of a first sighting, of all RPIs of a key, as one. Time, power and previous scan are
    the first's."""

    first: Match
    rssi: int
    count: int = 1
    scan_interval: int = 0

    @property
    def time(self) -> int:
        return self.first.time

    @property
    def attenuation(self) -> int:
        return attenuation(self.first.tx_power, self.rssi)


def truncated(numerator: int, denominator: int) -> int:
    """numerator / denominator without its fraction, towards zero"""
    return abs(numerator) // denominator * (1 if numerator >= 0 else -1)


def merge(group: Group, match: Match) -> None:
    """(rssi * count + the next) / (count + 1) without its fraction, so that the order counts. 127 is no strength: the
    smaller of the two stays."""
    if SATURATED in (group.rssi, match.rssi):
        group.rssi = min(group.rssi, match.rssi)
    else:
        group.rssi = truncated(group.rssi * group.count + match.rssi, group.count + 1)
    group.count += 1


def apple_scan_interval(time: int, previous_scan: int | None) -> int:
    """t - previous scan if that is known and 0 to 304, else 150"""
    if previous_scan is None or not 0 <= time - previous_scan <= APPLE_LONGEST_SCAN_INTERVAL:
        return APPLE_SCAN_INTERVAL
    return time - previous_scan


def apple_groups(matches: list[Match]) -> list[Group]:
    """The groups of a key in the order of time. A scan interval ends at the group before."""
    groups = []
    for match in in_order(matches):
        if groups and match.time - groups[-1].time <= APPLE_SAME_SCAN:
            merge(groups[-1], match)
        else:
            groups.append(Group(match, match.rssi))
    for group in groups:
        group.scan_interval = apple_scan_interval(group.time, group.first.previous_scan)
    for before, group in zip(groups, groups[1:]):
        group.scan_interval = min(group.scan_interval, group.time - before.time)
    return groups


def round_up_to_minute(seconds: int) -> int:
    return -(-seconds // 60) * 60


def apple_attenuation_seconds(groups: list[Group], thresholds: list[int]) -> list[int]:
    """Seconds with a <= low, with low < a <= high, with a > high, not rounded. Without strength they count in none."""
    low, high = thresholds
    periods = [(group.scan_interval, group.attenuation) for group in groups if group.rssi != SATURATED]
    return [
        sum(seconds for seconds, value in periods if value <= low),
        sum(seconds for seconds, value in periods if low < value <= high),
        sum(seconds for seconds, value in periods if value > high),
    ]


def apple_attenuation_value(groups: list[Group], settings: Settings) -> int:
    """round-half-up(sum(seconds * value of the level) / sum(seconds)), levels of value 0 being in neither sum. 0 if
    nothing is left. What is shown is this number, and neither dB nor the number of a level."""
    seconds = weighted = 0
    for group in groups:
        value = settings.attenuation_scores[attenuation_index(group.attenuation)]
        if value and group.rssi != SATURATED:
            seconds += group.scan_interval
            weighted += group.scan_interval * value
    return round_half_up(weighted, seconds) if seconds else 0


def apple_days(first: int, now: int) -> int:
    """Today - the UTC day of the exposure's first time, at least 0"""
    return max(now // DAY - first // DAY, 0)


def apple_risk(value: int, days: int, seconds: int, level: int, settings: Settings) -> float:
    """(value * its weight) * (days * ...) * (duration * ...) * (transmission * ...), not limited. The duration is that
    before it is rounded and limited. The transmission scores are indexed by the level, 8 like 7."""
    weights = settings.v1_weights
    return (
        (value * weights[0])
        * (settings.days_scores[days_index(days)] * weights[1])
        * (settings.duration_scores[apple_duration_index(seconds)] * weights[2])
        * (settings.transmission_scores[min(level, 7)] * weights[3])
    )


def apple_exposure(key: Key, groups: list[Group], now: int, settings: Settings) -> tuple[dict, list[int]]:
    """The exposure as it is shown, and its seconds of each attenuation before they are rounded."""
    first = groups[0].time
    seconds = sum(group.scan_interval for group in groups)
    of_attenuations = apple_attenuation_seconds(groups, settings.v1_thresholds)
    value = apple_attenuation_value(groups, settings)
    full_range = apple_risk(value, apple_days(first, now), seconds, key.level, settings)
    exposure = {
        "tek": key.tek.hex(),
        "start": first,
        "duration": min(round_up_to_minute(seconds), APPLE_LONGEST_DURATION),
        "attenuation_value": value,
        "attenuation_durations": [min(round_up_to_minute(each), APPLE_LONGEST_DURATION) for each in of_attenuations],
        "transmission_risk_level": key.level,
        "risk_score": min(int(full_range), APPLE_LARGEST_RISK),
        "risk_score_full_range": full_range,
    }
    return exposure, of_attenuations


def reaches_minimum(exposure: dict, settings: Settings) -> bool:
    return (
        exposure["risk_score"] >= settings.minimum_risk_score
        and exposure["risk_score_full_range"] >= settings.minimum_risk_score_full_range
    )


def apple_v1(keys: list[Key], matches: dict[int, list[Match]], now: int, settings: Settings) -> dict:
    """One exposure a key. Those below a minimum are neither in the list nor in the sums of risks and seconds; the
    number of keys and the days count them."""
    found = [(key, *apple_exposure(key, apple_groups(matches[key.index]), now, settings)) for key in keys]
    listed = [each for each in found if reaches_minimum(each[1], settings)]
    exposures = in_canonical_order([(key, exposure) for key, exposure, _ in listed])
    sums = [min(sum(seconds[n] for _, _, seconds in listed), LONGEST_SUM) for n in range(3)]
    return {
        "days_of_risk": {exposure["start"] // DAY for exposure in exposures if exposure["risk_score"] > 0},
        "exposures": exposures,
        **risks_of_call(exposures),
        "matched_key_count": len(found),
        "days_since_last_exposure": min((apple_days(each["start"], now) for _, each, _ in found), default=None),
        "attenuation_durations": [round_up_to_minute(seconds) for seconds in sums],
    }


# Both


def risks_of_call(exposures: list[dict]) -> dict:
    full_range = 0.0
    for exposure in exposures:
        full_range += exposure["risk_score_full_range"]
    return {
        "maximum_risk_score": max((exposure["risk_score"] for exposure in exposures), default=0),
        "maximum_risk_score_full_range": max((each["risk_score_full_range"] for each in exposures), default=0),
        "summation_risk_score": sum(exposure["risk_score"] for exposure in exposures),
        "summation_risk_score_full_range": full_range,
    }


def v1(keys: list[Key], matches: dict[int, list[Match]], now: int, settings: Settings) -> dict:
    """The exposures of all keys that are shown, and their summary."""
    shown = [key for key in keys if key.index in matches and is_shown(key, settings)]
    return (apple_v1 if settings.profile.apple_rules else google_v1)(shown, matches, now, settings)


# --- The decision


OPERATORS = {"=": eq, ">=": ge, ">": gt, "<=": le, "<": lt}
CONDITIONS = [
    "DailySummary_DaySummary_ScoreSum",
    "DailySummary_DaySummary_WeightedDurationAverage",
    "ExposureWindow_ScanInstance_SecondsSinceLastScanSum",
    "ExposureWindow_ScanInstance_TypicalAttenuationDb_Max",
    "ExposureWindow_ScanInstance_TypicalAttenuationDb_Min",
]


def values_of_day(summary: dict, windows: list[dict]) -> dict:
    """What the conditions look at: the day's summary as it is reported, and all windows of the day, summed or not."""
    instances = [
        instance for window in windows if window["date"] == summary["date"] for instance in window["scan_instances"]
    ]
    seconds = sum(instance["seconds_since_last_scan"] for instance in instances)
    attenuations = [instance["typical_attenuation"] for instance in instances]
    average = summary["weighted_duration_sum"] / seconds if seconds > 0 else 0
    return dict(
        zip(
            CONDITIONS,
            [summary["score_sum"], average, seconds, max(attenuations, default=0), min(attenuations, default=0)],
        )
    )


def rule_holds(rule: dict, values: dict) -> bool:
    """All conditions hold. NOP always does; where all are NOP the rule never holds."""
    asked = [name for name in CONDITIONS if rule[name]["op"] != "NOP"]
    return bool(asked) and all(OPERATORS[rule[name]["op"]](values[name], rule[name]["value"]) for name in asked)


def decide(rule: dict | str, windows: list[dict], summaries: list[dict], days_of_risk: set[int]) -> dict:
    """Rule "v1": the days that the app is told of exposures with a risk over 0. They are those of the keys by Google's
    code, and of the first sightings by Apple's. Any other rule: the days whose summary fulfils it."""
    if rule == "v1":
        found = [date(day) for day in sorted(days_of_risk)]
    else:
        found = [summary["date"] for summary in summaries if rule_holds(rule, values_of_day(summary, windows))]
    return {"notify": bool(found), "days": found}


# --- All of it


def evaluate(case: dict, configuration: dict, rule: dict | str) -> dict:
    """What is expected of a case of the kit."""
    profile = PROFILES[case["profile"]]
    settings = read_settings(profile, configuration)
    keys = read_keys(case["keys"], profile)
    matches, dropped = match_keys(keys, read_sightings(case["sightings"]), profile)
    windows = exposure_windows(keys, matches, settings)
    summaries = daily_summaries(windows, case["now"], settings)
    of_v1 = v1(keys, matches, case["now"], settings)
    days_of_risk = of_v1.pop("days_of_risk")
    return {
        "matches": [
            {
                "key": match.key,
                "interval": match.interval,
                "sighting": match.sighting,
                "attenuation": match.attenuation,
            }
            for key in keys
            for match in matches.get(key.index, [])
        ],
        "dropped": dict(sorted(dropped.items())),
        "windows": windows,
        "daily_summaries": summaries,
        "v1": of_v1,
        "decision": decide(rule, windows, summaries, days_of_risk),
    }


# --- Revised keys: what is remembered of keys that matched


ALLOWED_REVISIONS = {
    SELF_REPORT: [CONFIRMED_TEST, CLINICAL, REVOKED],
    CLINICAL: [CONFIRMED_TEST, REVOKED],
}


@dataclass
class Stored:
    start: int
    period: int
    report_type: int
    revised: bool = False


def publish(store: dict, key: Key, recursive_enabled: bool) -> str:
    """A key of the list `keys` that matches. A stored one does not match again; a better type changes its type."""
    stored = store.get(key.tek)
    if stored is None:
        if key.report_type == RECURSIVE and not recursive_enabled:
            return "not_stored"
        store[key.tek] = Stored(key.start, key.period, key.report_type)
        return "stored"
    outcome = revise(store, key)
    return "stored" if outcome in ("already_revised", "transition_not_allowed") else outcome


def revise(store: dict, key: Key) -> str:
    """A key of the list `revised_keys`. Only the type changes, at most once. The first reason not to is given."""
    stored = store.get(key.tek)
    if stored is None:
        return "not_stored"
    if (stored.start, stored.period) != (key.start, key.period):
        return "other_period"
    if stored.revised:
        return "already_revised"
    if key.report_type not in ALLOWED_REVISIONS.get(stored.report_type, []):
        return "transition_not_allowed"
    stored.report_type, stored.revised = key.report_type, True
    return "revoked" if key.report_type == REVOKED else "changed"


def evaluate_revisions(case: dict) -> list[dict]:
    """After each step: what came of it, and what is stored of its key. A revoked one stays, and is not visible."""
    store = {}
    expected = []
    for step in case["steps"]:
        raw = step["key"]
        key = Key(
            index=0,
            tek=bytes.fromhex(raw["tek"]),
            start=raw["rolling_start_interval_number"],
            period=raw["rolling_period"],
            level=0,
            report_type=raw["report_type"] or case["report_type_when_missing"],
            days_since_onset=None,
        )
        if step["list"] == "keys":
            outcome = publish(store, key, case["recursive_enabled"])
        else:
            outcome = revise(store, key)
        stored = store.get(key.tek)
        expected.append(
            {
                "outcome": outcome,
                "report_type": REPORT_TYPES[stored.report_type] if stored else None,
                "visible": stored is not None and stored.report_type != REVOKED,
            }
        )
    return expected
