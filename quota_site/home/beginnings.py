"""What comes first in a system that is still empty: the steps that are missing, who takes each, and the reader's own as the current one.

Asked on every home; a system under way costs it one query, which finds an accepted month or a directory.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.directory import many
from registry.models import DirectoryEntry, Person, SeatChange, Unit
from registry.permissions.roles import MINISTRY_ROLES, PROVINCIAL_ROLES, UNIT_ROLES, Role
from reporting.models import AnnualReport, Package, Verification

__all__ = ["First", "first_steps"]

_State = DirectoryEntry.State


@dataclass(frozen=True, slots=True)
class First:
    """One step as templates/home/beginnings.html shows it: who takes it, and where, if that is the reader."""

    label: str
    done: bool
    who: str
    url: str = ""
    action: str = ""
    note: str = ""


def first_steps(person: Person, day: dt.date) -> list[First]:
    """The steps up to the first accepted month within the person's reach; none once there is one, or the role has no part in it."""
    if person.role == Role.VERIFIER:
        return list(_of_body(person))
    if Package.objects.filter(state=Package.State.ACCEPTED, **_reach(person)).exists():
        return []
    if person.role in UNIT_ROLES:
        return list(_of_unit(person, day))
    if person.role in PROVINCIAL_ROLES:
        return list(_of_province(person, day))
    return list(_of_country(person))


def _reach(person: Person) -> dict[str, int]:
    if person.unit_id is not None:
        return {"unit": person.unit_id}
    return {"unit__authority": person.authority_id} if person.authority_id is not None else {}


def _said(role: Role) -> str:
    return str(role.label)


def _of_body(person: Person) -> Iterator[First]:
    """A body has nothing to do until a province assigns it a filed report."""
    if Verification.objects.filter(body=person.body_id).exists():
        return
    yield First(_("An annual report filed by a unit"), AnnualReport.objects.exists(), _said(Role.UNIT_APPROVER))
    yield First(_("Its verification assigned to your body"), False, _said(Role.PROVINCIAL_OFFICER))


def _of_country(person: Person) -> Iterator[First]:
    """For those who see all: people of the provinces, units, directory, months."""
    analyst, officer = person.role == Role.MINISTRY_ANALYST, _said(Role.PROVINCIAL_OFFICER)
    ministry = person.role in MINISTRY_ROLES
    people = Person.objects.filter(is_active=True)
    provinces = (
        people.filter(role=Role.PROVINCIAL_OFFICER).exists() and people.filter(role=Role.PROVINCIAL_APPROVER).exists()
    )
    yield First(
        _("An officer and an approver of each province, the registrar's two, an auditor"),
        provinces,
        _("%(first)s proposes, %(second)s approves")
        % {"first": _said(Role.MINISTRY_ANALYST), "second": _said(Role.MINISTRY_APPROVER)},
        reverse("registry:people") if ministry else "",
        _("People"),
    )
    yield First(
        _("Units and their lines"),
        Unit.objects.exists(),
        officer,
        reverse("registry:units_upload") if analyst else "",
        _("Enter units from a table"),
    )
    listed = DirectoryEntry.objects.filter(state=_State.LISTED).exists()
    yield First(_("The directory of the year"), listed, officer)
    yield First(_("The first month submitted and accepted"), False, _said(Role.UNIT_CLERK))


def _of_province(person: Person, day: dt.date) -> Iterator[First]:
    officer, year = person.role == Role.PROVINCIAL_OFFICER, day.year
    own = Unit.objects.filter(authority=person.authority_id)
    units = own.count()
    two = _("%(first)s proposes, %(second)s approves") % {
        "first": _said(Role.PROVINCIAL_OFFICER),
        "second": _said(Role.PROVINCIAL_APPROVER),
    }
    yield First(
        _("Units and their lines"),
        bool(units),
        _said(Role.PROVINCIAL_OFFICER),
        reverse("registry:units_upload") if officer else "",
        _("Enter units from a table"),
    )
    yield _directory(person, year, two, officer=officer, units=units)
    seated = Person.objects.filter(unit=OuterRef("pk"), is_active=True)
    bare = own.exclude(Exists(seated.filter(role=Role.UNIT_CLERK)), Exists(seated.filter(role=Role.UNIT_APPROVER)))
    left = bare.count() if units else 0
    waiting = SeatChange.objects.filter(state=SeatChange.State.PROPOSED, unit__authority=person.authority_id).exists()
    lacking = ngettext(
        "%(count)d unit lacks a clerk or an approver", "%(count)d units lack a clerk or an approver", left
    )
    yield First(
        _("A clerk and an approver of each unit"),
        bool(units) and not left,
        two,
        reverse("registry:people") if units and (officer or waiting) else "",
        _("People"),
        lacking % {"count": left} if left else "",
    )
    yield First(_("The first month submitted and accepted"), False, _said(Role.UNIT_CLERK))


def _directory(person: Person, year: int, two: str, *, officer: bool, units: int) -> First:
    """The year's directory: how many units are still to be listed, and how many proposals wait."""
    own = DirectoryEntry.objects.filter(unit__authority=person.authority_id, year=year)
    missing = many.to_be_listed(year).filter(unit__authority=person.authority_id).values("unit").distinct().count()
    proposed = own.filter(state=_State.PROPOSED).count()
    note = ""
    if missing and units:
        said = ngettext(
            "No complete directory for %(year)d yet: %(count)d unit to be listed",
            "No complete directory for %(year)d yet: %(count)d units to be listed",
            missing,
        )
        note = said % {"year": year, "count": missing}
    elif proposed:
        note = _("%(count)d entries await approval") % {"count": proposed}
    url, action = "", ""
    if officer and missing:
        url, action = reverse("registry:directory_propose_many"), _("Propose several")
    elif not officer and proposed:
        url, action = reverse("registry:directory_approve_many"), _("Approve several")
    done = bool(units) and not missing and not proposed
    return First(_("The directory of %(year)d") % {"year": year}, done, two, url, action, note)


def _of_unit(person: Person, day: dt.date) -> Iterator[First]:
    listed = DirectoryEntry.objects.filter(unit=person.unit_id, year=day.year, state__in=[_State.LISTED, _State.LEFT])
    people = set(Person.objects.filter(unit=person.unit_id, is_active=True).values_list("role", flat=True))
    yield First(
        _("Your unit is in the directory of %(year)d") % {"year": day.year},
        listed.exists(),
        _("the provincial authority"),
    )
    yield First(_("A clerk and an approver of your unit"), set(UNIT_ROLES) <= people, _("the provincial authority"))
    clerk = person.role == Role.UNIT_CLERK
    yield First(
        _("The first month submitted and accepted"),
        False,
        _said(Role.UNIT_CLERK),
        reverse("reporting:packages") if clerk else "",
        _("Monthly packages"),
    )
