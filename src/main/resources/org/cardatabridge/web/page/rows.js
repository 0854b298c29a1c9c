// SPDX-License-Identifier: Apache-2.0
// Parts of the status and vehicle views, and how they change in place.

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
}

/** Writes a text, or hides the node where there is none. */
export const say = (node, text) => show(put(node, text), text);

/**
 * Makes a node what a fresh one is and touches only what differs: focus, selection and open parts stay. What
 * has the same data-kept in both is left alone.
 */
export function patch(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
  } else if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
  } else if (!old.dataset.kept || old.dataset.kept !== fresh.dataset.kept) {
    for (const { name } of [...old.attributes]) if (name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const children = [...fresh.childNodes];
    children.forEach((child, i) => old.childNodes[i] ? patch(old.childNodes[i], child) : old.append(child));
    while (old.childNodes.length > children.length) old.lastChild.remove();
  }
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

/** A badge of a kind: ok, warn, bad or idle; nothing without a text. */
export const badge = (app, kind, text) => text ? app.el('span', { class: 'badge ' + kind, text }) : '';

/** Whether the car itself sent something just now. */
export const isLive = source => source === 'stream' || source === 'highmobility';

/** Whether nobody can log in with a certificate. */
export const isUseless = certificate => ['expired', 'not-yet-valid', 'unusable'].includes(certificate?.state);

/** What an account is called by, in words: whose it is, and its name where that says more. */
export const accountName = (app, { name, source }) =>
  source !== 'highmobility' ? app.t('account', { name }) : name === source ? 'High Mobility' : 'High Mobility ' + name;

/** A line that is so full, in percent. */
export const level = (app, percent) => app.svg('svg', { class: 'level', viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
  app.svg('rect', { width: Math.max(0, Math.min(100, percent || 0)), height: 1 }));

/**
 * A table; a head is a text or [text, class], a cell a text, a node or a list of them. On a phone its rows are
 * stacked, so the roles say what it is.
 */
export function table(app, caption, heads, rows) {
  const all = heads.map(head => [head].flat()), group = (tag, ...content) => app.el(tag, { role: 'rowgroup' }, content);
  return app.el('table', { class: 'table stacked', role: 'table', 'aria-label': caption },
    group('thead', app.el('tr', { role: 'row' }, all.map(([text, name]) => app.el('th', { role: 'columnheader', class: name, text })))),
    group('tbody', rows.map(row => app.el('tr', { role: 'row' }, row.map((cell, i) => app.el('td', { role: 'cell', class: all[i][1], 'data-label': i ? all[i][0] : null }, cell))))));
}

export const small = (app, text, lang) => text ? app.el('div', { class: 'muted small', lang, text }) : '';

/** A part that is opened by hand. */
export const fold = (app, title, ...content) => app.el('details', { class: 'more' }, app.el('summary', { text: title }), content);

/** Facts as {name: text}; what has no text is left out. */
export const facts = (app, all) => app.el('dl', { class: 'facts' }, Object.entries(all).filter(([, text]) => text)
  .map(([name, text]) => app.el('div', {}, app.el('dt', { text: app.t('fact.' + name) }), app.el('dd', { text }))));

export const errorWords = {
  errors: ['Last errors', 'Letzte Fehler'], when: ['When', 'Wann'], what: ['What', 'Was'], unparsed: ['unreadable message', 'unlesbare Nachricht'],
  'set-aside': ['set aside', 'beiseitegelegt'], stream: ['stream', 'Datenstrom'], rest: ['REST call', 'REST-Abruf']
};

/** The last errors of all or of one car: {node, load(vin)}. */
export function errors(app) {
  const node = app.el('section', { class: 'card', hidden: true });
  return {
    node,
    async load(vin) {
      const read = await app.get('/api/errors?limit=20' + (vin ? '&vin=' + encodeURIComponent(vin) : '')).catch(() => []);
      node.replaceChildren(app.el('h2', { text: app.t('errors') }), table(app, app.t('errors'), [app.t('when'), app.t('what')], read.map(e => [app.dateTime(e.at),
        [small(app, [app.t(e.kind), e.sink, !vin && e.vehicle, e.key].filter(Boolean).join(' · ')), app.el('span', { lang: 'en', text: e.text })]])));
      show(node, read.length);
    }
  };
}
