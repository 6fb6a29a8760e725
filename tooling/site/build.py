"""Build the site, or serve it while it is being written: the same steps either way."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError
from mkdocs.livereload import LiveReloadServer

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.rules.check import report
from tooling.site import extension, labs
from tooling.site.postprocess import finish

ADDRESS = ("127.0.0.1", 8000)
PATIENCE = 1.5  # seconds that an author waits gladly
WATCHED = ("docs", "snippets", "overrides", "mkdocs.yml", "requirements")


def build(site: Path, *, strict: bool = True, live: bool = False, dirty: bool = False) -> None:
    """Write the site to a folder.

    `live` is for the server, which injects a script; `dirty` builds only the pages that changed.
    """
    extension.course.cache_clear()
    config = configuration(site, strict)
    config.plugins.on_startup(command="serve" if live else "build", dirty=dirty)
    try:
        mkdocs_build(config, dirty=dirty)
    finally:
        config.plugins.on_shutdown()
    finish(site, extension.course(), live=live)


def configuration(site: Path, strict: bool) -> MkDocsConfig:
    """Read mkdocs.yml for a build into a folder."""
    labs.use_own_template()
    return load_config("mkdocs.yml", site_dir=str(site.absolute()), strict=strict)


class LastBuild:
    """When the site was last built, and whether the next build may leave pages as they are."""

    def __init__(self) -> None:
        self.started, self.full_seconds = 0.0, 0.0

    def allows_dirty(self) -> bool:
        """Allow it where a full build is slow to wait for and only pages have changed."""
        return self.full_seconds > PATIENCE and all(
            path.suffix == ".md" for path in watched_files() if changed(path) > self.started
        )

    def done(self, started: float, seconds: float, dirty: bool) -> None:
        """Note a build, and tell the author."""
        self.started = started
        self.full_seconds = self.full_seconds if dirty else seconds
        which = "the changed pages" if dirty else "the site"
        print(f"Built {which} in {seconds:.1f} s.", flush=True)


def watched_files() -> Iterator[Path]:
    """Walk over the files that a build reads."""
    for name in WATCHED:
        path = Path(name)
        yield from (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def changed(path: Path) -> float:
    """Return when a file last changed, in seconds since 1970."""
    return path.stat().st_mtime


def serve() -> None:
    """Serve the site at a local address, and build it again whenever a source changes."""
    host, port = ADDRESS
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        site = Path(folder)

        last = LastBuild()

        def rebuild() -> None:
            report(Course.read(ROOT))
            dirty = last.allows_dirty()
            started = time.time()
            build(site, strict=False, live=True, dirty=dirty)
            last.done(started, time.time() - started, dirty)

        rebuild()
        server = LiveReloadServer(builder=rebuild, host=host, port=port, root=folder)
        server.error_handler = lambda code: (
            (site / "404.html").read_bytes() if code == 404 else None
        )
        for path in WATCHED:
            server.watch(path)
        try:
            print(f"The site is at http://{host}:{port}/ (Ctrl-C ends it).", flush=True)
            server.serve()
        except KeyboardInterrupt:
            server.shutdown()


def main(arguments: list[str]) -> None:
    """Answer `build <folder>` and `serve`."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        match arguments:
            case ["build", folder]:
                build(Path(folder))
                print(f"The site is in {folder}/; `python3 -m http.server -d {folder}` shows it.")
            case ["serve"]:
                serve()
            case _:
                sys.exit("usage: python -m tooling.site.build build <folder> | serve")
    except (Abort, ConfigurationError) as error:
        sys.exit(f"mkdocs: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
