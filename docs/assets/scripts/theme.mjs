/**
 * The theme's own script, a third of a page's bytes, comes with the reader's first move: nobody
 * needs it to read. What it would have answered meanwhile is asked again once it is there.
 */

const FIRST = ["pointermove", "pointerdown", "keydown", "focusin", "wheel", "scroll", "hashchange"];
const KEYS = ["Enter", "n", "p", ",", "."]; // those that it answers to

/** @type {HTMLScriptElement | null} put there by tooling/site/postprocess.py */
const late = document.querySelector("script[data-late]");
/** @type {Event[]} */
let missed = [];

/** @param {Event} event a key, or a tab that was chosen: the rest needs no script */
function keep(event) {
  const tab = event.target.matches?.(".tabbed-set > input");
  if (tab || KEYS.includes(event.key)) missed.push(event);
}

/** @param {Event} event @returns {boolean} whether it was not answered by one of ours */
const isOpen = (event) => !event.defaultPrevented && event.target.isConnected;

/** @param {Event} event */
const again = (event) => event.target.dispatchEvent(new event.constructor(event.type, event));

/** @param {() => void} ready */
function arrived(ready) {
  // It waits for this event, which has passed.
  document.dispatchEvent(new Event("DOMContentLoaded"));
  ready();
  // Its tabs listen only after the tasks that are waiting now.
  setTimeout(() => {
    removeEventListener("keydown", keep);
    removeEventListener("change", keep);
    missed.filter(isOpen).forEach(again);
    missed = [];
  });
}

/** Loads the theme's script at the first move. @param {() => void} ready is called after that */
export function awaitReader(ready) {
  if (!late) return;
  const stop = new AbortController();
  const load = () => {
    stop.abort();
    const script = document.createElement("script");
    script.src = late.dataset.late;
    script.addEventListener("load", () => arrived(ready));
    // Without a network the page is still readable; the next move tries again.
    script.addEventListener("error", () => (script.remove(), awaitReader(ready)));
    document.body.append(script);
  };
  // What the address names has to be shown at once, also inside of a tab or a fold.
  if (location.hash) return load();
  const options = { capture: true, passive: true, signal: stop.signal };
  for (const type of FIRST) addEventListener(type, load, options);
  addEventListener("keydown", keep);
  addEventListener("change", keep);
}
