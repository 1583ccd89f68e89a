// Every page in every state: axe-core (WCAG 2.2 A and AA), light and dark, at 390, 768 and 1440 px; nothing scrolls
// sideways, the console stays silent, no request leaves the server, the first page is small.
//
//   node tests/server/check.mjs [--full] [--shots DIR] [FOLDER]     FOLDER is a workspace with a run, such as a demo's
//
// In: FOLDER, which is copied and not changed. States are made one after the other: nothing there, files waiting, a run
// going on, done, accepted, changed since, in conflict, refused. With --full each page is looked at in all six
// combinations of width and theme; else in one, taking turns, so that every combination is used on every part.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conclude, launch, look, start, watched } from './server.mjs';

const flags = process.argv.slice(2);
const isFull = flags.includes('--full');
const shots = flags.includes('--shots') ? flags[flags.indexOf('--shots') + 1] : null;
const folder = flags.filter((one, i) => !one.startsWith('--') && flags[i - 1] !== '--shots')[0] ?? null;
if (shots) mkdirSync(shots, { recursive: true });
const COMBINATIONS = [[390, 'light'], [1440, 'dark'], [768, 'light'], [390, 'dark'], [1440, 'light'], [768, 'dark']];
const findings = [];
let n = 0;
let turn = 0;
const seen = new Set();

const work = folder ? mkdtempSync(join(tmpdir(), 'check-')) : null;
if (folder) cpSync(folder, work, { recursive: true });
const empty = await start();
const full = folder ? await start(work) : null;
const browser = await launch();

/** Looks at pages of one state: [name, address, act, status]. A status of 400 or more is what the state is about. */
async function pages(server, list, before = async () => {}) {
  const use = isFull ? COMBINATIONS.map((one) => [one, list]) : COMBINATIONS.map((one) => [one, []]);
  if (!isFull) for (const one of list) use[turn++ % use.length][1].push(one);
  for (const [[width, scheme], some] of use.filter(([, some]) => some.length)) {
    const noted = [];
    const page = await watched(browser, server.at, noted, { viewport: { width, height: 900 }, colorScheme: scheme });
    for (const [name, address, act, status] of some) {
      await before();
      const answer = await page.goto(`${server.at}${address}`);
      const acted = act ? await act(page) : null;
      const last = acted?.status ? acted : answer;
      if (status && last.status() !== status) findings.push(`${name}: status ${last.status()}, not ${status}`);
      await look(page, findings, `${name} ${width} ${scheme}`);
      n += 1;
      seen.add(name);
      if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: true });
    }
    // A browser notes each refusal as an error of the console; here it is what is looked at.
    findings.push(...noted.filter((one) => !/Failed to load resource: the server responded with a status of 4/.test(one)));
    await page.context().close();
  }
}

/** Posts a form as a page would, and gives what is answered. */
const posted = (action, fields) => async (page) => {
  const [answer] = await Promise.all([page.waitForNavigation(), page.evaluate(([to, all]) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = to;
    for (const [name, value] of Object.entries(all)) { const input = document.createElement('input'); input.name = name; input.value = value; form.append(input); }
    document.body.append(form);
    form.submit();
  }, [action, fields])]);
  return answer;
};

