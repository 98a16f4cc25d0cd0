"""The summary as it is printed: tables for a terminal, in which Chinese signs take two columns."""

import unicodedata
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from quota_site.demo.running.people import PASSWORD
from quota_site.demo.summary import Summary
from registry.permissions.roles import Role
from registry.values.figures import percent, tonnes
from registry.values.sectors import Sector


def lines(summary: Summary) -> Iterator[str]:
    """The country in figures, then the logins."""
    yield _(
        "%(units)s units in %(authorities)s authorities, built in %(seconds)s s: %(packages)s packages in %(versions)s "
        "versions, %(entries)s journal entries."
    ) % {
        "units": tonnes(summary.units),
        "authorities": summary.authorities,
        "seconds": f"{summary.seconds:.0f}",
        "packages": tonnes(summary.packages),
        "versions": tonnes(summary.versions),
        "entries": tonnes(summary.journal_entries),
    }
    yield _("Its content, the same for every build with this seed: sha256 %(digest)s") % {"digest": summary.digest}
    yield ""
    yield from _sectors(summary)
    yield ""
    yield from _years(summary)
    yield ""
    yield from _logins(summary)


def _sectors(summary: Summary) -> Iterator[str]:
    header = [_("2025"), _("Units"), _("Lines"), _("Balance value"), _("Verified emissions, t"), _("Quota, t")]
    rows = [
        [
            str(Sector(row.sector).label),
            tonnes(row.units),
            tonnes(row.lines),
            row.balance_value,
            tonnes(row.emissions),
            tonnes(row.quota),
        ]
        for row in summary.sectors
    ]
    yield from table([header, *rows], figures_from=1)
    for row in summary.sectors:
        if said := " ".join(row.not_in_quota.sentences()):
            yield _("%(sector)s: %(sentences)s") % {"sector": Sector(row.sector).label, "sentences": said}


def _years(summary: Summary) -> Iterator[str]:
    header = [
        _("Surrender for"),
        _("Units due"),
        _("Complete"),
        _("By units"),
        _("Tonnes due"),
        _("Surrendered"),
        _("By tonnes"),
    ]
    rows = [
        [
            str(row.year),
            tonnes(row.units),
            tonnes(row.complete),
            percent(row.unit_rate),
            tonnes(row.due),
            tonnes(row.surrendered),
            percent(row.tonne_rate),
        ]
        for row in summary.years
    ]
    yield from table([header, *rows], figures_from=1)


def _logins(summary: Summary) -> Iterator[str]:
    yield _("Password of all users: %(password)s") % {"password": PASSWORD}
    header = [_("Role"), _("User name"), _("What there is to see")]
    rows = [[str(Role(login.role).label), login.username, str(login.shows)] for login in summary.logins]
    yield from table([header, *rows], figures_from=len(header))


def table(rows: Sequence[Sequence[str]], figures_from: int) -> Iterator[str]:
    """Rows in columns, those from `figures_from` on to the right; the first row is underlined."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = [_filled(cell, widths[place], to_the_right=place >= figures_from) for place, cell in enumerate(row)]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("─" * column for column in widths)


def width(text: str) -> int:
    """Columns that the text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _filled(text: str, columns: int, *, to_the_right: bool) -> str:
    space = " " * (columns - width(text))
    return space + text if to_the_right else text + space
