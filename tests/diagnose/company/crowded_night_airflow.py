"""A night on which many wait for the partners' API, some of them for several places at once."""

from airflow.sdk import dag, task

FILES = [*range(60)]


@dag(schedule=None, max_active_tasks=99)
def load_partners() -> None:
    """Load sixty files of partners, before all else."""

    @task(pool="partner_api", priority_weight=10)
    def load(number: int) -> None:
        """Load one file."""

    load.expand(number=FILES)


@dag(schedule=None)
def nightly() -> None:
    """Load five regions, which ask no partner."""

    @task
    def load(region: str) -> None:
        """Load one region."""

    load.expand(region=["north", "east", "south", "west", "abroad"])


@dag(schedule=None)
def load_in_bulk() -> None:
    """Load four partners by several calls at once each."""

    @task(pool="partner_api", pool_slots=3)
    def load(partner: str) -> None:
        """Load one partner."""

    load.expand(partner=["ash", "oak", "fir", "yew"])


load_partners()
nightly()
load_in_bulk()
