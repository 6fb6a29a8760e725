"""What becomes of a lab: its cells, its page, its exhibits."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from exhibits import Bars, Lines, Table, show
from testbed.sandbox import ROOT
from tooling.authoring import notebook
from tooling.course.cells import as_markdown, cells
from tooling.course.course import Course
from tooling.course.pages import Page
from tooling.site import labs

PROGRAM = """# %% [markdown]
# # Title
#
# Text.

# %%
answer = 42

# a comment
print(answer)

# %% [markdown]
# ## More
"""


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.read(ROOT)


@pytest.fixture
def lab(course: Course) -> Page:
    return course.pages["labs/break-it-eight-ways.ipynb"]


def test_a_lab_is_split_as_jupytext_splits_it() -> None:
    for source in (ROOT / "docs" / "labs").glob("*.py"):
        ours = [(cell.kind, cell.source) for cell in cells(source.read_text("utf-8"))]
        theirs = [(cell.cell_type, cell.source) for cell in notebook.read(source).cells]
        assert ours == theirs


def test_a_fault_is_told_at_the_line_of_the_lab() -> None:
    lines = as_markdown(PROGRAM).split("\n")
    for number, line in enumerate(PROGRAM.splitlines()):
        if line and not line.startswith("# %%"):
            assert lines[number] in (line, line.removeprefix("#").removeprefix(" "))


def test_code_stands_in_a_fence() -> None:
    fence = as_markdown(PROGRAM).partition("```python\n")[2].partition("\n```")[0]
    assert fence == "answer = 42\n\n# a comment\nprint(answer)"
    assert as_markdown("# %%\nprint(1)") == "```python\nprint(1)\n```"


def test_a_lab_is_a_page(lab: Page) -> None:
    assert (lab.kind, lab.title, lab.url) == (
        "lab",
        "Break it eight ways",
        "labs/break-it-eight-ways/",
    )
    assert lab.source == "labs/break-it-eight-ways.py"


def test_a_page_is_completed_once(course: Course, lab: Page) -> None:
    built = (
        '<a href="edit/docs/labs/break-it-eight-ways.ipynb" title="Edit this page">'
        "<h1>Title</h1><p>Question?</p><p>"
        '<a href="../glossary/tick.md#why">tick</a><a href="../reference/miniorch.md">m</a>'
        '<a href="how-long-is-a-tick.ipynb">next</a></p><!-- foot -->\n<style>x { }</style>'
    )
    page = labs.finished(course, lab, built)
    assert 'break-it-eight-ways.py" title="Edit' in page
    assert '<p class="lead">Question?</p>\n<p class="facts">' in page
    assert '<a class="term" href="../../glossary/tick/#why" data-definition="One pass of' in page
    assert '<a href="../../reference/miniorch/">m</a>' in page
    assert '<a href="../how-long-is-a-tick/">next</a>' in page
    assert "<style" not in page
    assert labs.finished(course, lab, page) == page


def test_terms_know_the_labs_that_use_them(course: Course, lab: Page) -> None:
    assert lab in course.used_in["glossary/zombie-twin.md"]


def drawn(chart: Bars | Lines) -> ElementTree.Element:
    return ElementTree.fromstring(chart._repr_html_())


BARS = Bars("Sold & paid", {"append": 4500, "overwrite": 3000}, unit="EUR", right=3000)
LINES = Lines("Chains", "tasks", "seconds", [1, 2], {"1 s": [1, 2], "5 s": [5, 10]})


@pytest.mark.parametrize("chart", [BARS, LINES], ids=["bars", "lines"])
def test_a_chart_has_a_name_and_words_and_no_colour_of_its_own(chart: Bars | Lines) -> None:
    svg = drawn(chart)
    assert svg.get("role") == "img"
    named = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
    assert named[svg.get("aria-labelledby")] == chart.title
    assert named[svg.get("aria-describedby")]
    colours = {e.get(key) for e in svg.iter() for key in ("fill", "stroke", "style")}
    assert colours == {"currentColor", None}


def test_bars_are_as_long_as_their_figures() -> None:
    bars = [e for e in drawn(BARS).iter() if (e.get("class") or "").startswith("chart-bar")]
    long, right = (float(bar.get("width")) for bar in bars)
    assert long / right == pytest.approx(4500 / 3000)
    assert ["bad" in bar.get("class") for bar in bars] == [True, False]


def test_lines_rise_with_their_figures() -> None:
    [_, line] = [e.get("points") for e in drawn(LINES).iter() if e.get("class") == "chart-line"]
    heights = [220 - float(y) for y in re.findall(r",([\d.]+)", line)]
    assert heights[1] / heights[0] == pytest.approx(2, abs=0.01)


def test_a_terminal_gets_figures(capsys: pytest.CaptureFixture[str]) -> None:
    show(BARS, Table(("day", "total"), [("12 March", "<1")]))
    assert capsys.readouterr().out.splitlines() == [
        "Sold & paid",
        "append       EUR 4 500",
        "overwrite    EUR 3 000",
        "day       total",
        "12 March  <1",
    ]


def test_a_table_names_its_rows_and_columns() -> None:
    table = Table(("day", "total"), [("12 March", "<1")])._repr_html_()
    assert '<th scope="col">total</th>' in table
    assert '<th scope="row">12 March</th><td>&lt;1</td>' in table
