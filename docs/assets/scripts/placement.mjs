/** The ten questions of *Start here*: the first answer to each counts, and the end is a chapter. */

/** @param {HTMLDetailsElement} details the answer that was chosen */
export function answer(details) {
  const guess = details.parentElement;
  guess.dataset.answer ??= details.matches(".right") ? "right" : "wrong";
  const all = [...document.querySelectorAll("#placement ~ .guess")];
  const open = all.filter((one) => !one.dataset.answer).length;
  const line = document.querySelector(".placement");
  line.replaceChildren(...(open ? [score(all)] : verdict(all)));
}

/** @param {HTMLElement[]} all @returns {string} */
function score(all) {
  const answered = all.filter((one) => one.dataset.answer).length;
  const right = all.filter((one) => one.dataset.answer === "right").length;
  return `${right} right of ${answered} answered; ${all.length} in all. `;
}

/** @param {HTMLElement[]} all answered @returns {(string | Node)[]} */
function verdict(all) {
  const right = all.filter((one) => one.dataset.answer === "right").length;
  const missed = all.find((one) => one.dataset.answer === "wrong");
  const link = document.createElement("a");
  // The last link below a question leads to its chapter.
  const chapter = missed && [...missed.querySelectorAll(".reveal a")].at(-1);
  link.href = chapter?.href ?? "#owner";
  link.textContent = chapter?.textContent ?? "the path of a platform’s owner";
  return [`${right} of ${all.length}. Begin with `, link, "."];
}
