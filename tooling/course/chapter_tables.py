"""Data about chapters in TOML files: a table for each chapter, under its id."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from tooling.course.pages import PageError
from tooling.course.schema import Closed

Table = TypeVar("Table", bound=Closed)


def read_tables(root: Path, path: str, adapter: TypeAdapter[dict[str, Table]]) -> dict[str, Table]:
    """Read the tables of a file by the id of their chapter, in the file's order.

    path: below the root; a file that is not there has none. adapter: what reads all of them.
    PageError: what is wrong, and where.
    """
    file = root / path
    if not file.is_file():
        return {}
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
        return adapter.validate_python(tables)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PageError(path, 1, f"not TOML ({error}); fix it") from error
    except ValidationError as error:
        first = error.errors()[0]
        chapter, *keys = [str(part) for part in first["loc"]]
        message = f"`{'.'.join(keys)}` of `{chapter}`: {first['msg']}; fix it"
        raise PageError(path, line_of(file, chapter), message) from error


def line_of(file: Path, chapter: str) -> int:
    """Return the line of a chapter's table, or the first."""
    rows = enumerate(file.read_text("utf-8").splitlines(), 1)
    return next((number for number, row in rows if row.strip() == f'["{chapter}"]'), 1)
