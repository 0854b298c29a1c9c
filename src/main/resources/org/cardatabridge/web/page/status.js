// SPDX-License-Identifier: Apache-2.0
// How the bridge does: each account with its stream, cars, sinks, journal, and whether somebody must act.
import { accountName, badge, errors, facts, fold, isUseless, level, patch, small, table } from './rows.js';
import { REASONS, words } from './status-words.js';

export { words };

const HOUR = 3_600_000, DAY = 24 * HOUR;
const MOST_SPANS = 100;
const KIND = { live: 'ok', quiet: 'ok', connecting: 'warn', 'backing-off': 'warn', refused: 'bad', quota: 'bad', 'login-required': 'bad', stopped: 'idle' };
/** What a state counts as on the time line, and how high that stands there; what comes later is drawn on top. */
const BAND = { live: 'live', quiet: 'quiet', connecting: 'backing-off', 'backing-off': 'backing-off', refused: 'refused', quota: 'refused', 'login-required': 'login-required' };
const HEIGHT = { live: 24, quiet: 24, stopped: 5, 'backing-off': 14, 'login-required': 24, refused: 24 };
const PEERS = { highmobility: 'High Mobility' };
const SINK = { up: 'ok', down: 'warn', broken: 'bad', disabled: 'idle' };

const CODES = { 4: 'auth', 5: 'auth', 134: 'auth', 135: 'auth', 142: 'takeover', 151: 'quota', 128: 'server', 133: 'server', 136: 'server', 137: 'server', 139: 'server', 141: 'server', 152: 'server', 160: 'hour' };
const TEXTS = { certificate: /^Reading /, ours: /our client certificate/, filter: /cardata\.(stream\.topics|highmobility\.topic)/, token: /id token ha[sd] expired/, journal: /cannot keep/, dns: /^DNS/, network: /no network|connection broke|our keep-alive/,
  away: /does not answer/, tls: /^TLS/, closed: /without a reason/, rebuilt: /rebuilt/, silent: /sent no (CONN|SUB)ACK/ };

const known = state => state in KIND ? state : 'stopped';

/** What login or certificate and stream mean together: {kind, title, text, act, go}; without act nobody must do anything. */
export function meaning(app, account) {
  const { name, source, login = {}, stream = {}, certificate } = account, isHm = source === 'highmobility';
  const t = app.t, state = known(stream.state), flows = KIND[state] === 'ok', reason = stream.lastReason?.text || '', other = stream.otherClient;
  const own = word => (t('do.hm-' + word) !== 'do.hm-' + word && isHm ? 'hm-' : '') + word;
  const is = (text, act, go, kind = KIND[state]) => ({ kind, title: t('state.' + state), act: act && t('do.' + own(act), { gcid: '{gcid}' }), go,
    text: t('is.' + text, { why: because(app, stream.lastReason, source) || '–', peer: PEERS[source] || 'BMW', what: t('what.' + (isHm ? source : 'bmw')), route: isHm ? 'ingest-highmobility' : 'ingest-stream' }) });
  const setup = text => {
    const found = is(text, 'setup', 'setup', 'bad');
    return flows ? { ...found, text: found.text + ' ' + t('is.last-hour') } : found;
  };
  if (isHm && !certificate) return { ...is('bucket', null, null, 'ok'), title: t('state.bucket') };
  if (isUseless(certificate)) {
    const found = is(certificate.state, { expired: 'renew', 'not-yet-valid': 'clock' }[certificate.state] || 'files', 'setup', 'bad');
    return flows ? { ...found, text: found.text + ' ' + t('is.still-runs') } : found;
  }
  if (login.error === 'client-id-missing') return is('no-client-id', 'setup', 'setup', 'bad');
  if (login.state === 'pending') return login.userCode ? is('pending', 'setup', 'setup', 'warn') : is(flows ? state : 'asking');
  if (login.state === 'refused') return setup('login-refused');
  if (login.state === 'login-required' || state === 'login-required') return setup('login-required');
  if (login.error === 'missing-scope' || login.missingScopes?.includes('cardata:streaming:read')) return is('no-scope', 'setup', 'setup', 'bad');
  if (other && Date.now() - Date.parse(other.at) < HOUR) return is(other.sure ? 'other' : 'perhaps-other', 'other', null, 'bad');
  // A bridge that was started anew beside a parked car has heard nothing, and nobody need do anything.
  if (flows && !stream.lastMessageAt && app.status?.vehicles?.some(car => car.account === name)) return is('parked');
  if (flows && certificate?.state === 'expires-soon') return is(stream.lastMessageAt ? state : 'first', 'renew', 'setup');
  if (flows) return stream.lastMessageAt ? is(state) : is(state === 'live' ? 'first' : 'silent', 'wake', 'doctor', 'warn');
  const found = state === 'refused' ? is(isHm ? 'hm-refused' : state, isHm ? 'refused' : 'wait', 'doctor') : state === 'quota' ? is(state, 'quota') : state !== 'backing-off' ? is(state)
    : TEXTS.filter.test(reason) ? is('filter', 'filter', null, 'bad') : TEXTS.journal.test(reason) ? is('journal', 'journal', null, 'bad')
      : TEXTS.token.test(reason) ? is(state) : is(state, 'wait', 'doctor');
  if (Date.parse(stream.nextAttemptAt) > Date.now() + 5000) found.text += ' ' + t('is.next', { at: app.ago(stream.nextAttemptAt) });
  return found;
}

