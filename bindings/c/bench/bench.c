#define _POSIX_C_SOURCE 199309L
/* The C side of the benchmark: bench FOLDER ROUNDS. run.py makes the folder, runs both sides in turns and compares. */
#undef NDEBUG
#include <assert.h>
#include <gaen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char path[4096];

static uint8_t *read_file(const char *folder, const char *name, size_t *size) {
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  assert(file && !fseek(file, 0, SEEK_END));
  *size = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*size);
  assert(bytes && fread(bytes, 1, *size, file) == *size);
  fclose(file);
  return bytes;
}

/* Nanoseconds of a clock that only goes on. */
static long long now(void) {
  struct timespec at;
  assert(!clock_gettime(CLOCK_MONOTONIC, &at));
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

int main(int argc, char **argv) {
  assert(argc == 3);
  size_t size, few, many, count;
  uint8_t *pem = read_file(argv[1], "key.pem", &size);
  uint8_t *rows = read_file(argv[1], "rows-10000.bin", &few), *more = read_file(argv[1], "rows-1000000.bin", &many);
  GaenTrust *trust;
  GaenFiles *files;
  GaenSightings *heard;
  GaenReport *report;
  GaenSummary summary;
  GaenFileOutcome file;
  assert(!gaen_trust_new(pem, size, "440", "v1", &trust, NULL));
  assert(!gaen_sightings_from_rows(rows, few, &heard, NULL));
  snprintf(path, sizeof path, "%s/keys.zip", argv[1]);
  assert(!gaen_files_new(&files, NULL) && !gaen_files_add_path(files, path, NULL));

  for (int round = 0; round < atoi(argv[2]); round++) {
    long long start = now();
    assert(!gaen_search(files, heard, trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, NULL));
    long long scanned = now() - start;
    assert(!gaen_report_summary(report, &summary, NULL) && summary.matches == 20);
    assert(!gaen_report_file(report, 0, &file, NULL) && file.keys == 100000);
    gaen_report_free(report);

    GaenSightings *index;
    start = now();
    assert(!gaen_sightings_from_rows(more, many, &index, NULL));
    long long indexed = now() - start;
    assert(!gaen_sightings_count(index, &count, NULL) && count == 1000000);
    gaen_sightings_free(index);
    printf("%lld %lld\n", scanned, indexed);
    fflush(stdout);
  }
  gaen_files_free(files), gaen_sightings_free(heard), gaen_trust_free(trust);
  free(rows), free(more), free(pem);
  return 0;
}
