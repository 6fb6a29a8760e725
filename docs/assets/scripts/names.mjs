/**
 * The reader's own names in the queries and commands: kept in this browser, and sent nowhere.
 * The build has marked where each goes and how it is written there (tooling/site/names.py).
 */

const STORE = "course.names";
const LONGEST = 250;
const DATE = /^(19|20)\d\d-\d\d-\d\d$/;
const DAY = 86_400_000; // milliseconds
const RESERVED = new Set(
  ("all analyse analyze and any array as asc both case cast check collate column constraint create current_date default desc distinct "
    + "do else end except false fetch for foreign from grant group having in index initially intersect into is join leading like limit not "
    + "null offset on or order primary references returning row select set some table then to trailing true union unique update user using "
    + "values when where window with").split(" "),
);

/** As Python's shlex.quote does. @param {string} text */
const quoted = (text) => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;

/** A part of a table's name: quoted where the database would read it otherwise. @param {string} part */
const identifier = (part) => {
  const plain = /^([a-z_][a-z0-9_]*|[A-Z_][A-Z0-9_]*)$/.test(part) && !RESERVED.has(part.toLowerCase());
  return plain ? part : `"${part.replaceAll('"', '""')}"`;
};

/** How a text is written in each language, by the names that the build gives them. */
const WAYS = {
  ident: (text) => text.split(".").map(identifier).join("."),
  sql: (text) => text.replaceAll("'", "''"), // in a string
  json: (text) => JSON.stringify(text).slice(1, -1), // in a string, of jq as well
  url: encodeURIComponent,
  word: quoted,
  sq: (text) => text.replaceAll("'", `'"'"'`), // between the shell's single quotes
  dq: (text) => quoted(text) === text ? text : `"${quoted(text)}"`, // its double quotes end, and begin again
};

/**
 * @param {string} text a name as the reader gave it
 * @param {string} ways from the innermost language outwards, such as `json sq`
 */
export const written = (text, ways) => ways.split(" ").reduce((inner, way) => WAYS[way](inner), text);

/** @param {string} day @param {string} days between it and the day wanted */
function shifted(day, days) {
  return new Date(Date.parse(day) + Number(days) * DAY).toISOString().slice(0, 10);
}

/** @param {string} key @param {string} text @returns {string} why it cannot be used, or nothing */
function refusal(key, text) {
  if (/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}/u.test(text)) return "A name has no line breaks and no other control characters.";
  if (text.startsWith("-")) return "A command would take a name that begins with - for an option.";
  if (text.length > LONGEST) return `A name has at most ${LONGEST} characters.`;
  if (key === "day" && (!DATE.test(text) || Number.isNaN(Date.parse(text)))) return "Give the day as year, month and day, such as 2026-03-13.";
  return "";
}

/** @type {Record<string, string> | undefined} all names, where the browser keeps none */
let memory;

/** @returns {Record<string, string>} the names that are kept and can be used */
function read() {
  let found = memory;
  try {
    found ??= JSON.parse(localStorage.getItem(STORE));
  } catch {} // it is refused, or no JSON
  const usable = ([key, text]) => typeof text === "string" && text && !refusal(key, text);
  return Object.fromEntries(Object.entries(Object(found)).filter(usable));
}

/** @param {Record<string, string>} names @returns {boolean} whether this browser keeps them */
function write(names) {
  try {
    if (Object.keys(names).length) localStorage.setItem(STORE, JSON.stringify(names));
    else localStorage.removeItem(STORE);
    memory = undefined;
  } catch {
    memory = names;
  }
  return !memory;
}

/** @type {WeakMap<Element, Node[]>} what stood in each place as the page came */
const printed = new WeakMap();

/** @param {HTMLElement} place @param {string | undefined} text the reader's name, if there is one */
function fill(place, text) {
  if (!printed.has(place)) printed.set(place, [...place.childNodes]);
  const nodes = printed.get(place);
  place.replaceChildren(...nodes);
  place.classList.toggle("is-yours", text !== undefined);
  for (const name of ["role", "title"]) place.removeAttribute(name);
  if (text === undefined) return;
  place.title = `In the place of ${place.textContent}`;
  place.setAttribute("role", "mark");
  place.textContent = place.dataset.name === "day" ? shifted(text, place.dataset.in) : written(text, place.dataset.in);
}

/** Shows what is kept: in the queries of this page, and in its form. Safe to call again. */
export function show() {
  const names = read();
  const form = document.querySelector(".names");
  const hidden = form.querySelector("[aria-pressed=true]") !== null;
  const places = [...document.querySelectorAll("[data-name]")];
  const known = places.filter(({ dataset }) => names[dataset.name] !== undefined).length;
  const kept = Object.keys(names).length;
  for (const place of places) fill(place, hidden ? undefined : names[place.dataset.name]);
  for (const input of form.querySelectorAll("input")) {
    if (input !== document.activeElement) input.value = names[input.name] ?? "";
  }
  form.classList.toggle("has-names", places.length ? known > 0 : kept > 0);
  if (!places.length) say(form, kept ? `${kept} kept.` : "");
  else say(form, known ? `Yours in ${hidden ? 0 : known} of ${places.length} places on this page.` : "");
}

/** @param {Element} form @param {string} text */
const say = (form, text) => (form.querySelector("[role=status]").textContent = text);

/** @param {HTMLInputElement} input that the reader has changed */
export function take(input) {
  const form = input.closest(".names");
  const text = input.value.trim();
  const { [input.name]: _, ...others } = read();
  const why = text && refusal(input.name, text);
  const kept = write(text && !why ? { ...others, [input.name]: text } : others);
  input.setAttribute("aria-invalid", String(Boolean(why)));
  show();
  if (why) say(form, why);
  else if (!kept) say(form, "This browser keeps nothing for this site: your names are gone when you leave the page.");
}

/** @param {HTMLButtonElement} button that was pressed */
export function press(button) {
  const form = button.closest(".names");
  if (button.dataset.do === "show") button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  else write({});
  show();
  if (button.dataset.do === "erase") say(form, "Erased. The queries say the story's names again.");
}
