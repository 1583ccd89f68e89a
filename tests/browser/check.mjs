// Opens every printed page and prototype below the given folders in a browser, plays the prototypes' scenarios, and
// says what does not hold: node check.mjs [--full] [--shots DIR] [--only TEXT] [--verbose] FOLDER...
//
// In: folders with `index.html`, `prd.html` and `prototype.html` files at any depth. Out: one line for each finding, one
// line of scenarios for each prototype that has one not passed, figures, and last `N scenarios: P passed, F failed, X
// not executable`. Exit code 1 when anything was found (a scenario that cannot be played is told, and is no finding), 2 when nothing could be checked.
//
// What is checked, on each file: no request leaves it; the console stays silent; axe-core finds nothing against WCAG 2.0
// to 2.2 A and AA, in light at 1280 px and in dark at 390 px; nothing scrolls sideways at 320 px. On each prototype
// besides: every scenario; axe-core on a record, on the form, on each further view and in each state (theme and width
// take turns from one to the next, and states from one prototype to the next, so that the runs stay bounded; with
// `--full` each is looked at in four widths and both themes); every main act is reached by the keyboard alone; the criterion of a fix fails while the fault is there.
//
// Cost: some two seconds for a prototype on one core; pages are checked side by side in one browser.
import { readFileSync, readdirSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const STATES = ['empty', 'loading', 'partial', 'error', 'permission'];
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Every width in both themes: the full sweep. */
const SWEEP = [320, 390, 768, 1440].flatMap((width) => ['light', 'dark'].map((theme) => [{ width, height: 900 }, theme]));
/** The narrowest window that must do without sideways scroll (WCAG 1.4.10). */
const NARROWEST_PX = 320;
/** Most presses of Tab before an act counts as out of reach; a list of 24 records takes about 70. */
const MOST_TABS = 120;
const PLAY_TIMEOUT_MS = 30000;

const options = { shots: null, only: '', isVerbose: false, isFull: false, folders: [] };
for (let rest = process.argv.slice(2); rest.length; rest = rest.slice(1)) {
  if (rest[0] === '--verbose') options.isVerbose = true;
  else if (rest[0] === '--full') options.isFull = true;
  else if (rest[0] === '--shots' || rest[0] === '--only') { options[rest[0].slice(2)] = rest[1]; rest = rest.slice(1); } else options.folders.push(rest[0]);
}

/** The files to check, each with the folder it was found from. */
const files = options.folders
  .flatMap((folder) => readdirSync(folder, { recursive: true }).filter((name) => /(^|\/)(index|prd|prototype)\.html$/.test(name)).sort().map((name) => ({ path: resolve(folder, name), name: join(basename(resolve(folder)), name) })))
  .filter((file) => file.name.includes(options.only));
if (!files.length) {
  console.error('browser check: no page found; give folders made by the gallery example or by `throughline demo`');
  process.exit(2);
}

const findings = [];
/** Scenarios that only the product itself can show: told, and no failure. */
const open = [];
const figures = { pages: 0, prototypes: 0, axe: 0, requests: 0, tabs: 0 };
const tally = { passed: 0, failed: 0, 'not executable': 0 };

/** One file on one page. `find` notes what does not hold. */
async function check(context, file) {
  const page = await context.newPage();
  const find = (what) => findings.push(`${file.name}: ${what}`);
  const home = pathToFileURL(file.path).href;
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) find(`console: ${message.text()}`); });
  page.on('pageerror', (error) => find(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (url.split('#')[0] !== home && !url.startsWith('data:')) { figures.requests += 1; find(`asks for ${url}`); }
  });
  try {
    await page.setViewportSize(WIDE);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(home);
    await page.evaluate(AXE);
    await (basename(file.path) === 'prototype.html' ? checkPrototype(page, file, find) : checkPage(page, file, find));
  } catch (error) {
    find(`the check broke off: ${error.message.split('\n')[0]}`);
  }
  await page.close();
}

async function checkPage(page, file, find) {
  figures.pages += 1;
  await look(page, find, 'wide, light', WIDE, 'light');
  await shot(page, file, 'wide');
  await look(page, find, 'phone, dark', PHONE, 'dark');
  await shot(page, file, 'phone-dark');
  await sideways(page, find, 'page');
}

