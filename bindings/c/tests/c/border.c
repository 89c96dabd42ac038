/* The demo's three answers, every handle from several threads, and what becomes of wrong calls: border DEMO ROWS FOLDER */
#undef NDEBUG
#include <assert.h>
#include <gaen.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t NOW = 1601251200;
static char folder[2048], demo[1024];
static GaenError *error;

/* The call went well, and says so. */
#define GOOD(call)                                                                                                    \
  do {                                                                                                                \
    GaenStatus status = (call);                                                                                       \
    if (status != GAEN_STATUS_OK) fprintf(stderr, "line %d: %s\n", __LINE__, gaen_error_message(error)), exit(1);     \
    assert(!error);                                                                                                   \
  } while (0)

/* The call failed with this status and code. */
#define BAD(call, expected, name)                                                                                     \
  do {                                                                                                                \
    assert((call) == (expected));                                                                                     \
    if (strcmp(gaen_error_code(error), name)) fprintf(stderr, "line %d: %s\n", __LINE__, gaen_error_code(error)), exit(1); \
    assert(*gaen_error_message(error));                                                                               \
    gaen_error_free(error);                                                                                           \
    error = NULL;                                                                                                     \
  } while (0)
#define NULLS(call) BAD(call, GAEN_STATUS_NULL_POINTER, "null_pointer")
#define FAULT(call, name) BAD(call, GAEN_STATUS_ERROR, name)
/* The same of a call that hands out a pointer: whatever fails, its place holds null afterwards. */
#define HANDS_OUT_NULL(place, bad)                                                                                    \
  do {                                                                                                                \
    place = (void *)1;                                                                                                \
    bad;                                                                                                              \
    assert(!place);                                                                                                   \
  } while (0)

static uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  assert(file);
  uint8_t *bytes = malloc(1 << 20);
  *size = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  return bytes;
}

static const char *in(const char *where, const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s", where, name);
  return path;
}

static GaenTrust *trusted(void) {
  size_t size;
  uint8_t *pem = read_file(in(demo, "440-v1.pem"), &size);
  GaenTrust *trust;
  GOOD(gaen_trust_new(pem, size, "440", "v1", &trust, &error));
  free(pem);
  return trust;
}

static GaenFiles *both_days(void) {
  GaenFiles *files;
  size_t size;
  GOOD(gaen_files_new(&files, &error));
  GOOD(gaen_files_add_path(files, in(demo, "day-1.zip"), &error));
  uint8_t *zip = read_file(in(demo, "day-2.zip"), &size);
  GOOD(gaen_files_add_bytes(files, "day-2.zip", zip, size, &error));
  free(zip);
  return files;
}

static int stop_in_the_second(const GaenProgress *at, void *user) {
  ++*(int *)user;
  assert(at->files == 2 && at->bytes <= at->total_bytes);
  return at->file == 1 ? GAEN_NEXT_STOP : GAEN_NEXT_CONTINUE;
}

static int forgets_to_answer(const GaenProgress *at, void *user) {
  (void)at, (void)user;
  return 0;
}

static void three_answers(GaenReport *report, GaenConfiguration *cocoa) {
  GaenSummary summary;
  GaenJudgement judgement;
  GOOD(gaen_report_summary(report, &summary, &error));
  assert(summary.matches == 9 && !summary.is_partial && summary.files == 2 && summary.rejected_files == 0);
  GOOD(gaen_report_verdict(report, cocoa, NOW, &judgement, &error));
  assert(judgement.verdict == GAEN_VERDICT_NOTIFY && judgement.reason[0] == 0);
}

/* What one thread uses: objects of another, all at once. */
struct shared {
  GaenFiles *files;
  GaenSightings *heard;
  GaenTrust *trust;
  GaenConfiguration *cocoa;
  GaenKeyRing *ring;
  GaenBroadcast sent[4];
  GaenReport *reports[4];
};
struct place {
  struct shared *shared;
  int number;
};

static void *on_a_thread(void *pointer) {
  struct place *at = pointer;
  struct shared *all = at->shared;
  GaenError *own = NULL;
  GaenReport *report;
  GaenJudgement judgement;
  assert(!gaen_search(all->files, all->heard, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &own));
  assert(!gaen_report_verdict(report, all->cocoa, NOW, &judgement, &own) && judgement.verdict == GAEN_VERDICT_NOTIFY);
  assert(!gaen_key_ring_broadcast(all->ring, NOW, -8, &all->sent[at->number], &own));
  all->reports[at->number] = report;
  return NULL;
}

static void *frees(void *report) {
  gaen_report_free(report);
  return NULL;
}

