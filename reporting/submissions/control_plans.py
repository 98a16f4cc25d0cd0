"""Control plans: the clerk writes, the unit's approver submits, the province's officer accepts or sends back, parameter by parameter.

open_plan(unit, sector, year, by=…)            the year's plan, made with its presets where there is none
save(plan, content, revision=…, by=…)          the draft as it was typed, faults and all
prepare · submit · accept · send_back          the way through three pairs of hands
revise(plan, valid_from=…, reason=…)           begin a change of an accepted plan, valid from a day
in_force(unit, sector, first, last, at)        the plans that months are read against
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import journal, two_people
from registry.access import acting
from registry.database.locking import OvertakenError
from registry.law import NotInForceError, calendar
from registry.models import Line, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import listed
from registry.values.canonical import canonical, sha256
from reporting import control_plan, notifications
from reporting.content import Content, last_day
from reporting.control_plan import Plan
from reporting.models import ControlPlan, ControlPlanDecision, ControlPlanVersion, Package

__all__ = [
    "accept",
    "copy_last_year",
    "in_force",
    "lines_of",
    "open_plan",
    "prepare",
    "read_before",
    "revise",
    "save",
    "send_back",
    "submit",
]

State = ControlPlan.State


@acting(Act.EDIT_CONTROL_PLAN)
@transaction.atomic
def open_plan(unit: Unit, sector: str, year: int, *, by: Person) -> ControlPlan:  # noqa: ARG001 (`acting` asks who it is)
    """The year's plan; where there is none yet, a draft filled from what the unit's months say."""
    known = ControlPlan.objects.filter(unit=unit, sector=sector, year=year).first()
    if known is not None:
        return known
    _refuse_unasked(unit, sector, year)
    plan = control_plan.preset(
        sector, year, unit.credit_code, lines_of(unit, sector, year), _latest_month(unit, sector)
    )
    first = dt.date(year, 1, 1)
    made, _created = ControlPlan.objects.get_or_create(
        unit=unit, sector=sector, year=year, defaults={"draft": plan.as_json(), "valid_from": first}
    )
    return made


def _refuse_unasked(unit: Unit, sector: str, year: int) -> None:
    """The day of the year's plan is set, and the directory names the unit or it is a member of the sector."""
    try:
        due = calendar.yearly_deadline("control_plan", year)
        control_plan.form_of(sector, year)
    except (NotInForceError, ValueError):
        due = None
    if due is None:
        raise Refusal(_("No control plan is asked for in %(year)s.") % {"year": year})
    if not unit.memberships.filter(sector=sector).exists():
        raise Refusal(_("%(unit)s has no lines in this sector.") % {"unit": unit})


def lines_of(unit: Unit, sector: str, year: int) -> tuple[str, ...]:
    """The codes of the lines that exist on some day of the year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    lines = Line.objects.filter(unit=unit, sector=sector).order_by("code")
    return tuple(line.code for line in lines if line.runs_in(first, last))


def _latest_month(unit: Unit, sector: str) -> Content | None:
    """What the unit said last: of the version that counts, or counted for the year."""
    last = (
        Package.objects.filter(unit=unit, sector=sector, submission__isnull=False)
        .exclude(submission__content="")
        .select_related("submission")
        .order_by("-period")
        .first()
    )
    return None if last is None or last.submission is None else Content.from_json(last.submission.stored_content())


@acting(Act.EDIT_CONTROL_PLAN)
@transaction.atomic
def save(
    plan: ControlPlan,
    content: Plan,
    *,
    revision: int,
    by: Person,  # noqa: ARG001 (`acting` asks who it is)
    valid_from: dt.date | None = None,
    reason: str = "",
) -> ControlPlan:
    """Keep the draft as it was typed. Drafts are the unit's own business: the journal begins when it is prepared."""
    plan = _locked(plan)
    _refuse_closed(plan)
    if revision != plan.revision:
        raise OvertakenError
    first = not plan.versions.filter(decision__accepted=True).exists()
    day = dt.date(plan.year, 1, 1) if first or valid_from is None else valid_from
    if day.year != plan.year:
        raise Refusal(_("A change is valid from a day of %(year)s: choose one.") % {"year": plan.year})
    plan.draft, plan.valid_from, plan.reason = content.as_json(), day, reason.strip()[:400]
    plan.revision += 1
    plan.state = State.RETURNED if plan.state == State.RETURNED else State.DRAFT
    plan.prepared_by = plan.prepared_at = None
    plan.save(update_fields=["draft", "valid_from", "reason", "revision", "state", "prepared_by", "prepared_at"])
    return plan


def copy_last_year(plan: ControlPlan) -> Plan:
    """The accepted plan of the year before for this year's lines, to be saved as the draft."""
    before = (
        ControlPlanVersion.objects.filter(
            plan__unit=plan.unit_id, plan__sector=plan.sector, plan__year=plan.year - 1, decision__accepted=True
        )
        .order_by("-number")
        .first()
    )
    if before is None:
        raise Refusal(_("There is no accepted plan of %(year)s to copy.") % {"year": plan.year - 1})
    return control_plan.carried(before.stated, plan.year, lines_of(plan.unit, plan.sector, plan.year))


@acting(Act.EDIT_CONTROL_PLAN)
@transaction.atomic
def prepare(plan: ControlPlan, *, by: Person, at: dt.datetime) -> ControlPlan:
    """Declare the draft ready; it may have no fault, and is about the lines that the registry knows now."""
    plan = _locked(plan)
    _refuse_closed(plan)
    if plan.state == State.PREPARED:
        raise Refusal(_("The plan is with the unit's approver already."))
    _refuse_other_lines(plan, plan.plan)
    found = control_plan.faults(plan.plan, timezone.localdate(at))
    if found:
        raise Refusal(
            ngettext(
                "%(count)s value of the plan is missing or wrong: correct it first.",
                "%(count)s values of the plan are missing or wrong: correct them first.",
                len(found),
            )
            % {"count": len(found)}
        )
    if plan.versions.filter(decision__accepted=True).exists():
        two_people.reason_of(plan.reason)
    plan.state, plan.prepared_by, plan.prepared_at = State.PREPARED, by, at
    plan.save(update_fields=["state", "prepared_by", "prepared_at"])
    notifications.plan_prepared(plan, at)
    journal.record("control_plan.prepared", plan, by=by, at=at, year=plan.year, sector=plan.sector)
    return plan


@acting(Act.SUBMIT_CONTROL_PLAN)
@transaction.atomic
def submit(plan: ControlPlan, *, declared: str = "", by: Person, at: dt.datetime) -> ControlPlanVersion:
    """A second person of the unit submits the plan; after the year's deadline it is marked late, never refused."""
    plan = _locked(plan)
    if plan.state != State.PREPARED or plan.prepared_by_id is None or plan.prepared_at is None:
        raise Refusal(_("The plan isn't ready to be submitted (any more): look at it again."))
    two_people.refuse_same(by, plan.prepared_by_id)
    _refuse_other_lines(plan, plan.plan)
    content = canonical(plan.draft)
    number = (plan.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    changes = plan.versions.filter(decision__accepted=True).exists()
    due = plan.due
    version = ControlPlanVersion.objects.create(
        plan=plan,
        number=number,
        content=content,
        sha256=sha256(content.encode()),
        valid_from=plan.valid_from,
        reason=plan.reason or ("" if number == 1 else _("corrected as the province asked")),
        late=not changes and due is not None and at > calendar.end_of(due),
        prepared_by_id=plan.prepared_by_id,
        prepared_at=plan.prepared_at,
        submitted_by=by,
        submitted_at=at,
    )
    plan.state = State.SUBMITTED
    plan.save(update_fields=["state"])
    notifications.plan_submitted(plan, version, at)
    facts: dict[str, Any] = {
        "version": number,
        "content": version.sha256,
        "on": version.valid_from.isoformat(),
        "late": version.late,
    }
    facts |= {"year": plan.year, "sector": plan.sector, "declared": declared}
    journal.record("control_plan.submitted", plan, by=by, at=at, papers=[version], **facts)
    return version


@acting(Act.REVIEW_CONTROL_PLAN)
@transaction.atomic
def accept(version: ControlPlanVersion, *, by: Person, at: dt.datetime) -> ControlPlanDecision:
    """The version is in force from its day on."""
    plan = _for_decision(version, by)
    _refuse_other_lines(plan, version.stated)
    decision = _decided(plan, ControlPlanDecision(version=version, accepted=True, by=by, at=at))
    notifications.plan_decided(plan, decision, at)
    facts: dict[str, Any] = {"year": plan.year, "sector": plan.sector, "version": version.number}
    journal.record("control_plan.accepted", plan, by=by, at=at, papers=[decision], **facts)
    return decision


@acting(Act.REVIEW_CONTROL_PLAN)
@transaction.atomic
def send_back(
    version: ControlPlanVersion, *, reason: str, remarks: Mapping[str, str], by: Person, at: dt.datetime
) -> ControlPlanDecision:
    """The unit corrects what the remarks name (by Place.key); a version in force before stays in force."""
    plan = _for_decision(version, by)
    said = {key: text.strip() for key, text in remarks.items() if text.strip()}
    known = {place.key for place in version.stated.entries}
    if not set(said) <= known:
        raise Refusal(_("A remark is about a value that this version doesn't have: look at it again."))
    reason = reason.strip() or (_("see the remarks") if said else "")
    if not reason:
        raise Refusal(_("Say what is to be corrected: a reason, or a remark beside a value."))
    decision = ControlPlanDecision(version=version, accepted=False, reason=reason[:400], remarks=said, by=by, at=at)
    _decided(plan, decision)
    notifications.plan_decided(plan, decision, at)
    facts: dict[str, Any] = {"version": version.number, "reason": decision.reason, "count": len(said)}
    facts |= {"year": plan.year, "sector": plan.sector}
    journal.record("control_plan.returned", plan, by=by, at=at, papers=[decision], **facts)
    return decision


def _refuse_other_lines(plan: ControlPlan, stated: Plan) -> None:
    """A plan is about the lines that the registry knows now."""
    known = lines_of(plan.unit, plan.sector, plan.year)
    if set(stated.lines) != set(known):
        raise Refusal(
            _(
                "The plan is about %(stated)s, and in %(year)s the unit has %(known)s: it has to be opened again, saved "
                "and submitted, so that it covers all of them."
            )
            % {"stated": listed(stated.lines) or _("none"), "year": plan.year, "known": listed(known) or _("none")}
        )


def _for_decision(version: ControlPlanVersion, by: Person) -> ControlPlan:
    plan = _locked(version.plan)
    latest = plan.versions.order_by("-number").first()
    if plan.state != State.SUBMITTED or latest is None or latest.pk != version.pk:
        raise OvertakenError
    two_people.refuse_same(by, version.submitted_by_id, version.prepared_by_id)
    return plan


def _decided(plan: ControlPlan, decision: ControlPlanDecision) -> ControlPlanDecision:
    decision.save(force_insert=True)
    plan.state = State.ACCEPTED if decision.accepted else State.RETURNED
    plan.save(update_fields=["state"])
    return decision


@acting(Act.EDIT_CONTROL_PLAN)
@transaction.atomic
def revise(plan: ControlPlan, *, valid_from: dt.date, reason: str, by: Person, at: dt.datetime) -> ControlPlan:
    """Begin a change in the year: the draft is the accepted plan, to be changed; that one stays in force until the new one is accepted."""
    plan = _locked(plan)
    if plan.state != State.ACCEPTED:
        raise Refusal(
            _(
                "Only an accepted plan is changed by a new version: this one can simply be edited, or is at the province."
            )
        )
    if valid_from.year != plan.year:
        raise Refusal(_("A change is valid from a day of %(year)s: choose one.") % {"year": plan.year})
    plan.state, plan.valid_from, plan.reason = State.DRAFT, valid_from, two_people.reason_of(reason)[:400]
    plan.revision += 1
    plan.prepared_by = plan.prepared_at = None
    plan.save(update_fields=["state", "valid_from", "reason", "revision", "prepared_by", "prepared_at"])
    facts: dict[str, Any] = {"on": valid_from.isoformat(), "reason": plan.reason}
    journal.record("control_plan.revised", plan, by=by, at=at, year=plan.year, sector=plan.sector, **facts)
    return plan


def in_force(unit: int, sector: str, first: dt.date, last: dt.date, at: dt.datetime) -> tuple[Plan, ...]:
    """The plans in force on some day from `first` to `last`, as far as the province had accepted them at the instant; one query.

    Of versions valid from the same day the latest counts. A version is in force until the next one's day.
    """
    versions = ControlPlanVersion.objects.filter(
        plan__unit=unit, plan__sector=sector, plan__year=first.year, decision__accepted=True, decision__at__lte=at
    ).order_by("number")
    began: dict[dt.date, ControlPlanVersion] = {}
    for version in versions:
        # A later version takes the place of those that would have begun after it.
        began = {day: earlier for day, earlier in began.items() if day < version.valid_from} | {
            version.valid_from: version
        }
    days = sorted(began)
    ends = [day - dt.timedelta(days=1) for day in days[1:]]
    spans = [
        (day, until) for day, until in zip_longest(days, ends) if day <= last and (until is None or until >= first)
    ]
    return tuple(replace(began[day].stated, version=began[day].number, since=day, until=until) for day, until in spans)


def read_before(plan: ControlPlan, since: dt.date) -> list[str]:
    """The months from the day of a change on that were handed in already: they were read against the version before, and stay as they are.

    None for a year's first plan. Two queries.
    """
    if not plan.versions.filter(decision__accepted=True).exists():
        return []
    handed_in = Package.objects.filter(
        unit=plan.unit_id,
        sector=plan.sector,
        year=plan.year,
        state__in=[Package.State.SUBMITTED, Package.State.ACCEPTED],
    )
    periods = handed_in.order_by("period").values_list("period", flat=True)
    return [period for period in periods if last_day(period) >= since]


def _refuse_closed(plan: ControlPlan) -> None:
    if plan.state == State.SUBMITTED:
        raise Refusal(_("The plan is at the province: it can be changed once it is sent back or accepted."))
    if plan.state == State.ACCEPTED:
        raise Refusal(_("The plan is accepted: begin a change that is valid from a day."))


def _locked(plan: ControlPlan) -> ControlPlan:
    """The plan, locked; its unit never changes, and whoever asks has it at hand."""
    locked = ControlPlan.objects.select_for_update().get(pk=plan.pk)
    locked.unit = plan.unit
    return locked
