/** The filter of the glossary and of the diagnosis: as you type, by theme, by tool. */

import { remember } from "./address.mjs";
import { FLOOR_OF_NAMES, build, rank } from "./ranking.mjs";

const FRAMES = 5;
const SETTLED = 3000; // ms after the page began; later the reader has moved it
const ROOT = new URL("../../", import.meta.url);
const NOUNS = { glossary: ["term", "terms"], diagnose: ["symptom", "symptoms"] };
const FIELDS = ["q", "theme", "tool"];

/**
 * @typedef {{id: string, title: string, url: string, definition: string, theme: string,
 *   aliases: string[], asked: string[], names: Record<string, {name: string | null}>,
 *   tools?: string[]}} Entry
 * @typedef {Record<"q" | "theme" | "tool", string>} State
 */

/** @param {Entry} entry @param {number} id @returns {import("./ranking.mjs").Entry} */
function searchable(entry, id) {
  const names = Object.values(entry.names ?? {}).map(({ name }) => name);
  const aliases = [...entry.aliases, ...names.filter(Boolean)];
  const { title, asked, definition: text } = entry;
  return { id, url: entry.id, title, heading: "", kind: "term", aliases, asked, text };
}

/** @param {Entry} entry @param {string} tool */
const has = (entry, tool) => Boolean(entry.names?.[tool]?.name) || entry.tools?.includes(tool);

/** What gives the ids to show, in order, and whether they fit. @param {Entry[]} entries */
async function filter(entries) {
  const index = await build(entries.map(searchable));
  const all = new Map(entries.map((entry) => [entry.id, entry]));
  return ({ q, theme, tool }) => {
    const { rows, fits } = q.trim() ? rank(index, q, 1, FLOOR_OF_NAMES) : { fits: true };
    const ids = rows ? rows.map(({ page }) => page.url) : [...all.keys()];
    const wanted = ids.filter((id) => {
      const entry = all.get(id);
      return (!theme || entry.theme === theme) && (!tool || has(entry, tool));
    });
    return { ids: wanted, fits };
  };
}

/** @param {HTMLFormElement} form @returns {State} */
const read = (form) => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));

/** @param {HTMLFormElement} form */
function fromAddress(form) {
  const wanted = new URLSearchParams(location.search);
  for (const name of FIELDS) form.elements[name].value = wanted.get(name) ?? "";
}

/** @param {number} shown @param {number} total @param {string[]} nouns @param {boolean} fits */
function count(shown, total, [one, many], fits) {
  if (!shown) return `No ${one} matches.`;
  if (!fits) return `No ${one} fits well. ${shown === 1 ? "This is a guess." : `These ${shown} are guesses.`}`;
  const noun = total === 1 ? one : many;
  return shown === total ? `${total} ${noun}` : `${shown} of ${total} ${noun}`;
}

/**
 * The ways out when nothing fits: the search, and the groups.
 * @param {Element} list @param {Element[]} groups @returns {HTMLElement}
 */
function wayOut(list, groups) {
  const link = document.createElement("a");
  link.textContent = "Search the whole course";
  const none = document.createElement("div");
  none.className = "catalogue-none";
  none.append("Nothing here fits these words well. ", link, groups.length ? ", or go by what you see:" : ".");
  if (groups.length) none.append(waysIn(groups));
  (list.closest("table") ?? list).after(none);
  return none;
}

/** @param {Element[]} groups @returns {HTMLElement} their links, to the page without the filter */
function waysIn(groups) {
  const ways = document.createElement("nav");
  ways.className = "ways-in";
  ways.setAttribute("aria-label", "By what you see");
  const list = ways.appendChild(document.createElement("ul"));
  for (const heading of groups.map((group) => group.querySelector("h2"))) {
    const link = document.createElement("a");
    link.href = `${location.pathname}#${heading.id}`;
    link.textContent = heading.firstChild.textContent;
    list.appendChild(document.createElement("li")).append(link);
  }
  return ways;
}

/** @param {HTMLElement} list @returns {HTMLAnchorElement[]} the link of each entry shown */
const links = (list) =>
  [...list.querySelectorAll("[data-entry]:not([hidden])")].map((item) => item.querySelector("a"));

/**
 * Hides what does not match and orders the rest, moving no more than it must.
 * @param {Element} list @param {HTMLElement[]} items @param {HTMLElement[]} shown
 * @param {HTMLElement[]} order
 */
function arrange(list, items, shown, order) {
  const visible = new Set(shown);
  for (const item of items) {
    if (item.hidden === visible.has(item)) item.hidden = !visible.has(item);
  }
  const last = [...list.children].slice(-order.length);
  if (order.some((item, i) => item !== last[i])) list.append(...order);
}

