// A server of our own on a free port, and a browser that notes what must not happen: shared by the checks beside it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
export const { chromium } = require('playwright-core');
export const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const PROGRAM = process.env.THROUGHLINE ?? join(ROOT, 'target', 'release', 'throughline');

/** Starts `throughline serve` over a folder (a new one when none is given) and waits for its address. */
export async function start(folder = null) {
  const work = folder ?? mkdtempSync(join(tmpdir(), 'throughline-'));
  const child = spawn(PROGRAM, ['-C', work, 'serve', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const at = await new Promise((found, failed) => {
    let said = '';
    child.stdout.on('data', (bytes) => { said += bytes; const match = said.match(/http:\/\/[\d.:]+/); if (match) found(match[0]); });
    child.on('exit', (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  });
  const stop = () => new Promise((done) => { child.removeAllListeners('exit'); child.on('exit', (code) => { if (!folder) rmSync(work, { recursive: true, force: true }); done(code); }); child.kill('SIGTERM'); });
  return { at, work, stop };
}

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

/** A page that notes console errors, script errors and requests that leave the server. */
export async function watched(browser, at, findings, options = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) findings.push(`${page.url()}: console: ${message.text()}`); });
  page.on('pageerror', (error) => findings.push(`${page.url()}: script: ${error.message}`));
  page.on('request', (request) => { if (!request.url().startsWith(at) && !request.url().startsWith('data:') && request.url() !== 'about:blank') findings.push(`asks for ${request.url()}`); });
  return page;
}

/** What axe-core finds against WCAG 2.2 A and AA, and whether anything scrolls sideways. */
export async function look(page, findings, what) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, iframes: false }), TAGS);
  for (const one of violations) findings.push(`${what}: ${one.id}: ${one.nodes.length}: ${one.nodes[0].html.slice(0, 160)} ${one.nodes[0].any[0]?.message ?? ''}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 1) findings.push(`${what}: scrolls sideways by ${wide} px`);
}

/** Prints what was found and ends with 1 when anything was. */
export function conclude(findings, figures) {
  for (const finding of findings) console.log(finding);
  console.log(`${figures}; ${findings.length} findings`);
  process.exitCode = findings.length ? 1 : 0;
}
