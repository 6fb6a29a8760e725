"""The filter of the glossary and of the diagnosis."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.site.queries import OTHER_MATTERS, QUERIES, check_bars
from tooling.course.schema import SIGHTS


def shown(page: Page) -> Locator:
    """The entries that the filter lets through."""
    return page.locator("ul.catalogue > li[data-entry]:visible")


def entry_ids(page: Page) -> list[str]:
    """Their ids, in the order of the page."""
    return shown(page).evaluate_all("items => items.map((item) => item.dataset.entry)")


def wait_for_query(page: Page, wanted: dict[str, list[str]]) -> None:
    """The state reaches the address a moment after it was typed."""
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == wanted)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("silent success", "silent-success"),
        ("silent sucess", "silent-success"),
        ("taks", "task"),
        ("return code", "exit-code"),
        ("upstream_failed", "upstream-failed"),
        ("UpstreamFailed", "upstream-failed"),
    ],
)
def test_best_match_comes_first(page: Page, site_url: str, typed: str, first: str) -> None:
    """Names, old names and typing errors all lead to the entry."""
    page.goto(site_url + "glossary/")
    page.locator("input[name=q]").fill(typed)
    wait_for_query(page, {"q": [typed]})
    expect(shown(page).first).to_have_attribute("data-entry", first)


def test_filter_answers_as_the_search_does(page: Page, site_url: str) -> None:
    """What readers type into the search leads to the term here too: a sample of sixty."""
    ours = [query for query in QUERIES if all(one.startswith("glossary/") for one in query.pages)]
    sample = ours[:: len(ours) // 60][:60]
    page.goto(site_url + "glossary/")
    box, count = page.locator("input[name=q]"), page.locator("output.catalogue-filter__count")
    box.focus()
    box.fill("xqzvbnw")
    expect(count).to_have_text("No term matches.")
    answers = []
    for query in sample:
        box.fill(query.text)
        answers.append([f"glossary/{entry}" for entry in entry_ids(page)])
    check_bars(sample, answers)


COUNT_CHANGES = """() => {
  const list = document.querySelector("ul.catalogue");
  window.changes = 0;
  const count = (records) => {
    for (const { addedNodes, type } of records) {
      window.changes += type === "attributes" ? 1 : addedNodes.length;
    }
  };
  const observer = new MutationObserver(count);
  observer.observe(list, { childList: true, subtree: true, attributeFilter: ["hidden"] });
}"""


def test_key_changes_no_more_than_its_answer(page: Page, site_url: str) -> None:
    """An entry moves once and is shown or hidden once; the same answer leaves the list alone."""
    page.goto(site_url + "glossary/")
    total = len(entry_ids(page))
    page.locator("input[name=q]").fill("silent success")
    expect(page.locator("output.catalogue-filter__count")).to_contain_text(f" of {total} terms")
    page.evaluate(COUNT_CHANGES)
    before = entry_ids(page)
    page.keyboard.type("es")
    assert entry_ids(page) == before
    assert page.evaluate("window.changes") == 0
    page.locator("input[name=q]").fill("")
    for key in "execution date":
        page.evaluate("window.changes = 0")
        page.keyboard.type(key)
        assert page.evaluate("window.changes") <= 2 * total


def test_clearing_restores_the_order(page: Page, site_url: str) -> None:
    """Escape brings all entries back where they were, and forgets the address's state."""
    page.goto(site_url + "glossary/")
    before = entry_ids(page)
    count = page.locator("output.catalogue-filter__count")
    page.locator("input[name=q]").fill("state")
    expect(count).to_contain_text(f"of {len(before)} terms")
    assert 0 < len(entry_ids(page)) < len(before)
    page.keyboard.press("Escape")
    expect(count).to_have_text(f"{len(before)} terms")
    assert entry_ids(page) == before
    wait_for_query(page, {})


def test_theme_and_tool_narrow_together(page: Page, site_url: str) -> None:
    """Only entries of the theme that the tool has a name for stay."""
    page.goto(site_url + "glossary/")
    entries = page.evaluate("fetch('/course/glossary.json').then((r) => r.json())")["entries"]
    wanted = [
        entry["id"]
        for entry in entries
        if entry["theme"] == "rules-and-states" and entry["names"]["dagster"]["name"]
    ]
    assert 0 < len(wanted) < len(entries)
    page.get_by_label("Theme").select_option("rules-and-states")
    page.locator("select[name=tool]").select_option("dagster")
    expect(shown(page)).to_have_count(len(wanted))
    assert sorted(entry_ids(page)) == sorted(wanted)
    wait_for_query(page, {"theme": ["rules-and-states"], "tool": ["dagster"]})


