// Shows that the scenarios of the prototypes can fail: makes mutants, plays the scenarios against each, and prints how
// many were noticed in each class: node mutate.mjs [--sample N] [--seed N] [--class NAME] [--list] FOLDER...
//
// A mutant alters the compiled product (a place in its scripts) or the terms of one scenario, never both. A mutant of
// the product is noticed when a scenario that passed before fails; it is shown to prototypes whose scenarios run that
// place (the browser's own coverage tells), until one notices. One in a place that no scenario runs is not noticed.
// A mutant of terms is noticed when its own scenario fails.
//
// In: folders with `prototype.html` files at any depth. Out: figures, the mutants that nobody noticed, and exit code 1
// when a class is below 90 %. Mutants that change nothing anybody could see are listed with the reason in
// `equivalent.txt` and are not counted; a line there that fits no mutant is an error.
// Cost: about a quarter of a second for each prototype a mutant is shown to.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/** Least share that must be noticed in each class. */
const FLOOR = 0.9;
/** A mutant may loop for ever; this ends it, and counts as noticed. */
const PLAY_TIMEOUT_MS = 60000;
/** Prototypes that a mutant is shown to before it counts as unnoticed. */
const MOST_SHOWN = 30;

const options = { sample: Infinity, seed: 1, class: '', isList: false, folders: [] };
for (let rest = process.argv.slice(2); rest.length; rest = rest.slice(1)) {
  if (rest[0] === '--list') options.isList = true;
  else if (['--sample', '--seed', '--class'].includes(rest[0])) { const name = rest[0].slice(2); options[name] = name === 'class' ? rest[1] : Number(rest[1]); rest = rest.slice(1); } else options.folders.push(rest[0]);
}
const here = dirname(fileURLToPath(import.meta.url));
const files = options.folders.flatMap((folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('prototype.html')).sort().map((name) => resolve(folder, name)));
if (!files.length) {
  console.error('mutation test: no prototype found; give folders made by the gallery example');
  process.exit(2);
}

// ---------------------------------------------------------------- prototypes

const DATA_MARK = '<script type="application/json" id="data">';
/** A page as its parts: data, and the scripts that the mutants of the product alter. */
function read(path) {
  const html = readFileSync(path, 'utf8');
  const from = html.indexOf(DATA_MARK) + DATA_MARK.length;
  const to = html.indexOf('</script>', from);
  const data = JSON.parse(html.slice(from, to));
  return { path, html, from, to, data, frames: [...new Set(data.stories.map((s) => s.frame))] };
}
const pages = files.map(read);
const first = pages[0];
const SCRIPT = first.html.slice(first.to);

// ---------------------------------------------------------------- mutants of the product

