"""The glossary gives no name that its tool does not have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.sandbox import ROOT, activated
from tooling.course.course import Course
from tooling.rules.tool_names import Span, problem, spans

COURSE = Course.read(ROOT)
FEWEST = {"airflow": 200, "dagster": 130, "prefect": 140, "argo": 120}
INVENTED = {
    "airflow": {
        "retry_dely=": "no `retry_dely` in its source",
        "DeadlineAlert(grace=3)": "`DeadlineAlert` takes no `grace`",
        "TaskInstanceState.CRASHED": "no `CRASHED` in a class called like `TaskInstanceState`",
        "[core] multi_tenant": "no `multi_tenant` in section `core` of its configuration",
        "airflow backfill restart": "`airflow backfill` has no `restart`",
        "airflow backfill create --clear-all": "`airflow backfill create` has no `--clear-all`",
        "--reprocess-everything": "no command has `--reprocess-everything`",
        "dagrun.queue_latency": "no `queue_latency` in a class called like `dagrun`",
    },
    "dagster": {
        "Failure(retry=False)": "`Failure` takes no `retry`",
        "AutomationCondition.sometimes()": "no `sometimes` in a class called like",
        "dagster instance repair": "`dagster instance` has no `repair`",
        "dagster/max_wait": "no `max_wait` in its source",
    },
    "prefect": {
        "retry_backoff_base": "no `retry_backoff_base` in its source",
        "PREFECT_SERVER_LEASES": "no `PREFECT_SERVER_LEASES` in its source",
        "prefect flow-run restart": "`prefect flow-run` has no `restart`",
        "prefect.runtime.flow_run.attempt_id": "`prefect.runtime.flow_run.attempt_id` cannot be",
    },
    "argo": {
        "retryStrategy.maxBackoff": "no `maxBackoff` in a class called like `retryStrategy`",
        "argo retry": "no command line of `argo` is installed here",
        "catchUpPolicy": "no `catchUpPolicy` in its source",
    },
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    tool = metafunc.config.getoption("tool")
    if "span" in metafunc.fixturenames:
        metafunc.parametrize("span", names_for(tool), ids=str)
    if "invented" in metafunc.fixturenames:
        metafunc.parametrize("invented", INVENTED[tool].items(), ids=lambda one: one[0])


def names_for(tool: str) -> list[Span]:
    """Every name of a tool in the glossary, each once a term."""
    return list(dict.fromkeys(s for term in COURSE.terms for s in spans(term, tool)))


@pytest.fixture(scope="module", autouse=True)
def home(tool: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A tool's command line is imported, and writes its settings to its home."""
    with activated(Path(f"names_{tool}.py"), tmp_path_factory.mktemp("home")):
        yield


def test_the_tool_has_it(tool: str, span: Span) -> None:
    if what := problem(tool, span.text):
        fix = "write what it is called, link it (`[`name`](https://…)`) or say it in plain words"
        pytest.fail(f"{span.path}:{span.line}: `{span.text}`: {what}; {fix}", pytrace=False)


def test_an_invented_name_is_told(tool: str, invented: tuple[str, str]) -> None:
    name, what = invented
    assert what in problem(tool, name)


def test_there_are_names_to_check(tool: str) -> None:
    assert len(names_for(tool)) >= FEWEST[tool]
