"""What readers type, and how well it is answered."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST, FIRST_THREE = 0.90, 0.98


@dataclass(frozen=True)
class Query:
    """Words, the pages that answer them equally well, and what kind of words they are."""

    kind: str
    text: str
    pages: tuple[str, ...]

    def place(self, answer: Sequence[str]) -> int | None:
        """Where the first wanted page stands among the answers, from 0; None if none does."""
        pages = [url.split("#")[0].rstrip("/") for url in answer]
        return min((pages.index(page) for page in self.pages if page in pages), default=None)


def load() -> list[Query]:
    """Reads the list: a table for each kind, and in it the page or pages of each query."""
    kinds = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return [
        Query(kind, text, (pages,) if isinstance(pages, str) else tuple(pages))
        for kind, table in kinds.items()
        for text, pages in table.items()
    ]


QUERIES = load()


def check_bars(queries: Sequence[Query], answers: Sequence[Sequence[str]]) -> None:
    """The bar: the right page first for 90 %, in the first three for 98 %; misses are printed."""
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
    assert first >= FIRST
    assert near >= FIRST_THREE


def score(places: Sequence[int | None]) -> tuple[float, float, int]:
    """The share of first places, the share of the first three, and of how many."""
    near = [place for place in places if place is not None and place < 3]
    return near.count(0) / len(places), len(near) / len(places), len(places)
