"""A page as data: its kind, its front matter held to a schema, its text and its links."""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Generic, TypeGuard

import yaml
from pydantic import ValidationError
from typing_extensions import TypeVar

from tooling.course.cells import as_markdown
from tooling.course.schema import SCHEMAS, ChapterMeta, FrontMatter, Kind, LandingMeta

try:
    from yaml import CSafeLoader as Loader  # ten times faster
except ImportError:
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # where PyYAML has no C

MORE = "<!-- more -->"
DIRECTIVES = (  # comments that the build fills in
    *("chapters", "courses", "tracks", "entries", "names", "pack", "rules", "stepper"),
    *("across-tools", "tool-words", "false-friends", "whole-glossary"),
    *("path-on-call", "path-new", "path-owner", "nights", "progress", "continue", "placement"),
)
OF_TERMS = ("say-it-in",)  # comments that are filled in from the terms that they name
COMMENTS = (*DIRECTIVES, *OF_TERMS, "more", "material/tags")  # all that a page may have
RECORDING = ".ipynb"  # what the site is built from where the page itself is a program
ROOMS_WITHOUT_CHAPTERS = {"assets", "contribute", "labs", "reference", "tracks"}
CATALOGUES: dict[str, Kind] = {"glossary": "term", "diagnose": "symptom"}
NOT_SEARCHED = {"glossary/print.md"}  # all of it stands elsewhere
CATALOGUE_PAGES = {
    "index.md",
    "across-tools.md",
    "false-friends.md",
    "print.md",
    "safe-to-re-run.md",
    "when-the-database-is-closed.md",
}


class PageError(Exception):
    """A page that cannot be read: where, what is wrong, what would be right.

    path: below the root; line: from 1.
    """

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


def kind_of(uri: str) -> Kind:
    """Tell what kind of page lives at a path below docs/."""
    room, *rest = PurePosixPath(uri).parts
    if uri == "index.md":
        return "home"
    if not rest:
        return "page"
    if room == "tracks" and rest[-1:] == ["index.md"]:
        return "track"
    if room in CATALOGUES:
        return "page" if rest[-1] in CATALOGUE_PAGES else CATALOGUES[room]
    if room == "labs" and rest[-1].endswith(RECORDING):
        return "lab"
    if room in ROOMS_WITHOUT_CHAPTERS:
        return "page"
    return "course" if rest == ["index.md"] else "chapter"


Meta = TypeVar("Meta", bound=FrontMatter, default=FrontMatter, covariant=True)


@dataclass(frozen=True)
class Page(Generic[Meta]):
    """One Markdown file, or one lab: its place, its typed front matter and its text."""

    uri: str
    meta: Meta
    text: str  # without the front matter
    first_line: int  # of `text` in the file, from 1
    head: str = ""  # the front matter

    @cached_property
    def kind(self) -> Kind:
        """What kind of page this is, by where it lives."""
        return kind_of(self.uri)

    @property
    def source(self) -> str:
        """The file that is written by hand, below docs/."""
        return self.uri.replace(RECORDING, ".py")

    @property
    def stem(self) -> str:
        """The path below docs/, without the file's suffix."""
        return self.uri.rpartition(".")[0]

    @cached_property
    def id(self) -> str:
        """`<course>/<chapter>` for a chapter, the file's stem for an entry."""
        stem = self.stem
        return stem.split("/")[-1] if self.kind in ("term", "symptom") else stem

    @cached_property
    def title(self) -> str:
        """The H1, without Markdown."""
        heading = re.search(r"^# (.+?)(?:\s*\{.*\})?$", self.text, re.M)
        return plain(heading[1]) if heading else self.id

    @cached_property
    def lead(self) -> str:
        """The promise of a chapter, or else the first paragraph: what the page is in a sentence."""
        if isinstance(self.meta, LandingMeta | ChapterMeta):
            return self.meta.promise
        body = re.sub(r"^# .+$", "", self.text, count=1, flags=re.M).strip()
        return plain(ATTRIBUTES.sub("", body.split("\n\n")[0])) if body else ""

    @property
    def free(self) -> bool:
        """Whether the whole page is in the free edition."""
        return MORE not in self.text

    def line_of(self, key: str) -> int:
        """Return the line of a key in the front matter, or the first."""
        rows = enumerate(self.head.splitlines(), 2)
        return next((number for number, row in rows if row.startswith(f"{key}:")), 1)

    @property
    def url(self) -> str:
        """Address below the site's root, ending in a slash (or empty for the home page)."""
        stem = self.stem.removesuffix("index")
        return stem if stem == "" or stem.endswith("/") else f"{stem}/"


