"""No rows may mean skip, failure or success; what the source declared decides."""

from typing import NamedTuple


# --8<-- [start:nights]
class Night(NamedTuple):
    """Was a delivery due, what did its manifest declare, what was loaded."""

    due: bool
    declared: int | None
    loaded: int


NIGHTS = {
    "10 orders": Night(due=True, declared=10, loaded=10),
    "files moved": Night(due=True, declared=None, loaded=0),
    "9 of 10 orders": Night(due=True, declared=10, loaded=9),
    "bank holiday": Night(due=True, declared=0, loaded=0),
    "Sunday": Night(due=False, declared=None, loaded=0),
}
# --8<-- [end:nights]


# --8<-- [start:bug]
def skip_when_empty(night: Night) -> str:
    """Treat no rows as nothing to do: the lost listing pages nobody."""
    return "success" if night.loaded else "skipped"


def fail_when_empty(night: Night) -> str:
    """Treat no rows as a fault: every holiday pages somebody."""
    return "success" if night.loaded else "failed"


# --8<-- [end:bug]
# --8<-- [start:fix]
def compare_with_declared(night: Night) -> str:
    """Hold what was loaded against what the source says it sent."""
    if not night.due:
        return "skipped"
    if night.loaded != night.declared:  # no manifest is no declaration
        return "failed"
    return "success" if night.loaded else "success, empty"


# --8<-- [end:fix]


RULES = (skip_when_empty, fail_when_empty, compare_with_declared)

if __name__ == "__main__":
    print(f"{'':<16}" + "  ".join(rule.__name__ for rule in RULES))
    for name, night in NIGHTS.items():
        verdicts = [f"{rule(night):<{len(rule.__name__)}}" for rule in RULES]
        print(f"{name:<16}" + "  ".join(verdicts).rstrip())
