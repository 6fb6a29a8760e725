/** Questions one at a time. The page holds every step; here one is shown, and the way back kept. */

/** @type {WeakMap<Element, string[]>} the steps behind the one that is shown */
const behind = new WeakMap();

/** @param {Element} list @param {string} name @returns {HTMLElement} */
const step = (list, name) => list.querySelector(`:scope > [data-step="${name}"]`);

/** An answer, or Back, was chosen. @param {HTMLElement} chosen */
export function go(chosen) {
  const list = chosen.closest(".stepper");
  if (!chosen.closest("[data-shown]")) return; // pressed twice before this was loaded
  const here = chosen.closest("[data-step]").dataset.step;
  const trail = behind.get(list) ?? [];
  const back = chosen.dataset.go === "back";
  const next = back ? (trail.pop() ?? "question-1") : chosen.dataset.go;
  if (!back) trail.push(here);
  behind.set(list, trail);
  show(list, step(list, next));
}

/** @param {Element} list @param {HTMLElement} next */
function show(list, next) {
  list.querySelector(":scope > [data-shown]")?.removeAttribute("data-shown");
  next.setAttribute("data-shown", "");
  // What was pressed is gone; the keyboard goes on from the new question.
  next.querySelector(".stepper-title").focus({ preventScroll: true });
  const [says, , reason] = next.querySelectorAll("p");
  const verdict = next.matches(".stepper-verdict") ? `. ${reason.textContent}` : "";
  list.nextElementSibling.textContent = says.textContent + verdict;
}
