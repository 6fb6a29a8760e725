"""Tables and charts that a notebook draws and a terminal prints.

    show(Table(("tick", "chain of 10"), [("1 s", "11 s"), ("5 s", "55 s")]))
    show(Bars("In the warehouse", {"append": 4500, "overwrite": 3000}, unit="EUR", right=3000))

A chart is an SVG without colours of its own: the page's style has them, and where there is none
it is drawn in the colour of the text. It says in words what it shows.
"""

from .charts import Bars, Lines
from .tables import Table, show

__all__ = ["Bars", "Lines", "Table", "show"]