static void threads(struct shared *all) {
  pthread_t running[4];
  struct place places[4];
  for (int i = 0; i < 4; i++) {
    places[i] = (struct place){all, i};
    assert(!pthread_create(&running[i], NULL, on_a_thread, &places[i]));
  }
  int made = 0;
  for (int i = 0; i < 4; i++) assert(!pthread_join(running[i], NULL));
  for (int i = 0; i < 4; i++) {
    made += all->sent[i].is_new_key;
    assert(!memcmp(all->sent[i].identifier, all->sent[0].identifier, 16));
    three_answers(all->reports[i], all->cocoa);
    assert(!pthread_create(&running[i], NULL, frees, all->reports[i]));
  }
  assert(made == 1);
  for (int i = 0; i < 4; i++) assert(!pthread_join(running[i], NULL));
}

static void reports(struct shared *all) {
  GaenReport *report;
  GaenSummary summary;
  GaenMatch matches[9], fewer[2];
  GaenCount kinds[8];
  GaenFileOutcome file;
  size_t count;
  char *text;
  GOOD(gaen_search(all->files, all->heard, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &error));
  three_answers(report, all->cocoa);
  GOOD(gaen_report_dropped(report, kinds, 8, &count, &error));
  GOOD(gaen_report_summary(report, &summary, &error));
  assert(count == 4 && summary.dropped_kinds == 4 && summary.dropped >= 4 && kinds[0].name[0] && kinds[0].count);
  GOOD(gaen_report_matches(report, matches, 9, &count, &error));
  GOOD(gaen_report_matches(report, fewer, 2, &count, &error));
  assert(count == 9 && fewer[1].sighting == matches[1].sighting && fewer[1].time == matches[1].time);
  for (size_t i = 0; i < count; i++) {
    int64_t heard_in = matches[i].time / 600;
    uint8_t near;
    GOOD(gaen_near(&heard_in, &matches[i].interval, 1, 12, &near, &error));
    assert(near == 1 && matches[i].interval_start == 600 * matches[i].interval && matches[i].rolling_period == 144);
  }
  GOOD(gaen_report_file(report, 0, &file, &error));
  assert(file.status == GAEN_FILE_STATUS_VERIFIED && file.keys == 120 && !file.error && strlen(file.export_sha256) == 64);
  assert(!strcmp(file.verified_by, "440-v1"));
  FAULT(gaen_report_file(report, 2, &file, &error), "position");
  GOOD(gaen_report_matches_json(report, &text, &error));
  assert(strstr(text, "\"verdict\": \"matched\""));
  gaen_string_free(text);
  GOOD(gaen_report_exposures_json(report, all->cocoa, NOW, true, &text, &error));
  assert(strstr(text, "\"daily_summaries\""));
  gaen_string_free(text);
  GOOD(gaen_report_explanation_json(report, all->cocoa, NOW, NULL, NULL, true, &text, &error));
  assert(strstr(text, "\"redacted\""));
  gaen_string_free(text);
  FAULT(gaen_report_explanation_json(report, all->cocoa, NOW, NULL, "2020-09-01", false, &text, &error), "nothing_chosen");
  assert(!text);
  FAULT(gaen_report_explanation_json(report, all->cocoa, NOW, "x", NULL, false, &text, &error), "key_name");
  FAULT(gaen_report_explanation_json(report, all->cocoa, NOW, NULL, "x", false, &text, &error), "day");
  gaen_report_free(report);

  /* A stopped search says that it is partial. An observer that answers nothing stops none in silence. */
  int told = 0;
  GOOD(gaen_search(all->files, all->heard, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, stop_in_the_second, &told, &report, &error));
  GOOD(gaen_report_summary(report, &summary, &error));
  GOOD(gaen_report_file(report, 1, &file, &error));
  assert(summary.is_partial && told >= 2 && file.status == GAEN_FILE_STATUS_REJECTED && !strcmp(file.error_code, "cancelled"));
  gaen_report_free(report);
  FAULT(gaen_search(all->files, all->heard, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, forgets_to_answer, NULL, &report, &error), "observer_answer");
  assert(!report);

  /* Nobody heard, and nobody to believe. */
  GaenSightings *nobody;
  GaenJudgement judgement;
  GOOD(gaen_sightings_none(&nobody, &error));
  GOOD(gaen_search(all->files, nobody, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &error));
  GOOD(gaen_report_verdict(report, all->cocoa, NOW, &judgement, &error));
  assert(judgement.verdict == GAEN_VERDICT_NOT_JUDGED && !strcmp(judgement.reason, "no_sightings"));
  gaen_report_free(report);
  gaen_sightings_free(nobody);
  GaenTrust *anyone;
  GOOD(gaen_trust_unverified(&anyone, &error));
  GOOD(gaen_search(all->files, all->heard, anyone, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_TOLERANT, NULL, NULL, &report, &error));
  GOOD(gaen_report_file(report, 0, &file, &error));
  assert(file.status == GAEN_FILE_STATUS_UNVERIFIED && !*file.verified_by);
  gaen_report_free(report);
  FAULT(gaen_trust_accept_raw_signatures(anyone, &error), "unverified");
  gaen_trust_free(anyone);

  /* A file that is not there is a rejected file. */
  GaenFiles *missing;
  GOOD(gaen_files_new(&missing, &error));
  GOOD(gaen_files_add_path(missing, in(folder, "none.zip"), &error));
  GOOD(gaen_search(missing, all->heard, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &error));
  GOOD(gaen_report_file(report, 0, &file, &error));
  assert(!strcmp(file.error_code, "unreadable_file") && !file.export_sha256 && strstr(file.error, "No such file"));
  gaen_report_free(report);
  gaen_files_free(missing);
}

