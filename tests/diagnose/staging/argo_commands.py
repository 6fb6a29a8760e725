"""The commands of `argo` that the pages use, as its reference has them at v4.1.2.

https://github.com/argoproj/argo-workflows/blob/v4.1.2/docs/cli/argo.md and the files beside it.
"""

from __future__ import annotations

# The words before the options -> how many arguments, and the options: True for one with a value.
COMMANDS: dict[str, tuple[range, dict[str, bool]]] = {
    "get": (range(1, 9), {"-o": True, "--output": True, "--status": True}),
    "list": (
        range(0, 1),
        {"--completed": False, "--running": False, "--prefix": True, "--status": True}
        | {"--since": True, "-l": True, "-o": True},
    ),
    "logs": (
        range(1, 3),
        {"--grep": True, "-c": True, "--container": True, "-p": False, "--previous": False}
        | {"--since": True, "--tail": True, "--timestamps": False},
    ),
    "retry": (
        range(1, 9),
        {"--restart-successful": False, "--node-field-selector": True, "-p": True}
        | {"--wait": False, "--watch": False, "--log": False, "-o": True},
    ),
    "submit": (
        range(0, 9),
        {"--from": True, "--scheduled-time": True, "--wait": False, "--watch": False}
        | {"--log": False, "-p": True, "-o": True},
    ),
    "cron get": (range(1, 9), {"-o": True, "--output": True}),
    "cron list": (range(0, 1), {"-o": True, "--output": True}),
}
# What a command without `-o` heads its table with: cmd/argo/commands at v4.1.2.
COLUMNS = {
    "list": ("NAME", "STATUS", "AGE", "DURATION", "PRIORITY", "MESSAGE"),
    "cron list": ("NAME", "AGE", "LAST RUN", "NEXT RUN", "SCHEDULES", "TIMEZONE", "SUSPENDED"),
}
EVERYWHERE = {"-n": True, "--namespace": True}


def problem(words: list[str]) -> str | None:
    """Say what the reference does not have, or None."""
    named = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
    if named not in COMMANDS:
        return f"no `argo {named}` in the table of commands"
    counts, options = COMMANDS[named]
    rest, arguments = words[len(named.split()) :], 0
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            arguments += 1
        elif word not in options | EVERYWHERE:
            return f"`argo {named}` has no `{word}`"
        elif (options | EVERYWHERE)[word]:
            rest.pop(0)
    return None if arguments in counts else f"`argo {named}` with {arguments} arguments"
