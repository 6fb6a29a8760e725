"""An exercise under test: what its grader says of a program."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grading import Exercise
from testbed.exercise import graded

# What somebody believes: the code that follows from it, and words of the grader's answer to it.
Answers = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Graded:
    """An exercise, of which a test asks what the reader is told."""

    exercise: Exercise

    @classmethod
    def read(cls, file: Path) -> Graded:
        """Read an exercise from its file."""
        return cls(Exercise.read(file))

    @property
    def given(self) -> str:
        """What the reader is told who changes nothing."""
        return self.answer(self.exercise.given)

    @property
    def solution(self) -> str:
        """What the reader is told at the end."""
        verdict = graded(self.exercise, self.exercise.solution)
        assert verdict.passed, verdict
        return verdict.says

    def answer(self, work: str) -> str:
        """Grade a program that has to fail, for a reason that the grader knows."""
        verdict = graded(self.exercise, work)
        assert not verdict.passed, f"the grader lets it pass: {verdict}"
        assert not verdict.trace, f"the grader has no answer to it: {verdict}"
        assert len(verdict.says.split()) >= 10, f"no help to anybody: {verdict}"
        return verdict.says

    def unanswered(self, wrong: Answers) -> list[str]:
        """List the wrong answers that get the grader's answer to another, or to none.

        Each is code that defines names of what is given again, as the solution does.
        """
        given = self.exercise.given
        said = {belief: self.answer(f"{given}\n\n{code}") for belief, (code, _) in wrong.items()}
        times = Counter(said.values())
        return [
            f"{belief}: {said[belief]}"
            for belief, (_, words) in wrong.items()
            if words not in said[belief] or times[said[belief]] > 1
        ]
