"""Write a file of the built site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel


def write_json(path: Path, data: BaseModel | dict[str, Any]) -> None:
    """Write a model, or what is JSON already, the same way every time."""
    plain = data.model_dump(mode="json") if isinstance(data, BaseModel) else data
    write_text(path, json.dumps(plain, ensure_ascii=False, separators=(",", ":")))


def write_text(path: Path, text: str) -> None:
    """Write text with the same line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")
