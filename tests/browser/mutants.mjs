// What the mutation test changes: the compiled prototype (PROGRAM) or the terms of a scenario (`ofTerms`), never both.
//
// A program mutant replaces `from`, which must stand exactly once in the prototype, by `to`. `hit()` in `to` notes that
// the changed place ran: a mutant that no scenario of a prototype reaches says nothing about its scenarios.

export const PROGRAM = [
  ['effect', 'an act changes nothing', '  const before = snapshot();\n  change();', '  const before = snapshot();\n  hit();'],
  ['effect', 'undo brings no record back', '  S.records = last.before.records;', '  hit();'],
  ['effect', 'undo brings back nothing of its own', '  S.own = last.before.own;', '  hit();'],
  ['effect', 'nothing is entered in the activity', "  S.log.unshift({ at: S.now, who: me(), act, what: words.done, on });", '  hit(); S.log.unshift({});'],
  ['permission', 'everyone may do everything', "return act === 'read' || S.role !== 'reader';", 'hit(); return true;'],
  ['permission', 'nobody may do anything', "return act === 'read' || S.role !== 'reader';", "hit(); return act === 'read';"],
  ['permission', 'the right is turned round', "return act === 'read' || S.role !== 'reader';", "hit(); return act === 'read' || S.role === 'reader';"],
  ['limit', 'the limit of the plan is not held', '  if (S.atLimit) return refuseLimit();\n  if (S.isDown)', '  if (S.atLimit) hit();\n  if (S.isDown)'],
  ['limit', 'the limit holds one too late', '.length >= S.cap) return refuseLimit();', '.length > S.cap + (hit(), 0)) return refuseLimit();'],
  ['limit', 'the limit holds one too early', '.length >= S.cap) return refuseLimit();', '.length >= S.cap - (hit(), 1)) return refuseLimit();'],
  ['error', 'a service that is down is not noticed', '  if (S.isDown) {\n    say(', '  if (S.isDown && (hit(), false)) {\n    say('],
  ['error', 'a failure is swallowed', '  if (S.isDown) {\n    say(', '  if (S.isDown) { hit(); return false;\n    say('],
  ['error', 'a refusal is silent', "  say('denied', `Your role", "  hit(); if (false) say('denied', `Your role"],
  ['error', 'a wrong entry is saved', "if (problems.length) return say('invalid', problems[0]);", 'if (problems.length) hit();'],
  ['error', 'two versions overwrite each other', 'if (r?.flags.changed) return clash(', 'if (r?.flags.changed && (hit(), false)) return clash('],
  ['state', 'the empty list is blank', 'function emptyList() {', "function emptyList() { hit(); return '';"],
  ['state', 'nothing is ever told', "  if (!S.note) return '';", "  if (S.note) hit(); return '';"],
  ['state', 'a record never opens', "  if (S.view === 'detail') return detail();", "  if (S.view === 'detail') { hit(); return list(); }"],
  ['count', 'a change is made twice', '  const before = snapshot();\n  change();', '  const before = snapshot();\n  hit(); change(); change();'],
  ['count', 'the list counts one too many', ': rows.length.toLocaleString(S.locale)}${narrowed}', ': (hit(), rows.length + 1).toLocaleString(S.locale)}${narrowed}'],
  ['copy', 'what is told has no words', '  S.note = { kind, text, offers };', "  hit(); S.note = { kind, text: '', offers };"],
  ['copy', 'what is told is of another kind', '  S.note = { kind, text, offers };', "  hit(); S.note = { kind: kind === 'done' ? 'failed' : 'done', text, offers };"],
  ['copy', 'no way on is offered', '  S.note = { kind, text, offers };', '  hit(); S.note = { kind, text, offers: [] };'],
].map(([group, name, from, to]) => ({ group, name, from, to }));

const OTHER = { same: ['more', '1'], more: ['same'], flag: ['noflag'], noflag: ['flag'], sees: ['sees', 'nothing-of-the-kind'], offers: ['lacks'], told: ['told', 'nothing-of-the-kind'], kept: ['same-not'], rows: ['rows', 'none'] };
const isNumber = (text) => /^\d+$/.test(text);

/** All mutants of a scenario's terms: [{group, name, scenario}]. */
export function ofTerms(scenario) {
  const out = [];
  const add = (group, name, edit) => { const copy = structuredClone(scenario); edit(copy); out.push({ group, name: `${scenario.key} ${name}`, scenario: copy }); };
  // The size of the stage (`seed`) is no part of what a criterion claims; every other number is.
  for (const part of ['given', 'then']) {
    scenario[part].forEach((line, l) => line.calls.forEach((call, c) => call.args.forEach((arg, a) => {
      if (isNumber(arg) && call.verb !== 'seed') add('term number', `${call.verb} ${arg} + 1`, (s) => { s[part][l].calls[c].args[a] = String(Number(arg) + 1); });
    })));
  }
  scenario.given.forEach((line, l) => line.calls.forEach((call, c) => {
    if (call.verb === 'deny' || call.verb === 'reader') add('term role', `${call.verb} becomes may`, (s) => { s.given[l].calls[c] = { verb: 'may', args: [] }; });
    if (call.verb !== 'seed' && call.verb !== 'may') add('term given', `without ${[call.verb, ...call.args].join(' ')}`, (s) => { s.given[l].calls.splice(c, 1); });
  }));
  if (scenario.case === 'happy' && !scenario.given.some((line) => line.calls.some((call) => ['deny', 'reader'].includes(call.verb)))) {
    add('term role', 'by a reader', (s) => { s.given.at(-1).calls.push({ verb: 'deny', args: [] }); });
  }
  add('term verb', 'the event does not happen', (s) => { s.when.calls = [{ verb: 'return', args: [] }]; });
  scenario.then.forEach((line, l) => line.calls.forEach((call, c) => {
    const [verb, ...args] = OTHER[call.verb] ?? [];
    if (verb && verb !== 'same-not') add('term verb', `${call.verb} becomes ${verb}`, (s) => { s.then[l].calls[c] = { verb, args: args.length ? args : call.args }; });
  }));
  return out;
}
