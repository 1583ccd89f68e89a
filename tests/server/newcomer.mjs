// The first hour, played: from an empty folder to a specification that somebody would send, in a browser and by clicks.
//
//   node tests/server/newcomer.mjs [FILE...]
//
// Without files it uploads the example's exports and a file whose column must be corrected; with files it uploads those.
// In: the program (THROUGHLINE names another). Out: each step with its time, and last `N steps; M findings`.
import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT, conclude, launch, start, watched } from './server.mjs';

const given = process.argv.slice(2);
const findings = [];
let n = 0;
let last = Date.now();
const step = (what) => { n += 1; const now = Date.now(); console.log(`${String(now - last).padStart(6)} ms  ${what}`); last = now; };
const must = (is, what) => { if (!is) findings.push(what); };

const server = await start();
const browser = await launch();
try {
  const page = await watched(browser, server.at, findings, { viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(120000);
  await page.goto(server.at);
  must(await page.getByRole('heading', { name: 'Hear what customers need' }).isVisible(), 'the empty page does not say what this is');
  step('opens an empty page that says what this is');

  const examples = join(ROOT, 'examples', 'rotaboard', 'feedback');
  const files = given.length ? given : readdirSync(examples, { recursive: true }).map((name) => join(examples, name)).filter((name) => statSync(name).isFile());
  if (!given.length) {
    const odd = join(mkdtempSync(join(tmpdir(), 'odd-')), 'notes-odd.csv');
    writeFileSync(odd, ['id,internal comment,what they told us', ...[1, 2, 3, 4, 5].map((i) => `${i},checked by the desk and filed away under ${i},We need to export the payroll hours every month (${i})`)].join('\n'));
    files.push(odd);
  }
  await page.setInputFiles('#files', files);
  await page.waitForSelector('.file');
  step(`drops ${files.length} files`);
  must(await page.locator('.file .says').count() >= 1, 'no file says what it was read as');

  if (!given.length) {
    const odd = page.locator('.file', { hasText: 'notes-odd.csv' });
    await odd.locator('summary').first().click();
    await odd.locator('select[name="text"]').selectOption('what they told us');
    await odd.getByRole('button', { name: 'Read it again with these columns' }).click();
    await page.waitForSelector('.file');
    const again = page.locator('.file', { hasText: 'notes-odd.csv' });
    must(/payroll hours/.test(await again.locator('.samples').innerText()), 'the corrected column is not what is read');
    step('corrects one wrong column');
  }

  await page.locator('form.go button').click();
  await page.waitForSelector('#job .done, #job .bad');
  must(await page.locator('#job .done').count() === 1, `the run failed: ${await page.locator('#job').innerText()}`);
  must(/statements? from/.test(await page.locator('#job').innerText()), 'the stages say no numbers');
  step('runs, stage by stage');

  await page.getByRole('link', { name: 'See what customers need' }).click();
  await page.waitForSelector('.list .row');
  const label = await page.locator('.list .row h3 a').first().innerText();
  await page.locator('.list .row h3 a').first().click();
  await page.waitForSelector('.checks .cell');
  step(`opens the top insight: ${label}`);

  await page.locator('.quote a').first().click();
  await page.waitForSelector('#drawer[open] mark');
  const marked = (await page.locator('#drawer mark').allInnerTexts()).join(' ').trim();
  const quote = (await page.locator('.quote p').first().innerText()).replace(/[“”]/g, '').trim();
  must(marked.replace(/\s+/g, ' ') === quote.replace(/\s+/g, ' '), `the quote “${quote}” is marked as “${marked}”`);
  await page.keyboard.press('Escape');
  step('checks a quote in its place');

  await page.locator('.cells .cell').first().click();
  await page.waitForSelector('#drawer[open] h1');
  await page.keyboard.press('Escape');
  const insight = page.url();
  step('opens a check');

  await page.goto(`${server.at}/what-if`);
  await page.locator('#w-business_impact').fill('3');
  await page.locator('#w-technical_effort').fill('0');
  await page.waitForFunction(() => /change places/.test(document.querySelector('#moved [role="status"]').textContent) || /moves nothing/.test(document.querySelector('.sliders').textContent));
  step(`moves sliders: ${await page.locator('#moved [role="status"]').innerText()}`);

  let found = insight;
  const rows = await (await page.request.get(`${server.at}/api/v1/insights?per_page=12`)).json();
  const specified = [];
  for (const one of rows.items) {
    const answer = await page.request.get(`${server.at}/api/v1/insights/${one.id}/documents`);
    if (answer.ok()) specified.push({ address: `${server.at}/insights/${one.id}`, isFix: (await answer.json()).release === null });
  }
  found = (specified.find(({ isFix }) => !isFix) ?? specified[0])?.address ?? found;
  await page.goto(`${found}/spec`);
  await page.waitForSelector('.doc h1');
  step(`opens the specification: ${await page.locator('.doc h1').innerText()}`);
  const words = `Somebody decided this sentence on ${n}.`;
  await page.locator('.st[data-item]').first().click();
  await page.locator('.editing textarea').fill(words);
  await page.locator('.editing input[name="by"]').fill('Newcomer');
  await page.locator('.editing button.main').click();
  await page.waitForSelector(`text=${words}`);
  step('edits a sentence');

  const views = page.getByRole('navigation', { name: 'Views of the specification' });
  await views.getByRole('link', { name: 'One page' }).click();
  must(await page.getByText(words).count() > 0, 'the edit is not on the one page');
  step(`reads one page of it: ${(await page.locator('.sheet').innerText()).split(/\s+/).length} words`);
  await views.getByRole('link', { name: 'PR/FAQ' }).click();
  await page.locator('.sheet, .empty').waitFor();
  const isFix = await page.locator('.empty').count() > 0;
  must(isFix || await page.getByRole('heading', { name: 'Questions from outside' }).count() === 1, 'the press release asks no questions');
  step(isFix ? 'is told that a fix needs no press release' : 'reads the press release with its questions');
  await views.getByRole('link', { name: 'Blueprint' }).click();
  if (!isFix) {
    await page.locator('svg.diagram').first().waitFor();
    for (const heading of ['Data', 'Operations', 'Decisions', 'Work in order', 'Tests']) must(await page.getByRole('heading', { name: heading, exact: true }).count() === 1, `the blueprint has no ${heading}`);
    step(`reads the blueprint: ${await page.locator('.blueprint .lead').innerText()} ${await page.locator('svg.diagram').count()} diagrams`);
  }

  await views.getByRole('link', { name: 'Full' }).click();
  await page.getByText('Accept it as it reads now').click();
  await page.locator('form[action$="/accept"] input[name="why"]').fill('agreed in the first hour');
  await page.locator('form[action$="/accept"] input[name="by"]').fill('Newcomer');
  await page.getByRole('button', { name: 'Accept as revision 1' }).click();
  await page.getByText('Nothing reads otherwise since.', { exact: true }).waitFor();
  step('accepts it as revision 1');

  const second = 'It was agreed to begin with the smallest part.';
  await page.locator('.st[data-item]').nth(1).click();
  await page.locator('.editing textarea').fill(second);
  await page.locator('.editing input[name="by"]').fill('Newcomer');
  await page.locator('.editing button.main').click();
  await page.getByRole('link', { name: /1 line changed since/ }).click();
  await page.locator('.asread ins').first().waitFor();
  must((await page.locator('.asread').innerText()).includes('smallest part') && await page.locator('.asread del').count() > 0, 'the difference does not show both readings');
  must(/an edit/.test(await page.locator('.lines').innerText()), 'the difference names no cause');
  step('sees what reads otherwise, and why');
  await page.locator('input[name="why"]').fill('with the smallest part first');
  await page.locator('input[name="by"]').fill('Newcomer');
  await page.getByRole('button', { name: 'Accept as revision 2' }).click();
  await page.locator('#r-2').waitFor();
  await page.locator('#r-1').getByRole('button', { name: 'Return to it' }).click();
  await page.locator('#r-1').getByText('held against').waitFor();
  step('accepts that, too, and returns to the first');

  await page.goto(server.at);
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForSelector('#job .done');
  await page.goto(`${found}/spec`);
  must(await page.getByText(words).count() > 0, 'the edit was lost in a run');
  step('runs again and finds the edit kept');

  await page.goto(`${found}/prototype`);
  const frame = page.frameLocator('iframe.stage');
  await frame.locator('[data-review="scenarios"]').click();
  await frame.locator('[data-review="play-all"]').click();
  const played = page.frames().find((one) => one.url().includes('prototype.html'));
  await played.waitForFunction(() => window.throughline.isDone === true);
  const verdicts = await played.evaluate(() => [...window.throughline.results.values()].map((one) => one.verdict));
  must(verdicts.length > 0 && !verdicts.includes('failed'), `scenarios: ${verdicts.join(', ')}`);
  step(`plays ${verdicts.length} scenarios`);

  await page.goto(`${found}/files`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download the folder' }).click()]);
  const path = await download.path();
  must(statSync(path).size > 10000, `the folder is ${statSync(path).size} bytes`);
  step(`downloads ${basename(download.suggestedFilename())}, ${statSync(path).size} bytes`);
  const [all] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download all specifications' }).click()]);
  const bytes = readFileSync(await all.path());
  must(bytes.length > statSync(path).size && bytes.includes('index.html') && bytes.includes('specs/personas.md'), `the folder of all is ${bytes.length} bytes`);
  step(`downloads ${basename(all.suggestedFilename())}, ${bytes.length} bytes`);
} catch (error) {
  findings.push(`the hour broke off: ${error.message.split('\n').slice(0, 3).join(' ')}`);
}
await browser.close();
const code = await server.stop();
must(code === 0, `the server ended with ${code} on SIGTERM`);
conclude(findings, `${n} steps`);
