// SPDX-License-Identifier: Apache-2.0
// What is known of a car, in words.

export const meaningWords = {
  yes: ['yes', 'ja'], no: ['no', 'nein'], nothing: ['none', 'keine'], na: ['not available', 'nicht verfügbar'], heard: ['last heard of {at}', 'zuletzt gehört {at}'],
  'fact.soc': ['Charge', 'Ladestand'], 'fact.target-soc': ['Charges up to', 'Lädt bis'], 'fact.range': ['Range', 'Reichweite'],
  'fact.total-range': ['Total range', 'Gesamtreichweite'], 'fact.odometer': ['Mileage', 'Kilometerstand'], 'fact.doors': ['Doors', 'Türen'],
  'fact.locked': ['Lock', 'Schloss'], 'fact.windows': ['Windows', 'Fenster'], 'fact.charging': ['Charging', 'Laden'],
  'fact.charging-power': ['Charging power', 'Ladeleistung'], 'fact.charging-time-remaining': ['Time to full', 'Zeit bis voll'],
  'fact.plugged': ['Cable', 'Kabel'], 'fact.climate': ['Climate', 'Klimatisierung'], 'fact.fuel-level': ['Tank', 'Tank'], 'fact.fuel': ['Fuel', 'Kraftstoff'],
  'fact.battery-12v': ['12 V battery', '12-V-Batterie'], 'fact.soh': ['Battery health', 'Batteriegesundheit'], 'fact.moving': ['Moving', 'In Fahrt'],
  'fact.tyre-pressure': ['Tyres', 'Reifen'], 'charging.true': ['Charging', 'Lädt'], 'charging.false': ['Not charging', 'Lädt nicht'],
  'plugged.true': ['Plugged in', 'Kabel steckt'], 'plugged.false': ['Not plugged in', 'Kabel nicht gesteckt'], 'locked.true': ['Locked', 'Verriegelt'],
  'locked.false': ['Unlocked', 'Nicht verriegelt'], 'doors.open': ['A door is open', 'Eine Tür ist offen'], 'doors.closed': ['Doors closed', 'Türen zu'],
  'windows.open': ['A window is open', 'Ein Fenster ist offen'], 'windows.closed': ['Windows closed', 'Fenster zu']
};

/** The meanings of a car's head, in their order there. */
export const MAIN = ['soc', 'target-soc', 'range', 'total-range', 'fuel-level', 'fuel', 'odometer', 'charging', 'charging-power', 'charging-time-remaining',
  'plugged', 'doors', 'windows', 'locked', 'climate', 'moving', 'tyre-pressure', 'battery-12v', 'soh'];

const SAID = ['charging', 'plugged', 'locked', 'doors', 'windows'];

/** What stands under a car's name: what it is, as far as the name does not say it, and its number. */
export function under({ name, brand, model, vin }) {
  const kind = brand && model?.startsWith(brand) ? model : [brand, model].filter(Boolean).join(' ');
  return [name === model ? brand : kind, vin].filter(x => x && x !== name).join(' · ');
}

/** A value of any descriptor in words. */
export function valueText(app, value) {
  if (value === undefined || value === null) return app.t('na');
  if (typeof value === 'number') return app.number(value, Math.abs(value) < 1000 ? 3 : 1);
  if (typeof value === 'boolean') return app.t(value ? 'yes' : 'no');
  if (typeof value !== 'object') return String(value);
  return nested(app, value, 0).replace(/(.{399}).+/s, '$1…');
}

/** A list or an object as a person reads it: {location: 'front_left', position: 'closed'} is "front left: closed". */
function nested(app, value, depth) {
  if (value === null || typeof value !== 'object') return valueText(app, typeof value === 'string' ? value.replaceAll('_', ' ') : value);
  if (depth > 4) return '…';
  const inner = v => nested(app, v, depth + 1);
  if (Array.isArray(value)) return value.length ? value.slice(0, 50).map(inner).join(value.some(v => v && typeof v === 'object') ? '; ' : ', ') : app.t('nothing');
  if (isPlace(value)) return placeText(value);
  const { location, ...rest } = value, at = typeof location === 'string' ? inner(location) : '', all = Object.entries(at ? rest : value);
  if ('value' in value && Object.keys(value).every(key => key === 'value' || key === 'unit')) return [inner(value.value), value.unit].filter(Boolean).join(' ');
  const said = at && all.length === 1 ? inner(all[0][1]) : all.map(([key, v]) => key.replaceAll('_', ' ') + ' ' + inner(v)).join(', ');
  return [at, said].filter(Boolean).join(': ') || app.t('nothing');
}

export const isPlace = v => Number.isFinite(v?.latitude) && Number.isFinite(v.longitude);
export const placeText = v => v.latitude.toFixed(5) + ', ' + v.longitude.toFixed(5);

/** What a car's meaning of that name says, in words; empty where it says nothing. */
export function shown(app, meanings, name) {
  const { value, unit } = meanings?.[name] || {};
  if (value === undefined || value === null) return '';
  if (SAID.includes(name)) return app.t(name + '.' + value);
  const parts = (typeof value === 'object' ? Object.values(value) : [value])
    .map(v => typeof v === 'number' ? app.number(v, Math.abs(v) < 20 ? 1 : 0) : valueText(app, v));
  return parts.join(' / ') + (unit ? ' ' + unit : '');
}

/** How full the battery is, else the tank: its meaning's name; undefined where neither is known. */
export const levelOf = meanings => ['soc', 'fuel-level'].find(name => typeof meanings?.[name]?.value === 'number');
