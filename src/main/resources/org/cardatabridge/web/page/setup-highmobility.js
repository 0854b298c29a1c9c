// SPDX-License-Identifier: Apache-2.0
// High Mobility: its certificates, how they stand, and the way from its three files to data. There is no login.
import { texts, words as frameWords } from './words.js';
import { accountName, badge, facts, fold, pairs, patch, small } from './rows.js';
import { certificateBadge, meaning, words as statusWords } from './status.js';

const STEPS = ['console', 'approve', 'download', 'settings', 'drive'];
const SETTINGS = `CARDATA_HIGHMOBILITY_ENABLED=true
CARDATA_HIGHMOBILITY_CA_FILE=<id>-ca_certificates.pem
CARDATA_HIGHMOBILITY_CLIENT_CERT_FILE=<id>-certificate.pem.crt
CARDATA_HIGHMOBILITY_CLIENT_KEY_FILE=<id>-private.pem.key`;

export const words = pairs({
  none: ['Off', 'Aus'], why: ['Data of a fleet’s cars, of many brands, by High Mobility: with a certificate in three files, and no login.', 'Daten von Fahrzeugen einer Flotte, vieler Marken, über High Mobility: mit einem Zertifikat in drei Dateien, ohne Anmeldung.'],
  how: ['From the three files to data', 'Von den drei Dateien zu den Daten'], copy: ['Copy', 'Kopieren'], 'copy.settings': ['Copy the settings', 'Einstellungen kopieren'],
  console: ['In High Mobility’s console make an app for live data, and choose the values it may read.', 'In der Konsole von High Mobility eine App für echte Daten anlegen und wählen, welche Werte sie liest.'],
  approve: ['Add the vehicles by their numbers; each manufacturer has to approve.', 'Die Fahrzeuge mit ihren Nummern hinzufügen; jeder Hersteller muss zustimmen.'],
  download: ['At the app, under MQTT, download the certificate: three files, valid for a year.', 'Bei der App unter MQTT das Zertifikat herunterladen: drei Dateien, ein Jahr gültig.'],
  settings: ['Put them where the bridge can read them, and name them:', 'Sie dorthin legen, wo die Bridge sie lesen kann, und sie nennen:'],
  drive: ['Start the bridge. Values come as soon as a car is driven.', 'Die Bridge starten. Werte kommen, sobald ein Auto fährt.'],
  'see.settings': ['App id, topic and the switch', 'App-ID, Topic und der Schalter'], docs: ['In full: docs/highmobility.md', 'Ausführlich: docs/highmobility.md'],
  bmw: ['BMW as well? Enter a client id in the settings.', 'Auch BMW? In den Einstellungen eine Client-ID eintragen.']
});

/** {node, draw(accounts, isAlone)}: a part that folds, open where somebody has to act or there is no other account. */
export function highMobility(outer) {
  const app = Object.create(outer, { t: { value: texts(words, statusWords, frameWords) } }), { el, t } = app;
  const state = el('span', {}), list = el('div', { class: 'stack' });
  const code = el('pre', { tabindex: 0, text: SETTINGS });
  const way = fold(app, t('how'), el('ol', { class: 'steps' }, STEPS.map(step => el('li', {}, el('p', { text: t(step) }),
    step === 'settings' && [code, app.copyButton(() => SETTINGS, t('copy.settings'))]))), el('p', { class: 'muted small', text: t('docs') }));
  const others = el('p', { class: 'muted small', hidden: true }, el('a', { href: '#/settings', text: t('bmw') }));
  const node = el('details', { class: 'card step' }, el('summary', {}, el('h2', { text: 'High Mobility' }), state),
    el('div', { class: 'stack' }, el('p', { class: 'muted', text: t('why') }), list, way, others));
  let opened = '';

  function one(account, several) {
    const { stream: s = {}, certificate: c } = account, is = meaning(app, account);
    return el('div', { class: 'stack' }, several && el('h3', { text: accountName(app, account) }),
      el('div', { class: 'row' }, badge(app, is.kind, is.title), certificateBadge(app, c)), el('p', { text: is.text }),
      is.act && el('p', { class: 'box ' + (is.kind === 'bad' ? 'bad' : 'warn') }, el('strong', { text: t('act') }), ' ' + is.act + ' ', el('a', { href: '#/doctor', text: t('go.doctor') })),
      small(app, c?.text, 'en'),
      facts(app, { certificate: c?.expiresAt && t('valid-until', { at: app.dateTime(c.expiresAt) }), last: s.lastMessageAt ? app.ago(s.lastMessageAt) : t('none-yet'), messages: app.number(s.messages || 0) }),
      el('p', {}, el('a', { href: '#/settings', text: t('see.settings') })));
  }

  return {
    node,
    draw(accounts, isAlone) {
      const found = accounts.map(account => meaning(app, account)), bad = found.some(is => is.kind === 'bad'), worst = found.find(is => is.kind !== 'ok') || found[0];
      patch(list, el('div', { class: 'stack' }, accounts.map(account => one(account, accounts.length > 1))));
      patch(state, el('span', {}, worst ? badge(app, worst.kind, worst.title) : badge(app, 'idle', t('none'))));
      others.hidden = !isAlone;
      // Opened once for each trouble: somebody may close it.
      const sign = [isAlone, bad].join();
      if (sign !== opened && (isAlone || bad)) node.open = true;
      if (isAlone && !opened) way.open = !accounts.some(a => a.stream?.lastMessageAt);
      opened = sign;
    }
  };
}
