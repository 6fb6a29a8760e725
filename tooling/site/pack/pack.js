// Finds entries by the words typed, best first: in titles and in what people say, then in the text.
const entries = [...document.querySelectorAll("main details[data-words]")];
const headings = [...document.querySelectorAll("main h2")];
const query = document.querySelector("input");
const count = document.querySelector("output");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}_]+/gu) || [];
const index = entries.map((entry) => ({
  entry,
  names: new Set(fold(`${entry.querySelector("summary").textContent} ${entry.dataset.words}`)),
  text: new Set(fold(entry.textContent)),
}));
const starts = (words, word) => words.has(word) || (word.length > 3 && [...words].some((one) => one.startsWith(word.slice(0, -1))));
const spread = (word) => Math.log(1 + entries.length / (1 + index.filter(({ text, names }) => starts(text, word) || starts(names, word)).length));

function search() {
  const words = fold(query.value).map((word) => [word, spread(word)]);
  const found = index.map((one) => {
    const score = words.reduce((sum, [word, weight]) => sum + weight * (3 * starts(one.names, word) + starts(one.text, word)), 0);
    return { ...one, score };
  });
  const best = Math.max(0, ...found.map(({ score }) => score));
  const shown = words.length ? found.filter(({ score }) => score > 0 && score >= best / 2) : found;
  for (const { entry } of found) Object.assign(entry, { hidden: words.length > 0, open: false });
  for (const heading of headings) heading.hidden = words.length > 0;
  for (const { entry, score } of shown) {
    entry.hidden = false;
    entry.style.order = String(-Math.round(score * 100));
  }
  document.body.classList.toggle("searched", words.length > 0);
  count.textContent = words.length ? `${shown.length} of ${entries.length}` : "";
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const entry = target?.closest("details[data-words]");
  if (!entry) return;
  query.value = "";
  search();
  entry.open = true;
  target.scrollIntoView();
}

query.addEventListener("input", search);
query.form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => (each.open = true)));
openTarget();
