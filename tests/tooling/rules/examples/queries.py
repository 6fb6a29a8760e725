"""Names in queries and commands: those that a reader's own can stand in the place of."""

from __future__ import annotations

from tests.tooling.rules.examples.example import CHAPTER, SYMPTOM, Example, append, replace

RULE = "names-that-can-be-filled-in"


def query(sql: str) -> str:
    return f"\n```sql\nSELECT 1\n{sql}\n```\n"


def command(line: str) -> str:
    return f"\n```bash\n{line}\n```\n"


EXAMPLES = [
    Example(
        RULE,
        "a placeholder of its own",
        SYMPTOM,
        append(query("WHERE dag_id = '<your dag>'")),
        "`<your dag>` is no name that a reader can fill in; use one of tooling/course/names.py",
        "WHERE dag_id",
    ),
    Example(
        RULE,
        "a name of another company",
        SYMPTOM,
        append(query("WHERE task_id = 'ingest'")),
        "`ingest` is no name that a reader can fill in",
        "WHERE task_id",
    ),
    Example(
        RULE,
        "a variable that nobody has set",
        SYMPTOM,
        append(command('argo get "$WF" -o json')),
        "`$WF` is no name",
        "argo get",
    ),
    Example(
        RULE,
        "an option",
        SYMPTOM,
        append(command("airflow backfill create --dag-id my_dag")),
        "`my_dag` is no name",
        "airflow backfill",
    ),
    Example(
        RULE,
        "below a card",
        CHAPTER,
        replace("{ #card }\n", "{ #card }\n" + query("WHERE run_id = '<id>'")),
        "`<id>` is no name",
        "WHERE run_id",
    ),
    Example(
        RULE,
        "the names of the list",
        SYMPTOM,
        append(query("WHERE dag_id = 'nightly' AND run_id = '<run id>' AND try_number <> 1")),
    ),
    Example(
        RULE,
        "what the tool's machine has set",
        SYMPTOM,
        append(command('cd "$AIRFLOW_HOME/logs/dag_id=nightly"\nargo get "$WORKFLOW"')),
    ),
    Example(
        RULE,
        "a variable that the command sets",
        SYMPTOM,
        append(command("for day in 2026-03-13; do echo $day; done")),
    ),
    Example(
        RULE,
        "elsewhere in a chapter",
        CHAPTER,
        replace("{ #fix }\n", "{ #fix }\n" + query("WHERE dag_id = '<id>'")),
    ),
]
