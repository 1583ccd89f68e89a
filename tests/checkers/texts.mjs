// Parses every feature, diagram and page with public parsers, in one process each time: node texts.mjs FOLDER...
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator } from '@cucumber/messages';
import { HtmlValidate, FileSystemConfigLoader } from 'html-validate';
import { JSDOM } from 'jsdom';

const here = dirname(fileURLToPath(import.meta.url));
const files = process.argv.slice(2).flatMap(function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
});
const ending = (end) => files.filter((path) => path.endsWith(end)).sort();
let nWrong = 0;
const wrong = (path, what) => {
  nWrong += 1;
  if (nWrong <= 60) console.log(`${path}: ${what}`);
};

function features() {
  const parser = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher());
  let nScenarios = 0;
  for (const path of ending('.feature')) {
    try {
      const read = parser.parse(readFileSync(path, 'utf8'));
      const inside = (read.feature?.children ?? []).flatMap((child) => child.rule?.children ?? [child]);
      const n = inside.filter((child) => child.scenario).length;
      if (n === 0) wrong(path, 'no scenario');
      nScenarios += n;
    } catch (error) {
      wrong(path, error.message);
    }
  }
  console.log(`gherkin: ${ending('.feature').length} features, ${nScenarios} scenarios`);
}

async function diagrams() {
  const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
  globalThis.window = window;
  globalThis.document = window.document;
  const { default: mermaid } = await import('mermaid');
  const blocks = ending('.mmd').map((path) => [path, readFileSync(path, 'utf8')]);
  for (const path of ending('.md')) {
    for (const match of readFileSync(path, 'utf8').matchAll(/```mermaid\n([\s\S]*?)```/g)) blocks.push([path, match[1]]);
  }
  for (const [path, text] of blocks) {
    try {
      await mermaid.parse(text);
    } catch (error) {
      wrong(path, error.message.split('\n').slice(0, 6).join(' | '));
    }
  }
  // A parser that takes everything is no check.
  const takesAll = await mermaid.parse('erDiagram\n  a {{{').then(() => true, () => false);
  if (takesAll) wrong('mermaid', 'it took a broken diagram');
  console.log(`mermaid: ${blocks.length} diagrams`);
}

async function pages() {
  const validate = new HtmlValidate(new FileSystemConfigLoader(JSON.parse(readFileSync(join(here, '.htmlvalidate.json'), 'utf8'))));
  const counts = new Map();
  for (const path of ending('.html')) {
    const report = await validate.validateString(readFileSync(path, 'utf8'));
    for (const message of report.results.flatMap((result) => result.messages)) {
      counts.set(message.ruleId, (counts.get(message.ruleId) ?? 0) + 1);
      if (counts.get(message.ruleId) <= 4) wrong(`${path}:${message.line}:${message.column}`, `${message.ruleId} ${message.message}`);
      else nWrong += 1;
    }
  }
  console.log(`html-validate: ${ending('.html').length} pages`, Object.fromEntries(counts));
}

features();
await diagrams();
await pages();
console.log(`${nWrong} findings`);
process.exit(nWrong > 0 ? 1 : 0);
