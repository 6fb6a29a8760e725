"""What holds of every lab; what one says in words, and promises for a change, is its own test's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from testbed.sandbox import LABS
from tooling.rules.code import imports

every_lab = pytest.mark.parametrize("source", sorted(LABS.glob("*.py")), ids=lambda path: path.stem)


@every_lab
def test_a_lab_is_tested(source: Path) -> None:
    assert Path(__file__).with_name(f"test_{source.stem.replace('-', '_')}.py").is_file()


@every_lab
def test_a_lab_needs_the_standard_library_only(source: Path) -> None:
    own = {*sys.stdlib_module_names, "miniorch", "exhibits"}
    assert not [name for _, name in imports(source) if name.partition(".")[0] not in own]
