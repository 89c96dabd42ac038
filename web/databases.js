// Databases and backups: modules of their own read them, and the sightings take their place on the desk.

/** Reads every database on the desk that nothing is known against. A file beside it, named like it and `-wal`, is its log. */
export async function readDatabases(page, desk) {
  for (const item of page.overview.items.filter(({ kind }) => kind === "database")) {
    const log = page.overview.items.find(({ name }) => name === `${item.name}-wal`);
    const trouble = page.troubles.get(item.id);
    if (!trouble || (trouble.code === "log_missing" && log)) await readDatabase(page, desk, item, { log: log?.id });
  }
}

/**
 * Reads a database or a backup. `secret` opens a backup; `log` is the number of the file beside it, or `null` if there is
 * none. What keeps it from being read is said beside its name.
 */
export async function readDatabase(page, desk, item, { secret = undefined, log }) {
  page.troubles.delete(item.id);
  try {
    for (const { id, repaired, skipped } of await desk.readDatabase(item.id, page.language, secret, log)) {
      page.notes.set(id, { from: item.name, repaired, skipped });
    }
  } catch (error) {
    if (error.code === "cancelled") throw error;
    page.troubles.set(item.id, error);
  }
}

/** What became of a database's rows, in words. */
export function noteOf(note, words) {
  const skipped = Object.entries(note.skipped).map(([reason, rows]) => words.skipped(rows, words.skipReason[reason] ?? reason));
  return [words.fromDatabase(note.from), note.repaired > 0 && words.repaired(note.repaired), ...skipped].filter(Boolean);
}
