/** An input with a list of results: the ARIA combobox, in plain DOM. */

const KINDS = {
  term: "Term",
  symptom: "Symptom",
  chapter: "Chapter",
  lab: "Lab",
  course: "Course",
  track: "Track",
  page: "Page",
};

/**
 * @typedef {import("./search-worker.mjs").Result} Result
 * @typedef {import("./search-worker.mjs").Answer} Answer
 */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, string>} attributes @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {URL} root @param {string} url */
function option(root, url, className, ...children) {
  const href = new URL(url, root).href;
  // A real link, so that opening it in a new tab works; the arrow keys reach it, Tab does not.
  return make("a", { class: className, role: "option", tabindex: "-1", href }, ...children);
}

/**
 * @param {Result} result @param {URL} root @param {boolean} fits or it is a guess, and says so
 * @returns {HTMLElement[]} the row and its sections
 */
function draw(result, root, fits) {
  const title = make("span", { class: "search__title" }, result.title);
  const kind = make("span", { class: "search__kind" }, KINDS[result.kind] ?? KINDS.page);
  const guess = fits ? [] : [make("span", { class: "guess" }, "Guess"), " "];
  const head = make("span", { class: "search__head" }, ...guess, title, " ", kind);
  const pieces = result.excerpt.map(({ text, mark }) => (mark ? make("mark", {}, text) : text));
  const excerpt = make("span", { class: "search__excerpt" }, ...pieces);
  const section = result.heading && make("span", { class: "search__section" }, result.heading);
  const parts = [head, section, excerpt].filter(Boolean);
  const more = (fits ? result.more : []).map(({ url, heading }) =>
    option(root, url, "search__option search__option--more", heading),
  );
  return [option(root, result.url, "search__option", ...parts), ...more];
}

/** @param {URL} root @param {Record<string, string>} sights @returns {HTMLElement} the other way in */
function waysIn(root, sights) {
  const link = ([url, name]) => make("li", {}, make("a", { href: new URL(url, root).href }, name));
  const list = make("ul", {}, ...Object.entries(sights).map(link));
  return make("nav", { class: "ways-in", "aria-label": "By what you see" }, "Or go by what you see:", list);
}

/** @param {string} text @param {Answer} answer */
function say(text, { total, results, fits }) {
  const shown = results.length;
  if (!total) return `Nothing found for “${text}”. Try fewer or other words.`;
  if (!fits) return `Nothing fits “${text}” well. ${shown === 1 ? "This is a guess." : `These ${shown} are guesses.`}`;
  if (total > shown) return `The first ${shown} of ${total} results`;
  return total === 1 ? "1 result" : `${total} results`;
}

/**
 * The keys of a list under an input.
 * @param {HTMLInputElement} input @param {HTMLElement} list @param {() => Promise<void>} settled
 */
function walk(input, list, settled) {
  const active = () => list.querySelector("[aria-selected=true]");
  const choose = (target) => {
    active()?.removeAttribute("aria-selected");
    target?.setAttribute("aria-selected", "true");
    if (target) input.setAttribute("aria-activedescendant", target.id);
    else input.removeAttribute("aria-activedescendant");
    target?.scrollIntoView({ block: "nearest" });
  };
  const to = {
    ArrowDown: () => active()?.nextElementSibling ?? list.firstElementChild,
    ArrowUp: () => (active() ? active().previousElementSibling : list.lastElementChild),
    Home: () => list.firstElementChild,
    End: () => list.lastElementChild,
  };
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    // A quick Enter waits for the answer to the last key.
    if (key === "Enter") settled().then(() => (active() ?? list.firstElementChild)?.click());
    // Home and End belong to the text until the list is entered.
    else if (to[key] && (key.startsWith("Arrow") || active())) choose(to[key]());
    else return;
    event.preventDefault();
  });
}

let boxes = 0;

const HINT = "Terms, symptoms, chapters. Old names and typing errors are fine.";

/**
 * @param {(text: string) => Promise<Answer>} ask
 * @param {URL} root @param {(text: string) => void} [remember] is told each query
 * @returns {HTMLElement}
 */
export function searchBox(ask, root, remember = () => {}) {
  const id = `search-${++boxes}`;
  const input = make("input", {
    ...{ id, type: "search", role: "combobox", autocomplete: "off", spellcheck: "false" },
    ...{ "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list` },
    ...{ autocapitalize: "none", enterkeyhint: "go" },
  });
  const label = make("label", { class: "search__label", for: id }, "Search the course");
  const status = make("p", { class: "search__status", role: "status" }, HINT);
  const list = make("div", { class: "search__list", id: `${id}-list`, role: "listbox" });
  list.setAttribute("aria-label", "Results");
  list.hidden = true;
  const below = make("div");

  /** @param {string} message @param {HTMLElement[]} options @param {HTMLElement[]} others */
  const show = (message, options = [], others = []) => {
    options.forEach((each, i) => (each.id = `${id}-${i}`));
    list.replaceChildren(...options);
    list.hidden = !options.length;
    below.replaceChildren(...others);
    input.setAttribute("aria-expanded", String(options.length > 0));
    input.removeAttribute("aria-activedescendant");
    if (status.textContent !== message) status.textContent = message;
  };
  const answer = async () => {
    const text = input.value.trim();
    remember(text);
    if (!text) return show(HINT);
    try {
      const found = await ask(text);
      // A later key may have been answered already.
      if (text !== input.value.trim()) return;
      const options = found.results.flatMap((each) => draw(each, root, found.fits));
      show(say(text, found), options, found.fits ? [] : [waysIn(root, found.sights)]);
    } catch {
      show("The search could not be loaded. Reload the page to try again.");
    }
  };
  let settled = Promise.resolve();
  input.addEventListener("input", () => (settled = answer()));
  walk(input, list, () => settled);
  return make("div", { class: "search" }, label, input, status, list, below);
}
