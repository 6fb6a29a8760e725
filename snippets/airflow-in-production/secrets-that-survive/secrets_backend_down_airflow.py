"""Airflow passes over a vault that is down, and a task writes to an old connection."""

import os
from collections.abc import Callable
from unittest.mock import patch

from airflow.sdk import DAG, Connection, Context, task
from airflow.sdk.configuration import clear_secrets_backends_cache
from airflow.sdk.exceptions import AirflowSecretsBackendAccessDenied
from airflow.secrets import BaseSecretsBackend

NIGHTS = ("vault up", "vault down", "no secret")
FORGOTTEN = {"AIRFLOW_CONN_WAREHOUSE": "postgres://staging-db"}  # on every worker
REASONS: list[str] = []


# --8<-- [start:bug]
class Vault(BaseSecretsBackend):
    """A vault that knows the warehouse, is down, or has lost the secret."""

    night = "vault up"

    def get_conn_value(self, conn_id: str, team_name: str | None = None) -> str | None:
        """Return a connection as a URI, or None if there is none."""
        if self.night == "vault down":
            raise ConnectionError("vault is down")
        return "postgres://prod-db" if self.night == "vault up" else None


@task(task_id="load")
def load_orders() -> str:
    """Load into the warehouse, and return its host."""
    return Connection.get("warehouse").host


# --8<-- [end:bug]
# --8<-- [start:fix]
class StrictVault(Vault):
    """The same vault; if it cannot answer, nobody else may."""

    def get_conn_value(self, conn_id: str, team_name: str | None = None) -> str | None:
        """Turn every error into the one that ends the search."""
        try:
            return super().get_conn_value(conn_id, team_name)
        except Exception as error:
            raise AirflowSecretsBackendAccessDenied(f"{error}") from error


@task(task_id="load")
def load_orders_asserted() -> str:
    """Load into the warehouse, once the host is known to be it."""
    host = Connection.get("warehouse").host
    if host != "prod-db":
        raise ValueError(f"{host} is not prod-db")
    return host


# --8<-- [end:fix]
def note_reason(context: Context) -> None:
    """Keep why a task failed."""
    REASONS.append(f"{context['exception']}")


def nightly(load: Callable) -> DAG:
    """Build the Dag of one way to load."""
    callback = {"on_failure_callback": note_reason}
    with DAG(load.function.__name__, default_args=callback) as pipeline:
        load()
    return pipeline


DAGS = [nightly(load_orders), nightly(load_orders_asserted)]


def run_night(pipeline: DAG, vault: type[Vault], night: str) -> tuple[str, str]:
    """Run one night; return the task's state, and its host or why it failed."""
    backend = {"AIRFLOW__SECRETS__BACKEND": f"{vault.__module__}.{vault.__name__}"}
    environment = patch.dict(os.environ, backend | FORGOTTEN)
    with environment, patch.object(Vault, "night", night):
        clear_secrets_backends_cache()  # a process builds its backends only once
        run = pipeline.test(logical_date=None)
    clear_secrets_backends_cache()
    load = run.get_task_instance("load")
    return load.state, load.xcom_pull(task_ids="load") or REASONS.pop()


if __name__ == "__main__":
    written, asserted = DAGS
    fixes = ((written, StrictVault), (asserted, Vault))
    for pipeline, vault in ((written, Vault), *fixes):
        print(f"{pipeline.dag_id}, {vault.__name__}")
        for night in NIGHTS:
            row = (night, *run_night(pipeline, vault, night))
            print("  {:<12}{:<9}{}".format(*row))
