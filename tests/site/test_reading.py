"""How a page arrives and stands: its weight, its layout, its policy, without scripts, in print."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect
from selectolax.lexbor import LexborHTMLParser

from testbed.sandbox import ROOT
from tests.site.templates import CHAPTER, PAGES
from tooling.course.course import Course

READ = [page.id for page in Course.read(ROOT).of_kind("chapter", "lab")]
FIRST_VIEW = 72_000  # bytes, compressed, fonts included


def site() -> Path:
    """The built site."""
    return Path(os.environ.get("SITE_DIR", "site"))


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_scrolls_sideways(page: Page, site_url: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site_url + path)
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        document = "document.documentElement"
        assert page.evaluate(f"{document}.scrollWidth") <= page.evaluate(f"{document}.clientWidth")


SHIFTS = """() => new Promise((resolve) => {
  const sum = (entries) => entries.reduce((shift, { value }) => shift + value, 0);
  const observer = new PerformanceObserver((list) => resolve(sum(list.getEntries())));
  observer.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum(observer.takeRecords())), 100);
})"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_shifts(page: Page, site_url: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(site_url + path, wait_until="networkidle")
    assert page.evaluate(SHIFTS) == 0


def test_a_shift_is_seen(page: Page, site_url: str) -> None:
    page.goto(site_url + CHAPTER)
    page.wait_for_timeout(600)  # what moves right after an input is no shift
    page.evaluate("document.querySelector('h1').style.marginTop = '200px'")
    page.wait_for_timeout(100)
    assert page.evaluate(SHIFTS) > 0


@pytest.mark.parametrize("chapter", READ)
def test_a_chapter_is_light(page: Page, site_url: str, chapter: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site_url}{chapter}/", wait_until="networkidle")
    sizes = {url.removeprefix(site_url): compressed(url, site_url) for url in asked}
    assert sum(sizes.values()) <= FIRST_VIEW, sizes
    assert not [url for url in sizes if "search" in url or url.endswith(".json")]
    scripts = {Path(url).name for url in sizes if url.endswith("js")}
    assert scripts == {"main.mjs", "fixes.mjs", "theme.mjs"}


def bundle(request: Request | str) -> bool:
    """Whether a request is for the theme's own script."""
    url = request if isinstance(request, str) else request.url
    return "/javascripts/bundle." in url


LAID_OUT = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).length"""


@pytest.mark.parametrize("path", ["glossary/across-tools/", "glossary/print/", "diagnose/"])
@pytest.mark.parametrize(("width", "most"), [(390, 1_500), (1440, 2_000)])
def test_a_long_page_is_laid_out_as_it_is_read(
    page: Page, site_url: str, path: str, width: int, most: int
) -> None:
    """What blocks a slow telephone is the layout; an element that is out of sight needs none."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site_url + path, wait_until="networkidle")
    assert page.evaluate(LAID_OUT) < most


