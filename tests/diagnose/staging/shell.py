"""Run what a page tells to type: a tool's own program in this process, the rest in bash."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from unittest.mock import patch

from tests.diagnose.staging import argo_commands
from tests.machine import lacks

FIRST = re.compile(r"""((?:[^|'"]|'[^']*'|"[^"]*")*)(?:\|(.*))?""", re.S)


class CommandError(Exception):
    """A program does not take these words, or it failed."""


def run(code: str, said: str = "", **variables: object) -> str:
    """Return what a fence prints; `said` is our answer, or what Argo prints, which is not here."""
    values = {name: str(value) for name, value in variables.items()}
    if program_of(code) not in PROGRAMS:
        return bash(code, "", values)
    return "".join(run_command(one, said, values) for one in commands(code))


def commands(code: str) -> list[str]:
    """Cut a fence into its commands: a line that ends in `\\` or `|`, or a quote, goes on."""
    found, open_ = [], ""
    for line in code.replace("\\\n", " ").splitlines():
        open_ = f"{open_}\n{line}" if open_ else line
        whole = open_.count("'") % 2 == 0 and open_.count('"') % 2 == 0
        if whole and not open_.rstrip().endswith("|"):
            found.append(open_)
            open_ = ""
    return [one for one in (*found, open_) if one.strip() and not one.startswith("#")]


def program_of(code: str) -> str:
    """Name the program that a fence begins with."""
    first = next(iter(commands(code)), "")
    return first.split()[0]


def run_command(command: str, said: str, values: dict[str, str]) -> str:
    """Run one command of a tool, and pipe what it prints through the rest of the line."""
    first, rest = FIRST.fullmatch(command).groups()
    words = shlex.split(expanded(first, values))
    printed = PROGRAMS[words[0]](words[1:], said)
    if not rest:
        return printed
    if not shutil.which(rest.split()[0]):
        json.loads(printed)
        lacks(f"no {rest.split()[0]} here; the JSON that it would read is well formed")
    return bash(rest, printed, values)


def expanded(command: str, values: dict[str, str]) -> str:
    """Put the variables in; one that is not set is a mistake."""
    return re.sub(r"\$(\w+)", lambda match: {**os.environ, **values}[match[1]], command)


def bash(script: str, given: str, values: dict[str, str]) -> str:
    """Let bash do it; grep and jq may find nothing, but nobody may complain."""
    done = subprocess.run(
        ["bash", "-u", "-c", script],
        input=given,
        env={**os.environ, **values},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1) or done.stderr:
        raise CommandError(f"{script}\n{done.stderr}")
    return done.stdout


def airflow(words: list[str], typed: str) -> str:
    """Run Airflow's command line."""
    from airflow.cli.cli_parser import get_parser

    printed, errors = StringIO(), StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(errors), patch("sys.stdin", StringIO(typed)):
            args = get_parser().parse_args(words)
            args.func(args)
    except SystemExit as end:
        answered = end.code == 1 and printed.getvalue()  # what it found, and that it is bad
        if end.code and not answered:
            raise CommandError(
                f"airflow {shlex.join(words)}: {end.code}\n{errors.getvalue()}"
            ) from end
    return printed.getvalue()


def prefect(words: list[str], _: str) -> str:
    """Run Prefect's command line."""
    from prefect.testing.cli import CycloptsCliRunner

    result = CycloptsCliRunner().invoke(words)
    if result.exit_code:
        raise CommandError(f"prefect {shlex.join(words)}\n{result.output}")
    return result.stdout


def dagster(words: list[str], typed: str) -> str:
    """Run Dagster's command line."""
    from click.testing import CliRunner
    from dagster._cli import create_dagster_cli

    result = CliRunner().invoke(create_dagster_cli(), words, input=typed)
    if result.exit_code:
        raise CommandError(f"dagster {shlex.join(words)}\n{result.output}")
    return result.stdout


def argo(words: list[str], said: str) -> str:
    """Hold a command against Argo's reference; what it would print is given."""
    if problem := argo_commands.problem(words):
        raise CommandError(problem)
    if said.startswith("{") and json.loads(said)["kind"] != kind_of(words):
        raise CommandError(f"`argo {shlex.join(words)}` prints no such thing")
    return selected(words, said) if "-l" in words else said


def kind_of(words: list[str]) -> str:
    """Name what a command of Argo looks up."""
    return "CronWorkflow" if words[0] == "cron" else "Workflow"


def selected(words: list[str], said: str) -> str:
    """Leave out of a list what has another label than the command asks for."""
    key, value = words[words.index("-l") + 1].split("=")
    listed = json.loads(said)
    return json.dumps([one for one in listed if one["metadata"]["labels"].get(key) == value])


PROGRAMS: dict[str, Callable[[list[str], str], str]] = {
    "airflow": airflow,
    "prefect": prefect,
    "dagster": dagster,
    "argo": argo,
}
