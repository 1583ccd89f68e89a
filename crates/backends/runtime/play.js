// Plays acceptance scenarios on the prototype, and says for each step what was expected and what was seen.
//
// A scenario's clauses carry calls (`seed 3`, `do valid`, `told denied`). GIVEN sets the stage, WHEN acts through the
// same functions as a person's click, THEN looks at the state and at what is on the page. A clause without calls,
// a call that is not known here, and a THEN that looks at nothing make the whole scenario "not executable yet": it is never counted as passed.
'use strict';

/** What a workspace may hold before its limit is raised. Chosen. */
const TODAYS_LIMIT = 50;
/** How many rows of a long list come first. */
const FIRST_ROWS = 40;

const GIVEN = {
  seed: (n) => { S = { ...fresh(Number(n)), view: S.view }; if (MAIN === 'raise_limit') S.cap = TODAYS_LIMIT; },
  may: () => { S.role = 'actor'; },
  deny: () => { S.role = 'reader'; },
  reader: () => { S.role = 'reader'; },
  limit: () => { S.atLimit = true; },
  cap: (n) => { S.cap = Number(n); },
  down: (n) => { if (n === undefined) S.isDown = true; else S.downAfter = Number(n); },
  slow: () => { S.isSlow = true; },
  mark: (flag) => mark(first(), flag),
  pick: (n) => { const f = enumField(); S.records.slice(0, Number(n)).forEach((r) => { S.picked.add(r.id); if (f) r.v[f.name] = f.options[0]; }); },
  foreign: (n) => { S.records.slice(0, Number(n)).forEach((r) => { r.flags.foreign = true; }); },
  value: (n) => { const f = WORDS.filterField(); S.records.forEach((r, i) => { if (i < Number(n)) r.v[f.name] = WORDS.value; else if (r.v[f.name] === WORDS.value) r.v[f.name] = 'Elsewhere'; }); },
  filtered: () => { S.filter[WORDS.filterField().name] = WORDS.value; },
  word: (n) => { S.records.slice(0, Number(n)).forEach((r) => { r.flags.word = `says ${WORDS.needle} once`; }); },
  hide: (n) => { S.records.slice(0, Number(n)).forEach((r) => S.hiddenIds.add(r.id)); },
  hidefact: () => { S.hiddenField = columns().find((f) => f !== titleField()).name; },
  blank: (n) => { const f = MAIN === 'sort' ? dateField() ?? titleField() : titleField(); S.records.slice(0, Number(n)).forEach((r) => { r.v[f.name] = f === titleField() ? '' : null; }); },
  stale: () => { S.staleFilter = true; },
  empty: () => { S.own = []; },
  own: (n, status) => { for (let i = 0; i < Number(n); i += 1) { const o = addOwn(`${cap(DATA.own?.one ?? 'entry')} ${i + 1}`, {}, status ?? 'active'); o.of = first()?.id; o.text = 'x'; } },
  file: (n, bad = 0) => { S.mail = { n: Number(n), bad: Number(bad) }; },
  follow: (n) => { S.records.slice(0, Number(n)).forEach((r) => S.follows.add(r.id)); },
  alone: () => { S.members = 1; },
  quiet: () => { S.log = []; },
  fresh: (done = 0) => { S.fresh = true; S.stepsDone = Number(done); },
  setting: (value) => { S.settings.main = value; },
  offline: () => { S.isOffline = true; },
  waiting: () => { const r = first() ?? (S.records.push(sample(0)), first()); r.flags.unsent = true; S.queue.push(r.id); },
  aged: (days) => { S.aged = Number(days); },
  narrow: () => { $('#app').classList.add('narrow'); },
  'long-labels': () => { S.fields = S.fields.map((f) => ({ ...f, label: `${f.label} ${f.label.toLowerCase()}bezeichnung` })); },
  locale: (tag) => { S.locale = tag; },
  typing: () => { openForm(); render(); enter(titleField(), validValues()[titleField().name]); S.form.values = readForm(); },
  about: (n) => { S.about = S.records.slice(0, Number(n)); },
  'owner-left': (n) => { S.records.slice(0, Number(n)).forEach((r) => { r.owner = null; }); },
  ownfact: (n) => { ACTS.customise.run(); S.records.slice(0, Number(n)).forEach((r) => { r.v.own_note = 'x'; }); S.note = null; },
  did: (what) => { if (what === 'delete') ACTS.delete.run(first()); if (what === 'edit') editFirst(); if (what === 'act') ACTS.domain_act.run(first()); S.note = null; S.view = 'list'; },
  tick: () => tick(),
  pause: () => { ACTS.schedule.pause(); },
  reported: () => { S.view = 'fault'; },
  wait: () => {},
  monthly: (day) => run('schedule-monthly', day),
  token: () => run('token'),
  loop: () => { S.own[0].loops = true; },
  conditions: (n) => { const [last, ...others] = S.records.slice(0, Number(n)); S.conditions = others.map((r) => ({ field: titleField().name, value: label(r) })); ACTS.filter.except(titleField().name, label(last)); },
  'view-gone': () => { ACTS.customise.run(); const o = addOwn('My list', {}, 'private'); o.rules = { filter: { own_note: 'x' }, sort: { field: null, dir: 'asc' }, query: '' }; o.names = { own_note: 'Own note' }; S.fields = S.fields.filter((f) => !f.own); S.note = null; S.view = 'own'; },
  extent: (n) => { S.extent = Number(n); S.countedAt = S.now - 3 * HOUR; },
  pages: (n) => { first().flags.pages = Number(n); },
  pace: (n) => { S.pace = Number(n); },
  busy: () => { S.isBusy = true; },
  acts: (n) => { const kinds = DATA.people.map((who) => Object.freeze({ at: S.now, who, act: 'edit', what: `changed a ${one}`, on: null })); S.log = Array.from({ length: Number(n) }, (_, i) => kinds[i % kinds.length]); },
  gone: () => { S.isGone = true; },
  back: (whom) => { S.role = 'admin'; ACTS._remove.bringBack(whom ?? 'me'); S.role = 'actor'; S.note = null; },
  planned: () => { S.plan = { what: `a change to ${many}` }; },
  release: (kind) => { ACTS._keep.release(); if (kind === 'bad') S.records.forEach((r) => { r.flags.broken = true; }); },
  places: (n) => { S.places = new Set(S.records.slice(0, Number(n)).map((r) => r.id)); },
  load: (times) => { S.load = Number(times); },
  untranslated: () => { S.untranslated = true; },
  changeover: () => {
    let f = S.fields.find((x) => x.type === 'timestamp');
    if (!f) { f = { name: 'noted_at', label: 'Noted', type: 'timestamp' }; S.fields = [S.fields[0], f, ...S.fields.slice(1)]; }
    first().v[f.name] = Date.UTC(2026, 9, 25, 0, 30);
  },
  'no-notices': () => { S.mayNotify = false; },
  line: (kbit) => { S.kbitPerSecond = Number(kbit); },
  'tagged-as': (n) => { S.records.slice(0, Number(n)).forEach((r) => r.tags.push('urgent')); },
  renamed: () => { S.records.forEach((r) => { r.tags = r.tags.map((t) => (t === 'urgent' ? 'today' : t)); }); },
  lead: () => { S.role = 'admin'; },
};