async function checkPrototype(page, file, find) {
  const turn = figures.prototypes;
  figures.prototypes += 1;
  await playScenarios(page, file, find);
  await look(page, find, 'list, light', WIDE, 'light');
  await shot(page, file, 'wide');
  await regression(page, file, find);
  await keyboard(page, find);
  await look(page, find, 'list, dark', PHONE, 'dark');
  await shot(page, file, 'phone-dark');
  // States, views, a record and the form: theme and width take turns.
  const faces = [[WIDE, 'dark'], [PHONE, 'light'], [WIDE, 'light'], [PHONE, 'dark']];
  let at = turn;
  const next = () => (options.isFull ? SWEEP : [faces[(at++) % faces.length]]);
  for (const state of STATES) {
    await page.selectOption('#state', state);
    for (const [size, theme] of next()) if (options.isFull || STATES.indexOf(state) % 2 === turn % 2) await look(page, find, `state ${state}, ${theme}`, size, theme);
    await shot(page, file, `state-${state}`);
    await sideways(page, find, `state ${state}`);
  }
  await page.selectOption('#state', 'ideal');
  const views = await page.$$eval('#nav [data-do]', (buttons) => buttons.map((b) => b.dataset.do));
  for (const view of [...views.slice(1), 'record', 'form', views[0]]) {
    await page.evaluate((v) => {
      const go = (selector) => document.querySelector(selector)?.click();
      if (v === 'record') { go('#nav [data-do]'); go('#main table [data-do^="open:"]'); } else if (v === 'form') { go('#nav [data-do]'); go('#main [data-do="new"]'); } else { go('#form [data-do="cancel"]'); go(`#nav [data-do="${v}"]`); }
    }, view);
    if (view !== views[0]) {
      for (const [size, theme] of next()) await look(page, find, `${view}, ${theme}`, size, theme);
      await shot(page, file, `view-${view.replace('go:', '')}`);
    }
    await sideways(page, find, view);
  }
}

/** Plays all scenarios as a person would: by the control in the bar. */
async function playScenarios(page, file, find) {
  await page.click('[data-review="scenarios"]');
  await page.click('[data-review="play-all"]');
  await page.waitForFunction(() => window.throughline.isDone === true, null, { timeout: PLAY_TIMEOUT_MS });
  const results = await page.evaluate(() => [...window.throughline.results.values()].map((r) => {
    const s = DATA.scenarios.find((x) => x.key === r.key);
    const at = r.steps.findIndex((step) => step.verdict === 'failed' || step.verdict === 'missing');
    const line = [...s.given, s.when, ...s.then][at];
    return { key: r.key, verdict: r.verdict, title: s.title, at: line ? `${line.text} [${line.calls.map((c) => [c.verb, ...c.args].join(' ')).join('; ')}]` : '', saw: r.steps[at]?.text ?? '' };
  }));
  const expected = await page.evaluate(() => DATA.scenarios.length);
  if (results.length !== expected) find(`${expected} scenarios, ${results.length} played`);
  for (const r of results) {
    tally[r.verdict] += 1;
    if (r.verdict === 'not executable') open.push(`${file.name}: ${r.key} not executable: ${r.title} — ${r.at}`);
    else if (r.verdict !== 'passed') find(`${r.key} ${r.verdict}: ${r.title} — ${r.at}${r.saw ? ` → ${r.saw}` : ''}`);
    else if (options.isVerbose) console.log(`${file.name}: ${r.key} passed: ${r.title}`);
  }
  await shot(page, file, 'scenarios');
  await page.click('[data-review="close-scenarios"]');
}

/** With the fault still there, the criterion of a fix has to fail; a criterion that cannot fail proves nothing. */
async function regression(page, file, find) {
  if (!(await page.$('#nav [data-do="go:fault"]'))) return;
  await page.click('#nav [data-do="go:fault"]');
  await page.click('#main [data-do="mended:false"]');
  await page.click('#main [data-do="try"]');
  await shot(page, file, 'fault-today');
  const verdicts = await page.evaluate(async () => (await window.throughline.playAll()).map((r) => r.verdict));
  if (!verdicts.every((v) => v === 'failed')) find(`with the fault still there, the criterion of the fix ends: ${verdicts.join(', ')}`);
  await page.click('#main [data-do="mended:true"]');
  await page.click('#main [data-do="try"]');
  await shot(page, file, 'fault-mended');
}

