/** An exercise on the page: the reader's program, graded in the browser, and kept there. */

import { Block } from "./run.mjs";

const DONE = "course.done"; // {"exercise:<course>/<chapter>/<idea>_exercise": "2026-03-14"}

/** @param {string} key @returns {string | null} nothing, where the browser keeps nothing */
function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string | null} value */
function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // It is kept as long as the page is.
  }
}

/** @returns {Record<string, string>} what is done, and since which day */
function done() {
  try {
    return JSON.parse(kept(DONE)) ?? {};
  } catch {
    return {};
  }
}

/** @param {HTMLElement} root @returns {string} where its work is kept */
const keyOf = (root) => `course.exercise:${root.dataset.exercise}`;

/** Says again what is kept of an exercise. @param {HTMLElement} root */
export function recall(root) {
  const since = done()[`exercise:${root.dataset.exercise}`];
  const parts = [since && `Done on ${since}.`, kept(keyOf(root)) !== null && "Your work is kept; Edit shows it."];
  root.querySelector(".run__status").textContent = parts.filter(Boolean).join(" ");
}

/** @param {string} text with code between backquotes @returns {(string | Element)[]} */
const marked = (text) =>
  text.split("`").map((part, number) => (number % 2 ? Object.assign(document.createElement("code"), { textContent: part }) : part));

export class Exercise extends Block {
  /** @param {HTMLElement} bar */
  constructor(bar) {
    super(bar);
    this.answer = this.root.querySelector(".exercise__answer");
    this.shown = this.root.querySelector(".highlight");
    this.given = this.shown.querySelector("code").textContent;
  }

  get root() {
    return this.bar.closest(".exercise");
  }

  get does() {
    return "check";
  }

  get isUntouched() {
    return super.isUntouched && kept(keyOf(this.root)) === null;
  }

  get work() {
    return this.editor?.value ?? kept(keyOf(this.root)) ?? this.given;
  }

  /** @param {string} what */
  notLoaded(what) {
    return `${what} could not be loaded. The command grades your work at home.`;
  }

  async task() {
    return { name: this.name, code: this.work, exercise: await this.program() };
  }

  async code() {
    return this.work;
  }

  check() {
    this.judge();
    const running = this.run();
    this.log.hidden = !this.log.hasChildNodes();
    return running;
  }

  /** Shows what the program prints, if it does. */
  show() {
    super.show();
    this.log.hidden = !this.log.hasChildNodes();
  }

  /** @param {object} message */
  hear(message) {
    if (!message.graded) return super.hear(message);
    this.judge(message.graded);
    this.end("Checked.");
  }

  /** @param {{passed: boolean, says: string}} [verdict] */
  judge(verdict) {
    this.answer.replaceChildren(...(verdict ? marked(verdict.says) : []));
    this.answer.dataset.passed = String(verdict?.passed);
    const name = `exercise:${this.root.dataset.exercise}`;
    const today = new Date().toISOString().slice(0, 10);
    if (verdict?.passed) keep(DONE, JSON.stringify({ [name]: today, ...done() }));
  }

  /** @param {import("./editor.mjs").Editor} editor */
  open(editor) {
    super.open(editor);
    this.shown.hidden = true;
    this.shown.before(editor.element);
  }

  /** @param {string} code */
  changed(code) {
    keep(keyOf(this.root), code === this.given ? null : code);
    this.reflect();
  }

  /** Back to what was given, if the reader means it. */
  reset() {
    if (kept(keyOf(this.root)) !== null && !confirm("Give up your work on this exercise?")) return;
    keep(keyOf(this.root), null);
    this.judge();
    this.shown.hidden = false;
    super.reset();
  }
}
