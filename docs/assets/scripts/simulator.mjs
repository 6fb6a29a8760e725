/** Steps through a simulator's recorded frames: it changes words, states and places, and adds no shape.
 *
 * What it changes, tooling/site/drawing.py drew; the sums are the same. */

/** @typedef {{text: string, state: string}} Cell */
/** @typedef {{step: string, rows: {cells: Cell[]}[], nodes: Record<string, string>, absent: string[][],
 *   at: number | null, mark: number[] | null, facts: Record<string, string>, log: string[]}} Frame */
/** @typedef {{lane: string, start: number, end: number, state: string, text: string}} Bar */
/** @typedef {{lane: string, at: number, state: string, text: string}} Happened */
/** @typedef {{choice: (string | number)[], bars: Bar[], events: Happened[], arrows: object[],
 *   lines: Record<string, number[][]>, thresholds: Record<string, number>, frames: Frame[]}} Run */
/** @typedef {{choices: {options: (string | number)[], unit?: string}[], graph?: {nodes: string[], edges: string[][]},
 *   axis?: Scale & {time?: boolean}, lanes?: string[], curve?: Scale & {lines: string[]}, runs: Run[]}} Simulation */
/** @typedef {{start?: number, end: number}} Scale */

/** @type {WeakMap<Element, Promise<Simulation>>} */
const recorded = new WeakMap();
/** @type {WeakSet<Element>} questions that the reader has answered */
const answered = new WeakSet();
const OPEN = ["idle", "waiting", "running"];

/** @param {HTMLElement} root @returns {Promise<Simulation>} fetched once; a failure may be tried again */
function simulationOf(root) {
  if (!recorded.has(root)) recorded.set(root, fetchSimulation(root));
  return recorded.get(root).catch((error) => (recorded.delete(root), Promise.reject(error)));
}

/** @param {HTMLElement} root */
async function fetchSimulation(root) {
  const answer = await fetch(new URL(root.dataset.frames, location.href));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return answer.json();
}

/** Shows the frame that the controls ask for. @param {HTMLElement} root @param {number} by steps to go */
export async function show(root, by = 0) {
  const simulation = await simulationOf(root);
  const number = chosen(root, simulation);
  const { frames } = simulation.runs[number];
  const slider = root.querySelector(".simulator__steps input");
  const wanted = Math.min(Math.max(Number(slider?.value ?? 0) + by, 0), frames.length - 1);
  const open = frames.findIndex((_, at) => at < wanted && isOpen(question(root, number, at)));
  const at = open < 0 ? wanted : open;
  if (slider) move(root, slider, at, frames.length - 1);
  ask(root, number, at, open >= 0);
  say(root, frames[at]);
  draw(root, simulation, simulation.runs[number], frames[at]);
}

/** Goes on to what a question asked for, unless it was answered early or the next one waits there.
 * @param {HTMLElement} root @param {HTMLElement} guess */
export async function answer(root, guess) {
  if (answered.has(guess)) return;
  answered.add(guess);
  const run = chosen(root, await simulationOf(root));
  const at = Number(root.querySelector(".simulator__steps input")?.value ?? 0);
  const goesOn = question(root, run, at) === guess && !isOpen(question(root, run, at + 1));
  await show(root, goesOn ? 1 : 0);
}

/** @param {HTMLElement} root @param {Simulation} simulation @returns {number} which run the controls ask for */
function chosen(root, { choices = [], runs }) {
  const groups = root.querySelectorAll("fieldset, .simulator__slider");
  const taken = [...groups].map((group, n) => {
    const slider = group.querySelector("input[type=range]");
    if (!slider) return group.querySelector("input:checked").value;
    const option = choices[n].options[Number(slider.value)];
    const text = `${option} ${choices[n].unit}`.trim();
    slider.setAttribute("aria-valuetext", text);
    group.querySelector("span").textContent = text;
    return option;
  });
  return runs.findIndex(({ choice }) => choice.every((option, n) => option === taken[n]));
}

