/** How text becomes words: the same for the index, the query and the marks in an excerpt. */

/** A word as it is typed: `snake_case` stays in one piece. */
export const WORD = /[\p{L}\p{N}_]+/gu;

// The seams of snake_case, camelCase and DAGRun; "DAGs" has none.
const SEAM = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})/u;

// Words that questions are made of; "no", "not" and "run" carry meaning here and stay.
const STOP = new Set(
  ("a an and are as at be been between but by can did difference do does for from had has have " +
    "how i in is it its me mean means my of on or our should so than that the their then there these " +
    "this to versus vs was we were what when where which why will with you your " +
    "cannot cant couldnt didnt doesnt dont hasnt havent im ive theres wasnt wont").split(" "),
);

/** @param {string} word @returns {string} the word without its plural ending */
function singular(word) {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith("ies")) return word.slice(0, -3) + "y";
  return word.replace(/(?<=ss|x|ch|sh)es$|s$/, "");
}

/** @type {Map<string, string>} a course has few words, each of them many times */
const stems = new Map();

/** @param {string} word @returns {string} what "skip", "skips", "skipped", "skipping" share */
function stem(word) {
  if (!stems.has(word)) stems.set(word, stripped(word));
  return stems.get(word);
}

/** @param {string} word @returns {string} */
function stripped(word) {
  // Four letters have to be left: of "taking" the rest could be anything.
  const bare = singular(word).replace(/(?<=\p{L}{4})(?:ing|ed)$/u, "");
  return bare.replace(/(?<=\p{L}{2})([bdgmnprt])\1$/u, "$1").replace(/(?<=\p{L}{4})e$/u, "");
}

/** @param {string} text @returns {string} lower case, no accents */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * One list for each word as typed: its parts, each without its ending.
 * @param {string} text @param {(word: string) => string} ending @returns {string[][]}
 */
function split(text, ending) {
  const typed = text.replace(/['’]/g, "").match(WORD) ?? [];
  return typed
    .map((word) => word.split(SEAM).filter(Boolean).map((part) => ending(plain(part))))
    .filter((parts) => parts.length);
}

/**
 * The words of a text; a compound counts whole ("dagrun") as well as in parts ("dag", "run").
 * @param {string} text @returns {string[]}
 */
export function tokens(text) {
  const whole = (parts) => (parts.length > 1 ? [parts.join(""), ...parts] : parts);
  return split(text, stem).flatMap(whole);
}

/**
 * The words that an answer has to have: the parts, without the words that only ask.
 * @param {string} text @returns {string[]}
 */
export function queryWords(text) {
  const words = split(text, (word) => word).flat();
  const telling = words.filter((word) => !STOP.has(word));
  return [...new Set((telling.length ? telling : words).map(stem))];
}

/**
 * A name without case, spaces and punctuation: "no-op run", "NoOpRun" and "no_op runs" are one.
 * @param {string} text @returns {string}
 */
export function key(text) {
  return split(text, singular).flat().join("");
}

/**
 * The same with its endings, to be compared letter by letter: a typing error may look like one.
 * @param {string} text @returns {string}
 */
export function letters(text) {
  return plain(text).replace(/[^\p{L}\p{N}]/gu, "");
}

/** @param {string} word @returns {number} the typing errors that a word of this length may have */
export function tolerance(word) {
  if (word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
}

/**
 * Typing errors between two strings; two neighbours swapped count as one.
 * @param {string} a @param {string} b @param {number} most the count ends there, to be quick
 * @returns {number}
 */
export function distance(a, b, most) {
  let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, change);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
    if (Math.min(...before, ...last) > most) return Infinity;
  }
  return last[b.length];
}

/**
 * Whether a word is surely another with a typing error: one in seven letters, and "spill" is not
 * "still".
 * @param {string} word @param {string} typed @returns {boolean}
 */
export function misspelt(word, typed) {
  const most = Math.floor(typed.length / 7);
  return Math.abs(word.length - typed.length) <= most && distance(word, typed, most) <= most;
}
