from tests.snippets.exercises import Graded

BILL = """\
def bill(renewals, attempt, warehouse, charge):
    for renewal in renewals:
        key = {key}
        with warehouse:
            row = [key, renewal.subscription, renewal.eur]
            warehouse.execute("insert or replace into invoices values (?, ?, ?)", row)
        charge(key, renewal.customer, renewal.eur)
"""
KEY = 'f"{renewal.subscription}/{renewal.month}"'
LOOK_FIRST = """\
def bill(renewals, attempt, warehouse, charge):
    for renewal in renewals:
        key = f"{renewal.subscription}/{renewal.month}"
        seen = "select 1 from invoices where invoice_id = ?"
        if not warehouse.execute(seen, [key]).fetchone():
            with warehouse:
                row = [key, renewal.subscription, renewal.eur]
                warehouse.execute("insert into invoices values (?, ?, ?)", row)
            charge(key, renewal.customer, renewal.eur)
"""
WRONG = {
    "an upsert is enough": (BILL.format(key="str(uuid4())"), "did attempt 2 send the same ones?"),
    "a customer is charged once a month": (
        BILL.format(key='f"{renewal.customer}/{renewal.month}"'),
        "and the provider made 2 charges",
    ),
    "the day names the renewal": (
        BILL.format(key='f"{renewal.subscription}/{attempt.day}"'),
        "does your key know what day it is?",
    ),
    "the run names the renewal": (
        BILL.format(key='f"{renewal.subscription}/{attempt.run_id}"'),
        "your key knows which run it is in",
    ),
    "the row's content names the renewal": (
        BILL.format(key='f"{renewal.subscription}/{renewal.month}/{renewal.eur}"'),
        "Your key knows the price: a corrected renewal is a new charge.",
    ),
    "one invoice for each customer": (
        BILL.format(key='f"{renewal.customer}/{renewal.month}"').replace(" or replace", ""),
        "IntegrityError('UNIQUE constraint failed: invoices.invoice_id'). Two of the renewals are",
    ),
    "the subscription names the renewal": (
        BILL.format(key="renewal.subscription"),
        "what tells June's renewal from May's?",
    ),
    "a key is enough": (
        BILL.format(key=KEY).replace("insert or replace", "insert"),
        "your insert does not expect to meet it",
    ),
    "look first, then write and charge": (LOOK_FIRST, "of which nobody will complain"),
    "an invoice for each attempt does no harm": (
        BILL.format(key=KEY).replace("row = [key,", "row = [str(uuid4()),"),
        "The charges are right, and the table has 4 invoices",
    ),
}


def test_bug_is_real(exercise: Graded) -> None:
    assert "the run is green, and the provider made 4 charges" in exercise.given


def test_fix_holds(exercise: Graded) -> None:
    assert "a midnight, a second run, a corrected price and a second month" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []
