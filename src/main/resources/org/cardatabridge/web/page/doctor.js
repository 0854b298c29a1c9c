// SPDX-License-Identifier: Apache-2.0
// The doctor: runs its checks, says what each found and what to do.

export const words = {
  en: {
    why: 'The doctor looks at settings, tokens, certificates, permissions, clock, network, stream, broker and disk, and says what to do. It does not disturb the running connection.',
    run: 'Examine', again: 'Examine again', running: 'Examining: {n} s …', failed: 'The doctor could not finish: {text}',
    bundle: 'Download a diagnostics bundle',
    'bundle.why': 'A zip file for a bug report: states, settings and the last errors. Tokens, ids, vehicle numbers and places are taken out. A look into it before sharing does no harm.',
    at: 'Examined {ago}', fine: 'Everything is fine.', bad: 'Failed: {n}. What to do stands beside it.', warned: 'Nothing failed. To look at: {n}.',
    ok: 'Fine', warning: 'Look', failed1: 'Failed', skipped: 'Skipped', todo: 'What to do', never: 'Not examined yet.'
  },
  de: {
    why: 'Die Diagnose prüft Einstellungen, Tokens, Zertifikate, Berechtigungen, Uhr, Netz, Datenstrom, Broker und Platte und sagt, was zu tun ist. Die laufende Verbindung stört sie nicht.',
    run: 'Prüfen', again: 'Noch einmal prüfen', running: 'Wird geprüft: {n} s …', failed: 'Die Diagnose wurde nicht fertig: {text}',
    bundle: 'Diagnosepaket herunterladen',
    'bundle.why': 'Eine Zip-Datei für Fehlerberichte: Zustände, Einstellungen und die letzten Fehler. Tokens, Kennungen, Fahrzeugnummern und Orte sind entfernt. Ein Blick hinein vor dem Weitergeben schadet nicht.',
    at: 'Geprüft {ago}', fine: 'Alles ist in Ordnung.', bad: 'Fehlgeschlagen: {n}. Was zu tun ist, steht daneben.', warned: 'Nichts ist fehlgeschlagen. Anzusehen: {n}.',
    ok: 'Gut', warning: 'Ansehen', failed1: 'Fehler', skipped: 'Ausgelassen', todo: 'Zu tun', never: 'Noch nicht geprüft.'
  }
};

const LOOKS = { ok: 'ok', warning: 'warn', failed: 'bad', skipped: '' };
const FIRST = ['failed', 'warning', 'ok', 'skipped'];

export function view(app) {
  const { el, t } = app;
  const button = el('button', { type: 'button', class: 'button primary', text: t('run'), onClick: run });
  const state = el('p', { role: 'status', class: 'muted' });
  const sum = el('p', { class: 'lead', tabindex: '-1' });
  const fault = el('p', { class: 'fault', role: 'alert' });
  const list = el('ul', { class: 'verdicts' });
  const result = el('div', { class: 'card' }, sum, list);
  const bundle = el('div', { class: 'card' }, el('p', { text: t('bundle.why') }),
    el('a', { class: 'button', href: 'api/doctor/bundle', download: true, text: t('bundle') }));
  const node = el('section', { class: 'guide' },
    el('div', { class: 'card' }, el('p', { text: t('why') }), el('div', { class: 'row' }, button, state), fault),
    result, bundle);
  let last = null;
  let begun = 0;
  let end = null;

  function draw() {
    result.hidden = !last;
    bundle.hidden = !last;
    button.textContent = t(last ? 'again' : 'run');
    if (!last) return;
    const count = verdict => last.checks.filter(c => c.verdict === verdict).length;
    sum.textContent = count('failed') ? t('bad', { n: count('failed') })
      : count('warning') ? t('warned', { n: count('warning') }) : t('fine');
    const sorted = FIRST.flatMap(verdict => last.checks.filter(c => c.verdict === verdict));
    list.replaceChildren(...sorted.map(c => el('li', {},
      el('span', { class: 'badge ' + LOOKS[c.verdict], text: t(c.verdict === 'failed' ? 'failed1' : c.verdict) }),
      el('div', {}, el('h2', { text: c.title }), el('p', { text: c.text }),
        c.action && el('p', {}, el('strong', { text: t('todo') + ': ' }), c.action)))));
    tick();
  }

  function tick() {
    const text = begun ? t('running', { n: Math.round((Date.now() - begun) / 1000) })
      : last ? t('at', { ago: app.ago(last.at) }) : t('never');
    if (state.textContent !== text) state.textContent = text;
  }

  async function run() {
    if (begun) return;
    begun = Date.now();
    button.setAttribute('aria-disabled', 'true');
    state.setAttribute('aria-live', 'off');
    fault.textContent = '';
    tick();
    try {
      last = await app.post('api/doctor?lang=' + app.lang);
    } catch (e) {
      fault.textContent = t('failed', { text: e.message });
    }
    begun = 0;
    button.removeAttribute('aria-disabled');
    draw();
    tick();
    if (!fault.textContent) {
      app.announce(sum.textContent);
      sum.focus({ preventScroll: true });
    }
  }

  return {
    node,
    async show() {
      end = app.on('tick', tick);
      draw();
      tick();
      if (last || begun) return;
      try {
        last = await app.get('api/doctor?lang=' + app.lang);
        draw();
      } catch {
        // Not examined yet; whether it works shows when it is asked.
      }
    },
    hide() {
      end?.();
    }
  };
}
