// What the product can do beyond keeping records: one entry for each capability frame.
//
// An entry may add to the list (`bar`, `bulk`, `banner`), to one record (`detail`, `panel`), to the navigation (`views`,
// `pages`) and to its own collection (`ownBar`, `ownRow`, `ownTop`). `run` is the act itself; `play` is what a scenario
// means by "do" where that differs. Everything that changes data goes through `commit`.
'use strict';

/** Limits of the product. Chosen: they are what the criteria name. */
const MOST_MERGED = 50;
const MOST_CONDITIONS = 20;
const MOST_LIVE = 1000000;
const MOST_PAGES = 50;
const MOST_ROUNDS = 1;
const MOST_NOTICES = 5;

const first = () => S.records.find(isLive) ?? S.records[0];
const target = () => (S.openId && record(S.openId)) || S.records.find((r) => Object.keys(r.flags).length && !r.flags.word) || first();
const act = (frame) => DATA.acts.find((a) => a.frame === frame);
const on = (name, r, words, kind = '') => button(`${name}:${r.id}`, words, { kind });
const byId = (fn) => (id) => fn(record(Number(id)));
const ownById = (fn) => (id) => fn(S.own.find((o) => o.id === Number(id)));
const flagged = (act, words, flag, value = true, extra = {}) => (r) => commit(act, { done: `${words} “${label(r)}”` }, () => { r.flags[flag] = value; }, { on: r.id, ...extra });
const csv = (rows) => [columns().map((f) => f.label).join(',')].concat(rows.map((r) => columns().map((f) => `"${String(r.v[f.name] ?? '').replace(/"/g, '""')}"`).join(','))).join('\r\n');
const panel = (title, inside, shows, ...cases) => `<section class="panel" data-shows="${shows}" ${sv(...(cases.length ? cases : ['happy']))}><h2>${esc(title)}</h2>${inside}</section>`;