static void sightings(void) {
  GaenSightings *heard;
  size_t count;
  GaenRow row = {.identifier = {7}, .metadata = {1, 2, 3, 4}, .metadata_length = 4, .rssi = -60, .time = 1601121592, .previous_scan = -1};
  GOOD(gaen_sightings_from_rows((const uint8_t *)&row, sizeof row, &heard, &error));
  GOOD(gaen_sightings_count(heard, &count, &error));
  assert(count == 1);
  gaen_sightings_free(heard);
  FAULT(gaen_sightings_from_rows((const uint8_t *)&row, 39, &heard, &error), "row_length");
  FAULT(gaen_sightings_from_rows(NULL, 0, &heard, &error), "no_rows");
  NULLS(gaen_sightings_from_rows(NULL, 40, &heard, &error));
  NULLS(gaen_sightings_from_rows((const uint8_t *)&row, 40, NULL, &error));
  FAULT(gaen_sightings_from_rows((const uint8_t *)&row, (size_t)-40, &heard, &error), "length");
  GaenColumns columns = {1, row.identifier, row.metadata, NULL, &row.rssi, &row.time, NULL};
  GOOD(gaen_sightings_from_columns(&columns, &heard, &error));
  gaen_sightings_free(heard);
  columns.rssi = NULL;
  NULLS(gaen_sightings_from_columns(&columns, &heard, &error));
  columns.count = (size_t)-1;
  FAULT(gaen_sightings_from_columns(&columns, &heard, &error), "length");
  row.zero[1] = 1;
  FAULT(gaen_sightings_from_rows((const uint8_t *)&row, sizeof row, &heard, &error), "row");
}

static void own_keys(void) {
  GaenKeyRing *ring;
  GaenBroadcast sent;
  GaenRelease *released;
  GaenReleasedKey key;
  GaenHeldKey held;
  size_t count;
  uint8_t row[40], identifiers[144 * 16], metadata[4];
  GOOD(gaen_key_ring_new(&ring, &error));
  GOOD(gaen_key_ring_broadcast(ring, NOW + 43200, -8, &sent, &error));
  assert(sent.is_new_key && sent.until == (int64_t)NOW + 43800);
  GOOD(gaen_row_of_advertisement(sent.ios_frame, sizeof sent.ios_frame, -60, (int64_t)NOW, -1, row, &error));
  assert(!memcmp(row, sent.identifier, 16) && row[20] == 4);
  FAULT(gaen_row_of_advertisement(row, 3, -60, 0, -1, row, &error), "frame");

  GOOD(gaen_key_ring_release(ring, NOW + 50000, NOW + 50000, false, &released, &error));
  GOOD(gaen_release_keys(released, &key, 1, &count, &error));
  assert(count == 0);
  GOOD(gaen_release_held(released, &held, 1, &count, &error));
  assert(count == 1 && !strcmp(held.reason, "embargo"));
  gaen_release_free(released);

  GOOD(gaen_key_ring_release(ring, NOW + 100000, NOW + 100000, false, &released, &error));
  GOOD(gaen_release_keys(released, &key, 1, &count, &error));
  assert(count == 1 && key.rolling_period == 144);
  GOOD(gaen_published_identifiers(key.key, key.rolling_start_interval_number, key.rolling_period, identifiers, &error));
  assert(!memcmp(identifiers + 16 * (sent.interval - key.rolling_start_interval_number), sent.identifier, 16));
  GOOD(gaen_published_metadata(key.key, sent.identifier, sent.metadata, metadata, &error));
  assert(metadata[0] == 0x40 && (int8_t)metadata[1] == -8);
  char *text;
  GOOD(gaen_release_check_json(released, -1, NOW + 100000, &text, &error));
  assert(strstr(text, "\"taken\": 1"));
  gaen_string_free(text);
  gaen_release_free(released);
  FAULT(gaen_published_identifiers(key.key, 0, 145, identifiers, &error), "window");
  FAULT(gaen_key_ring_broadcast(ring, UINT64_MAX, 0, &sent, &error), "time");
  GOOD(gaen_key_ring_purge(ring, NOW + 43200, &count, &error));
  assert(count == 0);
  gaen_key_ring_free(ring);
  const char *upload = "[{\"key\": \"c2hvcnQ=\", \"rollingStartNumber\": 2668464, \"rollingPeriod\": 144}]";
  GOOD(gaen_check_upload_json("keys.json", (const uint8_t *)upload, strlen(upload), -1, NOW, &text, &error));
  assert(strstr(text, "\"key_length\""));
  gaen_string_free(text);
  FAULT(gaen_check_upload_json("keys.json", (const uint8_t *)"{}", 2, -1, NOW, &text, &error), "upload");
  FAULT(gaen_kit_answer("{}", &text, &error), "request");
  GaenCount answers[8];
  GOOD(gaen_self_test(answers, 8, &count, &error));
  assert(count == 6 && !strcmp(answers[0].name, "official_vectors") && answers[0].count > 0 && *gaen_version());
}

