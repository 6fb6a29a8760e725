"""Tests that can fail and are run, and tests that cannot or are not."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    FOLDER,
    PROMISE,
    SYMPTOM,
    Edit,
    Example,
    append,
    replace,
    write,
)

HELPERS = "tests/helpers.py"
NIGHT = "def night():\n    return 0\n"
CHECK = "from tests.helpers import check\n\n\ndef test_it(program):\n    check(program)\n"
NOTHING = "asserts nothing; compare what happened with what should have"
MARK = "import pytest\n\n\n@pytest.mark.{}\ndef test_it(program):\n    assert program.night()\n"
LEFT = "may leave a test out; have it pass; for what a machine may lack, call `lacks`"
NEVER = "is never collected; put it at the top of a file `test_….py`"


def test(*lines: str, before: str = "") -> Edit:
    """Add a test of these lines."""
    body = "\n".join(f"    {line}" for line in lines)
    return append(f"\n\n{before}\n\n\ndef test_it(program):\n{body}\n")


# fmt: off
EXAMPLES = [
    Example("tests-can-fail", "no assertion", PROMISE, test("program.night()"), f"`test_it` {NOTHING}", "def test_it"),
    Example("tests-can-fail", "nothing at all", PROMISE, test('"""It is so."""'), NOTHING, "def test_it"),
    Example("tests-can-fail", "a comparison that nobody asserts", PROMISE, test("program.night() == 0"), NOTHING, "def test_it"),
    Example("tests-can-fail", "expected, and not asked", PROMISE, test("expect(program)", before="from playwright.sync_api import expect"), NOTHING),
    Example("tests-can-fail", "a helper that asserts nothing", PROMISE, test("check(program)", before="def check(program):\n    return program.night()"), NOTHING, "def test_it"),
    Example("tests-can-fail", "a helper elsewhere that asserts nothing", PROMISE, append(CHECK), NOTHING, "def test_it", more={HELPERS: write("def check(program):\n    check(program)\n")}),
    Example("tests-can-fail", "a name that promises an assertion", PROMISE, test("assert_all(program)", before="from json import loads as assert_all"), NOTHING),
    Example("tests-can-fail", "assert True", PROMISE, test("assert True"), "`assert True` is always true; compare what happened", "assert True"),
    Example("tests-can-fail", "a text", PROMISE, test('assert "the table is empty"'), "is always true", 'assert "'),
    Example("tests-can-fail", "a pair", PROMISE, test('assert (program.night() == 0, "empty")'), "is always true", "assert ("),
    Example("tests-can-fail", "not nothing", PROMISE, test("assert not None"), "`assert not None` is always true"),
    Example("tests-can-fail", "a generator", PROMISE, test("assert (one > 0 for one in program.rows)"), "is always true"),
    Example("tests-can-fail", "or else true", PROMISE, test("assert program.night() or True"), "is always true"),
    Example("tests-can-fail", "a thing and itself", PROMISE, test("assert program.total == program.total"), "`assert program.total == program.total` is always true"),
    Example("tests-can-fail", "two constants", PROMISE, test("assert 1 == 1"), "is always true"),
    Example("tests-can-fail", "no length is below zero", PROMISE, test("assert len(program.rows) >= 0"), "is always true"),
    Example("tests-can-fail", "a function that is not called", PROMISE, test("assert night", before=NIGHT), "is always true", "assert night"),
    Example("tests-can-fail", "after a return", PROMISE, test("return", "assert program.night() == 0"), "`assert program.night() == 0` is never reached", "assert program.night() == 0"),
    Example("tests-can-fail", "after an error", PROMISE, test("if program.late:", "    raise SystemExit", "    assert program.night()"), "is never reached", "    assert program.night()"),
    Example("tests-can-fail", "if False", PROMISE, test("if False:", "    assert program.night()"), "is never reached"),
    Example("tests-can-fail", "for each of none", PROMISE, test("for one in []:", "    assert one"), "is never reached"),
    Example("tests-can-fail", "caught", PROMISE, test("try:", "    assert program.night()", "except:", "    pass"), "the error of `assert program.night()` is caught here; assert outside", "    assert program.night()"),
    Example("tests-can-fail", "caught among others", PROMISE, test("try:", "    assert program.night()", "except (OSError, AssertionError) as error:", "    print(error)"), "is caught here"),
    Example("tests-can-fail", "suppressed", PROMISE, test("with suppress(Exception):", "    assert program.night()", before="from contextlib import suppress"), "is caught here"),

    Example("tests-can-fail", "an error", PROMISE, test("with pytest.raises(KeyError):", "    program.night()", before="import pytest")),
    Example("tests-can-fail", "an error by its own name", PROMISE, test("with raises(KeyError):", "    program.night()", before="from pytest import raises")),
    Example("tests-can-fail", "fail", PROMISE, test("if program.late:", "    pytest.fail('late')", before="import pytest")),
    Example("tests-can-fail", "what a browser shows", PROMISE, test("expect(program).to_have_title('Home')", before="from playwright.sync_api import expect")),
    Example("tests-can-fail", "the same twice", PROMISE, test("assert program.night() == program.night()")),
    Example("tests-can-fail", "in a function of its own", PROMISE, test("def check(total):", "    assert total == 0", "check(program.night())")),
    Example("tests-can-fail", "through a helper", PROMISE, test("check(program)", before="def check(program):\n    assert program.night()")),
    Example("tests-can-fail", "through a helper elsewhere", PROMISE, append(CHECK), more={HELPERS: write("def check(program):\n    deeper(program)\n\n\ndef deeper(program):\n    assert program\n")}),
    Example("tests-can-fail", "through a method", PROMISE, append("\n\nfrom tests.helpers import Page\n\n\ndef test_it(page: Page):\n    page.says('empty')\n"), more={HELPERS: write("class Page:\n    def says(self, words):\n        self.must(words)\n\n    def must(self, words):\n        assert words\n")}),
    Example("tests-can-fail", "caught by its name", PROMISE, test("try:", "    assert program.night()", "except OSError:", "    pass")),
    Example("tests-can-fail", "caught and raised", PROMISE, test("try:", "    assert program.night()", "except Exception:", "    program.stop()", "    raise")),

    *(Example("tests-are-run", mark, PROMISE, append("\n\n" + MARK.format(mark)), LEFT, f"@pytest.mark.{mark}") for mark in ("skip", "skip(reason='slow')", "skipif(True, reason='')", "xfail", "xfail(strict=True)")),
    Example("tests-are-run", "a mark by another name", PROMISE, append("\n\nfrom pytest import mark as m\n\n\n@m.skip\ndef test_it(program):\n    assert program\n"), "`pytest.mark.skip` may leave", "@m.skip"),
    Example("tests-are-run", "a mark of the file", PROMISE, append("\nimport pytest\n\npytestmark = pytest.mark.skip\n"), LEFT, "pytestmark"),
    Example("tests-are-run", "a mark of one case", PROMISE, append("\n\nimport pytest\n\nCASES = [pytest.param(1, marks=pytest.mark.xfail)]\n"), LEFT, "CASES"),
    Example("tests-are-run", "skipped on the way", PROMISE, test("pytest.skip('slow')", "assert program", before="import pytest"), "`pytest.skip` may leave", "pytest.skip"),
    Example("tests-are-run", "skipped for want of a package", PROMISE, append("\nimport pytest\n\npytest.importorskip('prefect')\n"), "`pytest.importorskip` may leave"),
    Example("tests-are-run", "skipped by unittest", PROMISE, append("\n\nimport unittest\n\n\n@unittest.skip('slow')\ndef test_it(program):\n    assert program\n"), "`unittest.skip` may leave"),
    Example("tests-are-run", "a folder left out", "tests/snippets/conftest.py", write('collect_ignore = ["pipelines"]\n'), "`collect_ignore` leaves tests out; have it run and pass"),
    Example("tests-are-run", "a file left out", PROMISE, append("\n\n__test__ = False\n"), "`__test__` leaves tests out"),
    Example("tests-are-run", "commented out", PROMISE, append("\n\n# def test_it(program):\n#     assert program.night()\n"), "a test that is commented out: `# def test_it(program):`; have it run", "# def test_it"),
    Example("tests-are-run", "a file that pytest does not read", "tests/snippets/pipelines/empty-input/empty_input_test.py", write("def test_it(program):\n    assert program\n"), f"`test_it` {NEVER}", "def test_it"),
    Example("tests-are-run", "in a conftest", "tests/snippets/conftest.py", write("def test_it(program):\n    assert program\n"), NEVER),
    Example("tests-are-run", "within another", PROMISE, test("assert program", "def test_more():", "    assert program"), f"`test_more` {NEVER}", "def test_more"),
    Example("tests-are-run", "under a condition", PROMISE, append("\n\nif False:\n    def test_it(program):\n        assert program\n"), NEVER, "def test_it"),
    Example("tests-are-run", "a fixture", PROMISE, append("\n\nimport pytest\n\n\n@pytest.fixture\ndef test_it(program):\n    assert program\n"), NEVER),
    Example("tests-are-run", "in a class of another name", PROMISE, append("\n\nclass Nights:\n    def test_it(self, program):\n        assert program\n"), NEVER),
    Example("tests-are-run", "in a class that needs arguments", PROMISE, append("\n\nclass TestNights:\n    def __init__(self):\n        pass\n\n    def test_it(self, program):\n        assert program\n"), "pytest leaves `TestNights` out for its `__init__`; use a fixture", "class TestNights"),
    *(Example("tests-are-run", name, PROMISE, append(f"\n\ndef {name}(program):\n    assert program\n"), f"nothing runs `{name}`; name it `test_", f"def {name}") for name in ("tset_it", "it_holds")),

    Example("tests-are-run", "a text", PROMISE, append('\n\n"""\ndef test_it(program):\n    assert program\n"""\n'), "a test that is only a text; have it run", '"""'),
    Example("tests-are-run", "a file without tests", "tests/tooling/test_it.py", write("import re\n"), "a file of tests without one; write one, or delete it"),

    Example("tests-are-run", "a helper", PROMISE, test("check(program)", before="def check(program):\n    assert program")),
    Example("tests-are-run", "a helper of another file", "tests/test_helpers.py", write("def check(program):\n    assert program\n\n\ndef test_it(program):\n    check(program)\n"), more={PROMISE: append("\nfrom tests.test_helpers import check  # noqa\n")}),
    Example("tests-are-run", "a fixture of another name", PROMISE, append("\n\nimport pytest\n\n\n@pytest.fixture\ndef night(program):\n    return program.night()\n")),
    Example("tests-are-run", "a hook of pytest", PROMISE, append("\n\ndef pytest_generate_tests(metafunc):\n    metafunc.parametrize('n', [1])\n")),
    Example("tests-are-run", "a class", PROMISE, append("\n\nclass TestNights:\n    def test_it(self, program):\n        assert program\n")),
    Example("tests-are-run", "a word about tests", PROMISE, append("\n\n# test_bug_is_real has to fail where the bug is gone.\n")),
    Example("tests-are-run", "what a machine may lack", HELPERS, write("import os\n\nimport pytest\n\n\ndef lacks(what):\n    leave = pytest.fail if os.environ.get('CI') else pytest.skip\n    leave(what)\n")),
    Example("tests-are-run", "the course that tests break", "tests/conftest.py", write('collect_ignore = ["fixtures"]\n')),

    Example("promises-are-tested", "no bug", PROMISE, replace("def test_bug_is_real", "def test_bug"), "no `test_bug_is_real`; add `test_bug_is_real`"),
    Example("promises-are-tested", "a fix in a comment", PROMISE, replace("def test_fix_holds", "# def test_fix_holds(program):\n\n\ndef test_fix"), "no `test_fix_holds`"),
    Example("promises-are-tested", "more than the promise", PROMISE, test("assert program.night()")),

    Example("tests-have-a-subject", "no program", PROMISE.replace("test_empty", "test_full"), write("def test_it(program):\n    assert program\n"), "about snippets/pipelines/empty-input/full_input.py, which is not there; rename or delete it"),
    Example("tests-have-a-subject", "no symptom", "tests/diagnose/table-is-full/test_airflow.py", write(""), "about docs/diagnose/table-is-full.md, which is not there"),
    Example("tests-have-a-subject", "a project", PROMISE.replace("test_empty_input", "test_project_airflow"), write("def test_it(program):\n    assert program\n"), more={f"{FOLDER}/project_airflow/start.py": write('"""X."""\n')}),
    Example("tests-have-a-subject", "a symptom", f"tests/{SYMPTOM.removeprefix('docs/').removesuffix('.md')}/test_airflow.py", write("")),
    Example("tests-have-a-subject", "of the harness", "tests/packages/test_it.py", write("")),
]
