// SPDX-License-Identifier: Apache-2.0
// The settings that the page may change, in groups; each group is saved by itself.

export { words } from './settings-words.js';

const GROUPS = ['account', 'highmobility', 'vehicles', 'mqtt', 'homeassistant', 'evcc', 'homie', 'mqtt-raw', 'abrp', 'notify'];
const CHOICE = /^[\w-]+(, [\w-]+)* or [\w-]+$/;
const wait = ms => new Promise(done => setTimeout(done, ms));

/** Group, name and rest of a key, such as notify and notify.telegram.token. */
function parts(key) {
  const [, account, plain = key.replace(/^cardata\./, '')] = key.match(/^cardata\.account\.([a-z0-9-]+)\.(.*)$/) || [];
  const vehicle = plain.match(/^vehicle\.(.*)\.alias$/);
  if (vehicle) return { group: 'vehicles', name: 'alias', vin: vehicle[1], account };
  if (plain.startsWith('highmobility.')) return { group: 'highmobility', name: plain, account };
  const sink = plain.match(/^sink\.([^.]+)\.(.*)$/);
  return sink ? { group: sink[1], name: sink[1] + '.' + sink[2], account } : { group: 'account', name: plain, account };
}

export function view(app) {
  const { el, t } = app;
  const word = (key, other, params) => (t(key, params) === key ? other : t(key, params));
  const fault = el('p', { class: 'box bad', role: 'alert', hidden: true });
  const groups = el('div', { class: 'stack' });
  const node = el('section', { class: 'guide' }, el('p', { class: 'muted', text: t('intro') }), fault, groups);
  const made = new Map();

  function control(setting, id) {
    const options = CHOICE.test(setting.takes || '') ? setting.takes.split(/, | or /) : null;
    const common = { id, 'aria-describedby': id + '-d', disabled: !setting.editable };
    if (options?.length === 2 && options[0] === 'true') {
      const box = el('input', { ...common, type: 'checkbox' });
      box.checked = (setting.value ?? setting.default) === 'true';
      return { node: box, value: () => String(box.checked), box: true };
    }
    if (options) {
      const list = el('select', common, options.map(o => el('option', { value: o, text: o })));
      list.value = setting.value ?? setting.default;
      return { node: list, value: () => list.value };
    }
    const hidden = setting.secret && !/(client|app)-id$/.test(setting.key);
    const input = el('input', {
      ...common, class: 'wide', type: hidden ? 'password' : 'text', autocomplete: hidden ? 'new-password' : 'off', spellcheck: 'false', autocapitalize: 'none',
      placeholder: setting.secret ? t(setting.isSet ? 'secret' : 'unset') : setting.isSet ? null : setting.default && word('v:' + setting.default, setting.default)
    });
    input.value = setting.isSet && setting.value !== undefined ? setting.value : '';
    return { node: input, value: () => input.value.trim() };
  }

  function row(setting, group) {
    const { name, vin, account } = parts(setting.key);
    const id = 's-' + setting.key.replace(/[^\w-]/g, '_');
    const c = control(setting, id);
    const before = c.value();
    const short = name.endsWith('.enabled') ? 'enabled' : name;
    const label = el('label', { for: id, text: word('n.' + short, setting.key, { vin }) + (account ? ' · ' + account : '') });
    const wrong = el('p', { class: 'fault', role: 'alert' });
    const own = setting.isSet && setting.editable && /settings\.properties/.test(setting.source || '');
    const facts = [
      app.lang === 'en' ? setting.description : word('d:' + name, ''),
      !c.box && !CHOICE.test(setting.takes || '') && setting.takes !== 'a text' && t('takes', { takes: word('t:' + setting.takes, setting.takes) }) + '.',
      !setting.secret && !c.box && setting.default && t('default', { value: word('v:' + setting.default, setting.default) }) + '.',
      setting.isSet && setting.editable && (setting.secret || setting.value !== setting.default) && t('source', { source: setting.source }) + '.'
    ].filter(Boolean).join(' ');
    const node = el('div', { class: 'setting' },
      c.box ? el('div', { class: 'tick' }, c.node, label) : [label, c.node],
      el('p', { id: id + '-d', class: 'muted small' }, facts, !setting.editable && el('span', { class: 'held' }, ' ' + t('held', { why: (setting.why || '').replace(/\.$/, ''), source: word('f:' + setting.source, setting.source) }))),
      wrong,
      own && el('button', { type: 'button', class: 'button small', text: t(setting.secret ? 'forget' : 'remove'), 'aria-label': t(setting.secret ? 'forget' : 'remove') + ': ' + label.textContent, onClick: () => save(group, { [setting.key]: null }) }),
      el('code', { class: 'muted small', text: setting.key }));
    return { key: setting.key, node, control: c.node, wrong, value: c.value, changed: () => setting.editable && c.value() !== before };
  }

  function group(name) {
    const rows = el('div', {});
    const state = el('p', { role: 'status', class: 'muted' });
    const wrong = el('p', { class: 'fault', role: 'alert' });
    const heading = el('h2', { id: 'g-' + name, text: word('g.' + name, name) });
    const button = el('button', { type: 'submit', class: 'button', text: t('save'), 'aria-label': t('save') + ': ' + heading.textContent });
    const g = { name, state, wrong, button, rows: [], busy: false };
    g.node = el('form', { class: 'card', novalidate: true, 'aria-labelledby': 'g-' + name, onSubmit(event) {
      event.preventDefault();
      const changed = g.rows.filter(r => r.changed());
      if (changed.length) save(g, Object.fromEntries(changed.map(r => [r.key, r.value() === '' ? null : r.value()])));
      else state.textContent = t('nothing');
    } }, heading, rows, wrong, el('div', { class: 'row' }, button, state));
    g.fill = list => {
      g.rows = list.map(setting => row(setting, g));
      rows.replaceChildren(...g.rows.map(r => r.node));
      button.hidden = !list.some(s => s.editable);
    };
    return g;
  }

  function fill({ settings = [], problem }, done) {
    fault.hidden = !problem;
    fault.textContent = problem ? t('problem', { text: problem }) : '';
    const names = [...new Set(settings.map(s => parts(s.key).group))];
    const order = [...GROUPS, ...names].filter((n, i, all) => names.includes(n) && all.indexOf(n) === i);
    for (const name of order) {
      if (!made.has(name)) made.set(name, group(name));
      const g = made.get(name);
      // What somebody typed into another group stays.
      if (g !== done && g.rows.some(r => r.changed())) continue;
      g.fill(settings.filter(s => parts(s.key).group === name));
    }
    const nodes = order.map(name => made.get(name).node);
    if (nodes.length !== groups.children.length || nodes.some((n, i) => n !== groups.children[i])) groups.replaceChildren(...nodes);
  }

  async function load() {
    try {
      fill(await app.get('api/settings'));
    } catch (e) {
      fault.hidden = false;
      fault.textContent = t('loadFailed', { text: e.message });
    }
  }

  async function save(g, changes) {
    if (g.busy) return;
    g.busy = true;
    g.button.setAttribute('aria-disabled', 'true');
    g.wrong.textContent = '';
    g.rows.forEach(r => {
      r.wrong.textContent = '';
      r.control.removeAttribute('aria-invalid');
    });
    g.state.textContent = t('saving');
    try {
      const { effect } = await app.post('api/settings', changes);
      if (effect === 'now') {
        g.state.textContent = t('saved.now');
        g.state.textContent = t(await back(g) ? 'saved' : 'slow');
      } else {
        g.state.textContent = t('saved.restart');
        fill(await app.get('api/settings'), g);
      }
    } catch (e) {
      g.state.textContent = '';
      const row = g.rows.find(r => r.key === e.setting);
      (row ? row.wrong : g.wrong).textContent = t('failed', { text: e.message });
      row?.control.setAttribute('aria-invalid', 'true');
      row?.control.focus();
    } finally {
      g.busy = false;
      g.button.removeAttribute('aria-disabled');
    }
  }

  /** Waits for the bridge that starts anew; one that changed nothing stays as it is. */
  async function back(g) {
    const before = app.status?.startedAt;
    for (let tries = 0; tries < 30; tries += 1) {
      await wait(700);
      try {
        if ((await app.get('api/status')).startedAt === before && tries < 7) continue;
        const list = await app.get('api/settings');
        const focused = g.node.contains(document.activeElement);
        fill(list, g);
        if (focused && !g.node.contains(document.activeElement)) g.button.focus();
        app.refresh();
        return true;
      } catch (e) {
        // While it starts, no route is there yet.
        if (e.answered && e.code < 500 && e.code !== 404) throw e;
      }
    }
    return false;
  }

  return {
    node,
    show() {
      made.forEach(g => { g.state.textContent = ''; });
      load();
    },
    hide() {}
  };
}
