/** What Material leaves out for people without a mouse or without sight. */

/** Several code blocks on a page: each toolbar is a landmark and needs a name of its own. */
function nameCodeToolbars() {
  document.querySelectorAll(".md-code__nav").forEach((nav, i) => {
    nav.setAttribute("aria-label", `Code block ${i + 1}`);
  });
}

/** Material calls the path to a page "Navigation", which is the name of the menu too. */
function namePath() {
  document.querySelector("nav.md-path")?.setAttribute("aria-label", "Breadcrumbs");
}

const sideways = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

/** What scrolls sideways must be reached by Tab; Material sees to it only where a mouse hovers. */
function reachWideParts() {
  const wide = document.querySelectorAll("pre > code, .md-typeset__scrollwrap");
  wide.forEach((part) => sideways.observe(part));
}

/** @param {Element} nav @returns {string} the title of a section of the menu */
const titleOf = (nav) => nav?.querySelector(":scope > .md-nav__title")?.textContent.trim() ?? "";

/**
 * Sections of the menu fold by a hidden checkbox. The stylesheet lets the keyboard reach it;
 * here it gets its name, and each panel of a narrow window a way back.
 */
function fixSection(toggle) {
  const nav = toggle.parentElement.querySelector(":scope > .md-nav");
  const title = titleOf(nav);
  if (!title || toggle.ariaLabel) return;
  toggle.setAttribute("aria-label", title);
  // With an index page the label is only an arrow, so the landmark would be nameless.
  nav.setAttribute("aria-label", title);
  nav.removeAttribute("aria-labelledby");
  document.getElementById(`${toggle.id}_label`)?.removeAttribute("tabindex");
  const back = makeButton("md-nav__icon md-icon", `Back from ${title}`);
  nav.querySelector(":scope > .md-nav__title > .md-nav__icon").replaceWith(back);
  back.addEventListener("click", () => (toggle.click(), toggle.focus()));
  // In a narrow window the panel covers the checkbox; in a wide one there is no way back to focus.
  toggle.addEventListener("change", () => toggle.checked && back.focus());
}

/** @param {string} className @param {string} name @returns {HTMLButtonElement} */
function makeButton(className, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = className;
  button.setAttribute("aria-label", name);
  return button;
}

/** The menu of a narrow window opens by a label, which no key reaches: a button replaces it. */
function makeMenuButton() {
  const label = document.querySelector("label.md-header__button[for=__drawer]");
  const toggle = document.getElementById("__drawer");
  if (!label || !toggle) return;
  const button = makeButton("md-header__button md-icon menu-button", "Menu");
  button.append(...label.childNodes);
  label.replaceWith(button);
  const reflect = () => button.setAttribute("aria-expanded", String(toggle.checked));
  button.addEventListener("click", () => (toggle.click(), toggle.checked && enterMenu()));
  toggle.addEventListener("change", reflect);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && toggle.checked) (toggle.click(), button.focus());
  });
  reflect();
}

/** To the panel on top: the deepest one open. */
function enterMenu() {
  const menu = document.querySelector(".md-sidebar--primary");
  const backs = menu.querySelectorAll(".md-nav__toggle:checked ~ .md-nav > .md-nav__title > button");
  ([...backs].at(-1) ?? menu.querySelector("a")).focus();
}

/** Safe to call again, after each navigation. */
export function fix() {
  makeMenuButton();
  document.querySelectorAll(".md-nav__toggle:not(#__toc)").forEach(fixSection);
  nameCodeToolbars();
  namePath();
  reachWideParts();
}
