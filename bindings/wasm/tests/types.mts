// A program in TypeScript that uses everything in the package. Nobody runs it: `package.test.mjs` has its types checked.
import { help, Helpers, load, loadBackup, loadSimulation, loadStore, moduleName } from 'gaen';
import type { Desk, DocumentKind, FoundSightings, GaenError, MadeUpFile, ModuleSource, Observer, Progress, TaskCarrier } from 'gaen';

const source: ModuleSource = new Uint8Array();
const name: 'gaen.wasm' | 'gaen-simd.wasm' = moduleName;
const { Desk: Made, selfTest } = await load();
const { simulated } = await loadSimulation(source);
const { sightingsOf } = await loadStore(source);
const { databaseOf } = await loadBackup(source);

selfTest();
const town: MadeUpFile[] = simulated(7n);
const desk: Desk = new Made();
const ids: number[] = town.map(({ name, content }) => desk.add(name, content));
const isGone: boolean = desk.remove(ids[0] ?? 0);

const parts: number[] = [];
const observer: Observer = ({ file, files, bytes, totalBytes, keys }: Progress) => {
  parts.push(file / files, bytes / totalBytes, keys);
};
const kinds: DocumentKind[] = ['match', 'exposures', 'explain', 'log', 'judge', 'inspect', 'lint'];
const texts: string[] = [
  desk.overview('{}'),
  desk.report('{}'),
  desk.report('{}', observer),
  ...kinds.flatMap((kind) => [desk.document(kind, '{}'), desk.shown(kind, '{}', ids[1], () => false)]),
];
const { port1, port2 } = new MessageChannel();
help(port2);
help(port2, source);
const none: TaskCarrier = { places: 0, begin() {}, give: () => false, hasAnswered: () => false, answer: () => undefined, end() {} };
const carriers: TaskCarrier[] = [none, new Helpers([port1]), new Helpers([port1, port1], { patience: 100 })];
for (const carrier of carriers) desk.helpedBy(carrier);
desk.free();

const database: Uint8Array = databaseOf(new Uint8Array(), 'en', 'a passphrase');
const found: FoundSightings[] = sightingsOf(database, 'ja', new Uint8Array()).concat(sightingsOf(database, 'en'));
const skipped: number[] = found.flatMap(({ skipped }) => Object.values(skipped));
const said = (error: GaenError): string => `${error.code}: ${error.message}`;

// @ts-expect-error: there is no such document.
desk.document('novel', '{}');
// @ts-expect-error: a file is bytes.
desk.add('a.zip', 'text');
// @ts-expect-error: there is no such language.
sightingsOf(new Uint8Array(), 'de');
// @ts-expect-error: a backup needs a secret.
databaseOf(new Uint8Array(), 'en');
// @ts-expect-error: a seed is a bigint.
simulated(7);

export { isGone, name, said, skipped, texts };