def test_state_is_restored_from_the_address(page: Page, site_url: str) -> None:
    """On arrival by a link, and on Back from an entry."""
    page.goto(site_url + "glossary/?q=silent+sucess&theme=failure-modes")
    expect(page.get_by_label("Theme")).to_have_value("failure-modes")
    expect(shown(page).first).to_have_attribute("data-entry", "silent-success")
    page.locator("input[name=q]").press("Enter")
    page.wait_for_url(site_url + "glossary/silent-success/")
    page.go_back()
    expect(page.locator("input[name=q]")).to_have_value("silent sucess")
    expect(shown(page).first).to_have_attribute("data-entry", "silent-success")


def test_keyboard_walk_through_the_list(page: Page, site_url: str) -> None:
    """Down enters the list, Up comes back to the filter."""
    page.goto(site_url + "glossary/")
    box = page.locator("input[name=q]")
    box.focus()
    page.keyboard.type("success")
    expect(page.locator("output.catalogue-filter__count")).to_contain_text(" of ")
    links = page.locator("ul.catalogue > li:visible").locator("a >> nth=0")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_nothing_found_offers_the_search(page: Page, site_url: str) -> None:
    """A dead end has a way out, with the same words."""
    page.goto(site_url + "glossary/")
    page.locator("input[name=q]").fill("xqzvbnw")
    expect(page.locator("output.catalogue-filter__count")).to_have_text("No term matches.")
    way_out = page.get_by_role("link", name="Search the whole course")
    expect(way_out).to_have_attribute("href", site_url + "search/?q=xqzvbnw")


def test_symptoms_are_found_by_what_was_seen(page: Page, site_url: str) -> None:
    """The words of the chat lead to the symptom."""
    page.goto(site_url + "diagnose/")
    page.locator("input[name=q]").fill("dashbord zero")
    wanted = "all-green-but-the-dashboard-is-zero"
    expect(shown(page).first).to_have_attribute("data-entry", wanted)
    page.get_by_label("Tool").select_option("argo")
    expect(shown(page).first).to_have_attribute("data-entry", wanted)


def test_without_javascript_the_list_is_whole(browser: Browser, site_url: str) -> None:
    """No filter that does nothing; every entry is there."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + "glossary/")
        expect(page.locator("form.catalogue-filter")).to_be_hidden()
        entries = page.locator("ul.catalogue > li[data-entry]")
        assert entries.count() > 0
        assert all(entry.is_visible() for entry in entries.all())


def test_the_filter_works_both_ways_across_the_tools(page: Page, site_url: str) -> None:
    """A tool and a word leave the rows of both tables that have them."""
    page.goto(site_url + "glossary/across-tools/")
    terms = page.locator("tr[data-entry]:visible")
    words = page.locator("tr[data-of]:visible")
    all_terms, all_words = terms.count(), words.count()
    assert all_terms > 100
    assert all_words > all_terms
    tool = page.locator("select[name=tool]")
    tool.select_option("argo")
    expect(words).not_to_have_count(all_words)
    assert set(words.evaluate_all("rows => rows.map((row) => row.dataset.tool)")) == {"argo"}
    assert terms.count() == words.count() < all_terms
    page.locator("input[name=q]").fill("suspend template")
    tool.select_option("")
    expect(terms.first).to_have_attribute("data-entry", "deferral")
    expect(page.locator("tr[data-of=deferral][data-tool=prefect]")).to_be_visible()
    expect(page.locator("tr[data-of=flow]")).to_be_hidden()
    page.locator("input[name=q]").fill("xqzvbnw")
    expect(page.get_by_role("link", name="Search the whole course")).to_be_visible()
    page.keyboard.press("Escape")
    expect(words).to_have_count(all_words)


def test_across_the_tools_without_scripts(browser: Browser, site_url: str) -> None:
    """Both tables are there, and the filter, which could not answer, is not."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + "glossary/across-tools/")
    assert page.locator("tr[data-entry]:visible").count() > 100
    assert page.locator("tr[data-of]:visible").count() > 250
    assert not page.locator(".catalogue-filter").is_visible()
    context.close()