/**
 * Hides the groups in which nothing matches, here and in the contents, and orders the rest.
 * @param {Element[]} groups @param {HTMLElement[]} shown @param {boolean} ranked
 */
function arrangeGroups(groups, shown, ranked) {
  const best = new Map(groups.map((group) => [group, shown.findIndex((item) => group.contains(item))]));
  for (const [group, at] of best) {
    group.hidden = at < 0;
    const { id } = group.querySelector("h2");
    const [entry] = document.querySelectorAll(`.md-nav--secondary [href="#${id}"]`);
    if (entry) entry.parentElement.hidden = at < 0;
  }
  const order = ranked ? groups.filter((group) => !group.hidden).sort((a, b) => best.get(a) - best.get(b)) : groups;
  const last = [...(groups[0]?.parentElement.children ?? [])].slice(-order.length);
  if (order.some((group, i) => group !== last[i])) groups[0].parentElement.append(...order);
}

/** Hides the words of other terms and other tools.
 * @param {HTMLElement[]} words @param {Set<string>} terms @param {string} tool
 */
function sift(words, terms, tool) {
  for (const row of words) {
    const { of, tool: own } = row.dataset;
    row.hidden = !terms.has(of) || Boolean(tool && own !== tool);
  }
}

/** From the filter into the list and back. @param {HTMLFormElement} form @param {Element} list */
function walk(form, list, clear) {
  const input = form.elements.q;
  form.addEventListener("submit", (event) => event.preventDefault());
  const onKey = (event) => {
    const inList = list.contains(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!inList && event.target !== input) return;
    if (event.key === "Escape") clear();
    else if (event.key === "Enter" && !inList) links(list)[0]?.click();
    else if (step) {
      const stops = [input, ...links(list)];
      const here = stops.indexOf(inList ? event.target.closest("[data-entry]").querySelector("a") : input);
      stops[Math.min(here + step, stops.length - 1)]?.focus();
    } else return;
    event.preventDefault();
  };
  form.addEventListener("keydown", onKey);
  list.addEventListener("keydown", onKey);
}

/** @param {HTMLFormElement} form */
export async function mount(form) {
  if (form.dataset.mounted) return;
  form.dataset.mounted = "yes";
  const kind = form.dataset.catalogue;
  const list = document.querySelector(".catalogue-groups") ?? document.querySelector(".catalogue");
  const groups = [...list.querySelectorAll(":scope > section")];
  const items = [...list.querySelectorAll("[data-entry]")];
  const words = [...document.querySelectorAll("tr[data-of]")]; // each with the tool that says it
  const byId = new Map(items.map((item) => [item.dataset.entry, item]));
  const output = form.querySelector("output");
  // Before the wait, so that what is typed meanwhile is not lost.
  if (/[?&](q|theme|tool)=/.test(location.search)) fromAddress(form);
  const response = await fetch(new URL(`${kind}.json`, ROOT)).catch(() => ({ ok: false }));
  if (!response.ok) return (output.value = "The filter could not be loaded. Reload to try again.");
  const find = await filter((await response.json()).entries);
  const none = wayOut(list, groups);

  const update = () => {
    const state = read(form);
    const narrowed = FIELDS.some((name) => state[name].trim());
    const { ids, fits } = narrowed ? find(state) : { ids: [...byId.keys()], fits: true };
    const shown = ids.map((id) => byId.get(id)).filter(Boolean);
    const ranked = Boolean(state.q.trim());
    for (const each of groups.length ? groups.map((group) => group.lastElementChild) : [list]) {
      const own = (item) => each === item.parentElement;
      arrange(each, items.filter(own), shown.filter(own), (ranked ? shown : items).filter(own));
    }
    arrangeGroups(groups, shown, ranked);
    sift(words, new Set(ids), state.tool);
    output.value = count(shown.length, items.length, NOUNS[kind], fits);
    list.classList.toggle("catalogue--guesses", !fits);
    none.hidden = fits && shown.length > 0;
    none.querySelector("a").href = new URL(`search/?q=${encodeURIComponent(state.q)}`, ROOT);
    remember(state);
  };
  const clear = () => {
    for (const name of FIELDS) form.elements[name].value = "";
    form.elements.q.focus();
    update();
  };
  form.addEventListener("input", update);
  walk(form, list, clear);
  addEventListener("popstate", () => form.isConnected && (fromAddress(form), update()));
  update();
  const named = groups.find((group) => `#${group.querySelector("h2").id}` === location.hash);
  if (named && performance.now() < SETTLED) goTo(named, FRAMES);
}

/**
 * Goes to a group, again in each frame: entries out of sight have an estimated height, and what
 * comes into sight above it has another.
 * @param {Element} group @param {number} frames how often it may still move
 */
function goTo(group, frames) {
  group.scrollIntoView();
  if (frames) requestAnimationFrame(() => goTo(group, frames - 1));
}