/** @param {HTMLElement} root @param {HTMLInputElement} slider @param {number} at @param {number} last */
function move(root, slider, at, last) {
  slider.max = String(last);
  slider.value = String(at);
  for (const button of root.querySelectorAll("[data-step]")) {
    button.setAttribute("aria-disabled", String(at === (button.dataset.step < 0 ? 0 : last)));
  }
}

/** @param {HTMLElement} root @returns {HTMLElement | null} the question before the step after this one */
const question = (root, run, at) => root.querySelector(`.guess[data-at~="${run}.${at}"]`);

/** @param {Element | null} guess */
const isOpen = (guess) => guess !== null && !answered.has(guess);

/** Shows the question that stands here, else the last one passed, else the one to come.
 * @param {HTMLElement} root @param {boolean} held the reader wants to go past it */
function ask(root, run, at, held) {
  const here = [];
  for (const guess of root.querySelectorAll(".guess")) {
    const places = guess.dataset.at.split(" ").map((place) => place.split(".").map(Number));
    const place = places.find(([number]) => number === run);
    guess.classList.toggle("is-elsewhere", !place);
    guess.classList.remove("is-asked");
    if (place) here.push({ guess, frame: place[1] });
  }
  here.sort((one, other) => one.frame - other.frame);
  const asked = here.findLast(({ frame }) => frame <= at) ?? here[0];
  asked?.guess.classList.add("is-asked");
  if (held) asked.guess.querySelector("summary").focus();
}

