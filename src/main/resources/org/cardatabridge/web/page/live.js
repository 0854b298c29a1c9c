// SPDX-License-Identifier: Apache-2.0
// The newest state and points: server-sent events, and where they fail /api/status each 5 seconds.

const SILENT = 45000;
const POLL = 5000;
const AGAIN = 30000;
const UNSEEN = 60000;

/**
 * Listens for ever. `hears` has status(json), point(json), answers(boolean), and again() when points may have been
 * missed; `get` asks the bridge.
 * Returns { watch(vin or null), now() }.
 */
export function live(get, hears) {
  let source = null;
  let vin = null;
  let heard = 0;
  let tried = 0;
  let asking = false;
  let opening = 0;
  let resting = 0;

  function alive() {
    heard = Date.now();
    hears.answers(true);
  }

  function take(event, tell) {
    alive();
    try {
      tell(JSON.parse(event.data));
    } catch (e) {
      console.error('Reading an event', e);
    }
  }

  function open() {
    source?.close();
    tried = Date.now();
    const mine = new EventSource('api/events' + (vin ? '?vin=' + encodeURIComponent(vin) : ''));
    source = mine;
    mine.addEventListener('open', () => {
      if (mine === source) hears.again();
    });
    mine.addEventListener('status', event => take(event, hears.status));
    mine.addEventListener('point', event => take(event, hears.point));
    mine.addEventListener('error', () => {
      if (mine === source) ask();
    });
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      hears.status(await get('api/status'));
      hears.answers(true);
      return true;
    } catch (e) {
      hears.answers(Boolean(e.answered), e);
    } finally {
      asking = false;
    }
  }

  /** A browser has six connections for all pages of a server: one that nobody sees gives its own back. */
  function rest() {
    clearTimeout(opening);
    source?.close();
    source = null;
  }

  /** A tab that was opened in the background has never been seen. */
  function restWhileUnseen() {
    clearTimeout(resting);
    if (document.hidden) resting = setTimeout(rest, UNSEEN);
  }

  function care() {
    if (!source) return;
    const closed = source.readyState === EventSource.CLOSED;
    const flowing = source.readyState === EventSource.OPEN && Date.now() - heard < SILENT;
    if (flowing) return;
    ask().then(yes => yes && hears.again());
    if (Date.now() - tried > (closed ? AGAIN : SILENT)) open();
  }

  open();
  ask();
  setInterval(care, POLL);
  restWhileUnseen();
  document.addEventListener('visibilitychange', () => {
    restWhileUnseen();
    if (document.hidden) return;
    if (source) {
      care();
    } else {
      open();
      ask();
    }
  });
  return {
    watch(name) {
      if (name === vin) return;
      vin = name;
      clearTimeout(opening);
      opening = setTimeout(open, 50);
    },
    now: ask
  };
}
