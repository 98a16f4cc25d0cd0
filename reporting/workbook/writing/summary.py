"""The summary sheet: sums of what stands beside the data, for the clerk's eyes. The reader never looks at it.

A row's `total` adds up the computed emissions (or, where `stated`, the values) of all keys that match its patterns; `over` divides
the total by the values that match another pattern. It is rounded where the platform rounds: parts of a total have two decimals, a
total whole tonnes, an intensity is whole tonnes by output.
"""

from collections.abc import Iterator

from reporting.workbook.definition import Form
from reporting.workbook.sector import SummaryRow as Row
from reporting.workbook.sector import of

__all__ = ["Row", "rows"]


def rows(form: Form, lines: int) -> Iterator[Row]:
    """The rows of a sector's summary."""
    return of(form.sector).summary(lines)
