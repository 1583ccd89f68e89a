// Every page reads and works without this script. With it, filters and sliders answer at once, evidence opens beside
// what one reads, sentences are changed in place, cards are dragged, and the keyboard goes everywhere.
'use strict';

const root = document.documentElement;
root.classList.add('js');
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const say = (words) => { $('#live').textContent = words; };
for (const one of $$('[data-help], [data-print]')) one.hidden = false;

/** A page of ours, parsed. */
async function fetched(address, signal) {
  const answer = await fetch(address, { signal, headers: { accept: 'text/html' } });
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

// Forms that answer as one types or slides: the same page is asked for and one part of it is put in place.
for (const form of $$('form[data-live]')) {
  let asking = null;
  let timer = 0;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
    const address = `${form.getAttribute('action')}?${query}`;
    try {
      const page = await fetched(address, asking.signal);
      const fresh = $(form.dataset.live, page);
      if (fresh) $(form.dataset.live).replaceWith(fresh);
      history.replaceState(null, '', address);
    } catch (error) { if (error.name !== 'AbortError') say('That could not be asked. Is the server still there?'); }
  };
  form.addEventListener('input', (event) => {
    const { target } = event;
    if (target.type === 'range') {
      const shown = $(`output[for="${target.id}"]`, form);
      if (shown) shown.textContent = target.dataset.unit ? `${Math.round(target.value)}${target.dataset.unit}` : `× ${Number(target.value).toFixed(1)}`;
    }
    clearTimeout(timer);
    timer = setTimeout(ask, target.type === 'range' ? 30 : 160);
  });
  form.addEventListener('submit', (event) => { event.preventDefault(); ask(); });
}

// Evidence, checks and terms open beside the page.
const drawer = $('#drawer');
let opener = null;
async function open(address) {
  opener ??= document.activeElement;
  const body = $('#drawer-body');
  try {
    const main = $('#main', await fetched(address));
    body.replaceChildren(...main.childNodes);
    remember(body);
    if (!drawer.open) drawer.showModal();
    drawer.scrollTop = 0;
    $('mark', body)?.scrollIntoView({ block: 'center' });
  } catch { location.href = address; }
}
drawer.addEventListener('close', () => { opener?.focus?.(); opener = null; $('#drawer-body').replaceChildren(); });
for (const dialog of $$('dialog')) {
  dialog.addEventListener('click', (event) => { if (event.target === dialog || event.target.closest('[data-close]')) dialog.close(); });
}
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-drawer]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link.dataset.drawer || link.getAttribute('href'));
});
document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-drawer-form]');
  if (!form) return;
  event.preventDefault();
  open(`${form.getAttribute('action')}?${new URLSearchParams(new FormData(form))}`);
});

// A name is asked for once.
function remember(from) {
  for (const input of $$('[data-remember]', from)) {
    const key = `throughline.${input.dataset.remember}`;
    if (!input.value) input.value = localStorage.getItem(key) ?? '';
    input.addEventListener('change', () => localStorage.setItem(key, input.value));
  }
}
remember(document);

// Files: dropped or chosen, sent with progress.
const drop = $('form[data-drop]');
if (drop) {
  const input = $('input[type="file"]', drop);
  const send = (files) => {
    if (!files.length) return;
    const bar = $('#progress');
    const said = $('#progress-said');
    const form = new FormData();
    for (const file of files) form.append('files', file, file.webkitRelativePath || file.name);
    const request = new XMLHttpRequest();
    request.open('POST', drop.getAttribute('action'));
    request.setRequestHeader('accept', 'text/html');
    bar.hidden = false;
    request.upload.addEventListener('progress', (event) => {
      bar.value = (event.loaded / event.total) * 100;
      said.textContent = event.loaded < event.total ? `${Math.round(event.loaded / 1e6)} of ${Math.round(event.total / 1e6)} MB` : 'Reading…';
    });
    request.addEventListener('load', () => {
      if (request.status < 400) { location.assign('/'); return; }
      bar.hidden = true;
      const page = new DOMParser().parseFromString(request.responseText, 'text/html');
      said.textContent = $('.lead', page)?.textContent ?? 'The upload was refused.';
      said.className = 'bad';
    });
    request.addEventListener('error', () => { bar.hidden = true; said.className = 'bad'; said.textContent = 'The upload broke off: the file may be over 500 MB, or the server is gone.'; });
    request.send(form);
  };
  input.addEventListener('change', () => send(input.files));
  const over = (event) => { if ([...event.dataTransfer.types].includes('Files')) { event.preventDefault(); drop.classList.add('over'); } };
  document.addEventListener('dragover', over);
  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) drop.classList.remove('over'); });
  document.addEventListener('drop', (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    drop.classList.remove('over');
    send(event.dataTransfer.files);
  });
}

// A run, stage by stage.
const job = $('[data-job]');
if (job && !$('.done, .bad', job)) {
  const source = new EventSource(job.dataset.job);
  const put = (event) => { job.replaceChildren(...new DOMParser().parseFromString(event.data, 'text/html').body.childNodes); };
  source.addEventListener('news', put);
  source.addEventListener('done', (event) => { put(event); source.close(); $('.strip')?.remove(); say('The run has ended.'); });
}