/** Sets a flag on a record, with what belongs to it. */
function mark(r, flag) {
  const at = S.now;
  const more = {
    needed: () => { r.flags.needed = 2; r.links = ['“May”', '“June”']; },
    changed: () => { r.flags.changed = { by: DATA.people[1], since: at }; r.v[titleField().name] = `${label(r)} (theirs)`; },
    incomplete: () => { r.v[columns().at(-1).name] = null; },
    versions: () => { for (const n of [1, 2]) r.versions.push({ v: { ...r.v, [titleField().name]: `${label(r)}, version ${n}` }, by: DATA.people[n], at: at - n * DAY }); },
    duplicate: () => { const [a, b] = S.records.filter(isLive); a.flags.duplicate = true; b.flags.duplicate = true; b.links.push({ to: S.records.at(-1).id, kind: 'blocks' }); b.comments.push({ by: DATA.people[1], text: 'See the other one' }); },
    merged: () => { mark(r, 'duplicate'); ACTS.merge.run(); S.note = null; },
    linked: () => { const b = S.records[1]; r.links.push({ to: b.id, kind: 'blocks' }); b.links.push({ to: r.id, kind: 'is blocked by' }); },
    'link-gone': () => { r.links.push({ to: 0, gone: true }); },
    steps: () => { r.steps = ['Agree', 'Prepare', 'Check', 'Hand over'].map((name, i) => ({ name, done: i === 0 })); },
    unowned: () => { r.owner = null; },
    deleted: () => { r.flags.deletedOn = at; },
    bare: () => { for (const f of S.fields) if (f !== titleField()) r.v[f.name] = null; },
  };
  r.flags[flag] = flag === 'changed' || flag === 'needed' ? r.flags[flag] : true;
  more[flag]?.();
}

function editFirst() {
  const r = first();
  commit('edit', { done: `changed “${label(r)}”` }, () => { r.versions.push({ v: { ...r.v }, by: me(), at: S.now }); r.v[titleField().name] = `${label(r)}, changed`; }, { on: r.id });
  Object.assign(S.log[0], { from: label(r), to: label(r) });
}

function tick() {
  S.now += 7 * DAY;
  if (S.queue[0]?.merge) { const { merge } = S.queue.shift(); ACTS.merge.all(merge); S.note = null; }
  if (S.queue[0] === 'export') { S.queue = []; addOwn(`${cap(many)}, large`, {}, 'done'); S.note = null; }
  const main = ACTS[MAIN];
  (main.tick ?? main.sync)?.();
}

const OPENS = {
  undefined: () => run('go', 'list'),
  detail: () => run('open', (S.hiddenIds.size ? [...S.hiddenIds][0] : first()?.id) ?? 0),
  hidden: () => run('open', [...S.hiddenIds][0]),
  own: () => { S.view = 'own'; }, stale: () => run('go', 'list'), trail: () => openTrail(), history: () => { S.openId = first().id; S.view = 'history'; },
  filter: () => run('go', 'list'), sort: () => run('go', 'list'), report: () => run('go', 'report'), preview: () => ACTS.preview.run(), settings: () => run('go', 'settings'), home: () => run('go', 'home'),
};

