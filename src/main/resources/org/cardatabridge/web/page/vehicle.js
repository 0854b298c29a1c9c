// SPDX-License-Identifier: Apache-2.0
// One car: what is known of it, its way, every descriptor live, charts, messages as received, errors.
import { errors, errorWords, facts, fold, framed, isLive, level, pairs, patch, put, say, show } from './rows.js';
import { levelOf, MAIN, meaningWords, shown, under, valueText } from './meanings.js';
import { chart, chartWords, numbers, spark } from './chart.js';
import { track, trackWords } from './track.js';

export const words = pairs({
  ...errorWords, ...meaningWords, ...chartWords, ...trackWords, back: ['All vehicles', 'Alle Fahrzeuge'], known: ['At a glance', 'Auf einen Blick'],
  values: ['All values', 'Alle Werte'], find: ['Find a value', 'Wert suchen'], 'find.says': ['An underlined name opens its chart.', 'Ein unterstrichener Name öffnet sein Diagramm.'],
  'by.key': ['Descriptor', 'Datenpunkt'], 'by.value': ['Value', 'Wert'], 'by.age': ['Age', 'Alter'],
  count: ['{n} of {all} values', '{n} von {all} Werten'], raw: ['Messages as received', 'Nachrichten wie empfangen'],
  'raw.says': ['The JSON as it came, newest first; what names your account is taken out.', 'Das JSON, wie es ankam, neueste zuerst; was Ihr Konto nennt, ist entfernt.'],
  older: ['Older ones', 'Ältere'], 'raw.none': ['No more in the journal.', 'Mehr sind nicht im Journal.']
});

const DAY = 86_400_000;
const READ_AFTER = 3000;
/** What a bridge that is just starting did not answer is asked again. */
const AGAIN = 5000;
/** A row is asked for its line when it stays in sight for so long; not again for some minutes. */
const IN_SIGHT = 400, SPARK_KEPT = 300_000;
const RAW = 20;
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const path = vin => '/api/vehicles/' + encodeURIComponent(vin);

/**
 * All descriptors; only changed rows are touched, once in a frame. The rows are grids, so that a change lays out its own
 * row only and rows out of sight cost nothing; the roles say that it is a table all the same.
 */
