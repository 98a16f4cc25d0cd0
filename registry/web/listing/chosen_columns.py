"""Which columns of a list are shown: those that the address names (`?columns=unit&columns=state`, or `?columns=unit,state`)."""

from dataclasses import dataclass

from django.http import HttpRequest
from django_tables2 import Table

__all__ = ["NAME", "Columns", "choose"]

NAME = "columns"


@dataclass(frozen=True, slots=True)
class Columns:
    """The choice: (name, heading, whether it is shown) of every column; the names asked for, and those that the list hasn't got."""

    all: list[tuple[str, str, bool]]
    named: list[str]
    unknown: list[str]


def choose(table: Table, request: HttpRequest) -> Columns:
    """Show the columns that the address names; where it names none that there are, those that are usual.

    What a column offers to do is no choice: it stays.
    """
    asked = [name for part in request.GET.getlist(NAME) for name in part.split(",") if name]
    columns = {column.name: column for column in table.columns.iterall() if not _acts(column.name, table)}
    named = [name for name in dict.fromkeys(asked) if name in columns]
    for name in columns if named else ():
        (table.columns.show if name in named else table.columns.hide)(name)
    return Columns(
        [(name, str(column.header), column.visible) for name, column in columns.items()],
        named,
        [name for name in dict.fromkeys(asked) if name not in columns],
    )


def _acts(name: str, table: Table) -> bool:
    return "actions" in str(table.columns[name].column.attrs.get("td", {}).get("class", ""))
