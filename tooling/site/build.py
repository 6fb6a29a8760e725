"""Build the site into a folder."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from tooling.site import extension, labs
from tooling.site.postprocess import finish

LOG = "%(levelname)s: %(message)s"


def build(site: Path, *, strict: bool = True) -> None:
    """Write the site to a folder."""
    extension.course.cache_clear()
    config = configuration(site, strict)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    finish(site, extension.course())


def configuration(site: Path, strict: bool) -> MkDocsConfig:
    """Read mkdocs.yml for a build into a folder."""
    labs.use_own_template()
    return load_config("mkdocs.yml", site_dir=str(site.absolute()), strict=strict)


def main(arguments: list[str]) -> None:
    """Answer `build <folder>`."""
    logging.basicConfig(level=logging.WARNING, format=LOG)
    match arguments:
        case ["build", folder]:
            try:
                build(Path(folder))
            except (Abort, ConfigurationError) as error:
                sys.exit(f"mkdocs: {error}")
            print(f"The site is in {folder}/; `python3 -m http.server -d {folder}` shows it.")
        case _:
            sys.exit("usage: python -m tooling.site.build build <folder>")


if __name__ == "__main__":
    main(sys.argv[1:])