function values(app) {
  const t = app.t, body = app.el('tbody', { role: 'rowgroup' }), heads = {};
  const count = app.el('p', { class: 'muted small', role: 'status' }), field = app.el('input', { type: 'search', id: 'find-value', onInput: () => filter() });
  const head = name => heads[name] = app.el('th', { role: 'columnheader', class: name },
    app.el('button', { type: 'button', class: 'sort', text: t('by.' + name), onClick: () => sort(name) }));
  const units = UNITS.map(([unit]) => new Intl.NumberFormat(app.lang, { style: 'unit', unit, unitDisplay: 'short' }));
  const rows = new Map(), waiting = new Map(), marked = new Set(), queue = [];
  let vin, by = 'key', isDown = false, open = null, isReading = false, seconds = 0;
  const sight = new IntersectionObserver(entries => entries.forEach(({ target, isIntersecting }) => {
    const row = rows.get(target.parentNode?.dataset.key);
    if (!row) return;
    clearTimeout(row.timer);
    row.timer = isIntersecting && setTimeout(() => {
      queue.push(row);
      sparks();
    }, IN_SIGHT);
  }));

  function age(at) {
    const s = Math.max(0, Math.floor((Date.now() - at) / 1000));
    const i = Math.max(0, UNITS.findIndex(([, length]) => s >= length));
    return s ? units[i].format(Math.floor(s / UNITS[i][1])) : units[3].format(0);
  }

  function make(key) {
    const cell = name => app.el('td', { role: 'cell', class: name });
    const row = { key, at: 0, name: app.el('th', { role: 'rowheader', class: 'key' }, key.split('.').flatMap((part, i) => i ? ['.', app.el('wbr'), part] : part)),
      shown: cell('value'), age: cell('age muted'), trend: cell('trend') };
    row.node = app.el('tr', { role: 'row', 'data-key': key }, row.name, row.shown, row.age, row.trend);
    rows.set(key, row);
    return row;
  }

  function take(row, { value, unit, timestamp }) {
    row.at = Date.parse(timestamp);
    row.value = value;
    row.unit = unit;
    put(row.shown, valueText(app, value) + (unit ? ' ' + unit : ''));
    put(row.age, age(row.at));
    if (typeof value !== 'number' || row.button) return;
    row.button = app.el('button', { type: 'button', class: 'opens', 'aria-expanded': 'false', onClick: () => toggle(row) }, [...row.name.childNodes]);
    row.name.append(row.button);
    sight.observe(row.trend);
  }

  function toggle(row) {
    const isSame = open?.row === row;
    close();
    if (isSame) return;
    const drawn = chart(app, vin, row.key, row.unit);
    open = { row, drawn, line: app.el('tr', { role: 'row', class: 'opened' }, app.el('td', { role: 'cell' }, drawn.node)) };
    row.node.after(open.line);
    row.button.setAttribute('aria-expanded', 'true');
  }

  function close() {
    open?.drawn.end();
    open?.line.remove();
    open?.row.button.setAttribute('aria-expanded', 'false');
    open = null;
  }

  /** One request at a time, and only for rows that are still in sight. */
  async function sparks() {
    if (isReading) return;
    isReading = true;
    for (let row = queue.shift(); row; row = queue.shift()) {
      const now = Date.now();
      if (!row.timer || rows.get(row.key) !== row || now - row.drawnAt < SPARK_KEPT) continue;
      row.drawnAt = now;
      const points = await numbers(app, vin, row.key, now - DAY, 48).catch(() => []);
      row.trend.replaceChildren(spark(app, points, points[0]?.at, now));
    }
    isReading = false;
  }

  const compare = {
    key: (a, b) => a.key < b.key ? -1 : 1,
    age: (a, b) => b.at - a.at,
    value: (a, b) => !b.button - !a.button || (a.button ? a.value - b.value : a.shown.textContent.localeCompare(b.shown.textContent))
  };

  function sort(name) {
    isDown = by === name && !isDown;
    by = name;
    arrange();
  }

  function arrange() {
    for (const name in heads) {
      if (name === by) heads[name].setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
      else heads[name].removeAttribute('aria-sort');
    }
    const sorted = [...rows.values()].sort((a, b) => (compare[by](a, b) || compare.key(a, b)) * (isDown ? -1 : 1));
    const focused = document.activeElement;
    let next = body.firstElementChild;
    for (const node of sorted.flatMap(row => open?.row === row ? [row.node, open.line] : row.node)) {
      if (node === next) next = next.nextElementSibling;
      else body.insertBefore(node, next);
    }
    if (body.contains(focused)) focused.focus({ preventScroll: true });
    filter();
  }

  function filter() {
    const wanted = field.value.trim().toLowerCase();
    let n = 0;
    for (const row of rows.values()) {
      const fits = !wanted || (row.key + '\n' + row.shown.textContent).toLowerCase().includes(wanted);
      show(row.node, fits);
      if (open?.row === row) show(open.line, fits);
      n += fits;
    }
    put(count, t('count', { n, all: rows.size }));
  }

  const flush = framed(() => {
    const before = rows.size;
    for (const event of waiting.values()) {
      const row = rows.get(event.key) || make(event.key);
      if (Date.parse(event.timestamp) < row.at) continue;
      take(row, event);
      row.node.classList.add('new');
      row.markedAt = seconds;
      marked.add(row);
      if (open?.row === row && typeof event.value === 'number') open.drawn.add(row.at, event.value);
    }
    waiting.clear();
    if (rows.size > before) arrange();
  });

  return {
    node: app.el('section', { class: 'card' }, app.el('h2', { text: t('values') }),
      app.el('div', { class: 'search' }, app.el('label', { for: 'find-value', text: t('find') }), field, count, app.el('p', { class: 'muted small', text: t('find.says') })),
      app.el('table', { role: 'table', class: 'table values', 'aria-label': t('values') },
        app.el('thead', { role: 'rowgroup' }, app.el('tr', { role: 'row' }, head('key'), head('value'), head('age'),
          app.el('th', { role: 'columnheader', class: 'trend', text: t('24h') }))), body)),
    begin(car, readings) {
      vin = car;
      close();
      sight.disconnect();
      [rows, waiting, marked].forEach(all => all.clear());
      body.replaceChildren();
      for (const key in readings) take(make(key), readings[key]);
      arrange();
    },
    point(event) {
      waiting.set(event.key, event);
      flush();
    },
    /** All newest values, after points may have been missed. */
    again(readings) {
      for (const [key, reading] of Object.entries(readings)) {
        const row = rows.get(key);
        const same = row && row.at === Date.parse(reading.timestamp) && JSON.stringify(row.value) === JSON.stringify(reading.value);
        if (!same && !waiting.has(key)) waiting.set(key, { key, ...reading });
      }
      if (waiting.size) flush();
      open?.drawn.again();
    },
    tick() {
      seconds++;
      for (const row of marked) {
        if (row.markedAt < seconds - 1) {
          row.node.classList.remove('new');
          marked.delete(row);
        }
      }
      for (const row of rows.values()) put(row.age, age(row.at));
      // Rows stay where they are under a pointer and under the focus.
      if (by === 'age' && seconds % 3 === 0 && !body.matches(':hover, :focus-within')) arrange();
    },
    close
  };
}