def test_symptoms_stand_under_what_one_sees(page: Page, site_url: str) -> None:
    """Each group is in the contents; one without a match is gone from both; the count is right."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(site_url + "diagnose/")
    headings = page.locator(".catalogue-groups h2")
    contents = page.locator(".md-nav--secondary a[href^='#']:visible")
    everything = [text.removesuffix("#") for text in headings.all_inner_texts()]
    assert everything == list(SIGHTS.values())
    assert [text.strip() for text in contents.all_inner_texts()] == everything
    symptoms = page.locator("[data-entry]").count()
    page.locator("form.catalogue-filter input[name=q]").fill("stuck in queued")
    shown = page.locator("[data-entry]:visible")
    expect(shown.first).to_have_attribute("data-entry", "task-stuck-in-queued")
    groups = page.locator(".catalogue-groups > section:visible")
    assert groups.count() < len(SIGHTS)
    assert all(group.locator("[data-entry]:visible").count() for group in groups.all())
    assert contents.count() == groups.count()
    expect(page.locator("output")).to_have_text(f"{shown.count()} of {symptoms} symptoms")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/task-stuck-in-queued/")


def test_a_cleared_filter_leaves_the_groups_as_they_were(page: Page, site_url: str) -> None:
    page.goto(site_url + "diagnose/")
    order = "all => all.map((one) => one.dataset.entry)"
    entries = page.locator("[data-entry]:visible")
    before = entries.evaluate_all(order)
    page.locator("form.catalogue-filter input[name=q]").fill("numbers doubled")
    expect(entries).not_to_have_count(len(before))
    page.keyboard.press("Escape")
    expect(entries).to_have_count(len(before))
    assert entries.evaluate_all(order) == before


def test_a_sentence_leaves_what_matches(page: Page, site_url: str) -> None:
    """Whole sentences of operators leave a few symptoms; on other matters, three guesses."""
    page.goto(site_url + "diagnose/")
    box, count = page.locator("input[name=q]"), page.locator("output.catalogue-filter__count")
    box.click()
    expect(page.locator(".catalogue-none")).to_have_count(1)  # the filter is there
    shown = page.locator("[data-entry]:visible")
    reports = [query for query in QUERIES if query.kind == "report"]
    told = 0
    for query in reports:
        box.fill(query.text)
        ids = shown.evaluate_all("all => all.map((one) => one.dataset.entry)")
        assert len(ids) <= 5, query.text
        place = query.place([f"diagnose/{entry}" for entry in ids])
        assert place is not None, (query.text, ids)
        told += "guess" in count.inner_text()
    assert told / len(reports) < 0.15
    for query in OTHER_MATTERS:
        box.fill(query.text)
        expect(count).to_have_text(re.compile("No symptom fits well|No symptom matches"))
        assert shown.count() <= 3


def test_where_no_symptom_fits_the_groups_lead_on(page: Page, site_url: str) -> None:
    """The guesses are called so; a group's link takes the filter away and goes to it."""
    page.goto(site_url + "diagnose/")
    box, count = page.locator("input[name=q]"), page.locator("output.catalogue-filter__count")
    box.fill("kafka consumer lag keeps growing")
    expect(count).to_have_text("No symptom fits well. These 3 are guesses.")
    label = "one => getComputedStyle(one, '::before').content"
    assert page.locator("[data-entry]:visible").first.evaluate(label) == '"Guess"'
    ways = page.get_by_role("navigation", name="By what you see").get_by_role("link")
    assert ways.all_inner_texts() == list(SIGHTS.values())
    wait_for_query(page, {"q": ["kafka consumer lag keeps growing"]})  # so that Back returns to it
    ways.filter(has_text="It is late").click()
    expect(count).to_have_text(re.compile(r"^\d+ symptoms$"))
    expect(box).to_have_value("")
    expect(page.get_by_role("heading", name="It is late")).to_be_in_viewport()
    assert page.locator("[data-entry]:visible").first.evaluate(label) == "none"
    expect(ways.first).to_be_hidden()
    page.wait_for_url(site_url + "diagnose/#late")
