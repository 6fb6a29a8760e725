"""Whom to tell. The triggerer imports this, and it cannot import a Dag file."""

import os
from pathlib import Path


# --8<-- [start:page]
async def page_on_call(context: dict) -> None:
    """Stand for your pager: write one line about the run that is late."""
    run = context["dag_run"]
    with Path(os.environ["AIRFLOW_HOME"], "alerts.log").open("a") as log:
        log.write(f"{run['dag_id']}: the run of {run['logical_date']} is late\n")


# --8<-- [end:page]