/** @param {HTMLElement} root @param {Frame} frame */
function say(root, { step, facts = {}, log }) {
  root.querySelector(".simulator__steps input")?.setAttribute("aria-valuetext", step);
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

/** @param {HTMLElement} root @param {Simulation} simulation @param {Run} run @param {Frame} frame */
function draw(root, simulation, run, frame) {
  const { rows = [], nodes = {}, absent = [] } = frame;
  const cells = rows.flatMap((row) => row.cells);
  const drawn = (simulation.graph?.nodes ?? []).map((text) => ({ text, state: nodes[text] }));
  root.querySelectorAll(".drawing__cell").forEach((group, n) => mark(group, [...cells, ...drawn][n]));
  root.querySelectorAll(".drawing__edge").forEach((path, n) => {
    const [start, end] = simulation.graph.edges[n];
    path.toggleAttribute("data-absent", absent.some(([from, to]) => from === start && to === end));
  });
  const plot = root.querySelector(".drawing__plot");
  if (!plot) return;
  drawLanes(plot, simulation, run, frame.at ?? null);
  if (simulation.curve) drawCurve(plot, simulation, run, frame);
  const now = plot.querySelector(".drawing__now");
  if (now && reveal(now, frame.at != null)) {
    const x = along(frame.at, simulation.axis);
    set(now.querySelector("line"), { x1: percent(x), x2: percent(x) });
    beside(now.querySelector("text"), x, 5, isTurned(x));
  }
}

/** @param {Element} plot @param {Simulation} simulation @param {Run} run @param {number | null} at */
function drawLanes(plot, { lanes = [], axis }, { bars = [], events = [], arrows = [] }, at) {
  const tops = {};
  const track = { top: 0, foot: 0 };
  plot.querySelectorAll(".drawing__lane").forEach((group, n) => {
    const box = group.querySelector(".drawing__track");
    track.top = Number(box.getAttribute("y"));
    track.foot = track.top + Number(box.getAttribute("height"));
    tops[lanes[n]] = Number(group.dataset.y);
    const here = bars.filter(({ lane }) => lane === lanes[n]);
    group.querySelectorAll(".drawing__bar").forEach((g, i) => drawBar(g, here[i], axis, at));
    const happened = events.filter(({ lane }) => lane === lanes[n]);
    group.querySelectorAll(".drawing__event").forEach((g, i) => drawEvent(g, happened[i], axis, at));
  });
  plot.querySelectorAll(".drawing__message").forEach((line, n) => {
    if (!reveal(line, n in arrows && (at === null || arrows[n].end[1] <= at))) return;
    const [[lane, start], [other, end]] = [arrows[n].start, arrows[n].end];
    const down = tops[lane] < tops[other];
    set(line, { x1: percent(along(start, axis)), x2: percent(along(end, axis)) });
    set(line, { y1: tops[lane] + (down ? track.foot : track.top), y2: tops[other] + (down ? track.top : track.foot) });
  });
}

/** @param {SVGGElement} group @param {Bar | undefined} bar @param {Scale} axis @param {number | null} at */
function drawBar(group, bar, axis, at) {
  if (!reveal(group, bar && (at === null || bar.start <= at))) return;
  const now = at ?? bar.end;
  mark(group, { text: bar.text ?? "", state: now < bar.end && !OPEN.includes(bar.state) ? "running" : bar.state });
  const [x, end] = [along(bar.start, axis), along(Math.min(bar.end, now), axis)];
  const edge = isTurned(x) ? along(bar.end, axis) : x;
  set(group.querySelector("rect"), { x: percent(x), width: percent(end - x) });
  set(group.querySelector("use"), { x: percent(edge), transform: `translate(${isTurned(x) ? -12 : 4} 0)` });
  beside(group.querySelector("text"), edge, 16, isTurned(x));
}

/** @param {SVGGElement} group @param {Happened | undefined} event @param {Scale} axis @param {number | null} at */
function drawEvent(group, event, axis, at) {
  if (!reveal(group, event && (at === null || event.at <= at))) return;
  mark(group, { text: event.text ?? "", state: event.state });
  const x = along(event.at, axis);
  set(group.querySelector("line"), { x1: percent(x), x2: percent(x) });
  set(group.querySelector("use"), { x: percent(x), transform: `translate(${isTurned(x) ? -12 : 4} 0)` });
  beside(group.querySelector("text"), x, 16, isTurned(x));
}

/** @param {Element} plot @param {Simulation} simulation @param {Run} run @param {Frame} frame */
function drawCurve(plot, { axis, curve }, { lines, thresholds = {} }, { at, mark: point }) {
  plot.querySelectorAll(".drawing__line").forEach((line, n) => {
    line.setAttribute("points", lines[curve.lines[n]].map((one) => one.join()).join(" "));
  });
  const known = (axis.time ?? true) && at != null ? at : axis.end;
  set(plot.querySelector("clipPath rect"), { width: known - axis.start });
  const up = (value) => percent(round(100 - along(value, curve)));
  plot.querySelectorAll(".drawing__threshold").forEach((group, n) => {
    const y = up(Object.values(thresholds)[n]);
    set(group.querySelector("line"), { y1: y, y2: y });
    set(group.querySelector("text"), { y });
  });
  const circle = plot.querySelector(".drawing__point");
  if (reveal(circle, point)) set(circle, { cx: percent(along(point[0], axis)), cy: up(point[1]) });
}

/** @param {Element} group @param {Cell} cell */
function mark(group, { text, state }) {
  const use = group.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/[^-]*$/, state));
  group.dataset.state = state;
  group.querySelector("text").textContent = text;
}

/** @param {Element} element @param {unknown} shown @returns {boolean} */
function reveal(element, shown) {
  if (shown) element.removeAttribute("display");
  else element.setAttribute("display", "none");
  return Boolean(shown);
}

/** @param {Element} element @param {Record<string, string | number>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** @param {Element} text @param {number} place @param {number} gap @param {boolean} left */
const beside = (text, place, gap, left) =>
  set(text, { x: percent(place), dx: left ? -gap : gap, "text-anchor": left ? "end" : "start" });

const round = (number) => Math.round(number * 100) / 100;
const percent = (number) => `${round(number)}%`;
/** @param {number} at @param {Scale} scale @returns {number} in hundredths of it */
const along = (at, { start = 0, end }) => round((100 * (at - start)) / (end - start));
/** @param {number} place what begins here has its text to the left */
const isTurned = (place) => place > 55;
