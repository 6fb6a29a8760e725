from types import ModuleType

import pytest

from testbed.argo import problems


def test_bug_is_real(program: ModuleType) -> None:
    (image,) = program.images(program.by_tag)
    assert "@" not in image  # the registry may answer with another image tomorrow


def test_fix_holds(program: ModuleType) -> None:
    (image,) = program.images(program.by_digest)
    _, _, digest = image.partition("@sha256:")
    assert len(bytes.fromhex(digest)) == 32


@pytest.mark.parametrize("which", ["by_tag", "by_digest"])
def test_template_fits_the_schema(program: ModuleType, which: str) -> None:
    assert problems(getattr(program, which).to_dict()) == []


def test_the_schedule_names_the_template_and_holds_no_copy(program: ModuleType) -> None:
    spec = program.nightly.to_dict()["spec"]["workflowSpec"]
    assert spec == {"workflowTemplateRef": {"name": "nightly"}}
