"""Exercises: their files, their tests, and where they stand."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    FOLDER,
    Example,
    append,
    replace,
    write,
)

EXERCISE = f"{FOLDER}/refuse_exercise.py"
TEST = "tests/snippets/pipelines/empty-input/test_refuse_exercise.py"
SECTIONS, WRONG, SHOWN = (
    "exercises-have-their-sections",
    "exercises-have-wrong-answers",
    "exercises-are-shown",
)
FENCE = '```exercise\n--8<-- "pipelines/empty-input/refuse_exercise.py"\n```\n'


# fmt: off
EXAMPLES = [
    Example(SECTIONS, "none", EXERCISE, write('"""Have it raise."""\n'), "its sections are none; have `given`, `hints`, `solution`, `grader`"),
    Example(SECTIONS, "no hints", EXERCISE, replace("[start:hints]", "[start:help]"), "its sections are `given`, `help`, `solution`, `grader`; have `given`, `hints`"),
    Example(SECTIONS, "the solution first", EXERCISE, lambda text: text.replace(":given", ":x").replace(":solution", ":given").replace(":x", ":solution"), "its sections are `solution`, `hints`, `given`, `grader`"),
    Example(SECTIONS, "one hint", EXERCISE, replace('    "Raise if `table` is empty after the load.",\n', ""), "1 hints; write `HINTS = [...]` with two strings"),
    Example(SECTIONS, "hints that are computed", EXERCISE, replace("HINTS = [", "HINTS = list[str]() + ["), "0 hints; write"),
    Example(SECTIONS, "another name", EXERCISE, lambda text: text[:(at := text.index("[end:given]"))] + text[at:].replace("def load", "def reload", 1), "a solution of something else; define in `solution` a name of `given` again"),
    Example(SECTIONS, "nobody grades", EXERCISE, replace("def grade()", "def judge()"), "nothing grades it; write `def grade() -> str`"),
    Example(SECTIONS, "more in the solution", EXERCISE, replace('    """Append every order of every file, and raise', '    # and raise\n    """Append every order of every file, and raise')),
    Example(SECTIONS, "for a tool", EXERCISE.replace("exercise", "exercise_airflow"), write('"""Have it raise."""\n'), "its sections are none"),
    Example(SECTIONS, "about exercises", f"{FOLDER}/exercise_later.py", write('"""It is none."""\n')),

    Example("graders-say-why", "in silence", EXERCISE, replace('== 2, f"Two orders came, and the table has {len(rows)}. Where are they?"', "== 2"), "an answer in silence; add the sentence", "== 2"),
    Example("graders-say-why", "in what is given", EXERCISE, replace("    table.extend(files)\n", "    assert table is not None\n    table.extend(files)\n")),

    Example(WRONG, "none", TEST, replace("WRONG", "TYPICAL"), "0 wrong answers; have 3 or more in `WRONG = {...}`"),
    Example(WRONG, "two", TEST, lambda text: "\n".join(line for line in text.split("\n") if "half is enough" not in line), "2 wrong answers; have 3 or more"),
    Example(WRONG, "nobody tries them", TEST, replace("unanswered(WRONG)", "unanswered({})"), "`WRONG` is not tried; assert that `exercise.unanswered(WRONG)` is empty"),
    Example(WRONG, "annotated", TEST, replace("WRONG = {", "WRONG: dict[str, tuple[str, str]] = {")),

    Example(SHOWN, "on no page", CHAPTER, replace(FENCE, ""), "an exercise that nobody can do; embed it in an `exercise` fence of docs/pipelines/empty-input.md", at=EXERCISE),
    Example(SHOWN, "as an ordinary program", CHAPTER, replace("```exercise", "```python"), "an exercise that nobody can do", at=EXERCISE),
    Example(SHOWN, "a section of it", CHAPTER, replace("refuse_exercise.py", "refuse_exercise.py:given"), "a fence without an exercise; write one line, unindented", "refuse_exercise.py:given"),
    Example(SHOWN, "a program that is none", CHAPTER, append(FENCE.replace("refuse_exercise", "empty_input")), "a fence without an exercise", "empty_input.py"),
    Example(SHOWN, "typed into the page", CHAPTER, append("\n```exercise\nprint(1)\n```\n"), "a fence without an exercise", "print(1)"),
    Example(SHOWN, "in another part", CHAPTER, lambda text: text.replace(FENCE, "") + FENCE, "`#turn` without an exercise; move one of the page's exercises to it", "#turn"),
    Example(SHOWN, "in another part too", CHAPTER, append(f"\n{FENCE}")),
    Example(SHOWN, "of a chapter that is not written yet", "snippets/pipelines/next/idea_exercise.py", write('"""Have it raise."""\n')),
]
