"""Stands for the shop: it exports a day as eleven files, one for each hour that it is open."""

import csv
import sys
from pathlib import Path

HOURS = range(8, 19)
QUIET = 13  # nobody orders over lunch: ten orders in eleven files
PRICE = 100


def orders_of(day: str, hour: int) -> list[tuple[str, str, str, int]]:
    """List the orders of one hour: its number, its time, the customer and the euros."""
    if hour == QUIET:
        return []
    return [(f"{day}-{hour:02}", f"{day} {hour:02}:30", f"customer-{hour:02}", PRICE)]


def export(day: str, folder: Path) -> None:
    """Write the files of one day into a folder of its own."""
    (folder / day).mkdir(parents=True, exist_ok=True)
    for hour in HOURS:
        with (folder / day / f"orders-{hour:02}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(orders_of(day, hour))


if __name__ == "__main__":
    for one in sys.argv[1:]:
        export(one, Path(__file__).parent / "export")
