"""Print the event logs of eight things that go wrong.

PYTHONPATH=snippets python tests/miniorch/tour.py
"""

from miniorch import eur, play, to_lines
from tests.packages.miniorch.scenes import SCENES


def main() -> None:
    """Play every scene."""
    for title, (scenario, _) in SCENES.items():
        machine = play(scenario)
        print(f"{title}\n")
        print("\n".join(to_lines(machine.store.events())))
        print(f"\n  in the warehouse: {eur(machine.warehouse.total())}\n\n")


if __name__ == "__main__":
    main()