// A sentence is changed where it stands.
const editable = $('[data-editable]');
if (editable) {
  for (const sentence of $$('.st[data-item]', editable)) {
    const words = [...sentence.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join('').trim();
    const pen = document.createElement('button');
    pen.type = 'button';
    pen.className = 'pen';
    pen.setAttribute('aria-label', `Change “${words}”`);
    pen.textContent = '✎';
    sentence.append(pen);
    const start = () => {
      $('.editing')?.remove();
      const form = document.createElement('form');
      form.className = 'editing';
      form.method = 'post';
      form.action = `${editable.dataset.editable}/${sentence.dataset.item}`;
      form.innerHTML = '<label class="field"><span>It should read</span><textarea name="text" rows="3" required maxlength="4000"></textarea></label><label class="field"><span>Your name</span><input name="by" required maxlength="80" autocomplete="name" data-remember="by"></label><input type="hidden" name="back"><p class="inline"><button class="main">Keep my words</button><button type="button" class="quiet" data-cancel>Leave it</button></p>';
      $('textarea', form).value = words;
      $('[name="back"]', form).value = editable.dataset.back ?? 'spec';
      $('[data-cancel]', form).addEventListener('click', () => { form.remove(); pen.focus(); });
      form.addEventListener('keydown', (event) => { if (event.key === 'Escape') { form.remove(); pen.focus(); } });
      (sentence.closest('p, li, td, dd') ?? sentence).append(form);
      remember(form);
      $('textarea', form).focus();
    };
    sentence.addEventListener('click', (event) => { if (!event.target.closest('a, form') && !getSelection().toString()) start(); });
  }
}
$('[data-print]')?.addEventListener('click', () => print());

// Cards: dropped on a column they ask what that would cost.
let held = null;
document.addEventListener('dragstart', (event) => { held = event.target.closest?.('[data-card]') ?? null; });
document.addEventListener('dragend', () => { held = null; $$('.over-column').forEach((one) => one.classList.remove('over-column')); });
for (const column of $$('[data-column]')) {
  column.addEventListener('dragover', (event) => { if (held) { event.preventDefault(); column.classList.add('over-column'); } });
  column.addEventListener('dragleave', (event) => { if (!column.contains(event.relatedTarget)) column.classList.remove('over-column'); });
  column.addEventListener('drop', (event) => {
    if (!held || column.contains(held)) return;
    event.preventDefault();
    open(`/plan/cost?${new URLSearchParams({ id: held.dataset.card, verdict: column.dataset.column })}`);
  });
}

// Keys.
const palette = $('#palette');
const places = [['/insights', 'Insights', 'page'], ['/plan', 'Plan', 'page'], ['/what-if', 'What if', 'page'], ['/', 'Files', 'page'], ['/glossary', 'Glossary', 'page'], ['/judgements', 'What people said', 'page'], ['/revisions', 'Revisions', 'page']];
let asked = 0;
async function suggest() {
  const words = $('#palette-q').value.trim();
  const mine = ++asked;
  const list = places.filter(([, name]) => name.toLowerCase().includes(words.toLowerCase()));
  if (/^[a-z][0-9a-z]{6,}$/.test(words)) list.unshift([`/trace/${words}`, words, 'trace']);
  if (words) {
    const answer = await fetch(`/api/v1/insights?${new URLSearchParams({ q: words, per_page: 8 })}`).then((r) => (r.ok ? r.json() : { items: [] })).catch(() => ({ items: [] }));
    if (mine !== asked) return;
    list.push(...answer.items.map((one) => [`/insights/${one.id}`, one.label, `#${one.rank}`]));
  }
  $('#palette-list').replaceChildren(...list.map(([address, name, kind], at) => {
    const item = document.createElement('li');
    item.id = `place-${at}`;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', String(at === 0));
    item.dataset.address = address;
    const label = document.createElement('span');
    label.textContent = name;
    const soft = document.createElement('span');
    soft.className = 'soft small';
    soft.textContent = kind;
    item.append(label, soft);
    item.addEventListener('click', () => location.assign(address));
    return item;
  }));
  $('#palette-q').setAttribute('aria-activedescendant', list.length ? 'place-0' : '');
}
$('#palette-q').addEventListener('input', suggest);
$('#palette-q').addEventListener('keydown', (event) => {
  const all = $$('#palette-list li');
  const at = all.findIndex((one) => one.getAttribute('aria-selected') === 'true');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) {
    event.preventDefault();
    const next = (at + step + all.length) % all.length;
    all.forEach((one, i) => one.setAttribute('aria-selected', String(i === next)));
    all[next].scrollIntoView({ block: 'nearest' });
    event.target.setAttribute('aria-activedescendant', all[next].id);
  } else if (event.key === 'Enter' && all[at]) location.assign(all[at].dataset.address);
});
const goTo = () => { $('#palette-q').value = ''; palette.showModal(); suggest(); };
$('[data-help]')?.addEventListener('click', () => $('#keys').showModal());
let before = '';
document.addEventListener('keydown', (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); goTo(); return; }
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest('input, select, textarea, dialog[open]')) return;
  const key = event.key;
  const chord = before + key;
  before = key === 'g' ? 'g' : '';
  const ways = { gi: '/insights', gp: '/plan', gw: '/what-if', gf: '/', gr: '/revisions' };
  if (ways[chord]) { location.assign(ways[chord]); return; }
  if (key === '/') { const find = $('[data-key="/"]'); if (find) { event.preventDefault(); find.focus(); } }
  if (key === '?') $('#keys').showModal();
  if (key === 'j' || key === 'k') {
    const all = $$('[data-item]');
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = Math.min(all.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)));
    all[next].focus();
    all[next].scrollIntoView({ block: 'nearest' });
  }
});
