// The prototype's product: one list of records with everything that people do to records, and the capability that the
// specification is about (acts.js). Its acceptance scenarios are played on it by play.js.
//
// One state `S`, one `render()`. Every change goes through `commit()`, which knows rights, limits and a failing service,
// so that each act refuses, fails and undoes in the same way. Text from data is always escaped by `esc`.
'use strict';

const DATA = JSON.parse(document.getElementById('data').textContent);
const { one, many } = DATA.subject;
const DAY = 86400000;
const HOUR = 3600000;
const PAGE = 40;
const MOST_COUNTED = 10000;
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const esc = (value) => String(value ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const cap = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const count = (n, singular = one, plural = many) => `${n.toLocaleString(S.locale)} ${n === 1 ? singular : plural}`;

// ---------------------------------------------------------------- state

let S;

/** A new state with `n` records. Nothing of the old one is kept. */
function fresh(n = DATA.records.length) {
  return {
    records: Array.from({ length: n }, (_, i) => sample(i)), nextId: n + 1,
    own: [], log: [], undo: [], box: [], prefs: {}, runs: [], settings: { main: 'on' }, follows: new Set(), queue: [],
    role: 'actor', members: DATA.people.length, view: 'list', openId: null, query: '', filter: {}, sort: { field: null, dir: 'asc' },
    picked: new Set(), tag: null, shown: PAGE, state: 'ideal', note: null, form: null, file: null, answer: null,
    isDown: false, downAfter: null, isSlow: false, isOffline: false, atLimit: false, cap: Infinity, now: DATA.now, locale: 'en-GB',
    hiddenIds: new Set(), hiddenField: null, staleFilter: false, fields: [...DATA.subject.fields], mail: null, typed: {}, tries: null,
    conditions: [], extent: null, pace: Infinity, isBusy: false, places: null, load: 1, mayNotify: true, untranslated: false, gaps: new Set(), trailBy: null, isGone: false, plan: null, release: 42,
  };
}

/** The i-th sample record; further ones repeat the first with later dates and names of their own. */
function sample(i) {
  const base = DATA.records[i % DATA.records.length];
  const round = Math.floor(i / DATA.records.length);
  const v = { ...base };
  for (const f of DATA.subject.fields) {
    if (round && (f.type === 'date' || f.type === 'timestamp') && v[f.name]) v[f.name] += round * 7 * DAY;
    if (round && f.name === titleField().name) v[f.name] = `${v[f.name]} (${round + 1})`;
  }
  return { id: i + 1, v, owner: v.owner || DATA.people[i % DATA.people.length], at: DATA.now - (i % 40) * DAY, flags: {}, tags: [], links: [], files: [], comments: [], steps: [], versions: [] };
}

const titleField = () => DATA.subject.fields.find((f) => ['name', 'title', 'subject', 'number'].includes(f.name)) ?? DATA.subject.fields[0];
const dateField = () => DATA.subject.fields.find((f) => f.type === 'date' || f.type === 'timestamp');
const enumField = () => DATA.subject.fields.find((f) => f.options?.length > 1);
const columns = () => S.fields.filter((f) => f.type !== 'json' && f.name !== S.hiddenField).slice(0, 6);
const label = (r) => r.v[titleField().name] || `${cap(one)} ${r.id}`;
/** A fact of a record; its owner stands beside the facts, because rights follow from it. */
const fact = (r, f) => (f.name === 'owner' ? r.owner : r.v[f.name]);
const record = (id) => S.records.find((r) => r.id === id);
const me = () => DATA.people[0];
const isAdmin = () => S.role === 'admin';

/** Whether the role in use may do an act; reading is for everyone. */
function may(act) {
  return act === 'read' || S.role !== 'reader';
}

// ---------------------------------------------------------------- acts

/** Tells the person something. `offers` are ways on: [name, words, act]. */
function say(kind, text, offers = []) {
  S.note = { kind, text, offers };
}

/**
 * Carries out a change, or says why not. Returns whether it was done.
 * `act` names it for rights and the record of changes; `change` does it; `undo: false` marks what cannot be taken back.
 */
function commit(act, words, change, { undo = true, on = null, tell = true, needs = act } = {}) {
  if (!may(needs)) return deny(needs);
  if (S.atLimit) return refuseLimit();
  if (S.isDown) {
    say('failed', `${cap(words.failed ?? 'That')} did not work: the service does not answer. Nothing was changed.`,
      [['retry', 'Try again', () => { S.isDown = false; S.note = null; commit(act, words, change, { undo, on, tell, needs }); }]]);
    return false;
  }
  const before = snapshot();
  change();
  S.log.unshift({ at: S.now, who: me(), act, what: words.done, on });
  if (undo) S.undo.push({ before, words: words.done, at: S.now });
  if (tell) say('done', cap(words.done), undo ? [['undo', 'Undo', undoLast]] : []);
  return true;
}

function deny(act) {
  S.log.unshift({ at: S.now, who: me(), act: 'denied', what: `was refused: ${act}` });
  const owner = S.openId && record(S.openId)?.owner;
  say('denied', `Your role “${roleName()}” may only read. ${owner ? `${owner} owns this. ` : ''}An admin can grant the right.`, [['ask', 'Ask an admin', () => say('done', 'An admin has been asked')]]);
  return false;
}

function refuseLimit() {
  say('limit', `The limit of the plan is reached. Nothing was changed; an admin can raise it.`);
  return false;
}

const roleName = () => DATA.roles.find((r) => r.id === S.role).name;
const snapshot = () => structuredClone({ records: S.records, own: S.own });

function undoLast() {
  const last = S.undo.at(-1);
  const touched = S.records.find((r) => r.flags.changed);
  if (!last) return touched ? say('denied', `The last change is by ${touched.flags.changed.by}, so only its owner takes it back. Earlier versions show both.`) : undefined;
  if (touched && touched.flags.changed.since >= last.at) return clash(touched, last.before.records.find((r) => r.id === touched.id));
  S.undo.pop();
  S.records = last.before.records;
  S.own = last.before.own;
  S.note = null;
  S.log.unshift({ at: S.now, who: me(), act: 'undo', what: `took back: ${last.words}` });
  say('done', 'Everything is as it was before');
}

/** Two versions of one record: both are shown, neither is lost. */
function clash(theirs, mine) {
  const f = titleField().name;
  say('clash', `${theirs.flags.changed.by} changed this meanwhile. Theirs: “${theirs.v[f]}”. Yours: “${mine?.v[f] ?? S.form?.values?.[f] ?? ''}”.`,
    [['keep-theirs', 'Keep theirs', () => { theirs.flags.changed = null; S.form = null; S.note = null; }],
     ['keep-mine', 'Keep mine', () => { theirs.flags.changed = null; if (mine) theirs.v = mine.v; S.form = null; S.note = null; }]]);
}

// ---------------------------------------------------------------- lists

const isLive = (r) => !r.flags.deleted && !r.flags.archived && !r.flags.purged;

/** Records that the list shows, in its order. */
function visible() {
  const words = S.query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (r) => Object.values(r.v).concat(r.flags.word ?? '', r.tags).join(' ').toLowerCase();
  const shelf = SHELVES[S.view];
  const rows = S.records.filter((r) => (shelf ? shelf.has(r) : isLive(r)) && !S.hiddenIds.has(r.id)
    && words.every((w) => text(r).includes(w))
    && Object.entries(S.filter).every(([f, value]) => !value || String(r.v[f]) === value)
    && (!S.tag || r.tags.includes(S.tag))
    && (!S.places || S.places.has(r.id))
    && S.conditions.every((c) => String(fact(r, { name: c.field }) ?? '') !== c.value));
  return sorted(rows);
}

/** In the chosen order; records without the value come last in both directions. */
function sorted(rows) {
  const { field, dir } = S.sort;
  if (!field) return rows;
  const sign = dir === 'desc' ? -1 : 1;
  const has = (r) => r.v[field] !== null && r.v[field] !== undefined && r.v[field] !== '';
  return [...rows].sort((a, b) => (has(b) - has(a)) || (has(a) ? sign * compare(a.v[field], b.v[field]) : 0) || a.id - b.id);
}

const compare = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en'));
const isNarrowed = () => Boolean(S.query || S.tag || S.conditions.length || Object.values(S.filter).some(Boolean));

/** Further lists of records, by flag. */
const SHELVES = {
  archive: { title: 'Archive', has: (r) => r.flags.archived, empty: `Finished ${many} that were put away stand here. They stay findable and can be brought back.` },
  trash: { title: 'Deleted', has: (r) => r.flags.deleted || r.flags.purged, empty: `Deleted ${many} are kept here for 30 days. Nothing was deleted.` },
  waiting: { title: 'Waiting for approval', has: (r) => isLive(r) && r.flags.waiting, empty: `Nothing waits for approval.` },
  unowned: { title: 'Without an owner', has: (r) => isLive(r) && !r.owner, empty: `Every ${one} has an owner.` },
  duplicates: { title: 'Likely duplicates', has: (r) => isLive(r) && r.flags.duplicate, empty: `No likely duplicates were found. Last look: today.` },
  check: { title: 'Against the rule', has: (r) => isLive(r) && S.fields.some((f) => f.required && (r.v[f.name] === null || r.v[f.name] === '')), empty: `Every ${one} keeps to the rule.` },
};

// ---------------------------------------------------------------- rendering

/** Keys of the story and criteria that an element answers. */
function serves(frame, ...cases) {
  const story = DATA.stories.find((s) => s.frame === frame) ?? DATA.stories[0];
  const keys = DATA.scenarios.filter((s) => s.story === story.key && (!cases.length || cases.includes(s.case))).map((s) => s.key);
  return [story.key, ...keys].join(' ');
}
let MAIN = DATA.acts[0].frame; // play.js sets it to the frame of the scenario that is playing
const sv = (...cases) => `data-serves="${serves(MAIN, ...cases)}"`;
const button = (act, words, { kind = '', frame = MAIN, cases = ['happy', 'permission', 'limit', 'failure'], attrs = '' } = {}) =>
  `<button type="button" class="${kind}" data-do="${esc(act)}" data-serves="${serves(frame, ...cases)}" ${attrs}>${esc(words)}</button>`;

/** What every capability adds to a place, each naming the story that it answers. */
function ofEach(part) {
  const main = MAIN;
  const out = DATA.acts.flatMap((act) => { MAIN = act.frame; return part(act) ?? []; });
  MAIN = main;
  return out.join('');
}

function show(f, value) {
  if (value === null || value === undefined || value === '') return '<span class="none">none</span>';
  const zone = S.locale === 'de-DE' ? 'Europe/Berlin' : 'UTC';
  if (f.type === 'date') return esc(new Intl.DateTimeFormat(S.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(value));
  if (f.type === 'timestamp' && changesClock(value, zone)) return `<span data-shows="offset">${esc(new Intl.DateTimeFormat(S.locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'shortOffset', timeZone: zone }).format(value))}</span>`;
  if (f.type === 'timestamp') return esc(new Intl.DateTimeFormat(S.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(value));
  if (f.type === 'decimal' || f.type === 'int') return `<span class="num">${esc(Number(value).toLocaleString(S.locale))}</span>`;
  if (f.type === 'bool') return value ? 'yes' : 'no';
  if (f.options) return `<span class="pill" data-tone="${tone(value)}">${esc(value)}</span>`;
  return esc(value);
}

/** Whether the zone's offset changes within three hours of an instant; a bare clock time could then mean two. */
function changesClock(at, zone) {
  const offset = (ms) => new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(ms).find((p) => p.type === 'timeZoneName').value;
  return offset(at - 3 * HOUR) !== offset(at + 3 * HOUR);
}

const tone = (value) => (/\b(overdue|cancelled|broken|failed|high|late|off|expired|rejected|lost)\b/.test(value) ? 'bad' : /\b(done|paid|final|active|confirmed|approved|answered|sent|on|ok|shared|clean|in use)\b/.test(value) ? 'good' : 'plain');

function render() {
  const focus = focusKey();
  document.documentElement.lang = S.locale.slice(0, 2);
  $('#nav').innerHTML = navigation();
  $('#main').innerHTML = notice() + (S.state === 'ideal' || S.state === 'partial' ? body() : stateBody());
  $('#role').value = S.role;
  $('#state').value = S.state;
  $('#live').textContent = S.note ? S.note.text : '';
  if (S.form && !$('#form').open) openDialog();
  if (!S.form && $('#form').open) $('#form').close();
  if (S.form) renderForm();
  restoreFocus(focus);
}

function navigation() {
  const items = [['list', cap(many), S.records.filter(isLive).length]];
  if (DATA.fix) items.push(['fault', 'The fault', null]);
  for (const act of DATA.acts) for (const [view, title] of ACTS[act.frame]?.views?.(act) ?? []) if (!items.some((i) => i[0] === view)) items.push([view, title, view === 'own' ? S.own.length : null]);
  items.push(['trail', 'Activity', null]);
  return items.map(([view, title, n]) => `<button type="button" data-do="go:${view}" ${sv('happy')} ${S.view === view || (view === 'list' && S.view === 'detail') ? 'aria-current="page"' : ''}><span>${esc(title)}</span>${n === null ? '' : `<span class="n">${n}</span>`}</button>`).join('');
}

/** What the person was told last, with the ways on. */
function notice() {
  if (!S.note) return '';
  const cases = { denied: 'permission', limit: 'limit', failed: 'failure', clash: 'failure', empty: 'empty' }[S.note.kind] ?? 'happy';
  const offers = S.note.offers.map(([name, words]) => `<button type="button" data-offer="${name}" ${sv(cases)}>${esc(words)}</button>`).join('');
  return `<div class="note" data-told="${S.note.kind}" role="${S.note.kind === 'done' ? 'status' : 'alert'}" ${sv(cases)}><p><b>${esc(WORD[S.note.kind] ?? 'Note')}.</b> ${esc(S.note.text)}</p><div class="ways">${offers}<button type="button" class="quiet" data-do="dismiss" aria-label="Dismiss">×</button></div></div>`;
}
const WORD = { done: 'Done', denied: 'Not allowed', limit: 'Limit reached', failed: 'Failed', invalid: 'Not saved', clash: 'Two versions', empty: 'Nothing there', partial: 'Partly done', background: 'In the background', locked: 'Closed', needed: 'Before you go on', already: 'Already done', overdue: 'No answer', busy: 'Busy' };

function body() {
  if (S.view === 'away') return '';
  if (S.view === 'detail') return detail();
  if (S.view === 'trail') return trail();
  if (S.view === 'fault' && DATA.fix) return FAULT.page();
  if (SHELVES[S.view]) return shelf();
  const page = Object.values(ACTS).map((a) => a.pages?.[S.view]).find(Boolean);
  if (S.view === 'own') return ownPage();
  return page ? page() : list();
}

function stateBody() {
  const copy = DATA.copy;
  const frame = (what, text, way) => `<section class="blank" data-shows="${what}" ${sv(what === 'permission' ? 'permission' : what === 'error' ? 'failure' : 'empty')}><h1>${esc(cap(many))}</h1><p>${esc(text)}</p>${way}</section>`;
  switch (S.state) {
    case 'empty': return list([]);
    case 'loading': return `<section ${sv('happy')} aria-busy="true" data-shows="loading"><h1>${esc(cap(many))}</h1><p class="sr">${esc(copy.loading)}</p><div class="bones">${'<i></i>'.repeat(8)}</div></section>`;
    case 'error': return frame('error', copy.error, button('state:ideal', 'Try again', { kind: 'main', cases: ['failure'] }));
    default: return frame('permission', copy.permission, button('ask', 'Ask an admin', { kind: 'main', cases: ['permission'] }));
  }
}

/** The list with its tools. */
function list(rows = visible()) {
  const bars = ofEach((act) => ACTS[act.frame]?.bar?.(act));
  const total = S.records.filter(isLive).length;
  const tools = total > 1 ? `<div class="tools">
    <label class="grow"><span class="sr">Search ${esc(many)}</span><input type="search" data-key="query" data-input="query" value="${esc(S.query)}" placeholder="Search ${esc(many)}" ${sv('happy')}></label>
    ${filters()}${sorter()}</div>` : '';
  const narrowed = isNarrowed() ? ` of ${total.toLocaleString(S.locale)}` : '';
  return `<header class="head"><div><h1>${esc(cap(many))}</h1><p class="soft" data-shows="count" aria-live="polite">${S.state === 'empty' ? count(0) : `${rows.length > MOST_COUNTED ? `more than ${MOST_COUNTED.toLocaleString(S.locale)}` : rows.length.toLocaleString(S.locale)}${narrowed} ${rows.length === 1 && !narrowed ? one : many}`}</p></div><div class="ways">${bars}${canCreate() ? button('new', `New ${one}`, { kind: 'main', cases: ['happy', 'permission'] }) : ''}</div></header>
    ${S.state === 'partial' ? `<p class="banner" data-shows="partial" ${sv('failure')}>${esc(DATA.copy.partial)} ${button('state:ideal', 'Try again', { cases: ['failure'] })}</p>` : ''}
    ${banners()}${tools}${bulkBar()}${rows.length ? table(rows) : emptyList()}`;
}

const canCreate = () => true;

function banners() {
  return ofEach((act) => ACTS[act.frame]?.banner?.(act));
}

function filters() {
  return S.fields.filter((f) => f.options?.length > 1 || f.name === 'site' || f.type.startsWith('ref')).slice(0, 2).map((f) => {
    const values = [...new Set(S.records.filter((r) => isLive(r) && !S.hiddenIds.has(r.id)).map((r) => r.v[f.name]).filter(Boolean))].sort();
    return `<label><span class="sr">${esc(f.label)}</span><select data-key="filter-${f.name}" data-input="filter:${f.name}" ${sv('happy', 'empty')}><option value="">${esc(f.label)}: all</option>${values.map((value) => `<option ${S.filter[f.name] === String(value) ? 'selected' : ''}>${esc(value)}</option>`).join('')}</select></label>`;
  }).join('');
}

function sorter() {
  const options = columns().flatMap((f) => [[`${f.name}:asc`, `${f.label}, ascending`], [`${f.name}:desc`, `${f.label}, ${f.type === 'date' || f.type === 'timestamp' ? 'newest first' : 'descending'}`]]);
  return `<label><span class="sr">Order</span><select data-key="sort" data-input="sort" data-offers="sort" ${sv('happy')}><option value="">Order: as entered</option>${options.map(([value, text]) => `<option value="${value}" ${`${S.sort.field}:${S.sort.dir}` === value ? 'selected' : ''}>${esc(text)}</option>`).join('')}</select></label>`;
}

function bulkBar() {
  if (!S.picked.size) return '';
  const acts = ofEach((act) => ACTS[act.frame]?.bulk?.(act));
  return `<div class="bulk" ${sv('happy')}><b>${count(S.picked.size)} chosen</b>${acts}${button('bulk-done', 'Set to done', { cases: ['happy'] })}${button('unpick', 'Choose none', { kind: 'quiet', cases: ['happy'] })}</div>`;
}

function table(rows) {
  const shown = rows.slice(0, S.shown);
  const cols = columns();
  const mark = (text) => {
    const safe = esc(text);
    const word = S.query.trim();
    return word ? safe.replace(new RegExp(esc(word).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), (hit) => `<mark>${hit}</mark>`) : safe;
  };
  const cell = (r, f, i) => (i === 0
    ? `<th scope="row"><button type="button" class="open" data-do="open:${r.id}" ${sv('happy')}>${mark(label(r))}</button>${badges(r)}${r.flags.word && S.query ? `<span class="soft hit" data-shows="marks">… ${mark(r.flags.word)} …</span>` : ''}</th>`
    : `<td data-label="${esc(f.label)}">${show(f, fact(r, f))}</td>`);
  const first = titleField();
  const rest = cols.filter((f) => f !== first);
  return `<table class="rows" data-shows="list" ${sv('happy')}><caption class="sr">${esc(cap(many))}</caption><thead><tr><th scope="col" class="tick"><span class="sr">Choose</span></th>${[first, ...rest].map((f) => `<th scope="col">${esc(f.label)}</th>`).join('')}</tr></thead><tbody>${shown.map((r) => `<tr data-id="${r.id}"><td class="tick"><input type="checkbox" data-key="pick-${r.id}" data-do="pick:${r.id}" aria-label="Choose ${esc(label(r))}" ${S.picked.has(r.id) ? 'checked' : ''} ${sv('happy')}></td>${[first, ...rest].map((f, i) => cell(r, f, i)).join('')}</tr>`).join('')}</tbody></table>${rows.length > shown.length ? `<p class="more" data-shows="rest">${button('more', `Show ${Math.min(PAGE, rows.length - shown.length)} more`, { cases: ['limit'] })} <span class="soft">${shown.length} of ${rows.length.toLocaleString(S.locale)}</span></p>` : ''}`;
}

const BADGES = { locked: 'closed', archived: 'archived', deleted: 'deleted', copy: 'copy', draft: 'draft', live: 'published', waiting: 'waiting', approved: 'approved', shared: 'shared', unsent: 'not yet sent', late: '3 days late', own: 'yours', linked: 'linked', assigned: 'assigned', exception: 'exception', broken: 'broken' };
function badges(r) {
  const words = Object.entries(BADGES).filter(([flag]) => r.flags[flag]).map(([flag, text]) => `<span class="badge" data-shows="${flag}">${text}</span>`);
  return words.concat(r.tags.map((t) => `<button type="button" class="badge" data-do="tag:${esc(t)}" ${sv('happy')}>${esc(t)}</button>`)).join('');
}

function emptyList() {
  if (isNarrowed()) return `<section class="blank" data-shows="empty" ${sv('empty')}><h2>No ${esc(one)} matches</h2><p>Nothing among ${count(S.records.filter(isLive).length)} fits what you look for.</p>${button('clear', 'Clear search and filter', { kind: 'main', cases: ['empty'], attrs: 'data-offers="clear"' })}</section>`;
  const way = DATA.acts.map((act) => ACTS[act.frame]?.emptyWay?.(act)).find(Boolean);
  return `<section class="blank" data-shows="empty" ${sv('empty')}><h2>No ${esc(many)} yet</h2><p>${esc(S.isOffline ? `Nothing was loaded before the connection was lost. Connect once, and your ${many} stay here.` : DATA.copy.empty)}</p>${way ?? button('new', `Create the first ${one}`, { kind: 'main', cases: ['empty'], attrs: 'data-offers="create"' })}</section>`;
}

function shelf() {
  const it = SHELVES[S.view];
  const rows = visible();
  return `<header class="head"><h1>${esc(it.title)}</h1></header>${rows.length ? table(rows) : `<section class="blank" data-shows="empty" ${sv('empty')}><p>${esc(it.empty)}</p>${button('go:list', `To the ${many}`, { cases: ['empty'] })}</section>`}`;
}

/** One record: facts, what can be done, what belongs to it. */
function detail() {
  const r = record(S.openId);
  if (!r || S.hiddenIds.has(r.id)) return `<section class="blank" data-shows="denied" data-told="denied" ${sv('permission')}><h1>Not for you</h1><p>There is nothing at this address that you may read.</p>${button('go:list', `To the ${many}`, { cases: ['permission'] })}</section>`;
  const acts = ofEach((act) => ACTS[act.frame]?.detail?.(r, act));
  const panels = ofEach((act) => ACTS[act.frame]?.panel?.(r, act));
  const standard = [];
  const have = (name) => DATA.acts.some((act) => act.frame === name);
  if (!have('edit') && may('edit')) standard.push(button(`edit:${r.id}`, 'Edit', { attrs: 'data-offers="edit"', cases: ['happy'] }));
  if (!have('delete') && may('delete')) standard.push(button(`delete:${r.id}`, 'Delete', { kind: 'quiet', cases: ['happy'] }));
  const facts = S.fields.filter((f) => f.name !== S.hiddenField && f.name !== 'owner' && f !== titleField()).map((f) => `<dt>${esc(f.label)}</dt><dd>${isMasked(f) ? '<span data-shows="masked">masked for your role</span>' : show(f, r.v[f.name])}${(r.v[f.name] === null || r.v[f.name] === '') && r.flags.incomplete ? ` ${button(`edit:${r.id}`, `Add ${f.label.toLowerCase()}`, { cases: ['empty'], attrs: 'data-shows="blanks"' })}` : ''}</dd>`).join('');
  return `<nav class="crumbs">${button('go:list', `← ${cap(many)}`, { kind: 'quiet', cases: ['happy'] })}</nav>
    <article class="record" data-shows="detail" ${sv('happy')}><header class="head"><div><h1>${esc(label(r))}</h1><p class="soft">${r.owner ? `Owned by ${esc(r.owner)}` : 'Nobody owns this yet'} ${badges(r)}</p></div><div class="ways">${acts}${standard.join('')}</div></header>
    <dl class="facts">${facts}</dl><p class="next" data-shows="next" ${sv('happy')}>${esc(nextStep(r))}</p>${S.isDown && MAIN === 'view' ? `<section class="panel" data-told="failed" role="alert" ${sv('failure')}><p>One part, what happened before, could not be loaded. The rest is complete. ${button('up', 'Try again', { cases: ['failure'] })}</p></section>` : ''}${panels}${historyPanel(r)}</article>`;
}

/** Where data is protected, a reader sees sensitive facts masked; without any such fact, the second one stands for them. */
function isMasked(f) {
  const isProtected = DATA.acts.some((a) => a.frame === 'security_privacy') && S.role === 'reader';
  return isProtected && (S.fields.some((x) => x.sensitive) ? f.sensitive : f === columns()[1]);
}

function nextStep(r) {
  const f = enumField();
  if (!f) return 'Next step: share it with whoever waits for it.';
  const at = f.options.indexOf(r.v[f.name]);
  return at < 0 || at >= f.options.length - 1 ? 'No next step: this is its last state.' : `Next step: bring it to “${f.options[at + 1]}”.`;
}

function historyPanel(r) {
  const lines = S.log.filter((l) => l.on === r.id);
  return lines.length ? `<section class="panel" data-shows="history${lines.some((l) => !DATA.people.includes(l.who)) ? ' origin' : ''}" ${sv('happy')}><h2>What happened</h2><ul>${lines.map((l) => `<li>${esc(l.who)} ${esc(l.what)} <span class="soft">${when(l.at)}</span></li>`).join('')}</ul></section>` : '';
}

const when = (at) => esc(new Intl.DateTimeFormat(S.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at));

function trail() {
  if (MAIN === 'audit' && S.note?.kind === 'denied') return '';
  const rows = S.log.filter((l) => !S.trailBy || l.who === S.trailBy);
  const people = [...new Set(S.log.slice(0, MOST_COUNTED).map((l) => l.who))].sort();
  const by = people.length > 1 ? `<div class="tools"><label class="grow"><span class="sr">By person</span><select data-key="trail-by" data-input="trail-by" ${sv('happy', 'limit')}><option value="">Everyone</option>${people.map((p) => `<option ${p === S.trailBy ? 'selected' : ''}>${esc(p)}</option>`).join('')}</select></label></div>` : '';
  return `<header class="head"><div><h1>Activity</h1><p class="soft" data-shows="acts">${rows.length.toLocaleString(S.locale)} acts</p></div></header>${by}${rows.length ? `<ul class="trail" data-shows="trail" ${sv('happy')}>${rows.slice(0, S.shown).map((l) => `<li><b>${esc(l.who)}</b> ${esc(l.what)} <span class="soft">${when(l.at)}${l.from ? `, before “${esc(l.from)}”, after “${esc(l.to)}”` : ''}</span></li>`).join('')}</ul>${rows.length > S.shown ? `<p class="more">${button('more', `Show ${Math.min(PAGE, rows.length - S.shown)} more`, { cases: ['limit'] })}</p>` : ''}` : `<section class="blank" data-shows="empty" ${sv('empty')}><p>Nothing was done in this time.</p></section>`}`;
}

/** The capability's own collection: exports, rules, shares, whatever the specification says. */
function ownPage() {
  const own = DATA.own ?? { one: 'entry', many: 'entries', fields: [] };
  const act = ACTS[MAIN];
  const cols = own.fields.filter((f) => f.type !== 'json' && f.type !== 'uuid').slice(0, 5);
  const bar = act.ownBar?.() ?? '';
  const rows = S.own.filter((o) => !S.ownQuery || o.name.toLowerCase().includes(S.ownQuery));
  const row = (o) => `<tr><th scope="row">${esc(o.name)} <span class="pill" data-tone="${tone(o.status)}">${esc(o.status)}</span></th>${cols.map((f) => `<td data-label="${esc(f.label)}">${show(f, o.v[f.name])}</td>`).join('')}<td class="ways">${act.ownRow?.(o) ?? ''}</td></tr>`;
  return `<header class="head"><h1>${esc(cap(own.many))}</h1><div class="ways">${bar}</div></header>${act.ownTop?.() ?? ''}${rows.length ? `<div class="scroll" tabindex="0" role="region" aria-label="${esc(cap(own.many))}"><table class="rows" data-shows="own" ${sv('happy')}><thead><tr><th scope="col">${esc(cap(own.one))}</th>${cols.map((f) => `<th scope="col">${esc(f.label)}</th>`).join('')}<th scope="col"><span class="sr">Acts</span></th></tr></thead><tbody>${rows.map(row).join('')}</tbody></table></div>` : `<section class="blank" data-shows="empty" ${sv('empty')}><h2>No ${esc(own.many)} yet</h2><p data-shows="invitation">${esc((typeof act.ownEmpty === 'function' ? act.ownEmpty() : act.ownEmpty) ?? `They appear here as soon as there are some.`)}</p>${act.ownWay?.() ?? ''}</section>`}`;
}

/** Adds to the capability's own collection. */
function addOwn(name, values = {}, status = 'active') {
  const v = {};
  for (const f of DATA.own?.fields ?? []) v[f.name] = values[f.name] ?? (f.options ? f.options[0] : f.type === 'timestamp' || f.type === 'date' ? S.now : f.type === 'int' ? 0 : f.type === 'bool' ? true : f.type.startsWith('ref') ? me() : '');
  const o = { id: S.nextId++, name, v, status, at: S.now };
  S.own.push(o);
  return o;
}

// ---------------------------------------------------------------- form

function openForm(r = null) {
  if (!may(r ? 'edit' : 'create')) return deny(r ? 'edit' : 'create');
  if (r?.flags.locked) return say('locked', `${DATA.people[1]} closed this on ${new Date(S.now).toISOString().slice(0, 10)}: the period is settled. Nothing was changed.`);
  S.form = { id: r?.id ?? null, values: r ? { ...r.v } : {}, problems: {} };
}

function openDialog() {
  $('#form').innerHTML = '';
  $('#form').showModal();
}

function renderForm() {
  const box = $('#form');
  const typed = box.firstChild ? readForm() : S.form.values;
  const problem = (f) => S.form.problems[f.name];
  const value = (f) => typed[f.name] ?? '';
  const iso = (f) => (value(f) === '' ? '' : new Date(value(f)).toISOString().slice(0, f.type === 'date' ? 10 : 16));
  const control = (f) => {
    const id = `f-${f.name}`;
    const attrs = `id="${id}" name="${f.name}" ${problem(f) ? `aria-invalid="true" aria-describedby="p-${f.name}"` : ''} ${sv('happy', 'failure')}`;
    if (f.options) return `<select ${attrs}><option value=""></option>${f.options.map((o) => `<option ${o === value(f) ? 'selected' : ''}>${esc(o)}</option>`).join('')}</select>`;
    if (f.type.startsWith('ref')) return `<select ${attrs}><option value=""></option>${DATA.people.map((p) => `<option ${p === value(f) ? 'selected' : ''}>${esc(p)}</option>`).join('')}</select>`;
    if (f.type === 'bool') return `<input type="checkbox" ${attrs} ${value(f) ? 'checked' : ''}>`;
    const type = { date: 'date', timestamp: 'datetime-local', int: 'number', decimal: 'number' }[f.type] ?? 'text';
    return `<input type="${type}" ${type === 'number' ? 'step="any"' : ''} ${attrs} value="${esc(f.type === 'date' || f.type === 'timestamp' ? iso(f) : value(f))}">`;
  };
  const rows = S.fields.map((f) => `<div class="field"><label for="f-${f.name}">${esc(f.label)}${f.required ? '' : ' <span class="soft">optional</span>'}</label>${control(f)}${problem(f) ? `<p class="problem" id="p-${f.name}" data-told="invalid">${esc(problem(f))}</p>` : ''}</div>`).join('');
  const failed = S.note && ['failed', 'limit', 'denied', 'clash'].includes(S.note.kind) ? `<p class="problem" role="alert" data-told="${S.note.kind}">${esc(S.note.text)}</p>` : '';
  box.innerHTML = `<form method="dialog" novalidate ${sv('happy', 'failure')}><h2>${S.form.id ? `Change ${esc(one)}` : `New ${esc(one)}`}</h2>${failed}${rows}${reasonField()}<div class="ways end">${button('cancel', 'Cancel', { kind: 'quiet', cases: ['happy'] })}<button type="submit" class="main" data-do="submit" ${sv('happy', 'permission', 'limit', 'failure')}>Save</button></div></form>`;
}

/** Whoever leads may save what a rule refuses, with a reason that stays on the record. */
function reasonField() {
  if (MAIN !== 'validate' || !isAdmin() || !Object.keys(S.form.problems).length) return '';
  return `<div class="field"><label for="f-reason">Reason for an exception <span class="soft">optional</span></label><input id="f-reason" ${sv('permission')}></div>`;
}

function readForm() {
  const out = {};
  for (const f of S.fields) {
    const input = $(`#f-${f.name}`);
    if (!input) continue;
    const raw = input.type === 'checkbox' ? input.checked : input.value;
    out[f.name] = raw === '' ? '' : f.type === 'date' || f.type === 'timestamp' ? Date.parse(f.type === 'timestamp' ? `${raw}:00Z` : raw) : f.type === 'int' || f.type === 'decimal' ? Number(raw) : raw;
  }
  return out;
}

/** Checks and saves the form; what was typed stays until it is saved. */
function submitForm() {
  const values = readForm();
  S.form.values = values;
  S.form.problems = {};
  for (const f of S.fields) {
    if (f.required && (values[f.name] === '' || values[f.name] === undefined)) S.form.problems[f.name] = `${f.label} is missing. Enter it to save.`;
    if ((f.type === 'int' || f.type === 'decimal') && Number.isNaN(values[f.name])) S.form.problems[f.name] = `${f.label} takes a number.`;
    if ((f.type === 'int' || f.type === 'decimal') && values[f.name] < 0) S.form.problems[f.name] = `${f.label} cannot be below 0.`;
  }
  const problems = Object.values(S.form.problems);
  const reason = $('#f-reason')?.value.trim() ?? '';
  const isException = problems.length > 0 && isAdmin() && reason !== '';
  if (problems.length && !isException) return say('invalid', problems[0]);
  const r = S.form.id ? record(S.form.id) : null;
  if (r?.flags.changed) return clash(r, { v: values });
  if (!r && S.records.filter(isLive).length >= S.cap) return refuseLimit();
  const save = () => {
    if (r) { r.versions.push({ v: { ...r.v }, by: me(), at: S.now }); r.v = values; if ('owner' in values) r.owner = values.owner || null; if (r.flags.approved) { r.flags.approved = false; r.flags.waiting = true; } }
    else S.records.unshift({ ...sample(0), id: S.nextId++, v: values, owner: values.owner || me(), at: S.now, flags: S.isOffline ? { unsent: true } : isException ? { exception: reason } : {} });
  };
  const from = r ? label(r) : '';
  const isDone = commit(r ? 'edit' : 'create', { done: r ? `changed “${values[titleField().name] || from}”` : `created “${values[titleField().name] || one}”`, failed: 'saving' }, save, { on: r?.id ?? S.nextId });
  if (isDone) {
    Object.assign(S.log[0], r ? { from, to: label(r) } : {});
    if (S.isOffline) S.queue.push(S.records[0].id);
    S.form = null;
  }
}

/** Values that are right for every field, as a person might enter them. */
function validValues() {
  const v = { ...sample(1).v };
  if (titleField().type === 'text' && !titleField().options) v[titleField().name] = `${cap(one)} made just now`;
  return v;
}

/** Enters a value into a field of the open form. */
function enter(f, value) {
  const input = $(`#f-${f.name}`);
  if (!input) return;
  if (input.type === 'checkbox') input.checked = Boolean(value);
  else if (value === '' || value === null || value === undefined) input.value = '';
  else input.value = f.type === 'date' ? new Date(value).toISOString().slice(0, 10) : f.type === 'timestamp' ? new Date(value).toISOString().slice(0, 16) : value;
  S.typed[f.name] = input.type === 'checkbox' ? input.checked : input.value;
}

// ---------------------------------------------------------------- events

const COMMANDS = {
  go: (view) => { S.view = view; S.openId = null; S.note = null; S.shown = PAGE; },
  open: (id) => { S.view = 'detail'; S.openId = Number(id); S.note = null; },
  new: () => openForm(),
  edit: (id) => openForm(record(Number(id))),
  cancel: () => { S.form = null; S.note = null; },
  submit: () => submitForm(),
  delete: (id) => ACTS.delete.run(record(Number(id))),
  undo: () => undoLast(),
  dismiss: () => { S.note = null; },
  'trail-by': (who) => { S.trailBy = who || null; S.shown = PAGE; },
  clear: () => { S.query = ''; S.filter = {}; S.conditions = []; S.tag = null; S.staleFilter = false; },
  more: () => { S.shown += PAGE; },
  pick: (id) => { const n = Number(id); if (!S.picked.delete(n)) S.picked.add(n); },
  unpick: () => S.picked.clear(),
  'bulk-done': () => ACTS.bulk_edit.run(),
  tag: (name) => { S.tag = name; S.view = 'list'; },
  ask: () => say('done', 'An admin has been asked'),
  up: () => { S.isDown = false; },
  state: (state) => { S.state = state; },
  mended: (value) => { isMended = value === 'true'; S.tries = null; },
  try: () => FAULT.run(),
};

document.addEventListener('click', (event) => {
  const offer = event.target.closest('[data-offer]');
  if (offer) { S.note?.offers.find(([name]) => name === offer.dataset.offer)?.[2](); return render(); }
  const target = event.target.closest('[data-do]');
  if (!target || document.body.classList.contains('overlay') && !target.closest('#review')) return;
  const [name, ...rest] = target.dataset.do.split(':');
  if (name === 'submit') event.preventDefault();
  run(name, rest.join(':'));
});

/** Carries out a command by name, from a click, a key or a scenario. */
function run(name, argument = '') {
  const command = COMMANDS[name] ?? ACTS[name.replace(/-own$/, '')]?.commands?.[name];
  const own = command ?? Object.values(ACTS).map((act) => act.commands?.[name]).find(Boolean);
  own?.(argument);
  render();
}

document.addEventListener('input', (event) => {
  const name = event.target.dataset?.input;
  if (!name) return;
  const value = event.target.value;
  if (name === 'query') S.query = value;
  else if (name === 'sort') { const [field, dir] = value.split(':'); S.sort = { field: field || null, dir: dir ?? 'asc' }; S.prefs.sort = S.sort; }
  else if (name === 'trail-by') S.trailBy = value || null;
  else if (name === 'except') { const [field, ...rest] = value.split(':'); if (field) ACTS.filter.except(field, rest.join(':')); }
  else if (name.startsWith('filter:')) S.filter[name.slice(7)] = value;
  S.shown = PAGE;
  render();
});

document.addEventListener('keydown', (event) => {
  if (event.target.closest?.('input, select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') { event.preventDefault(); $('[data-key="query"]')?.focus(); }
  if (event.key === 'n') { event.preventDefault(); run('new'); }
  if (event.key === 'z') run('undo');
  if (event.key === 'Escape') run(S.view === 'detail' ? 'go' : 'dismiss', 'list');
});

$('#form').addEventListener('cancel', () => { S.form = null; S.note = null; render(); });
$('#form').addEventListener('submit', (event) => event.preventDefault());

/** Rendering replaces elements; these two bring the person back to where they were. */
function focusKey() {
  const el = document.activeElement;
  if (!el || !el.closest('#main, #nav, #form')) return null;
  return { key: el.dataset.key ?? el.id ?? null, act: el.dataset.do ?? null, at: el.selectionStart ?? null, isSearch: el.type === 'search' };
}
function restoreFocus(focus) {
  if (!focus) return;
  const el = (focus.key && ($(`[data-key="${CSS.escape(focus.key)}"]`) ?? document.getElementById(focus.key))) || (focus.act && $(`[data-do="${CSS.escape(focus.act)}"]`));
  if (!el) return S.view === 'detail' ? $('.crumbs button')?.focus() : undefined;
  el.focus({ preventScroll: true });
  if (focus.isSearch && focus.at !== null) el.setSelectionRange(focus.at, focus.at);
}
