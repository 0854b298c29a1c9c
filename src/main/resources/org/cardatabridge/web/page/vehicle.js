// SPDX-License-Identifier: Apache-2.0

export const words = { en: {}, de: {} };

export function view(app) {
  const facts = app.el('pre', { class: 'card' });
  return {
    node: app.el('section', {}, facts),
    async show({ vin }) {
      app.title(vin);
      try {
        facts.textContent = JSON.stringify(await app.get('api/vehicles/' + encodeURIComponent(vin)), null, 1);
      } catch (e) {
        facts.textContent = e.message;
      }
    },
    hide() {}
  };
}
