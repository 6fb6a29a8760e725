"""Make this billing safe to retry: however its attempts die, each renewal is charged once."""

# --8<-- [start:given]
from collections.abc import Callable
from sqlite3 import Connection
from typing import NamedTuple
from uuid import uuid4


class Renewal(NamedTuple):
    """A subscription that is due; a customer may have several."""

    customer: str
    subscription: str
    month: str  # of which it is the renewal
    eur: int


class Attempt(NamedTuple):
    """What the orchestrator tells an attempt about itself."""

    run_id: str  # the same in each retry, another in each new run
    number: int
    day: str  # on which the attempt runs


def bill(
    renewals: list[Renewal],
    attempt: Attempt,
    warehouse: Connection,
    charge: Callable[[str, str, int], None],
) -> None:
    """Write an invoice for each renewal, and charge it.

    The table has a unique constraint on invoice_id, its first column.
    The provider charges once for each key, and refuses a known key with another amount.
    """
    for renewal in renewals:
        key = str(uuid4())
        with warehouse:  # a transaction
            row = [key, renewal.subscription, renewal.eur]
            warehouse.execute("insert into invoices values (?, ?, ?)", row)
        charge(key, renewal.customer, renewal.eur)


# --8<-- [end:given]


# --8<-- [start:hints]
HINTS = [
    "A retry calls `bill` again, so it can recognise only what it can compute again. "
    "Which fields say *which renewal this is*, whoever asks and whenever?",
    "Make the key of the subscription and the month. Then the second attempt meets its own "
    "invoice: `on conflict do nothing` keeps it, and the charge is sent again in any case, "
    "because the provider knows whether it has been made.",
]
# --8<-- [end:hints]


# --8<-- [start:solution]
def bill(
    renewals: list[Renewal],
    attempt: Attempt,
    warehouse: Connection,
    charge: Callable[[str, str, int], None],
) -> None:
    """Write an invoice for each renewal and charge it, both under the name of the renewal."""
    for renewal in renewals:
        key = f"renewal/{renewal.subscription}/{renewal.month}"
        with warehouse:
            row = [key, renewal.subscription, renewal.eur]
            insert = "insert into invoices values (?, ?, ?) on conflict do nothing"
            warehouse.execute(insert, row)
        charge(key, renewal.customer, renewal.eur)


# --8<-- [end:solution]


# --8<-- [start:grader]
from sqlite3 import connect


def due(month: str, eur: int = 30) -> list[Renewal]:
    """Return the renewals of a month; Ada has two subscriptions at one price."""
    owners = {"candles-1": "Ada", "oil-2": "Ada", "candles-3": "Ben"}
    return [Renewal(customer, one, month, eur) for one, customer in owners.items()]


class World:
    """The invoices and the provider, which outlive every attempt."""

    def __init__(self) -> None:
        self.warehouse = connect(":memory:")
        self.warehouse.execute("create table invoices (invoice_id unique, subscription, eur)")
        self.charges: dict[str, tuple[str, int]] = {}  # key -> customer, EUR
        self.error = ""

    def attempt(
        self,
        month: str,
        attempt: Attempt,
        dies: tuple[int, bool] | None = None,
        eur: int = 30,
    ) -> bool:
        """Run an attempt, which may lose its connection at a charge; tell whether it succeeded."""
        calls = 0

        def charge(key: str, customer: str, eur: int) -> None:
            nonlocal calls
            calls += 1
            lost, arrives = dies or (0, True)
            if calls != lost or arrives:
                _, known = self.charges.setdefault(str(key), (customer, eur))
                if known != eur:
                    raise ValueError(f"this key was used for a charge of €{known}")
            if calls == lost:
                raise ConnectionResetError("connection reset by peer")

        try:
            bill(due(month, eur), attempt, self.warehouse, charge)
        except Exception as error:
            self.error = repr(error)
            self.warehouse.rollback()
            return False
        return True

    def left(self) -> tuple[int, int]:
        """Count the invoices and the charges."""
        (invoices,) = self.warehouse.execute("select count(*) from invoices").fetchone()
        return invoices, len(self.charges)

    def unlike(self) -> list[tuple[int, int]]:
        """List the amounts, invoiced and paid, that differ."""
        invoiced = sorted(eur for (eur,) in self.warehouse.execute("select eur from invoices"))
        paid = sorted(eur for _, eur in self.charges.values())
        return [pair for pair in zip(invoiced, paid, strict=True) if len(set(pair)) > 1]


MAY = Attempt("run-1", 1, "2026-05-12")


