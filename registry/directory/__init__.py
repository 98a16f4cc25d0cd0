"""The yearly directory of key emission units: units and lines come in from a table (`unit_import`), an entry or exit
is proposed and decided (`acts`), many of a year at once (`many`), with what is known of the unit's emissions beside it
(`figures`) and, where it leaves, what already rests on its being listed (`standing`); who is told of what is only
proposed (`published`). What every app keeps of a unit and a line stands together on their pages (`dossier`).
"""

from registry.directory.acts import (
    allocated,
    decide,
    ever_listed,
    listed,
    listed_anywhere,
    listed_on,
    propose_entry,
    propose_exit,
    reports_only,
    reports_only_anywhere,
    withdraw,
)
from registry.directory.published import entered_by, visible

__all__ = [
    "allocated",
    "decide",
    "entered_by",
    "ever_listed",
    "listed",
    "listed_anywhere",
    "listed_on",
    "propose_entry",
    "propose_exit",
    "reports_only",
    "reports_only_anywhere",
    "visible",
    "withdraw",
]
