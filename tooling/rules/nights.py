"""The nights of Tallow & Pine: each chapter has its own, and quotes its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from tooling.course.course import Course
from tooling.course.lines import lines_of
from tooling.course.nights import NIGHTS, Day, Night
from tooling.course.pages import Page, links_of
from tooling.course.schema import ChapterMeta
from tooling.rules import Problem, rule
from tooling.rules.structure import where

FILES = 11  # the load reads its day from so many files, and takes a minute for each
DOLLARS = 1.09  # to the euro
NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{5,})"
REVENUE = re.compile(rf"€ ?(?:{NUMBER}(?:\.\d\d)?|(\d{{2,3}}) ?k\b)")
ORDERS = re.compile(rf"(?<![€$£\d,.]){NUMBER}(?: [\w*`'-]+){{0,2}}? orders\b")
LEAST = {"orders": 1_000, "revenue": 10_000}  # below it are the figures of a program's ten orders
COARSEST = {"orders": 1_000, "revenue": 10_000}  # the roundest that a figure may be written


@rule
def night_is_the_tables(course: Course) -> Iterator[Problem]:
    """A chapter's `night` is the one that `tooling/course/nights.toml` has for it.

    ```yaml
    night: 2026-03-14
    ```
    """
    for page in course.chapters:
        night = course.nights.get(page.id)
        if not night:
            fix = f'add `["{page.id}"]` to {NIGHTS}'
            yield Problem(where(page), page.line_of("night"), "a night without figures", fix)
        elif page.meta.night != night.night:
            what = f"`night` is {page.meta.night}, and {night.night} in {NIGHTS}"
            yield Problem(where(page), page.line_of("night"), what, "write the same in both")


@rule
def figures_of_the_night(course: Course) -> Iterator[Problem]:
    """A chapter quotes the shop's figures of that night, or what follows from them.

    It may also quote those of a chapter that it needs or links to. Checked are amounts from €10,000
    and counts from 1,000 orders. For a day with 18,204 orders and €412,380, what follows is:

    - the day, or the same weekday a week before: 18,204 orders, €412,380
    - twice or three times a day: 36,408 orders, €824,760
    - k of the 11 files of a day, or half of it: 6 of 11 files are 9,929 orders and €224,935
    - the sum or the difference of two days, or of a day and a part of it: the load restarted after
      file 8 has 31,443 orders
    - euros and dollars taken for each other at 1.09, and the difference: €449,494.20 and €37,114.20
    - a figure that the night's table names under `also`, and its sum or difference with a day

    The last digit may be rounded up or down, and a figure may be written round: €412,000, €412 k,
    18,200 orders.
    """
    for page in course.chapters:
        nights = nights_of(course, page)
        accepted = {kind: followed(nights, kind) for kind in LEAST}
        for number, figure in figures_on(page) if nights else ():
            if not figure.is_one_of(accepted[figure.kind]):
                what = f"`{figure.text}` does not follow from the night's figures"
                fix = f"they are {told(nights[0])}; a figure of its own goes under `also`"
                yield Problem(where(page), number, what, f"{fix} in {NIGHTS}")


def nights_of(course: Course, page: Page[ChapterMeta]) -> list[Night]:
    """Return a chapter's own night, then those of the chapters that it needs or links to."""
    linked = [uri.removesuffix(".md") for uri in links_of(page)]
    ids = dict.fromkeys([page.id, *page.meta.needs, *linked])
    return [course.nights[one] for one in ids if one in course.nights]


@dataclass(frozen=True)
class Figure:
    """A figure on a page: `orders` or `revenue`, as it is written, and its value."""

    kind: str
    text: str
    value: float

    def is_one_of(self, accepted: Iterable[float]) -> bool:
        """Tell whether it is one of these, rounded as it is written."""
        zeros = re.search(r"0*$", f"{self.value:.0f}")
        place = min(10 ** len(zeros[0] if zeros else ""), COARSEST[self.kind])
        return any(abs(self.value - one) <= max(1, place / 2) for one in accepted)


def figures_on(page: Page) -> Iterator[tuple[int, Figure]]:
    """Walk over the shop's figures on a page, with their lines."""
    for line in lines_of(page):
        for kind, pattern in (("revenue", REVENUE), ("orders", ORDERS)):
            for match in pattern.finditer(line.text):
                value = figure_value(match[0])
                if value >= LEAST[kind]:
                    yield line.number, Figure(kind, match[0], value)


def figure_value(text: str) -> float:
    """Read `€412,380.00`, `€412 k` or `18,204 orders` as a number."""
    digits = re.sub(r"[^\d.]", "", text).rstrip(".")
    return float(digits) * (1_000 if re.search(r"\d ?k$", text) else 1)


def followed(nights: list[Night], kind: str) -> set[float]:
    """Return every figure of this kind that a page with these nights may quote."""
    days = {float(getattr(day, kind)) for night in nights for day in (night, night.a_week_before)}
    wholes = days | {float(one) for night in nights for one in night.also.values()}
    found = set(wholes)
    for one, other in combinations(sorted(wholes), 2):
        found |= {one + other, other - one}
    for day in days:
        parts = {day * files / FILES for files in range(1, FILES)} | {day / 2}
        found |= parts | {2 * day, 3 * day} | {day + part for part in parts}
        found |= {day * DOLLARS, day / DOLLARS, day * (DOLLARS - 1), day - day / DOLLARS}
    return found


def told(night: Night) -> str:
    """Say a night's figures in words."""
    before = _day(night.a_week_before)
    also = "".join(f", {value:,} {name}" for name, value in night.also.items())
    return f"{_day(night)}, and a week before {before}{also}"


def _day(day: Day) -> str:
    """Say one day's figures in words."""
    return f"{day.orders:,} orders and €{day.revenue:,}"
