"""Each way to break the content is found, with its file, its line and its fix.

A fault is planted in a copy of the course, and the check is run on the copy. `line` is the text of
the line that the message must point at; a fault about a whole file points at line 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from testbed.sandbox import PACKAGES, ROOT
from tooling.course.course import Course
from tooling.course.pages import PageError
from tooling.rules.check import problems

CHAPTER = "docs/anatomy-of-a-broken-pipeline/silent-success.md"
CODE = "snippets/anatomy-of-a-broken-pipeline/silent-success"
PROMISES = "tests/snippets/anatomy-of-a-broken-pipeline/silent-success"
TERM = "docs/glossary/silent-success.md"
SYMPTOM = "docs/diagnose/all-green-but-the-dashboard-is-zero.md"
LAB = "docs/labs/break-it-eight-ways.py"
COURSE_PAGE = "docs/anatomy-of-a-broken-pipeline/index.md"


@dataclass(frozen=True)
class Fault:
    """What is planted, and what the check must say of it."""

    name: str
    path: str  # the file that is changed
    old: str | None  # replaced once; None: `new` becomes the whole file; "$": `new` is appended
    new: str | None  # None: the file is deleted
    says: str  # part of the message
    line: str | None = None  # text of the line pointed at; None: any line
    at: str | None = None  # the file pointed at, if it is another


# fmt: off
FAULTS = [
    # front matter
    Fault("unknown key", CHAPTER, "minutes: 14", "minutes: 14\nauthor: me", "unknown key `author`; the keys of a chapter are", "author: me"),
    Fault("missing key", CHAPTER, "level: beginner\n", "", "`level` is missing; the keys of a chapter are"),
    Fault("unknown value", CHAPTER, "level: beginner", "level: expert", "`level`: Input should be 'beginner', 'intermediate' or 'advanced'", "level: expert"),
    Fault("unknown tag", CHAPTER, "tags: [failure mode]", "tags: [misc]", "`tags.0`: Input should be 'failure mode'", "tags: [misc]"),
    Fault("broken YAML", CHAPTER, "level: beginner", "level: beginner: really", "the front matter is not YAML", "level: beginner: really"),
    Fault("a tool is missing from a term", TERM, "  argo:", "  cargo:", "`names.argo` is missing", "names:"),
    Fault("a name without a version", TERM, "$names", "{name: Whatever}", "a name needs `since`", "names:"),
    Fault("need that is no chapter", CHAPTER, "needs: []", "needs: [no/such-chapter]", "needs `no/such-chapter`, which is no chapter", "needs: [no/such-chapter]"),
    # the page's place
    Fault("no title", CHAPTER, "# Silent Success\n", "", "no title; begin with `# Title`"),
    Fault("two titles", CHAPTER, "## Sources", "# Again\n\n## Sources", "a second `#` title; use `##`", "# Again"),
    Fault("a page outside nav", "docs/contribute/extra.md", None, "# Extra\n\nText.\n", "in `nav` 0 times; list `contribute/extra.md` once"),
    Fault("nav names a missing page", "mkdocs.yml", "      - search.md", "      - search.md\n      - gone.md", "`nav` names `gone.md`, which is not in docs/"),
    Fault("a section called otherwise", "mkdocs.yml", "  - Airflow Internals:", "  - Inside Airflow:", "section `Inside Airflow` opens with a page called `Airflow Internals`"),
    Fault("a number in a name", "docs/contribute/part-2.md", None, "# Part two\n\nText.\n", "`part-2` is not a name in kebab-case"),
    Fault("the same id twice", CHAPTER, "{ #q-table }", "{ #q-retries }", "a second `#q-retries`"),
    Fault("a level skipped", CHAPTER, "### Why did the retries", "#### Why did the retries", "`####` skips a level; use `###`", "#### Why did"),
    Fault("a fence left open", CHAPTER, "$", "\n```text\nnever closed\n", "a fence that is not closed; close it", "```text"),
    # links
    Fault("a broken link", CHAPTER, "../glossary/exit-code.md", "../glossary/exit-cod.md", "leads to docs/glossary/exit-cod.md, which is not there; did you mean docs/glossary/exit-code.md?", "[exit code](../glossary/exit-cod.md)"),
    Fault("a broken link without .md", CHAPTER, "../glossary/exit-code.md", "../glossary/exit-code", "leads to docs/glossary/exit-code, which is not there"),
    Fault("an absolute link", CHAPTER, "../glossary/exit-code.md", "/glossary/exit-code/", "starts at the root; make it relative to this page"),
    Fault("a broken anchor", CHAPTER, "../glossary/exit-code.md", "../glossary/exit-code.md#nope", "no `#nope` on docs/glossary/exit-code.md; its ids are"),
    Fault("a missing image", CHAPTER, "$", "\n![Lanes](../assets/images/no.png)\n", "leads to docs/assets/images/no.png, which is not there", "![Lanes]"),
    Fault("an image without words", CHAPTER, "$", "\n![](../assets/images/logo.svg)\n", "an image without words", "![]("),
    Fault("an image from elsewhere", CHAPTER, "$", "\n![Cat](https://example.com/cat.png)\n", "an image from `https://example.com/cat.png`; copy the image", "![Cat]"),
    Fault("a script in a page", CHAPTER, "$", "\n<script>alert(1)</script>\n", "raw HTML `<script`", "<script>"),
    Fault("a style attribute", CHAPTER, "$", '\n<div style="color: red">x</div>\n', "raw HTML `style=`", "<div style"),
    Fault("a reference link", CHAPTER, "$", "\nSee [this][that].\n", "`[this][that]`; write `[text](page.md)`", "See [this]"),
    Fault("a link that will move", CHAPTER, "/blob/3.3.2/", "/blob/main/", "`/blob/main/` moves; link to the version that was read", "/blob/main/"),
    Fault("a link in a note that will move", "docs/glossary/bundle.md", "/blob/3.3.2/", "/blob/main/", "`/blob/main/` moves; link to the version that was read", "  airflow:"),
    Fault("a link without TLS", CHAPTER, "$", "\n[x](http://example.com/)\n", "use `https:`", "[x](http:"),
    # the chapter
    Fault("a missing part", CHAPTER, "{ #card }", "{ #cards }", "section `#cards` out of place; `#card` comes next", "{ #cards }"),
    Fault("parts out of order", CHAPTER, "{ #tradeoffs }", "{ #tools }", "out of place; `#tradeoffs` comes next"),
    Fault("the last part missing", CHAPTER, "## Sources { #sources }", "", "no section `#sources`"),
    Fault("too long for its minutes", CHAPTER, "minutes: 14", "minutes: 9", "minutes to read, 9 planned; bring it to 7.6–10.3", "minutes: 9"),
    Fault("a cut that will not cut", CHAPTER, "## Sources", "<!-- more-->\n\n## Sources", "a cut that will not cut; write `<!-- more -->`", "<!-- more-->"),
    Fault("a cut outside a chapter", COURSE_PAGE, "$", "\n<!-- more -->\n", "a cut out of place", "<!-- more -->"),
    Fault("a question without a right answer", CHAPTER, '??? right "Nothing', '??? wrong "Nothing', "0 right and 3 wrong answers; give one `??? right`", "### Why did the retries"),
    Fault("too few questions", CHAPTER, "### Why did the retries not help? { #q-retries }", "", "2 questions; ask three to five", "{ #check }"),
    Fault("a scaffold left standing", CHAPTER, "  - recognise four ways in which a failure is swallowed", "  - …", "`…` is still there; write what belongs here", "  - …"),
    Fault("a term not linked at first mention", CHAPTER, "[silent success](../glossary/silent-success.md)", "silent success", "the first `silent success` is not linked; write `[silent success](../glossary/silent-success.md)`"),
    Fault("a term linked twice in a section", CHAPTER, "Look at the upper half", "Look at the [watermark](../glossary/watermark.md), the [watermark](../glossary/watermark.md)", "is linked a second time in `#proof`"),
    # code
    Fault("Python typed into a page", CHAPTER, "$", "\n```python\nprint(1)\n```\n", "Python typed into a page; put it into snippets/", "print(1)"),
    Fault("a fence in an unknown language", CHAPTER, "$", "\n```pyhton\nx\n```\n", "a fence in `pyhton`; name one of", "```pyhton"),
    Fault("an embed of no file", CHAPTER, "empty_listing.py:load", "empty_list.py:load", f"no file {CODE}/empty_list.py; fix the path"),
    Fault("an embed of no section", CHAPTER, "empty_listing.py:load", "empty_listing.py:laod", f"no section `laod` in {CODE}/empty_listing.py; mark it with"),
    Fault("a snippet on no page", f"{CODE}/forgotten.py", None, '"""It is forgotten."""\n', "on no page; embed it in docs/anatomy-of-a-broken-pipeline/silent-success.md"),
    Fault("a snippet without a test", f"{PROMISES}/test_empty_listing.py", None, None, f"no test of its promise; write {PROMISES}/test_empty_listing.py", at=f"{CODE}/empty_listing.py"),
    Fault("a promise that shows no bug", f"{PROMISES}/test_empty_listing.py", "def test_bug_is_real", "def test_bug", "no `test_bug_is_real`"),
    Fault("a snippet without an opening sentence", f"{CODE}/empty_listing.py", '"""A loop', "x = 1\n'''A loop", "no opening sentence"),
    Fault("a thread in the browser", f"{CODE}/empty_listing.py", "from sqlite3 import", "import threading\nfrom sqlite3 import", "imports `threading`, which Python in the browser does not have; use the standard library", "import threading"),
    Fault("a request in the browser", f"{CODE}/empty_listing.py", "from sqlite3 import", "from urllib import request\nfrom sqlite3 import", "imports `urllib.request`", "from urllib"),
    Fault("a package in the browser", f"{CODE}/empty_listing.py", "from sqlite3 import", "from requests.api import get\nfrom sqlite3 import", "imports `requests.api.get`, which Python in the browser does not have", "from requests"),
    Fault("a snippet without a recording", f"{CODE}/empty_listing.out", None, None, f"no recording `empty_listing.out`; run `python3 noxfile.py record {CODE}/empty_listing.py`", at=f"{CODE}/empty_listing.py"),
    Fault("a recording of nothing", f"{CODE}/gone.out", None, "x\n", "recorded from `gone.py`, which is not there; delete it"),
    Fault("a simulator that is no simulation", CHAPTER, "$", f'\n```simulator\n--8<-- "{CODE.removeprefix("snippets/")}/empty_listing.out"\n```\n', "simulation: Invalid JSON", at=f"{CODE}/empty_listing.out"),
    Fault("a lab changed after its recording", LAB, "rows=10", "rows=9", "`break-it-eight-ways.ipynb` is not recorded from it; run `python3 noxfile.py record docs/labs/break-it-eight-ways.py`"),
    Fault("a lab without its recording", LAB.replace(".py", ".ipynb"), None, None, "is not recorded from it", at=LAB),
    Fault("a recording of no lab", "docs/labs/gone.ipynb", None, "{}", "recorded from `gone.py`, which is not there; delete it"),
    Fault("a broken link in a lab", LAB, "../glossary/zombie-twin.md", "../glossary/zombie-twins.md", "`../glossary/zombie-twins.md` leads to", "# [zombie twins](../glossary/zombie-twins.md)."),
    Fault("a lab outside nav", "mkdocs.yml", "      - labs/how-long-is-a-tick.ipynb\n", "", "list `labs/how-long-is-a-tick.ipynb` once", at="docs/labs/how-long-is-a-tick.py"),
    Fault("a simulator without frames", CHAPTER, "$", "\n```simulator\n{}\n```\n", "a simulator without a recording; write one line", "{}"),
    Fault("snippets of no chapter", "snippets/no-course/no-chapter/x.py", None, '"""X."""\n', "no course docs/no-course/index.md; name it `<course>/<chapter>`", at="snippets/no-course/no-chapter"),
    # glossary and diagnosis
    Fault("a related term that is missing", TERM, "related: [", "related: [no-such-term, ", "`related` names `no-such-term`, but there is no docs/glossary/no-such-term.md", "related:"),
    Fault("an alias that leads to two terms", TERM, "aliases: [", "aliases: [no-op run, ", "alias `no-op run`", "aliases:"),
    Fault("a false friend without a way out", "docs/glossary/job.md", '    say: "what it does; avoid the word"\n', "", "`false_friends.0.say` is missing", "false_friends:"),
    Fault("a false friend explained twice", "docs/glossary/worker.md", "  - word: agent", "  - word: Job", "`Job` is already explained in docs/glossary/job.md; keep it in one", "false_friends:"),
    Fault("a false friend that means nothing", "docs/glossary/flow.md", '    prefect: "the pipeline, a decorated function"', "    prefect: null", "means something in one tool at least", "false_friends:"),
    Fault("a definition in two sentences", TERM, ".\n\n## ", ". It is bad.\n\n## ", "the definition is not one sentence"),
    Fault("a term that does not matter", TERM, "{ #why }", "{ #because }", "no section `#why`; add"),
    Fault("a symptom without its warning", SYMPTOM, "{ #not }", "{ #beware }", "no section `#not`; add"),
    Fault("a symptom of an unknown mode", SYMPTOM, "mode: silent-success", "mode: gremlins", "`mode` names `gremlins`, but there is no docs/glossary/gremlins.md", "mode: gremlins"),
]
# fmt: on


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("docs", "snippets", "tests/snippets", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def plant(fault: Fault, root: Path) -> None:
    file = root / fault.path
    if fault.new is None:
        file.unlink()
    elif fault.old is None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fault.new)
    else:
        text = file.read_text()
        if fault.old == "$":
            changed = text + fault.new
        elif fault.old == "$names":
            changed = replace_first_name(text, fault.new)
        else:
            changed = text.replace(fault.old, fault.new, 1)
        assert changed != text, f"nothing to plant: `{fault.old}` is not in {fault.path}"
        file.write_text(changed)


