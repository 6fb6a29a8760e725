"""Airflow's two APIs, in this process: what a click reaches, and what a worker speaks to.

Both write what they write in production, the audit log among it. The first of each takes seconds.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from functools import cache
from pathlib import Path
from threading import Thread
from unittest.mock import patch

from airflow._shared.timezones import timezone
from airflow.api_fastapi.app import create_app
from airflow.api_fastapi.execution_api.app import InProcessExecutionAPI
from airflow.dag_processing.dagbag import DagBag
from airflow.models.trigger import Trigger
from airflow.sdk.api.client import Client
from airflow.sdk.api.datamodels._generated import TaskInstance
from airflow.sdk.execution_time.comms import DeferTask, RescheduleTask
from airflow.sdk.execution_time.supervisor import run_task_in_process
from airflow.triggers.base import TriggerEvent
from fastapi import FastAPI
from fastapi.testclient import TestClient
from uvicorn import Config, Server

from testbed.airflow.installation import Installation
from testbed.airflow.scheduler import TaskInstanceKey

LOGIN = {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True"}  # nobody has a password here
PID = 4711
VERSION = "select id, dag_version_id from task_instance where id = :id"
IDS = """select id, trigger_id from task_instance
         where dag_id = :dag and run_id = :run and task_id = :task and map_index = :index"""


@cache
def rest() -> TestClient:
    """Return a client of the REST API, which decides when it is made who may come in."""
    with patch.dict(os.environ, LOGIN):
        return TestClient(create_app(apps="core"))


@cache
def execution() -> Client:
    """Return a worker's client of the Execution API."""
    transport = InProcessExecutionAPI().transport
    return Client(base_url="http://in-process.invalid./", token="", transport=transport)


@cache
def address() -> str:
    """Serve the REST API, to people who may do all; return its address."""
    return serve(rest().app)


def serve(app: FastAPI) -> str:
    """Serve on loopback for as long as this process lives; return the address."""
    server = Server(Config(app, host="127.0.0.1", port=0, log_level="critical"))
    Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return "http://127.0.0.1:{1}".format(*server.servers[0].sockets[0].getsockname())


def token() -> str:
    """Log in, as somebody who may do all."""
    return rest().get("/auth/token").json()["access_token"]


def click(method: str, path: str, **body: object) -> dict:
    """Do what a button of the UI does, as a person who may do all; an error fails."""
    with patch.dict(os.environ, LOGIN):
        answer = rest().request(method, f"/api/v2/{path}", json=body or None)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else {}


class Worker:
    """A machine that tells the API server how a task goes on; its code is the test's to imagine."""

    def __init__(self, airflow: Installation, host: str = "worker-3") -> None:
        self.airflow, self.host = airflow, host

    def start(self, key: TaskInstanceKey) -> None:
        """Begin an attempt, or go on with one after its trigger has fired."""
        with patch("airflow.sdk.api.client.get_hostname", return_value=self.host):
            execution().task_instances.start(self.ids(key)[0], PID, timezone.utcnow())

    def run(self, key: TaskInstanceKey, file: Path) -> None:
        """Run the code that a Dag file has for a task, and report how it goes on."""
        ((ti_id, version),) = self.airflow.rows(VERSION, id=self.ids(key)[0])
        named = {"task_id": key.task_id, "dag_id": key.dag_id, "run_id": key.run_id}
        number = {"try_number": key.try_number, "map_index": key.map_index}
        what = TaskInstance(id=ti_id, dag_version_id=version, **named, **number)
        dag = DagBag(file, bundle_path=file.parent).dags[key.dag_id]
        run_task_in_process(what, dag.get_task(key.task_id), execution())

    def succeed(self, key: TaskInstanceKey) -> None:
        """End an attempt well."""
        execution().task_instances.succeed(self.ids(key)[0], timezone.utcnow(), [], [], None)

    def fail(self, key: TaskInstanceKey) -> None:
        """End the last attempt, by an error of its own."""
        execution().task_instances.finish(self.ids(key)[0], "failed", timezone.utcnow(), None)

    def skip(self, key: TaskInstanceKey) -> None:
        """End an attempt that has found nothing to do."""
        execution().task_instances.finish(self.ids(key)[0], "skipped", timezone.utcnow(), None)

    def retry(self, key: TaskInstanceKey) -> None:
        """End an attempt that has another behind it, by an error of its own."""
        execution().task_instances.retry(self.ids(key)[0], timezone.utcnow(), None)

    def defer(
        self, key: TaskInstanceKey, timeout: timedelta | None = None, queue: str | None = None
    ) -> None:
        """Hand the waiting over to the triggerer, and leave the place."""
        message = DeferTask(
            state="deferred",
            classpath="airflow.providers.standard.triggers.temporal.TimeDeltaTrigger",
            trigger_kwargs={},
            trigger_timeout=timeout,
            queue=queue,
            next_method="execute_complete",
            next_kwargs={},
        )
        execution().task_instances.defer(self.ids(key)[0], message)

    def reschedule(self, key: TaskInstanceKey) -> None:
        """Ask to look again at once, and leave the place."""
        now = timezone.utcnow()
        message = RescheduleTask(state="up_for_reschedule", reschedule_date=now, end_date=now)
        execution().task_instances.reschedule(self.ids(key)[0], message)

    def fire(self, key: TaskInstanceKey) -> None:
        """Let what it waits for happen, as the triggerer reports it."""
        Trigger.submit_event(self.ids(key)[1], TriggerEvent("done"))

    def ids(self, key: TaskInstanceKey) -> tuple:
        """Return the id of an attempt, and of its trigger."""
        who = {"dag": key.dag_id, "run": key.run_id, "task": key.task_id, "index": key.map_index}
        (ids,) = self.airflow.rows(IDS, **who)
        return ids
