/** Loads the index and answers queries off the main thread, so that typing never waits. */

import { build, rank } from "./ranking.mjs";
import { WORD, tokens } from "./words.mjs";

/**
 * @typedef {{text: string, mark: boolean}} Piece
 * @typedef {{url: string, title: string, heading: string, kind: string, excerpt: Piece[],
 *   more: {url: string, heading: string}[]}} Result
 * @typedef {{total: number, results: Result[], fits: boolean, sights: Record<string, string>}} Answer
 *   fits: false if the results are guesses; sights: address and name of what one may see instead
 */

const ENOUGH = 5;
const SHOWN = 12;
const WIDTH = 180;

const loaded = fetch(new URL("../../search.json", import.meta.url))
  .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
  .then(async ({ pages, sights }) => ({ index: await build(pages), sights }));

/** Around the first match, from a word's beginning. */
function windowOf(text, matches) {
  const wanted = (matches[0]?.index ?? 0) - WIDTH / 3;
  const start = wanted <= 0 ? 0 : text.indexOf(" ", wanted) + 1;
  const end = text.length <= start + WIDTH ? text.length : text.lastIndexOf(" ", start + WIDTH);
  return { start, end: end > start ? end : text.length };
}

/** @param {string} text @param {Set<string>} marks @returns {Piece[]} */
function excerpt(text, marks) {
  const matches = [...text.matchAll(WORD)].filter(([word]) =>
    tokens(word).some((token) => marks.has(token)),
  );
  const { start, end } = windowOf(text, matches);
  const pieces = start ? [{ text: "… ", mark: false }] : [];
  let at = start;
  for (const match of matches) {
    const stop = match.index + match[0].length;
    if (match.index < at || stop > end) continue;
    pieces.push({ text: text.slice(at, match.index), mark: false }, { text: match[0], mark: true });
    at = stop;
  }
  pieces.push({ text: text.slice(at, end) + (end < text.length ? " …" : ""), mark: false });
  return pieces.filter((piece) => piece.text);
}

/** @param {import("./ranking.mjs").Row} row @returns {Result} */
function result({ page, hits, name }) {
  // Who asks for a page by its name wants its top; who asks in other words, the place.
  const best = Number.isFinite(name) ? page : hits[0].entry;
  const marks = new Set(hits.flatMap((hit) => hit.marks));
  const more = hits.filter(({ entry, own }) => own && entry.heading && entry !== best);
  return {
    url: best.url,
    title: page.title,
    heading: best.heading,
    kind: page.kind,
    excerpt: excerpt(best.text, marks),
    more: more.slice(0, 2).map(({ entry: { url, heading } }) => ({ url, heading })),
  };
}

self.addEventListener("message", async ({ data: { id, text } }) => {
  try {
    const { index, sights } = await loaded;
    const { rows, fits } = rank(index, text, ENOUGH);
    const results = rows.slice(0, SHOWN).map(result);
    self.postMessage({ id, total: rows.length, results, fits, sights });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});
