from __future__ import annotations

from pathlib import Path

from tests.snippets.screens import said

SAID = said(Path(__file__))


def test_the_grid_has_the_night_of_the_empty_folder() -> None:
    assert "2026-03-14T03:12:00" in SAID["grid"]["bar"]
    assert SAID["grid"]["square"].endswith("/tasks/load_orders img")


def test_the_clear_dialog_takes_what_follows_with_it() -> None:
    assert "Affected Tasks: 3" in SAID["clear"]["affected"]
    assert SAID["clear"]["last"] == 'cell "fct_revenue_daily"'


def test_the_backfill_dialog_makes_only_missing_runs_one_at_a_time() -> None:
    assert SAID["backfill"]["chosen"] == 'radio "Missing Runs" [checked]'
    assert SAID["backfill"]["number"] == 'spinbutton: "1"'


def test_it_runs_the_latest_bundle_version() -> None:
    assert SAID["backfill"]["version"].endswith("[checked]")
