// SPDX-License-Identifier: Apache-2.0
// The words of the frame. Each view has its own beside it.

export const words = {
  en: {
    skip: 'Skip to the content', nav: 'Views',
    'nav.setup': 'Set-up', 'nav.status': 'Status', 'nav.vehicles': 'Vehicles', 'nav.settings': 'Settings', 'nav.doctor': 'Doctor',
    'title.vehicle': 'Vehicle',
    now: 'just now', never: 'never', loading: 'Loading …',
    'note.away': 'The bridge does not answer. Trying again by itself …',
    'note.back': 'The bridge answers again.',
    'note.journal': 'The bridge cannot keep what comes in: {text}',
    'note.journal.past': 'Since the start: {text}',
    'failed.view': 'This view cannot be shown: {text}',
    'failed.answer': 'the bridge answered with {code}',
    'failed.network': 'the bridge does not answer',
    copy: 'Copy', copied: 'Copied', version: 'cardata-bridge {version}'
  },
  de: {
    skip: 'Zum Inhalt springen', nav: 'Ansichten',
    'nav.setup': 'Einrichten', 'nav.status': 'Status', 'nav.vehicles': 'Fahrzeuge', 'nav.settings': 'Einstellungen', 'nav.doctor': 'Diagnose',
    'title.vehicle': 'Fahrzeug',
    now: 'gerade eben', never: 'nie', loading: 'Wird geladen …',
    'note.away': 'Die Bridge antwortet nicht. Neuer Versuch von selbst …',
    'note.back': 'Die Bridge antwortet wieder.',
    'note.journal': 'Die Bridge kann nicht speichern, was ankommt: {text}',
    'note.journal.past': 'Seit dem Start: {text}',
    'failed.view': 'Diese Ansicht lässt sich nicht zeigen: {text}',
    'failed.answer': 'die Bridge antwortete mit {code}',
    'failed.network': 'die Bridge antwortet nicht',
    copy: 'Kopieren', copied: 'Kopiert', version: 'cardata-bridge {version}'
  }
};

/** The language of the browser: German where it comes before English, else English. */
export const lang = (navigator.languages || [navigator.language])
  .map(tag => String(tag).slice(0, 2).toLowerCase()).find(tag => tag in words) || 'en';

/** A function from key and parameters to text, by these dictionaries, the first that has it. */
export const texts = (...dictionaries) => (key, params = {}) => {
  for (const dictionary of dictionaries) {
    const text = dictionary?.[lang]?.[key] ?? dictionary?.en?.[key];
    if (text !== undefined) {
      return text.replace(/\{(\w+)\}/g, (all, name) => params[name] ?? '');
    }
  }
  return key;
};

const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'always' });
const number = new Map();

/** "3 minutes ago", "in 2 hours"; without an instant "never". */
export function ago(instant, t) {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) return t('never');
  const seconds = (at - Date.now()) / 1000;
  const size = Math.abs(seconds);
  if (size < 5) return t('now');
  const [unit, length] = UNITS.find(([, length]) => size >= length * (length > 1 ? 1.5 : 1)) || UNITS[3];
  return relative.format(Math.round(seconds / length), unit);
}

/** A number by the locale, with at most so many digits after the point. */
export function format(value, digits = 1) {
  if (!number.has(digits)) {
    number.set(digits, new Intl.NumberFormat(navigator.language, { maximumFractionDigits: digits }));
  }
  return number.get(digits).format(value);
}

const dates = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'short' });

/** Date and time of an instant by the locale; empty without one. */
export const dateTime = instant => Number.isNaN(Date.parse(instant)) ? '' : dates.format(new Date(instant));
