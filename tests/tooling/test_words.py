import pytest

from tests.words import Words, in_one_line
from tooling.course.pages import Page
from tooling.course.schema import FrontMatter

TEXT = """# Green

- **No rows.** The [listing was
  empty](../glossary/silent-success.md), so nothing `raised`. It ended in success.
"""


@pytest.fixture
def page() -> Words:
    return Words(Page("diagnose/green.md", FrontMatter(), TEXT, 4, head="seen: [all green]"))


def test_a_page_is_quoted_across_its_lines_and_links(page: Words) -> None:
    page.says("**No rows.** The listing was empty, so nothing `raised`.")
    page.says("seen: [all green]")


def test_what_it_does_not_say_fails_with_the_file_and_the_nearest(page: Words) -> None:
    with pytest.raises(pytest.fail.Exception) as failed:
        page.says("It ended in failure.")
    assert str(failed.value).splitlines()[0] == "docs/diagnose/green.md does not say:"
    assert str(failed.value).endswith("It ended in success.")


@pytest.mark.parametrize("wrong", ["nothing raised", "So nothing `raised`", "The [listing"])
def test_code_quotes_and_capitals_count(page: Words, wrong: str) -> None:
    with pytest.raises(pytest.fail.Exception):
        page.says(wrong)


def test_a_link_may_hold_brackets() -> None:
    assert in_one_line("a [b [c]\n d](x.md#y) e") == "a b [c] d e"
