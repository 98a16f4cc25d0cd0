"""The workbooks of one unit's year, read together: their contents in the order of time, or everything that keeps them from being a year."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from registry.terminal import why_unopened
from registry.values.bilingual import bracketed, listed, said_apart
from registry.values.sectors import Sector
from reporting import checks, guidelines
from reporting.accounting import account
from reporting.content import Content
from reporting.filing import accounts_told
from reporting.findings import Finding

__all__ = ["UnusableYearError", "YearFile", "guideline_changes", "read_year"]


class UnusableYearError(ValueError):
    """Files that make no year; all reasons at once, in the active language."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class YearFile:
    """One workbook, what it states, and what was found in it."""

    file: Path
    content: Content
    findings: tuple[Finding, ...]


def read_year(files: Sequence[Path]) -> list[YearFile]:
    """Twelve months or fewer, or one year workbook; raises UnusableYearError."""
    faults: list[str] = []
    read = [found for file in files if (found := _read(file, faults))]
    faults += _of_several(read)
    faults += _twice(read)
    faults += (fault for each in read if (fault := guideline_changes(each.content)))
    if faults:
        raise UnusableYearError(faults)
    return sorted(read, key=lambda each: each.content.period)


def _read(file: Path, faults: list[str]) -> YearFile | None:
    try:
        reading = accounts_told.read_file(file)
    except OSError as error:
        faults.append(f"{file}: {why_unopened(error)}")
        return None
    if reading.content is None:
        why = " ".join(finding.message for finding in reading.findings if finding.blocks)
        faults.append(f"{file}: {why}")
        return None
    found = checks.run(reading.content, account(reading.content))
    return YearFile(file, reading.content, (*reading.findings, *found))


def _of_several(read: Sequence[YearFile]) -> Iterator[str]:
    """What differs between files of which all should say the same."""
    for message, said in (
        (_("The files are of several sectors: %(found)s."), lambda content: str(Sector(content.sector).label)),
        (_("The files are of several units: %(found)s."), lambda content: content.unit),
        (_("The files are of several years: %(found)s."), lambda content: content.period[:4]),
    ):
        by: dict[str, list[Path]] = defaultdict(list)
        for each in read:
            by[said(each.content)].append(each.file)
        if len(by) > 1:
            yield message % {
                "found": said_apart(f"{name or '—'}{bracketed(listed(files))}" for name, files in by.items())
            }


def _twice(read: Sequence[YearFile]) -> Iterator[str]:
    by: dict[tuple[str, str, str], list[Path]] = defaultdict(list)
    for each in read:
        by[each.content.sector, each.content.unit, each.content.period].append(each.file)
    for (_sector, _unit, period), files in by.items():
        if len(files) > 1:
            yield _("%(period)s appears in several files: %(files)s.") % {"period": period, "files": listed(files)}
    years = [each.file for each in read if each.content.is_year]
    if years and len(years) < len(read):
        yield _("A year workbook covers the whole year and can't be combined with monthly ones: %(files)s.") % {
            "files": listed(years)
        }


def guideline_changes(content: Content) -> str:
    """A year workbook has one figure for the year: no part of it can be told to belong to the later guideline. "" where none changes."""
    if not content.is_year:
        return ""
    parts = guidelines.spans(content.sector, [f"{content.period}-{month:02}" for month in range(1, 13)])
    if len(parts) < 2:
        return ""
    spans = said_apart(f"{months[0]}–{months[-1]} {part.code}" for part, months in parts)
    return _("The accounting guideline changes within %(year)s (%(spans)s): a year workbook can't be parted by it.") % {
        "year": content.period,
        "spans": spans,
    }