#ifdef GAEN_STORE
static void stores(struct shared *all) {
  GaenStore *store, *other;
  GaenReport *report;
  GaenCounts counts;
  GaenBroadcast sent, again;
  GaenPurged purged;
  GaenImported imported;
  GaenRelease *released;
  FAULT(gaen_store_open_existing(in(folder, "none.db"), &store, &error), "missing");
  GOOD(gaen_store_open(in(folder, "gaen.db"), GAEN_PROFILE_GOOGLE, &store, &error));
  GOOD(gaen_store_insert(store, all->heard, &error));
  GOOD(gaen_store_search(store, all->files, all->trust, GAEN_CONTAINER_STRICT, NOW, NULL, NULL, &report, &error));
  three_answers(report, all->cocoa);
  gaen_report_free(report);
  GOOD(gaen_store_broadcast(store, NOW, -8, &sent, &error));
  gaen_store_free(store);

  GOOD(gaen_store_open_existing(in(folder, "gaen.db"), &store, &error));
  FAULT(gaen_store_open(in(folder, "gaen.db"), GAEN_PROFILE_APPLE_V1, &other, &error), "other_profile");
  FAULT(gaen_store_open(in(folder, "new.db"), 0, &other, &error), "unknown_value");
  GOOD(gaen_store_report(store, &report, &error));
  three_answers(report, all->cocoa);
  gaen_report_free(report);
  GOOD(gaen_store_broadcast(store, NOW + 1, -8, &again, &error));
  assert(!again.is_new_key && !memcmp(again.identifier, sent.identifier, 16));
  GOOD(gaen_store_release(store, NOW + 100000, NOW, false, &released, &error));
  gaen_release_free(released);
  FAULT(gaen_store_import(store, GAEN_IMPORT_MICRO_G, in(folder, "none.db"), &imported, &error), "not_importable");
  const char *missed[] = {[GAEN_IMPORT_MICRO_G] = "no table advertisements", [GAEN_IMPORT_RAMBLE] = "no table devices", [GAEN_IMPORT_GOOGLE] = ""};
  for (int source = GAEN_IMPORT_MICRO_G; source <= GAEN_IMPORT_RAMBLE; source++) {
    assert(gaen_store_import(store, source, in(folder, "gaen.db"), &imported, &error) == GAEN_STATUS_ERROR);
    assert(strstr(gaen_error_message(error), missed[source]) && (*missed[source] || !strstr(gaen_error_message(error), "table")));
    gaen_error_free(error), error = NULL;
  }

  uint8_t *backup;
  size_t size;
  uint64_t added;
  char *problems;
  const char *public_key = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
  const char *secret_key = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
  GOOD(gaen_store_back_up(store, GAEN_SECRET_KEY, public_key, &backup, &size, &error));
  GOOD(gaen_store_open(in(folder, "other.db"), GAEN_PROFILE_GOOGLE, &other, &error));
  GOOD(gaen_store_restore(other, GAEN_SECRET_KEY, secret_key, backup, size, &added, &error));
  GOOD(gaen_store_counts(other, &counts, &error));
  assert(added > 400 && counts.sightings == added && counts.awaited_files == 2 && counts.own_keys == 1);
  FAULT(gaen_store_restore(other, GAEN_SECRET_KEY, public_key, backup, size, &added, &error), "not_a_key");
  gaen_bytes_free(backup, size);
  FAULT(gaen_store_back_up(store, GAEN_SECRET_PASSPHRASE, "", &backup, &size, &error), "empty_passphrase");
  assert(!backup && !size);
  gaen_store_free(other);

  FAULT(gaen_store_purge(store, NOW + 90 * 86400, false, &purged, &error), "clock_jumped");
  GOOD(gaen_store_purge(store, NOW + 90 * 86400, true, &purged, &error));
  assert(purged.sightings > 400 && purged.is_overwritten);
  GOOD(gaen_store_clear_own_keys(store, &error));
  GOOD(gaen_store_check(store, &problems, &error));
  assert(!*problems);
  gaen_string_free(problems);
  gaen_store_free(store);
}
#endif

