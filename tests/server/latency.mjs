// How long every page and every change takes, asked from another process: node tests/server/latency.mjs ADDRESS [N]
//
// In: the address that `cargo run --release -p throughline-server --example large` prints. Out: for each page the median
// and the 99th percentile of N requests (default 200), one after the other over one connection, in milliseconds, and the
// bytes it has unpacked; then the same of N / 10 changes of each kind, each taken back where it can be. Exit code 1 when a
// page is over 50 ms, a slider over 100 ms, or a change over 1,000 ms, at the 99th percentile.
const [at, times = '200'] = process.argv.slice(2);
const { items, total } = await (await fetch(`${at}/api/v1/insights?per_page=500`)).json();
const any = (i) => items[(i * 7919) % items.length].id;
const { quotes } = await (await fetch(`${at}/api/v1/insights/${items[0].id}`)).json();
const pages = [
  ['insights', () => '/insights'], ['insights, last page', () => `/insights?page=${Math.ceil(total / 50)}`], ['filters', () => '/insights?channel=call&segment=Large&kind=request'],
  ['search', (i) => `/insights?q=${['export payroll', 'cal', 'shift swap', 'rep'][i % 4]}`], ['insight', (i) => `/insights/${any(i)}`], ['statements', (i) => `/insights/${any(i)}/said?page=1`],
  ['check', (i) => `/insights/${any(i)}/checks/BI-01`], ['evidence', () => `/evidence/${quotes[0].statement_id}`], ['what if', () => '/what-if'], ['plan', () => '/plan'],
  ['trace', () => `/trace/${quotes[0].statement_id}`], ['specification', (i) => `/insights/${any(i)}/spec`], ['files', () => '/'], ['glossary', () => '/glossary'],
  ['api: insights', () => '/api/v1/insights'], ['slider', (i) => `/what-if?business_impact=${(i % 30) / 10}&technical_effort=1.3`],
];
let isSlow = false;
const told = (name, took, bytes, most) => {
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
  ['edit a sentence', async (i, ids) => post(`/sentences/${ids[i]}`, { text: `Words ${i} of a person, ${Date.now()}.`, by }), ({ id }) => post(`/edits/${id}/undo`, { by })],
  ['decide to defer', (i) => post('/decisions', { insight: any(i), verdict: 'defer', why: 'measured', by })],
  ['accept a revision', (i) => post('/revisions', { insights: [any(i)], why: 'measured', by })],
];
for (const [name, change, back] of changes) {
  const took = [];
  const n = Math.max(3, Math.ceil(Number(times) / 10));
  const ids = [];
  if (name.startsWith('edit')) for (let i = 0; i < n; i += 1) ids.push((await get(`/insights/${any(i)}/specification`)).sentences[1].id);
  for (let i = 0; i < n; i += 1) {
    const from = performance.now();
    const done = await change(i, ids);
    took.push(performance.now() - from);
    if (back) await back(done, i);
  }
  told(name, took, 0, 1000);
}
process.exitCode = isSlow ? 1 : 0;
