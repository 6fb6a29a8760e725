"""A reader's own names stand in each query as its language has to read them, and nowhere else."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.machine import lacks
from tests.site.test_accessibility import COLOURS, violations

HOSTILE = """it's "so" \\(x) \\ $HOME `id` $(id) !! %s; -- #1 é猫*"""
RETRY = "diagnose/numbers-doubled-after-a-retry/"
BACKFILL = "diagnose/numbers-doubled-after-a-backfill/"
PARTS = "diagnose/half-of-the-rows-are-there/"
PAUSED = "diagnose/no-run-was-created/"
UNCHANGED = "diagnose/run-succeeded-but-the-table-did-not-change/"
RE_RUN = "diagnose/safe-to-re-run/"
CARD = "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/"
MODULE = "names.mjs"


def give(page: Page, **names: str) -> None:
    """Put names into the form of a page, as a reader does."""
    form = page.locator(".names")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for key, name in names.items():
        page.locator(f".names input[name={key}]").fill(name)
        expect(page.locator(f"[data-name={key}]").first).to_have_class("is-yours")


def fence(page: Page, key: str, ways: str) -> str:
    """Read the first fence in which a name is written in a way, as it would be copied."""
    place = page.locator(f'pre [data-name={key}][data-in="{ways}"]').first
    return place.locator("xpath=ancestor::code").evaluate("code => code.textContent")


def words(command: str, program: str) -> list[list[str]]:
    """Run a command in a shell where its program only says with which words it was called."""
    bash = shutil.which("bash")
    if not bash:
        lacks("no bash, which alone knows how it reads a word")
    said = f"{program}() {{ printf '%s\\0' \"$@\" >&3; printf '\\1' >&3; }}; jq() {{ :; }}\n"
    ran = subprocess.run(
        [bash, "-c", f"exec 3>&1 >&2\nset -u\n{said}{command}"],
        stdout=subprocess.PIPE,
        check=True,
        env={"AIRFLOW_HOME": "/a", "HOME": "/h", "PATH": "/nowhere"},
    )
    calls = ran.stdout.decode().split("\1")[:-1]
    return [call.split("\0")[:-1] for call in calls]


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def test_a_string_of_sql(page: Page, site_url: str, database: sqlite3.Connection) -> None:
    page.goto(site_url + RETRY)
    give(page, pipeline=HOSTILE, task="'", run="''; DROP TABLE task_instance; '")
    for table in ("task_instance", "task_instance_history"):
        database.execute(
            f"create table {table} (dag_id, task_id, run_id, try_number, state, hostname,"
            " start_date, end_date)"
        )
        row = (HOSTILE, "'", "''; DROP TABLE task_instance; '", table, *"abcd")
        database.execute(f"insert into {table} values (?, ?, ?, ?, ?, ?, ?, ?)", row)
    found = database.execute(fence(page, "pipeline", "sql")).fetchall()
    assert [row[0] for row in found] == ["task_instance", "task_instance_history"]


@pytest.mark.parametrize(
    ("given", "schema", "table"),
    [
        ("staging.orders", "staging", "orders"),
        ('my "odd" shop.order', 'my "odd" shop', "order"),
        ("Shop.It's; --", "Shop", "It's; --"),
        ("shop.select", "shop", "select"),
        ("shop.2026", "shop", "2026"),
    ],
)
def test_an_identifier_of_sql(
    page: Page,
    site_url: str,
    database: sqlite3.Connection,
    given: str,
    schema: str,
    table: str,
) -> None:
    page.goto(site_url + RETRY)
    give(page, table=given)
    quoted = ['"' + name.replace('"', '""') + '"' for name in (schema, table)]
    database.execute(f"attach ':memory:' as {quoted[0]}")
    database.execute(f"create table {'.'.join(quoted)} (order_id, event_time, eur)")
    database.execute(f"insert into {'.'.join(quoted)} values (1, '2026-03-13 09:00', 5)")
    assert database.execute(fence(page, "table", "ident")).fetchall() == [(1, 1, 5)]


