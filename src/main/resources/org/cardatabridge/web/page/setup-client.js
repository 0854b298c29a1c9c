// SPDX-License-Identifier: Apache-2.0
// Step 1: the portal's steps with their traps, and the client id.

const LIST = ['primary', 'create', 'api', 'stream', 'keys', 'logout'];
const PORTALS = {
  de: ['https://www.bmw.de/de-de/mybmw/vehicle-overview', 'https://www.mini.de/de-de/mymini/vehicle-overview'],
  en: ['https://www.bmw.co.uk/en-gb/mybmw/vehicle-overview', 'https://www.mini.co.uk/en-gb/mymini/vehicle-overview']
};
const SHAPE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Without what copying brings along: spaces, quotes, characters that nobody sees, other dashes. */
const cleaned = text => text
  .replace(/[\s"'`\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g, '')
  .replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, '-');

/** What is wrong with a client id: the key of a sentence, or null. */
function wrong(id) {
  if (!id) return ['id.empty'];
  if (SHAPE.test(id)) return null;
  if (/^[A-HJ-NPR-Z0-9]{17}$/i.test(id)) return ['id.vin'];
  return id.length < 36 && /^[0-9a-f-]+$/i.test(id) ? ['id.short', { n: id.length }] : ['id.shape'];
}

function remembered(account) {
  const key = 'cardata.setup.' + account;
  try {
    return { has: new Set(JSON.parse(localStorage.getItem(key) || '[]')), key };
  } catch {
    return { has: new Set(), key };
  }
}

function remember({ has, key }) {
  try {
    localStorage.setItem(key, JSON.stringify([...has]));
  } catch {
    // A browser that keeps nothing: the ticks last as long as the page.
  }
}

export function clientStep(app, body, model) {
  const { el, t } = app;
  const portals = PORTALS[app.lang] || PORTALS.en;
  let ticks = null;
  const boxes = LIST.map(id => el('input', {
    type: 'checkbox', id: 'c-' + id, 'aria-describedby': 'h-' + id,
    onChange(event) {
      if (event.target.checked) ticks.has.add(id);
      else ticks.has.delete(id);
      remember(ticks);
    }
  }));
  const code = el('pre', { tabindex: '0', role: 'region', 'aria-label': t('snippet') });
  const snippet = el('details', { class: 'more' }, el('summary', { text: t('snippet') }),
    el('p', { text: t('snippet.how') }),
    el('div', { class: 'row' }, app.copyButton(() => code.textContent, t('snippet.copy'))),
    code, el('p', { class: 'muted small', text: t('snippet.what') }));
  snippet.addEventListener('toggle', async () => {
    if (code.textContent) return;
    try {
      code.textContent = await (await fetch('assets/tick-descriptors.js')).text();
    } catch (e) {
      code.textContent = e.message;
    }
  });
  const field = el('input', {
    id: 'client-id', type: 'text', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none',
    'aria-describedby': 'client-id-hint client-id-wrong', class: 'wide mono'
  });
  const label = el('label', { for: 'client-id', text: t('id') });
  const hint = el('p', { id: 'client-id-hint', class: 'muted small', text: t('id.hint') });
  const fault = el('p', { id: 'client-id-wrong', class: 'fault', role: 'alert' });
  const state = el('p', { role: 'status' });
  const kept = el('p', { class: 'muted small' });
  const button = el('button', { type: 'submit', class: 'button primary', text: t('id.save') });
  const form = el('form', { class: 'stack', novalidate: true, onSubmit: save }, label, field, hint, fault,
    el('div', { class: 'row' }, button), kept);

  function check(strict) {
    const id = cleaned(field.value);
    const why = !id && !strict ? null : wrong(id);
    fault.textContent = why ? t(...why) : '';
    field.setAttribute('aria-invalid', String(Boolean(why)));
    return why ? null : id;
  }

  field.addEventListener('input', () => {
    // While somebody types, only what can no longer become right is said.
    const id = cleaned(field.value);
    if (SHAPE.test(id) || !id) check(false);
    else if (id.length >= 36 || wrong(id)[0] !== 'id.short') check(true);
    else fault.textContent = '';
  });
  field.addEventListener('change', () => {
    field.value = cleaned(field.value);
    check(false);
  });
  field.addEventListener('paste', () => setTimeout(() => {
    field.value = cleaned(field.value);
    check(true);
  }));

  async function save(event) {
    event.preventDefault();
    const id = check(true);
    if (!id) {
      field.focus();
      return;
    }
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    state.textContent = t('id.saving');
    try {
      await app.post('api/settings', { [model.entry?.key || model.key]: id });
      field.value = '';
      state.textContent = t('id.saved');
      model.saved = { startedAt: app.status?.startedAt, at: Date.now() };
      model.draw();
      model.goOn();
      setTimeout(app.refresh, 1500);
      setTimeout(() => {
        state.textContent = '';
        model.draw();
      }, 8000);
    } catch (e) {
      state.textContent = '';
      fault.textContent = t('id.failed', { text: e.message });
      field.setAttribute('aria-invalid', 'true');
      field.focus();
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  const list = el('ol', { class: 'checks' }, LIST.map((id, i) => el('li', {}, boxes[i],
    el('div', {}, el('label', { for: 'c-' + id, text: t(id) }),
      el('p', { class: 'muted small', id: 'h-' + id, text: t(id + '.hint') }),
      id === 'keys' && snippet))));
  const set = el('p', {});
  body.append(
    el('p', { text: t('client.why') }),
    el('div', { class: 'row' }, el('a', { class: 'button', href: portals[0], text: 'MyBMW' }),
      el('a', { class: 'button', href: portals[1], text: 'MyMINI' }),
      el('span', { class: 'muted small', text: t('client.country') })),
    list, set, form, state);

  return {
    draw() {
      const name = model.account?.name || 'main';
      if (!ticks || !ticks.key.endsWith('.' + name)) {
        ticks = remembered(name);
        boxes.forEach((box, i) => { box.checked = ticks.has.has(LIST[i]); });
      }
      const entry = model.entry;
      const held = Boolean(entry && !entry.editable);
      const variable = (entry?.key || model.key).toUpperCase().replace(/[.-]/g, '_');
      set.hidden = !entry?.isSet && !held;
      set.textContent = held ? t('id.held', { source: entry.source || entry.why || '' })
        : t('id.set', { source: entry?.source || '' });
      form.hidden = held;
      label.textContent = t(entry?.isSet ? 'id.replace' : 'id');
      kept.textContent = t('id.kept', { variable });
    }
  };
}
