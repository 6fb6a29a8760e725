"""A broad except turns ten unreadable orders into a success and EUR 0.00."""

from collections.abc import Callable


def export(amount: str) -> list[dict[str, str]]:
    """Ten orders as the shop exports them, each with the same amount."""
    return [{"order_id": f"T-{n}", "amount": amount} for n in range(10)]


# Overnight, the shop's export changes its decimal mark.
EXPORTS = {"decimal point": export("100.00"), "decimal comma": export("100,00")}


# --8<-- [start:bug]
def load_and_log(orders: list[dict], log: list[str]) -> float:
    """Load what can be read and log the rest."""
    revenue = 0.0
    for order in orders:
        try:
            revenue += float(order["amount"])
        except Exception as error:
            log.append(f"skipped {order['order_id']}: {error}")
    return revenue


# --8<-- [end:bug]
# --8<-- [start:fix]
def load_or_raise(orders: list[dict], log: list[str]) -> float:
    """Load what can be read, log the rest, and raise if there was any."""
    revenue, rejected = 0.0, 0
    for order in orders:
        try:
            revenue += float(order["amount"])
        except ValueError as error:  # the one fault we expect
            log.append(f"skipped {order['order_id']}: {error}")
            rejected += 1
    if rejected:
        raise ValueError(f"{rejected} of {len(orders)} orders rejected")
    return revenue


# --8<-- [end:fix]


def outcome(load: Callable, orders: list[dict], log: list[str]) -> tuple[str, str]:
    """Judge the load as an orchestrator does: it returned, or it raised."""
    try:
        return "success", f"EUR {load(orders, log):.2f}"
    except Exception as error:
        return "failed", f"{error}"


if __name__ == "__main__":
    for load in (load_and_log, load_or_raise):
        print(load.__name__)
        for name, orders in EXPORTS.items():
            log: list[str] = []
            state, result = outcome(load, orders, log)
            print(f"  {name}  {state:<9}{result}, {len(log)} errors logged")
