/* An app: it tests itself, hears, downloads, verifies, matches, decides, broadcasts and forgets.
   cc -std=c11 app.c $(pkg-config --cflags --libs gaen) -o app && ./app demo rows.bin gaen.db */
#include <gaen.h>
#include <stdio.h>
#include <stdlib.h>

static GaenError *error;

/* Ends the app with what a call says, if it failed. */
static void need(GaenStatus status) {
  if (status == GAEN_STATUS_OK) return;
  fprintf(stderr, "%s: %s\n", gaen_error_code(error), gaen_error_message(error));
  exit(1);
}

static unsigned char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  unsigned char *bytes = malloc(1 << 20);
  if (!file || !bytes) exit(2);
  *size = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  return bytes;
}

static int progress(const GaenProgress *at, void *searched) {
  *(size_t *)searched = at->file + 1;
  return GAEN_NEXT_CONTINUE; /* or GAEN_NEXT_STOP */
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  char path[4096];
  size_t size, searched = 0, answers;
  const uint64_t now = 1601251200; /* the phone's clock: 2020-09-28 00:00 UTC */

  /* When the app starts: does this build compute what it should? Whom does it trust? Where is its store? */
  need(gaen_self_test(NULL, 0, &answers, &error));
  snprintf(path, sizeof path, "%s/440-v1.pem", argv[1]);
  unsigned char *pem = read_file(path, &size);
  GaenTrust *trust;
  GaenStore *store;
  need(gaen_trust_new(pem, size, "440", "v1", &trust, &error));
  need(gaen_store_open(argv[3], GAEN_PROFILE_GOOGLE, &store, &error));

  /* After each scan of the radio: remember what was heard. It is on the disk when the call returns. */
  GaenSightings *heard;
  unsigned char *rows = read_file(argv[2], &size);
  need(gaen_sightings_from_rows(rows, size, &heard, &error));
  need(gaen_store_insert(store, heard, &error));

  /* Once a day: search all files that the server lists. The store skips what it has searched before. */
  GaenFiles *files;
  need(gaen_files_new(&files, &error));
  for (int day = 1; day <= 2; day++)
    snprintf(path, sizeof path, "%s/day-%d.zip", argv[1], day), need(gaen_files_add_path(files, path, &error));
  GaenReport *report;
  need(gaen_store_search(store, files, trust, GAEN_CONTAINER_STRICT, now, progress, &searched, &report, &error));

  /* Decide. "Not judged" is no "no". */
  GaenConfiguration *cocoa;
  GaenSummary summary;
  GaenJudgement judgement;
  need(gaen_configuration_preset("cocoa-v2", GAEN_PROFILE_GOOGLE, &cocoa, &error));
  need(gaen_report_summary(report, &summary, &error));
  need(gaen_report_verdict(report, cocoa, now, &judgement, &error));
  const char *words[] = {NULL, "notify", "do not notify", judgement.reason};
  printf("%zu files searched, %zu matches: %s\n", searched, summary.matches, words[judgement.verdict]);

  /* In every interval: what the radio sends. And once a day: forget what is 14 days old. */
  GaenBroadcast sent;
  GaenPurged purged;
  need(gaen_store_broadcast(store, now, -8, &sent, &error));
  need(gaen_store_purge(store, now, false, &purged, &error));
  printf("broadcast %zu bytes, again in %lld s\n", sizeof sent.ios_frame, (long long)(sent.until - (int64_t)now));

  gaen_configuration_free(cocoa), gaen_report_free(report), gaen_files_free(files), gaen_sightings_free(heard);
  gaen_store_free(store), gaen_trust_free(trust), free(rows), free(pem);
  return 0;
}