def test_a_plain_table_is_not_quoted(page: Page, site_url: str) -> None:
    page.goto(site_url + RETRY)
    give(page, table="SHOP.orders_2")
    assert "FROM SHOP.orders_2\n" in fence(page, "table", "ident")


def test_json_in_a_string_of_sql(page: Page, site_url: str, database: sqlite3.Connection) -> None:
    page.goto(site_url + BACKFILL)
    give(page, asset=HOSTILE)
    query = fence(page, "asset", "json sql")
    literal = query[query.index("asset_key = ") + 12 : query.index("\nGROUP")]
    [value] = database.execute(f"SELECT {literal}").fetchone()
    assert json.loads(value) == [HOSTILE]


def test_a_word_of_a_shell(page: Page, site_url: str) -> None:
    page.goto(site_url + RE_RUN)
    give(page, run=HOSTILE, next_task=HOSTILE, pipeline=HOSTILE)
    argo = page.locator("code:has([data-name=run]):has([data-name=next_task])").first
    [call] = words(argo.evaluate("code => code.textContent"), "argo")
    assert call[1] == HOSTILE
    assert call[-1] == f"displayName={HOSTILE}"
    [call] = words(fence(page, "pipeline", "word"), "airflow")
    assert call[2:5] == [HOSTILE, "-t", HOSTILE]


def test_a_part_of_a_quoted_word(page: Page, site_url: str) -> None:
    page.goto(site_url + PAUSED)
    give(page, pipeline=HOSTILE, deployment=HOSTILE)
    [call] = words(fence(page, "deployment", "dq"), "prefect")
    assert call[2] == f"{HOSTILE}/{HOSTILE}"
    page.goto(site_url + UNCHANGED)
    give(page, run=HOSTILE, next_task=HOSTILE)
    first = fence(page, "run", "dq").partition("\n")[0]
    logs = f"/a/logs/dag_id={HOSTILE}/run_id={HOSTILE}/task_id={HOSTILE}"
    assert words(first, "cd") == [[logs]]
    page.goto(site_url + RE_RUN)
    give(page, next_asset=HOSTILE)
    [call] = words(fence(page, "next_asset", "sq"), "dagster")
    assert call[5] == f"{HOSTILE}+"


def test_json_and_jq_in_a_quoted_word(page: Page, site_url: str) -> None:
    page.goto(site_url + PARTS)
    give(page, task=HOSTILE, run=HOSTILE)
    command = fence(page, "run", "json word")
    [call] = words(command, "prefect")
    asked = json.loads(call[call.index("--data") + 1])
    assert asked["flow_runs"] == {"id": {"any_": [HOSTILE]}}
    [program] = re.findall(
        r'startswith\((".*?")\)', words(command.replace("jq", "say"), "say")[0][1]
    )
    assert json.loads(program) == f"{HOSTILE}-"


def test_a_part_of_an_address(page: Page, site_url: str) -> None:
    page.goto(site_url + RETRY)
    name = f"{HOSTILE}/?#%41"
    write = "([module, name]) => import(module).then(({ written }) => written(name, 'url dq'))"
    text = page.evaluate(write, [f"{site_url}assets/scripts/{MODULE}", name])
    [[address]] = words(f'curl "http://a/dags/{text}"', "curl")
    assert urlsplit(address).path.count("/") == 2
    assert unquote(urlsplit(address).path) == f"/dags/{name}"


def test_the_dates_around_a_day_move_with_it(page: Page, site_url: str) -> None:
    page.goto(site_url + RE_RUN)
    give(page, day="2028-02-29")
    query = fence(page, "day", "0")
    assert "event_time >= '2028-02-29' AND event_time < '2028-03-01'" in query
    assert "for day in 2028-02-27 2028-02-28 2028-02-29; do" in page.locator(
        "code:has([data-in='-1'])"
    ).first.evaluate("code => code.textContent")


