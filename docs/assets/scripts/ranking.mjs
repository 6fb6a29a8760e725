/** The index over pages and their sections, and the order of its answers. */

import MiniSearch from "../vendor/minisearch.mjs";
import { distance, key, letters, misspelt, queryWords, tokens, tolerance } from "./words.mjs";

/**
 * @typedef {{id: number, url: string, title: string, heading: string, kind: string,
 *   aliases: string[], asked: string[], text: string}} Entry  a page (no heading) or a section
 * @typedef {{entry: Entry, score: number, words: string[], marks: string[], own: boolean,
 *   has: number[]}} Hit
 *   own: it matched by its own words, and not only by the names of its page
 *   has: for each word of the query, 1 in a name, IN_TEXT in the text alone, 0 nowhere
 * @typedef {{page: Entry, hits: Hit[], name: number, score: number, whole: boolean, fit: number}} Row
 *   fit: the share of what the query says that the page has, see `fitOf`
 * @typedef {{mini: MiniSearch, pages: Map<string, Entry>, entries: Map<number, Entry>,
 *   names: {key: string, letters: string, page: Entry, title: boolean, message: string}[],
 *   known: Map<string, number>}} Index  known: in how many texts a word stands
 */

// lead: what a page says first, which is what it is; asked: how it is asked for without its name.
const BOOST = { title: 6, aliases: 5, heading: 2.5, asked: 4, lead: 2, parent: 1, text: 1 };
const NAMES = new Set(["title", "aliases", "asked", "parent"]);
const OF_SECTIONS = new Set(["heading", "parent", "text"]);
const KIND = { term: 1.3, symptom: 1.3, chapter: 1, course: 1, track: 1, lab: 0.8, page: 0.6 };
// How near a query is to a page's name, or to what it is asked for by; a lower number is nearer.
const NAME = { title: 0, alias: 1, near: 2, none: Infinity };

// A page with less than FLOOR of what the query says does not fit; behind the first three, nor does
// one with less than TAIL of what the best has. How they were found: tests/site/queries.toml.
const IN_TEXT = 0.7;
const FLOOR = 0.47;
export const FLOOR_OF_NAMES = 0.3; // for an index without texts, where there is less to be had
const TAIL = 0.6;
const NEAREST = 3;

// A name of so many words, found whole in a query, is a message: the rest is times and ids.
const MESSAGE = 3;

// Who types so many words asks a question, and no page has to have them all.
const QUESTION = 4;

/** @param {Entry} entry @returns {number} */
const weight = (entry) => KIND[entry.kind] ?? 1;

/** Words in their order, to be looked for in others. @param {string} text @returns {string} */
const phrase = (text) => ` ${tokens(text).join(" ")} `;

/** @param {string} url @returns {string} */
const pageOf = (url) => url.split("#")[0];

/** What a section says of its page may help it match, but less than its own words. */
function field(entry, name) {
  if (OF_SECTIONS.has(name) !== Boolean(entry.heading)) return "";
  if (name === "lead") return entry.text;
  if (name === "parent") return [entry.title, ...entry.aliases].join(" · ");
  return Array.isArray(entry[name]) ? entry[name].join(" · ") : entry[name];
}

/** In pieces, so that no key is kept waiting. @param {Entry[]} entries @returns {Promise<Index>} */
export async function build(entries) {
  const fields = Object.keys(BOOST);
  const extractField = (entry, name) => (name === "id" ? entry.id : field(entry, name));
  const known = new Map();
  // An alias may be a misspelling, so it does not make a word known.
  const tokenize = (text, name) => {
    const found = tokens(text);
    if (name === "aliases" || name === "parent") return found;
    for (const word of new Set(found)) known.set(word, (known.get(word) ?? 0) + 1);
    return found;
  };
  const mini = new MiniSearch({ fields, extractField, tokenize, processTerm: (word) => word });
  await mini.addAllAsync(entries, { chunkSize: 25 });
  const pages = entries.filter((entry) => !entry.heading);
  const names = pages.flatMap((page) =>
    [page.title, ...page.aliases, ...page.asked].map((name, i) => {
      const message = queryWords(name).length >= MESSAGE ? phrase(name) : "";
      return { key: key(name), letters: letters(name), page, title: i === 0, message };
    }),
  );
  return {
    mini,
    names,
    known,
    pages: new Map(pages.map((page) => [page.url, page])),
    entries: new Map(entries.map((entry) => [entry.id, entry])),
  };
}

/**
 * How much a word tells: a rare one more, and nothing a time or a count of the reader's own.
 * @param {Index} index @param {string} word
 */
function tell({ entries, known }, word) {
  if (/^\d+$/.test(word) && !known.has(word)) return 0;
  return Math.log(1 + entries.size / (1 + (known.get(word) ?? 0)));
}

/** @param {Index} index @param {string[]} words @param {number[]} [has] of each word, so much */
const weigh = (index, words, has) =>
  words.reduce((sum, word, i) => sum + tell(index, word) * (has?.[i] ?? 1), 0);

/**
 * How well a place has each word: not by a guess at what the word might be, as a match may be.
 * @param {Index} index @param {string[]} words @param {Record<string, string[]>} match
 */
function has(index, words, match) {
  const meant = (term, word, isLast) => (isLast && term.startsWith(word)) || misspelt(term, word);
  const fields = (word, isLast) => {
    if (index.known.has(word)) return match[word] ?? [];
    const terms = Object.keys(match).filter((term) => meant(term, word, isLast));
    return terms.flatMap((term) => match[term]);
  };
  return words.map((word, i) => {
    const found = fields(word, i === words.length - 1);
    return found.some((name) => NAMES.has(name)) ? 1 : found.length && IN_TEXT;
  });
}