/* Null and numbers without a name, where a handle or a name is needed. Frees take null. */
static void nulls(struct shared *all) {
  GaenReport *report;
  GaenConfiguration *configuration;
  GaenSummary summary;
  HANDS_OUT_NULL(report, NULLS(gaen_search(NULL, all->heard, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &error)));
  HANDS_OUT_NULL(report, NULLS(gaen_search(all->files, NULL, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &error)));
  HANDS_OUT_NULL(report, NULLS(gaen_search(all->files, all->heard, NULL, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &error)));
  NULLS(gaen_search(all->files, all->heard, all->trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, NULL, &error));
  HANDS_OUT_NULL(report, FAULT(gaen_search(all->files, all->heard, all->trust, 0, GAEN_CONTAINER_STRICT, NULL, NULL, &report, &error), "unknown_value"));
  HANDS_OUT_NULL(report, FAULT(gaen_search(all->files, all->heard, all->trust, GAEN_PROFILE_GOOGLE, 9, NULL, NULL, &report, &error), "unknown_value"));
  NULLS(gaen_report_summary(NULL, &summary, &error));
  HANDS_OUT_NULL(configuration, NULLS(gaen_configuration_preset(NULL, GAEN_PROFILE_GOOGLE, &configuration, &error)));
  HANDS_OUT_NULL(configuration, FAULT(gaen_configuration_preset("germany", GAEN_PROFILE_GOOGLE, &configuration, &error), "unknown_preset"));
  HANDS_OUT_NULL(configuration, FAULT(gaen_configuration_preset("\xff", GAEN_PROFILE_GOOGLE, &configuration, &error), "utf8"));
  HANDS_OUT_NULL(configuration, BAD(gaen_configuration_read("a.json", (const uint8_t *)"{", 1, GAEN_PROFILE_GOOGLE, &configuration, &error), GAEN_STATUS_ERROR, "not_json"));
  /* Nobody asks for the error. */
  assert(gaen_report_summary(NULL, &summary, NULL) == GAEN_STATUS_NULL_POINTER);
  assert(!gaen_error_code(NULL) && !gaen_error_message(NULL));
  gaen_error_free(NULL), gaen_report_free(NULL), gaen_trust_free(NULL), gaen_files_free(NULL), gaen_sightings_free(NULL);
  gaen_configuration_free(NULL), gaen_key_ring_free(NULL), gaen_release_free(NULL), gaen_string_free(NULL);
#ifdef GAEN_STORE
  gaen_store_free(NULL), gaen_bytes_free(NULL, 0);
#endif
}

int main(int argc, char **argv) {
  assert(argc == 4);
  snprintf(demo, sizeof demo, "%s", argv[1]);
  snprintf(folder, sizeof folder, "%s", argv[3]);
  struct shared all = {.files = both_days(), .trust = trusted()};
  size_t size;
  uint8_t *rows = read_file(argv[2], &size);
  GOOD(gaen_sightings_from_rows(rows, size, &all.heard, &error));
  free(rows);
  GOOD(gaen_configuration_preset("cocoa-v2", GAEN_PROFILE_GOOGLE, &all.cocoa, &error));
  GOOD(gaen_key_ring_new(&all.ring, &error));
  threads(&all);
  reports(&all);
  sightings();
  own_keys();
#ifdef GAEN_STORE
  stores(&all);
#endif
  nulls(&all);
  gaen_key_ring_free(all.ring);
  gaen_configuration_free(all.cocoa);
  gaen_sightings_free(all.heard);
  gaen_trust_free(all.trust);
  gaen_files_free(all.files);
  puts("9 matches, 4 kinds of dropped sightings, notify; and every wrong call is named");
  return 0;
}
