from tests.snippets.exercises import Graded

HOLDS = "def holds(after, runs):\n    return [run.run_id for run in runs if {}]\n"
GONE = "set(run.tasks) - after"
BEGUN = f"any(run.tasks[task].start_date for task in {GONE})"
STATE = f"run.tasks[task].state for task in {GONE}"
IN_FLIGHT, FREE = "run.state == 'running'", "run.bundle_version is None"
WRONG = {
    "nothing is copied while a run is in flight": (
        HOLDS.format(IN_FLIGHT),
        "only the code inside a task had changed, and you held it back",
    ),
    "any difference is a danger": (
        HOLDS.format(f"{IN_FLIGHT} and {FREE} and set(run.tasks) != after"),
        "A copy that adds the task notify came while Thursday was loading, and you held it back",
    ),
    "a rename is a danger whatever runs": (
        HOLDS.format(GONE),
        "you could never rename a task again",
    ),
    "a run in flight takes what is there, pinned or not": (
        HOLDS.format(f"{IN_FLIGHT} and {BEGUN}"),
        "A pinned run is held to its commit until it ends",
    ),
    "a task that waits is in flight too": (
        HOLDS.format(f"{IN_FLIGHT} and {FREE} and any({STATE})"),
        "Thursday's load was queued, and you held the rename back",
    ),
    "only fewer tasks are a danger": (
        HOLDS.format(f"{IN_FLIGHT} and {FREE} and len(after) < len(run.tasks)"),
        "One task goes and one comes, so a count of tasks sees nothing",
    ),
    "what is done is safe": (
        HOLDS.format(f"{IN_FLIGHT} and {FREE} and 'running' in [{STATE}]"),
        "A task that is done can be repeated too",
    ),
    "what has stopped is no danger": (
        HOLDS.format(f"{IN_FLIGHT} and {FREE} and {{'running', 'success'}} & {{{STATE}}}"),
        "you let the rename through before its retry",
    ),
    "what is queued has not begun": (
        HOLDS.format(f"{IN_FLIGHT} and {FREE} and {{{STATE}}} - {{None, 'queued'}}"),
        "Its first try had written six files",
    ),
    "one pinned run makes the copy safe": (
        "def holds(after, runs):\n"
        "    if any(run.bundle_version for run in runs):\n        return []\n"
        f"    return [run.run_id for run in runs if {IN_FLIGHT} and {BEGUN}]\n",
        "one that is safe does not excuse another",
    ),
    "the newest run speaks for all": (
        HOLDS.format(f"run is runs[-1] and {IN_FLIGHT} and {FREE} and {BEGUN}"),
        "The same two runs came in the other order",
    ),
    "only a new name repeats a task": (
        HOLDS.format(f"{IN_FLIGHT} and {FREE} and {BEGUN} and after - set(run.tasks)"),
        "whether or not it brings a new one",
    ),
}


def test_bug_is_real(exercise: Graded) -> None:
    assert "The rename came while Thursday was loading, and you let it through" in exercise.given


def test_fix_holds(exercise: Graded) -> None:
    assert "seven held back" in exercise.solution


def test_each_wrong_answer_is_answered(exercise: Graded) -> None:
    assert exercise.unanswered(WRONG) == []
