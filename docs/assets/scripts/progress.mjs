/** What a reader has done and where they were: kept in this browser, and sent nowhere. */

const ROOT = new URL("../../", import.meta.url);
const DONE = "course.done";
const LAST = "course.last";
const OURS = /^course\./;
const WORK = /^course\.exercise:[\w/-]+$/; // a reader's own program, kept by exercise.mjs
const KEY = /^(chapter|exercise|room):[\w-]+(\/[\w.-]+)*$/;
const PAGE = /^[\w-]+(\/[\w-]+)*$/;
const PLACE = /^(#[\w-]+)?$/;

/**
 * @typedef {Record<string, string>} Done  the day on which each thing was marked, by its key
 * @typedef {{page: string, at: string, title: string, section: string}} Last
 */

/** @param {string} key @returns {any} what is stored, or an empty object */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {}; // it is refused, or no JSON
  }
}

/** @param {string} key @param {unknown} value @returns {boolean} whether it could be kept */
function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** @param {unknown} found @returns {Done} what of it has the right form */
function asDone(found) {
  const rows = Object.entries(Object(found));
  return Object.fromEntries(rows.filter(([key, day]) => KEY.test(key) && !Number.isNaN(Date.parse(day))));
}

/** @param {any} found @returns {Last | undefined} */
function asLast(found) {
  const { page, at = "", title, section = "" } = Object(found);
  const fits = PAGE.test(page) && PLACE.test(at) && typeof title === "string" && typeof section === "string";
  return fits ? { page, at, title, section } : undefined;
}

/**
 * Marks a chapter, an exercise or a room, or takes the mark back.
 * @param {string} key such as `chapter:<course>/<chapter>` or `exercise:<path>`
 * @param {boolean} [done]
 * @returns {boolean} whether this browser keeps it
 */
export function mark(key, done = true) {
  const { [key]: old, ...others } = asDone(read(DONE));
  const today = new Date().toISOString().slice(0, 10);
  const kept = write(DONE, done ? { ...others, [key]: old ?? today } : others);
  show();
  return kept;
}

/** @param {string} id @param {string} [at] */
const addressOf = (id, at = "") => new URL(`${id}/${at}`, ROOT).href;

