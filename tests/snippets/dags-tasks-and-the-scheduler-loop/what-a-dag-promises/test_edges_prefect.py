import asyncio
import runpy
from threading import Event
from types import ModuleType

from prefect import flow, task

from testbed.sandbox import SNIPPETS

CHAPTER = runpy.run_path(
    str(SNIPPETS / "dags-tasks-and-the-scheduler-loop/what-a-dag-promises/hidden_edge.py")
)


def arrows(graph: str) -> set[str]:
    return {f"{before} -> {after}" for before, after in CHAPTER[graph]}


def test_bug_is_real(program: ModuleType) -> None:
    assert program.edges(program.as_drawn) == arrows("BEFORE")


def test_fix_holds(program: ModuleType) -> None:
    assert program.edges(program.with_edge) == arrows("AFTER")


def test_only_submit_shows_that_the_arrow_is_missing(program: ModuleType) -> None:
    read = Event()
    ended: list[str] = []

    @task
    def rates(limit: int) -> None:
        read.wait(limit)
        ended.append("rates")

    @task
    def revenue() -> None:
        ended.append("revenue")
        read.set()

    @flow
    def called() -> None:
        rates(0)
        revenue()

    @flow
    def submitted() -> None:
        late = rates.submit(60)
        revenue.submit().wait()
        late.wait()

    called()
    assert ended == ["rates", "revenue"]
    read.clear()
    ended.clear()
    submitted()
    assert ended == ["revenue", "rates"]


def test_gather_shows_it_too() -> None:
    ended: list[str] = []

    @flow
    async def gathered() -> None:
        read = asyncio.Event()

        @task
        async def rates() -> None:
            await asyncio.wait_for(read.wait(), 60)
            ended.append("rates")

        @task
        async def revenue() -> None:
            ended.append("revenue")
            read.set()

        await asyncio.gather(rates(), revenue())

    asyncio.run(gathered())
    assert ended == ["revenue", "rates"]