const WHEN = {
  do: (...args) => { const entry = ACTS[MAIN]; if (SHELVES[S.view] && MAIN !== 'restore') S.view = 'list'; (entry.play ?? ((v) => entry.run(...(v === undefined || v === 'valid' ? [] : []))))(args[0]); },
  clock: (day) => { S.now = Date.parse(`${day}T09:00:00Z`); (ACTS[MAIN].tick ?? tick)(); },
  except: () => ACTS.filter.except(titleField().name, label(S.records.at(-1))),
  'open-view': () => run('open-view', S.own[0].id),
  free: () => { S.isBusy = false; },
  'narrow-trail': () => { openTrail(); run('trail-by', DATA.people[1]); },
  anew: () => { S = { ...fresh(0), ...Object.fromEntries(['records', 'own', 'log', 'prefs', 'isGone', 'role', 'now'].map((k) => [k, S[k]])), view: 'home' }; },
  /** As a click on the button of that name. */
  press: (name, argument) => run(name, argument ?? String(target()?.id ?? '')),
  joins: () => { S.members += 1; },
  drop: (n) => { [...S.picked].slice(0, Number(n)).forEach((id) => S.picked.delete(id)); },
  'bring-back': (whom) => ACTS._remove.bringBack(whom),
  announce: () => ACTS._keep.announce(),
  report: () => ACTS._keep.takeBack(),
  rename: () => ACTS.tag.rename('urgent', 'soon'),
  choose: (name) => takeOffer(name),
  clear: () => run('clear'),
  new: () => fillAndSave(),
  open: (what) => { if (OPENS[what]) OPENS[what](); else run('go', what); },
  undo: () => undoLast(),
  tick: () => tick(),
  event: (n = 1) => { const main = ACTS[MAIN]; main.event(first(), Number(n)); },
  remote: () => ACTS[MAIN].remote(),
  mute: () => { S.view = 'settings'; switchSetting('off'); },
  pause: () => ACTS.schedule.pause(),
  fetch: () => fetchFile(),
  visit: () => (MAIN === 'invite' ? ACTS.invite.accept() : ACTS.share.visit()),
  revoke: () => { S.own[0].status = 'withdrawn'; },
  accept: () => ACTS.invite.accept(),
  up: () => { S.isDown = false; },
  retry: () => takeOffer('retry'),
  signin: (how) => ACTS.sso_login.signin(how),
  edit: () => changeAndSave(),
  demote: () => ACTS.permission.demote(),
  save: () => { const { role } = S; S.role = 'actor'; openForm(first()); render(); enter(titleField(), validValues()[titleField().name]); S.role = role; $('#form [data-do="submit"]').click(); },
  call: (what) => ACTS.api_webhook.call(what),
  add: (n = 1) => ACTS.raise_limit.add(Number(n)),
  steps: () => ACTS.onboard.run(),
  keyboard: () => { document.body.focus(); document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true })); const box = $('#form'); if (box.open && box.contains(document.activeElement)) fillAndSaveOpen(); },
  return: () => { S.view = S.form ? S.view : 'list'; },
  online: () => ACTS.offline.online(),
  'locale-try': () => ACTS.localise.run('de-DE'),
  remove: () => ACTS.customise.remove(),
  'change-own': () => { if (S.role === 'reader' && S.own.length) say('denied', 'Another team owns this template. You can use it as it is.'); },
  'find-own': () => { S.view = 'own'; S.ownQuery = '7'; },
  finish: () => ACTS.template.finish(),
  try: (n) => FAULT.run(Number(n)),
};

/** Takes a way on that the last message offers; without one, the scenario cannot go on. */
function takeOffer(name) {
  const offer = S.note?.offers.find(([own]) => own === name);
  if (!offer) throw new Error(`nothing offers “${name}”`);
  offer[2]();
}

/** Fills and saves the form that is open already. */
function fillAndSaveOpen() {
  const values = validValues();
  for (const f of S.fields) enter(f, values[f.name]);
  $('#form [data-do="submit"]').click();
}

const shown = (what) => $$(`#main [data-shows~="${what}"]`).some((el) => el.getClientRects().length > 0);
const listedIds = () => $$('#main table[data-shows="list"] tbody tr').map((row) => Number(row.dataset.id));
const saw = (ok, text) => ({ ok, text });
/** Whether a way on is offered: by a message, by an act on the page, or by an open form that can be saved again. */
const isOffered = (what) => $$(`#main [data-offer="${what}"], #main [data-offers="${what}"], #main [data-do="${what}"]`).some((el) => el.getClientRects().length > 0) || (what === 'retry' && S.form !== null && $('#form [data-do="submit"]') !== null);
/** Whether an element can be seen: it takes up room, and no open form covers it. */
const seen = (el) => Boolean(el) && el.getClientRects().length > 0 && (!$('#form').open || $('#form').contains(el));
/** The words of a notice, without the name of its kind and without its buttons: those stand there whatever is told. */
const said = (el) => { const copy = el.cloneNode(true); $$('.note b, button', copy).concat($$('p > b:first-child', copy)).forEach((x) => x.remove()); return copy.textContent.trim(); };
const live = () => S.records.filter(isLive).length;
/** A message of a kind has to say what that kind is about: who may, which limit, what did not work, what was done to what. */
const SAYS = {
  denied: /\b(may|admins?|rights?|role|owns?|owner|belongs|group|somebody else|billing)\b/i,
  limit: /\d|\b(limit|taken|used up|ended|gone|circle|away|missing|remain|twenty|five|one round)\b/i,
  failed: /\b(not|broke|refused|withdrawn|stopped|could|lost)\b/i,
  invalid: /\b(missing|takes|cannot|empty|nothing)\b/i,
  empty: /\b(no|nothing|too few|choose|not deleted)\b/i,
  partial: /\b(not|left|without|no longer)\b/i,
  background: /\b(background|go on|tried again|left|waits)\b/i,
  needed: /\b(refer|open work|cannot be undone|would|values)\b/i,
  clash: /“.*”.*“.*”/,
  busy: /\bload\b/i,
  already: /\bresult stands\b/i,
  locked: /\bclosed this on \d/i,
  overdue: /\b\d days\b/i,
  /** What was done names the thing, or how many, or where it went. */
  get done() { return new RegExp(`“.+”|\\d|${[one, many, DATA.own?.one, WORDS.destination, WORDS.setting, 'as it was before', 'signed in', 'invitation', 'everything is sent', 'changed the role', 'sent again', 'delivered'].filter(Boolean).map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')}`, 'i'); },
};

