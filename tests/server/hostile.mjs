// Uploads that lie, and requests that should not be: each must harm nothing and say what it was.
//
//   node tests/server/hostile.mjs
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { conclude, start } from './server.mjs';

const findings = [];
let n = 0;
const must = (is, what) => { n += 1; if (!is) findings.push(what); };
const server = await start();
const { hostname, port } = new URL(server.at);

/** A request as raw as a program can make it: `body` is handed out chunk by chunk. */
function raw(method, path, headers, chunks = []) {
  return new Promise((done) => {
    const asked = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (bytes) => { text += bytes; });
      answer.on('end', () => { asked.destroy(); done({ status: answer.statusCode, text, headers: answer.headers }); });
    });
    const gone = new Promise((go) => { asked.on('close', go); });
    asked.on('error', () => done({ status: 0, text: '', headers: {} }));
    (async () => {
      for await (const chunk of chunks) if (asked.destroyed) break; else if (!asked.write(chunk)) await Promise.race([new Promise((go) => { asked.once('drain', go); }), gone]);
      asked.end();
    })();
  });
}

async function* form(name, chunks) {
  yield Buffer.from(`--b\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`);
  for await (const chunk of chunks) yield chunk;
  yield Buffer.from('\r\n--b--\r\n');
}
const upload = (name, chunks, accept = 'text/html') => raw('POST', '/files', { 'content-type': 'multipart/form-data; boundary=b', accept }, form(name, chunks));
const sent = (name, chunks) => raw('POST', '/api/v1/files', { 'content-type': 'multipart/form-data; boundary=b' }, form(name, chunks));
const files = async () => (await fetch(`${server.at}/api/v1/files`)).json();

