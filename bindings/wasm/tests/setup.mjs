// What the tests share: the package as it was built, the command, and the repository's files.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));
export const built = path.resolve(process.env.GAEN_PACKAGE ?? path.join(repository, 'bindings/wasm/pkg'));
export const gaen = await import(pathToFileURL(path.join(built, 'index.js')));
/** A quick build has no module for engines without `simd128`. */
export const hasPlainModule = existsSync(path.join(built, 'gaen.wasm'));
export const demo = path.join(repository, 'demo');

const target = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(repository, 'target'));
export const command = process.env.GAEN_COMMAND ?? path.join(target, 'debug/gaen');

/** What the command prints. Where a file is broken it ends with an error, and prints all the same. */
export function printed(folder, ...args) {
  const { stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (!stdout) throw new Error(`gaen ${args.join(' ')} prints nothing: ${stderr}`);
  return stdout;
}

/** A folder that goes away after the test. */
export function folder(test) {
  const made = mkdtempSync(path.join(tmpdir(), 'gaen-wasm-'));
  test.after(() => rmSync(made, { recursive: true }));
  return made;
}

/** A database, made by SQLite itself. A log that it leaves behind stays. */
export function database(file, sql) {
  const script = `
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.executescript(sys.stdin.read())
database.commit()
os._exit(0)`;
  execFileSync('python3', ['-c', script, file], { input: sql });
  return readFileSync(file);
}

/** What a call throws. */
export function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('the call threw nothing');
}

/** What is easily taken for bytes. */
export const notBytes = (buffer) => [
  buffer, new DataView(buffer), new Uint16Array(buffer.slice(0, 2)), new Blob([buffer]), [1, 2], 'text', 7, null, undefined, {},
];

/** A desk with these files of a folder. */
export function desk(Desk, from, names) {
  const made = new Desk();
  for (const name of names) made.add(name, readFileSync(path.join(from, name)));
  return made;
}
