// SPDX-License-Identifier: Apache-2.0
// A card for each car, live.
import { badge, fill, framed, keyed, pairs, put, say, show } from './rows.js';
import { levelOf, meaningWords, shown } from './meanings.js';

export const words = pairs({
  ...meaningWords, none: ['No car has sent anything yet. Lock or unlock it: that wakes it.', 'Noch hat kein Auto etwas gesendet. Ver- oder entriegeln weckt es.'],
  find: ['Find a vehicle', 'Fahrzeug suchen'], count: ['{n} of {all} vehicles', '{n} von {all} Fahrzeugen'], 'go.setup': ['Go to set-up', 'Zum Einrichten']
});

/** From so many cars on there is a field to find one. */
const MANY = 7;
/** After a point the summary is read again, this long later. */
const READ_AFTER = 3000;

function card(app, { vin }) {
  const link = app.el('a', { href: '#/vehicles/' + encodeURIComponent(vin) }), model = app.el('p', { class: 'muted small' });
  const image = app.el('img', { alt: '', loading: 'lazy', hidden: true, onError: () => show(image, false) });
  const level = app.el('strong'), meter = app.el('div', { class: 'fill' }), bar = app.el('div', { class: 'level', 'aria-hidden': 'true' }, meter);
  const power = app.el('span'), facts = app.el('p'), doors = app.el('span'), heard = app.el('p', { class: 'muted small' });
  let at = null;
  const tick = now => {
    at = now || at;
    put(heard, at && app.t('heard', { at: app.ago(at) }));
  };
  return {
    tick,
    node: app.el('li', { class: 'card car' }, app.el('div', { class: 'row spread' }, app.el('div', {}, app.el('h2', {}, link), model), image),
      app.el('div', { class: 'row spread' }, level, power), bar, facts, app.el('p', {}, doors), heard),
    update(car) {
      const m = car.meanings, name = levelOf(m), text = key => shown(app, m, key);
      put(link, car.name || vin);
      put(model, [car.model, vin].filter(x => x && x !== car.name).join(' · '));
      if (car.hasImage && !image.src) {
        image.src = 'api/vehicles/' + encodeURIComponent(vin) + '/image';
        show(image, true);
      }
      say(level, name && text(name));
      show(bar, name);
      if (name) fill(meter, m[name].value);
      badge(power, m?.charging?.value === true ? 'ok' : 'idle', m?.charging?.value === true ? text('charging') : text('plugged'));
      put(facts, [text('range') ? 'range' : 'total-range', 'odometer'].filter(text).map(key => app.t('fact.' + key) + ' ' + text(key)).join(' · '));
      badge(doors, m?.doors?.value === 'open' || m?.locked?.value === false ? 'warn' : 'idle', ['doors', 'locked'].map(text).filter(Boolean).join(', '));
      tick(car.lastMessageAt);
    }
  };
}

export function view(app) {
  const cards = app.el('ul', { class: 'grid cars' });
  const count = app.el('p', { class: 'muted small', role: 'status' }), field = app.el('input', { type: 'search', id: 'find-car', onInput: () => draw() });
  const search = app.el('div', { class: 'search', hidden: true }, app.el('label', { for: 'find-car', text: app.t('find') }), field, count);
  const none = app.el('p', { class: 'card', hidden: true }, app.t('none') + ' ', app.el('a', { href: '#/setup', text: app.t('go.setup') }));
  const trouble = app.el('p', { class: 'card', hidden: true });
  const sync = keyed(cards, car => car.vin, car => card(app, car));
  const heard = new Map();
  let cars = [], parts = new Map(), ends = [], timer = 0, reading = false;

  async function read() {
    timer = 0;
    if (reading) return;
    reading = true;
    try {
      cars = await app.get('/api/summary');
      show(trouble, false);
      draw();
    } catch (e) {
      say(trouble, e.message);
    }
    reading = false;
  }

  function draw() {
    const wanted = field.value.trim().toLowerCase();
    const found = cars.filter(car => [car.name, car.vin, car.model].join('\n').toLowerCase().includes(wanted));
    parts = sync(found);
    show(search, cars.length >= MANY);
    show(none, !cars.length);
    put(count, wanted && app.t('count', { n: found.length, all: cars.length }));
  }

  const flush = framed(() => {
    heard.forEach((at, vin) => parts.get(vin)?.tick(at));
    heard.clear();
  });

  function point(event) {
    if (event.source === 'stream') heard.set(event.vin, event.received);
    flush();
    timer ||= setTimeout(read, READ_AFTER);
  }

  return {
    node: app.el('div', { class: 'stack' }, trouble, none, search, cards),
    show() {
      app.watch(null);
      read();
      ends = [app.on('point', point), app.on('tick', () => parts.forEach(part => part.tick()))];
    },
    hide() {
      ends.forEach(end => end());
      clearTimeout(timer);
      timer = 0;
    }
  };
}