/** How long, in words: 3 h 5 min. */
function length(millis) {
  const minutes = Math.round(millis / 60_000);
  return millis < 90_000 ? Math.round(millis / 1000) + ' s' : minutes < 60 ? minutes + ' min' : Math.floor(minutes / 60) + ' h ' + minutes % 60 + ' min';
}

/** A badge for a certificate that somebody has to see to; nothing for one that holds for long. */
export const certificateBadge = (app, { state, expiresAt } = {}) => state && state !== 'valid'
  ? badge(app, state === 'expires-soon' ? 'warn' : 'bad', app.t(state, { at: app.ago(expiresAt) })) : '';

/** Why a connection ended: in German where the reason is a known one, else in the bridge's own words. */
function because(app, reason, source) {
  if (!reason) return '';
  const text = reason.text || '', byText = Object.keys(TEXTS).find(name => TEXTS[name].test(text)), name = byText === 'filter' ? byText : CODES[reason.code] || byText;
  return (app.lang === 'de' && REASONS[name]?.replace('{peer}', PEERS[source] || 'BMW') || text) + (reason.code === undefined ? '' : ' (' + reason.code + ')');
}

/** The last 24 hours of an account as bars, as a sentence, and as a table of all changes. */
function timeline(app, account, source) {
  const t = app.t, clock = new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' });
  const node = app.el('div', { class: 'timeline', 'data-kept': account }, app.el('div'));
  let spans = [], run = 0, chosen = '';

  const begin = span => Date.parse(span.from), end = span => Date.parse(span.to) || Date.now();
  const sentence = span => t('state.' + known(span.state)) + ', ' + clock.format(begin(span)) + ' – ' + (span.to ? clock.format(end(span)) : t('present'))
    + (span.reason ? ': ' + because(app, span.reason, source) : '');

  function draw() {
    const since = Date.now() - DAY, total = {}, bars = [], names = Object.keys(HEIGHT);
    const bar = (name, x, width) => app.svg('rect', { class: name, x, width, y: 24 - HEIGHT[name], height: HEIGHT[name] });
    for (const span of spans) {
      const from = Math.max(begin(span), since), minutes = (end(span) - from) / 60_000, name = BAND[span.state] || 'stopped';
      if (minutes <= 0) continue;
      total[name] = (total[name] || 0) + minutes;
      bars.push([name, bar(name, (from - since) / 60_000, Math.max(minutes, 2))]);
      bars.at(-1)[1].append(app.svg('title', { text: sentence(span) }));
    }
    const said = names.filter(name => total[name] > 0.01), texts = said.map(name => t('state.' + name) + ' ' + length(total[name] * 60_000));
    patch(node.firstChild, app.el('div', {}, app.el('h3', { text: t('line') }),
      app.svg('svg', { class: 'bands', viewBox: '0 0 1440 24', preserveAspectRatio: 'none', role: 'img', 'aria-label': t('line') + ': ' + (texts.join(', ') || '–') },
        bars.sort((a, b) => names.indexOf(a[0]) - names.indexOf(b[0])).map(b => b[1])),
      app.el('p', { class: 'times muted', 'aria-hidden': 'true' }, [0, 6, 12, 18].map(h => app.el('span', { text: clock.format(since + h * HOUR) })), app.el('span', { text: t('present') })),
      app.el('ul', { class: 'legend small' }, said.map((name, i) => app.el('li', {}, app.svg('svg', { class: 'bands swatch', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, bar(name, 0, 24)), texts[i]))),
      app.el('p', { class: 'small muted', text: chosen }),
      fold(app, t('line.all'), table(app, t('line.all'), [t('from'), t('for'), t('state'), t('why')], spans.slice(-MOST_SPANS).reverse().map(span =>
        [app.dateTime(span.from), length(end(span) - begin(span)), t('state.' + known(span.state)), because(app, span.reason, source)])))));
  }

  // For fingers, which cannot hover over a bar.
  node.addEventListener('pointerdown', e => {
    const picture = e.target.closest('.bands[role]');
    if (!picture) return;
    const box = picture.getBoundingClientRect(), at = Date.now() - DAY + (e.clientX - box.left) / box.width * DAY;
    chosen = spans.filter(span => begin(span) <= at).map(sentence).at(-1) || '';
    draw();
  });
  return {
    node,
    draw,
    async load() {
      const mine = ++run;
      const read = await app.get('/api/timeline?hours=24&account=' + encodeURIComponent(account)).catch(() => []);
      if (mine !== run) return;
      spans = read.filter(begin);
      draw();
    }
  };
}

/** Quota, plan and calls of an account. */
function rest(app, { quota: q, plan, calls }) {
  const t = app.t, step = (s, when) => [[s.action, small(app, s.vehicle)], when, app.el('span', { lang: 'en' }, s.why, small(app, s.waitsFor))];
  return q ? app.el('div', { class: 'stack' }, app.el('h3', { text: t('quota') }),
    app.el('p', {}, q.used === undefined ? t('quota.soon') : t('quota.says', q), q.blockedUntil && ' ' + t('quota.blocked', { at: app.dateTime(q.blockedUntil) })), level(app, q.used / q.limit * 100),
    plan && fold(app, t('plan'), small(app, plan.waits, 'en'), table(app, t('plan'), [t('what'), t('when'), t('why')],
      [...plan.next.map(s => step(s, app.ago(s.at))), ...plan.left.map(s => step(s, t('left')))])),
    calls?.length ? fold(app, t('calls'), table(app, t('calls'), [t('what'), t('answer')], calls.map(c => [[c.method + ' ' + c.path, small(app, c.purpose + ', ' + app.ago(c.at))],
      app.el('span', { lang: 'en' }, String(c.status || t('no-answer')), small(app, c.error))]))) : '') : '';
}

export function view(app) {
  const t = app.t, body = app.el('div', { class: 'stack' }), faults = errors(app), lines = new Map(), trouble = {};
  let ends = [], seconds = 0;

  async function login(account) {
    try {
      await app.post('/api/login?account=' + encodeURIComponent(account));
      location.hash = '#/setup';
    } catch (e) {
      trouble[account] = e.message;
      app.announce(e.message);
      draw();
    }
  }

  function accountCard(account) {
    const { name, source, login: l, stream: s = {}, certificate: c } = account, is = meaning(app, account), title = accountName(app, account);
    return app.el('section', { class: 'card', 'aria-label': title }, app.el('div', { class: 'row spread' }, app.el('h2', { text: title }),
      app.el('div', { class: 'row' }, certificateBadge(app, c), badge(app, is.kind, is.title))),
      app.el('p', { text: is.text }),
      is.act ? app.el('p', { class: 'box ' + (is.kind === 'bad' ? 'bad' : 'warn') }, app.el('strong', { text: t('act') }), ' ' + is.act + ' ', is.go && app.el('a', { href: '#/' + is.go, text: t('go.' + is.go) }))
        : app.el('p', { class: 'muted', text: t('no-act') }),
      small(app, trouble[name] || l?.message || c?.text, 'en'),
      facts(app, {
        last: s.lastMessageAt ? app.ago(s.lastMessageAt) : t('none-yet'), rate: s.messagesPerMinute === undefined ? '' : app.number(s.messagesPerMinute), messages: app.number(s.messages || 0),
        certificate: c?.expiresAt && t('valid-until', { at: app.dateTime(c.expiresAt) }), session: l?.idTokenExpiresAt && t(Date.parse(l.idTokenExpiresAt) < Date.now() ? 'over' : 'renews', { at: app.ago(l.idTokenExpiresAt) }),
        login: l?.refreshTokenExpiresAt && t('until', { at: app.dateTime(l.refreshTokenExpiresAt) }), subscribed: s.subscriptions?.map(x => x.filter + ' (QoS ' + x.qos + ')').join(', '),
        ended: s.lastReason && app.ago(s.lastReason.at) + ': ' + because(app, s.lastReason, source)
      }),
      app.el('div', { class: 'timeline', 'data-kept': name }), rest(app, account),
      l && app.el('button', { class: 'button ' + (is.go === 'setup' ? 'primary' : 'small'), type: 'button', text: t('again'), onClick: () => login(name) }));
  }

  const carRow = car => [[app.el('a', { href: '#/vehicles/' + encodeURIComponent(car.vin), text: car.alias || car.vin }),
    car.lastError ? app.el('div', { class: 'small fault', lang: 'en', text: app.ago(car.lastError.at) + ': ' + car.lastError.text }) : ''],
  app.number(car.messages || 0), [app.ago(car.lastMessageAt), small(app, car.lastEventAt && t('newest', { at: app.ago(car.lastEventAt) }))]];

  const sinkRow = s => [s.name, [badge(app, s.state === 'up' && s.failed ? 'warn' : SINK[s.state] || 'idle', t(s.state)),
    app.el('div', { class: 'small' }, [s.state !== 'up' && t(s.state + '.says'), ...['failed', 'lost'].map(x => s[x] && t(x, { n: app.number(s[x]) }))].filter(Boolean).join(' ')), small(app, s.lastError, 'en')],
  app.number(s.delivered), app.number(s.lag)];

  function draw() {
    const now = app.status;
    if (!now) return;
    const { journal: j, sinks, vehicles, problems, accounts } = now, isOff = s => s.state === 'disabled' && !s.enabled && !s.failed && !s.lost;
    const card = (title, ...content) => app.el('section', { class: 'card' }, app.el('h2', { text: t(title) }), content), isDown = j.state === 'down';
    const off = sinks.filter(isOff).map(s => s.name).join(', ');
    patch(body, app.el('div', { class: 'stack' },
      problems.length ? card('problems', table(app, t('problems'), [t('what'), t('why')], problems.map(p => [app.el('code', { text: p.file }), app.el('span', { lang: 'en', text: p.problem })]))) : '',
      accounts.map(accountCard),
      card('cars', vehicles.length ? table(app, t('cars'), [t('car'), [t('messages'), 'num'], t('fact.last')], vehicles.map(carRow)) : app.el('p', { class: 'muted', text: t('cars.none') })),
      card('sinks', small(app, t('sinks.says')), table(app, t('sinks'), [t('sink'), t('state'), [t('sent'), 'num'], [t('waiting'), 'num']], sinks.filter(s => !isOff(s)).map(sinkRow)),
        small(app, off && t('off', { names: off }))),
      card('journal', badge(app, isDown ? 'bad' : 'ok', t(isDown ? 'cannot' : 'up')), small(app, j.lastError, 'en'), facts(app, {
        events: app.number(j.events), bytes: j.bytes < 1e9 ? app.number(j.bytes / 1e6) + ' MB' : app.number(j.bytes / 1e9, 2) + ' GB', oldest: app.dateTime(j.oldest),
        duplicates: app.number(j.duplicates), unparsed: app.number(j.unparsed), started: app.dateTime(now.startedAt)
      }))));
    for (const { name, source, stream } of accounts) {
      const line = lines.get(name) || timeline(app, name, source), place = [...body.querySelectorAll('.timeline')].find(x => x.dataset.kept === name);
      if (place !== line.node) place.replaceWith(line.node);
      lines.set(name, line);
      if (line.since !== (line.since = stream?.state + stream?.since)) line.load();
    }
  }

  function tick() {
    draw();
    if (++seconds % 60) return;
    lines.forEach(line => line.draw());
    faults.load();
  }

  return {
    node: app.el('div', { class: 'stack' }, body, faults.node),
    show() {
      lines.forEach(line => line.load());
      draw();
      faults.load();
      ends = [app.on('status', draw), app.on('tick', tick)];
    },
    hide() {
      ends.forEach(end => end());
    }
  };
}