def test_names_are_kept_and_stand_on_every_page(page: Page, site_url: str) -> None:
    page.goto(site_url + "diagnose/")
    form = page.locator(".names")
    form.locator("summary").click()
    form.get_by_label("Dag, flow, job").fill("shop_daily")
    expect(form.get_by_role("status")).to_have_text("1 kept.")
    for path in (RETRY, RE_RUN, CARD):
        page.goto(site_url + path)
        place = page.locator("[data-name=pipeline]").first
        expect(place).to_have_text("shop_daily")
        expect(page.locator("[data-name=task]").first).to_have_text(re.compile("load_"))
        expect(page.locator(".names input[name=pipeline]")).to_have_value("shop_daily")
    assert page.evaluate("localStorage.getItem('course.names')") == '{"pipeline":"shop_daily"}'


def test_what_is_the_reader_s_is_said_and_shown(page: Page, site_url: str) -> None:
    page.goto(site_url + CARD)
    give(page, pipeline="shop_daily")
    query = page.locator("pre:has([data-name=pipeline])").first
    said = query.get_by_role("mark").first
    expect(said).to_have_text("shop_daily")
    expect(said).to_have_attribute("title", "In the place of nightly")
    assert "yours:" in query.aria_snapshot()
    colour = "mark => getComputedStyle(mark).backgroundColor"
    plain = page.locator("[data-name=run]").first
    assert said.evaluate(colour) != plain.evaluate(colour)


def test_what_stood_there_is_shown_again_and_taken_back(page: Page, site_url: str) -> None:
    page.goto(site_url + CARD)
    place = page.locator("pre code:has([data-name=pipeline])").first
    before = place.inner_html()
    give(page, pipeline="shop_daily")
    show = page.get_by_role("button", name="Show what stood there")
    show.click()
    expect(show).to_have_attribute("aria-pressed", "true")
    assert place.inner_html().replace(' class=""', "") == before
    show.click()
    expect(place.locator("[data-name=pipeline]").first).to_have_text("shop_daily")
    page.get_by_role("button", name="Erase these names").click()
    expect(page.locator(".names [role=status]")).to_contain_text("Erased.")
    assert place.inner_html().replace(' class=""', "") == before
    assert page.evaluate("localStorage.getItem('course.names')") is None
    expect(page.locator(".names input[name=pipeline]")).to_have_value("")


def test_who_erases_all_progress_erases_the_names(page: Page, site_url: str) -> None:
    page.goto(site_url + CARD)
    give(page, pipeline="shop_daily")
    page.goto(site_url + "progress/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Erase").click()
    expect(page.locator(".progress [role=status]")).to_contain_text("Erased.")
    page.goto(site_url + CARD)
    expect(page.locator("[data-name=pipeline]").first).to_have_text("nightly")


def test_the_keyboard_is_enough(page: Page, site_url: str) -> None:
    page.goto(site_url + CARD)
    summary = page.locator(".names summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Dag, flow, job")).to_be_focused()
    page.keyboard.type("shop")
    page.keyboard.press("Enter")  # sends nothing
    expect(page.locator("[data-name=pipeline]").first).to_have_text("shop")
    assert page.url == site_url + CARD
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show what stood there")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-name=pipeline]").first).to_have_text("nightly")


def test_a_copy_has_the_reader_s_names(page: Page, site_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site_url + CARD)
    give(page, pipeline="it's", run="r")
    block = page.locator(".highlight:has([data-name=pipeline])").first
    block.hover()
    block.locator("[data-md-type=copy]").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('run_id'))")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "WHERE dag_id = 'it''s' AND run_id = 'r' ORDER BY" in copied
    assert "yours" not in copied


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("a\tb", "no line breaks and no other control characters"),
        ("a\u2028b", "no line breaks and no other control characters"),
        ("a\0b", "no line breaks and no other control characters"),
        ("-x", "would take a name that begins with - for an option"),
        ("x" * 251, "at most 250 characters"),
    ],
)
def test_what_cannot_be_written_is_refused(page: Page, site_url: str, given: str, why: str) -> None:
    page.goto(site_url + CARD)
    give(page, pipeline="before")
    field = page.get_by_label("Dag, flow, job")
    field.fill(given)
    expect(page.locator(".names [role=status]")).to_contain_text(why)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-name=pipeline]").first).to_have_text("nightly")
    assert page.evaluate("localStorage.getItem('course.names')") is None
    field.fill("after")
    expect(field).to_have_attribute("aria-invalid", "false")