/** Messages as they came, read when they are asked for. */
function messages(app) {
  const list = app.el('ul', { class: 'raw' }), end = app.el('p', { class: 'muted small' });
  const more = app.el('button', { type: 'button', class: 'button small', text: app.t('older'), onClick: () => read() });
  const part = fold(app, app.t('raw'), app.el('p', { class: 'muted small', text: app.t('raw.says') }), list, end, more);
  let vin, before;

  part.addEventListener('toggle', () => {
    list.replaceChildren();
    before = null;
    if (part.open) read();
  });

  async function read() {
    const mine = vin;
    try {
      const page = await app.get(path(vin) + '/messages?limit=' + RAW + (before ? '&before=' + encodeURIComponent(before) : ''));
      if (mine !== vin) return;
      list.append(...page.map(m => app.el('li', {}, app.el('p', { class: 'small muted', text: [app.dateTime(m.received), m.source, m.topic].filter(Boolean).join(' · ') }),
        app.el('pre', { tabindex: 0, text: m.payload === undefined ? m.text : JSON.stringify(m.payload, null, 1) }))));
      before = page.at(-1)?.received;
      show(more, page.length);
      say(end, !page.length && app.t('raw.none'));
    } catch (e) {
      say(end, e.message);
    }
  }

  return {
    node: app.el('section', { class: 'card' }, part),
    begin(car) {
      vin = car;
      part.open = false;
    }
  };
}

export function view(app) {
  const t = app.t, known = app.el('section', { class: 'card head', 'aria-label': t('known') }), trouble = app.el('p', { class: 'card', hidden: true });
  const grid = values(app), raw = messages(app), faults = errors(app), way = track(app);
  const content = app.el('div', { class: 'stack' }, known, way.node, grid.node, raw.node, faults.node);
  let vin = null, car = {}, lastAt = null, timer = 0, ends = [], isBegun = false, asking = 0;

  async function summary() {
    timer = 0;
    const mine = vin;
    const found = (await app.get('/api/summary').catch(() => [])).find(c => c.vin === mine);
    if (!found || mine !== vin) return;
    car = found;
    lastAt = car.lastMessageAt;
    app.title(car.name || vin);
    head();
  }

  function head() {
    const { hasImage, meanings: m } = car, full = levelOf(m);
    patch(known, app.el('section', { class: 'card head', 'aria-label': t('known') },
      hasImage && app.el('img', { alt: '', src: 'api/vehicles/' + encodeURIComponent(vin) + '/image', 'data-kept': vin, onError: e => show(e.target, false) }),
      app.el('div', { class: 'stack' }, app.el('p', { class: 'muted', text: under({ vin, ...car }) }), full && level(app, m[full].value),
        facts(app, Object.fromEntries(MAIN.filter(key => m?.charging?.value || !key.startsWith('charging-')).map(key => [key, shown(app, m, key)]))), app.el('p', { class: 'muted small', text: lastAt && t('heard', { at: app.ago(lastAt) }) }))));
  }

  function point(event) {
    if (!isBegun || event.vin !== vin) return;
    if (isLive(event.source)) lastAt = event.received;
    grid.point(event);
    if (event.key === 'location') way.add(event);
    timer ||= setTimeout(summary, READ_AFTER);
  }

  function tick() {
    if (!isBegun) return;
    grid.tick();
    head();
  }

  async function begin() {
    const mine = vin;
    try {
      const read = await app.get(path(mine));
      if (mine !== vin || isBegun) return;
      isBegun = true;
      show(trouble, false);
      vin = read.vin;
      car = {};
      lastAt = null;
      app.watch(vin);
      show(content, true);
      head();
      grid.begin(vin, read.values);
      way.begin(vin, read.values.location);
      raw.begin(vin);
      summary();
      faults.load(vin);
    } catch (e) {
      if (mine !== vin || isBegun) return;
      say(trouble, e.message);
      later();
    }
  }

  function later() {
    clearTimeout(asking);
    asking = setTimeout(again, AGAIN);
  }

  /** The bridge keeps nothing for those who were away: what came meanwhile is read anew. */
  async function again() {
    if (!isBegun) return begin();
    const mine = vin, read = await app.get(path(mine)).catch(() => null);
    if (mine !== vin) return;
    if (!read) return later();
    grid.again(read.values);
    way.again(read.values.location);
    summary();
  }

  return {
    node: app.el('div', { class: 'stack' }, app.el('p', {}, app.el('a', { href: '#/vehicles', text: '← ' + t('back') })), trouble, content),
    show(params) {
      vin = params.vin;
      isBegun = false;
      app.title(vin);
      show(content, false);
      show(trouble, false);
      ends = [app.on('point', point), app.on('again', again), app.on('tick', tick)];
      begin();
    },
    hide() {
      ends.forEach(end => end());
      ends = [];
      clearTimeout(timer);
      clearTimeout(asking);
      timer = 0;
      vin = null;
      grid.close();
      app.watch(null);
    }
  };
}
