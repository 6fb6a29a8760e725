"""What Airflow's programs build one after the other, built once: imported by their ancestor."""

from __future__ import annotations

import asyncio

import httpx
from airflow.sdk.execution_time import task_runner  # noqa: F401 - imported only when a Dag is run
from airflow.sdk.execution_time.supervisor import in_process_api_server
from sqlalchemy.orm import configure_mappers

from testbed.airflow import installation  # noqa: F401


async def build_api() -> None:
    """Have `dag.test()` find the API that it reports to: at its first request it is built."""
    to_the_api = httpx.ASGITransport(app=in_process_api_server().app)
    async with httpx.AsyncClient(transport=to_the_api, base_url="http://in-process") as client:
        await client.get("/there-is-nothing-here")


asyncio.run(build_api())
configure_mappers()
