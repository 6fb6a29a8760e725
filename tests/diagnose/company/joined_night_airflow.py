"""A Dag for each trigger rule: the invoices join two loads, of which one waits for a fetch."""

from airflow.sdk import Asset, TriggerRule, dag, task

RULES = [rule.value for rule in TriggerRule if rule.value != "all_done_setup_success"]


def joined(rule: str) -> None:
    """Make the Dag of a rule, which is its name."""

    @dag(dag_id=rule, schedule=None)
    def pipeline() -> None:
        """Load from two sources, then send."""

        @task
        def fetch() -> None:
            """Fetch the orders."""

        @task
        def load_orders() -> None:
            """Load the orders."""

        @task
        def load_rates() -> None:
            """Load the rates."""

        @task(trigger_rule=rule)
        def send_invoices() -> None:
            """Send the invoices."""

        [fetch() >> load_orders(), load_rates()] >> send_invoices()

    pipeline()


for each in RULES:
    joined(each)


@task
def send_invoices() -> None:
    """Send the invoices."""


@dag(schedule=[Asset("raw_orders"), Asset("rates")])
def nightly() -> None:
    """Send when both have arrived."""
    send_invoices()


nightly()
