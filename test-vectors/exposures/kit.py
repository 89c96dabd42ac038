"""What generate.py makes cases with: configurations, planted sightings, and files that check what is put into them."""

import json
import sys
from hashlib import sha256
from pathlib import Path

import reference_exposures

sys.path.insert(0, str(Path(__file__).parent.parent))
import reference  # noqa: E402  (it lies in the folder above)

FORMAT = 2
GOOGLE, GUARDED, APPLE_V1, DOCUMENTED_V2 = "google", "google_guarded", "apple_v1", "documented_v2"
ALL = [GOOGLE, APPLE_V1, DOCUMENTED_V2]
FOUR = [*ALL, GUARDED]
GOOGLES = [GOOGLE, GUARDED]
APPLES = [APPLE_V1, DOCUMENTED_V2]

# Whose word an answer is. The README says what each means.
GOOGLE_CODE, APPLE_CODE, DOCUMENTS, OURS = "google_code", "apple_code", "documents", "ours"
SOURCES = {GOOGLE: GOOGLE_CODE, GUARDED: OURS, APPLE_V1: APPLE_CODE, DOCUMENTED_V2: DOCUMENTS}
# Apple published no v2. The rule of a decision is COCOA's. Phones count seconds in 32 bits.
SOURCES_OF_TOPICS = {
    **dict.fromkeys(("windows", "reports", "daily"), SOURCES | {APPLE_V1: OURS}),
    "decision": SOURCES | {GOOGLE: DOCUMENTS, APPLE_V1: DOCUMENTS},
    "time": dict.fromkeys(FOUR, OURS),
}

DAY = 86400
MIDNIGHT = 1626307200  # 2021-07-15 00:00:00 UTC, where keys of the cases start
START = MIDNIGHT // 600
NOON = MIDNIGHT + DAY // 2
NEXT_MORNING = MIDNIGHT + DAY + 9 * 3600
INTERVAL = 600
AT = NOON // INTERVAL  # the interval that begins at noon

COCOA_MAP = {days: 2 if -3 <= days <= 10 else 0 for days in range(-14, 15)}
ONES = [1] * 8
ONE_TO_EIGHT = [1, 2, 3, 4, 5, 6, 7, 8]


def configuration(
    infectiousness=COCOA_MAP,
    infectiousness_when_missing=2,
    report_type_when_missing=1,
    thresholds=(46, 60, 65),
    percents=(100, 250, 130, 1),
    type_percents=(100, 100, 100, 100),
    infectiousness_percents=(100, 100),
    minimum_window_score=0.0,
    days_threshold=0,
    attenuation=ONE_TO_EIGHT,
    days=ONES,
    duration=(0, 0, 0, 0, 1, 1, 1, 1),
    transmission=(7,) * 8,
    minimum_risk_score=21,
    apple_minimum_risk_score=None,
    full_range=0.0,
    v1_thresholds=(50, 70),
    google_reserved_weight=50,
    apple_v1_fields=None,
    recursive_enabled=None,
) -> dict:
    """The same choices in Google's and in Apple's blocks; the defaults are COCOA's. Weights are given in percent:
    of the buckets; of confirmed test, clinical diagnosis, self report, recursive; of standard, high."""
    level_of_day = None if infectiousness is None else {str(day): level for day, level in infectiousness.items()}
    made = {
        "google_exposure_config": {
            "attenuation_scores": list(attenuation),
            "attenuation_weight": google_reserved_weight,
            "days_since_last_exposure_scores": list(days),
            "days_since_last_exposure_weight": google_reserved_weight,
            "duration_at_attenuation_thresholds": list(v1_thresholds),
            "duration_scores": list(duration),
            "duration_weight": google_reserved_weight,
            "minimum_risk_score": minimum_risk_score,
            "transmission_risk_scores": list(transmission),
            "transmission_risk_weight": google_reserved_weight,
        },
        "google_diagnosis_keys_data_mapping_config": {
            "infectiousness_when_days_since_onset_missing": infectiousness_when_missing,
            "report_type_when_missing": report_type_when_missing,
            "infectiousness_for_days_since_onset_of_symptoms": level_of_day,
        },
        "google_daily_summaries_config": {
            "attenuation_bucket_threshold_db": list(thresholds),
            "attenuation_bucket_weights": [percent / 100 for percent in percents],
            "days_since_exposure_threshold": days_threshold,
            "infectiousness_weights": {
                "High": infectiousness_percents[1] / 100,
                "Standard": infectiousness_percents[0] / 100,
            },
            "minimum_window_score": minimum_window_score,
            "report_type_weights": {
                "ConfirmedClinicalDiagnosis": type_percents[1] / 100,
                "ConfirmedTest": type_percents[0] / 100,
                "SelfReport": type_percents[2] / 100,
                "Recursive": type_percents[3] / 100,
            },
        },
        "apple_exposure_config_v1": {
            "attenuation_level_values": list(attenuation),
            "days_since_last_exposure_level_values": list(days),
            "duration_level_values": list(duration),
            "transmission_risk_level_values": list(transmission),
            "minimum_risk_score": (
                min(minimum_risk_score, 255) if apple_minimum_risk_score is None else apple_minimum_risk_score
            ),
            "minimum_risk_score_full_range": full_range,
            **(apple_v1_fields or {}),
        },
        "apple_exposure_config_v2": {
            "infectiousness_when_days_since_onset_missing": infectiousness_when_missing,
            "attenuation_duration_thresholds": list(thresholds),
            "immediate_duration_weight": float(percents[0]),
            "near_duration_weight": float(percents[1]),
            "medium_duration_weight": float(percents[2]),
            "other_duration_weight": float(percents[3]),
            "DaysSinceLastExposureThreshold": days_threshold,
            "infectiousness_for_days_since_onset_of_symptoms": level_of_day,
            "infectiousness_high_weight": float(infectiousness_percents[1]),
            "infectiousness_standard_weight": float(infectiousness_percents[0]),
            "report_type_confirmed_clinical_diagnosis_weight": float(type_percents[1]),
            "report_type_confirmed_test_weight": float(type_percents[0]),
            "report_type_recursive_weight": float(type_percents[3]),
            "report_type_self_reported_weight": float(type_percents[2]),
            "report_type_none_map": report_type_when_missing,
        },
    }
    if recursive_enabled is not None:
        made["recursive_enabled"] = recursive_enabled
    check_limits(made)
    return made


