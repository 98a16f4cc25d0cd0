"""The CSV table of `manage.py determine`: what comes in, and what goes out.

In: a row per line with the columns of `COLUMNS`, by name and in any order, an optional column `unit`, and any others, which are passed
through. The header is line 1. Out: the same columns followed by `RESULT_COLUMNS`.

`read` takes it in, `run` determines, `write` gives it out.
"""

from allocation.method.table.read import COLUMNS, RESULT_COLUMNS, UNIT, RowFault, Table, UnusableTableError, read
from allocation.method.table.run import Result, determine_table
from allocation.method.table.write import as_json, write_csv

__all__ = [
    "COLUMNS",
    "RESULT_COLUMNS",
    "UNIT",
    "Result",
    "RowFault",
    "Table",
    "UnusableTableError",
    "as_json",
    "determine_table",
    "read",
    "write_csv",
]
