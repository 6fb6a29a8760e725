"""The projects of lessons: what a reader downloads is a folder of snippets/, as one file."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tooling.course.embeds import section_lines

WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: two builds are the same to the byte
READABLE = 0o100644 << 16


def write_zip(folder: Path, target: Path) -> None:
    """Write a folder as a zip, which unpacks into a folder of the same name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w") as archive:
        for file in files_of(folder):
            info = ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", WHEN)
            info.compress_type, info.external_attr = ZIP_DEFLATED, READABLE
            archive.writestr(info, as_read(file), compresslevel=9)


def files_of(folder: Path) -> list[Path]:
    """List the files of a project, without what is left by running it."""
    inside = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in inside if not any(map(is_left, path.relative_to(folder).parts))]


def is_left(name: str) -> bool:
    """Tell a file or a folder that Python or an editor makes."""
    return name.startswith(".") or name == "__pycache__"


def as_read(file: Path) -> str:
    """Return a file as its pages show it: without the comments that mark their sections."""
    return "\n".join(section_lines(file, None)) + "\n"
