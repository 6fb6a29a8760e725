/** The definition of a term where it is mentioned: by hover, by focus, by touch. */

const WAIT = 150; // so that a pointer on its way elsewhere opens nothing
const GRACE = 250; // so that the pointer can cross to the preview
const EDGE = 8;

/** @type {HTMLElement | undefined} */
let box;
/** @type {HTMLAnchorElement | undefined} the term whose preview is open */
let current;
let timer = 0;

/** @param {() => void} action @param {number} delay */
function later(action, delay) {
  clearTimeout(timer);
  timer = setTimeout(action, delay);
}

/** @returns {HTMLElement} */
function makeBox() {
  const made = document.createElement("div");
  made.id = "term-preview";
  made.className = "term-preview";
  // In the top layer, nothing can clip it and nothing on the page moves.
  made.popover = "manual";
  made.addEventListener("pointerenter", () => clearTimeout(timer));
  made.addEventListener("pointerleave", leave);
  return made;
}

/** Below the term, or above it where there is no room; never past an edge. */
function place(term) {
  const lines = [...term.getClientRects()];
  const line = lines.find((rect) => rect.width > 0) ?? term.getBoundingClientRect();
  const last = lines.at(-1) ?? line;
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const above = last.bottom + box.offsetHeight > height - EDGE && line.top > box.offsetHeight;
  const top = above ? line.top - box.offsetHeight : last.bottom;
  const x = above ? line.left : last.left;
  const left = Math.max(EDGE, Math.min(x, width - box.offsetWidth - EDGE));
  box.style.top = `${top + scrollY}px`;
  box.style.left = `${left + scrollX}px`;
}

/** @param {HTMLAnchorElement} term @param {boolean} touch */
function show(term, touch) {
  clearTimeout(timer);
  if (current === term) return;
  hide();
  box ??= makeBox();
  const text = document.createElement("p");
  text.textContent = term.dataset.definition;
  box.replaceChildren(text);
  // A tooltip may hold no link, so with one it is a group.
  box.setAttribute("role", touch ? "group" : "tooltip");
  if (touch) box.append(entryLink(term));
  const home = document.querySelector("main") ?? document.body;
  if (box.parentElement !== home) home.append(box);
  term.setAttribute("aria-describedby", box.id);
  current = term;
  box.showPopover();
  place(term);
  term.addEventListener("pointerleave", leave);
  term.addEventListener("blur", onBlur);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("pointerdown", onPress, true);
}

/** @param {HTMLAnchorElement} term @returns {HTMLAnchorElement} */
function entryLink(term) {
  const link = document.createElement("a");
  link.href = term.href;
  link.textContent = "Open entry";
  return link;
}

/** Closes the preview, if there is one. */
function hide() {
  clearTimeout(timer);
  if (!current) return;
  current.removeAttribute("aria-describedby");
  current.removeEventListener("pointerleave", leave);
  current.removeEventListener("blur", onBlur);
  document.removeEventListener("keydown", onKey, true);
  document.removeEventListener("pointerdown", onPress, true);
  current = undefined;
  if (box.matches(":popover-open")) box.hidePopover();
}

/** @param {PointerEvent} event */
function leave(event) {
  // A finger is lifted off what it touches; a focused term keeps its preview.
  if (event.pointerType === "touch" || current?.matches(":focus-visible")) return;
  later(hideUnlessHovered, GRACE);
}

function hideUnlessHovered() {
  if (!box?.matches(":hover") && !current?.matches(":hover")) hide();
}

/** @param {FocusEvent} event */
function onBlur({ relatedTarget }) {
  if (!box.contains(relatedTarget)) hide();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === "Escape") hide();
}

/** @param {PointerEvent} event */
function onPress({ target }) {
  if (!box.contains(target) && !current.contains(target)) hide();
}

/** @param {HTMLAnchorElement} term */
export function hover(term) {
  if (current === term) return clearTimeout(timer);
  // The pointer may have gone on since: then there is nothing to show.
  later(() => (term.matches(":hover") ? show(term, false) : hideUnlessHovered()), WAIT);
}

/** @param {HTMLAnchorElement} term */
export function focus(term) {
  if (term === document.activeElement) show(term, false);
}

/** The first tap shows, the second follows the link. @param {HTMLAnchorElement} term */
export function tap(term) {
  if (current === term) location.assign(term.href);
  else show(term, true);
}