MOVES = {
    "pointer": lambda page: page.mouse.move(200, 300),
    "key": lambda page: page.keyboard.press("Tab"),
    "wheel": lambda page: page.mouse.wheel(0, 300),
    "scroll": lambda page: page.evaluate("scrollTo(0, 300)"),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_the_theme_s_script_comes_with_the_first_move(
    own_tab: Page, site_url: str, move: Callable[[Page], None]
) -> None:
    asked: list[str] = []
    own_tab.on("request", lambda request: asked.append(request.url))
    own_tab.goto(site_url + CHAPTER, wait_until="networkidle")
    assert not any(map(bundle, asked))
    with own_tab.expect_request(bundle):
        move(own_tab)
    expect(own_tab.locator("html.js .tabbed-labels--linked").first).to_be_attached()
    assert own_tab.evaluate(SHIFTS) == 0
    assert sum(map(bundle, asked)) == 1


def test_an_address_with_a_place_in_it_has_the_theme_s_script_at_once(
    page: Page, site_url: str
) -> None:
    page.goto(f"{site_url}{CHAPTER}#__tabbed_1_2")
    expect(page.locator("html.js .tabbed-labels--linked").first).to_be_attached()
    assert page.locator("#__tabbed_1_2").is_checked()


@pytest.fixture
def late(own_tab: Page, site_url: str) -> Iterator[tuple[Page, Callable[[], None]]]:
    """A chapter whose theme's script has been asked for, and what lets it come."""
    held: list[Route] = []
    own_tab.route("**/bundle.*.js", lambda route: held.append(route))
    own_tab.goto(site_url + CHAPTER, wait_until="networkidle")
    with own_tab.expect_request(bundle):
        own_tab.mouse.move(200, 300)
    yield own_tab, lambda: held[0].continue_()


Late = tuple[Page, Callable[[], None]]


def test_a_tab_chosen_before_the_theme_s_script_is_chosen_everywhere(
    late: Late, site_url: str
) -> None:
    page, come = late
    page.locator(".tabbed-labels label", has_text="Prefect").first.click()
    come()
    expect(page.locator("html.js .tabbed-labels--linked").first).to_be_attached()
    page.goto(f"{site_url}diagnose/task-stuck-in-queued/")
    chosen = page.locator(".tabbed-set > input:checked").first.get_attribute("id")
    assert page.locator(f"label[for={chosen}]").inner_text() == "Prefect"


def test_a_palette_chosen_before_the_theme_s_script_stays(late: Late, site_url: str) -> None:
    page, come = late
    page.get_by_title("Use the dark palette").click()
    assert palette(page) == "slate"
    come()
    expect(page.locator("html.js")).to_be_attached()
    assert palette(page) == "slate"
    page.goto(site_url)
    assert palette(page) == "slate"


def test_a_key_pressed_before_the_theme_s_script_counts(late: Late) -> None:
    page, come = late
    page.keyboard.press("n")
    following = page.locator("link[rel=next]").evaluate("link => link.href")
    come()
    page.wait_for_url(following)
    assert page.url == following


def test_a_menu_opened_before_the_theme_s_script_stays_open(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site_url + CHAPTER)
    with page.expect_response(lambda response: bundle(response.url)):
        page.get_by_role("button", name="Menu", exact=True).click()
    page.wait_for_timeout(300)  # the theme closes it 125 ms after a place was gone to
    assert page.locator("#__drawer").is_checked()


def compressed(url: str, site_url: str) -> int:
    """The bytes that a server sends that compresses text and leaves fonts as they are."""
    path = site() / urlsplit(url).path.removeprefix(urlsplit(site_url).path)
    path = path / "index.html" if path.is_dir() else path
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 6))


def test_every_page_has_the_policy() -> None:
    pages = list(site().rglob("*.html"))
    assert len(pages) > 30
    for path in pages:
        head = path.read_text().partition("</head>")[0]
        policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', head)
        assert len(policy) == 1, path
        # Of all that a policy can call unsafe, one thing: a page with a Run may start Python.
        assert "unsafe" not in policy[0].replace(" 'wasm-unsafe-eval'", "")
        assert head.index("Content-Security-Policy") < head.index("<script")


def test_the_policy_stops_a_stranger(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(site_url)
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.in = 1';"
        " document.body.append(s); return fetch('http://127.0.0.1:9/').catch(() => 0) }"
    )
    assert page.evaluate("window.in") is None
    assert sum("Content Security Policy" in text for text in said) >= 2
    page.close()


def test_links_of_the_built_site_lead_somewhere() -> None:
    broken = []
    for path in site().rglob("*.html"):
        if path.name == "404.html":
            continue  # its links are absolute, for it is shown at any depth
        here = f"/{path.relative_to(site()).as_posix()}"
        for node in LexborHTMLParser(path.read_text()).css("[href], [src]"):
            target = node.attributes.get("href") or node.attributes.get("src") or ""
            parts = urlsplit(urljoin(f"http://site{here}", target))
            if parts.netloc == "site" and not there(parts.path, parts.fragment):
                broken.append(f"{here}: {target}")
    assert not broken