/** @param {HTMLAnchorElement} link @returns {string} the id of the page that it leads to */
const idOf = (link) => link.href.startsWith(ROOT.href) ? link.href.slice(ROOT.href.length).replace(/\/?(#.*)?$/, "") : "";

/** @param {string} tag @param {string} className @param {string} text */
function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Shows what is stored wherever this page has a place for it. Safe to call again. */
export function show() {
  const done = asDone(read(DONE));
  document.querySelectorAll(".cards > li").forEach((row) => showRow(row, done));
  document.querySelectorAll("a[data-key]").forEach((link) => setMark(link, link, done[link.dataset.key]));
  document.querySelectorAll(".done").forEach((bar) => showButton(bar, done));
  document.querySelectorAll(".continue").forEach(showContinue);
  document.querySelectorAll(".progress").forEach((bar) => showTotals(bar, done));
}

/** @param {Element} row of a list of chapters @param {Done} done */
function showRow(row, done) {
  const link = row.querySelector(".card-title a");
  if (link) setMark(row, link, done[`chapter:${idOf(link)}`]);
}

/** Marks what is done for the eye, and behind its link for the ear.
 * @param {Element} marked @param {Element} link @param {string | undefined} day
 */
function setMark(marked, link, day) {
  marked.classList.toggle("is-done", Boolean(day));
  if (link.nextElementSibling?.matches(".said")) link.nextElementSibling.remove();
  if (day) link.after(make("span", "said", " (done)"));
}

/** @param {HTMLElement} bar @param {Done} done */
function showButton(bar, done) {
  const is = Boolean(done[`chapter:${bar.dataset.chapter}`]);
  bar.querySelector("button").setAttribute("aria-pressed", String(is));
}

/** @param {HTMLElement} line */
function showContinue(line) {
  const last = asLast(read(LAST));
  line.replaceChildren();
  if (!last) return;
  const link = make("a", "", last.section ? `${last.title}, ${last.section}` : last.title);
  link.href = addressOf(last.page, last.at);
  line.append("Continue: ", link);
}

/** @param {HTMLElement} bar @param {Done} done */
function showTotals(bar, done) {
  const counts = ["chapter", "exercise", "room"].map((kind) => {
    const number = Object.keys(done).filter((key) => key.startsWith(`${kind}:`)).length;
    return number ? `${number} ${kind}${number === 1 ? "" : "s"}` : "";
  });
  say(bar, `${counts.filter(Boolean).join(", ") || "Nothing"} done on this device.`);
}

/** @param {Element} bar @param {string} text */
const say = (bar, text) => (bar.querySelector("[role=status]").textContent = text);

/** @param {HTMLButtonElement} button that was pressed */
export function press(button) {
  const bar = button.parentElement;
  if (!bar.matches(".progress")) return toggle(button, bar);
  ({ export: save, import: restore, erase })[button.dataset.do]?.(bar);
}

/** @param {HTMLButtonElement} button @param {HTMLElement} bar */
function toggle(button, bar) {
  const is = button.getAttribute("aria-pressed") !== "true";
  const kept = mark(`chapter:${bar.dataset.chapter}`, is);
  if (!kept) return say(bar, "This browser keeps nothing for this site.");
  say(bar, "");
  if (!is) return;
  const link = make("a", "", "Your progress");
  link.href = addressOf("progress");
  bar.querySelector("[role=status]").append("Kept in this browser only. ", link);
}

/** Notes which section is being read, for *Continue*: the last one that began above the middle. */
export function follow() {
  const { chapter: page } = document.querySelector(".done").dataset;
  const title = words(document.querySelector("h1"));
  const headings = [...document.querySelectorAll("article > h2[id]")];
  const note = () => {
    const here = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 2);
    if (here) write(LAST, { page, at: `#${here.id}`, title, section: words(here) });
  };
  let waiting;
  addEventListener("scroll", () => (waiting ??= setTimeout(() => (waiting = note()), 300)), { passive: true });
  note();
}

/** @param {Element} heading @returns {string} its words, without the link to itself */
function words(heading) {
  const copy = heading.cloneNode(true);
  copy.querySelectorAll(".headerlink").forEach((link) => link.remove());
  return copy.textContent.trim();
}

/** @returns {Record<string, string>} the reader's own programs, by their keys */
function work() {
  const keys = Object.keys(localStorage).filter((key) => WORK.test(key));
  return Object.fromEntries(keys.map((key) => [key, localStorage.getItem(key)]));
}

/** Gives the reader a file of all that is kept. */
function save() {
  const kept = { done: asDone(read(DONE)), last: asLast(read(LAST)) ?? null, work: work() };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(kept, null, 1)], { type: "application/json" }));
  link.download = "course-progress.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** @param {HTMLElement} bar takes a file that was exported; what is here already stays */
function restore(bar) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.addEventListener("change", async () => {
    try {
      add(JSON.parse(await input.files[0].text()));
      show();
    } catch {
      say(bar, "This is no file that was exported here. Nothing has changed.");
    }
  });
  input.click();
}

/** @param {any} file as `save` writes it, perhaps changed by hand since */
function add({ done, last, work: programs }) {
  write(DONE, { ...asDone(done), ...asDone(read(DONE)) });
  if (asLast(last) && !asLast(read(LAST))) write(LAST, asLast(last));
  for (const [key, program] of Object.entries(Object(programs))) {
    const fits = WORK.test(key) && typeof program === "string";
    if (fits && localStorage.getItem(key) === null) localStorage.setItem(key, program);
  }
}

/** @param {HTMLElement} bar forgets all that this course keeps here, answers included */
function erase(bar) {
  if (!confirm("Erase all that this course keeps in this browser? It cannot be brought back.")) return;
  Object.keys(localStorage).filter((key) => OURS.test(key)).forEach((key) => localStorage.removeItem(key));
  show();
  say(bar, "Erased. Nothing is kept on this device.");
}