/** Each answers whether it holds and what was seen. `b` is the state before the event. */
const THEN = {
  more: (b, n) => saw(live() - b.live === Number(n), `${live() - b.live >= 0 ? '+' : ''}${live() - b.live} ${many}`),
  same: (b) => saw(b.image === image(), b.image === image() ? 'nothing changed' : 'something changed'),
  told: (b, kind) => {
    const texts = $$(`[data-told="${kind}"]`).filter(seen).map(said);
    const fits = texts.find((text) => SAYS[kind]?.test(text) ?? text.length > 0);
    return saw(fits !== undefined, texts.length ? `told “${kind}”: ${texts[0]}${fits === undefined ? ', which does not say what it is about' : ''}` : S.note ? `told “${S.note.kind}”: ${S.note.text}` : 'nothing was told');
  },
  unseen: (b, what) => saw(!shown(what), shown(what) ? `“${what}” is on the page` : `“${what}” is not on the page`),
  sees: (b, what) => saw(shown(what), shown(what) ? `“${what}” is on the page` : `“${what}” is not on the page`),
  offers: (b, what) => { const has = isOffered(what); return saw(has, has ? `“${what}” is offered` : `“${what}” is not offered`); },
  lacks: (b, what) => {
    const selectors = { sort: '[data-offers="sort"]', undo: '[data-do="undo"], [data-offer="undo"]', edit: '[data-offers="edit"]', quota: '[data-shows="quota"]', guide: '[data-shows="guide"]', those: '[data-shows~="those"]', gone: '[data-shows="gone"]', 'own-note': '[data-shows="own-note"]', 'hint-de': '[data-shows="hint-de"]' };
    const there = what === 'fact' ? $$('#main select[data-input="sort"] option').some((o) => o.value.startsWith(`${S.hiddenField}:`)) || !S.hiddenField : what === 'value' ? $$(`#main select[data-input="filter:${WORDS.filterField().name}"] option`).some((o) => o.textContent === WORDS.value) : selectors[what] ? Boolean($(selectors[what], $('#main'))) : isOffered(what);
    return saw(!there, there ? `“${what}” is there` : `“${what}” is not there`);
  },
  // What was typed, field by field, stands in the form that is open; or the words of a comment in their place.
  kept: () => {
    const entered = Object.entries(S.typed).filter(([, value]) => value !== '' && value !== false);
    const holds = ([name, value]) => { const input = $(`#f-${name}`); return seen(input) && (input.type === 'checkbox' ? input.checked : input.value) === value; };
    if (S.form) return saw(entered.length > 0 && entered.every(holds), `${entered.filter(holds).length} of ${entered.length} entries stand in the form`);
    const words = $('#comment')?.value ?? '';
    return saw(words !== '' && words === S.draft, words ? `“${words}” stands there` : 'nothing is kept');
  },
  rows: (b, n) => saw(n === 'none' ? S.file === null : S.file?.rows === Number(n), S.file ? `a file with ${S.file.rows} rows` : 'no file'),
  columns: () => { const head = S.file?.text?.split('\r\n')[0]; return saw(head === columns().map((f) => f.label).join(','), `heading: ${head}`); },
  'columns-has': () => { const has = columns().concat(S.fields).some((f) => f.own) && (openForm(), render(), Boolean($('#f-own_note'))); S.form = null; return saw(has, has ? 'the own fact can be filled in and is in the file' : 'the own fact is missing'); },
  flag: (b, flag) => { const r = S.records.find((x) => x.flags[flag]); return saw(Boolean(r), r ? `“${label(r)}” is ${flag}` : `no ${one} is ${flag}`); },
  noflag: (b, flag) => { const r = S.records.find((x) => x.flags[flag]); return saw(!r, r ? `“${label(r)}” is ${flag}` : `no ${one} is ${flag}`); },
  order: () => { const f = S.sort.field; const values = visible().map((r) => r.v[f]).filter((v) => v !== null); const ids = listedIds(); const ok = values.every((v, i) => i === 0 || values[i - 1] >= v) && ids[0] === visible()[0].id; return saw(ok, `first is ${label(visible()[0])}`); },
  last: (b, n) => { const lacks = (r) => r.v[S.sort.field] === null; const check = () => { const rows = visible(); return rows.slice(-Number(n)).every(lacks) && !lacks(rows.at(-Number(n) - 1)); }; const one1 = check(); S.sort.dir = 'asc'; const two = check(); S.sort.dir = 'desc'; return saw(one1 && two, one1 && two ? 'those without the value are last both ways' : 'they are not last'); },
  listed: (b, n) => saw(listedIds().length === Number(n), `${listedIds().length} are listed`),
  'listed-bad': (b, n) => saw((S.bad ?? []).length === Number(n), `${(S.bad ?? []).length} rows with reasons`),
  only: () => { const f = WORDS.filterField(); const ids = listedIds(); return saw(ids.length > 0 && ids.every((id) => String(record(id).v[f.name]) === S.filter[f.name]), 'every row has the value'); },
  changed: (b, n) => { const k = S.records.filter((r) => { const old = b.values.get(r.id); return old !== undefined && old !== JSON.stringify(r.v); }).length; return saw(k === Number(n), `${k} changed`); },
  tagged: (b, n) => { const t = S.records.flatMap((r) => r.tags)[0]; S.tag = t; S.view = 'list'; render(); const k = listedIds().length; return saw(k === Number(n), `${k} under “${t}”`); },
  linked: (b, n) => { const k = S.records.filter((r) => r.links.length).length; return saw(k === Number(n), `${k} show the link`); },
  own: (b, n) => {
    const more = S.own.length - b.own;
    const { view } = S;
    S.view = 'own'; render();
    const listed = $$('#main table[data-shows="own"] tbody tr').length;
    S.view = view; render();
    return saw(more === Number(n) && listed === S.own.length, `${more >= 0 ? '+' : ''}${more} ${DATA.own?.many ?? 'entries'}, ${listed} listed`);
  },
  owned: (b, n) => { const k = $$('#main table[data-shows="own"] tbody tr').length; return saw(k === Number(n), `${k} are listed`); },
  'owned-fewer': (b, n) => { const k = $$('#main table[data-shows="own"] tbody tr').length; return saw(k > 0 && k < Number(n), `${k} are listed`); },
  runs: (b, n) => saw(S.runs.length === Number(n), `it happened ${S.runs.length} times`),
  files: (b, n) => saw(S.records.some((r) => r.files.length === Number(n)) && shown('files'), 'the file is listed'),
  comments: (b, n) => { const k = $$('#main [data-shows="comments"] li').length; return saw(k === Number(n), `${k} comments are shown`); },
  // That nobody was told shows something only after an event that somebody follows.
  'told-in-box': (b, n) => { const events = S.log.filter((l) => l.act === 'event').length - b.events; S.view = 'box'; render(); const k = shown('box') ? $$('#main [data-shows="box"] li').length : 0; return saw(k === Number(n) && events > 0 && S.follows.size > 0, `${k} notices after ${events} events`); },
  leads: () => { const way = $('#main [data-shows="box"] button'); way?.click(); return saw(shown('detail'), shown('detail') ? `it leads to ${label(record(S.openId))}` : 'it leads nowhere'); },
  total: (b, n) => saw(shown('total') && $('#main [data-shows="total"]').textContent === n, `the total is ${$('#main [data-shows="total"]')?.textContent ?? 'not shown'}`),
  progress: (b, n) => saw(shown('progress') && $('#main [data-shows="progress"]').textContent.startsWith(n), $('#main [data-shows="progress"]')?.textContent ?? 'no progress is shown'),
  hidden: () => saw(shown('ended'), shown('ended') ? 'the content is not shown' : 'the content is shown'),
  members: (b, n) => saw((S.joined ?? 0) === Number(n), `${S.joined ?? 0} joined`),
  within: (b, ms) => saw(b.took <= Number(ms), `shown after ${Math.round(b.took)} ms here`),
  answered: (b, n) => saw(shown('answer') && S.answer?.code === 200 && S.answer.items.length === Number(n), `${S.answer?.code}, ${S.answer?.items?.length ?? 0} ${many}`),
  code: (b, n) => saw(S.answer?.code === Number(n) && shown('answer'), `answer ${S.answer?.code}`),
  persists: () => { const { prefs } = S; const kept = structuredClone(prefs); S.sort = { field: null, dir: 'asc' }; S.view = 'list'; if (kept.sort) S.sort = kept.sort; if (kept.setting) S.settings.main = kept.setting; render(); return saw(Boolean(kept.sort || kept.setting), 'it is there again after coming back'); },
  setting: (b, value) => saw(S.settings.main === value, `the setting is ${S.settings.main}`),
  nosideways: (b, px = Infinity) => { const app = $('#main'); return saw(app.scrollWidth <= app.clientWidth + 1 && app.clientWidth <= Number(px), `${app.scrollWidth} px of ${app.clientWidth} px`); },
  focusable: () => { const way = $('#main [data-shows="empty"] button'); way?.focus(); return saw(document.activeElement === way && Boolean(way), 'the way on can be reached'); },
  announced: () => saw($('#live').textContent === S.note?.text && S.note !== null, `announced: ${$('#live').textContent}`),
  named: () => { const bad = $$('#app button, #app input, #app select').filter((el) => !(el.textContent.trim() || el.getAttribute('aria-label') || el.labels?.length)); return saw(bad.length === 0, bad.length ? `${bad.length} controls without a name` : 'every control has a name'); },
  localised: (b, tag) => { const f = dateField(); const want = new Intl.DateTimeFormat(tag, f.type === 'date' ? { dateStyle: 'medium', timeZone: 'UTC' } : { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Berlin' }).format(first().v[f.name]); return saw($('#main').textContent.includes(want), want); },
  'kept-steps': (b) => { const guide = shown('guide') ? $('#main [data-shows="guide"]').textContent : ''; return saw(b.steps > 0 && S.stepsDone === b.steps && guide.includes(`${b.steps} of 3`), `before ${b.steps}, now ${S.stepsDone ?? 0} of 3 steps`); },
  charged: () => { S.note?.offers.find(([name]) => name === 'buy')?.[2](); return saw(S.charged === S.quote && S.quote > 0, `shown €${S.quote}, charged €${S.charged}`); },
  /** An element that shows `what` is seen, and these words stand in it. */
  reads: (b, what, ...words) => { const el = $$(`#app [data-shows~="${what}"]`).find((x) => x.getClientRects().length > 0); const text = el?.textContent.replace(/\s+/g, ' ').trim() ?? ''; return saw(text.includes(words.join(' ')), el ? text.slice(0, 120) : `“${what}” is not on the page`); },
  starts: (b, what, ...words) => { const text = $$(`#app [data-shows~="${what}"]`).find((x) => x.getClientRects().length > 0)?.textContent ?? ''; return saw(text.startsWith(words.join(' ')), text); },
  versions: (b, n) => { const k = $$('#main [data-shows="diff"] li').length; return saw(k === Number(n), `${k} versions are listed`); },
  talked: (b, n) => { const r = S.records.find((x) => x.comments.length); return saw(r?.comments.length === Number(n), `${r?.comments.length ?? 0} comments`); },
  'ran-on': (b, day) => saw(S.runs.some((x) => new Date(x.at).toISOString().startsWith(day)), S.runs.map((x) => new Date(x.at).toISOString().slice(0, 10)).join(', ')),
  'in-force': (b, n) => { const k = $$('#main [data-do^="condition-off:"]').length; return saw(k === Number(n) && S.conditions.length === k, `${k} conditions are in force`); },
  'trail-of': () => { const names = $$('#main [data-shows="trail"] li b').map((el) => el.textContent); return saw(names.length === FIRST_ROWS && names.every((n) => n === DATA.people[1]), `${names.length} acts of ${[...new Set(names)].join(', ')}`); },
  'listed-at-home': (b, n) => { const k = shown('those') ? $$('#main [data-shows~="those"] li').length : 0; return saw(k === Number(n), `${k} are listed`); },
  asked: (b, n, days) => { const k = shown('asked') ? $$('#main [data-shows="asked"] li').length : 0; const ahead = S.plan?.askedAt ? (S.plan.on - S.plan.askedAt) / DAY : 0; return saw(k === Number(n) && ahead === Number(days), `${k} asked, ${ahead} days before`); },
  /** Opens the list `of` times; at least `good` of them within the time named. */
  quick: (b, good, of, time, part) => {
    const limit = milliseconds(time) / (part === 'half' ? 2 : 1);
    const took = Array.from({ length: Number(of) }, () => { const start = performance.now(); run('go', 'list'); return performance.now() - start; }).sort((x, y) => x - y);
    const k = took.filter((ms) => ms <= limit).length;
    return saw(k >= Number(good), `${k} of ${of} within ${limit} ms here; the longest took ${Math.round(took.at(-1))} ms`);
  },
  /** How long the page takes over the line that was set, counted from its bytes. */
  arrives: (b, ms) => { const kb = new Blob([document.documentElement.outerHTML]).size / 1000; const took = (kb * 8 * 1000) / S.kbitPerSecond; return saw(took <= Number(ms), `${Math.round(kb)} kB take ${(took / 1000).toFixed(1)} s`); },
  tags: (b, n) => { S.view = 'tags'; render(); const k = $$('#main [data-do^="tag:"]').length; return saw(k === Number(n), `${k} tags`); },
  unused: () => { const text = $('#main [data-shows="suggestion"]')?.textContent ?? ''; const hidden = S.fields.find((f) => f.name === S.hiddenField)?.label; return saw(Boolean(hidden) && text.includes('Grounds') && !text.includes(hidden), hidden ? `“${hidden}” may not be read; ${text.trim()}` : 'no fact is hidden'); },
  trail: (b, kind) => saw(S.log.some((l) => l.act === kind), `${S.log.filter((l) => l.act === kind).length} such entries`),
  complete: (b, n) => { const text = $('#main [data-shows="tries"]')?.textContent ?? 'nothing was tried'; return saw(text === `${n} of ${n}`, text); },
  says: (b, ...words) => { const text = $$('[data-told]').filter(seen).map((el) => el.textContent).join(' '); return saw(text.includes(words.join(' ')), text ? `told: ${text.trim()}` : 'nothing was told'); },
  counts: (b, ...words) => { const text = $('#main [data-shows="count"]')?.textContent ?? 'no count'; return saw(text.includes(words.join(' ')), text); },
};

/** `2 s`, `300 ms`, `a minute`; what is no time counts as the two seconds of the frame. */
function milliseconds(text) {
  const [, n, unit] = /([\d.,]+|\ba|\bone|\bhalf a)\s*(ms|milli|s\b|sec|min)/i.exec(text) ?? [null, '2', 's'];
  const value = { a: 1, one: 1, 'half a': 0.5 }[n.toLowerCase()] ?? Number(n.replace(',', '.'));
  return value * (/^m(s|illi)/i.test(unit) ? 1 : /^min/i.test(unit) ? 60000 : 1000);
}

/** What holds after every call, whatever a criterion says: the words for what does not, or nothing. */
function contradiction() {
  const figure = $('#main [data-shows="count"]')?.textContent.match(/^[\d,]+/);
  const ids = listedIds();
  if (figure && ids.length && ids.length < FIRST_ROWS && Number(figure[0].replaceAll(',', '')) !== ids.length) return `the list says ${figure[0]} and shows ${ids.length}`;
  const note = $$('#main .note[data-told]').find(seen);
  if (note && SAYS[note.dataset.told] && !SAYS[note.dataset.told].test(said(note))) return `what is told as “${note.dataset.told}” does not say what it is about: ${said(note)}`;
  const more = $('#main [data-shows="rest"] .soft')?.textContent;
  if (more && more !== `${ids.length} of ${visible().length.toLocaleString(S.locale)}`) return `it says ${more} and shows ${ids.length} of ${visible().length}`;
  const acts = $$('#main [data-shows="trail"] > li').length;
  const figureOfActs = $('#main [data-shows="acts"]')?.textContent;
  if (figureOfActs && acts < FIRST_ROWS && !figureOfActs.startsWith(`${acts} `)) return `the activity shows ${acts} and says ${figureOfActs}`;
  const steps = $$('#main [data-shows="steps"] ol li').length;
  if (steps && !$('#main [data-shows="progress"]').textContent.endsWith(`of ${steps}`)) return `there are ${steps} steps, and it says ${$('#main [data-shows="progress"]').textContent}`;
  const file = S.own.find((o) => o.rows !== undefined && !o.name.includes(`${o.rows} rows`));
  if (file) return `a file of ${file.rows} rows is called “${file.name}”`;
  if (shown('detail')) for (const way of ['edit', 'delete']) if (!DATA.acts.some((a) => a.frame === way) && Boolean($(`#main [data-do^="${way}:"]:not([data-shows])`)) !== (S.role !== 'reader')) return `as ${S.role}, “${way}” is ${S.role === 'reader' ? 'offered' : 'missing'}`;
  if (S.runs.length > S.log.filter((l) => l.act === 'run' || l.act === 'rule').length) return 'something ran and is not in the activity';
  if (S.release > 42 && !S.log.some((l) => l.act === 'release')) return 'a release is not in the activity';
  if (S.note?.text === 'Everything is as it was before' && S.log[0]?.act !== 'undo') return 'what was taken back is not in the activity';
  const last = S.undo.at(-1);
  if (last && !S.log.some((l) => l.what === last.words)) return `“${last.words}” can be taken back and is not in the activity`;
  return '';
}

/** All that must not change when nothing changes. */
const image = () => JSON.stringify([S.records.map((r) => [r.id, r.v, r.tags, r.owner, r.links, r.files, r.comments.length, Object.keys(r.flags).filter((f) => r.flags[f] && f !== 'changed')]), S.own, S.box.length, S.fields.length, S.settings]);

const tableOf = (part) => ({ given: GIVEN, when: { ...GIVEN, ...WHEN }, then: { ...GIVEN, ...WHEN, ...THEN } })[part];
const lines = (s) => [...s.given.map((l) => ['given', l]), ['when', s.when], ...s.then.map((l) => ['then', l])];

/** The first clause that cannot be played, or nothing. */
function obstacle(s) {
  return lines(s).find(([part, line]) => !line.calls.length || line.calls.some((c) => !tableOf(part)[c.verb]) || (part === 'then' && !line.calls.some((c) => THEN[c.verb])));
}

/** Plays one scenario; `pace` is the pause between steps in ms. */
async function play(s, pace) {
  const missing = obstacle(s);
  if (missing) return { key: s.key, verdict: 'not executable', steps: lines(s).map(([, line]) => ({ verdict: line === missing[1] ? 'missing' : '', text: '' })) };
  const steps = [];
  const main = MAIN;
  MAIN = DATA.stories.find((story) => story.key === s.story).frame;
  $('#app').classList.remove('narrow');
  S = fresh(4);
  S.view = 'away'; // not yet on any page, so that a list that nobody opened is not seen
  let before = null;
  for (const [part, line] of lines(s)) {
    let result = saw(true, '');
    try {
      if (part === 'when') before = { live: live(), own: S.own.length, image: image(), values: new Map(S.records.map((r) => [r.id, JSON.stringify(r.v)])), steps: S.stepsDone ?? 0, events: S.log.filter((l) => l.act === 'event').length, took: 0 };
      const start = performance.now();
      for (const call of line.calls) {
        const fn = tableOf(part)[call.verb];
        if (part === 'when' && !['open', 'wait'].includes(call.verb) && S.view === 'away') S.view = 'list';
        const isCheck = part === 'then' && THEN[call.verb];
        const answer = isCheck ? fn(before, ...call.args) : fn(...call.args);
        if (!isCheck) render();
        if (isCheck && (!answer.ok || !result.text)) result = { ok: result.ok && answer.ok, text: answer.text };
        const wrong = contradiction();
        if (wrong) result = saw(false, wrong);
      }
      if (part === 'when') before.took = performance.now() - start;
    } catch (error) {
      result = saw(false, `the prototype broke: ${error.message}`);
    }
    steps.push({ verdict: result.ok ? 'passed' : 'failed', text: result.text });
    paint(s, steps);
    if (pace) await new Promise((done) => setTimeout(done, pace));
    if (!result.ok) break;
  }
  MAIN = main;
  render();
  return { key: s.key, verdict: steps.every((x) => x.verdict === 'passed') ? 'passed' : 'failed', steps };
}

// ---------------------------------------------------------------- review tools

const results = new Map();
const SIGN = { passed: '✓', failed: '✗', missing: '–', '': '·' };

function paint(s, steps) {
  const box = document.getElementById(`play-${s.key}`);
  if (!box) return;
  $$('.step', box).forEach((el, i) => {
    const step = steps[i];
    el.dataset.verdict = step?.verdict ?? '';
    $('.sign', el).textContent = SIGN[step?.verdict ?? ''];
    $('.saw', el).textContent = step?.text ?? '';
  });
}

function scenarioPanel() {
  const groups = DATA.stories.map((story) => `<h3>${story.key} ${esc(story.title)}</h3>${DATA.scenarios.filter((s) => s.story === story.key).map(scenarioItem).join('')}`).join('');
  $('#scenarios').innerHTML = `<header><h2>Scenarios</h2><button type="button" data-review="close-scenarios" aria-label="Close scenarios">×</button></header><p class="soft" id="tally"></p><p><button type="button" class="main" data-review="play-all">Play all</button> <button type="button" data-review="reset">Start over</button></p>${groups}<h3>Coverage</h3>${coverage()}`;
  tally();
}

function scenarioItem(s) {
  const word = { given: 'Given', when: 'When', then: 'Then' };
  let last = '';
  const steps = lines(s).map(([part, line]) => { const lead = part === last ? 'And' : word[part]; last = part; return `<li class="step"><span class="sign" aria-hidden="true">·</span><span><b>${lead}</b> ${esc(line.text)} <span class="saw"></span></span></li>`; }).join('');
  const missing = obstacle(s);
  return `<details class="scenario" id="play-${s.key}"><summary><span class="verdict" data-verdict="${missing ? 'not executable' : ''}">${missing ? 'not executable yet' : 'not played'}</span> ${esc(s.title)} <span class="soft">${s.key}</span></summary><ol>${steps}</ol>${missing ? `<p class="soft">To be checked on the product itself: a prototype does not show that ${esc(missing[1].text)}.</p>` : `<button type="button" data-review="play:${s.key}">Play</button>`}</details>`;
}

function tally() {
  const all = DATA.scenarios.length;
  const n = (verdict) => [...results.values()].filter((r) => r.verdict === verdict).length;
  const cannot = DATA.scenarios.filter(obstacle).length;
  $('#tally').textContent = `${all} scenarios: ${n('passed')} passed, ${n('failed')} failed, ${all - cannot - n('passed') - n('failed')} not played, ${cannot} not executable yet.`;
  $('#scenario-count').textContent = results.size ? `${n('passed')} of ${all} passed` : `${all}`;
  for (const s of DATA.scenarios) {
    const el = $(`#play-${CSS.escape(s.key)} .verdict`);
    const r = results.get(s.key);
    if (el && r) { el.dataset.verdict = r.verdict; el.textContent = r.verdict === 'not executable' ? 'not executable yet' : r.verdict; }
  }
}

/** Both ways: criteria that no screen answers, and screens on which nothing answers a criterion. */
function coverage() {
  const [kept, main] = [S, MAIN];
  const screensOf = new Map();
  const idle = [];
  const look = (name) => {
    render();
    const keys = new Set($$('#main [data-serves], #form [data-serves]').flatMap((el) => el.dataset.serves.split(' ')));
    if (!DATA.scenarios.some((s) => keys.has(s.key))) idle.push(name);
    for (const key of keys) screensOf.set(key, [...new Set([...(screensOf.get(key) ?? []), name])]);
  };
  S = fresh();
  const views = $$('#nav [data-do^="go:"]').map((el) => [el.dataset.do.slice(3), el.firstChild.textContent]);
  for (const act of DATA.acts) {
    MAIN = act.frame;
    for (const [view, name] of views) { S = fresh(); S.view = view; look(name); }
    S = fresh(); run('open', first().id); look(`One ${one}`);
    for (const state of ['empty', 'error', 'permission']) { S = fresh(); S.state = state; look(`${cap(many)}, ${state}`); }
  }
  [S, MAIN] = [kept, main];
  render();
  const missing = DATA.scenarios.filter((s) => !screensOf.has(s.key));
  const empty = [...new Set(idle)].filter((name) => ![...screensOf.values()].some((names) => names.includes(name)));
  const list = (items) => `<ul>${items.map((x) => `<li>${esc(x)}</li>`).join('')}</ul>`;
  return `<p>${missing.length ? `${missing.length} of ${DATA.scenarios.length} criteria have no screen:` : `Each of the ${DATA.scenarios.length} criteria has a screen.`}</p>${missing.length ? list(missing.map((s) => `${s.key} ${s.title}`)) : ''}<p>${empty.length ? `${empty.length} screens answer no criterion:` : 'Each screen answers a criterion.'}</p>${empty.length ? list(empty) : ''}`;
}

async function playOne(key, pace) {
  const s = DATA.scenarios.find((x) => x.key === key);
  const result = await play(s, pace);
  results.set(key, result);
  paint(s, result.steps);
  tally();
  return result;
}

/** Plays all, leaves the product as it was, and returns the results. */
async function playAll(pace = 0) {
  window.throughline.isDone = false;
  const kept = S;
  for (const s of DATA.scenarios) await playOne(s.key, pace);
  S = kept;
  $('#app').classList.remove('narrow');
  S.form = null;
  render();
  tally();
  window.throughline.isDone = true;
  return [...results.values()];
}
/** For a program that drives the page: plays all, and tells when that is done. */
window.throughline = { playAll, results, isDone: false };

/** Why an element is there: its story, its criteria and the words behind them. */
function explain(el) {
  const keys = el.dataset.serves.split(' ');
  const story = DATA.stories.find((s) => s.key === keys[0]) ?? DATA.stories[0];
  const criteria = DATA.scenarios.filter((s) => keys.includes(s.key));
  const quotes = DATA.voices.filter((v) => story.voices.includes(v.number));
  $('#why').innerHTML = `<header><h2>Why this is here</h2><button type="button" data-review="close-why" aria-label="Close">×</button></header><p><b>${story.key}</b> ${esc(story.sentence)}</p>${criteria.length ? `<ul>${criteria.map((c) => `<li><b>${c.key}</b> ${esc(c.title)}</li>`).join('')}</ul>` : ''}${quotes.length ? quotes.map((q) => `<blockquote><p>“${esc(q.text)}”</p><footer>${esc(q.speaker)}${q.date ? `, ${esc(q.date)}` : ''} [${q.number}]</footer></blockquote>`).join('') : '<p class="soft">A default: no voice asked for it.</p>'}`;
  $('#why').hidden = false;
}

const REVIEW = {
  scenarios: () => { const box = $('#scenarios'); box.hidden = !box.hidden; $('[data-review="scenarios"]').setAttribute('aria-expanded', String(!box.hidden)); if (!box.hidden) tally(); },
  'close-scenarios': () => REVIEW.scenarios(),
  'close-why': () => { $('#why').hidden = true; },
  overlay: () => { const is = document.body.classList.toggle('overlay'); $('[data-review="overlay"]').setAttribute('aria-pressed', String(is)); if (!is) $('#why').hidden = true; },
  'play-all': () => playAll(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 60),
  reset: () => { results.clear(); S = fresh(); $('#app').classList.remove('narrow'); scenarioPanel(); render(); },
  theme: () => { const root = document.documentElement; const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches; root.dataset.theme = isDark ? 'light' : 'dark'; },
};

document.addEventListener('click', (event) => {
  const tool = event.target.closest('[data-review]');
  if (tool) { const [name, ...rest] = tool.dataset.review.split(':'); if (name === 'play') playOne(rest.join(':'), matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 350); else REVIEW[name]?.(); return; }
  if (!document.body.classList.contains('overlay')) return;
  const el = event.target.closest('#app [data-serves]');
  if (el) { event.preventDefault(); explain(el); }
}, true);

$('#role').addEventListener('change', (event) => { S.role = event.target.value; S.note = null; render(); });
$('#state').addEventListener('change', (event) => { S.state = event.target.value; S.view = 'list'; render(); });

S = fresh();
if (DATA.fix) S.view = 'fault';
render();
scenarioPanel();
if (location.hash === '#play') playAll().then(() => { document.title = `${results.size} played`; });