def grade() -> str:
    """Hold the billing against a clean night, then against each way to lose the connection."""
    clean = World()
    assert clean.attempt("2026-05", MAY), (
        f"On an ordinary night, with no fault at all, your billing raised {clean.error}."
        + " Two of the renewals are Ada's: does your key tell them apart?"
        * ("IntegrityError" in clean.error)
    )
    invoices, charges = clean.left()
    assert charges == 3, (
        f"On an ordinary night three renewals are due, and the provider made {charges} charges. "
        "Two of the renewals are Ada's: does your key tell them apart?"
    )
    assert invoices == 3, (
        f"On an ordinary night three renewals are due, and the table has {invoices} invoices. "
        "Charges that nobody can account for are a fault too."
    )
    for arrives in (True, False):
        for number in (1, 2, 3):
            retried(number, arrives)
    next_day()
    return again(clean)


def retried(number: int, arrives: bool) -> None:
    """Lose the connection at a charge, after or before it is made, and retry."""
    world = World()
    world.attempt("2026-05", MAY, dies=(number, arrives))
    when = "after the charge was made" if arrives else "before the charge was made"
    night = f"Attempt 1 lost its connection at charge {number}, {when}."
    assert world.attempt("2026-05", MAY._replace(number=2)), (
        f"{night} Attempt 2 raised {world.error}, as every further attempt will. "
        "The invoice of attempt 1 is there, and your insert does not expect to meet it."
    )
    invoices, charges = world.left()
    assert charges >= 3, (
        f"{night} Attempt 2 succeeded, and {3 - charges} of the renewals will never be charged, "
        "of which nobody will complain. An invoice says that a charge was meant, not that it "
        "was made; only the provider knows."
    )
    assert charges == 3, (
        f"{night} Attempt 2 succeeded, the run is green, and the provider made {charges} charges "
        "for three renewals. It charges once for each key: did attempt 2 send the same ones?"
    )
    assert invoices == 3, (
        f"{night} The charges are right, and the table has {invoices} invoices for three renewals. "
        "Revenue is added up from them."
    )


def next_day() -> None:
    """Lose the connection before midnight, and retry after it."""
    world = World()
    world.attempt("2026-05", MAY, dies=(3, True))
    assert world.attempt("2026-05", MAY._replace(number=2, day="2026-05-13")), (
        f"Attempt 1 died on 12 May, attempt 2 began on the 13th, and raised {world.error}."
    )
    assert world.left() == (3, 3), (
        "Attempt 1 died on 12 May and attempt 2 began on the 13th. Now there are {} invoices and "
        "{} charges for three renewals: does your key know what day it is?".format(*world.left())
    )


def again(world: World) -> str:
    """Run the month once more, at a corrected price, in June, and then run June."""
    assert world.attempt("2026-05", Attempt("run-2", 1, "2026-05-15")), (
        f"On Friday a colleague ran May again, by hand, and your billing raised {world.error}."
    )
    assert world.left() == (3, 3), (
        "On Friday a colleague ran May again, by hand, as a new run. Now there are {} invoices and "
        "{} charges for three renewals: your key knows which run it is in.".format(*world.left())
    )
    corrected(world)
    assert world.attempt("2026-05", Attempt("run-4", 1, "2026-06-02")), (
        f"A colleague ran May again on 2 June, and your billing raised {world.error}."
    )
    assert world.left() == (3, 3), (
        "A colleague ran May again on 2 June. Now there are {} invoices and {} charges for three "
        "renewals. Your key takes the month from the day it runs, not from the renewal.".format(
            *world.left()
        )
    )
    return next_month(world)


def corrected(world: World) -> None:
    """Run the month at another price, which the provider refuses under a known key."""
    world.attempt("2026-05", Attempt("run-3", 1, "2026-05-18"), eur=25)
    assert world.left() == (3, 3), (
        "The price of May was wrong, and May ran again at €25. Now there are {} invoices and {} "
        "charges for three renewals. Your key knows the price: a corrected renewal is a new "
        "charge.".format(*world.left())
    )
    for invoiced, paid in world.unlike():
        raise AssertionError(
            "The price of May was wrong, and May ran again at €25, which the provider refused. "
            f"The invoice says €{invoiced} and the customer paid €{paid}: a correction needs a "
            "name of its own."
        )


def next_month(world: World) -> str:
    """Run June after May."""
    assert world.attempt("2026-06", Attempt("run-5", 1, "2026-06-12")), (
        f"In June the three subscriptions were due again, and your billing raised {world.error}."
    )
    assert world.left() == (6, 6), (
        "In June the three subscriptions were due again. With May's there should be 6 invoices and "
        "6 charges, and there are {} and {}: what tells June's renewal from May's?".format(
            *world.left()
        )
    )
    return (
        "Six ways to lose the connection, a midnight, a second run, a corrected price, a May that "
        "ran in June and a June: each renewal has one invoice and one charge, of the same amount."
    )


# --8<-- [end:grader]

if __name__ == "__main__":
    from grading import show

    show(__file__)
