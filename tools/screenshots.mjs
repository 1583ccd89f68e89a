// Makes the images of the README from the example: node tools/screenshots.mjs DEMO [OUT]
//
// In: a folder that `throughline demo --out DEMO` wrote. Out: `prototype.png` (the first prototype, at phone width),
// `prd.png` and `insights.png` in OUT, `docs/images` when it is not given. Uses the browser of `tests/browser`
// (CHROMIUM names another binary); nothing is asked of the network.
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = createRequire(join(root, 'tests/browser/package.json'))('playwright-core');

const [demo, out = join(root, 'docs/images')] = process.argv.slice(2);
if (!demo) {
  console.error('screenshots: name the folder that `throughline demo --out FOLDER` wrote');
  process.exit(2);
}
/** The first folder of specifications that holds a prototype of a real capability, in the order of the ranked list. */
const listing = readdirSync(demo, { recursive: true }).filter((name) => name.endsWith('index.html')).map((name) => join(demo, name)).sort((a, b) => a.length - b.length)[0];
const ranked = [...readFileSync(listing, 'utf8').matchAll(/href="([^"]+)\/prd\.html"/g)].map((m) => join(dirname(listing), m[1]));
const folder = ranked.find((path) => existsSync(join(path, 'prototype.html')) && readFileSync(join(path, 'prototype.html'), 'utf8').includes('"fix":null'));
if (!folder) {
  console.error(`screenshots: no prototype is listed in ${listing}`);
  process.exit(2);
}

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 1000 };
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--force-color-profile=srgb'] });
for (const [name, path, viewport] of [['insights', listing, DESK], ['prd', join(folder, 'prd.html'), DESK], ['prototype', join(folder, 'prototype.html'), PHONE]]) {
  const context = await browser.newContext({ viewport, offline: true, colorScheme: 'light', reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', deviceScaleFactor: name === 'prototype' ? 2 : 1 });
  const page = await context.newPage();
  await page.goto(pathToFileURL(resolve(path)).href);
  await page.screenshot({ path: join(out, `${name}.png`) });
  console.log(`${name}.png: ${path}`);
  await context.close();
}
await browser.close();
