"""Six answers pick the button; each of the others doubles, empties or leaves the day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from miniorch import (
    DAG,
    Fault,
    FaultKind,
    Orchestrator,
    Reprocess,
    Task,
    TaskContext,
    TriggerRule,
    Warehouse,
)

DAYS = [datetime(2026, 3, day, tzinfo=UTC) for day in (11, 12, 13)]
FRIDAY = DAYS[-1]
LOAD, FIGURE, MAIL = "load_orders", "fct_revenue_daily", "mail_customers"


# --8<-- [start:decide]
class Answers(NamedTuple):
    """What on-call says to the six questions; the defaults let the task be cleared."""

    alive: bool = False  # 1 may an attempt, or a job that it submitted, be running?
    sent: bool = False  # 2 would something go out a second time?
    complete: bool = True  # 3 is the input there, complete?
    replaces: bool = True  # 4 does each task that runs again replace its day?
    rows_right: bool = False  # 5 are the task's own rows right?
    window: bool = False  # 6 is more than one run wrong?


def decide(answers: Answers) -> str:
    """Exclude what cannot be undone, then take the smallest button that is enough."""
    if answers.alive or answers.sent:
        return "touch nothing"
    if not answers.complete or not answers.replaces:
        return "touch nothing"
    if answers.rows_right:
        return "clear downstream only"
    return "backfill the window" if answers.window else "clear it"


# --8<-- [end:decide]
class Night:
    """Three days of a pipeline whose figures are halved, and the morning's repair."""

    def __init__(self, answers: Answers) -> None:
        """Run the three days, then deploy the corrected code."""
        self.answers, self.repaired, self.mailed = answers, False, set[str]()
        self.machine = Orchestrator([self.pipeline()], self.faults(), warehouse=tables())
        for day in DAYS:
            self.machine.trigger("nightly", day)
            self.machine.tick(24)  # two minutes; a silent attempt is given up after half a one
        self.repaired = True

    def pipeline(self) -> DAG:
        """Two tasks, and a third if something leaves the house."""
        tasks = [Task(LOAD, self.load), Task(FIGURE, self.add_up, (LOAD,))]
        if self.answers.sent:
            rule = TriggerRule.ALL_DONE
            tasks.append(Task(MAIL, self.mail, (FIGURE,), trigger_rule=rule))
        return DAG("nightly", tuple(tasks))

    def faults(self) -> list[Fault]:
        """Friday's first attempt at the wrong task stands still, unheard, and lives."""
        kinds = (FaultKind.LOSE_HEARTBEAT, FaultKind.SLOW) if self.answers.alive else ()
        friday = f"manual__{FRIDAY.isoformat()}"
        return [
            Fault(kind, self.first_wrong(), at="read", seconds=300, run_id=friday) for kind in kinds
        ]

    def first_wrong(self) -> str:
        """Name the earliest task whose rows are wrong."""
        return FIGURE if self.answers.rows_right else LOAD

    def wrong_days(self) -> list[datetime]:
        """List the days whose figures are wrong."""
        return DAYS if self.answers.window else [FRIDAY]

    # --8<-- [start:tasks]
    def load(self, ctx: TaskContext) -> Iterator[str]:
        """Load the day's orders; a load whose rows are right may append."""
        cents = [order.cents for order in ctx.orders()]
        cents = self.as_read(LOAD, cents, ctx)
        yield "read"
        replaces = self.answers.replaces and not self.answers.rows_right
        self.write(ctx, "revenue", [(ctx.day, "", amount) for amount in cents], replaces)
        yield "written"

    def add_up(self, ctx: TaskContext) -> Iterator[str]:
        """Add up the rows of the day."""
        rows = ctx.warehouse.query("select cents from revenue where day = ?", ctx.day)
        cents = self.as_read(FIGURE, [row[0] for row in rows], ctx)
        yield "read"
        replaces = self.answers.replaces or not self.answers.rows_right
        self.write(ctx, "figure", [(ctx.day, sum(cents))], replaces)
        yield "written"

    def mail(self, ctx: TaskContext) -> Iterator[str]:
        """Mail the customers, unless somebody has found that they were mailed."""
        yield "read"
        if ctx.day not in self.mailed:
            self.write(ctx, "sent", [(ctx.day,)], replaces=False)
        yield "written"

    # --8<-- [end:tasks]
    def as_read(self, task: str, cents: list[int], ctx: TaskContext) -> list[int]:
        """Halve what the broken code reads; read nothing where the input is gone."""
        if task != self.first_wrong():
            return cents
        if self.repaired:
            return cents if self.answers.complete else []
        return [c // 2 for c in cents] if ctx.logical_date in self.wrong_days() else cents

    def write(self, ctx: TaskContext, table: str, rows: list[tuple], replaces: bool) -> None:
        """Add the rows, in one transaction with the removal of the day if it is replaced."""
        tx = ctx.warehouse.begin()
        if replaces:
            tx.execute(f"delete from {table} where day = ?", ctx.day)
        for row in rows:
            tx.execute(f"insert into {table} values ({', '.join('?' * len(row))})", *row)
        tx.commit()

    # --8<-- [start:buttons]
    def clear(self) -> None:
        """Clear Friday's load and all that follows it."""
        self.machine.clear("nightly", FRIDAY, LOAD, downstream=True)

    def clear_alone(self) -> None:
        """Clear Friday's load and nothing that follows it."""
        self.machine.clear("nightly", FRIDAY, LOAD)

    def clear_downstream(self) -> None:
        """Clear what follows the load, on each wrong day."""
        for day in self.wrong_days():
            self.machine.clear("nightly", day, FIGURE, downstream=True)

    def backfill(self) -> None:
        """Run all tasks of the window again, one day after the other."""
        self.machine.backfill("nightly", DAYS, Reprocess.COMPLETED, max_active_runs=1)

    def reconcile(self) -> None:
        """Remove what stands in the way, then ask the questions again."""
        self.machine.run_until_idle()  # wait for what is alive
        sent = self.machine.warehouse.query("select day from sent")
        self.mailed = {row[0] for row in sent}  # by the provider's own record
        if not self.answers.replaces:
            self.empty_wrong_days()
        self.answers = Answers(  # and the input has been fetched again
            rows_right=self.answers.rows_right, window=self.answers.window
        )
        BUTTONS[decide(self.answers)](self)

    # --8<-- [end:buttons]
    def empty_wrong_days(self) -> None:
        """Take out the rows that an append would add to."""
        table = "figure" if self.answers.rows_right else "revenue"
        tx = self.machine.warehouse.begin()
        for day in self.wrong_days():
            tx.execute(f"delete from {table} where day = ?", day.date().isoformat())
        tx.commit()

    def press(self, button: Callable[["Night"], None]) -> str:
        """Press it, let everything end, and say how the worst day stands."""
        button(self)
        self.machine.run_until_idle()
        days = [self.stand(day.date().isoformat()) for day in DAYS]
        return next((day for day in days if day != "1000/1000"), "1000/1000")

    def stand(self, day: str) -> str:
        """Return the sum of a day's rows and its figure, or that it was mailed twice."""
        rows, figure, mails = self.machine.warehouse.query(SUMS, *[day] * 3)[0]
        return f"{mails} mails" if mails > 1 else f"{rows // 100}/{figure // 100}"


BUTTONS: dict[str, Callable[[Night], None]] = {
    "clear it": Night.clear,
    "it alone": Night.clear_alone,
    "clear downstream only": Night.clear_downstream,
    "backfill the window": Night.backfill,
    "touch nothing": Night.reconcile,
}
SUMS = """select (select coalesce(sum(cents), 0) from revenue where day = ?),
                 (select coalesce(sum(cents), 0) from figure where day = ?),
                 (select count(*) from sent where day = ?)"""


def tables() -> Warehouse:
    """Add a table of figures and the mail provider's own record."""
    warehouse = Warehouse()
    tx = warehouse.begin()
    tx.execute("create table figure (day, cents)")
    tx.execute("create table sent (day)")
    tx.commit()
    return warehouse


# --8<-- [start:nights]
NIGHTS = {
    "1 an attempt is alive": Answers(alive=True),
    "2 mails went out": Answers(sent=True),
    "3 the input is gone": Answers(complete=False),
    "4 the load appends": Answers(replaces=False),
    "5 the load was right": Answers(rows_right=True),
    "6 three days are wrong": Answers(window=True),
    "none of these": Answers(),
}
# --8<-- [end:nights]

HEADS = ("clear it", "it alone", "downstream", "backfill", "reconcile")
ROW = "{:<23}{:<11}{:<11}{:<11}{:<11}{}"

if __name__ == "__main__":
    print("EUR in the rows/in the figure of the worst day; * is what the answers say")
    print(ROW.format("", *HEADS))
    for name, answers in NIGHTS.items():
        ends = [
            Night(answers).press(press) + "*" * (button == decide(answers))
            for button, press in BUTTONS.items()
        ]
        print(ROW.format(name, *ends).rstrip())