/** A ZIP of one entry. */
function zip(name, data, claimed = data.length) {
  const packed = deflateRawSync(data);
  const head = (signature, extra) => {
    const buffer = Buffer.alloc(extra ? 46 : 30);
    buffer.writeUInt32LE(signature, 0);
    const at = extra ? 6 : 4;
    if (extra) buffer.writeUInt16LE(20, 4);
    buffer.writeUInt16LE(20, at);
    buffer.writeUInt16LE(8, at + 4);
    let crc = 0xffffffff;
    for (const byte of data) { crc ^= byte; for (let k = 0; k < 8; k += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1; }
    buffer.writeUInt32LE((crc ^ 0xffffffff) >>> 0, at + 10);
    buffer.writeUInt32LE(packed.length, at + 14);
    buffer.writeUInt32LE(claimed, at + 18);
    buffer.writeUInt16LE(name.length, at + 22);
    return buffer;
  };
  const local = Buffer.concat([head(0x04034b50, false), Buffer.from(name), packed]);
  const central = Buffer.concat([head(0x02014b50, true), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const rows = ['id,text,company,title', ...Array.from({ length: 12 }, (_, i) => `${i},"We need to export ${script} every month ${i}","${script}","=HYPERLINK(""http://evil.example"")"`)].join('\n');
const cases = [
  ['picture.csv', [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])]],
  ['bomb.zip', [zip('bomb.csv', Buffer.alloc(64 << 20))]],
  ['path.zip', [zip('../../../outside.csv', Buffer.from('id,text\n1,Please add an export to the page\n'))]],
  ['../../../outside.csv', [Buffer.from('id,text\n1,Please add an export to the page\n')]],
  ['..%2f..%2foutside.csv', [Buffer.from('id,text\n1,Please add an export to the page\n')]],
  [`${script}.csv`, [Buffer.from(rows)]],
  ['broken.json', [Buffer.from('[{"id":1,"text":"never closed')]],
  ['nul.csv', [Buffer.from('id,text\n1,a\u0000b\n')]],
];
for (const [name, chunks] of cases) {
  const answer = await upload(name, chunks);
  must(answer.status === 303 || (answer.status >= 400 && answer.status < 500), `${name}: status ${answer.status}`);
}
must(!existsSync(join(server.work, '..', 'outside.csv')) && !existsSync('/outside.csv'), 'a file was written outside');
const waiting = join(server.work, '.throughline', 'waiting');
must(readdirSync(waiting).every((name) => /^[A-Za-z0-9._-]+$/.test(name)), `names on disk: ${readdirSync(waiting).join(' ')}`);
const listed = await files();
const said = (name) => listed.find((file) => file.name.startsWith(name));
must(said('bomb')?.n_items === 0 && said('bomb')?.diagnostics.length > 0, `the bomb is not told: ${JSON.stringify(said('bomb'))}`);
must(said('picture')?.n_items === 0 && said('picture')?.diagnostics.length > 0, `the picture is not told: ${JSON.stringify(said('picture'))}`);
must(said('path')?.n_items === 0 && said('path')?.diagnostics.length > 0, `the path is not told: ${JSON.stringify(said('path'))}`);

// The same by the interface, which says what each was read as; and what is no form, no file, or another's file.
for (const [name, chunks] of cases) {
  const answer = await sent(name, chunks);
  const problem = answer.status >= 400 && /problem\+json/.test(answer.headers['content-type'] ?? '');
  must(answer.status === 201 || problem, `api: ${name}: status ${answer.status} ${answer.headers['content-type']}`);
  if (answer.status === 201) must(JSON.parse(answer.text).every((file) => /^[A-Za-z0-9._-]+$/.test(file.name)), `api: ${name} is called ${answer.text.slice(0, 80)}`);
}
must(!existsSync(join(server.work, '..', 'outside.csv')) && !existsSync('/outside.csv'), 'a file was written outside by the interface');
const api = (path, body, headers = {}) => raw('POST', `/api/v1${path}`, { 'content-type': 'application/json', ...headers }, [Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]);
const refused = async (what, asked, status) => { const answer = await asked; must(answer.status === status && /problem\+json/.test(answer.headers['content-type'] ?? ''), `${what}: status ${answer.status}`); };
await refused('no form', api('/files', {}), 415);
await refused('a form without a file', raw('POST', '/api/v1/files', { 'content-type': 'multipart/form-data; boundary=b' }, [Buffer.from('--b\r\ncontent-disposition: form-data; name="files"\r\n\r\nx\r\n--b--\r\n')]), 400);
await refused('a form that breaks off', raw('POST', '/api/v1/files', { 'content-type': 'multipart/form-data; boundary=b' }, [Buffer.from('--b\r\ncontent-disposition: form-data; name="files"; filename="half.csv"\r\n\r\nid,te')]), 400);
await refused('another site sends files', raw('POST', '/api/v1/files', { 'content-type': 'multipart/form-data; boundary=b', origin: 'http://evil.example' }, form('evil.csv', [Buffer.from('id,text\n1,a\n')])), 403);
await refused('columns of no file', api('/files/..%2f..%2fetc%2fpasswd/columns', { columns: { text: 'a' } }), 404);
await refused('an unknown column', api('/files/nul.csv/columns', { columns: { text: '../../etc/passwd' } }), 400);
await refused('an unknown field', api('/files/nul.csv/columns', { columns: { __proto__x: 'text' } }), 400);
await refused('an unknown channel', api('/files/nul.csv/columns', { channel: script }), 400);
await refused('columns that are no texts', api('/files/nul.csv/columns', { columns: { text: [1] } }), 400);
must(!readdirSync(waiting).some((name) => name.endsWith('.part')), 'a part of an upload stayed on disk');

// Ten gigabytes of zeros, sent for as long as somebody takes them: to the page and to the interface.
for (const [where, send] of [['page', upload], ['interface', sent]]) {
  let n_bytes = 0;
  const zeros = (async function* () { const chunk = Buffer.alloc(1 << 20); for (let i = 0; i < 10240; i += 1) { n_bytes += chunk.length; yield chunk; } })();
  const flood = await Promise.race([send('zeros.csv', zeros), new Promise((done) => { setTimeout(() => done({ status: -1 }), 120000).unref(); })]);
  must(flood.status === 413 || flood.status === 0, `${where}: ten gigabytes: status ${flood.status}`);
  must(n_bytes < 2 * (500 << 20), `${where}: ${n_bytes} bytes were taken`);
  must(!readdirSync(waiting).some((name) => name.includes('zeros')), `${where}: the flood stayed on disk`);
}

// Another site, another name.
const change = (headers) => raw('POST', '/run', { accept: 'text/html', 'content-length': '0', ...headers });
must((await change({ origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' })).status === 403, 'another site starts a run');
must((await change({ host: 'evil.example' })).status === 421, 'another name starts a run');
must((await raw('GET', '/api/v1/insights', { host: 'evil.example:80' })).status === 421, 'another name reads');

// Hostile words through all of it. While it goes on, a file of a name that is being taken in waits for the next run.
const again = (text) => [Buffer.from(`id,text\n${text}\n`)];
await sent('same.csv', again(Array.from({ length: 3000 }, (_, i) => `${i},We need to export the list of place ${i} every month`).join('\n')));
const run = await (await fetch(`${server.at}/api/v1/run`, { method: 'POST' })).json();
const meanwhile = await sent('same.csv', again('new,We need to export the calendar every month'));
must(meanwhile.status === 201, `a file sent while a run goes on: status ${meanwhile.status}`);
for (let i = 0; i < 600; i += 1) {
  const now = await (await fetch(`${server.at}/api/v1/run`)).json();
  if (!now.is_going) { must(now.problem === null, `the run failed: ${now.problem}`); break; }
  await new Promise((go) => { setTimeout(go, 200); });
}
must(run.number === 1, 'no run began');
must((await files()).some(({ name, n_items }) => name === 'same.csv' && n_items === 1), 'the file sent meanwhile does not wait');
const sources = async () => (await (await fetch(`${server.at}/api/v1/sources`)).json()).find(({ name }) => name.startsWith('same'))?.n_items;
must(await sources() === 3000, `of the file that was taken in there are ${await sources()} items`);
must(existsSync(join(waiting, 'same.csv')) && !existsSync(join(server.work, '.throughline', 'taking', 'same.csv')), 'the two files of one name do not lie where they should');
const { items } = await (await fetch(`${server.at}/api/v1/insights`)).json();
must(items.length > 0, 'the hostile rows gave no insight');
const pages = ['/', '/insights', `/insights?q=${encodeURIComponent(script)}`, '/plan', '/what-if', '/judgements', ...items.slice(0, 3).flatMap(({ id }) => ['', '/spec', '/one-page', '/pr-faq', '/blueprint', '/sentences', '/prototype', '/files'].map((end) => `/insights/${id}${end}`)), `/trace/${items[0]?.id}`];
for (const path of pages) {
  const page = await raw('GET', path, { accept: 'text/html' });
  must(page.status === 200, `${path}: status ${page.status}`);
  must(!/<script>alert|<img src=x/i.test(page.text), `${path}: hostile words are not escaped`);
  must(/script-src 'self'/.test(page.headers['content-security-policy'] ?? ''), `${path}: no policy`);
}
for (const name of ['insights', 'statements', 'records', 'scores']) {
  const table = await raw('GET', `/export/${name}.csv`, {});
  const cells = [...table.text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"\r\n]*))/gm)].map((cell) => cell[1] ?? cell[2] ?? '');
  const armed = cells.find((cell) => /^[=+@\t]/.test(cell) || /^-[^\d]/.test(cell));
  must(table.status === 200 && armed === undefined, `${name}.csv: status ${table.status}, holds ${armed}`);
}

// Hostile words in revisions, and requests that want more than there is.
let first;
for (const { id } of items) if (!first && (await raw('GET', `/api/v1/insights/${id}/documents`, {})).status === 200) first = id;
must(first, 'no hostile insight is specified');
const accepted = await api('/revisions', { insights: [first], why: script, by: script });
must(accepted.status === 201, `accepting with hostile words: status ${accepted.status}`);
if (accepted.status === 201) {
  await refused('a stale mark', api('/revisions', { insights: [first], marks: { [first]: 'x' }, why: 'w', by: 'b' }), 409);
  await refused('a mark of another', api('/revisions', { insights: [first], marks: { i0: 'x' }, why: 'w', by: 'b' }), 400);
  for (const path of ['/revisions', '/revisions/1/difference', `/insights/${first}/spec`]) {
    const page = await raw('GET', path, { accept: 'text/html' });
    must(page.status === 200 && !/<script>alert|<img src=x/i.test(page.text), `${path}: status ${page.status}, or hostile words are not escaped`);
  }
}
for (const number of ['0', '2', '-1', '4294967296', '1e3', '..%2f1', script]) await refused(`revision ${number}`, raw('GET', `/api/v1/revisions/${encodeURIComponent(number)}`, {}), 404);
await refused('returning to no revision', api('/revisions/77/return', ''), 404);
const code = await server.stop();
must(code === 0, `the server ended with ${code}`);
conclude(findings, `${n} checks`);
