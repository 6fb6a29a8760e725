"""What readers type, and how well it is answered."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST, FIRST_THREE = 0.90, 0.98
SENTENCES, FIRST_THREE_OF_ALL = {"report", "night", "late-night"}, 0.97  # harder than a question
UNFIT = 0.02


@dataclass(frozen=True)
class Query:
    """Words, the pages that answer them equally well, and what kind of words they are."""

    kind: str
    text: str
    pages: tuple[str, ...]
    tuned: bool  # every second of its kind: on these the floor was found

    def place(self, answer: Sequence[str]) -> int | None:
        """Where the first wanted page stands among the answers, from 0; None if none does."""
        pages = [url.split("#")[0].rstrip("/") for url in answer]
        return min((pages.index(page) for page in self.pages if page in pages), default=None)


def load() -> list[Query]:
    """Reads the list: a table for each kind, and in it the page or pages of each query."""
    kinds = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return [
        Query(kind, text, (pages,) if isinstance(pages, str) else tuple(pages), place % 2 == 0)
        for kind, table in kinds.items()
        for place, (text, pages) in enumerate(table.items())
    ]


ALL = load()
QUERIES = [query for query in ALL if query.pages]
OTHER_MATTERS = [query for query in ALL if query.kind == "none"]


def check_bars(queries: Sequence[Query], answers: Sequence[Sequence[str]]) -> None:
    """The bar: the right page first for 90 %, in the first three for 98 %; misses are printed.

    With whole sentences among the queries, in the first three for 97 %.
    """
    places = [query.place(answer) for query, answer in zip(queries, answers, strict=True)]
    for query, place, answer in zip(queries, places, answers, strict=True):
        if place != 0:
            stands = "not found" if place is None else f"number {place + 1}"
            print(f"{query.kind}: {query.text!r} -> {query.pages} {stands}; {answer[:3]}")
    for kind in sorted({query.kind for query in queries}):
        of_kind = [p for query, p in zip(queries, places, strict=True) if query.kind == kind]
        print("{}: first {:.1%}, in the first three {:.1%}, of {}".format(kind, *score(of_kind)))
    first, near, number = score(places)
    print(f"all: first {first:.1%}, in the first three {near:.1%}, of {number}")
    with_sentences = any(query.kind in SENTENCES for query in queries)
    assert first >= FIRST
    assert near >= (FIRST_THREE_OF_ALL if with_sentences else FIRST_THREE)


def score(places: Sequence[int | None]) -> tuple[float, float, int]:
    """The share of first places, the share of the first three, and of how many."""
    near = [place for place in places if place is not None and place < 3]
    return near.count(0) / len(places), len(near) / len(places), len(places)


def check_fits(queries: Sequence[Query], fits: Sequence[bool]) -> None:
    """The bar: of the queries that have a page, 2 % at most are told that nothing fits."""
    for tuned, name in ((True, "tuned on"), (False, "held out")):
        half = [fit for query, fit in zip(queries, fits, strict=True) if query.tuned == tuned]
        print(f"{name}: {half.count(False)} of {len(half)} are told that nothing fits")
    print([query.text for query, fit in zip(queries, fits, strict=True) if not fit])
    assert fits.count(False) / len(fits) <= UNFIT
