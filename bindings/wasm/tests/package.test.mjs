// What `npm pack` would publish.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { built, folder, hasPlainModule, repository } from './setup.mjs';

/** Puts the package where npm installs it. */
function install(at) {
  const options = { cwd: at, encoding: 'utf8' };
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', built], options));
  mkdirSync(path.join(at, 'node_modules/gaen'), { recursive: true });
  execFileSync('tar', ['-xzf', packed.filename, '-C', 'node_modules/gaen', '--strip-components', '1'], options);
  return packed.files.map((file) => file.path).sort();
}

test('the package holds the modules, their JavaScript and types, and works where it is installed', (t) => {
  const at = folder(t);
  assert.deepEqual(install(at), [
    'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'gaen-backup.d.ts', 'gaen-backup.js', 'gaen-backup.wasm', 'gaen-simd.wasm',
    'gaen-simulation.d.ts', 'gaen-simulation.js',
    'gaen-simulation.wasm', 'gaen-store.d.ts', 'gaen-store.js', 'gaen-store.wasm', 'gaen.d.ts', 'gaen.js', ...(hasPlainModule ? ['gaen.wasm'] : []), 'helpers.d.ts', 'helpers.js', 'index.d.ts', 'index.js', 'package.json',
  ]);
  writeFileSync(path.join(at, 'app.mjs'), readFileSync(path.join(repository, 'bindings/wasm/examples/app.mjs')));
  const printed = execFileSync('node', ['app.mjs', path.join(repository, 'demo')], { cwd: at, encoding: 'utf8' });
  assert.match(printed, /^verdict: notify$/m);
  const guide = readFileSync(path.join(repository, 'guide/src/node.md'), 'utf8');
  assert.ok(guide.includes(`$ node app.mjs demo\n${printed}\`\`\``), `the guide shows something else than: ${printed}`);
});

test('its types hold in a strict program that uses every function', (t) => {
  const at = folder(t);
  install(at);
  const program = readFileSync(path.join(repository, 'bindings/wasm/tests/types.mts'), 'utf8');
  const declared = ['index.d.ts', 'gaen.d.ts', 'gaen-backup.d.ts', 'gaen-simulation.d.ts', 'gaen-store.d.ts', 'helpers.d.ts'].map((name) => readFileSync(path.join(built, name), 'utf8')).join('\n');
  // Only `help` calls these.
  const functions = declared.replace(/^export class Helper \{[^]*?^\}/m, '').matchAll(/^(?:export (?:function|class) |    )(\w+)(?: \{|\()/gm);
  const unused = [...functions].map(([, name]) => name).filter((name) => !['constructor', 'initSync', 'helpThrough'].includes(name) && !new RegExp(`\\b${name}\\b`).test(program));
  assert.deepEqual(unused, []);
  writeFileSync(path.join(at, 'types.mts'), program);
  writeFileSync(path.join(at, 'package.json'), '{"type": "module"}');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom', 'types.mts'];
  const { status, stdout, stderr } = spawnSync(path.join(repository, '.ci/typescript'), options, { cwd: at, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('its version is that of the library, and it names no path of the machine that built it', () => {
  const { version } = JSON.parse(readFileSync(path.join(built, 'package.json'), 'utf8'));
  const cargo = readFileSync(path.join(repository, 'Cargo.toml'), 'utf8');
  assert.equal(version, cargo.match(/\[workspace\.package\]\nversion = "(.*)"/)[1]);
  for (const name of readdirSync(built).filter((name) => name.endsWith('.wasm'))) {
    const text = readFileSync(path.join(built, name), 'latin1');
    assert.ok(!text.includes(repository) && !text.includes('/.cargo/registry'), `${name} names a path of this machine`);
  }
});
