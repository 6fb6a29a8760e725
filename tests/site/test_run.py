"""Run: what a page shows of a program prints in the browser what was recorded, and can stop."""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from selectolax.lexbor import LexborHTMLParser

from testbed.sandbox import SNIPPETS, tool_of
from tests.site.templates import CHAPTER
from tests.site.test_accessibility import violations

SITE = Path(os.environ.get("SITE_DIR", "site"))
PATIENCE = 60_000  # milliseconds; what is asserted is never the time
OVER = re.compile(r"^(Finished|Ended|Stopped|Python|\S+ could not)")
NAME = "declared_empty.py"
FOREVER = "while True:\n    pass\n"
PARTS = (".run", ".run__editor", "[role=log]")  # what Run adds to a page


@functools.cache
def feet() -> dict[str, dict[str, str | None]]:
    """Of each page, the tool-agnostic programs it shows, and the hash of the bar below each."""
    found: dict[str, dict[str, str | None]] = {}
    for path in sorted(SITE.rglob("*.html")):
        page = path.relative_to(SITE).as_posix().removesuffix("index.html")
        for foot in LexborHTMLParser(path.read_text()).css(
            ":not(.simulator, .picture) + .snippet-foot"
        ):
            href = foot.css_first("a").attributes["href"]
            program = urljoin(f"/{page}", href).removeprefix("/snippets/")
            if program.endswith(".py") and tool_of(Path(program)) == "none":
                bar = foot.next
                while bar is not None and bar.tag == "-text":
                    bar = bar.next
                run = bar is not None and bar.attributes.get("class") == "run"
                found.setdefault(page, {})[program] = run and bar.attributes["data-integrity"]
    return found


def first_shown() -> dict[str, str]:
    """Each program once, with the first page that shows it."""
    return {program: page for page in reversed(feet()) for program in feet()[page]}


def bar_of(page: Page, name: str = NAME) -> Locator:
    return page.locator(".run", has=page.get_by_role("button", name=f"Run {name}")).first


def button(bar: Locator, name: str) -> Locator:
    return bar.get_by_role("button", name=name)


def status(bar: Locator) -> Locator:
    return bar.get_by_role("status")


def log_of(page: Page, name: str = NAME) -> Locator:
    return page.get_by_role("log", name=f"Output of {name}")


def run(bar: Locator) -> str:
    """Press Run, wait for the end, and return how it ended."""
    status(bar).evaluate("e => { e.textContent = '' }")
    button(bar, "Run").click()
    expect(status(bar)).to_have_text(OVER, timeout=PATIENCE)
    return status(bar).text_content() or ""


def printed(log: Locator) -> str:
    """What the program wrote to its output, without what it wrote to its errors."""
    return log.evaluate(
        "log => [...log.childNodes].filter(n => n.nodeType == 3).map(n => n.data).join('')"
    )


def recorded(program: str) -> str:
    """What the program printed when it was recorded."""
    return (SNIPPETS / program).with_suffix(".out").read_text()


def write(editor: Locator, code: str) -> None:
    """Replace what stands in an editor as a reader does, who selects all and pastes."""
    editor.focus()
    editor.page.keyboard.press("Control+A")
    editor.page.keyboard.insert_text(code)


def edit(page: Page, code: str) -> Locator:
    """Replace the program by another, and return its bar."""
    bar = bar_of(page)
    editor = page.get_by_role("textbox", name=f"Program {NAME}")
    if not editor.is_visible():
        button(bar, "Edit").click()
    write(editor, code)
    return bar


def workers_left(page: Page, number: int) -> bool:
    """Wait, with patience, until a page has as many workers: the browser tells a little later."""
    for _ in range(100):
        if len(page.workers) == number:
            return True
        page.wait_for_timeout(50)
    return False


@pytest.fixture
def chapter(page: Page, site_url: str) -> Page:
    """The chapter with its programs, before anything was pressed."""
    return unfolded(page, site_url + CHAPTER)


