// An app: `node app.mjs FOLDER` reads the files of a folder and says what they mean for one phone.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'gaen';

const { Desk } = await load();
const [folder] = process.argv.slice(2);
const desk = new Desk();
for (const name of readdirSync(folder).sort()) desk.add(name, readFileSync(path.join(folder, name)));

const settings = JSON.stringify({ now: 1601251200, rules: [{ preset: 'cocoa-v2' }] });
for (const { name, label, says } of JSON.parse(desk.overview(settings)).items) {
  console.log(`${name}: ${label}; ${says.join('; ')}`);
}
const { matches } = JSON.parse(desk.document('match', settings));
console.log(`${matches.length} matches`);
const { decision } = JSON.parse(desk.document('exposures', settings));
console.log(`verdict: ${decision.verdict}`);
