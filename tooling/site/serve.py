"""Serve the site while it is being written: each page is built when it is asked for.

At the start all pages are built. After a change no page is taken for current: each is built again
at its next request. So nobody sees a stale page, and nobody waits for pages that nobody looks at.
"""

from __future__ import annotations

import html
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from jinja2 import Environment
from mkdocs.commands.build import _build_page, _build_theme_template, _populate_page
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.exceptions import Abort, ConfigurationError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as BuiltPage

from testbed.sandbox import PACKAGES, ROOT
from tooling.course.pages import Page, PageError
from tooling.course.schema import ChapterMeta
from tooling.site import components, postprocess
from tooling.site.build import LOG, configuration
from tooling.site.extension import course

HOST, PORT = "127.0.0.1", "8000"
MINIORCH = PACKAGES / "miniorch"  # its reference is a page, and the browser runs it
WATCHED = (
    *(ROOT / name for name in ("docs", "snippets", "overrides", "requirements", "mkdocs.yml")),
    MINIORCH,
)
# A source's name. An editor's own copies are called `.x.md.swp`, `x.md~`, `#x.md#` or `4913`.
NAME = re.compile(r"\w[\w.-]*\.(?!pyc$)[a-z0-9]+")
# What plugins fill in only once they have read all pages.
FILLED_IN = re.compile(r"^(?::::|<!-- material/tags)", re.M)
NOT_FOUND = "404.html"
ERROR = "<!doctype html><title>This page cannot be built</title><pre>{}</pre>"


class MkDocs:
    """MkDocs with what it makes for a build and then forgets, so that it can build one page."""

    nav: Navigation
    files: Files
    env: Environment

    def __init__(self, folder: Path) -> None:
        self.config = configuration(folder, strict=False)
        # These listen for the server alone: nothing that is published depends on them.
        self.config.plugins.events["nav"].append(self.keep_nav)
        self.config.plugins.events["env"].append(self.keep_env)
        self.config.plugins.on_startup(command="serve", dirty=False)
        mkdocs_build(self.config)

    def keep_nav(self, nav: Navigation, /, **_: Any) -> None:  # noqa: ANN401 - MkDocs' events
        """Keep the navigation."""
        self.nav = nav

    def keep_env(self, env: Environment, /, *, files: Files, **_: Any) -> None:  # noqa: ANN401
        """Keep the files and the templates; of these, each is read again when it changes."""
        env.auto_reload = True
        self.env, self.files = env, files

    def build(self, page: BuiltPage, *, read: bool) -> None:
        """Build a page again, of its source as it is now, or as it was when it was last read."""
        if read:
            _populate_page(page, self.config, self.files)
        _build_page(page, self.config, self.files.documentation_pages(), self.nav, self.env)

    def build_not_found(self) -> None:
        """Build the page of the addresses without one again."""
        _build_theme_template(NOT_FOUND, self.env, self.files, self.config, self.nav)


class LiveSite:
    """A built site in a folder; what is asked for after a change is built again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lock = folder, threading.Lock()
        self.build_all()

    def build_all(self) -> None:
        """Build the whole site, from its settings on."""
        started = time.monotonic()
        self.stamps = stamps()
        self.pages: dict[str, BuiltPage] = {}  # by address below the site's root
        self.stale: set[str] = set()  # addresses
        for cached in (course, components.last_changed, components.locked_version):
            cached.cache_clear()
        self.mkdocs = MkDocs(self.folder)
        self.finish(postprocess.built_pages(self.folder))
        postprocess.publish_runtime(self.folder)
        self.shown = {path: shown_elsewhere(page) for path, page in sources().items()}
        self.filled_in = {page.url for page in sources().values() if FILLED_IN.search(page.text)}
        files = self.mkdocs.files.documentation_pages()
        self.pages = {file.page.url: file.page for file in files if file.page}
        self.stale.update(postprocess.EXPORTS)
        print(f"Built the site in {time.monotonic() - started:.1f} s.", flush=True)

    def finish(self, paths: Iterable[Path]) -> None:
        """Complete built pages."""
        postprocess.complete_labs(self.folder, course())
        pages = {path: path.read_text(encoding="utf-8") for path in paths}
        postprocess.finish_live(self.folder, course(), pages)

    def update(self) -> None:
        """Take in what has changed: it makes every page stale, or has the whole site built."""
        with self.lock:
            before, self.stamps = self.stamps, stamps()
            changed = {path for path, _ in before.items() ^ self.stamps.items()}
            if not changed:
                return
            course.cache_clear()
            known = {below_root(path) for path in changed & before.keys() & self.stamps.keys()}
            changed = {below_root(path) for path in changed}
            if not self.pages or any(self.concerns_all(path, path in known) for path in changed):
                self.build_all()
                return
            for path in changed:
                self.copy(path)
            self.stale = {*self.pages, *postprocess.EXPORTS, NOT_FOUND}

    def concerns_all(self, path: str, known: bool) -> bool:
        """Tell whether a changed file takes more than to build pages again, one by one.

        path: below the root; known: it was there before and is there now.
        """
        if path.startswith("snippets/"):
            return False
        if not known or not path.startswith(("docs/", "overrides/")):
            return True
        page = sources().get(path)
        return page is not None and shown_elsewhere(page) != self.shown.get(path)

    def copy(self, path: str) -> None:
        """Copy a changed file that the site has as it is."""
        if path.endswith(".py") and (self.folder / path).is_file():  # a program or a lab
            shutil.copyfile(ROOT / path, self.folder / path)
        file = self.mkdocs.files.get_file_from_path(path.removeprefix("docs/"))
        if file and not file.is_documentation_page():
            file.copy_file()

    def refresh(self, address: str) -> None:
        """Build what stands at an address again if it is stale."""
        self.update()
        with self.lock:
            if address not in self.stale:
                return
            started = time.monotonic()
            if page := self.pages.get(address):
                self.build(page)
            elif address == NOT_FOUND:
                self.mkdocs.build_not_found()
                self.finish([self.folder / NOT_FOUND])
            else:
                pages = postprocess.built_pages(self.folder)
                postprocess.export(address, self.folder, course(), pages)
            self.stale.remove(address)
            print(f"Built /{address} in {time.monotonic() - started:.1f} s.", flush=True)

    def not_found(self) -> bytes:
        """Return the page of the addresses without one."""
        self.refresh(NOT_FOUND)
        return (self.folder / NOT_FOUND).read_bytes()

    def build(self, page: BuiltPage) -> None:
        """Build a page again; where it cannot be, it says why."""
        path = Path(page.file.abs_dest_path)
        try:
            for error in course().errors:
                if error.path == f"docs/{page.file.src_uri}":
                    raise error
            self.mkdocs.build(page, read=page.url not in self.filled_in)
            self.finish([path])
        except Exception as error:
            path.write_text(ERROR.format(html.escape(str(error))), encoding="utf-8")
            raise


def sources() -> dict[str, Page]:
    """Return the course's pages by the path of their source below the root."""
    return {f"docs/{page.source}": page for page in course().pages.values()}


