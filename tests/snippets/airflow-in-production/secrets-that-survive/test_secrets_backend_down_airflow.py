from types import ModuleType
from unittest.mock import Mock

import pytest


def run(program: ModuleType, night: str, vault: str, asserted: bool = False) -> tuple[str, str]:
    return program.run_night(program.DAGS[asserted], getattr(program, vault), night)


@pytest.mark.parametrize("night", ["vault down", "no secret"])
def test_bug_is_real(program: ModuleType, night: str) -> None:
    assert run(program, night, "Vault") == ("success", "staging-db")


def test_fix_holds(program: ModuleType) -> None:
    assert run(program, "vault down", "StrictVault") == ("failed", "vault is down")
    for night in ("vault down", "no secret"):
        ended = run(program, night, "Vault", asserted=True)
        assert ended == ("failed", "staging-db is not prod-db")


def test_strict_vault_does_not_mind_a_secret_that_is_gone(program: ModuleType) -> None:
    assert run(program, "no secret", "StrictVault") == ("success", "staging-db")


@pytest.mark.parametrize(
    ("vault", "reason"),
    [("Vault", "The conn_id `warehouse` isn't defined"), ("StrictVault", "vault is down")],
)
def test_outage_with_nothing_to_fall_back_on_has_its_name_only_if_strict(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, vault: str, reason: str
) -> None:
    monkeypatch.setattr(program, "FORGOTTEN", {})
    assert run(program, "vault down", vault) == ("failed", reason)


def test_outage_is_told_to_the_debug_log_only(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Mock()
    monkeypatch.setattr("airflow.sdk.execution_time.context.log", log)
    run(program, "vault down", "Vault")
    assert {level for level, _, _ in log.method_calls} == {"debug"}
    message, _ = log.debug.call_args.args
    assert message.startswith("Unable to retrieve connection from secrets backend")


def test_good_night_is_unchanged(program: ModuleType) -> None:
    for vault in ("Vault", "StrictVault"):
        for asserted in (False, True):
            assert run(program, "vault up", vault, asserted) == ("success", "prod-db")
