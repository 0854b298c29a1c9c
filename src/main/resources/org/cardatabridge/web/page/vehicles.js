// SPDX-License-Identifier: Apache-2.0

export const words = { en: {}, de: {} };

export function view(app) {
  const facts = app.el('pre', { class: 'card' });
  const draw = () => { facts.textContent = JSON.stringify(app.status, null, 1); };
  let end = null;
  return {
    node: app.el('section', {}, facts),
    show() {
      draw();
      end = app.on('status', draw);
    },
    hide() {
      end?.();
    }
  };
}