def has_meta(page: Page, schema: type[Meta]) -> TypeGuard[Page[Meta]]:
    """Tell whether a page's front matter is of this schema, as `ChapterMeta` is a chapter's."""
    return isinstance(page.meta, schema)


def with_meta(pages: Iterable[Page], schema: type[Meta]) -> Iterator[Page[Meta]]:
    """Walk over those of some pages whose front matter is of this schema."""
    return (page for page in pages if has_meta(page, schema))


ATTRIBUTES = re.compile(r"\n\{[^{}]*\}$")
LINK_TEXT = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)")
MARKED = re.compile(r"`([^`]*)`|\*{1,2}(\S(?:.*?\S)?)\*{1,2}|(?<!\w)_(\S(?:.*?\S)?)_(?!\w)")


def plain(markdown: str) -> str:
    """Reduce a line of Markdown to its words; what is in code stays as it is."""
    text = LINK_TEXT.sub(r"\1", markdown)
    return " ".join(MARKED.sub(lambda m: m[1] or m[2] or m[3] or "", text).split())


class DuplicateKeyError(yaml.MarkedYAMLError):
    """A key that stands twice: the first would be lost in silence."""


class _UniqueKeys(Loader):
    """Read YAML in which no key stands twice."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Make a dictionary, or say which key stands twice."""
        seen = set()
        for key, _ in node.value:
            if (name := str(key.value)) in seen:
                problem = f"the key `{name}` stands twice"
                raise DuplicateKeyError(None, None, problem, key.start_mark)
            seen.add(name)
        mapping: dict[Hashable, object] = super().construct_mapping(node, deep)
        return mapping


FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.S | re.M)


def read_page(docs: Path, uri: str) -> Page:
    """Read and check one page; PageError names the line of the first problem."""
    source = (docs / uri.replace(RECORDING, ".py")).read_text(encoding="utf-8", errors="replace")
    return _parse(f"{docs.name}/{uri}", uri, source)


@lru_cache(maxsize=2000)  # when a course is read again, most of its pages are as they were
def _parse(where: str, uri: str, source: str) -> Page:
    """Check the source of one page."""
    source = as_markdown(source) if kind_of(uri) == "lab" else source
    match = FRONT_MATTER.match(source)
    head = match[1] if match else ""
    text = source[match.end() :] if match else source
    try:
        meta = SCHEMAS.get(kind_of(uri), FrontMatter).model_validate(
            yaml.load(head, _UniqueKeys) or {}
        )
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise PageError(where, line, f"{error.problem}; keep one") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        message = f"the front matter is not YAML ({error.problem}); quote values that hold `: `"
        raise PageError(where, line, message) from error
    except yaml.YAMLError as error:  # a character that cannot be YAML
        message = "the front matter is not YAML; it holds a control character"
        raise PageError(where, 1, message) from error
    except ValidationError as error:
        raise _explain(where, head, kind_of(uri), error) from error
    first_line = source.count("\n", 0, match.end()) + 1 if match else 1
    return Page(uri, meta, text, first_line, head)


def _explain(where: str, head: str, kind: Kind, error: ValidationError) -> PageError:
    """Turn the first complaint of the schema into one line that shows the fix."""
    first = error.errors()[0]
    keys = [str(part) for part in first["loc"]]
    allowed = ", ".join(sorted(SCHEMAS.get(kind, FrontMatter).model_fields))
    line = next(
        (n for n, row in enumerate(head.splitlines(), 2) if keys and row.startswith(f"{keys[0]}:")),
        1,
    )
    name = ".".join(keys) or "front matter"
    match first["type"]:
        case "extra_forbidden":
            message = f"unknown key `{name}`; the keys of a {kind} are {allowed}"
        case "missing":
            message = f"`{name}` is missing; the keys of a {kind} are {allowed}"
        case _:
            message = f"`{name}`: {first['msg'].removeprefix('Value error, ')}"
    return PageError(where, line, message)


LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s#]+\.(?:md|ipynb))(?:#[^)\s]*)?\)")


def links_of(page: Page) -> list[str]:
    """Return the pages that a page links to, as paths below docs/."""
    folder = PurePosixPath(page.uri).parent
    return [
        os.path.normpath(folder / target).replace(os.sep, "/") for target in LINK.findall(page.text)
    ]