def unfolded(page: Page, address: str) -> Page:
    """Open a page, and every fold that may hold a program."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    return page


def test_a_page_without_a_press_fetches_nothing_of_it(page: Page, site_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site_url + CHAPTER, wait_until="networkidle")
    expect(button(bar_of(page), "Run")).to_be_visible()
    assert any("main.mjs" in url for url in asked)
    assert not [url for url in asked if re.search(r"pyodide|run|snippets/|\.zip", url)]
    assert not page.workers


def test_every_tool_agnostic_program_can_run() -> None:
    programs = [(program, bar) for page in feet().values() for program, bar in page.items()]
    assert len({program for program, _ in programs}) >= 4
    for program, bar in programs:
        digest = hashlib.sha256((SITE / "snippets" / program).read_bytes()).digest()
        assert bar == f"sha256-{base64.b64encode(digest).decode()}", program
        assert (SITE / "snippets" / program).read_bytes() == (SNIPPETS / program).read_bytes()


@pytest.mark.parametrize("path", sorted(set(first_shown().values())))
def test_it_prints_what_was_recorded(page: Page, site_url: str, path: str) -> None:
    unfolded(page, site_url + path)
    for program in [program for program, first in first_shown().items() if first == path] * 2:
        name = Path(program).name  # the second time in a Python that has run it already
        assert run(bar_of(page, name)) == "Finished.", program
        assert printed(log_of(page, name)) == recorded(program), program


def test_all_programs_of_a_page_share_a_worker(chapter: Page) -> None:
    bars = chapter.locator(".run:has([data-do=run])")
    assert bars.count() >= 2
    for turn in range(10):
        assert run(bars.nth(turn % bars.count())) == "Finished."
        assert workers_left(chapter, 1)


def test_stop_ends_an_endless_loop(chapter: Page) -> None:
    bar = edit(chapter, FOREVER)
    button(bar, "Run").click()
    expect(status(bar)).to_have_text("Running.", timeout=PATIENCE)
    # The page draws on while Python spins.
    chapter.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    other = chapter.locator(".run:has([data-do=run])").first
    button(other, "Run").click()
    expect(status(other)).to_have_text(f"{NAME} is still running. Stop it first.")
    button(bar, "Stop").click()
    expect(status(bar)).to_have_text("Stopped.", timeout=1_000)
    assert workers_left(chapter, 0)
    button(bar, "Reset").click()
    assert run(bar) == "Finished."
    assert workers_left(chapter, 1)


def test_stop_while_it_loads(chapter: Page) -> None:
    bar = bar_of(chapter)
    button(bar, "Run").click()
    expect(status(bar)).to_contain_text("about 7 MB, once")
    button(bar, "Stop").click()
    expect(status(bar)).to_have_text("Stopped.")
    assert workers_left(chapter, 0)
    assert run(bar) == "Finished."


def test_a_program_has_a_time_limit(own_tab: Page, site_url: str) -> None:
    page = own_tab
    page.clock.install()
    page.goto(site_url + CHAPTER)
    bar = edit(page, FOREVER)
    button(bar, "Run").click()
    expect(status(bar)).to_have_text("Running.", timeout=PATIENCE)
    page.clock.fast_forward(19_000)
    expect(status(bar)).to_have_text("Running.")
    page.clock.fast_forward(2_000)
    expect(status(bar)).to_have_text("Stopped: 20 seconds are the limit here.")
    page.clock.resume()
    assert workers_left(page, 0)


def test_output_streams_and_has_an_end(chapter: Page) -> None:
    bar = edit(chapter, "print('first')\nwhile True:\n    print('again')\n")
    button(bar, "Run").click()
    log = log_of(chapter)
    expect(log).to_contain_text("… and more, not shown.", timeout=PATIENCE)
    expect(status(bar)).to_have_text("Running.")
    assert printed(log).startswith("first\nagain\n")
    assert len(printed(log)) == 200_000
    button(bar, "Stop").click()
    expect(status(bar)).to_have_text("Stopped.")


def test_a_line_is_shown_while_the_program_goes_on(chapter: Page) -> None:
    bar = edit(chapter, "print('one')\nprint('two')\nwhile True:\n    pass\n")
    button(bar, "Run").click()
    expect(log_of(chapter)).to_have_text("one\ntwo\n", timeout=PATIENCE)
    expect(status(bar)).to_have_text("Running.")


def test_an_error_shows_the_readers_own_line(chapter: Page) -> None:
    bar = bar_of(chapter)
    button(bar, "Edit").click()
    editor = chapter.get_by_role("textbox", name=f"Program {NAME}")
    code = (SNIPPETS / CHAPTER / NAME).read_text()
    expect(editor).to_contain_text(code.partition("\n")[0])  # below, it draws what is in sight
    write(editor, code.replace("    if not night.due:", "    if not night.overdue:"))
    assert run(bar) == "Ended with an error."
    said = log_of(chapter).text_content() or ""
    line = code[: code.index("    if not night.due:")].count("\n") + 1
    assert (
        f'File "{NAME}", line {line}, in compare_with_declared\n    if not night.overdue:' in said
    )
    assert "AttributeError: 'Night' object has no attribute 'overdue'" in said
    assert set(re.findall(r'File "([^"]+)"', said)) == {NAME}
    write(editor, "print('before')\nprint(\n")
    assert run(bar) == "Ended with an error."
    said = log_of(chapter).text_content() or ""
    assert f'File "{NAME}", line 2' in said
    assert "SyntaxError" in said
    assert set(re.findall(r'File "([^"]+)"', said)) == {NAME}


def test_reset_restores_the_tested_program(chapter: Page) -> None:
    bar = edit(chapter, "print('mine')\n")
    assert run(bar) == "Finished."
    assert printed(log_of(chapter)) == "mine\n"
    button(bar, "Reset").click()
    expect(chapter.get_by_role("textbox", name=f"Program {NAME}")).to_have_count(0)
    expect(chapter.locator(".run__log")).to_be_hidden()
    assert run(bar) == "Finished."
    assert printed(log_of(chapter)) == recorded(CHAPTER + NAME)


MINIORCH = """
from datetime import timedelta
from miniorch import *