def replace_first_name(text: str, new: str) -> str:
    lines = text.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("  airflow:"))
    end = next(n for n in range(at + 1, len(lines)) if not lines[n].startswith("    "))
    return "\n".join([*lines[:at], f"  airflow: {new}", *lines[end:]])


def test_course_is_sound_before_a_fault_is_planted(copy: Path) -> None:
    assert not problems(Course.read(copy))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_told(fault: Fault, copy: Path) -> None:
    plant(fault, copy)
    found = problems(Course.read(copy))
    told = [one for one in found if fault.says in f"{one.what}; {one.fix}"]
    assert told, "\n".join(str(one) for one in found) or "nothing was told"
    where = copy / (fault.at or fault.path)
    assert {one.path for one in told} == {(fault.at or fault.path)}
    if where.is_file():
        lines = where.read_text().split("\n")
        assert all(1 <= one.line <= len(lines) for one in told)
        assert fault.line is None or fault.line in lines[told[0].line - 1]


def test_the_check_stops_with_one_line_a_fault(copy: Path) -> None:
    plant(next(fault for fault in FAULTS if fault.name == "a broken link"), copy)
    run = check(copy)
    assert run.returncode == 1
    place, line, message = run.stderr.splitlines()[0].split(":", 2)
    assert (place, int(line) > 1) == (CHAPTER, True)
    assert "did you mean docs/glossary/exit-code.md?" in message
    assert run.stderr.splitlines()[-1].endswith(" in the content.")


def test_the_check_annotates_on_github(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(FAULTS[0], copy)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert f"::error file={CHAPTER},line=" in check(copy).stdout


def test_a_course_without_nav_stops_the_check(copy: Path) -> None:
    (copy / "mkdocs.yml").write_text("site_name: X\n")
    with pytest.raises(PageError, match=r"mkdocs.yml:1: there is no `nav`"):
        Course.read(copy)


def check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tooling.rules.check"]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, env=environment(root), check=False
    )


def environment(root: Path) -> dict[str, str]:
    return {**os.environ, "COURSE_ROOT": str(root), "PYTHONPATH": f"{ROOT}{os.pathsep}{PACKAGES}"}
