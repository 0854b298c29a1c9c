// SPDX-License-Identifier: Apache-2.0
// Nodes that are touched only where their data changed: focus, selection and scrolling stay.

/** Words as {key: [English, German]} in the form that the frame takes. */
export const pairs = all => Object.fromEntries(['en', 'de'].map((lang, i) =>
  [lang, Object.fromEntries(Object.entries(all).map(([key, texts]) => [key, texts[i]]))]));

/** Writes a text where it is another one. */
export function put(node, text) {
  const now = String(text ?? '');
  if ((node.firstChild?.data ?? '') !== now) node.textContent = now;
  return node;
}

/** Shows a node or takes it out of sight. */
export function show(node, isShown) {
  if (node.hidden === !!isShown) node.hidden = !isShown;
  return node;
}

/** Writes a text, or hides the node where there is none. */
export const say = (node, text) => show(put(node, text), text);

/** Gives a badge its words and its kind: ok, warn, bad or idle. */
export function badge(node, kind, text) {
  if (node.className !== 'badge ' + kind) node.className = 'badge ' + kind;
  return say(node, text);
}

/** Sets how full a level is, in percent. */
export const fill = (node, percent) => { node.style.width = Math.max(0, Math.min(100, percent || 0)) + '%'; };

/**
 * Keeps one child of parent for each item, in their order: make(item) gives {node, update(item)}. The function
 * that it returns takes the items and gives these parts by their key.
 */
export function keyed(parent, keyOf, make) {
  const parts = new Map();
  return items => {
    const keys = new Set(items.map(keyOf));
    for (const [key, part] of parts) {
      if (!keys.has(key)) {
        part.node.remove();
        parts.delete(key);
      }
    }
    for (const item of items) {
      const key = keyOf(item);
      if (!parts.has(key)) parts.set(key, make(item));
      parts.get(key).update(item);
    }
    order(parent, items.map(item => parts.get(keyOf(item)).node));
    return parts;
  };
}

/** Brings the children into this order; those that have their place stay untouched, and so does the focus. */
export function order(parent, nodes) {
  const focused = document.activeElement;
  let next = parent.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

/** Works once in the next frame, however often it was asked to. */
export function framed(work) {
  let asked = 0;
  return () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      work();
    });
  };
}

/** A table; a head is a text or [text, class]. */
export const table = (app, caption, heads, body) => app.el('table', { class: 'table' },
  app.el('caption', { class: 'sr-only', text: caption }),
  app.el('thead', {}, app.el('tr', {}, heads.map(head => [head].flat()).map(([text, name]) => app.el('th', { scope: 'col', class: name, text })))),
  body);

/** Writes the rows of a table anew; a cell is a text, a node or a list of them. */
export const cells = (app, body, rows) =>
  body.replaceChildren(...rows.map(row => app.el('tr', {}, row.map(cell => app.el('td', {}, cell)))));

export const small = (app, text) => text ? app.el('div', { class: 'muted small', text }) : '';

/** A part that is opened by hand; load runs at each opening. */
export const fold = (app, title, content, load) => app.el('details', { onToggle: e => e.target.open && load() },
  app.el('summary', { text: title }), content);

/** A list of facts: set(name, text), where an empty text hides the line. */
export function facts(app, names) {
  const lines = Object.fromEntries(names.map(name => [name,
    app.el('div', { hidden: true }, app.el('dt', { text: app.t('fact.' + name) }), app.el('dd'))]));
  return {
    node: app.el('dl', { class: 'facts' }, Object.values(lines)),
    set(name, text) {
      show(lines[name], text);
      put(lines[name].lastChild, text);
    }
  };
}

export const errorWords = {
  errors: ['Last errors', 'Letzte Fehler'], when: ['When', 'Wann'], what: ['What', 'Was'], unparsed: ['unreadable message', 'unlesbare Nachricht'],
  'set-aside': ['set aside', 'beiseitegelegt'], stream: ['stream', 'Datenstrom'], rest: ['REST call', 'REST-Abruf']
};

/** The last errors of all or of one car: {node, load(vin)}. */
export function errors(app) {
  const body = app.el('tbody');
  const node = app.el('section', { class: 'card', hidden: true }, app.el('h2', { text: app.t('errors') }),
    table(app, app.t('errors'), [app.t('when'), app.t('what')], body));
  return {
    node,
    async load(vin) {
      const read = await app.get('/api/errors?limit=20' + (vin ? '&vin=' + encodeURIComponent(vin) : '')).catch(() => []);
      cells(app, body, read.map(e => [[app.ago(e.at), small(app, app.dateTime(e.at))],
        [small(app, [app.t(e.kind), e.sink, !vin && e.vehicle, e.key].filter(Boolean).join(' · ')), app.el('span', { lang: 'en', text: e.text })]]));
      show(node, read.length);
    }
  };
}
