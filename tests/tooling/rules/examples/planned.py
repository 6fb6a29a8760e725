"""What is to come."""

from __future__ import annotations

from tests.tooling.rules.examples.example import Example, write

PLANNED = "tooling/course/planned.toml"
TABLE = (
    '["pipelines/{}"]\ntitle = "Late"\nminutes = 12\npromise = "After this you can be on time."\n'
)

# fmt: off
EXAMPLES = [
    Example("planned-is-not-written", "a written chapter", PLANNED, write("\n" + TABLE.format("empty-input")), "`pipelines/empty-input` is planned, and written; take its table out", '["pipelines/empty-input"]'),
    Example("planned-is-not-written", "one that is not there", PLANNED, write(TABLE.format("late-input"))),
]
