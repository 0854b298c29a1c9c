// SPDX-License-Identifier: Apache-2.0
// A card for each car, live.
import { badge, isLive, level, pairs, patch, put, say, show } from './rows.js';
import { levelOf, meaningWords, shown, under } from './meanings.js';

export const words = pairs({
  ...meaningWords, none: ['No car has sent anything yet. Lock or unlock it: that wakes it.', 'Noch hat kein Auto etwas gesendet. Ver- oder entriegeln weckt es.'],
  find: ['Find a vehicle', 'Fahrzeug suchen'], count: ['{n} of {all} vehicles', '{n} von {all} Fahrzeugen'], 'go.setup': ['Go to set-up', 'Zum Einrichten']
});

/** From so many cars on there is a field to find one. */
const MANY = 7;
/** After a point the summary is read again, this long later. */
const READ_AFTER = 3000;

export function view(app) {
  const cards = app.el('ul', { class: 'grid cars' });
  const count = app.el('p', { class: 'muted small', role: 'status' }), field = app.el('input', { type: 'search', id: 'find-car', onInput: () => draw() });
  const search = app.el('div', { class: 'search', hidden: true }, app.el('label', { for: 'find-car', text: app.t('find') }), field, count);
  const none = app.el('p', { class: 'card', hidden: true }, app.t('none') + ' ', app.el('a', { href: '#/setup', text: app.t('go.setup') }));
  const trouble = app.el('p', { class: 'card', hidden: true });
  let cars = [], ends = [], timer = 0, isShown = false;

  function card(car) {
    const { vin, name, hasImage, lastMessageAt, meanings: m = {} } = car;
    const text = key => shown(app, m, key), full = levelOf(m), url = 'api/vehicles/' + encodeURIComponent(vin);
    return app.el('li', { class: 'card car' },
      app.el('div', { class: 'row spread' }, app.el('div', {}, app.el('h2', {}, app.el('a', { href: '#/vehicles/' + encodeURIComponent(vin), text: name || vin })),
        app.el('p', { class: 'muted small', text: under(car) })),
      hasImage && app.el('img', { alt: '', loading: 'lazy', src: url + '/image', 'data-kept': vin, onError: e => show(e.target, false) })),
      app.el('div', { class: 'row spread' }, app.el('strong', { text: full && text(full) }), badge(app, m.charging?.value === true ? 'ok' : 'idle', text(m.charging?.value === true ? 'charging' : 'plugged'))),
      full && level(app, m[full].value),
      app.el('p', { text: [text('range') ? 'range' : 'total-range', 'odometer'].filter(text).map(key => app.t('fact.' + key) + ' ' + text(key)).join(' · ') }),
      app.el('p', {}, badge(app, m.doors?.value === 'open' || m.locked?.value === false ? 'warn' : 'idle', ['doors', 'locked'].map(text).filter(Boolean).join(', '))),
      app.el('p', { class: 'muted small', text: lastMessageAt && app.t('heard', { at: app.ago(lastMessageAt) }) }));
  }

  function draw() {
    const wanted = field.value.trim().toLowerCase();
    const found = cars.filter(car => [car.name, car.vin, car.brand, car.model].join('\n').toLowerCase().includes(wanted));
    patch(cards, app.el('ul', { class: 'grid cars' }, found.map(card)));
    show(search, cars.length >= MANY);
    show(none, !cars.length);
    put(count, wanted && app.t('count', { n: found.length, all: cars.length }));
  }

  async function read() {
    timer = 0;
    try {
      cars = await app.get('/api/summary');
      show(trouble, false);
      draw();
    } catch (e) {
      say(trouble, e.message);
      timer ||= isShown && setTimeout(read, READ_AFTER);
    }
  }

  /** Cards change with the next second, not with each point. */
  function point({ vin, source, received }) {
    const car = cars.find(c => c.vin === vin);
    if (car && isLive(source)) car.lastMessageAt = received;
    timer ||= isShown && setTimeout(read, READ_AFTER);
  }

  return {
    node: app.el('div', { class: 'stack' }, trouble, none, search, cards),
    show() {
      isShown = true;
      app.watch(null);
      read();
      ends = [app.on('point', point), app.on('again', read), app.on('tick', () => cars.length && draw())];
    },
    hide() {
      isShown = false;
      ends.forEach(end => end());
      clearTimeout(timer);
      timer = 0;
    }
  };
}
