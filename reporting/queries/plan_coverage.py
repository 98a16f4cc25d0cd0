"""Who has a control plan: the units of a year's directory with what became of theirs."""

import datetime as dt

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from registry import access, directory
from registry.law import calendar
from registry.models import DirectoryEntry, Person, Unit
from registry.permissions import Act
from reporting.models import ControlPlan, ControlPlanVersion

NONE, SUBMITTED, ACCEPTED, RETURNED, CHANGE_RETURNED = STATES = (
    "none",
    "submitted",
    "accepted",
    "returned",
    "change_returned",
)

STANDINGS = [
    (NONE, _("nothing submitted")),
    (SUBMITTED, _("at the province")),
    (ACCEPTED, _("accepted")),
    (RETURNED, _("sent back")),
    (CHANGE_RETURNED, _("accepted, a change of it sent back")),
]


def coverage(person: Person) -> QuerySet[DirectoryEntry]:
    """The entries within the person's reach for years that ask for plans, each with `plan`, `standing` and `in_force`.

    `standing` is what the province has: nothing, a version to decide on, an accepted one, one sent back, or an accepted one whose
    change was sent back (`latest` is the change's number). A change that is being written doesn't touch it: drafts are the unit's own
    business.
    """
    plans = ControlPlan.objects.filter(unit=OuterRef("unit"), sector=OuterRef("sector"), year=OuterRef("year"))
    versions = ControlPlanVersion.objects.filter(
        plan__unit=OuterRef("unit"), plan__sector=OuterRef("sector"), plan__year=OuterRef("year")
    )
    latest = versions.order_by("-number")
    rows = (
        directory.ever_listed()
        .filter(_reach(person), year__in=years())
        .annotate(
            plan=Subquery(plans.values("pk")[:1], output_field=IntegerField()),
            draft_state=Subquery(plans.values("state")[:1], output_field=CharField()),
            has_version=Exists(versions),
            in_force=Subquery(
                versions.filter(decision__accepted=True).order_by("-number").values("number")[:1],
                output_field=IntegerField(),
            ),
            handed_in=Subquery(latest.values("submitted_at")[:1]),
            latest=Subquery(latest.values("number")[:1], output_field=IntegerField()),
            latest_accepted=Subquery(latest.values("decision__accepted")[:1], output_field=BooleanField()),
            late=Exists(versions.filter(late=True)),
        )
    )
    return rows.annotate(
        standing=Case(
            When(draft_state=ControlPlan.State.SUBMITTED, then=Value(SUBMITTED)),
            When(in_force__isnull=False, latest_accepted=False, then=Value(CHANGE_RETURNED)),
            When(in_force__isnull=False, then=Value(ACCEPTED)),
            When(has_version=True, then=Value(RETURNED)),
            default=Value(NONE),
            output_field=CharField(),
        )
    ).select_related("unit__authority")


def without_plan(person: Person) -> QuerySet[DirectoryEntry]:
    """The entries within the person's reach for which nobody has begun a plan."""
    begun = ControlPlan.objects.filter(unit=OuterRef("unit"), sector=OuterRef("sector"), year=OuterRef("year"))
    return directory.ever_listed().filter(_reach(person), ~Exists(begun), year__in=years()).order_by("year", "sector")


def _reach(person: Person) -> Q:
    """The person's units; a verifier's those plans only that they may look at."""
    if person.body_id is not None:
        plans = access.scoped(person, Act.VIEW_CONTROL_PLAN, ControlPlan.objects.all())
        same = plans.filter(unit=OuterRef("unit"), sector=OuterRef("sector"), year=OuterRef("year"))
        return Q(Exists(same))
    return Q(unit__in=access.scoped(person, Act.VIEW_UNIT, Unit.objects.all()).values("pk"))


def years() -> list[int]:
    """The years that ask for a plan."""
    return [dated.since.year for dated in calendar.rules()["deadline.control_plan"].values]


def due(year: int, listed_on: dt.date | None = None) -> dt.date | None:
    """The last day for the year's plan, of a unit whose entry was approved on that day."""
    found = calendar.yearly_deadline("control_plan", year)
    return None if found is None else calendar.due_once_listed(found, listed_on)
