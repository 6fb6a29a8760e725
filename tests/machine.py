"""What a machine may lack, so that a test cannot run on it."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacks(what: str) -> NoReturn:
    """Skip the test here, and say why; in CI, which has it all, the test fails."""
    leave = pytest.fail if os.environ.get("CI") else pytest.skip
    leave(what)
