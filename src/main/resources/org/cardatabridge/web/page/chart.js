// SPDX-License-Identifier: Apache-2.0
// Lines over time from the journal, as SVG. A value holds until the next one came, so lines are steps.
import { put } from './rows.js';

export const chartWords = {
  '24h': ['24 hours', '24 Stunden'], '7d': ['7 days', '7 Tage'], '30d': ['30 days', '30 Tage'], span: ['Time span', 'Zeitraum'],
  'no-points': ['No numbers in this time.', 'Keine Zahlen in dieser Zeit.'],
  'chart.says': ['{name}, {span}: lowest {min} ({minAt}), highest {max} ({maxAt}), newest {last}; {count} values.',
    '{name}, {span}: niedrigster Wert {min} ({minAt}), höchster {max} ({maxAt}), neuester {last}; {count} Werte.'],
  'chart.keys': ['Arrow keys read single values.', 'Pfeiltasten lesen einzelne Werte.']
};

const HOUR = 3_600_000;
const SPANS = { '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR };
const POINTS = 400;

/** The numbers of a descriptor since a time in milliseconds, oldest first: [{at, value}]. */
export async function numbers(app, vin, key, since, points) {
  const query = new URLSearchParams({ key, since: new Date(since).toISOString(), points });
  const read = await app.get('/api/vehicles/' + encodeURIComponent(vin) + '/history?' + query);
  return read.map(p => ({ at: Date.parse(p.timestamp), value: p.value })).filter(p => typeof p.value === 'number' && p.at);
}

function steps(points, from, to, low, high, width, height) {
  let path = '';
  for (const p of points) {
    const x = (Math.max(p.at - from, 0) / (to - from) * width).toFixed(1);
    const y = (height - (p.value - low) / (high - low) * height).toFixed(1);
    path += path ? 'H' + x + 'V' + y : 'M' + x + ' ' + y;
  }
  return path + 'H' + width;
}

const lowest = points => points.reduce((a, b) => b.value < a.value ? b : a);
const highest = points => points.reduce((a, b) => b.value > a.value ? b : a);

/** A line without words, for the cell of a table; empty where there is nothing to see. */
export function spark(app, points, from, to) {
  if (points.length < 2) return '';
  const low = lowest(points).value, high = highest(points).value, room = low === high ? 1 : 0;
  return app.svg('svg', { class: 'spark', viewBox: '0 -1 72 20', 'aria-hidden': 'true' },
    app.svg('path', { d: steps(points, from, to, low - room, high + room, 72, 18) }));
}

/** The chart of a numeric descriptor: {node, add(at, value), end()}. */
export function chart(app, vin, key, unit) {
  const line = app.svg('path', { class: 'line' }), mark = app.svg('path', { class: 'mark' });
  const plot = app.svg('svg', { class: 'plot', viewBox: '0 0 600 160', preserveAspectRatio: 'none', role: 'img', tabindex: 0 }, line, mark);
  const high = app.el('span', { class: 'high' }), low = app.el('span', { class: 'low' });
  const times = app.el('p', { class: 'times muted', 'aria-hidden': 'true' }), readout = app.el('p', { 'aria-hidden': 'true' });
  const says = app.el('figcaption', { class: 'muted small' });
  const buttons = Object.keys(SPANS).map(name => app.el('button', { class: 'button small', type: 'button', text: app.t(name), onClick: () => load(name) }));
  const text = value => app.number(value, Math.abs(value) < 100 ? 2 : 1) + (unit ? ' ' + unit : '');
  const when = at => app.dateTime(new Date(at).toISOString());
  let points = [], span, from, to, at = -1, run = 0, frame = 0;

  async function load(name) {
    const mine = ++run;
    span = name;
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', Object.keys(SPANS)[i] === name));
    put(says, app.t('loading'));
    try {
      const read = await numbers(app, vin, key, Date.now() - SPANS[name], POINTS);
      if (mine !== run) return;
      points = read;
      draw();
    } catch (e) {
      if (mine === run) put(says, e.message);
    }
  }

  function draw() {
    frame = 0;
    to = Date.now();
    // A young journal fills the picture too; the times below say how far it reaches.
    from = Math.max(to - SPANS[span], Math.min(points[0]?.at ?? 0, to - 60_000));
    at = -1;
    mark.removeAttribute('d');
    put(readout, '\u00a0');
    const hour = new Intl.DateTimeFormat(navigator.language, to - from < 36 * HOUR ? { timeStyle: 'short' } : { day: 'numeric', month: 'short' });
    times.replaceChildren(...[0, 1, 2, 3, 4].map(i => app.el('span', { text: hour.format(from + (to - from) * i / 4) })));
    let sentence = app.t('no-points');
    if (points.length) {
      const min = lowest(points), max = highest(points);
      const room = (max.value - min.value || Math.abs(max.value) || 1) * 0.06;
      line.setAttribute('d', steps(points, from, to, min.value - room, max.value + room, 600, 160));
      put(high, text(max.value));
      put(low, min.value === max.value ? '' : text(min.value));
      sentence = app.t('chart.says', { name: key, span: app.t(span), min: text(min.value), minAt: when(min.at), max: text(max.value), maxAt: when(max.at),
        last: text(points.at(-1).value), count: app.number(points.length, 0) });
    } else {
      line.removeAttribute('d');
      put(high, '');
      put(low, '');
    }
    put(says, sentence);
    plot.setAttribute('aria-label', sentence + ' ' + app.t('chart.keys'));
  }

  /** Shows one value; says it too where it was asked for by the keyboard. */
  function point(index, isSpoken) {
    if (!points.length) return;
    at = Math.max(0, Math.min(points.length - 1, index));
    mark.setAttribute('d', 'M' + (Math.max(points[at].at - from, 0) / (to - from) * 600).toFixed(1) + ' 0v160');
    put(readout, text(points[at].value) + ' – ' + when(points[at].at));
    if (isSpoken) app.announce(readout.textContent);
  }

  plot.addEventListener('pointermove', e => {
    const box = plot.getBoundingClientRect();
    const time = from + (e.clientX - box.left) / box.width * (to - from);
    point(points.findLastIndex(p => p.at <= time));
  });
  plot.addEventListener('keydown', e => {
    const last = points.length - 1;
    const next = { ArrowLeft: at < 0 ? last : at - 1, ArrowRight: at + 1, Home: 0, End: last }[e.key];
    if (next === undefined) return;
    e.preventDefault();
    point(next, true);
  });
  load('24h');
  return {
    node: app.el('figure', { class: 'chart' }, app.el('div', { class: 'row', role: 'group', 'aria-label': app.t('span') }, buttons),
      app.el('div', { class: 'area' }, plot, high, low), times, readout, says),
    add(time, value) {
      if (points.at(-1)?.at >= time) return;
      points.push({ at: time, value });
      if (points.length > 2 * POINTS) points.splice(0, POINTS);
      if (at < 0) frame ||= requestAnimationFrame(draw);
    },
    again: () => load(span),
    end() {
      run++;
      cancelAnimationFrame(frame);
    }
  };
}
