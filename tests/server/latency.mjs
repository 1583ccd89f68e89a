// How long every page takes, asked from another process: node tests/server/latency.mjs ADDRESS [N]
//
// In: the address that `cargo run --release -p throughline-server --example large` prints. Out: for each page the median
// and the 99th percentile of N requests (default 200), one after the other over one connection, in milliseconds, and the
// bytes it has unpacked. Exit code 1 when a page is over 50 ms, or a slider over 100 ms, at the 99th percentile.
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
  took.sort((a, b) => a - b);
  const p99 = took[Math.ceil(took.length * 0.99) - 1];
  isSlow ||= p99 > (name === 'slider' ? 100 : 50);
  console.log(`${name.padEnd(22)} median ${took[Math.floor(took.length / 2)].toFixed(1).padStart(6)}  p99 ${p99.toFixed(1).padStart(6)}  ${String(bytes).padStart(7)} bytes`);
}
process.exitCode = isSlow ? 1 : 0;
