/* The C side of the benchmark: `bench FOLDER` reads a name a line, does that work, and prints its answer. See run.py. */
#undef NDEBUG
#include <assert.h>
#include <gaen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int main(int argc, char **argv) {
  assert(argc == 2);
  size_t size, few, many, count;
  uint8_t *pem = read_file(argv[1], "key.pem", &size);
  uint8_t *rows = read_file(argv[1], "rows-10000.bin", &few), *more = read_file(argv[1], "rows-1000000.bin", &many);
  GaenTrust *trust;
  GaenFiles *files;
  GaenSightings *heard;
  assert(!gaen_trust_new(pem, size, "440", "v1", &trust, NULL));
  assert(!gaen_sightings_from_rows(rows, few, &heard, NULL));
  snprintf(path, sizeof path, "%s/keys.zip", argv[1]);
  assert(!gaen_files_new(&files, NULL) && !gaen_files_add_path(files, path, NULL));

  char work[16];
  while (fgets(work, sizeof work, stdin)) {
    if (!strcmp(work, "search\n")) {
      GaenReport *report;
      GaenSummary summary;
      assert(!gaen_search(files, heard, trust, GAEN_PROFILE_GOOGLE, GAEN_CONTAINER_STRICT, NULL, NULL, &report, NULL));
      assert(!gaen_report_summary(report, &summary, NULL));
      count = summary.matches;
      gaen_report_free(report);
    } else {
      assert(!strcmp(work, "index\n"));
      GaenSightings *index;
      assert(!gaen_sightings_from_rows(more, many, &index, NULL) && !gaen_sightings_count(index, &count, NULL));
      gaen_sightings_free(index);
    }
    printf("%zu\n", count);
    fflush(stdout);
  }
  gaen_files_free(files), gaen_sightings_free(heard), gaen_trust_free(trust);
  free(rows), free(more), free(pem);
  return 0;
}
