"""miniorch: an orchestrator small enough to read, with time and failure under your control.

    def load(ctx):
        tx = ctx.warehouse.begin()
        tx.append(ctx.orders())
        tx.commit()
        yield "written"  # here a fault can strike, and other attempts get their turn

    revenue = DAG("revenue", (Task("load", load, retry=RetryPolicy(retries=1)),))
    machine = Orchestrator([revenue], [Fault(FaultKind.CRASH, task="load", at="written")])
    machine.trigger("revenue", INCIDENT)
    machine.run_until_idle()
    print(eur(machine.warehouse.total()))  # EUR 2 000.00: the retry loaded the day again

Read `rules` (which state follows which), then `model` (what an author writes), `store` (all
that is shared), `scheduler` (one loop), `executor` (workers), `orchestrator` (all of it).
"""

from .clock import (
    DAILY_DST,
    HOURLY_DST,
    INCIDENT,
    Dst,
    Every,
    FakeClock,
    Fold,
    Gap,
    Schedule,
    daily,
    hourly,
)
from .executor import Delivery, Executor, InlineExecutor, Report, SimExecutor
from .faults import Fault, FaultKind
from .model import (
    DAG,
    Defer,
    InvalidDAG,
    RetryPolicy,
    Settings,
    Skip,
    Task,
    TaskContext,
)
from .operations import Plan, Reprocess, plan_backfill
from .orchestrator import Orchestrator, Stalled
from .records import Event, Run, RunKind, TaskInstance
from .rules import TRANSITIONS, RunState, TaskState, TriggerRule, outcome, verdict
from .scenario import play
from .scheduler import Scheduler
from .sensors import SensorMode, sensor
from .store import IllegalTransition, MetadataStore
from .trace import to_frames, to_lines
from .warehouse import Fenced, Order, Transaction, Warehouse, eur

__all__ = [
    "DAG",
    "DAILY_DST",
    "HOURLY_DST",
    "INCIDENT",
    "TRANSITIONS",
    "Defer",
    "Delivery",
    "Dst",
    "Event",
    "Every",
    "Executor",
    "FakeClock",
    "Fault",
    "FaultKind",
    "Fenced",
    "Fold",
    "Gap",
    "IllegalTransition",
    "InlineExecutor",
    "InvalidDAG",
    "MetadataStore",
    "Orchestrator",
    "Order",
    "Plan",
    "Report",
    "Reprocess",
    "RetryPolicy",
    "Run",
    "RunKind",
    "RunState",
    "Schedule",
    "Scheduler",
    "SensorMode",
    "Settings",
    "SimExecutor",
    "Skip",
    "Stalled",
    "Task",
    "TaskContext",
    "TaskInstance",
    "TaskState",
    "Transaction",
    "TriggerRule",
    "Warehouse",
    "daily",
    "eur",
    "hourly",
    "outcome",
    "plan_backfill",
    "play",
    "sensor",
    "to_frames",
    "to_lines",
    "verdict",
]
