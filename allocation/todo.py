"""What of allocation waits for a person: for each role a few set-based questions."""

import datetime as dt

from registry.models import Person
from registry.todo import Todo

__all__ = ["todos"]


def todos(person: Person, at: dt.datetime) -> list[Todo]:
    """What waits for the person at the instant, the most pressing first."""
    return []
