/** What was asked lives in the address: it can be sent, and Back returns to it. */

const PAUSE = 150; // browsers limit how often an address may change

/** @type {Record<string, string> | undefined} */
let pending;
let timer = 0;

/** @param {Record<string, string>} state an empty value leaves the address */
export function remember(state) {
  pending = state;
  clearTimeout(timer);
  timer = setTimeout(write, PAUSE);
}

function write() {
  if (!pending) return;
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(pending)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  pending = undefined;
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

// A link followed at once must not leave an old address behind.
document.addEventListener("click", write, true);
