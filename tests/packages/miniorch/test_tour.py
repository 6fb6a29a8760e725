import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import miniorch
from testbed.sandbox import PACKAGES, ROOT
from tests.packages.miniorch.scenes import SCENES


def tour(hash_seed: str) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(PACKAGES), str(ROOT)]),
        "PYTHONHASHSEED": hash_seed,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": {"0": "UTC", "1": "Pacific/Auckland"}[hash_seed],
    }
    program = [sys.executable, "-W", "error", str(Path(__file__).with_name("tour.py"))]
    return subprocess.run(
        program, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_the_tour_shows_every_scene_and_the_same_text_on_every_machine() -> None:
    text = tour("0")
    assert all(title in text for title in SCENES)
    assert tour("1") == text


def test_the_example_in_the_docstring_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    [_, rest] = (miniorch.__doc__ or "").split("control.\n", 1)
    example, _ = rest.split("Read `rules`")
    exec(dedent(example), vars(miniorch).copy())
    assert capsys.readouterr().out == "EUR 2 000.00\n"
