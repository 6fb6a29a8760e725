from pathlib import Path

import pytest

from tooling.course import suite
from tooling.course.suite import Kept, read

SOURCE = b"def test_it(program):\n    check(program)\n\n\ndef check(program):\n    assert program\n"


def test_what_was_read_is_kept_by_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Kept(tmp_path / "cache" / "tests.json")
    facts = first.read("test_it.py", SOURCE)
    first.save()
    monkeypatch.setattr(suite, "read", lambda *_: pytest.fail("read again"))
    assert Kept(first.file).read("test_it.py", SOURCE) == facts == read("test_it.py", SOURCE)


@pytest.mark.parametrize(("name", "source"), [("test_it.py", SOURCE + b"\n"), ("it.py", SOURCE)])
def test_a_change_is_read_again(tmp_path: Path, name: str, source: bytes) -> None:
    first = Kept(tmp_path / "tests.json")
    first.read("test_it.py", SOURCE)
    first.save()
    again = Kept(first.file)
    assert again.read(name, source) == read(name, source)
    again.save()
    assert len(Kept(first.file).before) == 1


def test_a_file_that_is_no_python_says_nothing() -> None:
    assert read("test_it.py", b"def test_it(:\n").tests == []
