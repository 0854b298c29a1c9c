// SPDX-License-Identifier: Apache-2.0
// Where a car is and was today, drawn without a map: nobody outside is asked.
import { framed, put, say, show } from './rows.js';
import { isPlace, placeText } from './meanings.js';

export const trackWords = {
  place: ['Position', 'Position'], 'place.at': ['measured {at}', 'gemessen {at}'], 'place.copy': ['Copy the position', 'Position kopieren'],
  'place.open': ['Open in a map app', 'In Karten-App öffnen'], 'place.none': ['The car has told no position yet.', 'Das Auto hat noch keine Position gemeldet.'],
  'track.says': ['The last 24 hours: {km} km. The dot is where it was last; north is up.', 'Die letzten 24 Stunden: {km} km. Am Punkt war es zuletzt; Norden ist oben.'],
  'track.still': ['It has not moved in the last 24 hours.', 'Es hat sich in den letzten 24 Stunden nicht bewegt.']
};

const DAY = 86_400_000;
const POINTS = 500;
const WIDTH = 300, HEIGHT = 180;
/** Kilometres of a degree. */
const DEGREE = 111.32;

/** {node, begin(vin, newest), add(event)}. */
export function track(app) {
  const text = app.el('p', { class: 'coordinates' }), at = app.el('p', { class: 'muted small' });
  const open = app.el('a', { class: 'button small', text: app.t('place.open') });
  const tools = app.el('div', { class: 'row' }, app.copyButton(() => text.textContent, app.t('place.copy')), open);
  const says = app.el('figcaption', { class: 'muted small' });
  const picture = app.svg('svg', { class: 'track', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' });
  const figure = app.el('figure', {}, picture, says);
  let places = [], vin = null;

  function place(reading) {
    const is = isPlace(reading?.value);
    put(text, is ? placeText(reading.value) : app.t('place.none'));
    say(at, is && app.t('place.at', { at: app.dateTime(reading.timestamp) }));
    show(tools, is);
    if (is) open.setAttribute('href', 'geo:' + placeText(reading.value).replace(' ', ''));
  }

  const draw = framed(() => {
    places = places.filter(p => p.at >= Date.now() - DAY);
    show(figure, places.length);
    if (!places.length) return;
    const wide = Math.cos(places[0].latitude * Math.PI / 180) * DEGREE;
    const xs = places.map(p => p.longitude * wide), ys = places.map(p => p.latitude * -DEGREE);
    const left = Math.min(...xs), top = Math.min(...ys), width = Math.max(...xs) - left, height = Math.max(...ys) - top;
    const km = xs.reduce((sum, x, i) => i ? sum + Math.hypot(x - xs[i - 1], ys[i] - ys[i - 1]) : 0, 0);
    const moved = Math.max(width, height) > 0.05;
    put(says, moved ? app.t('track.says', { km: app.number(km, km < 10 ? 1 : 0) }) : app.t('track.still'));
    show(picture, moved);
    if (!moved) return;
    const scale = Math.min((WIDTH - 24) / width, (HEIGHT - 44) / height);
    const points = xs.map((x, i) => [(x - left) * scale + (WIDTH - width * scale) / 2, (ys[i] - top) * scale + (HEIGHT - 20 - height * scale) / 2].map(n => n.toFixed(1)));
    const most = WIDTH / 4 / scale, ten = 10 ** Math.floor(Math.log10(most)), ruler = [5, 2, 1].find(n => n * ten <= most) * ten;
    picture.replaceChildren(app.svg('path', { class: 'line', d: 'M' + points.join('L') }),
      app.svg('circle', { class: 'dot', cx: points.at(-1)[0], cy: points.at(-1)[1], r: 5 }),
      app.svg('path', { class: 'ruler', d: `M${WIDTH - 8} ${HEIGHT - 12}v4h${-ruler * scale}v-4` }),
      app.svg('text', { x: WIDTH - 8, y: HEIGHT - 14, 'text-anchor': 'end', text: app.number(ruler, 3) + ' km' }));
  });

  const taken = p => ({ at: Date.parse(p.timestamp), ...p.value });

  return {
    node: app.el('section', { class: 'card place' }, app.el('div', { class: 'stack' }, app.el('h2', { text: app.t('place') }), text, at, tools), figure),
    async begin(car, newest) {
      vin = car;
      places = [];
      place(newest);
      show(figure, false);
      const query = new URLSearchParams({ key: 'location', since: new Date(Date.now() - DAY).toISOString(), points: POINTS });
      const read = await app.get('/api/vehicles/' + encodeURIComponent(car) + '/history?' + query).catch(() => []);
      if (car !== vin) return;
      places = read.filter(p => isPlace(p.value)).map(taken);
      draw();
    },
    /** After points may have been missed. */
    again(newest) {
      if (isPlace(newest?.value) && !(Date.parse(newest.timestamp) <= places.at(-1)?.at)) this.begin(vin, newest);
    },
    add(event) {
      if (!isPlace(event.value) || Date.parse(event.timestamp) < places.at(-1)?.at) return;
      place(event);
      places.push(taken(event));
      if (places.length > 4 * POINTS) places.splice(0, POINTS);
      draw();
    }
  };
}
