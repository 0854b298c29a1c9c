// SPDX-License-Identifier: Apache-2.0
// Step 3: the first data, and why it may not come.

const PATIENCE = 5 * 60 * 1000;
const BAD = ['refused', 'quota', 'backing-off', 'stopped'];

export function dataStep(app, body, model) {
  const { el, t } = app;
  const later = el('p', { class: 'muted', text: t('data.first') });
  const stream = el('p', { role: 'status' });
  const reason = el('p', { class: 'muted small' });
  const count = el('strong', { class: 'big' });
  const last = el('span', { class: 'muted' });
  const slow = el('div', { class: 'box warn' }, el('p', {}, el('strong', { text: t('data.slow') })),
    el('ol', {}, [1, 2, 3, 4, 5].map(i => el('li', { text: t('slow' + i) }))),
    el('a', { class: 'button', href: '#/doctor', text: t('data.doctor') }));
  const waiting = el('div', { class: 'stack' },
    el('p', { class: 'lead', text: t('data.wake') }), el('p', { class: 'muted', text: t('data.more') }),
    stream, reason, el('p', { class: 'row' }, el('span', { text: t('data.count') }), count, last), slow);
  const cars = el('div', { class: 'row' });
  const good = el('div', { class: 'stack' }, cars,
    el('p', { class: 'muted' }, t('data.next') + ' ', el('a', { href: '#/settings', text: t('data.settings') })));
  body.append(later, waiting, good);
  let names = '';

  const since = () => Math.max(Date.parse(model.account?.login?.confirmedAt) || 0, Date.parse(app.status?.startedAt) || 0);

  function tick() {
    const { messages = 0, lastMessageAt } = model.account?.stream || {};
    last.textContent = messages ? t('data.last', { ago: app.ago(lastMessageAt) }) : t('data.none');
    slow.hidden = messages > 0 || Date.now() - since() < PATIENCE;
  }

  return {
    tick,
    draw(open) {
      const facts = model.account?.stream || {};
      later.hidden = open >= 0;
      waiting.hidden = open !== 0;
      good.hidden = open < 1;
      stream.textContent = t('s.' + (facts.state || 'stopped'));
      const why = facts.otherClient ? t('s.other') : BAD.includes(facts.state) ? facts.lastReason?.text || '' : '';
      reason.textContent = [why, facts.nextAttemptAt && t('s.next', { ago: app.ago(facts.nextAttemptAt) })].filter(Boolean).join(' · ');
      reason.hidden = !reason.textContent;
      count.textContent = app.number(facts.messages || 0, 0);
      const list = (model.cars || []).map(v => ({ vin: v.vin, text: v.alias || v.vin }));
      if (JSON.stringify(list) !== names) {
        names = JSON.stringify(list);
        cars.replaceChildren(...list.map(v => el('a', { class: 'button primary', href: '#/vehicles/' + encodeURIComponent(v.vin), text: t('data.see', { name: v.text }) })));
      }
      tick();
    }
  };
}