const ACTS = {
  create: { run() { openForm(); }, play: fillAndSave },
  edit: {
    detail: (r) => [on('edit', r, 'Edit', 'main').replace('data-do', 'data-offers="edit" data-do')],
    run() { openForm(target()); }, play: changeAndSave,
  },
  delete: {
    detail: (r) => [on('delete', r, 'Delete', 'main')],
    run(r = target()) {
      if (r.flags.needed) return say('needed', `${r.flags.needed} other records refer to “${label(r)}”: ${r.links.join(', ')}. Deal with them first; nothing was deleted.`);
      if (commit('delete', { done: `deleted “${label(r)}”` }, () => { r.flags.deleted = true; S.picked.delete(r.id); }, { on: r.id })) { S.view = 'list'; S.openId = null; }
    },
  },
  archive: {
    views: () => [['archive', 'Archive']], detail: (r) => [r.flags.archived ? on('unarchive', r, 'Bring back', 'main') : on('archive', r, 'Archive', 'main')],
    run(r = target()) {
      if (r.flags['open-work']) return say('needed', `“${label(r)}” has open work: 2 steps. Finish them or archive anyway.`, [['anyway', 'Archive anyway', () => { r.flags['open-work'] = false; ACTS.archive.run(r); }]]);
      if (flagged('archive', 'archived', 'archived')(r)) S.view = 'list';
    },
    commands: { archive: byId((r) => ACTS.archive.run(r)), unarchive: byId(flagged('archive', 'brought back', 'archived', false)) },
  },
  restore: {
    views: () => [['trash', 'Deleted']], detail: (r) => (r.flags.deleted ? [on('restore', r, 'Bring back', 'main')] : []),
    run(r = S.records.find((x) => x.flags.deleted || x.flags.purged) ?? first()) {
      if (r.flags.purged) return say('limit', `“${label(r)}” was deleted more than 30 days ago and is gone for good since ${when(S.now - 5 * DAY)}.`);
      if (!r.flags.deleted) return say('empty', `“${label(r)}” was not deleted.`);
      flagged('restore', 'brought back', 'deleted', false)(r);
    },
    commands: { restore: byId((r) => ACTS.restore.run(r)) },
  },
  duplicate: {
    detail: (r) => [on('duplicate', r, 'Copy', 'main')],
    run(r = target()) {
      if (r.flags.big) return say('background', `“${label(r)}” is large. The copy is made in the background; you are told when it is there.`);
      const hidden = r.flags['partly-hidden'];
      commit('duplicate', { done: `copied “${label(r)}”` }, () => {
        const v = { ...r.v, [titleField().name]: `${label(r)} (copy)` };
        for (const f of S.fields) if (f.type === 'date' || f.type === 'timestamp' || (hidden && f === columns()[1])) v[f.name] = null;
        S.records.unshift({ ...sample(0), id: S.nextId++, v, owner: me(), flags: { copy: true, own: true } });
      }, { on: r.id });
      if (hidden) say('partial', `A copy was made without “${columns()[1].label}”, which you may not read.`);
    },
    commands: { duplicate: byId((r) => ACTS.duplicate.run(r)) },
  },
  merge: {
    bulk: () => (S.picked.size > 1 ? [button('merge', 'Merge', { kind: 'main' })] : []),
    views: () => [['duplicates', 'Likely duplicates']], detail: (r) => (r.flags.duplicate ? [on('merge', r, 'Merge with its double', 'main')] : []),
    run() {
      if (S.picked.size > MOST_MERGED) {
        const ids = [...S.picked];
        return say('needed', `${count(ids.length)} would become one: “${label(record(ids[0]))}” is kept, with the links and comments of the other ${ids.length - 1}.`, [['go', 'Merge in the background', () => { if (!may('merge')) return deny('merge'); S.queue.push({ merge: ids }); S.picked.clear(); say('background', 'The merge goes on in the background; you are told at the end.'); }]]);
      }
      if (S.picked.size > 1) return ACTS.merge.all([...S.picked]);
      const [a, b] = S.records.filter((r) => r.flags.duplicate);
      commit('merge', { done: `merged “${label(b)}” into “${label(a)}”` }, () => {
        a.links.push(...b.links); a.comments.push(...b.comments); a.flags.duplicate = false;
        S.records = S.records.filter((r) => r !== b);
      }, { on: a.id });
    },
    /** Merges all into the first. */
    all(ids) {
      const [a, ...rest] = ids.map(record);
      commit('merge', { done: `merged ${count(ids.length)} into “${label(a)}”` }, () => { for (const b of rest) { a.links.push(...b.links); a.comments.push(...b.comments); } S.records = S.records.filter((r) => !rest.includes(r)); S.picked.clear(); }, { on: a.id });
    },
    commands: { merge: () => ACTS.merge.run() },
  },
  tag: {
    views: () => [['tags', 'Tags']], bulk: () => [button('tag-picked', 'Tag', { kind: 'main' })], detail: (r) => [on('tag-one', r, 'Tag', 'main')],
    pages: { tags: () => { const tags = [...new Set(S.records.flatMap((r) => r.tags))].sort(); return `<header class="head"><h1>Tags</h1></header>${tags.length ? `<p data-shows="tags">${tags.map((t) => `<button type="button" class="badge" data-do="tag:${esc(t)}" ${sv('happy')}>${esc(t)} (${S.records.filter((r) => r.tags.includes(t)).length})</button> ${button(`rename-tag:${t}`, `Rename ${t}`, { kind: 'quiet' })}`).join(' ')}</p>` : `<section class="blank" data-shows="empty" ${sv('empty')}><p>No tag yet. Choose ${esc(many)} in the list and give them their first one.</p>${button('tag-first', 'Make the first tag', { kind: 'main', cases: ['empty'], attrs: 'data-offers="create"' })}</section>`}`; } },
    run(rows = S.records.filter((r) => S.picked.has(r.id)), name = 'urgent') {
      const all = rows.length ? rows : [first()];
      commit('tag', { done: `tagged ${count(all.length)} “${name}”` }, () => all.forEach((r) => { if (!r.tags.includes(name)) r.tags.push(name); }));
    },
    /** Gives a tag another name, unless somebody was faster: then the name that stands is shown. */
    rename(from, to = `${from} now`) {
      const tagged = S.records.filter((r) => r.tags.includes(from));
      if (!tagged.length) { const now = S.records.flatMap((r) => r.tags)[0]; return say('clash', `${DATA.people[1]} renamed “${from}” to “${now}” a minute ago. That name stands; every ${one} keeps it.`, [['go', `Rename “${now}” to “${to}”`, () => { S.note = null; ACTS.tag.rename(now, to); }]]); }
      commit('tag', { done: `renamed “${from}” to “${to}”` }, () => tagged.forEach((r) => { r.tags = r.tags.map((t) => (t === from ? to : t)); }));
    },
    commands: { 'rename-tag': (name) => ACTS.tag.rename(name), 'tag-picked': () => ACTS.tag.run(), 'tag-one': byId((r) => ACTS.tag.run([r])), 'tag-first': () => ACTS.tag.run([first()], 'first') },
  },
  link: {
    detail: (r) => [on('link', r, 'Link to the next one', 'main')],
    panel: (r) => panel('Links', r.links.length ? `<ul>${r.links.map((l) => `<li data-shows="${l.gone ? 'gone' : S.role === 'reader' ? 'hidden' : 'link'}">${esc(l.gone ? 'Linked record is gone; the link can be removed' : S.role === 'reader' ? 'A record that you may not read' : `${l.kind} “${label(record(l.to))}”`)}</li>`).join('')}</ul>` : `<p class="soft">No links. Likely related: ${esc(S.records.slice(1, 3).map(label).join(', '))}.</p>`, 'links'),
    run(a = first(), isReverse = false) {
      const b = S.records.filter(isLive).find((r) => r !== a);
      const [from, to] = isReverse ? [b, a] : [a, b];
      if (to.links.some((l) => l.to === from.id && l.kind === 'blocks')) return say('limit', `That would close a circle: “${label(to)}” blocks “${label(from)}”, which would block “${label(to)}”. No link was made.`);
      commit('link', { done: `linked “${label(from)}” as blocking “${label(to)}”` }, () => { from.links.push({ to: to.id, kind: 'blocks' }); to.links.push({ to: from.id, kind: 'is blocked by' }); }, { on: from.id });
    },
    play: (variant) => ACTS.link.run(first(), variant === 'reverse'), commands: { link: byId((r) => ACTS.link.run(r)) },
  },
  bulk_edit: {
    bulk: () => [button('bulk-done', 'Set for all chosen', { kind: 'main' })],
    run() {
      const rows = S.records.filter((r) => S.picked.has(r.id));
      const f = enumField() ?? titleField();
      const value = f.options?.at(-1) ?? 'changed';
      if (!rows.length) return say('empty', `Choose ${many} first; then one change reaches all of them.`);
      if (rows.length > MOST_COUNTED) { S.job = rows.length; return say('background', `0 of ${count(rows.length)} changed. You can go on working; you are told at the end.`, [['stop', 'Stop', () => { S.job = null; say('done', `Stopped before any ${one} was changed`); }]]); }
      const own = rows.filter((r) => !r.flags.foreign);
      const reach = S.downAfter === null ? own : own.slice(0, S.downAfter);
      commit('bulk_edit', { done: `set ${f.label.toLowerCase()} to “${value}” on ${count(reach.length)}` }, () => reach.forEach((r) => { r.v[f.name] = value; r.flags.touched = true; }));
      const left = rows.filter((r) => !reach.includes(r));
      if (left.length && reach.length) say('partial', `${count(reach.length)} changed. Left out: ${left.map(label).slice(0, 3).join(', ')}${left.length > 3 ? ` and ${left.length - 3} more` : ''}, ${S.downAfter === null ? 'because they belong to others' : 'because the service stopped'}.`, [['retry', 'Try those again', () => { S.downAfter = null; S.note = null; ACTS.bulk_edit.run(); }], ['undo', 'Undo', undoLast]]);
    },
  },
  undo: {
    bar: () => (S.undo.length ? [button('undo', 'Undo', { attrs: 'data-offers="undo"' })] : []), detail: (r) => [on('send-out', r, 'Send to the customer')], run: () => undoLast(),
    send(r = target()) { say('needed', `A message that has gone out cannot be undone. “${label(r)}” would go to the customer at once.`, [['go', 'Send it', () => { commit('send', { done: `sent “${label(r)}” to the customer` }, () => { r.flags.sent = true; }, { undo: false, on: r.id }); }], ['no', 'Do not send', () => { S.note = null; }]]); },
    play: (variant) => (variant === 'send' ? ACTS.undo.send() : undoLast()), commands: { 'send-out': byId((r) => ACTS.undo.send(r)) },
  },
  version_history: {
    detail: (r) => [on('history', r, 'Earlier versions', 'main')],
    pages: { history: () => { const r = record(S.openId); const f = titleField(); return `<header class="head"><h1>Versions of ${esc(label(r))}</h1></header><p class="soft" data-shows="since">Versions are kept for 12 months: here since ${new Intl.DateTimeFormat(S.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(S.now - 365 * DAY)}.</p><ol class="trail" data-shows="${r.versions.length ? 'diff' : 'single'}" ${sv('happy', 'empty')}><li>Now: ${esc(label(r))}</li>${r.versions.map((v, i) => `<li><del>${esc(v.v[f.name])}</del> <span class="soft">${esc(v.by)}, ${when(v.at)}</span> ${button(`version:${r.id},${i}`, 'Make current')}</li>`).join('')}</ol>`; } },
    run(r = target(), i = 0) { commit('version_history', { done: `brought back an earlier version of “${label(r)}”` }, () => { const old = r.versions[i] ?? { v: r.v }; r.versions.push({ v: { ...r.v }, by: me(), at: S.now }); r.v = { ...old.v }; r.flags.touched = true; }, { on: r.id }); S.view = 'detail'; S.openId = r.id; },
    commands: { history: byId((r) => { S.openId = r.id; S.view = 'history'; }), version: (arg) => { const [id, i] = arg.split(',').map(Number); ACTS.version_history.run(record(id), i); } },
  },
  search: {
    run(term = WORDS.needle) {
      S.view = 'list'; S.query = term;
      if (S.isDown) { S.query = ''; say('failed', `Search does not answer. What it knows is 3 hours old; the list below is complete.`, [['retry', 'Try again', () => { S.isDown = false; S.note = null; S.query = term; }]]); }
    },
    play: (variant) => ACTS.search.run(variant === 'none' ? 'nothing-has-this' : WORDS.needle),
  },
  filter: {
    views: () => [],
    bar: () => [`<label><span class="sr">Leave out</span><select data-key="except" data-input="except" ${sv('happy', 'limit')}><option value="">Leave out</option>${[WORDS.filterField(), titleField()].filter((f, i, all) => all.indexOf(f) === i).map((f) => `<optgroup label="${esc(f.label)}">${[...new Set(visible().slice(0, PAGE).map((r) => String(fact(r, f) ?? '')).filter(Boolean))].sort().map((v) => `<option value="${esc(`${f.name}:${v}`)}">${esc(v)}</option>`).join('')}</optgroup>`).join('')}</select></label>`],
    /** Leaves out what has this value. */
    except(field, value) {
      if (S.conditions.length >= MOST_CONDITIONS) return say('limit', `A list takes ${MOST_CONDITIONS} conditions. The ${MOST_CONDITIONS} in force stay; take one off to add another.`);
      S.view = 'list'; S.conditions.push({ field, value });
    },
    commands: { 'condition-off': (i) => S.conditions.splice(Number(i), 1) },
    banner: () => (S.conditions.length ? `<p class="banner" ${sv('limit')}>Left out: ${S.conditions.map((c, i) => button(`condition-off:${i}`, `${c.value} ×`, { cases: ['limit'], attrs: `aria-label="Take off: not ${esc(c.value)}"` })).join(' ')}</p>` : '') + (S.staleFilter ? `<p class="banner" data-shows="stale" ${sv('failure')}>The address names a value that no longer exists; it is left out. ${button('clear', 'Clear', { cases: ['failure'] })}</p>` : ''),
    run(value = WORDS.value) { const f = WORDS.filterField(); S.view = 'list'; S.filter[f.name] = value; }, play: (variant) => ACTS.filter.run(variant === 'none' ? 'no such value' : WORDS.value),
  },
  sort: { run() { S.view = 'list'; S.sort = { field: dateField()?.name ?? titleField().name, dir: 'desc' }; S.prefs.sort = S.sort; } },
  save_view: {
    views: () => [['own', cap(DATA.own?.many ?? 'saved views')]], bar: () => [button('save-view', 'Save this list', {})],
    ownEmpty: 'Filter or order a list, then save it under a name; it opens as you left it.',
    ownRow: (o) => button(`open-view:${o.id}`, 'Open'),
    run() {
      if (S.role === 'reader') { say('denied', 'This view belongs to a colleague. The original stays; you can save a copy.', [['copy', 'Save a copy', () => { S.role = 'actor'; ACTS.save_view.run(); }]]); return; }
      if (S.atLimit) return say('limit', 'You have 100 views. These three were not opened for 90 days and could go: “May”, “Test”, “Old sites”. No view was saved.');
      commit('save_view', { done: 'saved this list as “My list”' }, () => { const o = addOwn('My list', {}, 'private'); o.rules = structuredClone({ filter: S.filter, sort: S.sort, query: S.query }); });
    },
    commands: { 'save-view': () => ACTS.save_view.run(), 'open-view': ownById((o) => {
      const rules = structuredClone(o.rules);
      const gone = Object.keys(rules.filter).filter((name) => rules.filter[name] && !S.fields.some((f) => f.name === name));
      for (const name of gone) delete rules.filter[name];
      Object.assign(S, rules);
      S.view = 'list'; S.note = null;
      if (gone.length) say('partial', `“${o.names?.[gone[0]] ?? gone[0]}” is no longer kept, so “${o.name}” opens without it. Everything else is as you left it.`);
    }) },
  },
  visualise: {
    views: () => [['report', 'Report']],
    pages: { report: () => {
      if (S.isDown) { S.note ??= { kind: 'failed', text: 'The report service does not answer, so no figures are shown.', offers: [['retry', 'Try again', () => { S.isDown = false; S.note = null; }]] }; return `<header class="head"><h1>Report</h1></header>${notice()}`; }
      const rows = S.records.filter((r) => isLive(r) && !S.hiddenIds.has(r.id));
      const f = enumField();
      const groups = f ? f.options.map((o) => [o, rows.filter((r) => r.v[f.name] === o).length]) : [[cap(many), rows.length]];
      if (!rows.length) return `<header class="head"><h1>Report</h1></header><section class="blank" data-shows="empty" ${sv('empty')}><p>No ${esc(many)} in the chosen time. The nearest time with some: last quarter.</p>${button('go:list', `To the ${many}`, { cases: ['empty'] })}</section>`;
      const most = Math.max(...groups.map((g) => g[1]), 1);
      const age = S.extent > MOST_LIVE ? `<p class="banner" data-shows="age" ${sv('limit')}>More than a million rows: these figures are ${Math.round((S.now - S.countedAt) / HOUR)} hours old, from ${when(S.countedAt)}.</p>` : '';
      const total = (S.extent ?? rows.length).toLocaleString(S.locale);
      return `<header class="head"><div><h1>Report</h1><p class="soft">The last 30 days, by ${esc(f?.label.toLowerCase() ?? 'number')}</p></div></header>${S.hiddenIds.size ? `<p class="banner" data-shows="partial" ${sv('permission')}>This report is partial: ${count(S.hiddenIds.size)} that you may not read are left out.</p>` : ''}${age}<p class="total"><b data-shows="total">${total}</b> ${esc(many)}</p><table class="rows" data-shows="behind" ${sv('happy')}><thead><tr><th scope="col">${esc(f?.label ?? '')}</th><th scope="col">Number</th><th scope="col"><span class="sr">Share</span></th></tr></thead><tbody>${groups.map(([o, n]) => `<tr><th scope="row">${button(`behind:${o}`, o, { kind: 'open' })}</th><td class="num">${n}</td><td><span class="meter"><i style="width:${Math.round((n / most) * 100)}%"></i></span></td></tr>`).join('')}</tbody></table>`;
    } },
    run() { S.view = 'report'; }, commands: { behind: (value) => { const f = enumField(); if (f) S.filter = { [f.name]: value }; S.view = 'list'; } },
  },
  preview: {
    detail: (r) => [on('preview', r, 'Preview', 'main')],
    pages: { preview: () => { const r = record(S.openId); return `<header class="head"><h1>As the receiver sees it</h1></header>${S.isDown ? `<p class="banner" data-told="failed" role="alert" ${sv('failure')}>One part could not be shown and is marked below.</p>` : ''}<article class="paper" data-shows="${r.flags.bare ? 'missing' : 'preview'}" ${sv('happy')}><h2>${esc(label(r))}</h2><dl class="facts">${S.fields.map((f) => `<dt>${esc(f.label)}</dt><dd>${r.flags.bare && f !== titleField() ? '<b>missing</b>' : S.isDown && f === S.fields.at(-1) ? '<b>cannot be shown</b>' : show(f, r.v[f.name])}</dd>`).join('')}</dl></article>${r.flags.pages > MOST_PAGES ? `<p class="banner" data-shows="pages" ${sv('limit')}>Shown: pages 1 to ${MOST_PAGES} of ${r.flags.pages}; ${r.flags.pages - MOST_PAGES} left out here, all of them are sent.</p>` : ''}<p class="soft">Nothing is sent by looking.</p>`; } },
    run(r = target()) { if (!may('preview')) return deny('open this preview'); S.openId = r.id; S.view = 'preview'; }, commands: { preview: byId((r) => ACTS.preview.run(r)) },
  },
  track_progress: {
    panel: (r) => {
      if (S.isDown) return panel('Progress', `<p data-shows="known">Last known, ${when(S.now - DAY)}: ${r.steps.filter((s) => s.done).length} of ${r.steps.length} steps.</p>`, 'stale', 'failure');
      if (!r.steps.length) return panel('Progress', `<p class="soft">No steps are set.</p>`, 'nosteps', 'empty');
      const done = r.steps.filter((s) => s.done).length;
      const next = r.steps.find((s) => !s.done);
      const bar = `<p><span class="meter wide"><i style="width:${(done / r.steps.length) * 100}%"></i></span> <b data-shows="progress">${done} of ${r.steps.length}</b> steps done</p>`;
      return S.role === 'reader' ? panel('Progress', bar, 'total', 'permission') : panel('Progress', `${bar}<ol>${r.steps.map((s) => `<li>${s.done ? '✓' : '○'} ${esc(s.name)}</li>`).join('')}</ol>${next ? `<p>Next: <b data-shows="step">${esc(next.name)}</b> ${on('finish-step', r, 'Finish it', 'main')}</p>` : ''}`, 'steps');
    },
    run(r = target()) { commit('track_progress', { done: `finished a step of “${label(r)}”` }, () => { const s = r.steps.find((x) => !x.done); if (s) s.done = true; }, { on: r.id }); S.view = 'detail'; S.openId = r.id; },
    commands: { 'finish-step': byId((r) => ACTS.track_progress.run(r)) },
  },
  view: { run(r = target()) { run('open', r.id); } },
  export: {
    views: () => [['own', cap(DATA.own?.many ?? 'exports')]], bar: () => [button('export', `Export ${isNarrowed() ? 'these' : 'all'} as ${WORDS.format}`)],
    ownRow: (o) => `${button(`fetch:${o.id}`, 'Get the file')}${o.status === 'failed' || o.status === 'expired' ? button('export', 'Run it again', { attrs: 'data-offers="retry"' }) : ''}`,
    run() {
      const rows = visible();
      S.file = null;
      if (!may('export')) return deny('export');
      if (!rows.length) return say('empty', `No ${one} fits the filter, so there is nothing to export.`, [['clear', 'Clear the filter', COMMANDS.clear]]);
      if (S.atLimit) { S.queue.push('export'); return say('background', `More than 50,000 ${many}: the export runs in the background, and you get a link when it is done.`); }
      if (S.isDown) { addOwn(`${cap(many)}, broke off`, { status: 'failed' }, 'failed'); S.view = 'own'; return say('failed', 'The export broke off half way: the service did not answer. It is listed with that reason.', [['retry', 'Run it again', () => { S.isDown = false; S.note = null; ACTS.export.run(); }]]); }
      commit('export', { done: `exported ${count(rows.length)} as ${WORDS.format}` }, () => { const o = addOwn(`${cap(many)}, ${rows.length} rows`, { row_count: rows.length, status: 'done' }, 'done'); o.text = csv(rows); o.rows = rows.length; S.file = o; }, { undo: false });
    },
    commands: { export: () => { ACTS.export.run(); if (S.file) save(S.file); }, fetch: ownById(fetchFile) },
  },
  import: {
    bar: () => [button('import', `Import from ${WORDS.format}`)],
    run(rows = S.mail ?? { n: 3, bad: 0 }) {
      if (!may('import')) return deny('import');
      if (!rows.n) return say('empty', `The file holds its heading and no ${many}. Nothing was created.`);
      if (S.atLimit) return say('limit', 'The file is larger than 20 MB and was refused before it was sent. Split it, or ask an admin to raise the limit.');
      const good = rows.n - rows.bad;
      const isDone = commit('import', { done: `imported ${count(good)}: ${good} new, 0 updated, ${rows.bad} skipped` }, () => { for (let i = 0; i < good; i += 1) S.records.unshift({ ...sample(i + 3), id: S.nextId++, owner: me(), flags: { touched: true } }); });
      if (isDone && rows.bad) { S.bad = Array.from({ length: rows.bad }, (_, i) => `row ${4 + i * 3}: ${titleField().label} is missing`); say('partial', `${good} of ${rows.n} came in. Not taken: ${S.bad.join('; ')}.`, [['bad', 'Get these rows as a file', () => say('done', `${rows.bad} rows with their reasons are in the file`)], ['undo', 'Undo', undoLast]]); }
    },
    commands: { import: () => ACTS.import.run() },
  },
  upload: {
    detail: (r) => [on('upload', r, 'Attach a file', 'main')],
    panel: (r) => panel('Files', r.files.length ? `<ul>${r.files.map((f) => `<li>${esc(f.name)} <span class="soft">${esc(f.size)}, checked</span></li>`).join('')}</ul>` : `<p class="soft">No files yet. ${button(`upload:${r.id}`, 'Add the first one', { cases: ['empty'] })}</p>`, r.files.length ? 'files' : 'nofiles', 'happy', 'empty'),
    run(r = target()) {
      if (S.atLimit) return say('limit', 'The file is larger than 25 MB and was refused before it was sent. Nothing was stored.');
      commit('upload', { done: `attached “photo.jpg” to “${label(r)}”`, failed: 'sending' }, () => r.files.push({ name: 'photo.jpg', size: '2 MB' }), { on: r.id });
      if (S.note?.kind === 'done') { S.view = 'detail'; S.openId = r.id; }
    },
    commands: { upload: byId((r) => ACTS.upload.run(r)) },
  },
  migrate: {
    bar: () => [button('migrate', `Move over from ${WORDS.destination}`)],
    run() {
      const file = S.mail ?? { n: 4, at: 0 };
      if (!may('migrate')) return deny('migrate');
      if (!file.n) return say('empty', `${cap(WORDS.destination)} holds no ${many}. There was nothing to move.`);
      const from = file.at ?? 0;
      const upTo = Math.min(S.downAfter === null ? file.n : S.downAfter, from + S.pace);
      const isMoved = commit('migrate', { done: `moved ${count(upTo - from)} over; both sides now count ${upTo}` }, () => { for (let i = from; i < upTo; i += 1) S.records.unshift({ ...sample(i + 3), id: S.nextId++, owner: me(), flags: {} }); }, { undo: false });
      file.at = upTo;
      const left = Math.ceil((file.n - upTo) / S.pace);
      if (isMoved && left) say('background', `${upTo} of ${file.n} are here. ${cap(WORDS.destination)} allows ${S.pace} calls a minute, so the rest comes at that pace: ${left} minutes left.`, [['retry', 'Let a minute pass', () => { S.note = null; ACTS.migrate.run(); }]]);
      if (S.downAfter !== null) say('failed', `The move stopped after ${upTo} of ${file.n}.`, [['retry', 'Go on from there', () => { S.downAfter = null; S.note = null; ACTS.migrate.run(); }]]);
    },
    commands: { migrate: () => ACTS.migrate.run() },
  },
  integrate: {
    views: () => [['own', cap(DATA.own?.many ?? 'connections')]], ownEmpty: `Connecting ${DATA.words.destination} keeps ${many} the same on both sides.`,
    ownBar: () => button('connect', `Connect ${WORDS.destination}`, { kind: 'main' }), ownRow: (o) => (S.isDown ? button(`mend:${o.id}`, 'Connect again', { attrs: 'data-offers="retry"' }) : ''),
    run() { S.view = 'own'; commit('integrate', { done: `connected ${WORDS.destination}` }, () => addOwn(cap(WORDS.destination))); },
    commands: { connect: () => ACTS.integrate.run(), mend: () => { S.isDown = false; ACTS.integrate.sync(); } },
    remote() { if (S.own.length) S.queue.push({ id: first().id }); },
    sync() {
      if (!S.own.length) return;
      if (S.isDown) return say('failed', `The access to ${WORDS.destination} was withdrawn. Nothing changes here until it is connected again.`, [['retry', 'Connect again', () => { S.isDown = false; S.note = null; ACTS.integrate.sync(); }]]);
      if (S.isBusy && S.queue.length) return say('background', `${cap(WORDS.destination)} answers that there were too many requests. ${S.queue.length} change waits and is tried again in a minute.`);
      if (!S.queue.length) return;
      S.note = null;
      for (const q of S.queue.splice(0)) { const r = record(q.id); r.v[titleField().name] = `${label(r)} (changed there)`; r.flags.touched = true; S.log.unshift({ at: S.now, who: WORDS.destination, act: 'sync', what: `changed “${label(r)}”`, on: r.id }); S.openId = r.id; S.view = 'detail'; }
    },
  },
  api_webhook: {
    views: () => [['own', cap(DATA.own?.many ?? 'tokens')]], ownBar: () => button('token', 'New token', { kind: 'main' }) + button('call:list', 'Try: list', {}) + button('call:write', 'Try: write', {}),
    ownTop: () => (S.answer ? `<pre class="answer" data-shows="answer" tabindex="0" ${sv('happy', 'permission', 'limit')}>${esc(JSON.stringify(S.answer, null, 2).slice(0, 700))}</pre>` : ''),
    run() { ACTS.api_webhook.call('list'); },
    call(what) {
      S.view = 'own';
      if (!S.own.some((o) => o.status === 'active')) { S.answer = { code: 401, missing: 'a token' }; return; }
      if (S.atLimit) { S.answer = { code: 429, retry_after_seconds: 17 }; return; }
      if (what === 'write' && S.role === 'reader') { S.answer = { code: 403, missing_right: `write ${many}` }; return; }
      if (what === 'write') commit('api', { done: `wrote a ${one} through a program` }, () => S.records.unshift({ ...sample(2), id: S.nextId++, owner: 'program', flags: {} }));
      S.answer = { code: 200, items: S.records.filter(isLive).map((r) => ({ id: r.id, ...r.v })) };
    },
    remote() { if (!S.own.length) return; if (S.isDown) say('failed', 'The receiver does not answer. The event is tried again for 24 hours, in order.', [['retry', 'Send it now', () => { S.isDown = false; say('done', 'The event was delivered'); }]]); else say('done', 'The event was delivered'); },
    commands: { token: () => { S.view = 'own'; commit('api', { done: 'made a token for “nightly program”' }, () => addOwn('nightly program')); }, call: (what) => ACTS.api_webhook.call(what) },
  },
  notify: {
    views: () => [['box', `Notices`], ['settings', 'What to tell me']],
    detail: (r) => [on('follow', r, S.follows.has(r.id) ? 'Do not follow' : 'Follow', 'main'), on('event', r, WORDS.eventLabel)],
    pages: {
      box: () => `<header class="head"><h1>Notices</h1></header>${S.box.length ? `<ul class="trail" data-shows="box" ${sv('happy')}>${S.box.map((b) => `<li>${button(`open:${b.id}`, b.text, { kind: 'open' })} <span class="soft">${when(b.at)}, ${esc(b.through)}</span></li>`).join('')}</ul>` : `<section class="blank" data-shows="empty" ${sv('empty')}><h2>No notices</h2><p data-shows="follows">${S.follows.size ? `You follow ${count(S.follows.size)}. ` : ''}When ${esc(WORDS.triggered)}, it appears here for every ${esc(one)} that you follow.</p>${button('go:list', `Choose ${many} to follow`, { cases: ['empty'] })}</section>`}`,
      settings: settingsPage,
    },
    run(r = first()) { S.follows.has(r.id) ? S.follows.delete(r.id) : S.follows.add(r.id); say('done', S.follows.has(r.id) ? `You follow “${label(r)}”` : `You no longer follow “${label(r)}”`); },
    event(r = first(), n = 1) {
      S.log.unshift({ at: S.now, who: DATA.people[1], act: 'event', what: `${WORDS.triggered} (“${label(r)}”)`, on: r.id });
      if (!S.follows.has(r.id) || S.role === 'reader' || S.settings.main === 'off') return;
      const through = S.isDown ? 'shown here; the channel is tried again' : WORDS.destination;
      if (n > MOST_NOTICES) { S.queue.push({ id: r.id, n }); return; }
      for (let i = 0; i < n; i += 1) S.box.unshift({ id: r.id, text: `${cap(WORDS.triggered)}: ${label(r)}`, at: S.now, through });
      if (S.isDown) say('failed', `${cap(WORDS.destination)} does not answer; the notice is shown here meanwhile.`, [['retry', 'Send it again', () => { S.isDown = false; say('done', 'The notice was sent'); }]]);
    },
    tick() { for (const q of S.queue.splice(0)) S.box.unshift({ id: q.id, text: `${q.n} changes in one hour: ${label(record(q.id))} and others`, at: S.now, through: WORDS.destination }); },
    commands: { follow: byId((r) => ACTS.notify.run(r)), event: byId((r) => ACTS.notify.event(r)), 'setting-main': () => switchSetting() },
  },
  schedule: {
    views: () => [['own', cap(DATA.own?.many ?? 'set times')]], ownEmpty: 'Nothing happens by itself yet. Set the first time for what you repeat by hand.', ownWay: () => button('schedule', 'Set the first time', { kind: 'main', cases: ['empty'] }),
    ownBar: () => button('schedule', 'Set a time', { kind: 'main' }) + button('schedule-monthly:31', 'On the 31st of each month', {}) + button('tick', 'Let Monday 09:00 come', {}),
    ownRow: (o) => `${button(`pause:${o.id}`, o.status === 'paused' ? 'Go on' : 'Pause')}${S.runs.filter((x) => x.of === o.id).map((x) => `<span class="badge" data-shows="${x.short ? 'short-month' : x.late ? 'late' : 'run'}">${x.short ? `ran on the ${x.short.on}th: the month has no ${x.short.day}st` : x.late ? 'ran late' : 'ran'}</span>`).join('')}`,
    run() { S.view = 'own'; if (S.atLimit) return say('limit', 'The workspace has 100 set times, which is the most. Nothing was set.'); commit('schedule', { done: `set ${WORDS.triggering} for Mondays at 09:00` }, () => addOwn(`Mondays 09:00: ${WORDS.triggering}`)); },
    tick() {
      for (const o of S.own.filter((x) => x.status === 'active')) {
        if (S.role === 'reader') { say('denied', `The owner of “${o.name}” has lost the right to it, so it did not happen. The owner and an admin are told.`); continue; }
        const short = o.day ? shortMonth(o.day) : null;
        if (o.day && !short && new Date(S.now).getUTCDate() !== o.day) continue;
        if (S.isDown) { o.missed = true; continue; }
        S.runs.push({ of: o.id, at: S.now, late: Boolean(o.missed), short });
        o.missed = false;
        S.log.unshift({ at: S.now, who: 'clock', act: 'run', what: `did: ${o.name}` });
      }
      S.view = 'own';
    },
    pause(o = S.own[0]) { commit('schedule', { done: o.status === 'paused' ? `“${o.name}” is active again` : `paused “${o.name}”`, failed: 'pausing' }, () => { o.status = o.status === 'paused' ? 'active' : 'paused'; }); },
    commands: { 'schedule-monthly': (day) => { S.view = 'own'; commit('schedule', { done: `set ${WORDS.triggering} for the ${day}st of each month` }, () => { addOwn(`The ${day}st of each month: ${WORDS.triggering}`).day = Number(day); }); }, schedule: () => ACTS.schedule.run(), tick: () => ACTS.schedule.tick(), pause: ownById((o) => ACTS.schedule.pause(o)) },
  },
  automate: {
    views: () => [['own', cap(DATA.own?.many ?? 'rules')]], ownEmpty: 'Three ready ones: when it is late, tell its owner; when it is new, assign it; when it is done, archive it.', ownWay: () => button('rule', 'Take the first', { kind: 'main', cases: ['empty'] }),
    ownBar: () => button('rule', 'New rule', { kind: 'main' }) + button('rule-event', `Let a ${one} meet it`, {}), ownRow: (o) => S.runs.filter((x) => x.of === o.id).map(() => '<span class="badge">ran</span>').join(''),
    run() { S.view = 'own'; commit('automate', { done: `made a rule: ${WORDS.trigger}` }, () => addOwn(`When it is new: ${WORDS.trigger}`)); },
    event(r = first(), n = 1, round = 1) {
      const o = S.own[0];
      if (!o || o.status !== 'active') return;
      if (round > MOST_ROUNDS) return say('limit', `What “${o.name}” does would start it again. It was stopped after ${MOST_ROUNDS === 1 ? 'one round' : `${MOST_ROUNDS} rounds`}; its owner is told.`);
      if (S.role === 'reader') { o.status = 'paused'; return say('denied', `The writer of “${o.name}” has lost the right to its act. The rule is paused, and its owner is told.`); }
      if (S.isDown) return say('failed', `“${o.name}” could not act: the service does not answer.`, [['retry', 'Run it again', () => { S.isDown = false; S.note = null; ACTS.automate.event(r); }]]);
      S.runs.push({ of: o.id, at: S.now });
      S.log.unshift({ at: S.now, who: o.name, act: 'rule', what: `acted on “${label(r)}”`, on: r.id });
      r.flags.touched = true; S.view = 'detail'; S.openId = r.id;
      if (o.loops) ACTS.automate.event(r, n, round + 1);
    },
    commands: { rule: () => ACTS.automate.run(), 'rule-event': () => ACTS.automate.event() },
  },
  assign: {
    views: () => [['unowned', 'Without an owner'], ['people', 'Work by person']], detail: (r) => [on('assign', r, r.owner ? 'Give to a colleague' : 'Assign', 'main')],
    pages: { people: () => `<header class="head"><h1>Work by person</h1></header>${S.members < 2 ? `<section class="blank" data-shows="empty" ${sv('empty')}><p>You are alone here. Invite somebody to assign ${esc(many)} to.</p>${button('invite', 'Invite somebody', { kind: 'main', cases: ['empty'] })}</section>` : `<ul class="trail" data-shows="people" ${sv('happy')}>${DATA.people.slice(0, 8).map((p) => `<li><b>${esc(p)}</b> ${count(S.records.filter((r) => r.owner === p && isLive(r)).length)}</li>`).join('')}</ul>`}` },
    run(r = S.records.find((x) => x.flags.unowned) ?? target()) {
      const colleague = DATA.people[2];
      if (S.role === 'reader') return say('denied', `${colleague} may not read “${label(r)}”. Grant the right, or choose somebody else.`);
      if (S.atLimit) return say('limit', `${colleague} is away until Monday. Nothing is assigned yet.`, [['anyway', 'Assign anyway', () => { S.atLimit = false; S.note = null; ACTS.assign.run(r); }]]);
      commit('assign', { done: `assigned “${label(r)}” to ${colleague}, who is told` }, () => { r.owner = colleague; r.flags.unowned = false; r.flags.assigned = true; }, { on: r.id });
    },
    commands: { assign: byId((r) => ACTS.assign.run(r)), invite: () => say('done', 'An invitation is written') },
  },
  approve: {
    views: () => [['waiting', 'Waiting for approval']],
    detail: (r) => (r.flags.waiting ? [on('approve', r, 'Approve', 'main'), on('decline', r, 'Decline')] : r.flags.approved ? [] : [on('ask-approval', r, 'Ask for approval', 'main')]),
    run(r = target(), yes = true) {
      if (!r.flags.waiting) return say('empty', `“${label(r)}” does not wait for approval; nothing was decided.`);
      if (!may('approve')) return say('denied', `You made “${label(r)}”, so somebody else approves it: ${DATA.people[2]} or an admin.`);
      commit('approve', { done: `${yes ? 'approved' : 'declined'} “${label(r)}”${yes ? '' : ', with the reason “not this week”; whoever asked is told'}` }, () => { r.flags.waiting = false; r.flags.approved = yes; }, { on: r.id });
      S.view = 'detail'; S.openId = r.id;
    },
    play: (variant) => ACTS.approve.run(target(), variant !== 'decline'),
    tick() { const r = S.records.find((x) => x.flags.overdue && x.flags.waiting); if (r) say('overdue', `Nobody has answered for 3 days on “${label(r)}”. ${DATA.people[3]} is asked next, and whoever asked is told.`); },
    commands: { approve: byId((r) => ACTS.approve.run(r)), decline: byId((r) => ACTS.approve.run(r, false)), 'ask-approval': byId(flagged('approve', 'asked for approval of', 'waiting')) },
  },
  comment: {
    detail: (r) => [on('comment', r, 'Comment', 'main')],
    panel: (r) => panel('Discussion', `${r.comments.length ? `<ul>${r.comments.map((c) => `<li><b>${esc(c.by)}</b> ${esc(c.text)}</li>`).join('')}</ul>` : '<p class="soft" data-shows="nocomments">No comments yet. Ask the first question here.</p>'}<label class="grow"><span class="sr">Comment</span><input id="comment" data-key="comment" value="${esc(S.draft ?? '')}" placeholder="Write, and mention with @" ${sv('happy', 'failure')}></label> ${on('comment', r, 'Send')}`, 'comments', 'happy', 'empty'),
    run(r = target()) {
      S.view = 'detail'; S.openId = r.id;
      S.draft = $('#comment')?.value || S.draft || `@${DATA.people[2]} could you look at this?`;
      if (S.role === 'reader') return say('denied', `${DATA.people[2]} may not read this, and is not told. Your words are kept.`);
      if (S.atLimit) { S.form = null; return say('limit', 'A comment has at most 10,000 signs. Your words are kept; shorten them and send again.'); }
      if (commit('comment', { done: `commented on “${label(r)}”; ${DATA.people[2]} is told`, failed: 'posting' }, () => r.comments.push({ by: me(), text: S.draft }), { on: r.id })) S.draft = '';
    },
    commands: { comment: byId((r) => ACTS.comment.run(r)) },
  },
  publish: {
    detail: (r) => [r.flags.live ? on('withdraw', r, 'Take back', 'main') : on('publish', r, 'Publish', 'main')],
    run(r = target(), yes = true) {
      if (!yes && !r.flags.live) return say('empty', `“${label(r)}” is not published; nothing to take back.`);
      if (yes && r.flags.incomplete) return say('limit', `“${label(r)}” stays a draft: ${S.fields.filter((f) => r.v[f.name] === null || r.v[f.name] === '').map((f) => f.label).join(', ') || 'a required fact'} is missing.`);
      if (S.isDown) return say('failed', `Published for 11 of 12 receivers. Not reached: ${DATA.people[4]}.`, [['retry', 'Try that one again', () => { S.isDown = false; S.note = null; ACTS.publish.run(r); }]]);
      commit('publish', { done: `${yes ? 'published' : 'took back'} “${label(r)}”` }, () => { r.flags.live = yes; r.flags.draft = !yes; }, { on: r.id });
      S.view = 'detail'; S.openId = r.id;
    },
    play: (variant) => ACTS.publish.run(target(), variant !== 'withdraw'), commands: { publish: byId((r) => ACTS.publish.run(r)), withdraw: byId((r) => ACTS.publish.run(r, false)) },
  },
  domain_act: {
    detail: (r) => [on('act', r, WORDS.actLabel, 'main')],
    run(r = S.records.find((x) => x.flags.acted) ?? S.records.find((x) => isLive(x) && enumField() && x.v[enumField().name] !== enumField().options.at(-1)) ?? first()) {
      if (r.flags.acted) return say('already', `That was done a minute ago by ${me()}. The first result stands: ${r.v[enumField()?.name] ?? 'done'}.`);
      commit('act', { done: `${WORDS.actLabel.toLowerCase()}: “${label(r)}”` }, () => { const f = enumField(); if (f) r.v[f.name] = f.options[Math.min(f.options.indexOf(r.v[f.name]) + 1, f.options.length - 1)]; r.flags.touched = true; r.flags.acted = true; }, { on: r.id });
      S.view = 'detail'; S.openId = r.id;
    },
    commands: { act: byId((r) => ACTS.domain_act.run(r)) },
  },
  share: {
    views: () => [['own', cap(DATA.own?.many ?? 'shares')]], detail: (r) => [on('share', r, 'Share', 'main')], ownEmpty: `Nothing is shared. Open a ${one} to share it read-only.`,
    ownRow: (o) => `${button(`visit:${o.id}`, 'Open as the receiver')}${button(`revoke:${o.id}`, 'Withdraw')}`,
    pages: { visit: () => { const o = S.own.find((x) => x.id === S.visiting); const r = record(o?.of) ?? first(); const gone = !o || o.status !== 'active'; return gone ? `<section class="blank" data-shows="ended" ${sv('limit', 'failure')}><h1>This share has ended</h1><p>Ask whoever shared it for a new one.</p></section>` : `<article class="paper" data-shows="readonly" ${sv('happy')}><h2>${esc(label(r))}</h2><dl class="facts">${S.fields.map((f) => `<dt>${esc(f.label)}</dt><dd>${show(f, r.v[f.name])}</dd>`).join('')}</dl><p class="soft">Read-only, until 30 days from now.</p></article>`; } },
    run(r = target()) { commit('share', { done: `shared “${label(r)}” read-only with ${WORDS.destination}` }, () => { const o = addOwn(label(r)); o.of = r.id; r.flags.shared = true; S.visiting = o.id; }, { on: r.id }); if (S.note?.kind === 'done') S.view = 'visit'; },
    visit(o = S.own[0]) { S.visiting = o?.id; S.view = 'visit'; if (o?.status === 'expired') say('limit', 'This share ended yesterday.'); },
    commands: { share: byId((r) => ACTS.share.run(r)), visit: ownById((o) => ACTS.share.visit(o)), revoke: ownById((o) => { o.status = 'withdrawn'; say('done', 'The share is withdrawn'); }) },
  },
  invite: {
    views: () => [['own', cap(DATA.own?.many ?? 'invitations')]], ownEmpty: () => (S.members < 2 ? 'You are alone here. Whoever you invite joins with the role you give.' : `${S.members} people work here; nobody else is invited at the moment.`), ownWay: () => button('invite-one', 'Invite somebody', { kind: 'main', cases: ['empty'] }),
    ownBar: () => button('invite-one', 'Invite', { kind: 'main' }), ownRow: (o) => button(`accept:${o.id}`, 'Join as the newcomer'),
    run() {
      S.view = 'own';
      if (S.role === 'reader') return say('denied', 'Only admins invite. Your wish is passed on to an admin.', [['ask', 'Say why', () => say('done', 'Passed on')]]);
      if (S.atLimit) return say('limit', 'Every paid seat is taken. One more costs €4.50 a month; nothing is bought yet.', [['buy', 'Buy one seat', () => { S.atLimit = false; S.note = null; ACTS.invite.run(); }]]);
      commit('invite', { done: 'sent an invitation to new.person@example.com as member' }, () => addOwn('new.person@example.com', { role: 'member' }, 'sent'));
    },
    accept(o = S.own.at(-1)) { if (o?.status === 'expired') return say('limit', 'This invitation ended yesterday.', [['again', 'Ask for a new one', () => say('done', 'Asked')]]); if (o) { o.status = 'accepted'; S.members += 1; S.joined = (S.joined ?? 0) + 1; } },
    commands: { 'invite-one': () => ACTS.invite.run(), accept: ownById((o) => ACTS.invite.accept(o)) },
  },
  permission: {
    views: () => [['own', 'Roles and rights']],
    ownBar: () => button('role-change', 'Let readers change', { kind: 'main' }),
    ownTop: () => `<table class="rows" data-shows="builtin" ${sv('empty', 'happy')}><thead><tr><th scope="col">Role</th><th scope="col">May</th><th scope="col"><span class="sr">Acts</span></th></tr></thead><tbody>${DATA.roles.map((r) => `<tr><th scope="row">${esc(r.name)}</th><td>${esc(r.may)}</td><td>${button(`see-as:${r.id}`, 'See as this role')}</td></tr>`).join('')}</tbody></table>`,
    run() { S.view = 'own'; commit('permission', { done: 'changed the role “Reader”' }, () => addOwn('Reader', {}, 'changed')); },
    demote() {
      S.view = 'own';
      if (S.members < 2) return say('limit', 'One admin must remain. Nothing was changed.');
      commit('permission', { done: `took the right of an admin from ${DATA.people[3]}, whose role is “Member” now` }, () => addOwn(DATA.people[3], {}, 'changed'));
    },
    commands: { 'role-change': () => ACTS.permission.run(), 'see-as': (id) => { S.role = id; S.view = 'list'; } },
  },
  sso_login: {
    views: () => [['own', cap(DATA.own?.many ?? 'identity providers')]], ownEmpty: 'Three steps: copy the two addresses below into your provider, upload its description, try it with one person.',
    ownBar: () => button('sso', `Join ${WORDS.destination}`, { kind: 'main' }), ownRow: () => button('signin', 'Sign in as a member'),
    run() { S.view = 'own'; commit('sso', { done: `joined ${WORDS.destination}` }, () => addOwn(cap(WORDS.destination))); },
    signin(how) {
      S.view = 'own';
      if (!S.own.length) return say('empty', `No identity provider is joined yet. Join ${WORDS.destination} first.`);
      if (how === 'emergency' && !S.isDown) return say('denied', `The emergency way opens to two named admins only while ${WORDS.destination} does not answer.`);
      if (how === 'emergency') { S.log.unshift({ at: S.now, who: 'admin', act: 'emergency', what: 'used the emergency way in', on: null }); return say('done', 'Signed in by the emergency way; this is on record'); }
      if (S.role === 'reader') return say('denied', 'This person is not in the company’s group. No account was made.');
      if (S.atLimit) return say('limit', 'Five tries in ten minutes were wrong. The next one is possible in 60 s; the owner of the account is told.');
      if (S.isDown) return say('failed', `${cap(WORDS.destination)} does not answer. Two named admins can use the emergency way.`);
      say('done', 'Signed in, without another password');
    },
    commands: { sso: () => ACTS.sso_login.run(), signin: () => ACTS.sso_login.signin() },
  },
  audit: { views: () => [], run() { openTrail(); } },
  security_privacy: {
    bar: () => [button('gather', 'What is held about a person', { kind: '' })],
    run() {
      const rows = S.about ?? S.records.filter((r) => Object.values(r.v).includes(DATA.people[1]));
      if (!may('gather')) return deny('gather');
      S.file = null;
      if (!rows.length) return say('empty', 'Nothing is held about this person. The answer is kept.');
      if (S.isDown) return say('failed', 'One of two stores does not answer. The request stays open and is tried again within the hour.', [['retry', 'Try now', () => { S.isDown = false; S.note = null; ACTS.security_privacy.run(); }]]);
      commit('gather', { done: `gathered ${count(rows.length)} in one file` }, () => { S.file = { name: 'held', rows: rows.length, text: csv(rows) }; }, { undo: false });
    },
    tick() { const old = S.records.filter((r) => r.flags.expired); S.records = S.records.filter((r) => !r.flags.expired); S.log.unshift({ at: S.now, who: 'nightly run', act: 'erase', what: `erased ${old.length}`, on: null }); S.openId = null; S.view = 'trail'; },
    commands: { gather: () => ACTS.security_privacy.run() },
  },
  configure: { views: () => [['settings', 'Settings']], pages: { settings: settingsPage }, run: (value) => switchSetting(value ?? (S.settings.main === 'on' ? 'off' : 'on')), play: (value) => { S.view = 'settings'; switchSetting(value); }, commands: { 'setting-main': () => switchSetting() } },
  customise: {
    views: () => [['fields', `Facts of ${many}`]],
    pages: { fields: () => { const own = S.fields.filter((f) => f.own); return `<header class="head"><h1>Facts of ${esc(many)}</h1><div class="ways">${button('add-field', 'Add an own fact', { kind: 'main' })}</div></header>${own.length ? `<ul class="trail" ${sv('happy')}>${own.map((f) => `<li><b>${esc(f.label)}</b> ${esc(f.type)} ${button(`remove-field:${f.name}`, 'Remove')}</li>`).join('')}</ul>` : `<section class="blank" data-shows="empty" ${sv('empty')}><p>No own facts yet. Often added: cost centre, external number, remark.</p>${button('add-field', 'Add “cost centre”', { kind: 'main', cases: ['empty'] })}</section>`}`; } },
    run() { S.view = 'fields'; commit('customise', { done: 'added the fact “own note”' }, () => S.fields.push({ name: 'own_note', label: 'Own note', type: 'text', own: true }), { undo: false }); },
    remove() { const n = S.records.filter((r) => r.v.own_note).length; if (!S.fields.some((f) => f.own)) return; say('needed', `“Own note” holds ${n} values. They are kept for 30 days after it is removed.`, [['undo', 'Keep it', () => { S.note = null; }], ['go', 'Remove it', () => { S.fields = S.fields.filter((f) => !f.own); S.note = null; }]]); },
    commands: { 'add-field': () => ACTS.customise.run(), 'remove-field': () => ACTS.customise.remove() },
  },
  template: {
    views: () => [['own', cap(DATA.own?.many ?? 'templates')]], ownEmpty: `Start blank, or from a ready one: “Weekday”, “Weekend”.`, ownWay: () => button('new', `Start a blank ${one}`, { cases: ['empty'] }),
    ownTop: () => `<label><span class="sr">Find a template</span><input type="search" data-key="own-query" data-own-query value="${esc(S.ownQuery ?? '')}" placeholder="Find by name" ${sv('limit')}></label>`,
    ownRow: (o) => button(`start:${o.id}`, 'Start from it', { kind: 'main' }),
    run(o = S.own[0]) { commit('template', { done: `started a ${one} from “${o.name}”` }, () => { const r = { ...sample(2), id: S.nextId++, owner: me(), flags: { 'from-template': true, incomplete: S.records.some((x) => x.flags.incomplete) } }; S.records.unshift(r); S.openId = r.id; S.view = 'detail'; }); },
    finish() { const r = record(S.openId); if (r?.flags.incomplete) say('invalid', `One place is empty: ${columns().at(-1).label}. Fill it in before this goes out.`); else if (r) r.flags.live = true; },
    commands: { start: ownById((o) => ACTS.template.run(o)) },
  },
  billing: {
    views: () => [['own', cap(DATA.own?.many ?? 'invoices')]], ownEmpty: 'The first invoice comes on the 1st of next month.', ownBar: () => button('seats', 'Add two seats', { kind: 'main' }),
    run() {
      S.view = 'own';
      if (!may('billing')) return say('denied', `Only the billing owner changes this: ${DATA.people[3]}.`);
      if (S.atLimit) return say('limit', 'The smaller plan has 25 seats and there are 31 members. First remove 6 members; nothing was changed.');
      if (S.isDown) return say('failed', 'The card was refused. Access goes on for 14 days; the next try is on Thursday.', [['retry', 'Try now', () => { S.isDown = false; S.note = null; ACTS.billing.run(); }]]);
      S.quote = 9;
      say('done', 'Two more seats: €9.00 now, €9.00 a month from the next term. Nothing else changes.', [['buy', 'Agree', () => { S.charged = S.quote; say('done', 'Charged: €9.00'); }]]);
    },
    commands: { seats: () => ACTS.billing.run() },
  },
  raise_limit: {
    banner: () => { const n = S.records.filter(isLive).length; const left = S.cap - n; return Number.isFinite(S.cap) && n >= S.cap * 0.8 ? `<p class="banner" data-shows="quota" ${sv('limit')}>${n} of ${S.cap} used, ${left} left.</p>` : ''; },
    run() { S.view = 'list'; openForm(); },
    add(n = 1) {
      const left = S.cap - S.records.filter(isLive).length;
      if (left <= 0) return refuseLimit();
      const k = Math.min(n, left);
      commit('create', { done: `added ${count(k)}` }, () => { for (let i = 0; i < k; i += 1) S.records.unshift({ ...sample(i), id: S.nextId++, owner: me(), flags: {} }); });
      if (k < n) say('partial', `${k} of ${n} were added; ${n - k} were not, because the limit is reached.`);
    },
  },
  onboard: {
    banner: () => (S.fresh ? `<section class="banner guide" data-shows="guide" ${sv('happy')}><b>First steps</b> <span>${S.stepsDone ?? 0} of 3 done</span> ${button('steps', 'Do the next step', { kind: 'main' })}</section>` : ''),
    run() {
      const done = S.stepsDone ?? 0;
      if (!S.fresh) return;
      if (S.role === 'reader') return say('denied', 'The next step needs an admin.', [['hand', 'Hand it to an admin', () => say('done', 'Handed over; go on with the rest')]]);
      if (S.isDown) return say('failed', `This step does not work now. What you did is kept (${done} of 3). Another way: start from an example.`, [['retry', 'Start from an example', () => { S.isDown = false; S.note = null; ACTS.onboard.run(); }]]);
      S.stepsDone = 3;
      commit('create', { done: `reached the first useful result: your own ${one}` }, () => S.records.unshift({ ...sample(0), id: S.nextId++, owner: me(), flags: { own: true } }));
      S.fresh = false;
    },
    commands: { steps: () => ACTS.onboard.run() },
  },
  validate: {
    views: () => [['check', 'Against the rule']], run() { openForm(); },
    play(variant) {
      fillAndSave(variant === 'exception' ? 'invalid' : variant);
      if (variant !== 'exception' || !$('#f-reason')) return;
      $('#f-reason').value = 'Agreed with the customer by telephone';
      $('#form [data-do="submit"]').click();
    },
  },
  assist: {
    detail: (r) => [on('suggest', r, 'Suggest', 'main')],
    panel: (r) => (S.suggestion?.id === r.id ? panel('Suggestion', `<p><b>${esc(S.suggestion.text)}</b></p><p class="soft">Grounds: ${esc(S.suggestion.why)}</p>${on('take', r, 'Take it', 'main')} ${on('refuse', r, 'Refuse')}`, 'suggestion') : ''),
    run(r = target()) {
      S.view = 'detail'; S.openId = r.id;
      if (S.atLimit) return say('limit', 'The asks of this plan are used up until the 1st. Everything else works as before.');
      if (S.isDown) return say('failed', 'The suggestion service does not answer. Enter it by hand, as before.');
      if (r.flags.bare) return say('empty', `Too few facts for a suggestion. Missing: ${S.fields.slice(1, 3).map((f) => f.label).join(', ')}.`);
      const f = enumField();
      const value = f?.options.at(-1) ?? DATA.people[2];
      S.suggestion = { id: r.id, text: `${f?.label ?? 'Owner'}: ${value}`, why: `8 of the last 10 with the same ${listed(columns().filter((x) => x !== f).slice(0, 3).map((x) => x.label.toLowerCase()))} ended so` };
    },
    commands: { suggest: byId((r) => ACTS.assist.run(r)), take: byId((r) => { commit('assist', { done: `took the suggestion for “${label(r)}”` }, () => { const f = enumField(); if (f) r.v[f.name] = f.options.at(-1); else r.owner = DATA.people[2]; r.flags.touched = true; }, { on: r.id }); S.suggestion = null; }), refuse: () => { S.suggestion = null; } },
  },
  performance: {
    banner: () => (S.load >= 10 ? `<p class="banner" data-told="busy" role="status" ${sv('limit')}>Busy: ${S.load} times the usual load. The list below is a minute old; changes are taken in order.</p>` : '') + (S.isSlow ? `<p class="banner" data-shows="slow" ${sv('failure')}>This takes longer than usual. ${button('stop', 'Stop', { attrs: 'data-offers="stop"', cases: ['failure'] })}</p>` : ''),
    run() { S.view = 'list'; }, tick() { if (S.isSlow) { S.note = null; say('background', 'It goes on in the background; go on with other work, you are told at the end.'); } }, commands: { stop: () => { S.isSlow = false; } },
  },
  reliability: { run() { openForm(); }, play: fillAndSave },
  accessibility: { run() { openForm(); }, play: fillAndSave },
  localise: {
    banner: () => {
      const german = S.locale.startsWith('de') && !S.untranslated;
      if (S.locale.startsWith('de') && S.untranslated) S.gaps.add('hint');
      return german ? `<p class="soft" data-shows="hint-de" lang="de" ${sv('happy')}>Wählen Sie einen Eintrag, um ihn ganz zu lesen.</p>` : `<p class="soft" data-shows="hint" lang="en" ${sv('empty')}>Choose one to read it whole.</p>`;
    },
    views: () => [['settings', 'Language and region']], pages: { settings: settingsPage }, run: (locale) => { if (!may('locale')) return deny('change the language'); S.locale = locale ?? (S.locale === 'de-DE' ? 'en-GB' : 'de-DE'); }, commands: { 'setting-main': () => switchSetting(), locale: (value) => ACTS.localise.run(value) } },
  mobile: {
    banner: () => (S.mayNotify ? '' : `<p class="banner" data-shows="no-notices" ${sv('permission')}>This phone refuses notices. Everything works without them; what is new stands at the top of the list.</p>`),
    run() { openForm(); }, play: fillAndSave,
  },
  offline: {
    banner: () => (S.isOffline ? `<p class="banner" data-shows="offline" ${sv('happy')}>No connection. ${S.queue.length} not yet sent.${S.aged ? ` <span data-shows="stale">What you see is ${S.aged} days old.</span>` : ''} ${button('online', 'Back on line')}</p>` : ''),
    bar: () => (S.isOffline ? [] : [button('go-offline', 'Lose the connection')]),
    run() { openForm(); }, play: fillAndSave,
    online() {
      if (!S.isOffline) return;
      S.isOffline = false;
      if (S.role === 'reader') { S.queue = []; S.records = []; S.view = 'list'; return say('denied', 'Your rights were withdrawn meanwhile. What was not sent is refused, and what lay on this device is erased.'); }
      const theirs = S.records.find((r) => r.flags.changed);
      if (theirs && S.queue.length) return clash(theirs, record(S.queue[0]));
      const sent = S.queue.splice(0);
      for (const id of sent) { const r = record(id); if (r) r.flags.unsent = false; }
      say('done', sent.length ? `Everything is sent: ${count(sent.length)}, once` : 'Everything is sent; nothing had waited');
    },
    commands: { online: () => ACTS.offline.online(), 'go-offline': () => { S.isOffline = true; } },
  },
};

