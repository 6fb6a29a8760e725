"""A simulator: a program's recorded frames, drawn so that a reader can step through them.

The program prints a simulation as JSON (`tooling.course.simulation`); its first frame is drawn
into the page, the others are fetched when somebody touches it. What needs no script is all there:
the first frame, every question as plain folds, and the whole log of the default run.
"""

from __future__ import annotations

import html

from tooling.course.simulation import Answer, Choice, Frame, Question, Run, Simulation
from tooling.site.drawing import drawing


def markup(simulation: Simulation, name: str, frames: str) -> str:
    """Write a simulator as it stands in the page: its first frame, and how to get the others.

    name: unique on the page; frames: the address of the simulation, relative to the page.
    """
    frame = simulation.runs[0].frames[0]
    title = html.escape(simulation.title)
    parts = [
        f'<div class="simulator" role="group" aria-label="{title}" data-frames="{frames}">',
        f'<p class="simulator__title">{title}</p>',
        '<form class="simulator__controls" autocomplete="off">',
        *(choice_markup(choice, f"{name}-{n}") for n, choice in enumerate(simulation.choices)),
        steps_markup(simulation),
        "</form>",
        *drawing(simulation, name),
        '<div class="simulator__told" aria-live="polite">',
        facts_markup(frame),
        f"<ol>{items(frame.log)}</ol>",
        "</div>",
        questions_markup(simulation),
        whole_log(simulation),
        "</div>",
    ]
    return "\n".join(filter(None, parts))  # no empty line: Markdown would end the block there


def still(simulation: Simulation, name: str, caption: str) -> str:
    """Write a picture of one frame: the same drawing, and below it what to see."""
    words = items(simulation.runs[0].frames[0].log)
    parts = [
        '<figure class="picture">',
        *drawing(simulation, name),
        f"<figcaption>{html.escape(caption or simulation.title)}</figcaption>",
        f'<details class="picture__words"><summary>The picture in words</summary><ol>{words}</ol>',
        "</details></figure>",
    ]
    return "\n".join(filter(None, parts))


def items(lines: list[str]) -> str:
    """Write lines as items of a list."""
    return "".join(f"<li>{html.escape(line)}</li>" for line in lines)


def choice_markup(choice: Choice, name: str) -> str:
    """Write a choice as radio buttons, or as a slider if it is a number; the first is taken."""
    said = [html.escape(choice.said(option)) for option in choice.options]
    if choice.unit is not None:
        label = html.escape(choice.label)
        return (
            f'<div class="simulator__slider"><label for="{name}">{label}</label>'
            f'<span aria-hidden="true">{said[0]}</span>'
            f'<input id="{name}" type="range" min="0" max="{len(said) - 1}" value="0" '
            f'aria-valuetext="{said[0]}"></div>'
        )
    options = (
        f'<label><input type="radio" name="{name}" value="{option}"'
        f"{' checked' if n == 0 else ''}> {option}</label>"
        for n, option in enumerate(said)
    )
    return f"<fieldset><legend>{html.escape(choice.label)}</legend>{''.join(options)}</fieldset>"


def steps_markup(simulation: Simulation) -> str:
    """Write the slider through the frames, between two buttons, if there are several."""
    step = html.escape(simulation.runs[0].frames[0].step)
    if not has_steps(simulation):
        return f"<output>{step}</output>"
    last = len(simulation.runs[0].frames) - 1
    return (
        '<div class="simulator__steps">'
        f"<label>{html.escape(simulation.steps)}"
        f'<input type="range" min="0" max="{last}" value="0" aria-valuetext="{step}">'
        "</label>"
        '<button type="button" data-step="-1" aria-disabled="true">Back</button>'
        f"<output>{step}</output>"
        '<button type="button" data-step="1">Next</button></div>'
    )


def has_steps(simulation: Simulation) -> bool:
    """Whether some run has more than one frame."""
    return any(len(run.frames) > 1 for run in simulation.runs)


def facts_markup(frame: Frame) -> str:
    """Write the figures of a frame."""
    facts = (
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>"
        for name, value in frame.facts.items()
    )
    return f"<dl>{''.join(facts)}</dl>" if frame.facts else ""


def questions_markup(simulation: Simulation) -> str:
    """Write each question once, with the places where it stands: `run.frame`."""
    asked: dict[str, tuple[Question, list[str]]] = {}
    for r, run in enumerate(simulation.runs):
        for f, frame in enumerate(run.frames):
            if frame.question:
                text = frame.question.model_dump_json()
                asked.setdefault(text, (frame.question, []))[1].append(f"{r}.{f}")
    blocks = (question_markup(simulation, *one) for one in asked.values())
    return f'<div class="simulator__asks">{"".join(blocks)}</div>' if asked else ""


def question_markup(simulation: Simulation, question: Question, places: list[str]) -> str:
    """Write a question as a chapter's guess is: folds, one of which is right."""
    run, frame = map(int, places[0].split("."))
    chosen = said(simulation, simulation.runs[run])
    where = [chosen, simulation.runs[run].frames[frame].step]
    here = "is-asked" if any(one.startswith("0.") for one in places) else "is-elsewhere"
    return (
        f'<div class="admonition guess {here}" data-at="{" ".join(places)}">'
        f'<p class="admonition-title">{html.escape(question.asks)}</p>'
        f'<p class="simulator__where">{html.escape(", ".join(filter(None, where)))}</p>'
        f"{''.join(map(answer_markup, question.answers))}</div>"
    )


def answer_markup(answer: Answer) -> str:
    """Write an answer as a fold that says why."""
    return (
        f'<details class="{"right" if answer.right else "wrong"}">'
        f"<summary>{html.escape(answer.text)}</summary>"
        f"<p>{html.escape(answer.because)}</p></details>"
    )


def said(simulation: Simulation, run: Run) -> str:
    """Say which options lead to a run."""
    pairs = zip(simulation.choices, run.choice, strict=True)
    return ", ".join(f"{choice.label}: {choice.said(option)}" for choice, option in pairs)


def whole_log(simulation: Simulation) -> str:
    """Write, folded, each step of the default run; of runs without steps, each run."""
    first = simulation.runs[0]
    if has_steps(simulation):
        default = said(simulation, first)
        title = f"All steps in words ({default})" if default else "All steps in words"
        entries = [(frame.step, frame) for frame in first.frames]
    else:
        title = "All in words"
        entries = [(said(simulation, run), run.frames[0]) for run in simulation.runs]
    steps = "".join(log_entry(*entry) for entry in entries)
    return (
        f'<details class="simulator__log"><summary>{html.escape(title)}</summary>'
        f"<ol>{steps}</ol></details>"
    )


def log_entry(step: str, frame: Frame) -> str:
    """Write one step: what it is, its figures, and what happened."""
    facts = "; ".join(f"{name} {value}" for name, value in frame.facts.items())
    lines = [*frame.log, facts] if facts else frame.log
    return f"<li>{html.escape(step)}<ul>{items(lines)}</ul></li>"
