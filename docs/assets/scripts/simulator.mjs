/** Steps through a simulator's recorded frames: it changes words and states, and draws nothing. */

/** @typedef {{text: string, state: string}} Cell */
/** @typedef {{step: string, rows: {cells: Cell[]}[], facts: Record<string, string>, log: string[]}} Frame */
/** @typedef {{choice: string[], frames: Frame[]}} Run */

/** @type {WeakMap<Element, Promise<Run[]>>} */
const recorded = new WeakMap();

/** @param {HTMLElement} root @returns {Promise<Run[]>} fetched once; a failure may be tried again */
function runsOf(root) {
  if (!recorded.has(root)) recorded.set(root, fetchRuns(root));
  return recorded.get(root).catch((error) => (recorded.delete(root), Promise.reject(error)));
}

/** @param {HTMLElement} root */
async function fetchRuns(root) {
  const answer = await fetch(new URL(root.dataset.frames, location.href));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return (await answer.json()).runs;
}

/** Shows the frame that the controls ask for. @param {HTMLElement} root @param {number} by steps to go */
export async function show(root, by = 0) {
  const taken = [...root.querySelectorAll("input:checked")].map((input) => input.value);
  const runs = await runsOf(root);
  const { frames } = runs.find(({ choice }) => choice.every((option, n) => option === taken[n]));
  const slider = root.querySelector("input[type=range]");
  slider.max = String(frames.length - 1);
  const at = Math.min(Math.max(Number(slider.value) + by, 0), frames.length - 1);
  slider.value = String(at);
  for (const button of root.querySelectorAll("[data-step]")) {
    button.setAttribute("aria-disabled", String(at === (button.dataset.step < 0 ? 0 : frames.length - 1)));
  }
  say(root, slider, frames[at]);
  draw(root.querySelector("svg"), frames[at].rows.flatMap(({ cells }) => cells));
}

/** @param {HTMLElement} root @param {HTMLInputElement} slider @param {Frame} frame */
function say(root, slider, { step, facts, log }) {
  slider.setAttribute("aria-valuetext", step);
  root.querySelector("output").textContent = step;
  const told = root.querySelector(".simulator__told");
  told.style.minHeight = `${told.offsetHeight}px`; // what is below should not jump up and down
  told.querySelectorAll("dd").forEach((dd, n) => (dd.textContent = Object.values(facts)[n]));
  told.querySelector("ol").replaceChildren(...log.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
}

/** @param {SVGElement} svg @param {Cell[]} cells */
function draw(svg, cells) {
  svg.querySelectorAll(".simulator__cell").forEach((group, n) => {
    const use = group.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(group.dataset.state, cells[n].state));
    group.dataset.state = cells[n].state;
    group.querySelector("text").textContent = cells[n].text;
  });
}
