"""Dagster imports the code of a folder for each step by default; one process imports it once."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ASSETS = """
from pathlib import Path

from dagster import Definitions, asset, define_asset_job, in_process_executor

VERSION = "the old code"


def note(step):
    with Path(__file__).with_suffix(".log").open("a") as log:
        log.write(f"{step}: {VERSION}\\n")


@asset
def load_orders():
    note("load_orders")
    file = Path(__file__)  # the deployment lands while this step runs
    file.write_text(file.read_text().replace("the old code", "the new code", 1))


@asset(deps=[load_orders])
def fct_revenue_daily():
    note("fct_revenue_daily")
"""
STEPS = """
# --8<-- [start:bug]
defs = Definitions(
    assets=[load_orders, fct_revenue_daily],
    jobs=[define_asset_job("nightly")],
)
# --8<-- [end:bug]
"""
ONE_PROCESS = """
# --8<-- [start:fix]
defs = Definitions(
    assets=[load_orders, fct_revenue_daily],
    jobs=[define_asset_job("nightly")],
    executor=in_process_executor,
)
# --8<-- [end:fix]
"""


def executed(definitions: str) -> list[str]:
    """Execute the job as the command does; return which code each step ran."""
    with TemporaryDirectory() as home:
        file = Path(home, "nightly.py")
        file.write_text(ASSETS + definitions, encoding="utf-8")
        command = [sys.executable, "-m", "dagster", "job", "execute", "-f", str(file)]
        subprocess.run([*command, "-j", "nightly"], check=True, capture_output=True)
        return file.with_suffix(".log").read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    for name, definitions in {"default": STEPS, "in process": ONE_PROCESS}.items():
        print(f"{name:<12}{', '.join(executed(definitions))}")
