// SPDX-License-Identifier: Apache-2.0
// The frame of the page: views by the address' hash, live data, words. It asks nobody but the bridge.
import { el, svg } from './dom.js';
import { ago, dateTime, format, lang, texts, words } from './words.js';
import { live } from './live.js';
import { isUseless } from './rows.js';
import * as setup from './setup.js';
import * as status from './status.js';
import * as vehicles from './vehicles.js';
import * as vehicle from './vehicle.js';
import * as settings from './settings.js';
import * as doctor from './doctor.js';

const VIEWS = { setup, status, vehicles, vehicle, settings, doctor };
const byId = id => document.getElementById(id);
const t = texts(words);
const listeners = { status: new Set(), point: new Set(), tick: new Set(), again: new Set() };
const shown = new Map();
let current = null;
let answering = true;
let away = 0;
let feed = null;

async function ask(method, path, json) {
  const body = json === undefined ? {} : { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } };
  let answer;
  try {
    answer = await fetch(String(path).replace(/^\//, ''), { method, ...body });
  } catch {
    throw new Error(t('failed.network'));
  }
  const text = await answer.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    value = null;
  }
  if (answer.ok) return value;
  const failed = new Error(value?.error || t('failed.answer', { code: answer.status }));
  failed.code = answer.status;
  failed.setting = value?.setting;
  failed.answered = true;
  throw failed;
}

function tell(kind, value) {
  for (const listener of [...listeners[kind]]) {
    try {
      listener(value);
    } catch (e) {
      console.error('Showing a ' + kind, e);
    }
  }
}

const app = {
  lang,
  t,
  el,
  svg,
  status: null,
  get: path => ask('GET', path),
  post: (path, json) => ask('POST', path, json),
  on(kind, listener) {
    listeners[kind].add(listener);
    return () => listeners[kind].delete(listener);
  },
  watch: vin => feed?.watch(vin),
  refresh: () => feed?.now(),
  ago: instant => ago(instant, t),
  number: format,
  dateTime,
  /** Says it to a screen reader, politely. */
  announce(text) {
    byId('live').textContent = '';
    setTimeout(() => { byId('live').textContent = text; }, 50);
  },
  /** The heading of the view, also the title of the window. */
  title(text) {
    byId('title').textContent = text;
    document.title = text + ' · cardata-bridge';
  },
  /** A button that copies what `text` gives. */
  copyButton(text, label) {
    const button = el('button', { type: 'button', class: 'button small', 'aria-label': label, text: t('copy') });
    button.addEventListener('click', async () => {
      if (!await copied(text())) return;
      button.textContent = t('copied');
      app.announce(t('copied'));
      setTimeout(() => { button.textContent = t('copy'); }, 2000);
    });
    return button;
  }
};

/** The clipboard is there for https and localhost only; elsewhere a selection is copied. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el('textarea', { class: 'sr-only', readonly: true, value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

/** Whether somebody has to set up something before data can come. */
function needsSetup({ accounts = [], vehicles: cars = [], journal = {} }) {
  return accounts.some(a => ['login-required', 'refused', 'pending'].includes(a.login?.state) || isUseless(a.certificate))
    || (cars.length === 0 && !journal.events);
}

function wanted() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  if (name === 'vehicles' && rest[0]) {
    try {
      return { name: 'vehicle', nav: 'vehicles', params: { vin: decodeURIComponent(rest.join('/')) } };
    } catch {
      return { name: 'vehicles', nav: 'vehicles', params: {} };
    }
  }
  return Object.hasOwn(VIEWS, name) && name !== 'vehicle' ? { name, nav: name, params: {} } : null;
}

function made(name) {
  if (!shown.has(name)) {
    const module = VIEWS[name];
    shown.set(name, module.view(Object.create(app, { t: { value: texts(module.words, words) } })));
  }
  return shown.get(name);
}

function route(event) {
  const next = wanted();
  if (!next) {
    // Skip links and unknown views leave things as they are; the first view waits for the status.
    if (!current && app.status) location.replace(needsSetup(app.status) ? '#/setup' : '#/status');
    return;
  }
  current?.hide?.();
  app.title(t(next.name === 'vehicle' ? 'title.vehicle' : 'nav.' + next.nav));
  for (const link of byId('nav').children) {
    if (link.dataset.view === next.nav) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  try {
    current = made(next.name);
    byId('view').replaceChildren(current.node);
    current.show(next.params);
  } catch (e) {
    console.error('Showing ' + next.name, e);
    byId('view').replaceChildren(el('p', { class: 'card', text: t('failed.view', { text: e.message }) }));
  }
  if (event) {
    scrollTo(0, 0);
    byId('title').focus({ preventScroll: true });
  }
}

function note() {
  const journal = app.status?.journal || {};
  const text = !answering ? t('note.away')
    : journal.state === 'down' ? t('note.journal', { text: journal.lastError })
      : journal.lastError ? t('note.journal.past', { text: journal.lastError }) : '';
  if (byId('note').textContent !== text) byId('note').textContent = text;
  byId('note').hidden = !text;
  byId('note').classList.toggle('bad', answering && journal.state === 'down');
}

function begin() {
  document.documentElement.lang = lang;
  byId('skip').textContent = t('skip');
  byId('skip').addEventListener('click', event => {
    event.preventDefault();
    byId('main').focus();
  });
  byId('nav').setAttribute('aria-label', t('nav'));
  for (const link of byId('nav').children) link.querySelector('span').textContent = t('nav.' + link.dataset.view);
  addEventListener('hashchange', route);
  route();
  feed = live(app.get, {
    status(value) {
      app.status = value;
      byId('version').textContent = t('version', { version: value.version || '' });
      note();
      if (!current) route();
      tell('status', value);
    },
    point: value => tell('point', value),
    again: () => tell('again'),
    answers(yes) {
      if (yes) clearTimeout(away);
      if (yes === answering || (!yes && away)) {
        if (yes) away = 0;
        return;
      }
      const turn = () => {
        away = 0;
        answering = yes;
        if (yes) app.announce(t('note.back'));
        note();
      };
      // A bridge that starts anew with changed settings is away for a second: nobody need know.
      if (yes) turn();
      else away = setTimeout(turn, 2500);
    }
  });
  setInterval(() => {
    if (!document.hidden) tell('tick');
  }, 1000);
}

begin();
