"""One task goes through the processes of Airflow 3, and of Airflow 2: who talks to whom."""

import json
from itertools import pairwise

FILES, PROCESSOR, SCHEDULER = "Dag files", "Dag processor", "scheduler"
WORKER, API, TRIGGERER, DATABASE = "worker", "API server", "triggerer", "database"
NODES = [FILES, TRIGGERER, PROCESSOR, SCHEDULER, WORKER, API, DATABASE]
STEPS = {  # the way that each step takes, in either version
    "its file is read": {
        "3.x": [FILES, PROCESSOR, DATABASE],
        "2.x": [FILES, SCHEDULER, DATABASE],
    },
    "its run is created": {"3.x": [SCHEDULER, DATABASE], "2.x": [SCHEDULER, DATABASE]},
    "a worker gets it": {"3.x": [SCHEDULER, WORKER], "2.x": [SCHEDULER, WORKER]},
    "the worker reads its code": {"3.x": [FILES, WORKER], "2.x": [FILES, WORKER]},
    "it asks for a password": {"3.x": [WORKER, API, DATABASE], "2.x": [WORKER, DATABASE]},
    "its end is recorded": {"3.x": [WORKER, API, DATABASE], "2.x": [WORKER, DATABASE]},
    "it waits and is woken": {"3.x": [TRIGGERER, DATABASE], "2.x": [TRIGGERER, DATABASE]},
    "you look at it": {"3.x": [API, DATABASE], "2.x": [API, DATABASE]},
}
VERSIONS = ("3.x", "2.x")
ASKS = "it asks for a password"
NOTES = {
    ("its file is read", "3.x"): "the Dag processor is a process that you start yourself",
    ("its file is read", "2.x"): "the scheduler starts the parsing, unless told otherwise",
    (ASKS, "3.x"): "the worker has no password of the database: the API server answers it",
    (ASKS, "2.x"): "the worker opens the database itself",
    ("you look at it", "2.x"): "in 2.x this process is called web server",
}

DEAF = "The scheduler answers nobody. It reads in the database what the others have written there."
WHY = {  # of each answer, why it is or is not so
    "3.x": {
        API: "The API server looks it up for the worker, which may ask for its own task.",
        DATABASE: "No worker has its password: Airflow 3 took the database away from your code.",
        SCHEDULER: DEAF,
    },
    "2.x": {
        API: "In Airflow 2 this is the web server, which shows pages and has nothing for a worker.",
        DATABASE: "Every worker held the database's password, and so did your code.",
        SCHEDULER: DEAF,
    },
}


def edges(version: str) -> set[tuple[str, str]]:
    """Return who talks to whom in a version."""
    return {edge for ways in STEPS.values() for edge in pairwise(ways[version])}


def openers(version: str) -> list[str]:
    """List the processes that open the database."""
    return [node for node in NODES if (node, DATABASE) in edges(version)]


def question(version: str) -> dict:
    """Ask whom the worker asks."""
    why = WHY[version]
    answers = {API: "The API server", DATABASE: "The database", SCHEDULER: "The scheduler"}
    right = STEPS[ASKS][version][1]
    return {
        "asks": f"In Airflow {version}, the task wants a connection's password. Whom does its "
        "worker ask?",
        "answers": [
            {"text": text, "because": why[node], "right": True}
            if node == right
            else {"text": text, "because": why[node]}
            for node, text in answers.items()
        ],
    }


def frame(step: str, version: str) -> dict:
    """Draw one step: who takes part in it."""
    way = STEPS[step][version]
    every = edges("3.x") | edges("2.x")
    note = NOTES.get((step, version))
    drawn = {
        "step": step,
        "nodes": {node: "running" if node in way else "idle" for node in NODES},
        "absent": sorted(every - edges(version)),
        "facts": {"Open the database": ", ".join(openers(version))},
        "log": [" → ".join(way), *([note] if note else [])],
    }
    return drawn | ({"question": question(version)} if step == "the worker reads its code" else {})


if __name__ == "__main__":
    graph_edges = sorted(edges("3.x") | edges("2.x"))
    simulation = {
        "title": "One Task, Process by Process",
        "choices": [{"label": "Airflow", "options": list(VERSIONS)}],
        "graph": {"label": "Who talks to whom", "nodes": NODES, "edges": graph_edges},
        "runs": [
            {"choice": [version], "frames": [frame(step, version) for step in STEPS]}
            for version in VERSIONS
        ],
    }
    print(json.dumps(simulation, indent=1, ensure_ascii=False))