def there(path: str, fragment: str) -> bool:
    """Whether the site has a file at a path, and an element with the fragment's id in it."""
    file = site() / unquote(path).lstrip("/")
    file = file / "index.html" if file.is_dir() else file
    if not file.is_file() or not fragment or file.suffix != ".html":
        return file.is_file()
    return re.search(rf'\bid="?{re.escape(unquote(fragment))}[" >]', file.read_text()) is not None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chapter_is_all_there_without_scripts(
    browser: Browser, site_url: str, scheme: str
) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme=scheme)
    page = context.new_page()
    page.goto(site_url + CHAPTER)
    for part in (
        "page",
        "theory",
        "mechanism",
        "proof",
        "fix",
        "tools",
        "card",
        "check",
        "sources",
    ):
        assert page.locator(f"#{part}").is_visible()
    page.locator("details.wrong > summary").first.click()
    assert page.locator("details.wrong[open] p").first.is_visible()
    page.locator(".tabbed-labels label", has_text="Dagster").click()
    assert page.locator(".tabbed-block").nth(2).is_visible()
    page.goto(site_url + "glossary/")
    assert page.locator("[data-entry]").count() >= 12
    assert not page.locator(".catalogue-filter").is_visible()
    body = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", body)[:3])) > 384) == (scheme == "light")
    context.close()


def test_the_card_prints(page: Page, site_url: str) -> None:
    page.goto(site_url + CHAPTER)
    page.emulate_media(media="print")
    assert page.locator(".card").is_visible()
    assert not page.locator(".search-open").is_visible()


@pytest.mark.parametrize(
    ("path", "sides"), [("glossary/across-tools/", 6), ("glossary/false-friends/", 2)]
)
def test_a_table_fits_its_sheets(page: Page, site_url: str, path: str, sides: int) -> None:
    page.goto(site_url + path)
    paper = page.pdf(prefer_css_page_size=True)
    assert 0 < len(re.findall(rb"/Type ?/Page\b", paper)) <= sides


def test_a_phone_shows_a_row_as_a_card(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site_url + "glossary/false-friends/")
    row = page.locator("tbody tr").first
    lefts = row.locator("td").evaluate_all("cells => cells.map((cell) => cell.offsetLeft)")
    assert len(set(lefts)) == 1
    label = "cell => getComputedStyle(cell, '::before').content"
    assert row.locator("td").first.evaluate(label) == '"Airflow"'


def test_the_keyboard_reaches_everything(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(site_url + CHAPTER)
    reached: list[str] = []
    for _ in range(160):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("(document.activeElement.outerHTML || '').slice(0, 600)"))
        outline = page.evaluate(
            "(e => e.matches('input, body') || getComputedStyle(e).outlineStyle != 'none'"
            " || getComputedStyle(e).boxShadow != 'none')(document.activeElement)"
        )
        assert outline, f"no visible focus on {reached[-1]}"
    page_html = "\n".join(reached)
    for wanted in (
        "md-skip",
        "md-tabs__link",
        "search-open",
        'class="term ',
        "<summary",
        "__palette",
    ):
        assert wanted in page_html, wanted


def test_the_menu_of_a_phone_answers_to_keys(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site_url + CHAPTER)
    menu = page.get_by_role("button", name="Menu", exact=True)
    menu.focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    inside = "document.activeElement.closest('.md-sidebar--primary') !== null"
    assert page.evaluate(inside)
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false"
    assert page.evaluate("document.activeElement.classList.contains('menu-button')")


def palette(page: Page) -> str | None:
    return page.locator("body").get_attribute("data-md-color-scheme")


def test_a_page_comes_in_the_palette_of_the_device_until_one_is_chosen(
    page: Page, site_url: str
) -> None:
    for device, wanted in (("light", "default"), ("dark", "slate"), ("light", "default")):
        page.emulate_media(color_scheme=device)
        page.goto(site_url)
        assert palette(page) == wanted
    page.get_by_title("Use the dark palette").click()
    page.goto(site_url + CHAPTER)
    assert palette(page) == "slate"


def test_the_palette_is_there_before_the_theme_s_script(browser: Browser, site_url: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.route("**/bundle.*.js", lambda route: route.abort())
    page.goto(site_url)
    assert palette(page) == "slate"
    page.close()
