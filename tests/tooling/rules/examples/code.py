"""Code on pages, the programs that it comes from, and what is recorded of them."""

from __future__ import annotations

import json

from tests.tooling.rules.examples.example import (
    CHAPTER,
    DIAGRAM,
    DRAWING,
    FOLDER,
    LAB,
    PROGRAM,
    PROMISE,
    RECORDING,
    SIMULATION,
    Example,
    append,
    delete,
    replace,
    write,
)

TEST = "tests/snippets/pipelines/empty-input"
EMBED = '--8<-- "pipelines/empty-input/'

STILL = json.dumps(
    {
        "title": "A night",
        "axis": {"label": "", "start": 0, "end": 9, "ticks": [[0, "03:00"], [9, "03:09"]]},
        "lanes": ["load"],
        "runs": [{"choice": [], "frames": [{"step": "03:09", "log": ["nothing came"]}]}],
    }
)

# fmt: off
EXAMPLES = [
    Example("python-comes-from-files", "typed into a page", CHAPTER, append("\n```python\nprint(1)\n```\n"), "Python typed into a page; put it into snippets/", "print(1)"),
    Example("python-comes-from-files", "an illustration", CHAPTER, append("\n``` { .python .illustration }\nprint(1)\n```\n")),

    Example("fences-name-their-language", "an unknown one", CHAPTER, append("\n```pyhton\nx\n```\n"), "a fence in `pyhton`; name one of", "```pyhton"),
    Example("fences-name-their-language", "before and after", CHAPTER, append("\n```diff\n-x\n+y\n```\n")),
    Example("fences-name-their-language", "none", CHAPTER, append("\n```\nx\n```\n"), "a fence in ``; name one of", "```"),

    Example("embeds-are-there", "no file", CHAPTER, replace("empty_input.py:bug", "empty_inputs.py:bug"), f"no file {FOLDER}/empty_inputs.py; fix the path", "empty_inputs.py"),
    Example("embeds-are-there", "no section", CHAPTER, replace("empty_input.py:bug", "empty_input.py:bugs"), f"no section `bugs` in {PROGRAM}; mark it with", "empty_input.py:bugs"),
    Example("embeds-are-there", "a whole file", CHAPTER, replace("empty_input.py:bug", "empty_input.py")),

    Example("embeds-are-there", "a mark that is misspelt", CHAPTER, replace(f'{EMBED}empty_input.py:bug"', "--8<-- pipelines/empty-input/empty_input.py:bug"), "embeds nothing; write `--8<--", "--8<-- pipelines"),
    Example("embeds-are-there", "another mark that is misspelt", CHAPTER, replace(f'{EMBED}empty_input.out"', '--8>-- "pipelines/empty-input/empty_input.out"'), "embeds nothing", "--8>--"),
    Example("embeds-are-there", "by its lines", CHAPTER, replace("empty_input.py:bug", "empty_input.py:1:3"), "embeds nothing", "empty_input.py:1:3"),

    Example("embeds-stay-code", "a recording outside a fence", CHAPTER, append(f'\n{EMBED}empty_input.out"\n'), "`pipelines/empty-input/empty_input.out` outside a fence; put it into a fence", "empty_input.out"),
    Example("embeds-stay-code", "a recording that ends its fence", RECORDING, append("```\n<script>alert(1)</script>\n"), "ends its fence; print no line of three backticks", "empty_input.out", at=CHAPTER),
    Example("embeds-stay-code", "a drawing in a figure", CHAPTER, append(f'\n{EMBED}two_chains.svg"\n')),

    Example("sections-are-closed", "not closed", PROGRAM, replace("# --8<-- [end:fix]\n", ""), "section `fix` is not closed; add `# --8<-- [end:fix]` below it", "[start:fix]"),
    Example("sections-are-closed", "opened twice", PROGRAM, replace("[start:fix]", "[start:bug]"), "section `bug` is opened a second time; rename it", "[start:bug]"),
    Example("sections-are-closed", "closed and not open", PROGRAM, replace("# --8<-- [start:fix]\n", ""), "section `fix` is closed and not open; open it above", "[end:fix]"),
    Example("sections-are-closed", "a mark that is misspelt", PROGRAM, replace("[start:fix]", "[strat:fix]"), "`# --8<-- [strat:fix]` marks no section; write `# --8<-- [start:name]`", "[strat:fix]"),
    Example("sections-are-closed", "one inside another", PROGRAM, replace("    load(table, files)\n", "    # --8<-- [start:call]\n    load(table, files)\n    # --8<-- [end:call]\n")),

    Example("snippets-are-shown", "a program on no page", f"{FOLDER}/forgotten.py", write('"""It is forgotten."""\n'), f"on no page; embed it in {CHAPTER}"),
    Example("snippets-are-shown", "a diagram on no page", CHAPTER, replace(f'{EMBED}two_chains.svg"\n', ""), "on no page", at=DIAGRAM),
    Example("snippets-are-shown", "a chapter that is not written yet", "snippets/pipelines/next/idea.py", write('"""An idea."""\n')),

    Example("simulators-have-frames", "no simulation", SIMULATION, write("Traceback"), "simulation: Invalid JSON"),
    Example("simulators-have-frames", "what was printed as text", CHAPTER, replace(f'{EMBED}night.json"', f'{EMBED}empty_input.out"'), "a simulator without a recording; write one line", "empty_input.out"),
    Example("simulators-have-frames", "typed into the page", CHAPTER, replace(f'{EMBED}night.json"', "{}"), "a simulator without a recording; write one line", "{}"),
    Example("simulators-have-frames", "an unknown state", SIMULATION, replace('"running"', '"jogging"'), "Input should be 'idle'"),

    Example("simulators-have-frames", "a still picture", SIMULATION, write(STILL), "a simulator of one frame; print the model"),
    Example("simulators-have-frames", "an axis without lanes in it", SIMULATION, replace('"title"', '"lanes": ["load"], "title"'), "`lanes` and `curve` need an `axis`"),
    Example("simulators-have-frames", "more than a reader should load", SIMULATION, append(" " * 70_000), "69 kB, more than 60; record fewer frames or options"),

    Example("pictures-have-one-frame", "a simulation", CHAPTER, append(f'\n```picture\n{EMBED}night.json"\n```\n'), "a picture of several frames; print the model", at=SIMULATION),
    Example("pictures-have-one-frame", "no recording", CHAPTER, append("\n```picture\nA caption.\n```\n"), "a picture without a recording; begin with a line", "A caption."),
    Example("pictures-have-one-frame", "one frame and its caption", CHAPTER, append(f'\n```picture\n{EMBED}still.json"\nA caption.\n```\n'), more={f"{FOLDER}/still.json": write(STILL)}),

    Example("snippets-have-a-course", "no such course", "snippets/nowhere/chapter/x.py", write('"""X."""\n'), "no course `nowhere`; name it `<course>/<chapter>`", at="snippets/nowhere/chapter"),
    Example("snippets-have-a-course", "a test of none", "tests/snippets/no-course/chapter/test_x.py", write(""), "no course `no-course`", at="tests/snippets/no-course/chapter"),

    Example("snippets-are-tested", "no test", PROMISE, delete(), f"no test of its promise; write {PROMISE}", at=PROGRAM),

    Example("snippets-say-what-they-show", "no opening sentence", PROGRAM, replace('"""A loop', "x = 1\n'''A loop"), 'no opening sentence; begin with `"""What it shows."""`'),

    Example("snippets-run-in-the-browser", "a thread", PROGRAM, replace("from collections.abc", "import threading\nfrom collections.abc"), "imports `threading`, which Python in the browser does not have; use the standard library", "import threading"),
    Example("snippets-run-in-the-browser", "a request", PROGRAM, replace("from collections.abc", "from urllib import request\nfrom collections.abc"), "imports `urllib.request`", "from urllib"),
    Example("snippets-run-in-the-browser", "a package", PROGRAM, replace("from collections.abc", "from requests.api import get\nfrom collections.abc"), "imports `requests.api.get`, which Python in the browser does not have", "from requests"),
    Example("snippets-run-in-the-browser", "the teaching orchestrator", PROGRAM, replace("from collections.abc", "from miniorch import DAG\nfrom collections.abc")),
    Example("snippets-run-in-the-browser", "a program of a tool", f"{FOLDER}/idea_airflow.py", write('"""X."""\nimport airflow\n')),

    Example("snippets-are-recorded", "a program", RECORDING, delete(), f"no recording `empty_input.out`; run `python3 noxfile.py record {PROGRAM}`", at=PROGRAM),
    Example("snippets-are-recorded", "a program twice", f"{FOLDER}/empty_input.json", write("{}"), f"recorded twice, as `empty_input.out` and `empty_input.json`; run `python3 noxfile.py record {PROGRAM}`", at=PROGRAM),
    Example("snippets-are-recorded", "a diagram", DRAWING, delete(), f"no recording `two_chains.svg`; run `python3 noxfile.py record {DIAGRAM}`", at=DIAGRAM),

    Example("labs-are-recorded", "changed after its recording", LAB, replace("int] = []", "int] = [1]"), f"`count-orders.ipynb` is not recorded from it; run `python3 noxfile.py record {LAB}`"),
    Example("labs-are-recorded", "no recording", LAB.replace(".py", ".ipynb"), delete(), "is not recorded from it", at=LAB),

    Example("recordings-have-a-source", "of no program", f"{FOLDER}/gone.out", write("x\n"), "recorded from `gone.py`, which is not there; delete it"),
    Example("recordings-have-a-source", "a simulation of no program", f"{FOLDER}/gone.json", write("{}"), "recorded from `gone.py`, which is not there; delete it"),
    Example("recordings-have-a-source", "of a project", f"{FOLDER}/project_airflow.out", write("x\n"), more={f"{FOLDER}/project_airflow/start.py": write('"""X."""\n')}),
    Example("recordings-have-a-source", "of no lab", "docs/labs/gone.ipynb", write("{}"), "recorded from `gone.py`, which is not there; delete it"),
]