def shown_elsewhere(page: Page) -> tuple[object, ...]:
    """Return what MkDocs and its plugins know of a page when they build others."""
    tags = page.meta.tags if isinstance(page.meta, ChapterMeta) else []
    return page.title, tags, page.text if FILLED_IN.search(page.text) else ""


def stamps() -> dict[str, tuple[int, int]]:
    """Return when each source changed, in nanoseconds since 1970, and its size in bytes."""
    found = {}
    for path in files():
        with suppress(FileNotFoundError):  # it is gone since
            status = os.stat(path)
            found[path] = (status.st_mtime_ns, status.st_size)
    return found


def files() -> Iterator[str]:
    """Walk over all sources: many, and at each request."""
    for top in WATCHED:
        if top.is_file():
            yield str(top)
        for folder, _, names in os.walk(top):
            yield from (os.path.join(folder, name) for name in names if NAME.fullmatch(name))


def below_root(path: str) -> str:
    """Write a path as problems do."""
    return os.path.relpath(path, ROOT).replace(os.sep, "/")


def report(error: Exception) -> None:
    """Say why something cannot be built: in a line, where an author's words are the reason."""
    if isinstance(error, PageError):
        print(error, file=sys.stderr, flush=True)
    else:
        traceback.print_exception(error)


class Check:
    """The rules, which a process of its own holds against the content once nobody saves."""

    COMMAND = "import runpy, time; time.sleep(1); runpy.run_module({!r}, run_name='__main__')"
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Check the content in a second, and no longer as it was: a page comes first."""
        self.stop()
        command = self.COMMAND.format("tooling.rules.check")
        self.process = subprocess.Popen([sys.executable, "-c", command])

    def stop(self) -> None:
        """End a check that is under way."""
        if self.process:
            self.process.kill()
            self.process.wait()


class Server(LiveReloadServer):
    """A server that brings what it sends up to date first."""

    site: LiveSite

    def serve_request(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request."""
        try:
            self.site.refresh(environ["PATH_INFO"].lstrip("/").removesuffix("index.html"))
        except Exception as error:
            report(error)
        return super().serve_request(environ, start_response)


def serve(port: int) -> None:
    """Serve the site on this machine until Ctrl-C."""
    check = Check()
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        site = LiveSite(Path(folder))

        def changed() -> None:
            """Have browsers load their page again, while the rules are checked."""
            check.start()
            site.update()

        server = Server(changed, HOST, port, folder)
        server.site = site
        server.error_handler = lambda code: site.not_found() if code == 404 else None
        for path in WATCHED:
            server.watch(str(path))
        check.start()
        try:
            print(f"The site is at http://{HOST}:{port}/ (Ctrl-C ends it).", flush=True)
            server.serve()  # type: ignore[no-untyped-call]  # MkDocs' own
        except KeyboardInterrupt:
            server.shutdown()
        finally:
            check.stop()


def main(arguments: list[str]) -> None:
    """Answer `[port]`."""
    logging.basicConfig(level=logging.WARNING, format=LOG)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it ends as by Ctrl-C
    match arguments:
        case [] | [_] if all(port.isdecimal() for port in arguments):
            try:
                serve(int(*arguments or [PORT]))
            except (Abort, ConfigurationError) as error:
                sys.exit(f"mkdocs: {error}")
        case _:
            sys.exit("usage: python -m tooling.site.serve [port]")


if __name__ == "__main__":
    main(sys.argv[1:])