Object.assign(ACTS, {
  /** What is to go is gone for everyone; each person may bring it back for themselves. */
  _remove: {
    views: () => [['home', 'Today']],
    pages: { home: () => {
      const isHere = !S.isGone || S.prefs.back;
      const rows = S.records.filter(isLive);
      const those = isHere ? `<section class="panel" data-shows="those" ${sv('limit', 'failure')}><h2>${esc(cap(many))}</h2>${rows.length ? `<ul>${rows.slice(0, 6).map((r) => `<li>${button(`open:${r.id}`, label(r), { kind: 'open' })}</li>`).join('')}</ul>` : `<p class="soft">None.</p>`}</section>` : `<p data-shows="gone" ${sv('happy', 'permission')}>${button('back:me', `Bring ${many} back for me`)} ${button('back:all', 'Bring them back for everyone')}</p>`;
      return `<header class="head"><h1>Today</h1></header><section class="panel" data-shows="home" ${sv('happy', 'empty')}><h2>People at work</h2><ul>${DATA.people.slice(0, 5).map((p) => `<li>${esc(p)}</li>`).join('')}</ul></section>${those}`;
    } },
    run() { S.view = 'home'; },
    bringBack(whom) {
      if (whom === 'all' && !isAdmin()) return say('denied', `Only an admin brings ${many} back for everyone: ${DATA.people[3]}. For yourself you can.`);
      commit('back', { done: whom === 'all' ? `brought ${many} back for everyone` : `brought ${many} back for you` }, () => { if (whom === 'all') S.isGone = false; else S.prefs.back = true; }, { undo: false });
    },
    commands: { back: (whom) => ACTS._remove.bringBack(whom) },
  },
  /** What is to stay as it is: releases come and go around it. */
  _keep: {
    banner: () => `<p class="soft" data-shows="release" ${sv('happy', 'empty', 'permission', 'failure')}>Release ${S.release}. ${button('release', 'Install the next release', { kind: 'quiet' })}</p>`,
    views: () => [['plan', 'Planned changes']],
    pages: { plan: () => `<header class="head"><h1>Planned changes</h1></header>${S.plan ? `<section class="panel" ${sv('limit')}><h2>${esc(cap(S.plan.what))}</h2>${S.plan.askedAt ? `<p>From ${when(S.plan.on)}; asked on ${when(S.plan.askedAt)}:</p><ul data-shows="asked">${S.plan.asked.map((p) => `<li>${esc(p)}</li>`).join('')}</ul>` : button('announce', 'Announce it', { kind: 'main' })}</section>` : `<section class="blank" data-shows="empty" ${sv('empty')}><p>No change to ${esc(many)} is planned.</p>${button('plan-change', 'Plan one', { cases: ['limit'] })}</section>`}` },
    run() { S.view = 'list'; },
    release() {
      S.before = structuredClone({ records: S.records, release: S.release });
      S.release += 1; S.view = 'list';
      S.log.unshift({ at: S.now, who: DATA.people[3], act: 'release', what: `installed release ${S.release}`, on: null });
    },
    takeBack() { if (!S.before) return; Object.assign(S, S.before); say('done', `Release ${S.release + 1} was taken back on the same day; ${many} are as they were`); },
    announce() { Object.assign(S.plan, { askedAt: S.now, on: S.now + 30 * DAY, asked: [...new Set(S.records.map((r) => r.owner))] }); S.view = 'plan'; },
    commands: { release: () => ACTS._keep.release(), announce: () => ACTS._keep.announce(), 'plan-change': () => { S.plan = { what: `a change to ${many}` }; } },
  },
});

