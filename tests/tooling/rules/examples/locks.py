"""The locks."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    FOLDER,
    Example,
    append,
    delete,
    replace,
    write,
)

PROJECT = f"{FOLDER}/project_airflow/requirements.txt"
CONFIG = "pyproject.toml"

# fmt: off
EXAMPLES = [
    Example("projects-pin-what-is-tested", "another version", PROJECT, write("# All of it.\napache-airflow==3.3.1\n"), "`apache-airflow==3.3.1` is not in requirements/airflow.txt; write `apache-airflow==3.3.2`", "3.3.1"),
    Example("projects-pin-what-is-tested", "a package that the lock does not have", PROJECT, write("rich==14.0.0\n"), "`rich==14.0.0` is not in requirements/airflow.txt; write what it has"),
    Example("projects-pin-what-is-tested", "an open version", PROJECT, write("apache-airflow>=3\n"), "`apache-airflow>=3` is not in requirements/airflow.txt"),
    Example("projects-pin-what-is-tested", "the version of the lock", PROJECT, write("# All of it.\napache-airflow==3.3.2\n")),
    Example("locks-are-current", "a package that is not pinned", CONFIG, replace('"mkdocs>=1.6,<2"', '"mkdocs>=1.6,<2", "rich>=14"'), "`rich>=14` is not pinned in requirements/site.txt; run `python3 noxfile.py lock site`", '"rich>=14"'),
    Example("locks-are-current", "a version that is not allowed", CONFIG, replace("apache-airflow==3.3.2", "apache-airflow==3.3.3"), "`apache-airflow==3.3.3` is pinned at 3.3.2 in requirements/airflow.txt", "3.3.3"),
    Example("locks-are-current", "no lock", "requirements/site.txt", delete(), "`mkdocs>=1.6,<2` is not pinned in requirements/site.txt", at=CONFIG),
    Example("locks-are-current", "of a group that is included", CONFIG, append('test = [{ include-group = "site" }]\n'), "is not pinned in requirements/test.txt", '"mkdocs'),
    Example("locks-are-current", "a merge that is not finished", CONFIG, append("<<<<<<< HEAD\n"), "not TOML (Invalid", "<<<<<<<"),
    Example("locks-are-current", "another spelling of its name", CONFIG, replace("mkdocs>=1.6", "MkDocs[i18n]>=1.6")),
    Example("locks-are-current", "two pins of one package", "requirements/site.txt", append("mkdocs==1.6.0 ; sys_platform == 'win32'\n")),
]
