"""A recording keeps what its program prints: text as it is, a simulation with a frame on a line."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tooling.authoring import recordings

FRAMES = [{"step": step, "rows": [{"cells": [{"text": "€1"}]}]} for step in ("start", "end")]
SIMULATION = {"title": "Night", "choices": [], "runs": [{"choice": [], "frames": FRAMES}]}
PRINTS_FRAMES = f"import json\nprint(json.dumps({SIMULATION}, indent=1))\n"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(recordings, "ROOT", tmp_path)
    return tmp_path / "night.py"


def recorded(program: Path, source: str) -> list[Path]:
    """Record a program, and list what stands next to it then."""
    program.write_text(source, encoding="utf-8")
    recordings.record([program])
    return sorted(path for path in program.parent.iterdir() if path != program)


@pytest.mark.parametrize("printed", ["three lines  \n\n\n", '{"runs\n', "[1]\n", '{"rows": 1}\n'])
def test_text_is_kept_as_it_is(program: Path, printed: str) -> None:
    [recording] = recorded(program, f"print({printed!r}, end='')\n")
    assert recording == program.with_suffix(".out")
    assert recording.read_text(encoding="utf-8") == printed


def test_a_frame_of_a_simulation_is_a_line(program: Path) -> None:
    [recording] = recorded(program, PRINTS_FRAMES)
    assert recording == program.with_suffix(".json")
    text = recording.read_text(encoding="utf-8")
    lines = [line.strip().removesuffix(",") for line in text.splitlines()]
    frames = [json.loads(line) for line in lines if line.startswith('{"step"')]
    assert frames == FRAMES
    assert "€1" in text
    assert json.dumps(json.loads(text)) == json.dumps(SIMULATION)  # its keys in the same order


def test_the_other_kind_of_recording_goes(program: Path) -> None:
    recorded(program, PRINTS_FRAMES)
    assert recorded(program, "print('text')\n") == [program.with_suffix(".out")]
    assert recorded(program, PRINTS_FRAMES) == [program.with_suffix(".json")]


@pytest.mark.parametrize("source", ["print('text')\n", PRINTS_FRAMES])
def test_a_recording_that_is_not_what_is_printed_is_reported(program: Path, source: str) -> None:
    [recording] = recorded(program, source)
    assert recordings.problem(program) is None
    recording.write_text(recording.read_text().replace("t", "T", 1))
    problem = recordings.problem(program)
    assert problem.startswith(f"{recording.name} is stale, ")
    assert problem.endswith("python3 noxfile.py record night.py")
    recording.unlink()
    assert recordings.problem(program).startswith(f"{recording.name} is missing; ")


def test_a_simulation_without_its_frames_is_reported(program: Path) -> None:
    recorded(program, "print('text')\n")
    program.write_text(PRINTS_FRAMES)
    assert recordings.problem(program).startswith("night.json is missing; ")


MARK = {"says": "text: Late", "at": [50, 20]}
SCREEN = {"width": 9, "height": 9, "marks": {"bar": MARK}}


def prints_screens(says: str, image: bytes) -> str:
    """Write a program that prints one screen."""
    mark = {**MARK, "says": says, "at": [len(image), 20]}
    taken = {**SCREEN, "marks": {"bar": mark}, "image": base64.b64encode(image).decode()}
    return f"import json\nprint(json.dumps({{'screens': {{'grid': {taken}}}}}))\n"


def test_a_screen_is_a_picture_and_what_it_says(program: Path) -> None:
    picture, words = recorded(program, prints_screens("text: Late", b"WEBP"))
    assert (picture.name, picture.read_bytes()) == ("night.grid.webp", b"WEBP")
    assert words == program.with_suffix(".json")
    assert "image" not in words.read_text(encoding="utf-8")


def test_a_screen_of_another_font_is_current_and_of_other_words_is_not(program: Path) -> None:
    recorded(program, prints_screens("text: Late", b"WEBP"))
    program.write_text(prints_screens("text: Late", b"another font"), encoding="utf-8")
    assert recordings.problem(program) is None
    program.write_text(prints_screens("text: Running", b"WEBP"), encoding="utf-8")
    assert recordings.problem(program).startswith("night.json is stale, ")


def test_a_screen_without_its_picture_is_not_current(program: Path) -> None:
    picture, _ = recorded(program, prints_screens("text: Late", b"WEBP"))
    picture.unlink()
    assert "is stale" in recordings.problem(program)
