"""The locks."""

from __future__ import annotations

from tests.tooling.rules.examples.example import Example, append, delete, replace

CONFIG = "pyproject.toml"

# fmt: off
EXAMPLES = [
    Example("locks-are-current", "a package that is not pinned", CONFIG, replace('"mkdocs>=1.6,<2"', '"mkdocs>=1.6,<2", "rich>=14"'), "`rich>=14` is not pinned in requirements/site.txt; run `python3 noxfile.py lock site`", '"rich>=14"'),
    Example("locks-are-current", "a version that is not allowed", CONFIG, replace("apache-airflow==3.3.2", "apache-airflow==3.3.3"), "`apache-airflow==3.3.3` is pinned at 3.3.2 in requirements/airflow.txt", "3.3.3"),
    Example("locks-are-current", "no lock", "requirements/site.txt", delete(), "`mkdocs>=1.6,<2` is not pinned in requirements/site.txt", at=CONFIG),
    Example("locks-are-current", "of a group that is included", CONFIG, append('test = [{ include-group = "site" }]\n'), "is not pinned in requirements/test.txt", '"mkdocs'),
    Example("locks-are-current", "a merge that is not finished", CONFIG, append("<<<<<<< HEAD\n"), "not TOML (Invalid", "<<<<<<<"),
    Example("locks-are-current", "another spelling of its name", CONFIG, replace("mkdocs>=1.6", "MkDocs[i18n]>=1.6")),
    Example("locks-are-current", "two pins of one package", "requirements/site.txt", append("mkdocs==1.6.0 ; sys_platform == 'win32'\n")),
]
