"""Python for the browser: taken from pinned packages before the build, published by it.

The files are Pyodide's own, as a package of the index ships them. Nothing of them is committed,
and nothing is fetched from anywhere when a reader runs a program.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from testbed.sandbox import PACKAGES, ROOT

VERSION = "314.0.7"  # of Pyodide; run-worker.mjs names it too
# The same bytes as in Pyodide's own package on the JavaScript registry.
FILES = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "pyodide-lock.json": "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
}
HOME = ROOT / ".build" / "runtime"  # where the build looks for them
PUBLISHED = f"assets/pyodide-{VERSION}"
LICENCES = ("MPL-2.0.txt", "PSF-2.0.txt")
NOTICE = f"""Pyodide {VERSION} is under the Mozilla Public License 2.0 (MPL-2.0.txt). Its source:
https://github.com/pyodide/pyodide/tree/{VERSION}
It contains CPython, under the Python Software Foundation License (PSF-2.0.txt).
tzdata.zip is the package tzdata, under Apache-2.0 (the licence is inside), with the time zone
database, which is in the public domain. All are unchanged.
"""


def make(packages: Path) -> None:
    """Take the files out of a folder of installed packages, and check each."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    for name in FILES:
        shutil.copyfile(packages / "flet_web" / "web" / "pyodide" / name, HOME / name)
    pack(HOME / "tzdata.zip", packages, ["tzdata", "tzdata-*.dist-info/licenses"])
    for name in LICENCES:
        shutil.copyfile(ROOT / "LICENSES" / name, HOME / name)
    (HOME / "NOTICE.txt").write_text(NOTICE, encoding="utf-8")
    if not intact(HOME):
        sys.exit(f"{HOME}: the packages hold other files than those of Pyodide {VERSION}.")
    is_there.cache_clear()


def intact(folder: Path) -> bool:
    """Tell whether a folder has every file, and each is the one that was pinned."""
    return (folder / "tzdata.zip").is_file() and all(
        (folder / name).is_file()
        and hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
        for name, sha256 in FILES.items()
    )


@cache
def is_there() -> bool:
    """Tell whether this build can publish the runtime; without it, no page has a Run."""
    return intact(HOME)


def publish(site: Path) -> None:
    """Put the runtime, its licences and what programs import into a built site."""
    shutil.copytree(HOME, site / PUBLISHED, dirs_exist_ok=True)
    for name in ("miniorch", "grading"):
        pack(site / "snippets" / f"{name}.zip", PACKAGES, [name])


def pack(archive: Path, root: Path, patterns: Iterable[str]) -> None:
    """Pack folders below a root, the same bytes at every build."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    folders = [folder for pattern in patterns for folder in sorted(root.glob(pattern))]
    with ZipFile(archive, "w") as packed:
        for path in sorted(path for folder in folders for path in folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = ZipInfo(path.relative_to(root).as_posix())  # dated 1980, as all are
                packed.writestr(entry, path.read_bytes(), ZIP_DEFLATED, 9)


def main(arguments: list[str]) -> None:
    """Answer `<folder of packages>`; say in one line where the runtime is missing."""
    packages = Path(arguments[0])
    if (packages / "flet_web").is_dir():
        make(packages)
    elif not is_there():
        print("The package with Python for the browser is not to be had; pages will have no Run.")


if __name__ == "__main__":
    main(sys.argv[1:])
