"""Where a name in code quotes stands in what a term says of a tool."""

from __future__ import annotations

import dataclasses

from testbed.sandbox import ROOT
from tooling.course.pages import read_page
from tooling.rules.tool_names import spans


def test_a_name_has_its_place_and_a_link_is_no_name() -> None:
    term = read_page(ROOT / "docs", "glossary/silent-success.md")
    told = {"name": "a `first` and TaskGroup", "note": "`second`, [`third`](https://example.org/x)"}
    answer = term.meta.names.argo.model_copy(update=told)
    names = term.meta.names.model_copy(update={"argo": answer})
    planted = dataclasses.replace(term, meta=term.meta.model_copy(update={"names": names}))
    found = list(spans(planted, "argo"))
    assert [one.text for one in found] == ["first", "second", "TaskGroup"]
    file = (ROOT / found[0].path).read_text().splitlines()
    assert file[found[0].line - 1].startswith("  argo:")
