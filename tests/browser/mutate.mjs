// Shows that the scenarios can fail: plays them against mutants of prototypes and of their own terms, and counts those
// that are caught: node mutate.mjs [--sample N] [--seed N] [--floor PERCENT] [--verbose] FOLDER...
//
// In: folders with `prototype.html` files. A mutant alters the compiled prototype or one scenario's terms, never both
// (mutants.mjs). It is caught when a scenario that passes without it no longer passes. Mutants that no scenario
// reaches are told apart, and so are those listed by hand as equivalent, with the reason (equivalent.json).
// Out: caught and total of each class. Exit code 1 when a class is below the floor, 2 when nothing was tried.
//
// Cost: about the time of one play for a mutant of a prototype, of one scenario for one of terms. `--sample` takes that
// many prototypes, chosen by `--seed`.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { PROGRAM, ofTerms } from './mutants.mjs';

const options = { sample: Infinity, seed: 1, floor: 90, isVerbose: false, folders: [] };
for (let rest = process.argv.slice(2); rest.length; rest = rest.slice(1)) {
  if (rest[0] === '--verbose') options.isVerbose = true;
  else if (['--sample', '--seed', '--floor'].includes(rest[0])) { options[rest[0].slice(2)] = Number(rest[1]); rest = rest.slice(1); } else options.folders.push(rest[0]);
}
const EQUIVALENT = JSON.parse(readFileSync(new URL('./equivalent.json', import.meta.url), 'utf8'));

/** A repeatable order that depends on the seed alone (Park and Miller's generator). */
function drawn(all, n, seed) {
  let x = seed * 48271 % 2147483647 || 1;
  const keyed = all.map((item) => { x = x * 48271 % 2147483647; return [x, item]; });
  return keyed.sort((a, b) => a[0] - b[0]).slice(0, n).map(([, item]) => item);
}
const found = options.folders.flatMap((folder) => readdirSync(folder, { recursive: true }).filter((name) => basename(name) === 'prototype.html').sort().map((name) => join(resolve(folder), name)));
const files = drawn(found, options.sample, options.seed);
if (!files.length) { console.error('mutation test: no prototype found; give folders made by the gallery example'); process.exit(2); }

const tally = new Map();
const survivors = [];
function note(file, group, name, verdict) {
  if (!tally.has(group)) tally.set(group, { caught: 0, total: 0, equivalent: 0, unreached: 0 });
  const row = tally.get(group);
  const where = basename(dirname(file)).replace(/-i[0-9a-z]{13}$/, '');
  if (verdict === 'unreached') { row.unreached += 1; return; }
  if (verdict === 'survived' && EQUIVALENT.some((e) => e.group === group && name.endsWith(e.name) && (!e.prototype || e.prototype === where))) { row.equivalent += 1; return; }
  row.total += 1;
  if (verdict === 'caught') row.caught += 1; else survivors.push(`${group}: ${where}: ${name}`);
}

const started = performance.now();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ offline: true, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });

/** Plays a prototype's text; the keys of scenarios that pass. */
async function played(page, html) {
  // A document of its own each time: setContent alone keeps the globals of the last.
  await page.goto('about:blank');
  await page.setContent(html);
  return page.evaluate(async () => ({ passed: (await window.throughline.playAll()).filter((r) => r.verdict === 'passed').map((r) => r.key), isHit: Boolean(window.isHit) }));
}

async function tryFile(page, file) {
  const html = readFileSync(file, 'utf8');
  const { passed } = await played(page, html);
  const terms = await page.evaluate(() => DATA.scenarios);
  for (const mutant of terms.filter((s) => passed.includes(s.key)).flatMap(ofTerms)) {
    const verdict = await page.evaluate(async (s) => (await play(s, 0)).verdict, mutant.scenario);
    note(file, mutant.group, mutant.name, verdict === 'passed' ? 'survived' : 'caught');
  }
  for (const { group, name, from, to } of PROGRAM) {
    const n = html.split(from).length - 1;
    if (n !== 1) throw new Error(`the mutant “${name}” finds its place ${n} times in ${file}; mend its text in mutants.mjs`);
    const answer = await played(page, html.replace(from, () => to).replace("'use strict';", () => "'use strict';\nfunction hit() { window.isHit = true; }\n"));
    note(file, group, name, !answer.isHit ? 'unreached' : passed.every((key) => answer.passed.includes(key)) ? 'survived' : 'caught');
  }
}

const queue = [...files];
await Promise.all([0, 1].map(async () => {
  const page = await context.newPage();
  for (let file = queue.shift(); file; file = queue.shift()) await tryFile(page, file);
}));
await browser.close();

let isBelow = false;
if (options.isVerbose) survivors.sort().forEach((line) => console.log(line));
for (const [group, row] of [...tally].sort()) {
  const share = row.total ? 100 * row.caught / row.total : 100;
  if (share < options.floor) isBelow = true;
  console.log(`${group.padEnd(12)} ${row.caught}/${row.total} caught (${share.toFixed(1)} %)${share < options.floor ? ' BELOW THE FLOOR' : ''}, ${row.equivalent} equivalent, ${row.unreached} not reached`);
}
console.log(`${files.length} of ${found.length} prototypes in ${((performance.now() - started) / 1000).toFixed(0)} s, seed ${options.seed}`);
process.exitCode = isBelow ? 1 : 0;
