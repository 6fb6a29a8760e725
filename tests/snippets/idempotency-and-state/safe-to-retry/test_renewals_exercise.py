from tests.snippets.exercises import Graded

BILL = """\
def bill(renewals, attempt, warehouse, charge):
    for renewal in renewals:
        key = {key}
        with warehouse:
            row = [key, renewal.subscription, renewal.eur]
            insert = "insert into invoices values (?, ?, ?) on conflict do nothing"
            warehouse.execute(insert, row)
        charge(key, renewal.customer, renewal.eur)
"""
NOTHING = " on conflict do nothing"
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
    "to ignore what is there is enough": (
        BILL.format(key="str(uuid4())"),
        "did attempt 2 send the same ones?",
    ),
    "a customer is charged once a month": (
        BILL.format(key='f"{renewal.customer}/{renewal.month}"'),
        "and the provider made 2 charges",
    ),
    "the day names the renewal": (
        BILL.format(key='f"{renewal.subscription}/{attempt.day}"'),
        "does your key know what day it is?",
    ),
    "the month of the clock names the renewal": (
        BILL.format(key='f"{renewal.subscription}:{attempt.day[:7]}"'),
        "Your key takes the month from the day it runs, not from the renewal.",
    ),
    "the invoice follows the price": (
        BILL.format(key=KEY).replace("insert into", "insert or replace into").replace(NOTHING, ""),
        "The invoice says €25 and the customer paid €30: a correction needs a name of its own.",
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
        BILL.format(key='f"{renewal.customer}/{renewal.month}"').replace(NOTHING, ""),
        "IntegrityError('UNIQUE constraint failed: invoices.invoice_id'). Two of the renewals are",
    ),
    "the subscription names the renewal": (
        BILL.format(key="renewal.subscription"),
        "what tells June's renewal from May's?",
    ),
    "a key is enough": (
        BILL.format(key=KEY).replace(NOTHING, ""),
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
    assert "a corrected price, a May that ran in June and a June" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []
