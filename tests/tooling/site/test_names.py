"""Where a reader's own names go in a page, and how each is written there."""

from __future__ import annotations

from datetime import date

import pytest

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.names import NAMES, day_of, fences, places
from tooling.site import names

COURSE = Course.read(ROOT)
SYMPTOM = COURSE.pages["diagnose/numbers-doubled-after-a-retry.md"]
CHAPTER = COURSE.pages["dags-tasks-and-the-scheduler-loop/what-a-dag-promises.md"]
DAY = date(2026, 3, 13)


def marks(language: str, code: str) -> list[tuple[str, str, str]]:
    return [
        (code[place.start : place.end], place.name.key, " ".join(place.ways))
        for place in places(language, code)
    ]


@pytest.mark.parametrize(
    ("language", "code", "found"),
    [
        ("sql", "dag_id = 'nightly'", [("nightly", "pipeline", "sql")]),
        ("sql", "FROM raw.orders", [("raw.orders", "table", "ident")]),
        ("sql", "SELECT 'raw.orders' AS layer", [("raw.orders", "table", "sql")]),
        ("sql", "asset_key = '[\"raw_orders\"]'", [("raw_orders", "asset", "json sql")]),
        ("sql", "task_id = 'fct_revenue_daily'", [("fct_revenue_daily", "next_task", "sql")]),
        ("sql", "FROM fct_revenue_daily", [("fct_revenue_daily", "next_table", "ident")]),
        ("sql", "x = 'it''s' AND run_id = '<run id>'", [("<run id>", "run", "sql")]),
        ("sql", "-- don't ask nightly\ndag_id = 'nightly'", [("nightly", "pipeline", "sql")]),
        ("sql", "\\i load_orders.sql", []),
        ("sql", "AS load_orders", []),
        ("bash", "airflow dags pause nightly", [("nightly", "pipeline", "word")]),
        ("bash", "argo submit --from cronwf/nightly", [("nightly", "pipeline", "word")]),
        ("bash", "x 'nightly'", [("nightly", "pipeline", "sq")]),
        ("bash", 'x "nightly"', [("nightly", "pipeline", "dq")]),
        ("bash", 'x \'{"a": ["nightly"]}\'', [("nightly", "pipeline", "json sq")]),
        ("bash", 'x "{\\"a\\": \\"nightly\\"}"', [("nightly", "pipeline", "json dq")]),
        ("bash", "x '[\"'\"$FLOW_RUN_ID\"'\"]'", [('"$FLOW_RUN_ID"', "run", "json word")]),
        ("bash", 'argo get "$WORKFLOW"', [('"$WORKFLOW"', "run", "word")]),
        ("bash", 'cd "run_id=$RUN_ID/x"', [("$RUN_ID", "run", "dq")]),
        ("bash", 'curl "$URL/api/v2/dags/nightly"', [("nightly", "pipeline", "url dq")]),
        (
            "bash",
            "curl http://x/nightly nightly",
            [("nightly", "pipeline", "url word"), ("nightly", "pipeline", "word")],
        ),
        ("bash", "x # it's nightly\nx nightly", [("nightly", "pipeline", "word")]),
        ("bash", "x nightly_at_three nightlyx my-nightly", []),
        ("text", "dag_id = 'nightly'", []),
    ],
)
def test_a_name_is_found_with_what_it_is_written_in(
    language: str, code: str, found: list[tuple[str, str, str]]
) -> None:
    assert marks(language, code) == found


def test_dates_around_the_day_move_with_it_and_others_do_not() -> None:
    code = "BETWEEN '2026-03-11' AND '2026-03-14 03:12' OR x = '2026-10-24'"
    found = [(code[one.start : one.end], one.days) for one in places("sql", code)]
    assert found == [("2026-03-11", -2), ("2026-03-14", 1)]


def test_a_chapter_asks_for_the_day_before_its_night() -> None:
    assert day_of(SYMPTOM) == DAY
    assert (CHAPTER.meta.night - day_of(CHAPTER)).days == 1


def test_only_what_is_pasted_is_marked() -> None:
    block = (
        '<div class="language-sql highlight"><pre><span></span><code>'
        "<span class=\"s1\">'nightly'</span>\n</code></pre></div>"
    )
    text = f'<h2 id="proof">P</h2>{block}<h2 id="card">C</h2>{block}<h2 id="check">Q</h2>{block}'
    made = names.with_names(CHAPTER, text)
    assert made.count("data-name=") == 1
    assert '<h2 id="card">C</h2>\n<details class="names">' in made
    assert made.index("data-name=") < made.index('id="check"')
    assert names.with_names(SYMPTOM, text).count("data-name=") == 3
    assert names.with_names(COURSE.pages["start.md"], text) == text


def test_a_token_that_is_cut_keeps_its_class_and_its_text() -> None:
    code = '<span class="s1">\'&lt;run id&gt;\'</span><span class="w"> </span>x &amp;'
    assert names.marked_code("sql", code, DAY) == (
        '<span class="s1">\'</span><span data-name="run" data-in="sql">'
        '<span class="s1">&lt;run id&gt;</span></span><span class="s1">\'</span>'
        '<span class="w"> </span>x &amp;'
    )


def test_a_command_in_the_text_is_marked_and_a_word_is_not() -> None:
    text = (
        '<h2 id="check">C</h2><p><code>airflow dags pause nightly</code> <code>nightly</code></p>'
    )
    assert names.with_names(SYMPTOM, text).count("data-name=") == 1


def test_the_form_asks_for_what_the_page_uses_and_says_what_stood_there() -> None:
    text = (
        "<h2 id=\"check\">C</h2><p><code>SELECT task_id = 'send_invoices', '2026-03-11'</code></p>"
    )
    made = names.with_names(SYMPTOM, text)
    assert 'for <code>send_invoices</code></small><input type="text" name="task"' in made
    assert 'for <code>2026-03-13</code></small><input type="date" name="day"' in made
    assert made.count("<input") == 2
    assert "<form" not in made  # Enter would send it


def test_each_name_is_used_somewhere() -> None:
    used = {
        place.name.key
        for page in COURSE.pages.values()
        for fence in fences(page)
        for place in places(fence.language, fence.code, day_of(page))
    }
    assert used == {name.key for name in NAMES}
