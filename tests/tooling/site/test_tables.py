"""The glossary as tables and on paper."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.pages import plain
from tooling.site import components, tables


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.read(ROOT)


def rows(course: Course, page: str, made: str) -> list[LexborNode]:
    html = getattr(tables, made)(course, course.pages[f"glossary/{page}.md"], "full")
    return LexborHTMLParser(html).css("tbody tr")


def cells(row: LexborNode) -> list[str]:
    return [cell.text() for cell in row.css("th, td")]


def test_a_term_has_a_cell_for_each_tool(course: Course) -> None:
    made = rows(course, "across-tools", "across_tools")
    found = {row.attributes["data-entry"]: row for row in made}
    group = course.pages["glossary/task-group.md"].meta.names
    assert cells(found["task-group"])[1] == plain(group.airflow.name)
    assert cells(found["flow"]) == ["Flow", "–", "–", "flow", "–"]
    assert found["flow"].css_first("a").attributes["href"] == "../flow/"
    assert "silent-success" not in found  # no tool has a name for it


def test_every_name_leads_back_to_its_term(course: Course) -> None:
    found = rows(course, "across-tools", "tool_words")
    names = [a for term in course.terms for a in term.meta.names.by_tool.values() if a.name]
    assert len(found) == len(names)
    assert ["DAG", "Dag"] in [[cells(row)[2], cells(row)[0]] for row in found]
    words = [cells(row)[0].strip("`@._-[").casefold() for row in found if cells(row)[0].isalpha()]
    assert words == sorted(words)


def test_false_friends_come_from_the_terms(course: Course) -> None:
    found = [cells(row) for row in rows(course, "false-friends", "false_friends")]
    assert len(found) >= 35
    assert found == sorted(found, key=lambda one: one[0].casefold())
    queue = course.pages["glossary/queue.md"].meta.false_friends[0]
    assert ["queue", *queue.meanings.values(), queue.say] in found


def test_a_chapters_words_are_said_in_each_tool_in_the_order_of_the_page(course: Course) -> None:
    page = course.pages["dags-tasks-and-the-scheduler-loop/what-a-dag-promises.md"]
    found = LexborHTMLParser(tables.say_it_in(course, page, ["task", "edge"])).css("tbody tr")
    assert [cells(row)[0] for row in found] == ["Task", "Edge"]
    edge = course.pages["glossary/edge.md"]
    names = [answer.name for answer in edge.meta.names.by_tool.values()]
    assert [cells(found[1])[n] for n in (1, 2, 4)] == [plain(names[n]) for n in (0, 1, 3)]
    assert cells(found[1])[3] == f"– {plain(edge.meta.names.prefect.note)}", "there is no word"
    link = found[1].css_first("a.term").attributes
    assert link["href"] == "../../glossary/edge/"
    assert link["data-preview"] == edge.lead


def test_a_name_may_have_code_and_a_link() -> None:
    assert tables.inline("[`a<b`](https://example.org/x), b") == "<code>a&lt;b</code>, b"
    assert tables.inline(None) == tables.NO_WORD


def test_a_term_warns_of_its_false_friends(course: Course) -> None:
    box = components.false_friend(course.pages["glossary/worker.md"])
    assert box.count("!!! warning") == 2
    assert "    - Prefect: gone in 3.0; workers took its place\n" in box
    assert components.false_friend(course.pages["glossary/silent-success.md"]) == ""


def test_an_instance_is_on_paper_and_not_in_the_preview(course: Course) -> None:
    page, term = course.pages["glossary/print.md"], course.pages["glossary/xcom.md"]
    assert "\n\nFor example, `load_orders`" in tables.on_paper(page, term)
    assert "For example" not in tables.mention(page, term)


def test_the_paper_has_every_term_once(course: Course) -> None:
    page = course.pages["glossary/print.md"]
    paper = tables.whole_glossary(course, page, "full")
    assert paper.count("\n## ") == len(course.terms)
    assert "## Silent success { #silent-success }" in paper
    assert "{ #why }" not in paper
    assert "- Prefect: flow (since " in paper
