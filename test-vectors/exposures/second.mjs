#!/usr/bin/env node
// Answers the requests of the kit, a JSON value a line: `python3 run.py --command 'node second.mjs'`.
//
// An implementation of its own, written from the rules and from the published code of Google and Apple, without a look
// at the others. It tries to be plain, not fast: a function is a rule. README.md has the form of requests and answers.

import { createCipheriv, hkdfSync } from "node:crypto";
import { createInterface } from "node:readline";

const INTERVAL = 600; // seconds
const LAST_INTERVAL = 0xffffffff;
const DAY = 86400;
const CLOCK_WINDOW = 12; // intervals, before and after
const REPLAY = 1200; // seconds after the first sighting of an RPI
const SAME_SCAN = 1.5 * (4 + 13);
const TYPES = ["unknown", "confirmed_test", "confirmed_clinical_diagnosis", "self_report", "recursive", "revoked"];
const [UNKNOWN, CONFIRMED, CLINICAL, SELF_REPORT, RECURSIVE, REVOKED] = TYPES.keys();
const INFECTIOUSNESS = ["none", "standard", "high"];
const CONFIDENCE = ["lowest", "low", "medium", "high"];
const INVALID_RSSI = 127;

const PROFILES = {
  google: { google: true, lowestPower: -50, zeroCounts: true, negativeSeconds: true },
  google_guarded: { google: true, lowestPower: -50, zeroCounts: true, guarded: true },
  apple_v1: { lowestPower: -60, periodOfZero: 144 },
  documented_v2: { lowestPower: -50, zeroCounts: true, documented: true },
};
const HIGHEST_POWER = 20;

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const roundUp = (seconds) => Math.ceil(seconds / 60) * 60;
const halfUp = (x) => Math.floor(x + 0.5);
const dayOf = (time) => Math.floor(time / DAY);
const towardsZero = (x) => Math.trunc(x) + 0; // never -0

