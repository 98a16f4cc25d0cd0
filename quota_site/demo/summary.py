"""What was built, counted from the database, and how to get in."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Sum

from allocation.models import (
    Account,
    Award,
    BalanceValue,
    Certificate,
    Holding,
    Notice,
    Run,
    Settlement,
    SurrenderRequest,
)
from allocation.queries import quota_gap
from allocation.queries.quota_gap import NotInQuota
from allocation.scope import runs_in_force
from quota_site.demo.invented.country import Country
from quota_site.demo.invented.sectors import SECTORS
from quota_site.demo.running.people import Login, logins
from registry.models import JournalEntry, Line, SectorMembership
from registry.values.canonical import digest
from reporting.models import Package, Submission, VerifiedResult


@dataclass(frozen=True, slots=True)
class SectorFigures:
    """A sector in 2025: tonnes of verified emissions, quota determined, the balance value as text ("" if none), and what of the
    emissions the quota does not answer to."""

    sector: str
    units: int
    lines: int
    emissions: int
    quota: int
    balance_value: str
    not_in_quota: NotInQuota


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A year's duties: units with a notice, how many of them have their certificate, tonnes due and surrendered."""

    year: int
    units: int
    complete: int
    due: int
    surrendered: int

    @property
    def unit_rate(self) -> Fraction:
        return Fraction(self.complete, self.units)

    @property
    def tonne_rate(self) -> Fraction:
        return Fraction(self.surrendered, self.due)


@dataclass(frozen=True, slots=True)
class Summary:
    """The country in figures."""

    scale: str
    authorities: int
    units: int
    sectors: tuple[SectorFigures, ...]
    years: tuple[YearFigures, ...]
    packages: int
    versions: int
    journal_entries: int
    frozen_accounts: int
    digest: str
    seconds: float
    logins: tuple[Login, ...]


def summarise(country: Country, at: dt.datetime, seconds: float) -> Summary:
    """Count what the database holds; `at` is the country's present."""
    return Summary(
        scale=country.scale.name,
        authorities=len(country.scale.authorities),
        units=len(country.units),
        sectors=tuple(_sectors(2025, at)),
        years=tuple(_years()),
        packages=Package.objects.count(),
        versions=Submission.objects.count(),
        journal_entries=JournalEntry.objects.count(),
        frozen_accounts=Account.objects.filter(frozen=True).count(),
        digest=content_digest(),
        seconds=seconds,
        logins=tuple(logins(country)),
    )


def _sectors(year: int, at: dt.datetime) -> Iterator[SectorFigures]:
    values = {row.sector: row for row in BalanceValue.objects.filter(year=year, state=BalanceValue.State.PUBLISHED)}
    runs = runs_in_force.runs().filter(year=year, kind=Run.Kind.DETERMINATION)
    determined = Settlement.objects.filter(run__in=runs)
    gaps = quota_gap.of(SECTORS, year, at)
    for sector in SECTORS:
        results = VerifiedResult.objects.filter(sector=sector, year=year, superseded_by=None)
        value = values.get(sector)
        yield SectorFigures(
            sector=sector,
            units=SectorMembership.objects.filter(sector=sector).count(),
            lines=Line.objects.filter(sector=sector).count(),
            emissions=results.aggregate(sum=Sum("emissions", default=0))["sum"],
            quota=determined.filter(run__sector=sector).aggregate(sum=Sum("determined", default=0))["sum"],
            balance_value="" if value is None else f"{value.decimal:f}",
            not_in_quota=gaps[sector],
        )


def _years() -> Iterator[YearFigures]:
    duties = Notice.objects.values("year").annotate(units=Count("pk"), tonnes=Sum("due")).order_by("year")
    executed = SurrenderRequest.objects.filter(state=SurrenderRequest.State.EXECUTED)
    for row in duties:
        yield YearFigures(
            year=row["year"],
            units=row["units"],
            complete=Certificate.objects.filter(year=row["year"]).count(),
            due=row["tonnes"],
            surrendered=executed.filter(year=row["year"]).aggregate(sum=Sum("total", default=0))["sum"],
        )


def content_digest() -> str:
    """sha256 of what the country comes to, whoever built it in whatever order: no keys, no journal, no real time."""
    line = ("unit__credit_code", "line__code")
    said = {
        "versions": Submission.objects.values_list(
            "package__unit__credit_code", "package__sector", "package__period", "version", "content_sha256"
        ),
        "results": VerifiedResult.objects.values_list(*line, "sector", "year", "version", "emissions"),
        "values": BalanceValue.objects.values_list("sector", "year", "state", "exact"),
        "awards": Award.objects.values_list(
            *line, "run__sector", "run__year", "run__kind", "run__state", "quota", "due", "coefficient"
        ),
        "holdings": Holding.objects.values_list(
            "account__kind", "account__unit__credit_code", "account__authority__code", "vintage", "amount", "reserved"
        ),
        "surrenders": SurrenderRequest.objects.values_list("unit__credit_code", "year", "state", "total"),
    }
    return digest({name: sorted(map(_texts, rows)) for name, rows in said.items()})


def _texts(row: Iterable[object]) -> list[str]:
    return ["" if value is None else str(value) for value in row]
