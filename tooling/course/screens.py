"""Screens of a tool as their program records them: what each shows, and where its marks are.

`<idea>.json` has the words of every mark and its place; the picture itself is
`<idea>.<screen>.webp`. Fonts differ from machine to machine, so a recording is current while its
words are.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

KILOBYTES = 40  # of a picture, which loads on a phone at night


class Model(BaseModel):
    """Data with no key that nobody knows."""

    model_config = ConfigDict(extra="forbid")


class Mark(Model):
    """An element of the picture that a page may point at."""

    says: str
    at: tuple[float, float]  # its right end, in percent of the picture


class Screen(Model):
    """One picture: its size on a page, and its marks."""

    width: int
    height: int
    marks: dict[str, Mark]


class Screens(Model):
    """All pictures of one program."""

    screens: dict[str, Screen]


def parsed(printed: str) -> dict[str, Any] | None:
    """Return the screens that a program printed, with their images; None for what is none."""
    try:
        data = json.loads(printed)
    except ValueError:
        return None
    return data["screens"] if isinstance(data, dict) and [*data] == ["screens"] else None


def read(recording: Path) -> Screens:
    """Read a recording; ValueError says in one line what is wrong."""
    try:
        return Screens.model_validate_json(recording.read_text(encoding="utf-8"))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def image_of(recording: Path, screen: str) -> Path:
    """Name the picture of a screen."""
    return recording.with_suffix(f".{screen}.webp")


def write(screens: dict[str, Any], recording: Path) -> None:
    """Keep what a program printed: each image as a file, the rest as JSON."""
    for old in recording.parent.glob(f"{recording.stem}.*.webp"):
        old.unlink()
    for name, screen in screens.items():
        image_of(recording, name).write_bytes(base64.b64decode(screen["image"]))
    text = json.dumps(
        {"screens": {name: without_image(screen) for name, screen in screens.items()}},
        ensure_ascii=False,
        indent=1,
    )
    recording.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def without_image(screen: dict[str, Any]) -> dict[str, Any]:
    """Return what is compared and read of a screen."""
    return {key: value for key, value in screen.items() if key != "image"}


def words(screens: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return what each mark of each screen says."""
    return {
        name: {key: mark["says"] for key, mark in screen["marks"].items()}
        for name, screen in screens.items()
    }
