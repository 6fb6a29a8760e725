"""Grade a program of a reader: `python -m grading <exercise> <program>`."""

import sys
from pathlib import Path

from grading import Exercise

exercise, program = sys.argv[1:]
verdict = Exercise.read(exercise).grade(Path(program).read_text(encoding="utf-8"), program)
print(verdict)
sys.exit(not verdict.passed)
