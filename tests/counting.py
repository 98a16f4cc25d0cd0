"""How many statements a block takes before its transaction and within it."""

from collections.abc import Mapping

from django.db import connection
from django.test.utils import CaptureQueriesContext

Numbers = tuple[int, int]  # outside of transactions, and within them


class Counted(CaptureQueriesContext):
    """The statements of a block, without those that begin and end transactions; a test's own transaction doesn't count."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def statements(self) -> tuple[list[str], list[str]]:
        outside: list[str] = []
        within: list[str] = []
        depth = 0
        for query in self.captured_queries:
            if query["sql"].startswith("SAVEPOINT"):
                depth += 1
            elif query["sql"].startswith("RELEASE"):
                depth -= 1
            else:
                (within if depth else outside).append(query["sql"])
        return outside, within


def differences(taken: Mapping[str, Counted], expected: Mapping[str, Numbers]) -> str:
    """Every act with other numbers than expected, with its statements; "" if there is none."""
    return "\n\n".join(
        "\n".join([f"{act}: {numbers} instead of {expected[act]}", *_listed(counted)])
        for act, counted in taken.items()
        if (numbers := tuple(map(len, counted.statements))) != expected[act]
    )


def _listed(counted: Counted) -> list[str]:
    outside, within = counted.statements
    return [sql[:120] for sql in [*outside, "within the transaction:", *within]]