/** Runs axe-core in the given width and theme. */
async function look(page, find, where, size, theme) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  figures.axe += 1;
  const violations = await page.evaluate(async (tags) => {
    const report = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], elementRef: false });
    return report.violations.map((v) => ({ id: v.id, n: v.nodes.length, target: v.nodes[0].target.join(' '), why: v.nodes[0].any[0]?.message ?? v.nodes[0].all[0]?.message ?? v.nodes[0].none[0]?.message ?? v.help }));
  }, TAGS);
  for (const v of violations) find(`axe ${v.id} (${where}, ${size.width} px, ${v.n} places): ${v.target}: ${v.why}`);
}

/** At the narrowest width, nothing may be wider than the window. */
async function sideways(page, find, where) {
  await page.setViewportSize({ width: NARROWEST_PX, height: 800 });
  const seen = await page.evaluate(() => {
    const root = document.scrollingElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const widest = [...document.querySelectorAll('body *')].filter((el) => el.getBoundingClientRect().right > root.clientWidth + 1 && getComputedStyle(el).position !== 'fixed').at(0);
    return `${root.scrollWidth} px; first too wide: ${widest ? `${widest.tagName.toLowerCase()}.${widest.className} “${widest.textContent.trim().slice(0, 40)}”` : 'unknown'}`;
  });
  if (seen) find(`scrolls sideways at ${NARROWEST_PX} px (${where}): ${seen}`);
}

/** Every main act of the list and of a record is reached by Tab, with a focus that is seen; the form opens and closes. */
async function keyboard(page, find) {
  await page.click('#nav [data-do]');
  await reach(page, find, 'the list', '#nav button, #main .head button, #main .tools input, #main .tools select, #main tbody tr:first-child button.open');
  await page.focus('#main tbody tr:first-child button.open');
  await page.keyboard.press('Enter');
  if (!(await page.$('#main [data-shows="detail"]'))) find('Enter on a record does not open it');
  await reach(page, find, 'a record', '#main button');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  if (!(await page.evaluate(() => document.querySelector('#form').open && document.querySelector('#form').contains(document.activeElement)))) find('the key n does not open the form with the focus in it');
  await page.keyboard.press('Escape');
  if (await page.evaluate(() => document.querySelector('#form').open)) find('Escape does not close the form');
}

async function reach(page, find, where, selector) {
  await page.evaluate((wanted) => {
    document.querySelectorAll(wanted).forEach((el) => { if (el.getClientRects().length && !el.disabled) el.dataset.wanted = ''; });
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  }, selector);
  const missing = () => page.$$eval('[data-wanted]', (els) => els.map((el) => el.textContent.trim() || el.getAttribute('aria-label') || el.dataset.key));
  for (let i = 0; i < MOST_TABS; i += 1) {
    figures.tabs += 1;
    await page.keyboard.press('Tab');
    const left = await page.evaluate(() => {
      const el = document.activeElement;
      const style = getComputedStyle(el);
      if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) delete el.dataset.wanted;
      return document.querySelectorAll('[data-wanted]').length;
    });
    if (!left) break;
  }
  for (const name of await missing()) find(`not reached by Tab with a visible focus on ${where}: ${name}`);
  await page.$$eval('[data-wanted]', (els) => els.forEach((el) => delete el.dataset.wanted));
}

async function shot(page, file, what) {
  if (!options.shots) return;
  mkdirSync(options.shots, { recursive: true });
  const folder = basename(dirname(file.path)).replace(/-i[0-9a-z]{13}$/, '');
  await page.screenshot({ path: join(options.shots, `${folder}--${basename(file.path, '.html')}--${what}.png`) });
}

const started = performance.now();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] });
const context = await browser.newContext({ offline: true, acceptDownloads: true, locale: 'en-GB', timezoneId: 'UTC' });
const queue = [...files];
await Promise.all(Array.from({ length: Math.min(4, availableParallelism() + 1) }, async () => {
  for (let file = queue.shift(); file; file = queue.shift()) await check(context, file);
}));
await browser.close();

open.sort();
for (const line of open) console.log(line);
findings.sort();
for (const finding of findings) console.log(finding);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`${figures.pages} pages and ${figures.prototypes} prototypes in ${seconds} s: ${findings.length} findings; ${figures.requests} requests left a page; ${figures.axe} axe-core runs; ${figures.tabs} presses of Tab`);
console.log(`${tally.passed + tally.failed + tally['not executable']} scenarios: ${tally.passed} passed, ${tally.failed} failed, ${tally['not executable']} not executable`);
process.exitCode = findings.length ? 1 : 0;