try {
  await pages(empty, [
    ['empty', '/'], ['glossary', '/glossary'], ['not run: insights', '/insights', null, 409], ['not run: plan', '/plan', null, 409],
    ['not run: revisions', '/revisions', null, 409], ['empty: judgements', '/judgements'], ['unknown address', '/nowhere', null, 404],
  ]);
  const sizes = [];
  const page = await watched(browser, empty.at, []);
  page.on('response', async (answer) => { const { responseBodySize, responseHeadersSize } = await answer.request().sizes(); sizes.push(responseBodySize + responseHeadersSize); });
  await page.goto(empty.at, { waitUntil: 'networkidle' });
  const sum = sizes.reduce((a, b) => a + b, 0);
  console.log(`first page: ${sizes.length} answers, ${sum} bytes on the wire`);
  if (sum > 100000) findings.push(`the first page takes ${sum} bytes`);
  if (full) {
    const api = async (path) => (await fetch(`${full.at}/api/v1${path}`)).json();
    const post = async (path, body) => {
      const answer = await fetch(`${full.at}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };
    const send = async (name, text) => {
      const form = new FormData();
      form.append('files', new Blob([text]), name);
      const answer = await fetch(`${full.at}/api/v1/files`, { method: 'POST', body: form });
      if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    };
    const isGoing = async () => { const answer = await fetch(`${full.at}/api/v1/run`); return answer.ok && (await answer.json()).is_going; };
    const ended = async () => { while (await isGoing()) await new Promise((go) => { setTimeout(go, 100); }); };

    const { items } = await api('/insights?per_page=100');
    const specified = [];
    let bare = null;
    let fix = null;
    for (const { id } of items) {
      const answer = await fetch(`${full.at}/api/v1/insights/${id}/documents`);
      if (!answer.ok) bare ??= id;
      else if ((await answer.json()).release === null) fix ??= id;
      else specified.push(id);
    }
    const [one, two] = specified;
    const of = (id, ...ends) => ends.map((end) => [`${end}${id === one ? '' : id === bare ? ': none' : ': fix'}`, `/insights/${id}/${end}`]);
    const { quotes } = await api(`/insights/${one}`);
    await pages(full, [
      ['files', '/'], ['insights', '/insights'], ['search', '/insights?q=export'], ['meaning', '/insights?q=money&by=meaning'], ['found nothing', '/insights?q=zzzzqqq'],
      ['insight', `/insights/${one}`], ['drawer', `/insights/${one}`, async (p) => { await p.locator('.quote a').first().click(); await p.waitForSelector('#drawer[open] mark'); }],
      ['said', `/insights/${one}/said`], ['check', `/insights/${one}/checks/BI-01`], ['facts', `/insights/${one}/facts`], ['compare', `/compare?a=${one}&b=${two}`],
      ['what-if', '/what-if?business_impact=3&technical_effort=0.2'], ['plan', '/plan'], ['cost', `/plan/cost?id=${two}&verdict=reject`],
      ...of(one, 'spec', 'one-page', 'pr-faq', 'blueprint', 'sentences', 'prototype', 'files'),
      ...(bare ? of(bare, 'spec', 'one-page', 'pr-faq', 'blueprint', 'sentences', 'files') : []), ...(fix ? of(fix, 'spec', 'pr-faq', 'blueprint') : []),
      ['trace', `/trace/${one}`], ['evidence', `/evidence/${quotes[0].statement_id}`], ['record', `/records/${quotes[0].record_id}`], ['judgements', '/judgements'], ['hidden: none', '/insights?hidden=only'], ['revisions: none', '/revisions'],
      ['missing insight', '/insights/i0', null, 404], ['missing revision', '/revisions/9/difference', null, 404],
      ['refused', '/plan', posted(`/insights/${one}/rename`, { label: '' }), 400],
      ['keys', '/insights', async (p) => { await p.keyboard.press('?'); await p.waitForSelector('#keys[open]'); }],
      ['palette', '/insights', async (p) => { await p.keyboard.press('Control+k'); await p.waitForSelector('#palette-list li'); }],
    ]);

    // Accepted; then changed.
    const accepted = await api(`/insights/${one}/specification`);
    await post('/revisions', { insights: [one], marks: { [one]: accepted.mark }, why: 'agreed', by: 'Ann' });
    await pages(full, [['accepted', `/insights/${one}/spec`], ['difference: none', '/revisions/1/difference']]);
    // A sentence that counts voices, so that more voices make a conflict of it.
    const counted = accepted.sentences.find(({ text }) => /\d+ voices from/.test(text)) ?? accepted.sentences[1];
    await post(`/sentences/${counted.id}`, { text: 'Clerks told us so again and again.', by: 'Ben' });
    await post(`/insights/${two}/rename`, { label: 'A name of our own', by: 'Ben' });
    await post(`/insights/${items.at(-1).id}/hide`);
    await post('/revisions', { why: 'the first of them', by: 'Cem' });
    await pages(full, [
      ['changes wait', '/insights'], ['judgements: some', '/judgements'], ['hidden: some', '/insights?hidden=only'], ['decided', `/insights/${one}/spec`], ['sentences: decided', `/insights/${one}/sentences`],
      ['revisions', '/revisions'], ['difference', '/revisions/1/difference'], ['difference of two', '/revisions/1/difference?to=2'],
      ['reads otherwise', `/insights/${one}`, posted(`/insights/${one}/accept`, { mark: accepted.mark, why: 'late', by: 'Ann' }), 409],
    ]);
    await post('/revisions/0/return');
    await pages(full, [['revisions: held against none', '/revisions']]);
    await post('/revisions/1/return');

    // Files wait; one run makes a conflict; then one goes on for as long as it is looked at.
    await send('odd.csv', `id,remark,what they told us\n1,filed,${'We need to export the payroll file every month. '.repeat(3)}\n2,filed,The payroll file export is missing cost centres\n`);
    await send('picture.csv', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]));
    await pages(full, [['files wait', '/'], ['columns', '/', async (p) => { await p.locator('details.columns summary').first().click(); }]]);
    const quoted = quotes[0].text.replaceAll('"', '""');
    await send('more.csv', `id,text\n${Array.from({ length: 6 }, (_, i) => `${i},"${quoted} (${i})"`).join('\n')}\n`);
    await post('/run');
    await ended();
    const { sentences } = await api(`/insights/${one}/specification`);
    if (!sentences?.some(({ state }) => state === 'conflict')) findings.push('no sentence came into conflict: that state was not looked at');
    await pages(full, [['run: done', `/jobs/${(await api('/run')).number}`], ['files: taken in', '/'], ['conflict', `/insights/${one}/spec`], ['sentences: conflict', `/insights/${one}/sentences`]]);
    let round = 0;
    const going = async () => {
      if (await isGoing()) return;
      round += 1;
      await send(`long-${round}.csv`, `id,text\n${Array.from({ length: 4000 }, (_, i) => `${round}-${i},"The ${['export', 'report', 'filter', 'calendar'][i % 4]} of place ${i * 7919 + round} needs ${['a copy', 'two weeks', 'more rows', 'a name'][i % 3]} in room ${(i * 31) % 977}"`).join('\n')}\n`);
      await post('/run');
    };
    await going();
    await send('while-it-runs.csv', 'id,text\n1,Please add an export to the page\n');
    await pages(full, [
      ['run goes on: files', '/'], ['run goes on: insights', '/insights'], ['run goes on: spec', `/insights/${one}/spec`], ['run goes on: revisions', '/revisions'],
      ['busy', '/insights', posted('/revisions/1/return', {}), 409],
      ['run', '/', async (p) => { await going(); await p.goto(`${full.at}/jobs/${(await api('/run')).number}`); }],
    ], going);
    await ended();
    console.log(`${seen.size} pages and states`);
  }
} catch (error) {
  findings.push(`the check broke off: ${error.message.split('\n')[0]}`);
}
await browser.close();
await empty.stop();
if (full) await full.stop();
if (work) rmSync(work, { recursive: true, force: true });
conclude(findings, `${n} looks`);
