// SPDX-License-Identifier: Apache-2.0
// How the bridge does: each account with its stream, cars, sinks, journal, and whether somebody must act.
import { badge, cells, errors, facts, fill, fold, keyed, put, say, show, small, table } from './rows.js';
import { words } from './status-words.js';

export { words };

const HOUR = 3_600_000, DAY = 24 * HOUR;
const MOST_SPANS = 100;
const KIND = { live: 'ok', quiet: 'ok', connecting: 'warn', 'backing-off': 'warn', refused: 'bad', quota: 'bad', 'login-required': 'bad', stopped: 'idle' };
/** What a state counts as on the time line, and how high it stands there; the last are drawn on top. */
const BAND = { live: 'live', quiet: 'quiet', connecting: 'reconnecting', 'backing-off': 'reconnecting', refused: 'refused', quota: 'refused', 'login-required': 'refused' };
const BANDS = { live: 24, quiet: 24, stopped: 5, reconnecting: 14, refused: 24 };
const CODES = { 4: 'auth', 5: 'auth', 134: 'auth', 135: 'auth', 142: 'takeover', 151: 'quota', 128: 'server', 133: 'server', 136: 'server', 137: 'server', 139: 'server', 141: 'server', 152: 'server', 160: 'hour' };
const TEXTS = { filter: /cardata\.stream\.topics/, token: /id token ha[sd] expired/, journal: /cannot keep/, network: /DNS|no network|connection broke|does not answer/,
  tls: /^TLS/, closed: /without a reason/, rebuilt: /rebuilt/, silent: /sent no (CONN|SUB)ACK/ };

/** Which of the known causes a reason is; undefined for none of them. */
const cause = reason => reason && (TEXTS.filter.test(reason.text) ? 'filter' : CODES[reason.code] || Object.keys(TEXTS).find(name => TEXTS[name].test(reason.text)));

/** A reason in the reader's language, else in the bridge's own words. */
function because(app, reason) {
  const name = cause(reason), text = name && words[app.lang]?.['why.' + name];
  return !reason ? '' : text ? text + (reason.code === undefined ? '' : ' (' + reason.code + ')') : reason.text || '';
}

/** What login and stream mean together: {kind, title, text, act, go}; without act nobody must do anything. */
export function meaning(app, { login = {}, stream = {} }) {
  const t = app.t, state = stream.state in KIND ? stream.state : 'stopped', flows = KIND[state] === 'ok', name = cause(stream.lastReason);
  const is = (text, act, go, kind = KIND[state]) => ({ kind, title: t('state.' + state), text: t('is.' + text), act: act && t('do.' + act, { gcid: '{gcid}' }), go });
  const setup = (text, kind) => {
    const found = is(text, 'setup', 'setup', kind);
    return flows ? { ...found, text: found.text + ' ' + t('is.last-hour') } : found;
  };
  if (login.error === 'client-id-missing') return is('no-client-id', 'setup', 'setup', 'bad');
  if (login.state === 'pending') return login.userCode ? is('pending', 'setup', 'setup', 'warn') : flows ? is(state) : is('asking');
  if (login.state === 'refused') return setup('login-refused', 'bad');
  if (login.state === 'login-required' || state === 'login-required') return setup('login-required', 'bad');
  if (login.error === 'missing-scope' || login.missingScopes?.includes('cardata:streaming:read')) return is('no-scope', 'setup', 'setup', flows ? 'warn' : 'bad');
  if (stream.otherClient && Date.now() - Date.parse(stream.otherClient.at) < HOUR) return is(stream.otherClient.sure ? 'other' : 'perhaps-other', 'other', null, 'bad');
  const found = {
    live: () => stream.lastMessageAt ? is('live') : is('first', 'wake', 'doctor', 'warn'),
    quiet: () => stream.lastMessageAt ? is('quiet') : is('silent', 'wake', 'doctor', 'warn'),
    refused: () => is('refused', 'wait', 'doctor'),
    quota: () => is('quota', 'quota'),
    'backing-off': () => name === 'filter' || name === 'journal' ? is(name, name, null, 'bad') : name === 'token' ? is(state) : is(state, 'wait', 'doctor')
  }[state]?.() || is(state);
  if (stream.nextAttemptAt && !flows) found.text += ' ' + t('is.next', { at: app.ago(stream.nextAttemptAt) });
  return found;
}

/** How long, in words: 3 h 5 min. */
function length(millis) {
  const minutes = Math.round(millis / 60_000);
  return millis < 90_000 ? Math.round(millis / 1000) + ' s' : minutes < 60 ? minutes + ' min' : Math.floor(minutes / 60) + ' h ' + minutes % 60 + ' min';
}