/**
 * The share of what a query says that a page has in its names and in one place of its text. A rare
 * word says more than a frequent one, and one that the course does not have says most of all.
 * @param {Index} index @param {string[]} words @param {Hit[]} hits of one page
 */
function fitOf(index, words, hits) {
  const names = words.map((_, i) => hits.some((hit) => hit.has[i] === 1));
  const places = hits.map((hit) => hit.has.map((much, i) => (names[i] ? 1 : much)));
  return Math.max(0, ...places.map((place) => weigh(index, words, place))) / (weigh(index, words) || 1);
}

/** @param {Index} index @param {string} text @param {string[]} words @returns {Hit[]} */
function hits(index, text, words) {
  const found = index.mini.search(text, {
    // A compound found whole scores higher, but only its parts are asked for.
    tokenize: () => [...new Set([...words, ...tokens(text).filter((word) => index.known.has(word))])],
    boost: BOOST,
    // The last word may not be finished; another one is, if the course uses it.
    prefix: (word, i) => i === words.length - 1 || (word.length > 2 && !index.known.has(word)),
    // A word that the course uses is not a typing error.
    fuzzy: (word) => (index.known.has(word) ? false : tolerance(word)),
    boostDocument: (id) => weight(index.entries.get(id)),
  });
  const whole = weigh(index, words) || 1;
  return found.map(({ id, score, queryTerms, terms, match }) => {
    const covered = weigh(index, words.filter((word) => queryTerms.includes(word))) / whole;
    const entry = index.entries.get(id);
    const own = Object.values(match).flat().some((name) => name !== "parent");
    const much = has(index, words, match);
    return { entry, score: score * covered ** 2, words: queryTerms, marks: terms, own, has: much };
  });
}

/** @param {Index} index @param {string} text @returns {Set<Entry>} pages that it quotes a name of */
function quoted(index, text) {
  const typed = phrase(text);
  const found = index.names.filter(({ message }) => message && typed.includes(message));
  return new Set(found.map(({ page }) => page));
}

/** @param {Index} index @param {string} text @returns {Map<Entry, number>} pages so named */
function named(index, text) {
  const [wanted, typed] = [key(text), letters(text)];
  const typos = queryWords(text).every((word) => index.known.has(word)) ? 0 : tolerance(typed);
  const found = new Map();
  for (const name of index.names) {
    const exact = name.key === wanted;
    if (!exact && Math.abs(name.letters.length - typed.length) > typos) continue;
    const errors = exact ? 0 : distance(name.letters, typed, typos);
    if (errors > typos) continue;
    const level = exact ? (name.title ? NAME.title : NAME.alias) : NAME.near + errors;
    found.set(name.page, Math.min(level, found.get(name.page) ?? NAME.none));
  }
  return found;
}

/** The pages that have any of the words. @param {Index} index @param {string[]} words @returns {Row[]} */
function answers(index, text, words) {
  /** @type {Map<Entry, Row>} */
  const rows = new Map();
  const row = (page) => {
    const empty = { hits: [], name: NAME.none, score: 0, whole: true, fit: 0 };
    if (!rows.has(page)) rows.set(page, { page, ...empty });
    return rows.get(page);
  };
  for (const [page, level] of named(index, text)) row(page).name = level;
  for (const hit of hits(index, text, words)) {
    const page = index.pages.get(pageOf(hit.entry.url));
    if (page) row(page).hits.push(hit);
  }
  const isQuoted = quoted(index, text);
  for (const answer of rows.values()) measure(index, words, answer, isQuoted.has(answer.page));
  return [...rows.values()];
}

/**
 * How good an answer is.
 * @param {Index} index @param {string[]} words @param {Row} answer @param {boolean} isQuoted
 */
function measure(index, words, answer, isQuoted) {
  const isNamed = answer.name < NAME.none;
  const covered = new Set(answer.hits.flatMap((hit) => hit.words));
  answer.whole = isNamed || words.every((word) => covered.has(word));
  answer.fit = isNamed || isQuoted ? 1 : fitOf(index, words, answer.hits);
  const best = answer.hits[0]?.score ?? 0;
  answer.score = words.length < QUESTION ? best : best * answer.fit ** 2;
}

/**
 * The pages that answer a query, best first: named so (a term before a chapter), then by score.
 * Pages with only some of the words are left out when `enough` pages have them all. The list ends
 * with the last page that fits; where none does, the nearest are no more than guesses.
 * @param {Index} index @param {string} text @param {number} enough @param {number} floor
 * @returns {{rows: Row[], fits: boolean}}
 */
export function rank(index, text, enough, floor = FLOOR) {
  const words = queryWords(text);
  if (!words.length) return { rows: [], fits: false };
  const rows = answers(index, text, words);
  const whole = rows.filter((row) => row.whole);
  const kept = words.length < QUESTION && whole.length >= enough ? whole : rows;
  const byKind = (a, b) => (a.name < NAME.none ? weight(b.page) - weight(a.page) : 0);
  kept.sort((a, b) => a.name - b.name || byKind(a, b) || b.score - a.score);
  const tail = Math.max(floor, TAIL * Math.max(...kept.map((row) => row.fit)));
  const fitting = kept.filter((row, i) => row.fit >= (i < NEAREST ? floor : tail));
  return { rows: fitting.length ? fitting : kept.slice(0, NEAREST), fits: fitting.length > 0 };
}
