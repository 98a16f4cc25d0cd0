"""Reasons that a clerk wrote into the workbook, at the warnings for which they are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation

from reporting.findings.causes import grouped
from reporting.findings.finding import Finding

__all__ = ["Explained", "listed", "matched"]


@dataclass(frozen=True, slots=True)
class Explained:
    """A row of the sheet of reasons: a warning by its code, place and words, any of which may be left out, and the reason for it.

    `at` is the cell in which the reason stands, "" of a row that is still to be written.
    """

    code: str
    sheet: str
    cell: str
    words: str
    reason: str = ""
    at: str = ""


def listed(findings: Sequence[Finding], given: Mapping[int, str]) -> tuple[Explained, ...]:
    """The warnings that want a reason, ready to be answered; with those `given` already, by the warning's place. What follows from a cause
    isn't listed beside it."""
    return tuple(
        Explained(each.code, each.sheet, each.cell, "\n".join(_in_both(each)), given.get(place, ""))
        for place, each in _causes(findings)
    )


def matched(findings: Sequence[Finding], rows: Sequence[Explained]) -> tuple[dict[int, Explained], list[Explained]]:
    """The reason for each warning, by the warning's place, and the rows that belong to none. Of two rows the later one counts.

    A row names one warning: by its place, with its code and words as far as they are stated; by code and words alone where
    no other warning has them, since rows of the form may have moved. Words that were written down of other values are another warning's.
    """
    warnings = _causes(findings)
    follows = dict(grouped(findings)) if rows else {}
    found: dict[int, Explained] = {}
    unused = []
    for row in rows:
        places = _meant(row, warnings)
        if not places:
            unused.append(row)
        for place in places:
            found |= {each: row for each in (place, *follows[place]) if not findings[each].blocks}
    return found, unused


def _causes(findings: Sequence[Finding]) -> list[tuple[int, Finding]]:
    return [(cause, findings[cause]) for cause, _follow in grouped(findings) if not findings[cause].blocks]


def _meant(row: Explained, warnings: Sequence[tuple[int, Finding]]) -> list[int]:
    fit = [(place, each) for place, each in warnings if _said(row, each)]
    here = [place for place, each in fit if _stands_there(row, each)]
    if here and row.cell:
        return here
    alone = [place for place, _each in fit] if row.code or row.words else []
    return alone if len(alone) == 1 else []


def _said(row: Explained, finding: Finding) -> bool:
    """Whether the row's code and words, as far as there are any, are the warning's."""
    if row.code and _plain(row.code) != finding.code:
        return False
    words = _in_both(finding) if row.words else ()
    return not row.words or _plain(row.words) in {_plain(said) for said in (*words, "".join(words))}


def _stands_there(row: Explained, finding: Finding) -> bool:
    return (_plain(row.sheet), _plain(row.cell)) == (_plain(finding.sheet), _plain(finding.cell))


def _in_both(finding: Finding) -> tuple[str, str]:
    """The warning's words in Chinese and in English."""
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(finding.message)
    return said[0], said[1]


def _plain(text: str) -> str:
    """Text as it is compared: case, spaces and the signs of a fixed cell don't matter."""
    return "".join(text.replace("$", "").casefold().split())