function dateOf(day) {
  const date = new Date(day * DAY * 1000);
  const two = (n) => String(n).padStart(2, "0");
  return `${String(date.getUTCFullYear()).padStart(4, "0")}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

// ---------------------------------------------------------------------------------------------- the configuration

/** What the rules read, whatever the names and units of the platform's block are. Apple's percents become factors. */
function readConfiguration(all, profile) {
  const recursive = all.recursive_enabled === true;
  if (profile.google) {
    const mapping = all.google_diagnosis_keys_data_mapping_config;
    const daily = all.google_daily_summaries_config;
    const types = daily.report_type_weights;
    return {
      recursive,
      v1: all.google_exposure_config,
      map: mapping.infectiousness_for_days_since_onset_of_symptoms,
      infectiousnessWhenMissing: mapping.infectiousness_when_days_since_onset_missing,
      typeWhenMissing: mapping.report_type_when_missing,
      bucketThresholds: daily.attenuation_bucket_threshold_db,
      bucketWeights: daily.attenuation_bucket_weights,
      typeWeights: [0, types.ConfirmedTest, types.ConfirmedClinicalDiagnosis, types.SelfReport, types.Recursive],
      infectiousnessWeights: [0, daily.infectiousness_weights.Standard, daily.infectiousness_weights.High],
      minimumWindowScore: daily.minimum_window_score,
      daysThreshold: daily.days_since_exposure_threshold,
    };
  }
  const v2 = all.apple_exposure_config_v2;
  const factors = (...names) => names.map((name) => v2[`${name}_weight`] / 100);
  return {
    recursive,
    v1: all.apple_exposure_config_v1,
    map: v2.infectiousness_for_days_since_onset_of_symptoms,
    infectiousnessWhenMissing: v2.infectiousness_when_days_since_onset_missing,
    typeWhenMissing: v2.report_type_none_map,
    bucketThresholds: v2.attenuation_duration_thresholds,
    bucketWeights: factors("immediate_duration", "near_duration", "medium_duration", "other_duration"),
    typeWeights: [
      0,
      ...factors(
        "report_type_confirmed_test",
        "report_type_confirmed_clinical_diagnosis",
        "report_type_self_reported",
        "report_type_recursive",
      ),
    ],
    infectiousnessWeights: [0, ...factors("infectiousness_standard", "infectiousness_high")],
    minimumWindowScore: 0,
    daysThreshold: v2.DaysSinceLastExposureThreshold,
  };
}

/** Unknown and invalid types are read as the configuration says. */
function readType(type, whenMissing) {
  return type >= CONFIRMED && type <= REVOKED ? type : whenMissing;
}

/** Missing days, days beyond 14 and a missing map give the value for missing days. */
function readInfectiousness(days, configuration) {
  const known = configuration.map && days !== undefined && days !== null && Math.abs(days) <= 14;
  return known ? configuration.map[String(days)] : configuration.infectiousnessWhenMissing;
}

/** A level beyond 0 to 8 is no level. */
function readLevel(level) {
  return level >= 0 && level <= 8 ? level : 0;
}

/** Revoked keys are never shown, recursive ones only where that is enabled. */
function isShown(type, recursiveEnabled) {
  return type !== REVOKED && (type !== RECURSIVE || recursiveEnabled);
}

// ----------------------------------------------------------------------------------------------- keys and metadata

const derive = (tek, info) => Buffer.from(hkdfSync("sha256", tek, Buffer.alloc(0), info, 16));

/** RPI -> interval, for each interval of a key: RPI(j) = AES(RPIK, "EN-RPI" || 6 zero bytes || u32le(j)). */
function rpisOf(key, period) {
  const start = key.rolling_start_interval_number;
  const intervals = Array.from({ length: Math.min(period, LAST_INTERVAL + 1 - start) }, (_, n) => start + n);
  const blocks = intervals.map((interval) => {
    const block = Buffer.alloc(16);
    block.write("EN-RPI");
    block.writeUInt32LE(interval, 12);
    return block;
  });
  const aes = createCipheriv("aes-128-ecb", derive(Buffer.from(key.tek, "hex"), "EN-RPIK"), null);
  aes.setAutoPadding(false);
  const rpis = aes.update(Buffer.concat(blocks)).toString("hex");
  return new Map(intervals.map((interval, n) => [rpis.slice(32 * n, 32 * (n + 1)), interval]));
}

/** The metadata of a sighting: AES-CTR with the RPI as the first counter block. The AEM has 4 bytes. */
function decryptMetadata(aemk, sighting) {
  const ctr = createCipheriv("aes-128-ctr", aemk, Buffer.from(sighting.rpi, "hex"));
  const bytes = ctr.update(Buffer.from(sighting.aem, "hex"));
  return { version: bytes[0] >> 4, confidence: (bytes[0] >> 2) & 3, power: bytes.readInt8(1) };
}

/** Google's phones read the bits. Apple's take every sender before v1.1 for low. */
function calibrationConfidence({ version, confidence }, profile) {
  return CONFIDENCE[!profile.google && version < 5 ? 1 : confidence];
}

/**
 * Keys of period 0 are rejected, or have 144 intervals. Equal keys count once: by Google the first of TEK, start and
 * period, by Apple the last of a TEK.
 */
function keysThatCount(keys, profile) {
  const chosen = new Map();
  keys.forEach((key, number) => {
    const { tek, rolling_start_interval_number: start, rolling_period: period } = key;
    if (period === 0 && !profile.periodOfZero) return;
    const name = profile.google ? `${tek} ${start} ${period}` : tek;
    if (!profile.google || !chosen.has(name)) chosen.set(name, { ...key, number });
  });
  return [...chosen.values()].sort((a, b) => a.number - b.number);
}

// -------------------------------------------------------------------------------------------------------- matching

/**
 * What a key's sightings come to: `good` are the accepted ones, `records` what Google's v1 makes its exposures of.
 * Sightings that do not count are counted in `dropped` under the first rule that they break.
 */
function matchKey(key, sightingsOfRpi, profile, dropped) {
  const good = [];
  const records = [];
  const drop = (reason) => ((dropped[reason] = (dropped[reason] ?? 0) + 1), false);

  // A sighting's interval is at most 12 before or after that of the RPI.
  const inClockWindow = (s) =>
    Math.abs(Math.floor(s.time / INTERVAL) - s.interval) <= CLOCK_WINDOW || drop("clock_window");

  // A phone sends an RPI for 20 minutes at most: what comes later is a replay.
  const withoutReplays = (sightings) =>
    sightings.filter((s) => s.time - sightings[0].time <= REPLAY || drop("replay"));

  const aemk = derive(Buffer.from(key.tek, "hex"), "EN-AEMK");
  const hasGoodMetadata = (s) => {
    if (s.aem.length !== 8) return drop("aem_length");
    s.metadata = decryptMetadata(aemk, s);
    const { power } = s.metadata;
    if (power < profile.lowestPower || power > HIGHEST_POWER) return drop("power");
    s.attenuation = Math.max(power - s.rssi, 0);
    return s.attenuation > 0 || profile.zeroCounts || drop("zero_attenuation");
  };

  const period = key.rolling_period || profile.periodOfZero;
  for (const [rpi, interval] of rpisOf(key, period)) {
    const ofRpi = (sightingsOfRpi.get(rpi) ?? []).map((s) => ({ ...s, interval })).sort(byTime).filter(inClockWindow);
    if (profile.google) {
      const heard = withoutReplays(ofRpi);
      const accepted = heard.filter(hasGoodMetadata);
      good.push(...accepted);
      // By Google the loudest stands for its scan, good or not. Guarded is the nearest of the good ones.
      const best = profile.guarded ? bestOfScans(accepted, isNearer) : bestOfScans(heard, isLouder);
      records.push(...best.filter((s) => accepted.includes(s)));
    } else {
      good.push(...withoutReplays(ofRpi.filter(hasGoodMetadata)));
    }
  }
  return { good: good.sort(byTime), records: records.sort(byTime) };
}

function byTime(a, b) {
  return a.time - b.time || (a.interval ?? 0) - (b.interval ?? 0) || a.number - b.number;
}

/** Of each scan of an RPI the first record that no other of it is better than. A gap of over 25.5 s ends a scan. */
function bestOfScans(sightings, better) {
  const best = [];
  sightings.forEach((s, n) => {
    if (n === 0 || s.time - sightings[n - 1].time > SAME_SCAN) best.push(s);
    else if (better(s, best.at(-1))) best[best.length - 1] = s;
  });
  return best;
}

const isLouder = (a, b) => a.rssi > b.rssi;
const isNearer = (a, b) => a.attenuation < b.attenuation;

// ------------------------------------------------------------------------------------------------- exposure windows

/** Seconds that a scan stands for: 60 for each minute border since the scan before, 300 at most, 120 if unknown. */
function secondsSinceLastScan({ time, previous_scan: previous }, profile) {
  if (!previous) return 120;
  const seconds = 60 * Math.min(5, Math.floor(time / 60) - Math.floor(previous / 60));
  return profile.negativeSeconds ? seconds : Math.max(seconds, 0);
}

/** A window ends 1800 s after its start. Sightings up to 25.5 s after the one before are of one scan. */
function windowsOf(sightings, profile) {
  const windows = [];
  sightings.forEach((s, n) => {
    let window = windows.at(-1);
    if (!window || s.time - window.start >= 1800) {
      window = { start: s.time, confidence: calibrationConfidence(s.metadata, profile), scans: [] };
      windows.push(window);
    }
    if (window.scans.length > 0 && s.time - sightings[n - 1].time <= SAME_SCAN) {
      window.scans.at(-1).attenuations.push(s.attenuation);
    } else {
      window.scans.push({ attenuations: [s.attenuation], seconds: secondsSinceLastScan(s, profile) });
    }
  });
  for (const window of windows) {
    for (const scan of window.scans) {
      scan.typical = halfUp(sum(scan.attenuations) / scan.attenuations.length);
      scan.minimum = Math.min(...scan.attenuations);
    }
  }
  return windows;
}

/** Windows and exposures stand in the order of start, TEK, rolling start, rolling period. */
function byStart(a, b) {
  return (
    a.start - b.start ||
    (a.key.tek < b.key.tek ? -1 : a.key.tek > b.key.tek ? 1 : 0) ||
    a.key.rolling_start_interval_number - b.key.rolling_start_interval_number ||
    a.key.rolling_period - b.key.rolling_period
  );
}

// -------------------------------------------------------------------------------------------------- daily summaries

/** Seconds are added for each bucket of typical attenuation first, then weighted. */
function weightedDuration(window, { bucketThresholds, bucketWeights }) {
  const seconds = [0, 0, 0, 0];
  for (const scan of window.scans) {
    const bucket = bucketThresholds.findIndex((threshold) => scan.typical <= threshold);
    seconds[bucket < 0 ? 3 : bucket] += scan.seconds;
  }
  return sum(seconds.map((s, bucket) => s * bucketWeights[bucket]));
}

/**
 * A summary for each day. Windows of other types, and those older than the threshold, make no day. A window below the
 * minimum adds nothing, but its day is there.
 */
function summariesOf(windows, configuration, now, profile) {
  const days = new Map();
  for (const window of windows) {
    const day = dayOf(window.start);
    if (window.type < CONFIRMED || window.type > RECURSIVE) continue;
    if (configuration.daysThreshold > 0 && dayOf(now) - day > configuration.daysThreshold) continue;
    if (!days.has(day)) days.set(day, new Map());
    const weighted = weightedDuration(window, configuration);
    const { typeWeights, infectiousnessWeights } = configuration;
    const score = weighted * typeWeights[window.type] * infectiousnessWeights[window.infectiousness];
    if (score < configuration.minimumWindowScore) continue;
    const ofDay = days.get(day);
    if (!ofDay.has(window.type)) ofDay.set(window.type, { sum: 0, maximum: 0, weighted: 0 });
    const ofType = ofDay.get(window.type);
    ofType.sum += score;
    ofType.maximum = Math.max(ofType.maximum, score);
    ofType.weighted += weighted;
  }
  const shown = profile.documented ? roundUp : (x) => x;
  const numbers = (scores) => ({
    score_sum: shown(scores.sum),
    maximum_score: shown(scores.maximum),
    weighted_duration_sum: shown(scores.weighted),
  });
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, ofDay]) => {
      const types = [...ofDay].sort(([a], [b]) => a - b);
      const total = {
        sum: sum(types.map(([, scores]) => scores.sum)),
        maximum: Math.max(0, ...types.map(([, scores]) => scores.maximum)),
        weighted: sum(types.map(([, scores]) => scores.weighted)),
      };
      const byType = Object.fromEntries(types.map(([type, scores]) => [TYPES[type], numbers(scores)]));
      return { date: dateOf(day), ...numbers(total), by_report_type: byType };
    });
}

// --------------------------------------------------------------------------------------------------- v1, by Google

const ATTENUATION_BOUNDS = [73, 63, 51, 33, 27, 15, 10]; // over
const DAYS_BOUNDS = [14, 12, 10, 8, 6, 4, 2]; // at least
const MINUTES_BOUNDS = [0, 5, 10, 15, 20, 25, 30]; // up to

/** The score of the first bound that holds, else the last score. */
function scoreOf(scores, bounds, holds) {
  const bound = bounds.findIndex(holds);
  return scores[bound < 0 ? 7 : bound];
}

/** Days since the key's start, without their fraction. */
function googleDays(key, now) {
  return towardsZero((now - key.rolling_start_interval_number * INTERVAL) / DAY);
}

/** A gap of more than 600 s between records ends an exposure. */
function googleExposures(records) {
  const exposures = [];
  records.forEach((record, n) => {
    if (n === 0 || record.time - records[n - 1].time > 600) exposures.push([]);
    exposures.at(-1).push(record);
  });
  return exposures;
}

/** Seconds from the first to the last record and 300 more, to the nearest 300, of two equally near the lower. */
function googleDuration(records) {
  const seconds = records.at(-1).time - records[0].time + 300;
  const rest = seconds % 300;
  return rest <= 150 ? seconds - rest : seconds + 300 - rest;
}

/**
 * Periods between records, from 150 s before the first to 150 s after the last, each with the attenuation at its left.
 * A record at the second of the one before is skipped.
 */
function googlePeriods(records) {
  const [first, last] = [records[0], records.at(-1)];
  const points = [{ time: first.time - 150, attenuation: first.attenuation }, ...records, { time: last.time + 150 }];
  const periods = [];
  let left = points[0];
  for (const point of points) {
    if (point.time === left.time) continue;
    periods.push({ attenuation: left.attenuation, seconds: point.time - left.time });
    left = point;
  }
  return periods;
}

function googleExposure(records, key, configuration, now) {
  const periods = googlePeriods(records);
  const [low, high] = configuration.duration_at_attenuation_thresholds;
  const secondsAbove = (threshold) => sum(periods.filter((p) => p.attenuation >= threshold).map((p) => p.seconds));
  const all = sum(periods.map((p) => p.seconds));
  const below = all - secondsAbove(low);
  const above = secondsAbove(high);
  const duration = googleDuration(records);
  const attenuation = halfUp(sum(periods.map((p) => p.attenuation * p.seconds)) / all);
  const level = readLevel(key.transmission_risk_level);
  const days = googleDays(key, now);
  const minutes = Math.floor(duration / 60);
  const product =
    scoreOf(configuration.attenuation_scores, ATTENUATION_BOUNDS, (bound) => attenuation > bound) *
    scoreOf(configuration.days_since_last_exposure_scores, DAYS_BOUNDS, (bound) => days >= bound) *
    scoreOf(configuration.duration_scores, MINUTES_BOUNDS, (bound) => minutes <= bound) *
    (level === 0 ? 1 : configuration.transmission_risk_scores[level - 1]);
  const risk = product >= configuration.minimum_risk_score ? product : 0;
  return {
    key,
    start: records[0].time,
    duration,
    attenuation,
    durations: [below, all - below - above, above],
    level,
    risk,
    fullRisk: risk,
    // Of an exposure's own time nothing is kept: it is told with the day of its key.
    date: dateOf(dayOf(key.rolling_start_interval_number * INTERVAL)),
  };
}

function googleV1(matched, configuration, now) {
  const keys = matched.filter(({ records }) => records.length > 0);
  const exposures = keys
    .flatMap(({ key, records }) => googleExposures(records).map((of) => googleExposure(of, key, configuration, now)))
    .sort(byStart);
  return {
    exposures,
    keys: keys.length,
    days: keys.length > 0 ? Math.min(...keys.map(({ key }) => googleDays(key, now))) : null,
    durations: [0, 1, 2].map((n) => Math.min(1800, sum(exposures.map((e) => e.durations[n])))),
  };
}

// ---------------------------------------------------------------------------------------------------- v1, by Apple

/** Time since the scan before if it is known and 0 to 304 s, else 150 s. */
function scanInterval({ time, previous_scan: previous }) {
  const seconds = time - previous;
  return previous && seconds >= 0 && seconds <= 304 ? seconds : 150;
}

/**
 * Sightings up to 4.0 s after the first of their group are one, across all RPIs of the key. Their RSSI is a mean, cut
 * towards zero after each sighting. Where one of two is invalid it is the smaller one; it counts as a sighting still.
 */
function appleGroups(sightings) {
  const groups = [];
  for (const s of sightings) {
    const group = groups.at(-1);
    if (!group || s.time - group.time > 4) {
      groups.push({ time: s.time, power: s.metadata.power, rssi: s.rssi, count: 1, seconds: scanInterval(s) });
      continue;
    }
    const valid = group.rssi !== INVALID_RSSI && s.rssi !== INVALID_RSSI;
    group.rssi = valid
      ? Math.trunc((group.rssi * group.count + s.rssi) / (group.count + 1))
      : Math.min(group.rssi, s.rssi);
    group.count += 1;
  }
  // No interval reaches back before the group before.
  for (let n = 1; n < groups.length; n++) {
    groups[n].seconds = Math.min(groups[n].seconds, groups[n].time - groups[n - 1].time);
  }
  return groups;
}

/** Mean level value, weighted with seconds. Levels of value 0 are left out, also of the seconds. */
function appleAttenuationValue(secondsOfLevels, values) {
  const levels = [...values.keys()].filter((level) => values[level] * secondsOfLevels[level] > 0);
  const seconds = sum(levels.map((level) => secondsOfLevels[level]));
  return seconds > 0 ? halfUp(sum(levels.map((level) => secondsOfLevels[level] * values[level])) / seconds) : 0;
}

/** One exposure a key, of all its sightings. */
function appleExposure({ key, good }, configuration, now) {
  const groups = appleGroups(good);
  const [low, high] = configuration.attenuation_duration_thresholds ?? [50, 70];
  const durations = [0, 0, 0];
  const secondsOfLevels = new Array(8).fill(0);
  for (const { power, rssi, seconds } of groups) {
    if (rssi === INVALID_RSSI) continue;
    const attenuation = Math.max(power - rssi, 0);
    durations[attenuation <= low ? 0 : attenuation <= high ? 1 : 2] += seconds;
    const level = ATTENUATION_BOUNDS.findIndex((bound) => attenuation > bound);
    secondsOfLevels[level < 0 ? 7 : level] += seconds;
  }
  const duration = sum(groups.map((group) => group.seconds));
  const attenuation = appleAttenuationValue(secondsOfLevels, configuration.attenuation_level_values);
  const day = dayOf(groups[0].time);
  const days = Math.floor(Math.max(now - day * DAY, 0) / DAY);
  const level = readLevel(key.transmission_risk_level);
  const daysValue = scoreOf(configuration.days_since_last_exposure_level_values, DAYS_BOUNDS, (bound) => days >= bound);
  const durationValue = scoreOf(configuration.duration_level_values, MINUTES_BOUNDS, (bound) => duration / 60 <= bound);
  // The last level is 7.
  const transmissionValue = configuration.transmission_risk_level_values[Math.min(level, 7)];
  const fullRisk =
    attenuation *
    (configuration.attenuation_weight ?? 1) *
    (daysValue * (configuration.days_since_last_exposure_weight ?? 1)) *
    (durationValue * (configuration.duration_weight ?? 1)) *
    (transmissionValue * (configuration.transmission_risk_weight ?? 1));
  const risk = Math.floor(Math.min(fullRisk, 255));
  const date = dateOf(day);
  return { key, start: groups[0].time, duration, attenuation, durations, level, risk, fullRisk, days, date };
}

/** Exposures below a minimum are not listed or added, but count. Durations are rounded up after all else. */
function appleV1(matched, configuration, now) {
  const all = matched.filter(({ good }) => good.length > 0).map((key) => appleExposure(key, configuration, now));
  const exposures = all
    .filter((e) => e.risk >= configuration.minimum_risk_score)
    .filter((e) => e.fullRisk >= configuration.minimum_risk_score_full_range)
    .sort(byStart);
  const shown = (seconds) => Math.min(1800, roundUp(seconds));
  return {
    exposures: exposures.map((e) => ({ ...e, duration: shown(e.duration), durations: e.durations.map(shown) })),
    keys: all.length,
    days: all.length > 0 ? Math.min(...all.map((e) => e.days)) : null,
    durations: [0, 1, 2].map((n) => roundUp(Math.min(1800, sum(exposures.map((e) => e.durations[n]))))),
  };
}

// -------------------------------------------------------------------------------------------------------- decisions

const OPERATORS = {
  NOP: () => true,
  "=": (a, b) => a === b,
  ">=": (a, b) => a >= b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  "<": (a, b) => a < b,
};

/** COCOA's rule of v2: all conditions hold, of which one at least asks for something. No seconds, no average. */
function dayNotifies(rule, summary, scans) {
  const seconds = sum(scans.map((scan) => scan.seconds));
  const typical = scans.map((scan) => scan.typical);
  const conditions = [
    [rule.DailySummary_DaySummary_ScoreSum, summary.score_sum],
    [rule.DailySummary_DaySummary_WeightedDurationAverage, seconds > 0 ? summary.weighted_duration_sum / seconds : 0],
    [rule.ExposureWindow_ScanInstance_SecondsSinceLastScanSum, seconds],
    [rule.ExposureWindow_ScanInstance_TypicalAttenuationDb_Max, Math.max(...typical)],
    [rule.ExposureWindow_ScanInstance_TypicalAttenuationDb_Min, Math.min(...typical)],
  ];
  if (conditions.every(([{ op }]) => op === "NOP")) return false;
  return conditions.every(([{ op, value }, found]) => OPERATORS[op](found, value));
}

/** By the rule of v1 the days of exposures that have a risk, else those for which COCOA's rule of v2 holds. */
function decide(rule, summaries, windows, exposures) {
  const days =
    rule === "v1"
      ? exposures.filter((exposure) => exposure.risk > 0).map((exposure) => exposure.date)
      : summaries.map((summary) => summary.date).filter((date, n) => {
          const scans = windows.filter((window) => dateOf(dayOf(window.start)) === date).flatMap(({ scans }) => scans);
          return dayNotifies(rule, summaries[n], scans);
        });
  // Longer years come later.
  const ascending = [...new Set(days)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return { notify: days.length > 0, days: ascending };
}

// ---------------------------------------------------------------------------------------------------- a whole request

function evaluate(request) {
  const profile = PROFILES[request.profile];
  const configuration = readConfiguration(request.configuration, profile);
  const sightingsOfRpi = new Map();
  request.sightings.forEach((sighting, number) => {
    if (!sightingsOfRpi.has(sighting.rpi)) sightingsOfRpi.set(sighting.rpi, []);
    sightingsOfRpi.get(sighting.rpi).push({ ...sighting, number });
  });

  const dropped = {};
  const matched = keysThatCount(request.keys, profile).map((key) => ({
    key,
    type: readType(key.report_type, configuration.typeWhenMissing),
    infectiousness: readInfectiousness(key.days_since_onset_of_symptoms, configuration),
    ...matchKey(key, sightingsOfRpi, profile, dropped),
  }));
  const shown = matched.filter(({ type }) => isShown(type, configuration.recursive));
  const hasWindows = ({ records, type, infectiousness }) =>
    profile.google ? records.length > 0 : !profile.documented || (type !== UNKNOWN && infectiousness !== 0);
  const windows = shown
    .filter(hasWindows)
    .flatMap(({ key, type, infectiousness, good }) =>
      windowsOf(good, profile).map((window) => ({ key, type, infectiousness, ...window })),
    )
    .sort(byStart);
  const summaries = summariesOf(windows, configuration, request.now, profile);
  const v1 = (profile.google ? googleV1 : appleV1)(shown, configuration.v1, request.now);
  const risks = v1.exposures.map((exposure) => exposure.risk);
  const fullRisks = v1.exposures.map((exposure) => exposure.fullRisk);

  return {
    matches: matched.flatMap(({ key, good }) =>
      good.map((s) => ({ key: key.number, interval: s.interval, sighting: s.number, attenuation: s.attenuation })),
    ),
    dropped,
    windows: windows.map((window) => ({
      tek: window.key.tek,
      start: window.start,
      date: dateOf(dayOf(window.start)),
      report_type: TYPES[window.type],
      infectiousness: INFECTIOUSNESS[window.infectiousness],
      calibration_confidence: window.confidence,
      scan_instances: window.scans.map((scan) => ({
        typical_attenuation: scan.typical,
        min_attenuation: scan.minimum,
        seconds_since_last_scan: scan.seconds,
      })),
    })),
    daily_summaries: summaries,
    v1: {
      exposures: v1.exposures.map((exposure) => ({
        tek: exposure.key.tek,
        start: exposure.start,
        duration: exposure.duration,
        attenuation_value: exposure.attenuation,
        attenuation_durations: exposure.durations,
        transmission_risk_level: exposure.level,
        risk_score: exposure.risk,
        risk_score_full_range: exposure.fullRisk,
      })),
      maximum_risk_score: Math.max(0, ...risks),
      maximum_risk_score_full_range: Math.max(0, ...fullRisks),
      summation_risk_score: sum(risks),
      summation_risk_score_full_range: sum(fullRisks),
      matched_key_count: v1.keys,
      days_since_last_exposure: v1.days,
      attenuation_durations: v1.durations,
    },
    decision: decide(request.rule, summaries, windows, v1.exposures),
  };
}

// -------------------------------------------------------------------------------------------------------- revisions

/** What may become of a stored type. */
const TRANSITIONS = {
  [SELF_REPORT]: [CONFIRMED, CLINICAL, REVOKED],
  [CLINICAL]: [CONFIRMED, REVOKED],
};

/** The outcome of a published key, given what is stored of its TEK; both may change. */
function revise({ list, key }, stored, request) {
  const type = readType(key.report_type, request.report_type_when_missing);
  const before = stored.get(key.tek);
  if (!before) {
    // A key that is revoked before it is known is stored, so that it never shows.
    const skipped = list === "revised_keys" || (type === RECURSIVE && !request.recursive_enabled);
    if (skipped) return "not_stored";
    stored.set(key.tek, { ...key, type, revised: false });
    return "stored";
  }
  const same = (field) => key[field] === before[field];
  if (!same("rolling_start_interval_number") || !same("rolling_period")) return "other_period";
  const published = list === "keys";
  if (before.revised) return published ? "stored" : "already_revised";
  if (!TRANSITIONS[before.type]?.includes(type)) return published ? "stored" : "transition_not_allowed";
  Object.assign(before, { type, revised: true });
  return type === REVOKED ? "revoked" : "changed";
}

function evaluateRevisions(request) {
  const stored = new Map();
  return request.steps.map((step) => {
    const outcome = revise(step, stored, request);
    const type = stored.get(step.key.tek)?.type;
    const known = type !== undefined;
    return { outcome, report_type: known ? TYPES[type] : null, visible: known && type !== REVOKED };
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = request.steps ? evaluateRevisions(request) : evaluate(request);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
