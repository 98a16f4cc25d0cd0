"""How things stand, for each role, in a handful of queries."""

import datetime as dt
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from allocation import queries as allocation_queries
from allocation.models import Account, Holding, Letter, SurrenderRequest
from allocation.queries import quota_years
from allocation.web.filters import MISSING
from quota_site.home import sector_standings
from quota_site.home.year import steps
from registry import access
from registry.law import calendar
from registry.models import Authority, JournalEntry, JournalHead, Person, Unit
from registry.permissions import Act
from reporting import queries as reporting_queries
from reporting.models import Verification
from reporting.models.verification import AT_WORK, OPEN
from reporting.queries import month_board

LATEST = 8
MOST_PROVINCES = 12
LAST_MONTHS = 6


def unit(person: Person, day: dt.date) -> dict[str, Any]:
    """The enterprise's own year: where each sector stands on the way to the certificate, and the tonnes."""
    year = calendar.compliance_year(day)
    if person.unit is None:
        return {}
    quota = {one.year: one for one in quota_years.of_unit(person.unit, day)}
    sectors = person.unit.memberships.order_by("sector").values_list("sector", flat=True)
    boards = [reporting_queries.sector_year(person.unit, sector, year, day) for sector in sectors]
    return {
        # A duty that is overdue is the most pressing of all, and doesn't leave the home with its year.
        "quotas": [one for one in (_still_owed(quota.get(year - 1)), quota.get(year)) if one],
        "ways": [(board.sector.label, steps(board, quota.get(year), day)) for board in boards],
        "unit": person.unit,
        "running": day.year,
    }


def _still_owed(before: quota_years.QuotaYear | None) -> quota_years.QuotaYear | None:
    return before if before and before.standing and before.standing.missing else None


def verifier(person: Person, _day: dt.date) -> dict[str, Any]:
    """The verifications of the person's body that are not approved yet, and how many there were."""
    rows = access.scoped(person, Act.VIEW_VERIFICATION, reporting_queries.verifications())
    rows = rows.filter(state__in=OPEN)
    states = Counter(
        access.scoped(person, Act.VIEW_VERIFICATION, Verification.objects.all()).values_list("state", flat=True)
    )
    return {
        "verifications": rows.order_by("year", "pk")[:LATEST],
        "assigned": sum(states[state] for state in AT_WORK),
        "concluded": states[Verification.State.CONCLUDED],
        "approved": states[Verification.State.APPROVED],
    }


def province(person: Person, day: dt.date) -> dict[str, Any]:
    """The authority's units: months in, results in, runs, and how the year's duty is met."""
    year = calendar.compliance_year(day)
    return {
        "sectors": sector_standings.of(year, day, person.authority_id),
        "months": month_board.accepted_of_asked(Unit.objects.filter(authority=person.authority_id), day, LAST_MONTHS),
        "board": allocation_queries.totals(person, year, day),
        "behind": allocation_queries.behind(person, year - 1, day),
    }


def registrar(_person: Person, _day: dt.date) -> dict[str, Any]:
    """Where every tonne of every vintage lies."""
    return {
        "vintages": _vintages(),
        "letters": Letter.objects.filter(state=Letter.State.SENT).select_related("authority").order_by("pk")[:LATEST],
        "requests": SurrenderRequest.objects.filter(state=SurrenderRequest.State.APPROVED).count(),
        "frozen": Account.objects.filter(frozen=True).select_related("unit", "authority"),
    }


def ministry(person: Person, day: dt.date) -> dict[str, Any]:
    """The country by sector: results, balance value, quota against emissions; and compliance by province."""
    year = calendar.compliance_year(day)
    board = allocation_queries.totals(person, year, day)
    missing = [(_incomplete(year, authority), rate.due - rate.surrendered) for authority, rate in board.by_authority]
    return {
        "sectors": sector_standings.of(year, day),
        "board": board,
        "behind": allocation_queries.behind(person, year - 1, day),
        "missing": sorted(missing, key=lambda row: -row[1])[:MOST_PROVINCES],
    }


def _incomplete(year: int, authority: Authority) -> SafeString:
    """The province's name, leading to its units that aren't complete."""
    narrowed = urlencode({"year": year, "authority": authority.pk, "state": MISSING})
    return format_html('<a href="{}?{}#units">{}</a>', reverse("allocation:compliance"), narrowed, authority)


def auditor(person: Person, day: dt.date) -> dict[str, Any]:
    """What was recorded last, where the tonnes lie, and how duties are met."""
    year = calendar.compliance_year(day)
    return {
        "head": JournalHead.objects.get(pk=1),
        "latest": JournalEntry.objects.select_related("actor", "unit")[:LATEST],
        "vintages": _vintages(),
        "board": allocation_queries.totals(person, year, day),
        "behind": allocation_queries.behind(person, year - 1, day),
    }


def _vintages() -> list[dict[str, Any]]:
    """Tonnes by vintage: created; of it with provinces, withheld for units, with units, retired; and what is reserved for requests."""
    kinds = Account.Kind

    def of(kind: str, what: str = "amount") -> Sum:
        return Sum(what, filter=Q(account__kind=kind), default=0)

    rows = (
        Holding.objects.order_by()
        .values("vintage")
        .annotate(
            source=of(kinds.SOURCE),
            provinces=of(kinds.PROVINCE),
            withheld=of(kinds.WITHHELD),
            units=of(kinds.UNIT),
            reserved=Sum("reserved", default=0),
            retired=of(kinds.RETIRED),
        )
    )
    return [{**row, "created": -row["source"]} for row in rows.order_by("-vintage")]
