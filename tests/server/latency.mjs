// How long every page and every change takes, asked from another process: node tests/server/latency.mjs ADDRESS [N]
//
// In: the address that `cargo run --release -p throughline-server --example large` prints. Out: for each page the median
// and the 99th percentile of N requests (default 200), one after the other over one connection, in milliseconds, and the
// bytes it has unpacked; then the same of N / 10 changes of each kind, each taken back where it can be. Exit code 1 when a
// page is over 50 ms, a slider over 100 ms, or a change over 1,000 ms, at the 99th percentile; accepting a revision, which
// prints and keeps the page of all insights, may take 10,000.
const [at, times = '200'] = process.argv.slice(2);
const { items, total } = await (await fetch(`${at}/api/v1/insights?per_page=500`)).json();
const any = (i) => items[(i * 7919) % items.length].id;
const { quotes } = await (await fetch(`${at}/api/v1/insights/${items[0].id}`)).json();
const pages = [
  ['insights', () => '/insights'], ['insights, last page', () => `/insights?page=${Math.ceil(total / 50)}`], ['filters', () => '/insights?channel=call&segment=Large&kind=request'],
  ['search', (i) => `/insights?q=${['export payroll', 'cal', 'shift swap', 'rep'][i % 4]}`], ['insight', (i) => `/insights/${any(i)}`], ['statements', (i) => `/insights/${any(i)}/said?page=1`],
  ['check', (i) => `/insights/${any(i)}/checks/BI-01`], ['evidence', () => `/evidence/${quotes[0].statement_id}`], ['what if', () => '/what-if'], ['plan', () => '/plan'],
  ['one page', (i) => `/insights/${any(i)}/one-page`], ['blueprint', (i) => `/insights/${any(i)}/blueprint`], ['revisions', () => '/revisions'], ['trace', () => `/trace/${quotes[0].statement_id}`], ['specification', (i) => `/insights/${any(i)}/spec`], ['files', () => '/'], ['glossary', () => '/glossary'],
  ['api: insights', () => '/api/v1/insights'], ['slider', (i) => `/what-if?business_impact=${(i % 30) / 10}&technical_effort=1.3`],
];
let isSlow = false;
const told = (name, took, bytes, most) => {
  took.sort((a, b) => a - b);
  const p99 = took[Math.ceil(took.length * 0.99) - 1];
  isSlow ||= p99 > most;
  console.log(`${name.padEnd(22)} median ${took[Math.floor(took.length / 2)].toFixed(1).padStart(6)}  p99 ${p99.toFixed(1).padStart(6)}  ${String(bytes).padStart(7)} bytes`);
};
console.log(`${total} insights`);
for (const [name, path] of pages) {
  const took = [];
  let bytes = 0;
  for (let i = 0; i < Number(times); i += 1) {
    const from = performance.now();
    const answer = await fetch(at + path(i));
    bytes = (await answer.arrayBuffer()).byteLength;
    took.push(performance.now() - from);
    if (!answer.ok) throw new Error(`${path(i)}: ${answer.status}`);
  }
  told(name, took, bytes, name === 'slider' ? 100 : 50);
}

const by = 'Latency';
const post = async (path, body = {}) => {
  const answer = await fetch(`${at}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const get = async (path) => (await fetch(`${at}/api/v1${path}`)).json();
const changes = [
  ['hide', (i) => post(`/insights/${any(i)}/hide`), (_, i) => post(`/insights/${any(i)}/show`)],
  ['rename', (i) => post(`/insights/${any(i)}/rename`, { label: `Name ${i}`, by }), ({ id }) => post(`/judgements/${id}/undo`)],
  ['merge', (i) => post(`/insights/${any(i)}/merge`, { other: any(i + 1), by }), ({ id }) => post(`/judgements/${id}/undo`)],
  ['move a statement', (i) => post(`/insights/${any(i)}/move`, { statements: [quotes[0].statement_id], by }), ({ id }) => post(`/judgements/${id}/undo`)],
  ['edit a sentence', (i) => post(`/sentences/${specified[i][1]}`, { text: `Words ${i} of a person, ${Date.now()}.`, by }), ({ id }) => post(`/edits/${id}/undo`, { by })],
  ['decide to defer', (i) => post('/decisions', { insight: any(i), verdict: 'defer', why: 'measured', by })],
  ['accept a revision', (i) => post('/revisions', { insights: [specified[i][0]], why: 'measured', by })],
];
const n = Math.max(3, Math.ceil(Number(times) / 10));
// Not every insight asks for something that can be specified.
const specified = [];
for (let i = 0; i < items.length && specified.length < n; i += 1) {
  const { sentences } = await get(`/insights/${any(i)}/specification`);
  if (sentences) specified.push([any(i), sentences[1].id]);
}
for (const [name, change, back] of changes) {
  const took = [];
  for (let i = 0; i < n; i += 1) {
    const from = performance.now();
    const done = await change(i);
    took.push(performance.now() - from);
    if (back) await back(done, i);
  }
  told(name, took, 0, name.startsWith('accept') ? 10000 : 1000);
}
process.exitCode = isSlow ? 1 : 0;
