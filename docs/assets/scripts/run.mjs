/** Runs the programs of a page in the browser: as they were tested, or as the reader edits them. */

const LIMIT = 20; // seconds

/** @typedef {{text: string, error: boolean}} Part of what a program prints */

/** @type {Worker | undefined} */
let worker;
/** @type {Block | undefined} what runs now: one program at a time */
let current;
/** @type {WeakMap<Element, Block>} */
const blocks = new WeakMap();

/** One worker for all programs of the page; it dies only when a program has to be stopped. */
function start() {
  // From a blob, which inherits the page's policy: no program can reach another host.
  const from = JSON.stringify(new URL("run-worker.mjs", import.meta.url));
  const url = URL.createObjectURL(new Blob([`import ${from};`], { type: "text/javascript" }));
  worker = new Worker(url, { type: "module" });
  worker.addEventListener("message", ({ data }) => (URL.revokeObjectURL(url), current?.hear(data)));
  worker.addEventListener("error", () => current?.halt(current.notLoaded("Python")));
}

/** @param {string} text @param {string} name @param {Block} block @returns {HTMLButtonElement} */
function makeButton(text, name, block) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.dataset.do = text.toLowerCase();
  button.setAttribute("aria-label", `${text} ${name}`);
  block.bar.append(button);
  return button;
}

/** @param {Part[]} parts @returns {(string | Element)[]} text, and elements where it is an error */
function joined(parts) {
  const pieces = [];
  for (const { text, error } of parts) {
    const span = error && document.createElement("span");
    if (span) Object.assign(span, { className: "run__error", textContent: text });
    if (!span && typeof pieces.at(-1) === "string") pieces.push(pieces.pop() + text);
    else pieces.push(span || text);
  }
  return pieces;
}

/** A program on the page: its buttons, its editor and what it prints. */
export class Block {
  /** @type {import("./editor.mjs").Editor | undefined} */
  editor;
  /** @type {number | undefined} */
  timer;
  turn = 0; // how often it was run
  /** @type {Part[]} */
  unshown = [];
  /** @type {number | undefined} */
  frame;

  /** @param {HTMLElement} bar */
  constructor(bar) {
    this.bar = bar;
    this.link = bar.previousElementSibling.querySelector("a");
    this.name = this.link.textContent;
    this.status = bar.querySelector(".run__status");
    this.log = document.createElement("pre");
    this.log.className = "run__log";
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-label", `Output of ${this.name}`);
    this.log.tabIndex = 0; // it may scroll
    this.log.hidden = true;
    bar.after(this.log);
    this.buttons = Object.fromEntries([...bar.querySelectorAll("button")].map((b) => [b.dataset.do, b]));
    for (const text of ["Stop", "Reset"]) {
      this.buttons[text.toLowerCase()] = makeButton(text, this.name, this);
    }
    bar.append(this.status);
    this.reflect();
  }

  /** @returns {string} the button that has Python work */
  get does() {
    return "run";
  }

  /** @returns {boolean} whether there is nothing to reset */
  get isUntouched() {
    return !this.editor && this.log.hidden;
  }

  /** @param {string} what @returns {string} what is said where it does not load */
  notLoaded(what) {
    return `${what} could not be loaded. The recorded output stands; the command runs it at home.`;
  }

  /** A button that has nothing to do says so, and keeps the focus. */
  reflect() {
    const idle = { [this.does]: current === this, stop: current !== this, reset: this.isUntouched };
    for (const [name, off] of Object.entries(idle)) {
      this.buttons[name].setAttribute("aria-disabled", String(off));
    }
  }

  /** @param {string} text told politely to who cannot see it */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** @returns {Promise<string>} the program as it was tested, to the byte */
  async program() {
    const { integrity } = this.bar.dataset;
    const response = await fetch(this.link.href, { integrity, cache: "no-cache" });
    return response.text();
  }

  /** @returns {Promise<string>} what stands in the editor, or will */
  async code() {
    return this.editor?.value ?? this.program();
  }

  /** @returns {Promise<object>} what the worker is to do */
  async task() {
    return { name: this.name, code: await this.code() };
  }

  async run() {
    if (current) return this.say(`${current.name} is still running. Stop it first.`);
    current = this;
    const turn = ++this.turn;
    this.log.replaceChildren();
    this.log.hidden = false;
    this.say(worker ? "Starting." : "Loading Python, about 7 MB, once.");
    this.reflect();
    try {
      const task = await this.task();
      if (turn !== this.turn || current !== this) return; // stopped meanwhile
      if (!worker) start();
      worker.postMessage(task);
    } catch {
      this.end(this.notLoaded(this.name));
    }
  }

  /** @param {object} message what the worker says of this program */
  hear({ loaded, running, printed, ended, well, failed }) {
    if (loaded) this.say(`Loading Python, about 7 MB, once: ${25 * Math.floor(4 * loaded)} %`);
    if (running) {
      this.say("Running.");
      this.timer = setTimeout(() => this.halt(`Stopped: ${LIMIT} seconds are the limit here.`), LIMIT * 1000);
    }
    if (printed) this.print(printed);
    if (ended) this.end(well ? "Finished." : "Ended with an error.");
    if (failed) this.halt(this.timer ? "Python broke down. Try again." : this.notLoaded("Python"));
  }

  /** Shows output once a frame: laying it out is what takes the time. @param {Part[]} parts */
  print(parts) {
    this.unshown.push(...parts);
    this.frame ??= requestAnimationFrame(() => this.show());
  }

  show() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    if (!this.unshown.length) return;
    const { scrollTop, clientHeight, scrollHeight } = this.log;
    this.log.append(...joined(this.unshown.splice(0)));
    if (scrollTop + clientHeight >= scrollHeight - 8) this.log.scrollTop = this.log.scrollHeight;
  }

  /** A program cannot be interrupted from outside; its worker can. @param {string} why */
  halt(why) {
    worker?.terminate();
    worker = undefined;
    this.end(why);
  }

  /** @param {string} why */
  end(why) {
    this.show();
    clearTimeout(this.timer);
    this.timer = current = undefined;
    this.say(why);
    this.reflect();
  }

  stop() {
    if (current === this) this.halt("Stopped.");
  }

  async edit() {
    if (!this.editor) {
      const loaded = Promise.all([this.code(), import("./editor.mjs")]);
      const [code, module] = await loaded.catch(() => []);
      if (!module) return this.say(this.notLoaded(this.name));
      const changed = (text) => this.changed(text);
      if (!this.editor) this.open(new module.Editor(code, `Program ${this.name}`, changed));
      this.reflect();
    }
    this.editor.focus();
  }

  /** @param {import("./editor.mjs").Editor} editor */
  open(editor) {
    this.editor = editor;
    this.bar.before(editor.element);
  }

  /** The reader has typed; what was not tested is not kept. */
  changed() {}

  /** Back to how the page came. */
  reset() {
    this.stop();
    this.editor?.remove();
    this.editor = undefined;
    this.log.hidden = true;
    this.log.replaceChildren();
    this.say("");
    this.reflect();
  }
}

/** @param {HTMLButtonElement} button of a bar */
export async function press(button) {
  const bar = button.closest(".run");
  const Kind = bar.closest(".exercise") ? (await import("./exercise.mjs")).Exercise : Block;
  if (!blocks.has(bar)) blocks.set(bar, new Kind(bar));
  if (button.ariaDisabled !== "true") blocks.get(bar)[button.dataset.do]();
}