/** When a month ends before the day that was set, its last day stands in for it. */
function shortMonth(day) {
  const now = new Date(S.now);
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0)).getUTCDate();
  return now.getUTCDate() === last && day > last ? { day, on: last } : null;
}

const listed = (words) => (words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join(''));

/** What a fix is about: whether the product behaves as reported or as mended. The switch on the page of the fault sets it. */
let isMended = true;

/** One try of what is reported to fail, on a stage of its own; whether it came to its result. */
function tryOnce() {
  if (!isMended) return false;
  const kept = S;
  S = fresh(4);
  const entry = ['undo', 'performance'].includes(MAIN) ? ACTS.create : ACTS[MAIN];
  (entry.play ?? (() => entry.run()))();
  render();
  const isNarrower = isNarrowed() || S.sort.field !== null;
  const isDone = !S.form && !['failed', 'denied', 'limit', 'invalid', 'empty'].includes(S.note?.kind) && (S.note?.kind === 'done' || S.view !== 'list' || isNarrower);
  S = kept;
  return isDone;
}

const FAULT = {
  page() {
    const said = (list) => list.map((s) => `<p>${esc(s.text)}${s.voices.length ? ` <span class="soft">[${s.voices.join(', ')}]</span>` : ''}</p>`).join('');
    const block = (title, list) => (list.length ? `<section class="panel"><h2>${title}</h2>${said(list)}</section>` : '');
    const mode = (value, words) => `<button type="button" data-do="mended:${value}" aria-pressed="${String(isMended) === value}" ${sv('happy')}>${words}</button>`;
    const n = S.tries?.length ?? 0;
    const good = S.tries?.filter(Boolean).length ?? 0;
    const result = n ? `<p class="total"><b data-shows="tries">${good} of ${n}</b> tries complete</p><p><span class="meter wide"><i style="width:${(good / n) * 100}%"></i></span></p>${good < n ? `<p class="problem" role="alert">Fails as reported: ${esc(DATA.fix.actual[0]?.text ?? 'see the reports')}</p>` : '<p>Nothing is missing from the result.</p>'}` : '<p class="soft">Not tried yet. As today, every try fails as reported; after the fix, every try has to complete.</p>';
    return `<header class="head"><div><h1>The fault</h1><p class="soft">What is reported, and how one sees that it is gone</p></div><div class="ways" role="group" aria-label="Behaviour">${mode('false', 'As today')}${mode('true', 'After the fix')}</div></header>
    <div class="pair" data-shows="fault" ${sv('happy')}>${block('Reported', DATA.fix.actual)}${block('Expected', DATA.fix.expected)}</div>
    <section class="panel"><h2>Try it</h2>${result}${button('try', n ? 'Try ten times again' : 'Try ten times', { kind: 'main' })}</section>
    <div class="pair">${block('Where it happens', DATA.fix.place)}${block('Until it is mended', DATA.fix.workaround)}</div>`;
  },
  /** Tries `n` times. */
  run(n = 10) { S.tries = Array.from({ length: n }, tryOnce); S.view = 'fault'; S.note = null; },
};

