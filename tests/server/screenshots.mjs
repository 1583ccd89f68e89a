// Pictures of six pages for the README: node tests/server/screenshots.mjs WORKSPACE OUT
//
// In: a workspace with a run, such as a demo's. Out: `server-start.png` and five more, of 1440 by 900 px.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, start, watched } from './server.mjs';

const [folder, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const server = await start(folder);
const empty = await start();
const browser = await launch();
const page = await watched(browser, server.at, [], { viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
const { items } = await (await fetch(`${server.at}/api/v1/insights`)).json();
const one = items[1].id;
const pages = [
  ['start', `${empty.at}/`], ['insights', `${server.at}/insights`], ['insight', `${server.at}/insights/${one}#score`], ['what-if', `${server.at}/what-if?business_impact=3&technical_effort=0.2`],
  ['plan', `${server.at}/plan`], ['specification', `${server.at}/insights/${one}/spec`],
];
for (const [name, address] of pages) {
  await page.goto(address);
  await page.screenshot({ path: join(out, `server-${name}.png`) });
}
await browser.close();
await server.stop();
await empty.stop();
console.log(`${pages.length} pictures in ${out}`);
