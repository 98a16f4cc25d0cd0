"""What a home page lists: things to be done, each with its door and its day."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Todo:
    """One kind of work that waits for a person. `due` is the nearest deadline among the `count` things."""

    title: str
    count: int
    url: str
    due: dt.date | None = None
    detail: str = ""
    tone: str = "info"  # info, warn, danger, ok
