"""The course as data: its pages, and the order that `nav` in mkdocs.yml gives them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import yaml

from tooling.course.nights import Night, read_nights
from tooling.course.pages import (
    RECORDING,
    Meta,
    Page,
    PageError,
    kind_of,
    links_of,
    read_page,
    with_meta,
)
from tooling.course.planned import Planned, read_planned
from tooling.course.schema import ChapterMeta, Kind, LandingMeta, SymptomMeta, TermMeta
from tooling.course.suite import Facts, read_suite


@dataclass
class Section:
    """An entry of `nav` that holds others: a track, a course or a shelf of pages."""

    title: str
    line: int  # in mkdocs.yml, from 1
    items: list[Section | str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # of the pages directly in it

    @property
    def pages(self) -> list[str]:
        """The pages directly in this section, in order."""
        return [item for item in self.items if isinstance(item, str)]

    @property
    def sections(self) -> list[Section]:
        """The sections directly in this section, in order."""
        return [item for item in self.items if isinstance(item, Section)]


class _NavLoader(yaml.SafeLoader):
    """Read mkdocs.yml as data: its own tags (!ENV, !!python/name) mean nothing here."""


_NavLoader.add_multi_constructor("!", lambda loader, suffix, node: None)
_NavLoader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def read_nav(config: Path) -> Section:
    """Read `nav` of mkdocs.yml as a tree that keeps line numbers."""
    navs = [(key, value) for key, value in _entries(config) if key.value == "nav"]
    if not navs:
        message = "there is no `nav`; it is the one place where order is written"
        raise PageError(config.name, 1, message)
    if len(navs) > 1:
        line = navs[1][0].start_mark.line + 1
        raise PageError(config.name, line, "the key `nav` stands twice; keep one of them")
    return _section(config.name, "", navs[0][1])


def _entries(config: Path) -> list[tuple[yaml.Node, yaml.Node]]:
    """Read the top-level keys of mkdocs.yml with their values, as YAML's own nodes."""
    try:
        root = yaml.compose(config.read_text(encoding="utf-8"), Loader=_NavLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PageError(config.name, line, f"not YAML ({error.problem}); fix this line") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PageError(config.name, 1, f"not YAML ({error}); save it as UTF-8") from error
    return root.value if isinstance(root, yaml.MappingNode) else []


def _section(path: str, title: str, node: yaml.Node) -> Section:
    """Build one section of the tree from its YAML node."""
    section = Section(title, node.start_mark.line + 1)
    for item in node.value:
        match item:
            case yaml.ScalarNode(value=uri) if uri:
                name, value = "", item
            case yaml.MappingNode(value=[(key, value)]) if value.value:
                name = key.value
            case _:
                message = "an entry of `nav` that leads nowhere; write `- page.md` or `- Title:`"
                raise PageError(path, item.start_mark.line + 1, message)
        if isinstance(value, yaml.SequenceNode):
            section.items.append(_section(path, name, value))
        else:
            section.items.append(value.value)
            section.lines[value.value] = item.start_mark.line + 1
    return section


@dataclass
class Course:
    """Everything the pages say, by path; and the order that `nav` gives them."""

    root: Path
    pages: dict[str, Page]
    errors: list[PageError]
    nav: Section
    nights: dict[str, Night] = field(default_factory=dict)  # by the id of their chapter
    planned: dict[str, Planned] = field(default_factory=dict)  # by the id of their chapter

    EDITIONS: ClassVar = ("full", "free")

    @classmethod
    def read(cls, root: Path) -> Course:
        """Read every page below `root`/docs; pages that cannot be read end up in `errors`."""
        docs, pages, errors = root / "docs", {}, []
        for path in sorted([*docs.rglob("*.md"), *docs.glob("labs/*.py")]):
            uri = path.relative_to(docs).as_posix().replace(".py", RECORDING)
            try:
                pages[uri] = read_page(docs, uri)
            except PageError as error:
                errors.append(error)
        nav, nights, planned = read_nav(root / "mkdocs.yml"), read_nights(root), read_planned(root)
        return cls(root, pages, errors, nav, nights, planned)

    def of_kind(self, *kinds: Kind) -> list[Page]:
        """Return the pages of these kinds, in the order of their titles."""
        return by_title(page for page in self.pages.values() if page.kind in kinds)

    @property
    def chapters(self) -> list[Page[ChapterMeta]]:
        """All chapters, in the order of their titles."""
        return by_title(with_meta(self.pages.values(), ChapterMeta))

    @property
    def terms(self) -> list[Page[TermMeta]]:
        """The glossary's entries, in the order of their titles."""
        return by_title(with_meta(self.pages.values(), TermMeta))

    @property
    def symptoms(self) -> list[Page[SymptomMeta]]:
        """The diagnosis's entries, in the order of their titles."""
        return by_title(with_meta(self.pages.values(), SymptomMeta))

    def section_of(self, uri: str) -> Section | None:
        """Find the section of nav whose own page this is."""
        todo = [self.nav]
        while todo:
            section = todo.pop()
            if uri in section.pages and uri.endswith("index.md"):
                return section
            todo.extend(section.sections)
        return None

    def chapters_of(self, course: Page) -> list[Page[ChapterMeta]]:
        """Return the chapters of a course that are written, in order."""
        section = self.section_of(course.uri)
        return list(with_meta(self._written(section.pages), ChapterMeta)) if section else []

    def courses_of(self, track: Page) -> list[Page[LandingMeta]]:
        """Return the courses of a track, in order."""
        section = self.section_of(track.uri)
        firsts = [course.pages[0] for course in section.sections] if section else []
        return list(with_meta(self._written(firsts), LandingMeta))

    @cached_property
    def courses(self) -> list[str]:
        """Return the folders of the courses that `nav` lists, in its order."""
        found, todo = [], [self.nav]
        while todo:
            section = todo.pop(0)
            found += [uri.partition("/")[0] for uri in section.pages if kind_of(uri) == "course"]
            todo[:0] = section.sections
        return found

    @property
    def tracks(self) -> list[Page[LandingMeta]]:
        """The tracks, in order."""
        firsts = [section.pages[0] for section in self.nav.sections if section.pages]
        tracks = [uri for uri in firsts if kind_of(uri) == "track"]
        return list(with_meta(self._written(tracks), LandingMeta))

    def _written(self, uris: Iterable[str]) -> Iterator[Page]:
        """Walk over those of some pages that are there."""
        return (self.pages[uri] for uri in uris if uri in self.pages)

    @cached_property
    def suite(self) -> dict[str, Facts]:
        """What each file below tests/ says about itself, by its path below the root."""
        return read_suite(self.root)

    @cached_property
    def used_in(self) -> dict[str, list[Page]]:
        """For each linked page, the chapters, labs, symptoms and terms that link to it."""
        users: dict[str, list[Page]] = {}
        for page in self.of_kind("chapter", "lab", "symptom", "term"):
            for target in sorted(set(links_of(page))):
                if target != page.uri:
                    users.setdefault(target, []).append(page)
        return users


def by_title(pages: Iterable[Page[Meta]]) -> list[Page[Meta]]:
    """Sort pages as a reader looks them up."""
    return sorted(pages, key=lambda page: page.title.casefold())


def edition() -> str:
    """Return the edition to build, from EDITION: `full` (the default) or `free`."""
    wanted = os.environ.get("EDITION") or "full"
    if wanted not in Course.EDITIONS:
        raise SystemExit(f"EDITION is `{wanted}`; it can be {' or '.join(Course.EDITIONS)}")
    return wanted
