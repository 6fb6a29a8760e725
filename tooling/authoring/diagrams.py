"""Draw a Mermaid source as an SVG that belongs in a page: no style, no colour, named, described."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from mermaid_render import convert

SVG = "{http://www.w3.org/2000/svg}"
THEIRS = "pele-"  # the renderer's prefix for its classes and ids
# A Gantt chart is as wide as it is told to be, and people in a sequence stand far apart.
CONFIG = "---\nconfig:\n  gantt:\n    useWidth: 340\n  sequence:\n    actorMargin: 10\n---\n"
PHONE, LEGIBLE = 328, 11  # pixels: the width of a figure on a phone, and of text to be read there
COLOUR = ("fill", "fill-opacity", "stroke", "style", "data-id")
MUST_SAY = {
    "accTitle": "what the diagram is called",
    "accDescr": "in words, what the diagram shows",
}


class BadDiagram(Exception):
    """A source that cannot be drawn, or not for every reader."""


def draw(source: Path) -> str:
    """Return the diagram as one SVG element whose look is left to the page."""
    text = source.read_text(encoding="utf-8")
    for key, meaning in MUST_SAY.items():
        if not re.search(rf"^\s*{key}\s*:\s*\S", text, re.MULTILINE):
            raise BadDiagram(f"{source}: add a line `{key}: ...` that says {meaning}")
    kind = text.split(maxsplit=1)[0]
    if kind == "gantt" and "todayMarker off" not in text:
        raise BadDiagram(f"{source}: add a line `todayMarker off`, or it draws the time of day")
    try:
        svg = ElementTree.fromstring(convert(CONFIG + text if kind != "flowchart" else text))
    except ValueError as error:
        raise BadDiagram(f"{source}: {error}") from None
    for element in svg.iter():
        undress(element, source.stem)
    frame(svg, source.stem)
    on_phone = smallest_text(svg) * min(PHONE / float(svg.attrib["width"]), 1)
    if kind != "flowchart" and on_phone < LEGIBLE:
        found = f"its smallest text has {on_phone:.1f} pixels on a phone, and needs {LEGIBLE}"
        raise BadDiagram(f"{source}: {found}; shorten its words or draw fewer things side by side")
    ElementTree.register_namespace("", SVG.strip("{}"))
    return ElementTree.tostring(svg, encoding="unicode") + "\n"


def smallest_text(element: ElementTree.Element, size: float = 16) -> float:
    """Return the size of the smallest text, which it has from the nearest element that says one."""
    size = float(element.get("font-size", size))
    own = [size] if element.tag == f"{SVG}text" else []
    return min([*own, *(smallest_text(child, size) for child in element)], default=16)


def undress(element: ElementTree.Element, name: str) -> None:
    """Take the renderer's colours off an element and leave a class for the page's style."""
    if "rx:" in element.get("style", ""):
        element.set("rx", "4")
    for attribute in COLOUR:
        element.attrib.pop(attribute, None)
    if "class" in element.attrib:
        element.set("class", element.attrib["class"].replace(THEIRS, "diagram-"))
    if "id" in element.attrib:
        element.set("id", element.attrib["id"].replace(THEIRS, f"{name}-"))
    if element.tag == f"{SVG}text":
        element.attrib |= {"class": "diagram-text", "fill": "currentColor", "stroke": "none"}
    if element.get("class") == "diagram-marker":
        element.attrib |= {"fill": "currentColor", "stroke": "none"}


def frame(svg: ElementTree.Element, name: str) -> None:
    """Give the drawing its natural width, its name and its description."""
    box = svg.attrib["viewBox"]
    *_, width, _ = box.split()
    svg.attrib.clear()
    svg.attrib |= {
        "class": "diagram",
        "viewBox": box,
        "width": width,
        "font-size": "16",
        "fill": "none",
        "stroke": "currentColor",
        "role": "img",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-desc",
    }
