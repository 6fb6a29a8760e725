"""What the site publishes as JSON."""

from __future__ import annotations

import json

import jsonschema
import pytest

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.site import exports
from tooling.site.exports import glossary_schema


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.read(ROOT)


@pytest.fixture
def glossary(course: Course) -> dict:
    return json.loads(exports.glossary(course).model_dump_json())


def test_the_glossary_keeps_its_schema(glossary: dict) -> None:
    schema = glossary_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(glossary, schema)
    assert len(glossary["entries"]) > 150


@pytest.mark.parametrize("key", ["names", "false_friends", "theme", "used_in"])
def test_the_schema_misses_nothing(glossary: dict, key: str) -> None:
    del glossary["entries"][0][key]
    with pytest.raises(jsonschema.ValidationError, match=f"'{key}' is a required property"):
        jsonschema.validate(glossary, glossary_schema())


def test_the_schema_is_closed(glossary: dict) -> None:
    glossary["entries"][0]["names"]["nifi"] = {"name": None, "note": "x"}
    with pytest.raises(jsonschema.ValidationError, match="'nifi' was unexpected"):
        jsonschema.validate(glossary, glossary_schema())


def test_names_are_published_as_words(glossary: dict) -> None:
    names = {one["id"]: one["names"] for one in glossary["entries"]}
    assert names["clear"]["argo"]["name"] == "argo retry"
    assert not [one for one in names.values() if "`" in json.dumps(one) or "](" in json.dumps(one)]
