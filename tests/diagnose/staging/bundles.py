"""Bundles that come and go in Airflow's configuration."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

from airflow._shared.timezones import timezone
from airflow.dag_processing import collection
from airflow.dag_processing.manager import DagFileProcessorManager

from testbed.airflow.installation import Installation

OPTION = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"
SOURCE = """from airflow.sdk import dag, task


@dag(schedule=None)
def {name}():
    @task
    def load_orders():
        pass

    load_orders()


{name}()
"""


def bundles(folder: Path, **dags: str) -> str:
    """Make bundles with one Dag each, by name; return what the option says of them."""
    for dag in dags.values():
        (folder / dag).mkdir(exist_ok=True)
        (folder / dag / "dag.py").write_text(SOURCE.format(name=dag))
    local = "airflow.dag_processing.bundles.local.LocalDagBundle"
    return json.dumps(
        [
            {"name": bundle, "classpath": local, "kwargs": {"path": str(folder / dag)}}
            for bundle, dag in dags.items()
        ]
    )


def read(airflow: Installation) -> None:
    """Parse all bundles, and write down the time of Airflow's clock, not of the machine's."""
    with patch.object(collection, "utcnow", timezone.utcnow):
        airflow.parse()


def tidy() -> None:
    """Do what a Dag processor does once a minute: look for Dags that nobody has any more."""
    DagFileProcessorManager(max_runs=1).deactivate_stale_dags({})
