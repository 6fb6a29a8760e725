"""Every command and option of a tool's own command line, from the installed tool."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def commands(tool: str) -> dict[tuple[str, ...], set[str]]:
    """Return every command of a tool with its options."""
    match tool:
        case "airflow":
            from airflow.cli.cli_parser import get_parser

            return dict(of_argparse(("airflow",), get_parser()))
        case "dagster":
            from dagster._cli import create_dagster_cli
            from dagster._daemon.cli import create_dagster_daemon_cli

            daemon = of_click(("dagster-daemon",), create_dagster_daemon_cli())
            return dict([*of_click(("dagster",), create_dagster_cli()), *daemon])
        case "prefect":
            from prefect.cli._app import _app

            return dict(of_cyclopts(("prefect",), _app))
    return {}


Command = tuple[tuple[str, ...], set[str]]


def of_argparse(path: tuple[str, ...], parser: Any) -> Iterator[Command]:  # noqa: ANN401
    """Walk over the commands of an argparse parser."""
    yield path, {option for action in parser._actions for option in action.option_strings}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from of_argparse((*path, name), below)


def of_click(path: tuple[str, ...], command: Any) -> Iterator[Command]:  # noqa: ANN401
    """Walk over the commands of a click group."""
    yield path, {option for parameter in command.params for option in parameter.opts}
    for name, below in getattr(command, "commands", {}).items():
        yield from of_click((*path, name), below)


def of_cyclopts(path: tuple[str, ...], app: Any) -> Iterator[Command]:  # noqa: ANN401
    """Walk over the commands of a cyclopts application."""
    arguments = app.assemble_argument_collection() if app.default_command else ()
    yield path, {option for argument in arguments for option in argument.names}
    for name in app:
        if not name.startswith("-"):
            yield from of_cyclopts((*path, name), app[name])
