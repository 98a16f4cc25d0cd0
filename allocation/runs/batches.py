"""Many runs in one act: a province's sectors, or a country's scopes, each asked for by itself and with an outcome of its own."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from allocation import runs
from allocation.models import Run
from registry import access, directory
from registry.access import acting
from registry.law.calendar import local_day
from registry.models import Authority, Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import Sector, with_quota

__all__ = ["Outcome", "prepare", "prepare_sectors", "scopes"]

Scope = tuple[Authority, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scope: the run that was asked for, or why there is none."""

    authority: Authority
    sector: str
    run: Run | None
    refusal: str = ""


def scopes(year: int, at: dt.datetime, *, authorities: Iterable[Authority], sectors: Iterable[str]) -> list[Scope]:
    """The authorities and sectors with a unit in the year's directory, by the authority's code."""
    known = {authority.pk: authority for authority in authorities}
    found = {
        (authority, sector)
        for sector in sectors
        for authority in directory.allocated(year, sector, local_day(at))
        .order_by()
        .values_list("unit__authority", flat=True)
        if authority in known
    }
    ordered = sorted(found, key=lambda scope: (known[scope[0]].code, Sector.values.index(scope[1])))
    return [(known[authority], sector) for authority, sector in ordered]


def prepare(wanted: Iterable[Scope], year: int, kind: str, *, by: Sequence[Person], at: dt.datetime) -> list[Outcome]:
    """Ask for a run of each scope, by the one of `by` who prepares runs there; a scope that is refused keeps no other from its run."""
    return [_one(authority, sector, year, kind, by, at) for authority, sector in wanted]


@acting(Act.PREPARE_RUN)
def prepare_sectors(authority: Authority, year: int, kind: str, *, by: Person, at: dt.datetime) -> list[Outcome]:
    """Ask for the runs of all sectors of which the authority has units in the year's directory."""
    wanted = scopes(year, at, authorities=[authority], sectors=with_quota())
    if not wanted:
        raise Refusal(_("No unit of yours is in the directory of %(year)s.") % {"year": year})
    return prepare(wanted, year, kind, by=[by], at=at)


def _one(authority: Authority, sector: str, year: int, kind: str, by: Sequence[Person], at: dt.datetime) -> Outcome:
    person = next((one for one in by if _prepares(one, authority)), None)
    if person is None:
        return Outcome(authority, sector, None, _("None of the users named prepares runs of this authority."))
    try:
        return Outcome(authority, sector, runs.prepare(authority, sector, year, kind, by=person, at=at))
    except Refusal as refusal:
        return Outcome(authority, sector, None, str(refusal))


def _prepares(person: Person, authority: Authority) -> bool:
    return access.may(person, Act.PREPARE_RUN) and person.authority_id == authority.pk
