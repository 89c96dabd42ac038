/* Answers requests, one a line on standard input, one answer a line on standard output: see driver.py. */
#include <gaen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static GaenError *error;

/* Ends the program with what a call says, if it failed. */
static void need(GaenStatus status) {
  if (status == GAEN_STATUS_OK) return;
  fprintf(stderr, "%s: %s\n", gaen_error_code(error), gaen_error_message(error));
  gaen_error_free(error);
  exit(1);
}

static void unhex(const char *text, uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    unsigned value;
    if (sscanf(text + 2 * i, "%2x", &value) != 1) exit(3);
    bytes[i] = (uint8_t)value;
  }
}

static void hex(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) printf("%02x", bytes[i]);
}

static void vector(char **fields) {
  uint8_t key[16], encrypted[4], metadata[4], identifiers[144 * 16];
  unhex(fields[1], key, 16);
  unhex(fields[4], encrypted, 4);
  need(gaen_published_identifiers(key, atoll(fields[2]), 144, identifiers, &error));
  const uint8_t *identifier = identifiers + 16 * atoll(fields[3]);
  need(gaen_published_metadata(key, identifier, encrypted, metadata, &error));
  hex(identifier, 16);
  putchar(' ');
  hex(metadata, 4);
  putchar('\n');
}

/* The signs that JSON knows only escaped. */
static void quoted(const char *text) {
  putchar('"');
  for (; *text; text++) {
    if ((unsigned char)*text < ' ') printf("\\u%04x", (unsigned)*text);
    else if (*text == '"' || *text == '\\') printf("\\%c", *text);
    else putchar(*text);
  }
  putchar('"');
}

static void counts(const char *name, const GaenCount *rows, size_t count) {
  printf(", \"%s\": {", name);
  for (size_t i = 0; i < count; i++) printf("%s\"%s\": %llu", i ? ", " : "", rows[i].name, (unsigned long long)rows[i].count);
  putchar('}');
}

static GaenTrust *trusted(char **fields, size_t count) {
  GaenTrust *trust = NULL;
  for (size_t i = 5; i + 3 < count; i += 4) {
    for (char *sign = fields[i + 3]; *sign; sign++) *sign = *sign == '|' ? '\n' : *sign;
    const uint8_t *pem = (const uint8_t *)fields[i + 3];
    size_t size = strlen(fields[i + 3]);
    if (!strcmp(fields[i], "new")) need(gaen_trust_new(pem, size, fields[i + 1], fields[i + 2], &trust, &error));
    else if (!strcmp(fields[i], "or")) need(gaen_trust_or(trust, pem, size, fields[i + 1], fields[i + 2], &error));
    else need(gaen_trust_and(trust, pem, size, fields[i + 1], fields[i + 2], &error));
  }
  if (atoi(fields[4])) need(gaen_trust_accept_raw_signatures(trust, &error));
  return trust;
}

static void read_export(char **fields, size_t count) {
  GaenTrust *trust = trusted(fields, count);
  GaenFiles *files;
  GaenSightings *nobody;
  GaenReport *report;
  need(gaen_files_new(&files, &error));
  need(gaen_files_add_path(files, fields[1], &error));
  need(gaen_sightings_none(&nobody, &error));
  int container = strcmp(fields[2], "tolerant") ? GAEN_CONTAINER_STRICT : GAEN_CONTAINER_TOLERANT;
  int profile = strcmp(fields[3], "apple") ? GAEN_PROFILE_GOOGLE : GAEN_PROFILE_APPLE_V1;
  need(gaen_search(files, nobody, trust, profile, container, NULL, NULL, &report, &error));
  GaenFileOutcome file;
  need(gaen_report_file(report, 0, &file, &error));
  if (file.status == GAEN_FILE_STATUS_REJECTED) {
    printf("{\"error\": \"%s\", \"message\": ", file.error_code);
    quoted(file.error);
  } else {
    GaenCount rows[32];
    size_t kinds;
    printf("{\"error\": null, \"keys\": %llu, \"revised_keys\": %llu", (unsigned long long)file.keys, (unsigned long long)file.revised_keys);
    need(gaen_report_skipped_keys(report, 0, rows, 32, &kinds, &error));
    counts("skipped_keys", rows, kinds);
    need(gaen_report_ignored_values(report, 0, rows, 32, &kinds, &error));
    counts("ignored_values", rows, kinds);
  }
  puts("}");
  gaen_report_free(report);
  gaen_sightings_free(nobody);
  gaen_files_free(files);
  gaen_trust_free(trust);
}

static void kit(const char *request) {
  char *answer;
  need(gaen_kit_answer(request, &answer, &error));
  puts(answer);
  gaen_string_free(answer);
}

int main(void) {
  static char line[1 << 16];
  while (fgets(line, sizeof line, stdin)) {
    char *fields[64];
    size_t count = 0;
    line[strcspn(line, "\n")] = 0;
    for (char *field = line; field && count < 64; count++) {
      fields[count] = field;
      if ((field = strchr(field, '\t'))) *field++ = 0;
    }
    if (!strcmp(fields[0], "vector") && count == 5) vector(fields);
    else if (!strcmp(fields[0], "read") && count > 5) read_export(fields, count);
    else if (!strcmp(fields[0], "kit") && count == 2) kit(fields[1]);
    else return 2;
    fflush(stdout);
  }
  return 0;
}
