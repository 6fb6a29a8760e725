"""The orchestrators of the course, each declared once: everything that differs by tool asks here.

Only the standard library is imported, for the noxfile reads this before anything is installed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One orchestrator: what it is called, installed as, typed as and configured by."""

    name: str  # in paths, front matter and sessions
    title: str  # on pages
    package: str  # whose locked version a page was verified on
    verified: str = ""  # what a page says was verified, where that is not the tool itself
    sources: tuple[str, ...]  # distributions whose source defines the tool's names
    commands: frozenset[str]  # programs of its command line
    settings: str  # how its environment variables begin
    stack: str = ""  # the module that keeps it up with its UI; without one there is no cluster
    port: int = 0  # of that UI, by the tool's own default


AIRFLOW = Tool(
    name="airflow",
    title="Airflow",
    package="apache-airflow",
    sources=("apache-airflow",),
    commands=frozenset({"airflow"}),
    settings="AIRFLOW",
    stack="testbed.airflow.live",
    port=8080,
)
DAGSTER = Tool(
    name="dagster",
    title="Dagster",
    package="dagster",
    sources=("dagster", "toposort"),  # whose messages are shown as they are
    commands=frozenset({"dagster", "dagster-daemon"}),
    settings="DAGSTER_",
    stack="testbed.dagster",
    port=3000,
)
PREFECT = Tool(
    name="prefect",
    title="Prefect",
    package="prefect",
    sources=("prefect", "coolname"),  # which makes up the names of runs
    commands=frozenset({"prefect"}),
    settings="PREFECT_",
    stack="testbed.prefect",
    port=4200,
)
ARGO = Tool(
    name="argo",
    title="Argo",
    package="hera",
    verified="Argo’s schemas through hera",
    sources=("hera",),
    commands=frozenset({"argo", "kubectl"}),
    settings="ARGO_",
)
TOOLS = {tool.name: tool for tool in (AIRFLOW, DAGSTER, PREFECT, ARGO)}
NONE = "none"  # the session and the programs that need no tool
