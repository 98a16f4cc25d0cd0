"""What a version was accounted to, as one digest of its rows: computed when they are stored, and again whenever a receipt is checked."""

from collections.abc import Iterable, Mapping

from registry.values.canonical import digest, sha256
from reporting.models import LineTotalRow, Submission, TermRow

__all__ = ["accounted"]


def accounted(submission: Submission, terms: Iterable[TermRow], lines: Mapping[str, LineTotalRow]) -> str:
    """sha256 of content, terms in their order, totals, and lines by their code. No query.

    Lines stand in the order of their codes' characters, which no database's collation changes.
    """
    return digest(
        {
            "content": sha256(submission.content.encode()),
            "terms": [_term(row) for row in terms],
            "totals": submission.totals,
            "lines": [_line(code, lines[code]) for code in sorted(lines)],
        }
    )


def _term(row: TermRow) -> list[object]:
    return [
        row.number,
        row.level,
        row.line,
        row.source,
        row.formula,
        row.inputs,
        str(row.emissions),
        row.article,
    ]


def _line(code: str, row: LineTotalRow) -> list[object]:
    return [code, row.emissions, str(row.main_emissions), str(row.output), row.details]
