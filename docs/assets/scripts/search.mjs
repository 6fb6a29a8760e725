/** The search: one component, in a dialog on every page and inline on the search page. */

import { remember } from "./address.mjs";
import { searchBox } from "./search-box.mjs";

const ROOT = new URL("../../", import.meta.url);

/** @type {Worker | undefined} */
let worker;
let asked = 0;
/** @type {Map<number, {resolve: Function, reject: Function}>} */
const waiting = new Map();

/** One worker for the page's life: the index is built once, when it is first needed. */
function start() {
  worker = new Worker(new URL("search-worker.mjs", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) reject(new Error(data.error));
    else resolve(data);
  });
  worker.addEventListener("error", () => {
    waiting.forEach(({ reject }) => reject(new Error("the search could not start")));
    waiting.clear();
    worker = undefined;
  });
}

/**
 * @param {string} text
 * @returns {Promise<import("./search-worker.mjs").Answer>}
 */
export function ask(text) {
  if (!worker) start();
  return new Promise((resolve, reject) => {
    waiting.set(++asked, { resolve, reject });
    worker.postMessage({ id: asked, text });
  });
}

/** @param {string} text @returns {Promise<string[]>} addresses under the site's root, best first */
export async function find(text) {
  return (await ask(text)).results.map((result) => result.url);
}

/** @returns {HTMLDialogElement} built at the first opening */
function makeDialog() {
  const dialog = document.createElement("dialog");
  dialog.className = "search-dialog";
  dialog.setAttribute("aria-label", "Search");
  const close = document.createElement("button");
  close.className = "search__close";
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.append(searchBox(ask, ROOT), close);
  // In a search field the first Escape would only empty it.
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) (event.preventDefault(), dialog.close());
  });
  // A click on the backdrop has the dialog itself as its target.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  // A result may be on this very page: then nothing else would close the dialog.
  dialog.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
  return dialog;
}

/** Opens the search, or goes to the one already on the page. */
export function open() {
  const inline = document.querySelector(".search-page input");
  if (inline) return inline.focus();
  const dialog = document.querySelector(".search-dialog") ?? makeDialog();
  if (!dialog.isConnected) document.body.append(dialog);
  // The browser gives the focus back to where it was.
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input").select();
}

/** Draws the search into the search page; the query lives in the address. @param {Element} host */
export function mount(host) {
  if (host.firstElementChild) return;
  host.append(searchBox(ask, ROOT, (q) => remember({ q })));
  const input = host.querySelector("input");
  const restore = () => {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    if (input.value) input.dispatchEvent(new Event("input"));
  };
  addEventListener("popstate", () => host.isConnected && restore());
  restore();
}
