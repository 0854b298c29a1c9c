// SPDX-License-Identifier: Apache-2.0
// Step 2: the device login with its code, and each way it can end.

import { safeUrl } from './dom.js';

const KNOWN = ['access_denied', 'expired_token', 'invalid_client', 'unauthorized_client', 'invalid_scope',
  'invalid_grant', 'client-id-missing', 'missing-scope', 'unreachable'];
const SWITCHES = ['access_denied', 'unauthorized_client', 'invalid_scope', 'missing-scope', 'refused'];

export function loginStep(app, body, model) {
  const { el, t } = app;
  let drawn = null;
  let tick = null;
  let failed = '';

  const query = () => '?account=' + encodeURIComponent(model.account.name);

  async function act(path) {
    failed = '';
    try {
      const login = await app.post(path + query());
      if (login?.state && model.account) model.account.login = login;
    } catch (e) {
      failed = e.message;
    }
    drawn = null;
    draw();
    app.refresh();
  }

  const button = (key, path, kind = '') => {
    const node = el('button', { type: 'button', class: 'button ' + kind, text: t(key) });
    node.addEventListener('click', () => {
      if (node.getAttribute('aria-disabled')) return;
      node.setAttribute('aria-disabled', 'true');
      act(path);
    });
    return node;
  };

  function code(login) {
    const address = login.verificationUriComplete || login.verificationUri;
    const https = safeUrl(address)?.startsWith('https:');
    const qr = el('img', {
      class: 'qr', alt: t('login.qr'), width: '176', height: '176',
      src: 'api/login/qr' + query() + '&until=' + encodeURIComponent(login.codeExpiresAt)
    });
    qr.addEventListener('error', () => qr.remove());
    const left = el('p', { class: 'muted' });
    const bar = el('progress', { max: '300', value: '300', 'aria-hidden': 'true' });
    tick = () => {
      const seconds = Math.max(0, Math.round((Date.parse(login.codeExpiresAt) - Date.now()) / 1000));
      if (Number.isNaN(seconds)) return;
      const time = Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
      left.textContent = seconds ? t('login.left', { time }) : t('login.over');
      bar.value = seconds;
    };
    tick();
    app.announce(t('login.there'));
    return el('div', { class: 'login' }, qr, el('ol', { class: 'steps' },
      el('li', {}, el('p', { text: t('login.scan') }),
        https ? el('a', { class: 'button primary', href: address, text: t('login.open') }) : el('code', { text: address || '' }),
        https && el('p', { class: 'muted small', text: new URL(address).host })),
      el('li', {}, el('p', { text: t('login.compare') }),
        el('div', { class: 'row' }, el('span', { class: 'code', 'aria-hidden': 'true', text: login.userCode }),
          el('span', { class: 'sr-only', text: t('login.code') + ': ' + [...login.userCode].join(' ') }),
          app.copyButton(() => login.userCode, t('login.copy')))),
      el('li', {}, el('p', { text: t('login.confirm') }), left, bar)));
  }

  function trouble(login, fallback) {
    const word = KNOWN.includes(login.error) ? login.error : fallback;
    if (!word) return null;
    const scopes = (login.missingScopes || []).join(', ') || 'cardata:streaming:read';
    return el('div', { class: 'box ' + (word === 'required' ? 'warn' : 'bad'), role: 'status' },
      el('p', {}, el('strong', { text: t(word, { scopes }) })),
      el('p', { text: SWITCHES.includes(word) ? t('switches') + (/scope/.test(word) ? ' ' + t('renew') : '') : t(word + '.do') }),
      word === 'invalid_client' && el('button', { type: 'button', class: 'button small', text: t('login.change'), onClick: () => model.openStep(0) }),
      login.message && el('details', { class: 'more' }, el('summary', { text: t('login.detail') }), el('p', { class: 'small', text: login.message })));
  }

  function content(login, open) {
    tick = null;
    if (open < 0) return [el('p', { class: 'muted', text: t('login.first') })];
    const sorry = failed && el('p', { class: 'fault', role: 'alert', text: t('login.failed', { text: failed }) });
    if (login.state === 'pending') {
      return [login.userCode ? el('p', { class: 'muted', text: t('login.before') }) : el('p', { role: 'status', text: t('login.asking') }),
        login.userCode && code(login), trouble(login),
        login.idTokenExpiresAt && el('p', { class: 'muted small', text: t('login.old') }), sorry,
        el('div', { class: 'row' }, button('login.cancel', 'api/login/cancel'))];
    }
    if (login.state === 'authorized') {
      const wanting = login.missingScopes?.length ? 'missing-scope' : null;
      const bad = trouble(login, wanting);
      return [bad || el('p', {}, el('span', { class: 'badge ok', text: t('login.ok') })),
        !bad && el('p', { class: 'muted', text: t('login.until', { time: app.dateTime(login.refreshTokenExpiresAt) || '…' }) }),
        sorry, el('p', { class: 'muted small', text: t('login.anew.why') }),
        el('div', { class: 'row' }, button('login.anew', 'api/login', bad ? 'primary' : ''))];
    }
    const refused = login.state === 'refused';
    const tried = refused || login.error;
    return [el('p', { text: t('login.why') }), trouble(login, refused ? 'refused' : login.message ? 'required' : null), sorry,
      el('p', { class: 'muted', text: t('login.before') }),
      el('div', { class: 'row' }, button(tried ? 'login.again' : 'login.start', 'api/login', 'primary'))];
  }

  function draw(open = last) {
    last = open;
    const login = model.account?.login || {};
    const sign = JSON.stringify([model.account?.name, open < 0, login.state, login.userCode, login.error, login.message,
      login.missingScopes, login.refreshTokenExpiresAt, failed]);
    if (sign === drawn) return;
    drawn = sign;
    const focused = body.contains(document.activeElement);
    body.replaceChildren(...content(login, open).filter(Boolean));
    if (focused) (body.querySelector('a.button, button, summary') || body).focus({ preventScroll: true });
  }
  let last = -1;

  return { draw, tick: () => tick?.() };
}