const WORDS = {
  ...DATA.words, needle: 'zephyr', value: 'Harbour House',
  /** The field whose values are filtered by: a site where there is one, else the one with options. */
  filterField: () => S.fields.find((f) => f.name === 'site') ?? enumField() ?? titleField(),
};

/** Fills the form as a person would and saves it. */
function fillAndSave(variant = 'valid') {
  if (S.isOffline && !S.records.length) return;
  if (openForm() === false) { S.form = { id: null, values: {}, problems: {} }; S.form = null; return; }
  render();
  const values = validValues();
  for (const f of S.fields) {
    const isLeftEmpty = (variant === 'invalid' && f === titleField()) || (variant === 'blank' && !f.required);
    enter(f, isLeftEmpty ? '' : values[f.name]);
  }
  $('#form [data-do="submit"]').click();
}

function changeAndSave() {
  const r = target();
  openForm(r);
  if (!S.form) return;
  render();
  const f = titleField();
  enter(f, f.type === 'text' ? `${label(r)}, changed` : DATA.people.find((p) => p !== r.v[f.name]));
  for (const other of S.fields) if (other.required && !readForm()[other.name]) enter(other, validValues()[other.name]);
  $('#form [data-do="submit"]').click();
  if (!S.form && S.note?.kind === 'done') { r.flags.touched = true; S.view = 'detail'; S.openId = r.id; }
}