def check_limits(made: dict) -> None:
    """What an implementation may refuse is not in the kit."""
    google, daily = made["google_exposure_config"], made["google_daily_summaries_config"]
    apple = made["apple_exposure_config_v1"]
    weights = [
        *daily["attenuation_bucket_weights"],
        *daily["infectiousness_weights"].values(),
        *daily["report_type_weights"].values(),
    ]
    assert all(0 <= weight <= 2.5 for weight in weights)
    low, middle, high = daily["attenuation_bucket_threshold_db"]
    assert 0 <= low < middle < high <= 255
    for name in ("attenuation", "days_since_last_exposure", "duration", "transmission_risk"):
        scores = google[f"{name}_scores"]
        assert len(scores) == 8 and all(0 <= score <= 8 for score in scores)
    for low, high in (
        google["duration_at_attenuation_thresholds"],
        apple.get("attenuation_duration_thresholds", [50, 70]),
    ):
        assert 0 <= low <= high <= 255
    assert 1 <= google["minimum_risk_score"] <= 4096 and 0 <= apple["minimum_risk_score"] <= 255
    assert daily["days_since_exposure_threshold"] >= 0 and daily["minimum_window_score"] >= 0


CONDITIONS = reference_exposures.CONDITIONS
SCORE_SUM, AVERAGE, SECONDS, MAXIMUM, MINIMUM = CONDITIONS


def rule(**conditions) -> dict:
    """A rule of the shape of COCOA's; conditions that are not named are NOP."""
    made = {"format_version": 1}
    for name in CONDITIONS:
        op, value = conditions.get(name, ("NOP", 0.0))
        made[name] = {"op": op, "value": float(value)}
    return made


COCOA_RULE = rule(**{SCORE_SUM: (">=", 1350), SECONDS: (">=", 900)})