def load(ctx):
    tx = ctx.warehouse.begin()
    tx.append(ctx.orders())
    tx.commit()
    yield "written"

revenue = DAG("revenue", (Task("load", load, retry=RetryPolicy(retries=1)),))
machine = Orchestrator([revenue], [Fault(FaultKind.CRASH, task="load", at="written")])
machine.trigger("revenue", INCIDENT)
machine.run_until_idle()
print(eur(machine.warehouse.total()))
[due] = daily(2, 30, "Europe/Berlin", DAILY_DST["airflow"]).due(INCIDENT, INCIDENT + timedelta(1))
print(due)
"""
ZONES = """
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
print(datetime(2026, 3, 14, 3, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin")))
"""


IMPORTS = [  # a program, what it prints, and which archives come with it
    ("print(1)\n", "1\n", ["python_stdlib.zip"]),
    (ZONES, "2026-03-14 04:00:00+01:00\n", ["tzdata.zip"]),
    (MINIORCH, "EUR 2 000.00\n2026-03-15 01:30:00+00:00\n", ["miniorch.zip"]),
]


def test_archives_come_when_they_are_imported(chapter: Page) -> None:
    asked: list[str] = []
    chapter.on("request", lambda request: asked.append(Path(request.url).name))
    for code, prints, archives in IMPORTS:
        asked.clear()
        bar = edit(chapter, code)
        for _ in range(2):
            assert run(bar) == "Finished.", log_of(chapter).text_content()
            assert printed(log_of(chapter)) == prints
        assert [name for name in asked if name.endswith(".zip")] == archives  # once


LEAVES_TRACES = """
import logging, os, random, sys
print(logging.getLogger().handlers, os.listdir(), "planted" in vars(logging), "seen" in globals())
logging.basicConfig(stream=sys.stdout, format="%(message)s")
logging.warning("heard")
logging.planted = seen = True
open("trace", "w").close()
print("complaint", file=sys.stderr)
"""


def test_a_program_runs_as_if_it_were_alone(chapter: Page) -> None:
    bar = edit(chapter, LEAVES_TRACES)
    for _ in range(2):
        assert run(bar) == "Finished."
        assert printed(log_of(chapter)) == "[] ['declared_empty.py'] False False\nheard\n"
        expect(log_of(chapter).locator(".run__error")).to_have_text("complaint\n")


EXITS = [
    ("import sys\nsys.exit()", "Finished.", ""),
    ("import sys\nsys.exit(3)", "Ended with an error.", ""),
    ("raise SystemExit('no orders')", "Ended with an error.", "no orders\n"),
    ("try:\n    input()\nexcept EOFError:\n    print('nobody')", "Finished.", "nobody\n"),
]


def test_an_exit_is_judged_as_a_shell_does(chapter: Page) -> None:
    for code, end, said in EXITS:
        assert run(edit(chapter, code)) == end, code
        assert log_of(chapter).text_content() == said, code


def test_it_works_by_keyboard(chapter: Page) -> None:
    button(bar_of(chapter), "Run").focus()
    keys = chapter.keyboard
    keys.press("Tab")
    keys.press("Enter")
    editor = chapter.get_by_role("textbox", name=f"Program {NAME}")
    expect(editor).to_be_focused()
    keys.press("Control+A")
    keys.insert_text(FOREVER)
    keys.press("Escape")
    keys.press("Tab")  # leaves the editor: no trap
    expect(button(bar_of(chapter), "Run")).to_be_focused()
    keys.press("Enter")
    bar = bar_of(chapter)
    expect(status(bar)).to_have_text("Running.", timeout=PATIENCE)
    keys.press("Tab")
    keys.press("Tab")
    expect(button(bar, "Stop")).to_be_focused()
    keys.press("Space")
    expect(status(bar)).to_have_text("Stopped.")
    expect(button(bar, "Stop")).to_be_focused()
    keys.press("Tab")
    expect(button(bar, "Reset")).to_be_focused()
    keys.press("Tab")
    expect(log_of(chapter)).to_be_focused()


def test_it_is_announced(chapter: Page) -> None:
    bar = bar_of(chapter)
    assert status(bar).evaluate("e => e.matches('[role=status]') && e.isConnected")
    expect(button(bar, "Run")).not_to_have_attribute("aria-disabled", "true")
    edit(chapter, FOREVER)
    button(bar, "Run").click()
    expect(button(bar, "Run")).to_have_attribute("aria-disabled", "true")
    expect(button(bar, "Stop")).to_have_attribute("aria-disabled", "false")
    button(bar, "Stop").click()
    expect(button(bar, "Run")).to_have_attribute("aria-disabled", "false")
    expect(button(bar, "Stop")).to_have_attribute("aria-disabled", "true")


def test_axe_finds_nothing_while_it_runs(chapter: Page) -> None:
    chapter.emulate_media(color_scheme="light", reduced_motion="reduce")
    wide = f"import sys\nprint('{'wide ' * 80}')\nprint('bad', file=sys.stderr)\n"
    bar = edit(chapter, wide + "while True:\n    print('again', flush=True)\n")
    button(bar, "Run").click()
    expect(log_of(chapter)).to_contain_text("not shown", timeout=PATIENCE)
    look(chapter, 360, "dark")
    look(chapter, 1440, "light")
    button(bar, "Stop").click()
    expect(status(bar)).to_have_text("Stopped.")
    look(chapter, 1440, "dark")
    look(chapter, 360, "light")


def look(page: Page, width: int, palette: str) -> None:
    """Have axe look at what Run adds, in this width and palette."""
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_title(f"Use the {palette} palette").click()
    assert not violations(page, *PARTS)
    document = "document.documentElement"
    assert page.evaluate(f"{document}.scrollWidth") <= page.evaluate(f"{document}.clientWidth")


def test_without_scripts_there_is_no_button(browser: Browser, site_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + CHAPTER)
    page.locator(".reveal > summary").first.click()
    expect(page.locator(".snippet-foot").first).to_be_visible()
    assert page.locator(".run").count() >= 2
    expect(page.get_by_role("button", name="Run")).to_have_count(0)
    context.close()


def test_where_python_cannot_load_the_page_says_so(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    page.goto(site_url + CHAPTER)
    wanted = "Python could not be loaded. The recorded output stands; the command runs it at home."
    for lost in ("run-worker.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
        page.route(f"**/{lost}", lambda route: route.fulfill(status=404))
        assert run(bar_of(page)) == wanted, lost
        expect(page.locator(".snippet-foot", has_text=NAME)).to_be_visible()
        page.unroute_all()
    assert run(bar_of(page)) == "Finished."
    page.close()


def test_where_the_script_cannot_load_the_page_says_so(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    page.route("**/run.mjs", lambda route: route.abort())
    page.goto(site_url + CHAPTER)
    button(bar_of(page), "Run").click()
    said = "Run could not be loaded. Reload the page to try again."
    expect(status(bar_of(page))).to_have_text(said)
    page.close()


def test_a_program_that_was_not_tested_does_not_run(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    page.route(f"**/{NAME}", lambda route: route.fulfill(body="print('smuggled')"))
    page.goto(site_url + CHAPTER)
    assert run(bar_of(page)).startswith(f"{NAME} could not be loaded.")
    button(bar_of(page), "Edit").click()
    expect(page.get_by_role("textbox", name=f"Program {NAME}")).to_have_count(0)
    assert "smuggled" not in page.content()
    page.close()


class _Stranger(BaseHTTPRequestHandler):
    """A server elsewhere, which would answer anybody."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """What was asked is kept."""


REACHES_OUT = """
import js
for address in ADDRESSES:
    request = js.XMLHttpRequest.new()
    request.open("GET", address, False)
    try:
        request.send()
        print("reached", address)
    except Exception:
        print("refused")
"""


def test_a_program_reaches_no_other_host(browser: Browser, site_url: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Stranger) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(site_url + CHAPTER)
        addresses = [site_url, f"http://127.0.0.1:{elsewhere.server_port}/"]
        bar = edit(page, REACHES_OUT.replace("ADDRESSES", repr(addresses)))
        assert run(bar) == "Finished."
        assert printed(log_of(page)) == f"reached {site_url}\nrefused\n"
        assert not _Stranger.asked
        page.close()
        elsewhere.shutdown()


def test_only_pages_with_a_run_may_start_python() -> None:
    for path in SITE.rglob("*.html"):
        text = path.read_text()
        runs = 'class="run"' in text
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
        assert ("'wasm-unsafe-eval'" in policy) == runs, path
        assert ("blob:" in policy) == runs, path


def test_the_runtime_comes_with_its_licences() -> None:
    [folder] = SITE.glob("assets/pyodide-*")
    notice = (folder / "NOTICE.txt").read_text()
    for name in ("MPL-2.0.txt", "PSF-2.0.txt"):
        assert name in notice
        assert len((folder / name).read_text()) > 10_000