function openTrail() {
  if (!may('trail')) { deny('read the record of changes'); return; }
  S.view = 'trail';
}

function settingsPage() {
  return `<header class="head"><h1>${esc(MAIN === 'notify' ? 'What to tell me' : MAIN === 'localise' ? 'Language and region' : 'Settings')}</h1></header><div class="setting" ${sv('happy', 'empty')}><div><b>${esc(cap(WORDS.setting))}</b><p class="soft">Takes effect at once. <span data-shows="defaults">Default: on.</span> Changed by you or an admin.</p></div>${button('setting-main', S.settings.main === 'on' ? 'On: turn off' : `${cap(String(S.settings.main))}: turn on`, { attrs: `aria-pressed="${S.settings.main === 'on'}"` })}</div>${MAIN === 'localise' ? `<div class="setting" ${sv('happy')}><div><b>Form of dates and numbers</b><p class="soft">Now: ${esc(S.locale)}</p><p class="soft" data-shows="gaps" ${sv('empty')}>${S.gaps.size} texts without a translation</p></div>${button('locale:de-DE', 'German, Berlin')} ${button('locale:en-GB', 'English, London')}</div>` : ''}`;
}

function switchSetting(value = S.settings.main === 'on' ? 'off' : 'on') {
  if (!['on', 'off'].includes(value) && !(Number(value) >= 1 && Number(value) <= 100)) return say('invalid', `It takes 1 to 100. Nothing was saved.`);
  commit('setting', { done: `${WORDS.setting}: ${value}`, failed: 'saving' }, () => { S.settings.main = value; S.prefs.setting = value; }, { undo: false });
}

/** Hands the file to the person, without any network. */
function save(o) {
  const link = document.createElement('a');
  link.href = `data:text/csv;charset=utf-8,${encodeURIComponent(o.text)}`;
  link.download = `${many.replace(/\W+/g, '-')}.csv`;
  link.click();
}

function fetchFile(o = S.own[0]) {
  S.view = 'own';
  if (o.status === 'expired') return say('limit', 'This file is older than 30 days and gone.', [['retry', 'Run it again', () => { S.note = null; ACTS.export.run(); }]]);
  if (!may('export')) return deny('export');
  S.file = o;
  if (o.text) save(o);
}

document.addEventListener('input', (event) => {
  if (event.target.matches?.('[data-own-query]')) { S.ownQuery = event.target.value.toLowerCase(); render(); }
  if (event.target.id === 'comment') S.draft = event.target.value;
});
