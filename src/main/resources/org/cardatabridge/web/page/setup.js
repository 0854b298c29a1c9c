// SPDX-License-Identifier: Apache-2.0
// The guide: client id, login, first data. It returns whenever one of them is missing again. High Mobility stands apart.
import { clientStep } from './setup-client.js';
import { loginStep } from './setup-login.js';
import { dataStep } from './setup-data.js';
import { highMobility } from './setup-highmobility.js';

export { words } from './setup-words.js';

/** One step: a part that folds, with its number, a heading, how it stands, and a body. */
function frame(app, number, title) {
  const { el, t } = app;
  const badge = el('span', { class: 'badge' });
  const body = el('div', { class: 'stack' });
  const summary = el('summary', {},
    el('span', { class: 'step-number', 'aria-hidden': 'true', text: number }),
    el('h2', {}, el('span', { class: 'sr-only', text: t('step', { n: number }) + ': ' }), title), badge);
  const node = el('details', { class: 'card step' }, summary, body);
  return {
    node,
    body,
    title,
    summary,
    /** How it stands: done, now or later. */
    stands(how) {
      badge.textContent = t(how);
      badge.className = 'badge ' + { done: 'ok', now: 'now', later: '' }[how];
      node.dataset.how = how;
    }
  };
}

export function view(app) {
  const { el, t } = app;
  const frames = ['client', 'login', 'data'].map((title, i) => frame(app, i + 1, t(title)));
  const model = { account: null, settings: null, several: false, entry: null, saved: null, openStep, draw, goOn: () => now > 0 && openStep(Math.min(now, 2)) };
  const steps = [clientStep, loginStep, dataStep].map((make, i) => make(app, frames[i].body, model));
  const intro = el('p', { class: 'muted', text: t('intro') });
  const chooser = el('div', { class: 'row', role: 'group', 'aria-label': t('account') });
  const fleet = highMobility(app);
  const node = el('section', { class: 'guide' }, intro, chooser, frames.map(f => f.node), fleet.node);
  let chosen = null;
  let now = -1;
  let missing = null;
  let ends = [];
  let again = 0;

  function openStep(index) {
    frames.forEach((f, i) => { f.node.open = i === index; });
    frames[index]?.summary.focus();
  }

  async function load() {
    clearTimeout(again);
    const mine = ends;
    try {
      model.settings = (await app.get('api/settings')).settings;
    } catch {
      // A bridge that starts anew with a client id does not answer yet.
      model.settings = null;
      if (mine === ends) again = setTimeout(load, 2000);
    }
    draw();
  }

  function choose(accounts) {
    const needy = accounts.find(a => a.login?.state !== 'authorized' || a.login.missingScopes?.length);
    if (!accounts.some(a => a.name === chosen)) chosen = (needy || accounts[0])?.name;
    chooser.hidden = accounts.length < 2;
    if (chooser.hidden) return;
    const same = chooser.children.length === accounts.length
      && accounts.every((a, i) => chooser.children[i].textContent === a.name);
    if (!same) {
      chooser.replaceChildren(...accounts.map(a => el('button', {
        type: 'button', class: 'button small', text: a.name,
        onClick() {
          chosen = a.name;
          now = -1;
          draw();
        }
      })));
    }
    [...chooser.children].forEach(b => b.setAttribute('aria-pressed', String(b.textContent === chosen)));
  }

  function entry() {
    const find = key => model.settings?.find(s => s.key === key);
    const own = 'cardata.account.' + chosen + '.client-id';
    const plain = find('cardata.client-id');
    model.key = model.several ? own : 'cardata.client-id';
    return find(own) || (model.several ? plain && { ...plain, key: own } : plain) || null;
  }

  /** 0, 1, 2, or 3 where nothing is left to be done. */
  function present() {
    const login = model.account?.login || {};
    const noClient = login.error === 'client-id-missing' || !model.account
      || (model.entry && !model.entry.isSet && login.state !== 'authorized');
    if (noClient) return 0;
    if (login.state !== 'authorized' || login.missingScopes?.length || login.error === 'missing-scope') return 1;
    return model.cars.length ? 3 : 2;
  }

  /** A new client id is taken up by a bridge that starts anew; what was said of the one before is old by then. */
  function isTakingUp() {
    const { startedAt, at } = model.saved || {};
    return Boolean(at) && app.status.startedAt === startedAt && Date.now() - at < 8000;
  }

  function draw() {
    if (!app.status) return;
    const { accounts: all = [], vehicles = [] } = app.status;
    const accounts = all.filter(a => a.source !== 'highmobility'), fleets = all.filter(a => a.source === 'highmobility');
    const isAlone = fleets.length > 0 && accounts.length === 0;
    fleet.draw(fleets, isAlone);
    for (const shown of [intro, ...frames.map(f => f.node)]) shown.hidden = isAlone;
    model.several = accounts.length > 1;
    choose(accounts);
    model.account = accounts.find(a => a.name === chosen) || null;
    model.cars = vehicles.filter(v => v.account === chosen && v.lastMessageAt);
    model.entry = entry();
    if (isAlone) return;
    const lacks = model.account?.login?.error === 'client-id-missing';
    if (missing !== null && lacks !== missing) load();
    missing = lacks;
    if (model.account && !lacks && isTakingUp()) model.account = { ...model.account, login: { state: 'pending' } };
    const next = present();
    intro.textContent = t(next === 3 ? 'ready' : 'intro');
    frames.forEach((f, i) => f.stands(i < next ? 'done' : i === next ? 'now' : 'later'));
    if (next !== now) {
      const first = now < 0;
      const focused = !first && frames.some(f => f.node.contains(document.activeElement));
      now = next;
      frames.forEach((f, i) => { f.node.open = i === Math.min(next, 2); });
      if (!first) {
        app.announce(next === 3 ? t('ready') : t('step', { n: next + 1 }) + ': ' + frames[next].title);
        const shown = frames[Math.min(next, 2)];
        shown.node.scrollIntoView({ block: 'nearest' });
        if (focused) shown.summary.focus({ preventScroll: true });
      }
    }
    steps.forEach((s, i) => s.draw(next - i));
  }

  return {
    node,
    show() {
      now = -1;
      ends = [app.on('status', draw), app.on('tick', () => steps.forEach(s => s.tick?.()))];
      draw();
      load();
    },
    hide() {
      ends.forEach(end => end());
      clearTimeout(again);
      ends = [];
    }
  };
}
