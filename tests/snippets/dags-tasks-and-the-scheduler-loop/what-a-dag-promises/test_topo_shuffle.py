import json
import runpy
from types import ModuleType

import pytest

from testbed.sandbox import SNIPPETS

CHAPTER = SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises"


def figures(program: ModuleType, graph: dict) -> list[str]:
    return [frame["facts"]["Revenue"] for frame in program.frames(graph)]


def test_bug_is_real(program: ModuleType) -> None:
    shown = figures(program, program.AS_DRAWN)
    assert (shown.count("€500.00"), shown.count("€1,000.00")) == (3, 12)


def test_fix_holds(program: ModuleType) -> None:
    assert figures(program, program.WITH_EDGE) == ["€1,000.00"] * 12


def test_the_frames_mark_and_count_the_wrong_sequences_and_no_other(program: ModuleType) -> None:
    for graph, count in ((program.AS_DRAWN, "3 of 15"), (program.WITH_EDGE, "0 of 12")):
        for frame in program.frames(graph):
            marked = {task for task, state in frame["nodes"].items() if state == "marked"}
            wrong = frame["facts"]["Revenue"] == "€500.00"
            assert marked == ({program.RATES, program.REVENUE} if wrong else set())
            assert frame["facts"]["Wrong sequences"] == count


@pytest.mark.parametrize("name", ["AS_DRAWN", "WITH_EDGE"])
def test_miniorch_takes_the_sequence_it_was_given(program: ModuleType, name: str) -> None:
    graph = getattr(program, name)
    for order in program.sequences(graph):
        ran, _ = program.run_night(graph, order)
        assert tuple(ran) == order


def test_the_frames_say_what_the_chapters_program_says(program: ModuleType) -> None:
    chapter = runpy.run_path(str(CHAPTER / "hidden_edge.py"))
    for graph, arrows in ((program.AS_DRAWN, "BEFORE"), (program.WITH_EDGE, "AFTER")):
        expected = {
            sequence: chapter["run_night"](sequence)
            for sequence in chapter["sequences"](chapter[arrows])
        }
        assert {
            sequence: program.run_night(graph, sequence)[1] for sequence in program.sequences(graph)
        } == expected


def test_the_recorded_picture_has_the_chapters_arrows() -> None:
    chapter = runpy.run_path(str(CHAPTER / "hidden_edge.py"))
    drawn = json.loads((CHAPTER / "topo_shuffle.json").read_text())
    edges = {tuple(edge) for edge in drawn["graph"]["edges"]}
    assert edges == set(chapter["AFTER"])
    for run in drawn["runs"]:
        arrows = set(chapter["AFTER" if run["choice"] == ["yes"] else "BEFORE"])
        for frame in run["frames"]:
            assert edges - {tuple(edge) for edge in frame["absent"]} == arrows


def test_the_arrows_drawn_are_those_of_the_graph(program: ModuleType) -> None:
    for graph in (program.AS_DRAWN, program.WITH_EDGE):
        arrows = {(up, task) for task, ups in graph.items() for up in ups}
        for frame in program.frames(graph):
            absent = {tuple(edge) for edge in frame["absent"]}
            assert {tuple(edge) for edge in program.EDGES} - absent == arrows