/** The last 24 hours of an account as bars, as a sentence, and as a table of all changes. */
function timeline(app, account) {
  const t = app.t, clock = new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' });
  const picture = app.svg('svg', { class: 'bands', viewBox: '0 0 1440 24', preserveAspectRatio: 'none', role: 'img' });
  const hours = app.el('p', { class: 'times muted', 'aria-hidden': 'true' }), legend = app.el('ul', { class: 'legend small' });
  const readout = app.el('p', { class: 'small muted', hidden: true }), body = app.el('tbody'), more = app.el('p', { class: 'muted small' });
  const all = fold(app, t('line.all'), app.el('div', {}, table(app, t('line.all'), [t('from'), t('for'), t('state'), t('why')], body), more), () => list());
  let spans = [], run = 0;

  const begin = span => Date.parse(span.from), end = span => span.to ? Date.parse(span.to) : Date.now();
  const band = span => BAND[span.state] || 'stopped', title = span => t('state.' + (span.state in KIND ? span.state : 'stopped'));
  const sentence = span => title(span) + ', ' + clock.format(begin(span)) + ' – ' + (span.to ? clock.format(end(span)) : t('present'))
    + (span.reason ? ': ' + because(app, span.reason) : '');

  function draw() {
    const since = Date.now() - DAY, total = {}, bars = [];
    for (const span of spans) {
      const from = Math.max(begin(span), since), minutes = (end(span) - from) / 60_000, name = band(span);
      if (minutes <= 0) continue;
      total[name] = (total[name] || 0) + minutes * 60_000;
      bars.push([name, app.svg('rect', { class: name, x: (from - since) / 60_000, y: 24 - BANDS[name], width: Math.max(minutes, 2), height: BANDS[name] },
        app.svg('title', { text: sentence(span) }))]);
    }
    const names = Object.keys(BANDS), said = names.filter(name => total[name]), words = said.map(name => t(name) + ' ' + length(total[name]));
    picture.replaceChildren(...names.flatMap(name => bars.filter(bar => bar[0] === name).map(bar => bar[1])));
    picture.setAttribute('aria-label', t('line') + ': ' + (words.join(', ') || '–'));
    hours.replaceChildren(...[0, 6, 12, 18].map(h => app.el('span', { text: clock.format(since + h * HOUR) })), app.el('span', { text: t('present') }));
    legend.replaceChildren(...said.map((name, i) => app.el('li', {}, app.svg('svg', { class: 'bands swatch', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
      app.svg('rect', { class: name, width: 24, y: 24 - BANDS[name], height: BANDS[name] })), words[i])));
    if (all.open) list();
  }

  function list() {
    cells(app, body, spans.slice(-MOST_SPANS).reverse().map(span => [app.dateTime(span.from), length(end(span) - begin(span)), title(span), because(app, span.reason)]));
    say(more, spans.length > MOST_SPANS && t('line.more', { n: spans.length - MOST_SPANS }));
  }

  // For fingers, which cannot hover over a bar.
  picture.addEventListener('pointerdown', e => {
    const box = picture.getBoundingClientRect(), at = Date.now() - DAY + (e.clientX - box.left) / box.width * DAY;
    const span = spans.findLast(s => begin(s) <= at);
    say(readout, span && sentence(span));
  });
  return {
    node: app.el('div', { class: 'timeline' }, app.el('h3', { text: t('line') }), picture, hours, legend, readout, all),
    draw,
    async load() {
      const mine = ++run;
      const read = await app.get('/api/timeline?hours=24&account=' + encodeURIComponent(account)).catch(() => []);
      if (mine !== run) return;
      spans = read;
      draw();
    }
  };
}

/** Quota, plan and calls of an account. */
function rest(app) {
  const t = app.t, text = app.el('p'), meter = app.el('div', { class: 'fill' }), next = app.el('tbody'), made = app.el('tbody'), waits = app.el('p', { lang: 'en' });
  const plan = fold(app, t('plan'), app.el('div', {}, waits, table(app, t('plan'), [t('what'), t('when'), t('why')], next)), () => draw());
  const calls = fold(app, t('calls'), table(app, t('calls'), [t('what'), t('answer')], made), () => draw());
  const node = app.el('div', { class: 'stack' }, app.el('h3', { text: t('quota') }), text, app.el('div', { class: 'level', 'aria-hidden': 'true' }, meter), plan, calls);
  let now = {};

  function draw() {
    const step = (s, when) => [[s.action, small(app, s.vehicle)], when, app.el('span', { lang: 'en' }, s.why, small(app, s.waitsFor))];
    say(waits, now.plan?.waits);
    if (plan.open) cells(app, next, [...now.plan.next.map(s => step(s, app.ago(s.at))), ...now.plan.left.map(s => step(s, t('left')))]);
    if (calls.open) cells(app, made, now.calls.map(c => [[c.method + ' ' + c.path, small(app, c.purpose + ', ' + app.ago(c.at))],
      app.el('span', { lang: 'en' }, String(c.status || t('no-answer')), small(app, c.error))]));
  }

  return {
    node,
    update(account) {
      now = account;
      const q = account.quota;
      show(node, q);
      show(plan, account.plan);
      show(calls, account.calls?.length);
      if (!q) return;
      put(text, (q.used === undefined ? t('quota.soon') : t('quota.says', q)) + (q.blockedUntil ? ' ' + t('quota.blocked', { at: app.dateTime(q.blockedUntil) }) : ''));
      fill(meter, q.used / q.limit * 100);
      draw();
    }
  };
}

function accountCard(app, { name }) {
  const t = app.t, mark = app.el('span'), text = app.el('p'), none = app.el('p', { class: 'muted', text: t('no-act') }), note = app.el('p', { class: 'muted small', lang: 'en' });
  const what = app.el('span'), go = app.el('a'), act = app.el('p', { class: 'act' }, app.el('strong', { text: t('act') }), ' ', what, ' ', go);
  const button = app.el('button', { class: 'button', type: 'button', text: t('again'), onClick: login });
  const list = facts(app, ['last', 'rate', 'messages', 'ended', 'session', 'login', 'subscribed']), line = timeline(app, name), calls = rest(app);
  let known, since;

  async function login() {
    button.disabled = true;
    try {
      await app.post('/api/login?account=' + encodeURIComponent(name));
      location.hash = '#/setup';
    } catch (e) {
      say(note, e.message);
      app.announce(e.message);
    }
    button.disabled = false;
  }

  function tick() {
    const { login = {}, stream = {} } = known, is = meaning(app, known), reason = stream.lastReason;
    badge(mark, is.kind, is.title);
    put(text, is.text);
    show(act, is.act);
    show(none, !is.act);
    put(what, is.act);
    if (is.go) go.setAttribute('href', '#/' + is.go);
    say(go, is.go && t('go.' + is.go));
    button.classList.toggle('primary', is.go === 'setup');
    list.set('last', stream.lastMessageAt ? app.ago(stream.lastMessageAt) : t('none-yet'));
    list.set('rate', stream.messagesPerMinute === undefined ? '' : app.number(stream.messagesPerMinute));
    list.set('messages', app.number(stream.messages || 0));
    list.set('ended', reason && app.ago(reason.at) + ': ' + because(app, reason));
    list.set('session', login.idTokenExpiresAt && t(Date.parse(login.idTokenExpiresAt) < Date.now() ? 'over' : 'renews', { at: app.ago(login.idTokenExpiresAt) }));
    list.set('login', login.refreshTokenExpiresAt && t('until', { at: app.dateTime(login.refreshTokenExpiresAt) }));
    list.set('subscribed', stream.subscriptions?.map(s => s.filter + ' (QoS ' + s.qos + ')').join(', '));
  }

  return {
    node: app.el('section', { class: 'card', 'aria-label': t('account', { name }) }, app.el('div', { class: 'row spread' }, app.el('h2', { text: t('account', { name }) }), mark),
      text, act, none, note, list.node, line.node, calls.node, button),
    tick,
    line,
    update(account) {
      known = account;
      if (since !== (since = account.stream?.state + account.stream?.since)) line.load();
      say(note, account.login?.message);
      calls.update(account);
      tick();
    }
  };
}

function carRow(app, { vin }) {
  const link = app.el('a', { href: '#/vehicles/' + encodeURIComponent(vin) }), error = app.el('div', { class: 'small bad-text', lang: 'en' });
  const count = app.el('td', { class: 'num' }), heard = app.el('div'), newest = app.el('div', { class: 'muted small' });
  let car;
  const tick = () => {
    put(heard, app.ago(car.lastMessageAt));
    say(newest, car.lastEventAt && app.t('newest', { at: app.ago(car.lastEventAt) }));
    say(error, car.lastError && app.ago(car.lastError.at) + ': ' + car.lastError.text);
  };
  return {
    node: app.el('tr', {}, app.el('th', { scope: 'row' }, link, error), count, app.el('td', {}, heard, newest)),
    tick,
    update(now) {
      car = now;
      put(link, car.alias || vin);
      put(count, app.number(car.messages || 0));
      tick();
    }
  };
}

const SINK = { up: 'ok', down: 'warn', broken: 'bad', disabled: 'idle' };

function sinkRow(app, { name }) {
  const mark = app.el('span'), says = app.el('div', { class: 'small' }), error = app.el('div', { class: 'small muted', lang: 'en' });
  const sent = app.el('td', { class: 'num' }), lag = app.el('td', { class: 'num' });
  return {
    node: app.el('tr', {}, app.el('th', { scope: 'row', text: name }), app.el('td', {}, mark, says, error), sent, lag),
    update(s) {
      badge(mark, s.state === 'up' && s.failed ? 'warn' : SINK[s.state] || 'idle', app.t(s.state));
      say(says, [s.state !== 'up' && app.t(s.state + '.says'), ...['failed', 'lost'].map(what => s[what] && app.t(what, { n: app.number(s[what]) }))].filter(Boolean).join(' '));
      say(error, s.lastError);
      put(sent, app.number(s.delivered));
      put(lag, app.number(s.lag));
    }
  };
}

export function view(app) {
  const t = app.t, accounts = app.el('div', { class: 'stack' }), cars = app.el('tbody'), sinks = app.el('tbody'), off = app.el('p', { class: 'muted small' });
  const card = (title, ...content) => app.el('section', { class: 'card' }, app.el('h2', { text: t(title) }), content);
  const noCars = app.el('p', { class: 'muted', text: t('cars.none') }), carTable = table(app, t('cars'), [t('car'), [t('messages'), 'num'], t('fact.last')], cars);
  const broken = app.el('tbody'), problems = card('problems', table(app, t('problems'), [t('what'), t('why')], broken));
  const mark = app.el('span'), trouble = app.el('p', { lang: 'en' }), journal = facts(app, ['events', 'bytes', 'oldest', 'duplicates', 'unparsed', 'started']);
  const faults = errors(app);
  const syncAccounts = keyed(accounts, a => a.name, a => accountCard(app, a)), syncCars = keyed(cars, c => c.vin, c => carRow(app, c)), syncSinks = keyed(sinks, s => s.name, s => sinkRow(app, s));
  let cards = new Map(), rows = new Map(), seconds = 0, ends = [];

  function draw(now) {
    if (!now) return;
    cards = syncAccounts(now.accounts);
    rows = syncCars(now.vehicles);
    show(carTable, rows.size);
    show(noCars, !rows.size);
    const isOff = s => s.state === 'disabled' && !s.enabled && !s.failed && !s.lost;
    syncSinks(now.sinks.filter(s => !isOff(s)));
    const names = now.sinks.filter(isOff).map(s => s.name).join(', ');
    say(off, names && t('off', { names }));
    const j = now.journal, isDown = j.state === 'down';
    badge(mark, isDown ? 'bad' : 'ok', t(isDown ? 'cannot' : 'up'));
    say(trouble, j.lastError);
    for (const name of ['events', 'duplicates', 'unparsed']) journal.set(name, app.number(j[name]));
    journal.set('bytes', j.bytes < 1e9 ? app.number(j.bytes / 1e6) + ' MB' : app.number(j.bytes / 1e9, 2) + ' GB');
    journal.set('oldest', app.dateTime(j.oldest));
    journal.set('started', app.dateTime(now.startedAt));
    cells(app, broken, now.problems.map(p => [app.el('code', { text: p.file }), app.el('span', { lang: 'en', text: p.problem })]));
    show(problems, now.problems.length);
  }

  function tick() {
    cards.forEach(part => part.tick());
    rows.forEach(part => part.tick());
    if (++seconds % 60) return;
    cards.forEach(part => part.line.draw());
    faults.load();
  }

  return {
    node: app.el('div', { class: 'stack' }, problems, accounts, card('cars', noCars, carTable),
      card('sinks', app.el('p', { class: 'muted small', text: t('sinks.says') }), table(app, t('sinks'), [t('sink'), t('state'), [t('sent'), 'num'], [t('waiting'), 'num']], sinks), off),
      card('journal', mark, trouble, journal.node), faults.node),
    show() {
      cards.forEach(part => part.line.load());
      draw(app.status);
      faults.load();
      ends = [app.on('status', draw), app.on('tick', tick)];
    },
    hide() {
      ends.forEach(end => end());
    }
  };
}