/** Only what belongs to the product is altered; what plays scenarios and shows them is the measure. */
const PRODUCT_END = SCRIPT.indexOf('// Plays acceptance scenarios on the prototype');
/** Each rule: class, what is looked for, what stands in its place. */
const RULES = [
  ['effect', /\bcommit\((?='|act)/g, (m) => `((a, w, c, o) => commit(a, w, () => {}, o))(`],
  ['effect', /\b(S|r|o|a)\.(\w+)\.(push|unshift)\(/g, (m) => `[].${m[3]}(`],
  ['permission', /(?<!function )\bmay\((?=')/g, () => '!may('],
  ['permission', /S\.role === 'reader'/g, () => "S.role !== 'reader'"],
  ['permission', /(?<!const )\bisAdmin\(\)/g, () => '!isAdmin()'],
  ['limit', /const (MOST_\w+|PAGE) = (\d+);/g, (m) => `const ${m[1]} = ${Number(m[2]) + 1};`],
  ['limit', /if \(S\.atLimit\)/g, () => 'if (!S.atLimit)'],
  ['limit', /(S\.\w+(?:\.\w+)*|rows\.length|left|n|k|round|ids\.length) (>=|<=|>|<) (?=S\.cap|MOST_\w+|[\d]+\b)/g, (m) => `${m[1]} ${{ '>=': '>', '>': '>=', '<=': '<', '<': '<=' }[m[2]]} `],
  ['error', /\bsay\('(failed|clash|invalid|partial|already|locked|needed|overdue)'/g, (m) => `((...a) => {})('${m[1]}'`],
  ['error', /if \(S\.isDown\)/g, () => 'if (false)'],
  ['error', /data-told="(failed|denied|busy)"/g, () => 'data-hush=""'],
  ['state', /data-shows="(?!list|count|detail)([\w-]+)"/g, (m) => `style="display:none" ${m[0]}`],
  ['state', /(\w+)\.flags\.(?!touched)(\w+) = (true|false|yes|!yes|value)/g, (m) => `${m[1]}.flags.${m[2]} = ${m[1]}.flags.${m[2]}`],
  ['count', /(\w+(?:\.\w+)*\.length)(?=\}|\.toLocale| of )/g, (m) => `(${m[1]} + 1)`],
  ['count', /\b(S|r|a)\.(runs|comments|files|box)\.(push|unshift)\((\{[^{}]*\}|[^{}()]*)\)/g, (m) => `${m[1]}.${m[2]}.${m[3]}(${m[4]}, ${m[4]})`],
  ['count', /\.slice\(0, ([a-z]\w*)\)(?=\.forEach|;| :)/g, (m) => `.slice(0, ${m[1]} - 1)`],
  ['copy', /\bsay\('(denied|failed|limit|invalid|empty|partial|needed|background|clash|overdue|already|locked)', (`(?:[^`\\$]|\\.|\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\})*`|'(?:[^'\\]|\\.)*')/g, (m) => `say('${m[1]}', 'Hello there'`],
  ['copy', /\bdone: (`(?:[^`\\$]|\\.|\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\})*`)/g, () => "done: 'hello there'"],
];

/** The entry of ACTS that a place stands in, or nothing for shared code. */
function frameAt(at) {
  const acts = SCRIPT.indexOf('const ACTS = {');
  const end = SCRIPT.indexOf('\nconst FAULT = {');
  if (at < acts || at > end) return null;
  const heads = [...SCRIPT.slice(acts, at).matchAll(/\n {2}(\w+): \{/g)];
  return heads.at(-1)?.[1] ?? null;
}
const lineAt = (at) => SCRIPT.slice(0, at).split('\n').length;

function productMutants() {
  const out = [];
  for (const [kind, pattern, change] of RULES) {
    for (const m of SCRIPT.slice(0, PRODUCT_END).matchAll(pattern)) {
      const text = SCRIPT.slice(0, m.index) + change(m) + SCRIPT.slice(m.index + m[0].length);
      const frame = frameAt(m.index);
      const around = SCRIPT.slice(Math.max(0, m.index - 30), m.index + m[0].length + 70).replace(/\s+/g, ' ');
      out.push({ kind: `product ${kind}`, name: `${frame ?? 'shared'}: ${around}`, frame, at: m.index + m[0].length - 1, script: text, line: lineAt(m.index) });
    }
  }
  return out;
}

// ---------------------------------------------------------------- mutants of terms

const TOLD = ['done', 'denied', 'limit', 'failed', 'empty', 'partial'];
const lines = (s) => [...s.given.map((l, i) => ['given', i, l]), ['when', 0, s.when], ...s.then.map((l, i) => ['then', i, l])];
/** The calls that set the stage; a scenario without one has a stage of its own. */
const isNumber = (text) => /^-?\d+$/.test(text);

function termMutants() {
  const out = [];
  const seen = new Set();
  for (const page of pages) {
    for (const s of page.data.scenarios) {
      const story = page.data.stories.find((x) => x.key === s.story);
      const add = (kind, name, change) => {
        const id = `${kind} ${story.frame} ${s.title} ${name}`;
        if (seen.has(id)) return;
        seen.add(id);
        const copy = structuredClone(s);
        change(copy);
        out.push({ kind: `term ${kind}`, name: `${story.frame}: ${s.title}: ${name}`, page, scenario: copy });
      };
      for (const [part, i, line] of lines(s)) {
        const at = (copy) => (part === 'when' ? copy.when : copy[part][i]);
        line.calls.forEach((call, c) => {
          call.args.forEach((arg, a) => {
            const isStated = part === 'then' || new RegExp(`\\b${arg}(st|th)?\\b(?! days)`).test(line.text.replaceAll(',', ''));
            if (isNumber(arg) && isStated && !['within', 'arrives', 'quick'].includes(call.verb)) add('number', `${part} ${call.verb} ${arg} becomes ${Number(arg) + 1}`, (copy) => { at(copy).calls[c].args[a] = String(Number(arg) + 1); });
          });
          if (['may', 'lead'].includes(call.verb)) add('role', `${call.verb} becomes deny`, (copy) => { at(copy).calls[c] = { verb: 'deny', args: [] }; });
          if (['deny', 'reader'].includes(call.verb)) add('role', `${call.verb} becomes lead`, (copy) => { at(copy).calls[c] = { verb: 'lead', args: [] }; });
          if (call.verb === 'told') add('verb', `told ${call.args[0]} becomes another`, (copy) => { at(copy).calls[c].args[0] = TOLD[(TOLD.indexOf(call.args[0]) + 1) % TOLD.length]; });
          if (part === 'then' && ['sees', 'offers'].includes(call.verb)) add('verb', `${call.verb} ${call.args[0]} becomes lacks`, (copy) => { at(copy).calls[c].verb = call.verb === 'sees' ? 'unseen' : 'lacks'; });
          if (part === 'then' && call.verb === 'same') add('verb', 'same becomes more 1', (copy) => { at(copy).calls[c] = { verb: 'more', args: ['1'] }; });
          if (part === 'when') add('verb', `${call.verb} is not done`, (copy) => { at(copy).calls[c] = { verb: 'wait', args: [] }; });
          if (part === 'given' && !['seed', 'may', 'empty'].includes(call.verb)) add('given', `without ${call.verb} ${call.args.join(' ')}`.trim(), (copy) => { at(copy).calls[c] = { verb: 'wait', args: [] }; });
        });
      }
    }
  }
  return out;
}

// ---------------------------------------------------------------- play

/** A small generator of its own, so that a sample is the same on every machine. */
function shuffled(list, seed) {
  let x = (seed * 2654435761) >>> 0 || 1;
  const next = () => { x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0; return x / 2 ** 32; };
  const out = [...list];
  for (let i = out.length - 1; i > 0; i -= 1) { const j = Math.floor(next() * (i + 1)); [out[i], out[j]] = [out[j], out[i]]; }
  return out;
}

const equivalents = readFileSync(join(here, 'equivalent.txt'), 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((line) => { const [pattern, reason] = line.split(' :: '); return { pattern, reason, n: 0 }; });
if (equivalents.some((e) => !e.reason)) { console.error('equivalent.txt: a line has no reason'); process.exit(2); }
const all = [...productMutants(), ...termMutants()].filter((m) => m.kind.includes(options.class));
const isEquivalent = (m) => { const e = equivalents.find((x) => `${m.kind}: ${m.name}`.includes(x.pattern)); if (e) e.n += 1; return Boolean(e); };
const counted = all.filter((m) => !isEquivalent(m));
if (!options.class) for (const e of equivalents.filter((x) => x.n === 0)) { console.error(`equivalent.txt: “${e.pattern}” fits no mutant`); process.exitCode = 1; }
if (options.isList) { for (const m of all) console.log(`${m.kind}: ${m.name}`); process.exit(); }
const kinds = [...new Set(counted.map((m) => m.kind))];
const chosen = kinds.flatMap((kind) => shuffled(counted.filter((m) => m.kind === kind), options.seed).slice(0, options.sample));

const work = mkdtempSync(join(tmpdir(), 'mutate-'));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const context = await browser.newContext({ offline: true, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', acceptDownloads: false });

/** Runs `inside` on a page of its own; what breaks or takes too long counts as noticed and gives `otherwise`. */
async function visit(tab, html, inside, argument, otherwise) {
  const path = join(work, `${tab.n}.html`);
  writeFileSync(path, html);
  let isBroken = false;
  const onError = () => { isBroken = true; };
  let timer;
  tab.page.on('pageerror', onError);
  try {
    await tab.page.goto(pathToFileURL(path).href);
    const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error('too long')), PLAY_TIMEOUT_MS); });
    const seen = await Promise.race([tab.page.evaluate(inside, argument), late]);
    return isBroken ? otherwise : seen;
  } catch {
    await tab.page.close().catch(() => {});
    tab.page = await context.newPage();
    return otherwise;
  } finally {
    clearTimeout(timer);
    tab.page.off('pageerror', onError);
  }
}
/** The first scenario of a page that does not pass, or nothing. */
const firstFailure = async () => { for (const s of DATA.scenarios) if ((await play(s, 0)).verdict !== 'passed') return s.key; return null; };
/** For each altered scenario, whether it does not pass. */
const altered = async (scenarios) => { const out = []; for (const s of scenarios) out.push((await play(s, 0)).verdict !== 'passed'); return out; };

const started = performance.now();
const tally = new Map(kinds.map((kind) => [kind, { caught: 0, total: 0, unreached: 0 }]));
const unnoticed = [];
const tabs = await Promise.all([0, 1].map(async (n) => ({ n, page: await context.newPage() })));
const order = shuffled(pages, options.seed);
const note = (m, isNoticed) => {
  const kind = tally.get(m.kind);
  kind.total += 1;
  if (isNoticed) kind.caught += 1;
  else unnoticed.push(`${m.kind}: ${m.name}${m.line ? ` (line ${m.line})` : ''}`);
};
/** Plays a page and notes which places of the scripts ran. */
async function learn(tab, page) {
  await tab.page.coverage.startJSCoverage({ resetOnNavigation: false });
  const failure = await visit(tab, page.html, firstFailure, null, 'broke');
  if (failure) { console.error(`mutation test: ${page.path} does not pass unaltered: ${failure}`); process.exitCode = 2; }
  const entry = (await tab.page.coverage.stopJSCoverage()).find((e) => e.source?.includes('const ACTS = {'));
  const shift = SCRIPT.indexOf(entry.source);
  const ranges = entry.functions.flatMap((f) => f.ranges);
  page.runs = (at) => {
    const inside = ranges.filter((r) => r.startOffset <= at - shift && at - shift < r.endOffset);
    return inside.length > 0 && inside.reduce((a, b) => (b.endOffset - b.startOffset < a.endOffset - a.startOffset ? b : a)).count > 0;
  };
}
async function tryProduct(tab, m) {
  const reach = order.filter((page) => page.runs(m.at));
  if (!reach.length) { tally.get(m.kind).unreached += 1; return note(m, false); }
  // The prototype of a capability first; that of waiting last, because it lists ten thousand records.
  const cost = (page) => (m.frame && page.frames.includes(m.frame) ? 0 : page.frames.includes('performance') ? 2 : 1);
  const shown = reach.sort((a, b) => cost(a) - cost(b)).slice(0, m.kind === 'product limit' ? pages.length : MOST_SHOWN);
  for (const page of shown) if (await visit(tab, page.html.slice(0, page.to) + m.script, firstFailure, null, 'broke')) return note(m, true);
  return note(m, false);
}
/** A page unaltered, then every altered scenario of it; a page that fails unaltered measures nothing. */
async function tryTerms(tab, page, mutants) {
  const scenarios = mutants.map((m) => m.scenario);
  const failure = await visit(tab, page.html, firstFailure, null, 'broke');
  if (failure) { console.error(`mutation test: ${page.path} does not pass unaltered: ${failure}`); process.exitCode = 2; return; }
  const noticed = await visit(tab, page.html, altered, scenarios, null);
  if (!noticed) { console.error(`mutation test: ${page.path} broke while altered scenarios were played`); process.exitCode = 2; return; }
  mutants.forEach((m, i) => note(m, noticed[i]));
}
const hasProduct = chosen.some((m) => !m.scenario);
if (hasProduct) {
  const unlearnt = [...pages];
  await Promise.all(tabs.map(async (tab) => { for (let page = unlearnt.shift(); page; page = unlearnt.shift()) await learn(tab, page); }));
}
const queue = [
  ...order.map((page) => [page, chosen.filter((m) => m.page === page)]).filter(([, mutants]) => mutants.length).map(([page, mutants]) => (tab) => tryTerms(tab, page, mutants)),
  ...chosen.filter((m) => !m.scenario).map((m) => (tab) => tryProduct(tab, m)),
];
await Promise.all(tabs.map(async (tab) => {
  for (let job = queue.shift(); job; job = queue.shift()) await job(tab);
}));
await browser.close();
rmSync(work, { recursive: true, force: true });

for (const line of unnoticed.sort()) console.log(`unnoticed ${line}`);
let nCaught = 0;
for (const [kind, t] of tally) {
  nCaught += t.caught;
  const share = t.caught / Math.max(t.total, 1);
  const isBelow = t.total > 0 && share < FLOOR;
  console.log(`${kind.padEnd(20)} ${String(t.caught).padStart(4)} of ${String(t.total).padStart(4)} noticed, ${(share * 100).toFixed(1)} %${t.unreached ? `, ${t.unreached} of them run by no scenario` : ''}${isBelow ? '  BELOW 90 %' : ''}`);
  if (isBelow) process.exitCode = 1;
}
console.log(`${chosen.length} of ${counted.length} mutants played in ${((performance.now() - started) / 1000).toFixed(0)} s: ${nCaught} noticed; ${all.length - counted.length} equivalent, listed with reasons`);
