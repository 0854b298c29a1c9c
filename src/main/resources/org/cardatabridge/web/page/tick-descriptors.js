// Ticks every descriptor in the list that is open in BMW's CarData portal, one after another. It clicks
// boxes, opens folded groups and scrolls; it reads no data and sends nothing. Stop it: window.stopTicking = true
(async () => {
  window.stopTicking = false;
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const seen = node => node.getClientRects().length > 0;
  const list = () => [...document.querySelectorAll('dialog[open], [role="dialog"], [aria-modal="true"]')]
    .filter(seen).pop() || document.querySelector('main') || document.body;
  const ticked = box => box.checked || box.getAttribute('aria-checked') === 'true';
  const open = () => [...list().querySelectorAll('input[type="checkbox"], [role="checkbox"]')].filter(box =>
    !ticked(box) && !box.disabled && box.getAttribute('aria-disabled') !== 'true' && box.getAttribute('role') !== 'switch');
  const more = () => {
    const folded = [...list().querySelectorAll('[aria-expanded="false"]:not([aria-haspopup]):not([role="combobox"])')].filter(seen);
    const next = [...list().querySelectorAll('button')].filter(button => seen(button) && !button.disabled
      && /^\s*(load|show) more|^\s*(mehr|weitere)\s+(laden|anzeigen)/i.test(button.textContent));
    [...folded, ...next].forEach(node => node.click());
    [list(), ...list().querySelectorAll('*')].filter(node => node.scrollHeight > node.clientHeight + 20)
      .forEach(node => { node.scrollTop += node.clientHeight * 0.8; });
  };
  if (!open().length) more();
  await wait(700);
  if (!confirm('Tick all descriptors of the open list? Found so far: ' + open().length)) return;
  let count = 0;
  for (let idle = 0, stuck = 0; idle < 12 && stuck < 20 && !window.stopTicking;) {
    const box = open()[stuck];
    if (!box) {
      idle += 1;
      stuck = 0;
      more();
      await wait(600);
      continue;
    }
    box.scrollIntoView({ block: 'center' });
    box.click();
    for (let tries = 0; tries < 5 && !ticked(box); tries += 1) await wait(100);
    await wait(60);
    if (box.isConnected && !ticked(box)) {
      (box.closest('label') || document.querySelector('label[for="' + CSS.escape(box.id) + '"]') || box).click();
      await wait(250);
    }
    if (box.isConnected && !ticked(box)) stuck += 1;
    else { count += 1; idle = 0; }
  }
  console.log('Ticked ' + count + ', not ticked ' + open().length + '. Now save in the portal.');
})();
