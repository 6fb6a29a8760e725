"""A connection is looked up in three places, one after the other: the first that has it wins."""

import json
import os
from pathlib import Path
from tempfile import gettempdir

from airflow.models import Connection
from airflow.sdk import BaseHook, dag, task
from airflow.utils.session import create_session

HOME = Path(os.environ.get("AIRFLOW_HOME", gettempdir()))
BACKEND = "airflow.secrets.local_filesystem.LocalFilesystemBackend"
FILE = HOME / "connections.json"
answers = []


# --8<-- [start:ask]
@task
def ask() -> None:
    """Look the connection up, as a hook does."""
    answers.append(BaseHook.get_connection("warehouse").host)


# --8<-- [end:ask]
@dag(schedule=None)
def look_up() -> None:
    """Ask once."""
    ask()


pipeline = look_up()


# --8<-- [start:bug]
def in_the_environment() -> None:
    """Set a variable for every process of Airflow."""
    os.environ["AIRFLOW_CONN_WAREHOUSE"] = json.dumps({"conn_type": "generic", "host": "staging"})


# --8<-- [end:bug]
def in_the_database() -> None:
    """Add it as the page Connections of the UI does."""
    with create_session() as session:
        session.add(Connection(conn_id="warehouse", conn_type="generic", host="production"))


# --8<-- [start:fix]
def in_a_secrets_backend() -> None:
    """Configure a backend, which here reads a file; yours asks a vault."""
    FILE.write_text(json.dumps({"warehouse": {"conn_type": "generic", "host": "vault"}}))
    os.environ["AIRFLOW__SECRETS__BACKEND"] = BACKEND
    os.environ["AIRFLOW__SECRETS__BACKEND_KWARGS"] = json.dumps(
        {"connections_file_path": str(FILE)}
    )


# --8<-- [end:fix]
def looked_up() -> str:
    """Run the Dag and return what its task found."""
    answers.clear()
    pipeline.test()
    return answers[0] if answers else "not found"


def found() -> dict[str, str]:
    """Add one place after the other, from the last that is asked to the first."""
    results = {"nowhere": looked_up()}
    for place in (in_the_database, in_the_environment, in_a_secrets_backend):
        place()
        results["and " + place.__name__.replace("_", " ")] = looked_up()
    return results


if __name__ == "__main__":
    print("The connection `warehouse` is     A task finds")
    for places, host in found().items():
        print(f"{places:<34}{host}")