class World:
    """The keys and sightings of one case. Key bytes come from its name, so that no case depends on another."""

    def __init__(self, name: str, configuration="cocoa"):
        self.name = name
        self.keys = []
        self.sightings = []
        self.now = NEXT_MORNING
        self.configuration = configuration
        self.rule = "v1"

    def key(self, start=START, period=144, level=4, report_type=1, days=None, tek=None) -> dict:
        tek = tek or sha256(f"{self.name}, key {len(self.keys)}".encode()).hexdigest()[:32]
        made = {
            "tek": tek,
            "rolling_start_interval_number": start,
            "rolling_period": period,
            "transmission_risk_level": level,
            "report_type": report_type,
        }
        if days is not None:
            made["days_since_onset_of_symptoms"] = days
        self.keys.append(made)
        return made

    def sight(self, key, time, db=30, tx=None, rssi=None, interval=None, previous=None, version=0x58, aem_size=4):
        """One sighting of the RPI of an interval, by default that of its time. The attenuation is db, or what rssi and
        tx make; `version` is byte 0 of the metadata, by default v1.1 of medium confidence."""
        tx = (-20 if db <= 100 else 20) if tx is None else tx
        rssi = tx - db if rssi is None else rssi
        assert -128 <= rssi <= 127
        tek = bytes.fromhex(key["tek"])
        rpi = reference.rpis(reference.rpik(tek), time // 600 if interval is None else interval, 1)[0]
        metadata = bytes([version, tx % 256, 0, 0])
        # Longer ones go on with zeros, shorter ones are cut.
        aem = (reference.aem(reference.aemk(tek), rpi, metadata) + bytes(16))[:aem_size]
        made = {"rpi": rpi.hex(), "aem": aem.hex(), "rssi": rssi, "time": time}
        if previous is not None:
            made["previous_scan"] = previous
        self.sightings.append(made)

    def series(self, key, first, count, step, db=30, **others):
        """Sightings every `step` seconds, the scan before being the sighting before."""
        for n in range(count):
            self.sight(key, first + n * step, db=db, previous=first + (n - 1) * step, **others)


class KitFile:
    """One topic. Every case goes through the reference; what the topic is about is also written by hand beside it."""

    def __init__(self, name: str, about: str, usual: str = "cocoa", **choices):
        """`choices` are made in every configuration of the file, beginning with the `usual` one."""
        self.name = name
        self.about = about
        self.usual = usual
        self.choices = choices
        self.configurations = {usual: configuration(**choices)}
        self.rules = {"v1": "v1", "cocoa_v2": COCOA_RULE}
        self.cases = []

    def configure(self, name: str, **choices) -> str:
        assert name not in self.configurations
        self.configurations[name] = configuration(**self.choices | choices)
        return name

    def rule(self, name: str, made: dict) -> str:
        assert self.rules.setdefault(name, made) == made
        return name

    def case(self, name, proves, build, part=None, wanted=None, profiles=(GOOGLE,), source=None) -> None:
        """A case for each profile. `part` takes from the outcome what must be `wanted`, or wanted[profile]."""
        for profile in profiles:
            made = self._add(name if len(profiles) == 1 else f"{name}, {profile}", proves, build, profile, source)
            if part:
                found, by_hand = part(made["expected"]), for_profile(wanted, profile)
                assert found == by_hand, f"{self.name}: {made['name']}: {found}, by hand {by_hand}"

    def bound(self, name, proves, part, build, below, above, profiles=(GOOGLE,), source=None) -> None:
        """Both sides of a bound: `below` and `above` are (value for build, what is wanted). They must not be alike."""
        for profile in profiles:
            assert for_profile(below[1], profile) != for_profile(above[1], profile), f"{name} bounds nothing"
        for value, wanted in (below, above):

            def with_value(world, value=value):
                build(world, value)

            self.case(f"{name}: {value}", proves, with_value, part, wanted, profiles, source)

    def _add(self, name, proves, build, profile, source) -> dict:
        assert name not in (case["name"] for case in self.cases), f"{name} is there twice"
        world = World(f"{self.name}, {name.removesuffix(f', {profile}')}", self.usual)
        build(world)
        made = {
            "name": name,
            "proves": proves,
            "source": source or SOURCES_OF_TOPICS.get(self.name, SOURCES)[profile],
            "profile": profile,
            "configuration": world.configuration,
            "rule": world.rule,
            "now": world.now,
            "keys": world.keys,
            "sightings": world.sightings,
        }
        made["expected"] = reference_exposures.evaluate(
            made, self.configurations[world.configuration], self.rules[world.rule]
        )
        self.cases.append(made)
        return made

    def render(self) -> str:
        used = {case["configuration"] for case in self.cases}
        configurations = {name: made for name, made in self.configurations.items() if name in used}
        used = {case["rule"] for case in self.cases}
        rules = {name: made for name, made in self.rules.items() if name in used}
        return (
            f'{{"about": {json.dumps(self.about)}, "format": {FORMAT},\n'
            f'"configurations": {{\n{members(configurations)}\n}},\n"rules": {{\n{members(rules)}\n}},\n'
            f'"cases": [\n{lines(self.cases)}\n]}}\n'
        )


def for_profile(wanted, profile: str):
    return wanted[profile] if isinstance(wanted, dict) and profile in wanted else wanted


def compact(value) -> str:
    return json.dumps(value, separators=(",", ":"))


def members(values: dict) -> str:
    return ",\n".join(f"{json.dumps(name)}: {compact(value)}" for name, value in values.items())


def lines(values: list) -> str:
    return ",\n".join(compact(value) for value in values)


def one_table_of(**table) -> dict:
    """Choices in which one table of scores is this one and the others are 1, so that the risk shows the table."""
    tables = {"attenuation": ONES, "days": ONES, "duration": ONES, "transmission": ONES}
    return {"minimum_risk_score": 1, "infectiousness": None} | tables | table


def one_table(kit: KitFile) -> None:
    """Configurations in which one table of scores is 1 to 8 and the others are 1."""
    for name in ("attenuation", "days", "duration", "transmission"):
        kit.configure(f"{name} alone", **one_table_of(**{name: ONE_TO_EIGHT}))