@pytest.mark.parametrize(
    "kept",
    [
        "no JSON",
        "[]",
        "null",
        '"x"',
        '{"pipeline": "a\\nb"}',
        '{"pipeline": 3}',
        '{"pipeline": ""}',
        '{"day": "2026-99-99"}',
    ],
)
def test_what_is_kept_in_another_form_is_left_alone(page: Page, site_url: str, kept: str) -> None:
    page.goto(site_url + "404.html")
    page.evaluate("kept => localStorage.setItem('course.names', kept)", kept)
    with page.expect_response(lambda response: MODULE in response.url):
        page.goto(site_url + RETRY)
    page.wait_for_timeout(100)
    expect(page.locator("[data-name=pipeline]").first).to_have_text("nightly")
    expect(page.locator("[data-name=day]").first).to_have_text("2026-03-13")
    expect(page.locator(".is-yours")).to_have_count(0)


def test_a_browser_that_keeps_nothing_says_so(own_tab: Page, site_url: str) -> None:
    own_tab.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('refused') }"
    )
    own_tab.goto(site_url + CARD)
    give(own_tab, pipeline="shop_daily")
    expect(own_tab.locator(".names [role=status]")).to_contain_text("keeps nothing for this site")
    give(own_tab, run="r")
    expect(own_tab.locator("[data-name=pipeline]").first).to_have_text("shop_daily")


def test_who_has_given_no_name_loads_nothing(page: Page, site_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site_url + "404.html")
    page.evaluate("localStorage.setItem('course.done', '{}')")
    for path in ("diagnose/", RETRY, CARD):
        page.goto(site_url + path, wait_until="networkidle")
        page.locator(".names summary").click()
    assert not [url for url in asked if MODULE in url]
    page.locator(".names input").first.fill("a secret")
    expect(page.locator(".is-yours").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if MODULE in url]
    assert not [url for url in asked if "secret" in url]


TOPS = "[...document.querySelectorAll('h2, p, pre')].map(one => one.getBoundingClientRect().top)"


def test_nothing_moves_up_or_down_when_the_names_come(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(site_url + RETRY)
    before = page.evaluate(TOPS)
    names = {"pipeline": "a_dag_with_a_name_that_is_far_longer", "table": "some.other_table"}
    page.evaluate("kept => localStorage.setItem('course.names', kept)", json.dumps(names))
    page.reload()
    expect(page.locator(".is-yours").first).to_be_attached()
    assert page.evaluate(TOPS) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["diagnose/", RETRY])
def test_axe_finds_nothing(page: Page, site_url: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site_url + "404.html")
    kept = json.dumps({"pipeline": "shop_daily", "table": "shop.orders", "day": "2028-02-29"})
    page.evaluate("kept => localStorage.setItem('course.names', kept)", kept)
    page.goto(site_url + path)
    expect(page.locator(".names")).to_have_class("names has-names")
    page.locator(".names summary").click()
    assert violations(page) == []
    assert violations(page, rules=COLOURS) == []
    document = "document.documentElement"
    assert page.evaluate(f"{document}.scrollWidth <= {document}.clientWidth")
    assert smallest(page.locator(".names :is(input, button, summary)")) >= 24


def smallest(controls: Locator) -> float:
    """The height of the lowest of some controls."""
    return min(controls.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)"))


def test_without_scripts_the_placeholders_stay(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + RETRY)
        expect(page.locator(".names")).to_be_hidden()
        expect(page.locator("[data-name=pipeline]").first).to_have_text("nightly")
