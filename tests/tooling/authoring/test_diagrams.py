import re
from pathlib import Path

import pytest

from tooling.authoring.diagrams import BadDiagram, draw

GOOD = """flowchart TB
  accTitle: Load before publish
  accDescr: An arrow leads from load to publish.
  subgraph night
    load -->|rows| publish
  end
"""


def written(folder: Path, text: str) -> Path:
    source = folder / "night.mmd"
    source.write_text(text)
    return source


def test_diagram_is_named_and_described(tmp_path: Path) -> None:
    svg = draw(written(tmp_path, GOOD))
    assert svg.startswith("<svg ")
    assert 'role="img" aria-labelledby="night-title" aria-describedby="night-desc"' in svg
    assert '<title id="night-title">Load before publish</title>' in svg
    assert '<desc id="night-desc">An arrow leads from load to publish.</desc>' in svg


def test_page_decides_the_look(tmp_path: Path) -> None:
    svg = draw(written(tmp_path, GOOD))
    assert not re.search(r"<style|style=|#[0-9A-Fa-f]{3}|pele", svg)
    for name in ("node", "edge", "text", "cluster", "marker", "edge-label"):
        assert f'class="diagram-{name}' in svg


def test_ids_are_the_diagrams_own(tmp_path: Path) -> None:
    ids = re.findall(r'\sid="([^"]*)"', draw(written(tmp_path, GOOD)))
    assert ids and all(each.startswith("night-") for each in ids)


def test_drawing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = written(tmp_path, GOOD)
    assert draw(source) == draw(source)


@pytest.mark.parametrize("key", ["accTitle", "accDescr"])
def test_diagram_without_words_is_refused(tmp_path: Path, key: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if key not in line)
    with pytest.raises(BadDiagram, match=rf"night\.mmd: add a line `{key}: "):
        draw(written(tmp_path, text))


def test_diagram_that_mermaid_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDiagram, match=r"night\.mmd: .*syntax"):
        draw(written(tmp_path, GOOD.replace("flowchart TB", "flowchart XX")))
