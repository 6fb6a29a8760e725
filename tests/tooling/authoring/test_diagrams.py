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


SAYS = "\n  accTitle: A late write\n  accDescr: Attempt 1 writes after attempt 2.\n"
SEQUENCE = f"""sequenceDiagram{SAYS}
  participant A as attempt 1
  participant W as table
  A->>W: insert
  Note over A: frozen
  W-->>A: 10 rows
"""
GANTT = f"""gantt{SAYS}
  dateFormat HH:mm
  axisFormat %H:%M
  todayMarker off
  section nightly
  load :crit, a1, 03:12, 13m
  section backfill
  load again :active, b1, 03:18, 20m
"""
STATES = f"""stateDiagram-v2{SAYS}
  [*] --> queued
  queued --> running : slot is free
  running --> [*]
"""
WITH_TIME = pytest.mark.parametrize("text", [SEQUENCE, GANTT, STATES], ids=lambda text: text[:5])


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


@WITH_TIME
def test_each_kind_is_drawn_in_the_page_s_colours(tmp_path: Path, text: str) -> None:
    svg = draw(written(tmp_path, text))
    assert '<title id="night-title">A late write</title>' in svg
    assert not re.search(r"<style|style=|#[0-9A-Fa-f]{3}|pele", svg)
    fills = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
    assert fills <= {"none", "currentColor"}


@WITH_TIME
def test_each_kind_can_be_read_on_a_phone(tmp_path: Path, text: str) -> None:
    draw(written(tmp_path, text))
    words = {"insert": "insert_ten_rows", "load": "load_orders", "queued": "waits_in_the_queue"}
    for word, long in words.items():
        text = text.replace(word, long * 5)
    says = r"smallest text has \d\.\d pixels on a phone, and needs 11"
    with pytest.raises(BadDiagram, match=says):
        draw(written(tmp_path, text))


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


def test_a_chart_that_would_show_the_time_of_day_is_refused(tmp_path: Path) -> None:
    text = GANTT.replace("  todayMarker off\n", "")
    with pytest.raises(BadDiagram, match=r"night\.mmd: add a line `todayMarker off`"):
        draw(written(tmp_path, text))
