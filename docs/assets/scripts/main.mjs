/** The one script of every page: it waits, and loads the others when they are needed. */

import { fix } from "./fixes.mjs";
import { awaitReader } from "./theme.mjs";

/** @param {string} name @returns {Promise<any>} */
const load = (name) => import(`./${name}.mjs`);

/** @param {Event} event @param {string} selector @returns {HTMLElement | null} */
const within = (event, selector) =>
  event.target instanceof Element ? event.target.closest(selector) : null;

const TERM = "a.term[data-definition]";
let touched = false;

/** A preview that does not load is only missing: the link is still there. */
const preview = (use) => load("preview").then(use, () => {});

/** @param {MouseEvent} event a click meant for this window and tab */
const isPlain = (event) =>
  event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/** A module that does not load must not make a link dead. */
function orFollow(href) {
  return () => location.assign(href);
}

/** @param {HTMLElement} button */
function notLoaded(button) {
  const status = button.closest(".run").querySelector(".run__status");
  status.textContent = "Run could not be loaded. Reload the page to try again.";
}

/** @param {Event} event @param {number} [by] a control of a simulator was used */
function step(event, by) {
  const root = within(event, ".simulator");
  const guess = within(event, ".simulator .guess");
  if (!root) return;
  load("simulator").then(({ show, answer }) => guess ? answer(root, guess) : show(root, by)).catch(() => {
    root.querySelector("output").textContent = "The frames could not be loaded. Reload the page to try again.";
  });
}

/** @param {Event} event @param {HTMLElement} answer of the questions before a re-run */
function goOn(event, answer) {
  event.preventDefault();
  const list = answer.closest(".stepper");
  // As a list, all of it works without a script.
  load("stepper").then(({ go }) => go(answer), () => list.classList.add("stepper--list"));
}

document.addEventListener("pointerover", (event) => {
  const term = within(event, TERM);
  if (term && event.pointerType !== "touch") preview(({ hover }) => hover(term));
});
document.addEventListener("focusin", (event) => {
  const term = within(event, TERM);
  // A tap focuses too, but not visibly.
  if (term?.matches(":focus-visible")) preview(({ focus }) => focus(term));
  openFilter(within(event, "form.catalogue-filter"));
});
document.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch"), true);
document.addEventListener("keydown", () => (touched = false), true);

document.addEventListener("click", (event) => {
  if (!isPlain(event) || event.defaultPrevented) return;
  const term = touched && within(event, TERM);
  const opener = within(event, "a.search-open");
  const button = within(event, ".run button");
  const stepper = within(event, "button[data-step]");
  const answer = within(event, ".stepper [data-go]");
  const mark = within(event, ":is(.done, .progress) > button");
  const naming = within(event, ".names button");
  if (answer) return goOn(event, answer);
  if (naming) return names(({ press }) => press(naming));
  if (mark) return progress(({ press }) => press(mark));
  if (stepper) return step(event, Number(stepper.dataset.step));
  if (within(event, ".simulator .guess summary")) return step(event);
  if (button) return load("run").then(({ press }) => press(button), () => notLoaded(button));
  if (!term && !opener) return;
  event.preventDefault();
  if (term) return load("preview").then(({ tap }) => tap(term), orFollow(term.href));
  // Not every browser focuses a link that is clicked; the focus has to come back to it.
  opener.focus();
  load("search").then(({ open }) => open(), orFollow(opener.href));
});

// Who has guessed sees what happened. A toggle does not bubble, so it is caught on its way down.
document.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.matches(".guess > .right, .guess > .wrong")) return;
  const reveal = target.parentElement.querySelector(":scope > .reveal"); // a simulator's question has none
  if (reveal) reveal.open = true;
  if (target.matches("#placement ~ * > *")) load("placement").then(({ answer }) => answer(target), () => {});
}, true);

// Of a diff, what comes after is copied. Material's own listener reads the attribute.
document.addEventListener("click", (event) => {
  const button = within(event, ".language-diff .md-clipboard");
  const lines = button?.closest(".language-diff").querySelector("code").textContent.trimEnd().split("\n");
  button?.setAttribute("data-clipboard-text", lines?.filter((line) => line[0] !== "-").map((line) => line.slice(1)).join("\n"));
}, true);

/** @param {KeyboardEvent} event */
function asksForSearch(event) {
  const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  const typing = within(event, "input, textarea, select, [contenteditable]");
  return chord || (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey);
}

document.addEventListener("keydown", (event) => {
  const opener = document.querySelector("a.search-open");
  if (!opener || !asksForSearch(event)) return;
  event.preventDefault();
  load("search").then(({ open }) => open(), orFollow(opener.href));
});

/** @param {HTMLFormElement | null} form */
function openFilter(form) {
  if (form) load("catalogue").then(({ mount }) => mount(form));
}
document.addEventListener("input", (event) => {
  openFilter(within(event, "form.catalogue-filter"));
  step(event);
  const field = within(event, ".names input");
  if (field) names(({ take }) => take(field));
});

/** What a reader has done stays in this browser; where it does not load, only the marks are missing. */
const progress = (use) => load("progress").then(use, () => {});

/** The reader's own names; where they do not load, the queries say the story's. */
const names = (use) => load("names").then(use, () => {});

/** Whether this browser keeps anything of the course; it may refuse to say. */
function remembers() {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith("course."));
  } catch {
    return false;
  }
}

/** What is kept is said wherever this page has a place for it. */
function recall() {
  const roots = document.querySelectorAll(".exercise:has(.run)");
  if (roots.length) load("exercise").then(({ recall }) => roots.forEach(recall), () => {});
  if (localStorage.getItem("course.names") && document.querySelector(".names")) names(({ show }) => show());
  if (document.querySelector(".cards, .continue, .done, .progress")) progress(({ show }) => show());
}

// Where the reader is in a chapter is of interest once they read on.
addEventListener("scroll", () => document.querySelector(".done") && progress(({ follow }) => follow()), { once: true, passive: true });

/** What a page needs as soon as it is there. */
function arrive() {
  fix();
  if (remembers()) recall();
  const filtered = /[?&](q|theme|tool)=/.test(location.search);
  if (filtered) openFilter(document.querySelector("form.catalogue-filter"));
  const host = document.querySelector(".search-page");
  if (host) load("search").then(({ mount }) => mount(host));
}

// Material announces each page here; without it this page is the only one.
if (window.document$) window.document$.subscribe(arrive);
else {
  arrive();
  awaitReader(fix);
}
